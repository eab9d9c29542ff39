/* tmpl_names.c - every name that a template uses, and where. */
#include "base/tmpl.h"

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/tmpl_node.h"

#define PATH_BYTES_MAX (TMPL_WALK_DEPTH_MAX * (TMPL_NAME_BYTES_MAX + 2))

struct names_source {
	bool		(*each)(void *, const struct tmpl_name_used *);
	void		*arg;
	struct str	 path;
};

static void tell(struct walk *w, const struct node *n, enum tmpl_use use)
{
	struct names_source *s = w->data;
	const struct tmpl_name_used used = {
		.use = use,
		.name = n->text,
		.path = { .at = s->path.at, .len = s->path.len },
		.template = w->tmpl->name,
		.line = (int)n->line,
		.column = (int)n->column,
	};

	if (!s->each(s->arg, &used))
		w->failed = true;
}

static void names_text(struct walk *w, struct view text)
{
	(void)w;
	(void)text;
}

static void names_value(struct walk *w, const struct node *n)
{
	tell(w, n, n->kind == NODE_RAW ? TMPL_USE_RAW : TMPL_USE_VALUE);
}

static bool names_enter(struct walk *w, const struct node *n)
{
	struct names_source *s = w->data;
	const bool inverted = n->kind == NODE_INVERTED;

	tell(w, n, inverted ? TMPL_USE_INVERTED : TMPL_USE_SECTION);
	if (s->path.len > 0)
		str_putc(&s->path, '/');
	if (inverted)
		str_putc(&s->path, '^');
	str_putn(&s->path, n->text.at, n->text.len);
	return true;
}

static bool names_again(struct walk *w, const struct node *n)
{
	struct names_source *s = w->data;
	size_t len = s->path.len - n->text.len;

	if (n->kind == NODE_INVERTED)
		len--;
	if (len > 0)
		len--;			/* the slash */
	s->path.len = len;
	s->path.at[len] = '\0';
	return false;
}

static bool names_dynamic(struct walk *w, const struct node *n, struct view *name)
{
	(void)w;
	(void)n;
	(void)name;
	return false;
}

static void names_seen(struct walk *w, const struct node *n)
{
	if (n->kind == NODE_BLOCK)
		tell(w, n, TMPL_USE_BLOCK);
	else if (n->dynamic)
		tell(w, n, TMPL_USE_DYNAMIC);
	else
		tell(w, n, n->kind == NODE_PARTIAL ? TMPL_USE_PARTIAL : TMPL_USE_PARENT);
}

bool tmpl_names(const struct tmpl *t, const struct tmpl_partials *partials,
    bool (*each)(void *arg, const struct tmpl_name_used *), void *arg, struct err *err)
{
	static const struct walk_source source = {
		.text = names_text,
		.value = names_value,
		.enter = names_enter,
		.again = names_again,
		.dynamic = names_dynamic,
		.seen = names_seen,
	};
	struct names_source s = { .each = each, .arg = arg };
	struct walk w = {
		.source = &source,
		.data = &s,
		.partials = partials,
		.reuse = WALK_REUSE_SKIPPED,
		.err = err,
	};
	bool ok;

	str_init(&s.path, NULL, PATH_BYTES_MAX);
	ok = walk_run(&w, t);
	str_release(&s.path);
	return ok;
}
