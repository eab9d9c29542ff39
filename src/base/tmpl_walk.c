/* tmpl_walk.c - partials, inheritance, indentation: what is the same for
 * every source of data.  See tmpl_node.h.
 */
#include "base/tmpl_node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static void walk_range(struct walk *, const struct tmpl *, uint32_t from, uint32_t to);

void walk_fail(struct walk *w, const struct node *n, const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	w->failed = true;
	if (n != NULL && n->line > 0)
		err_set(w->err, ERR_INPUT, "%s:%u:%u: %s", w->tmpl->name, n->line, n->column, text);
	else
		err_set(w->err, ERR_INPUT, "%s: %s", w->tmpl->name, text);
}

/* --- indentation ------------------------------------------------------------ */

/* Writes what is still missing of this line's indentation. */
static void indent_put(struct walk *w)
{
	const size_t len = w->indent.len - w->indent_from;
	const size_t done = w->indent_done < len ? w->indent_done : len;

	w->indent_done = 0;
	if (len > done)
		w->source->text(w, (struct view){
		    .at = w->indent.at + w->indent_from + done, .len = len - done });
}

static void indent_push(struct walk *w, const struct node *n)
{
	str_putn(&w->indent, n->indent.at, n->indent.len);
	if (!str_ok(&w->indent))
		walk_fail(w, n, "the indentation grows beyond %d bytes", WALK_INDENT_BYTES_MAX);
}

static void indent_cut(struct walk *w, size_t len)
{
	w->indent.len = len;
	w->indent.at[len] = '\0';
}

static void line_walk(struct walk *w, const struct node *n)
{
	indent_put(w);
	if (n->indent.len > 0)
		w->source->text(w, n->indent);
}

/* --- partials and parents ---------------------------------------------------- */

static bool is_open(const struct walk *w, const struct tmpl *t)
{
	for (unsigned i = 0; i < w->open_count; i++)
		if (w->open[i] == t)
			return true;
	return false;
}

/* The template that a partial or parent tag brings, or NULL: nothing shows. */
static const struct tmpl *partial_find(struct walk *w, const struct node *n)
{
	const struct tmpl *t = NULL;
	struct view name = n->text;

	if (n->dynamic && !w->source->dynamic(w, n, &name))
		return NULL;
	if (w->partials != NULL)
		t = w->partials->find(w->partials->arg, name, w->err);
	if (err_is_set(w->err)) {
		w->failed = true;
		return NULL;
	}
	if (t == NULL) {
		if (w->partials_must_exist)
			walk_fail(w, n, "there is no partial '%.*s'", (int)name.len, name.at);
		return NULL;
	}
	if (t->kind != w->tmpl->kind) {
		walk_fail(w, n, "partial '%.*s' is escaped for another kind of text",
		    (int)name.len, name.at);
		return NULL;
	}
	if (w->reuse != WALK_REUSE_ALLOWED && is_open(w, t)) {
		if (w->reuse == WALK_REUSE_REFUSED)
			walk_fail(w, n, "partial '%.*s' uses itself; write a section over a list",
			    (int)name.len, name.at);
		return NULL;
	}
	if (w->open_count == TMPL_PARTIAL_DEPTH_MAX) {
		walk_fail(w, n, "partial '%.*s' lies more than %d partials deep; does it end?",
		    (int)name.len, name.at, TMPL_PARTIAL_DEPTH_MAX);
		return NULL;
	}
	return t;
}

/* A partial within a line is put in as it is; one alone on its line has each
 * of its lines indented. */
static void partial_walk(struct walk *w, const struct node *n)
{
	const size_t from = w->indent_from, len = w->indent.len;
	const struct tmpl *t;

	if (w->source->seen != NULL)
		w->source->seen(w, n);
	t = partial_find(w, n);
	if (t == NULL)
		return;
	if (n->kind == NODE_PARENT)
		w->frames[w->frame_count++] = (struct walk_frame){ .tmpl = w->tmpl, .parent = n };
	if (n->alone)
		indent_push(w, n);
	else
		w->indent_from = len;
	w->open[w->open_count++] = t;
	walk_range(w, t, 0, t->count);
	w->open_count--;
	w->indent_from = from;
	indent_cut(w, len);
	if (n->kind == NODE_PARENT)
		w->frame_count--;
}

/* --- blocks ------------------------------------------------------------------ */

struct content {
	const struct tmpl	*tmpl;
	const struct node	*block;
	unsigned		 frame_count;	/* that the content may see */
};

static const struct node *frame_find(struct walk *w, const struct walk_frame *f, struct view name)
{
	const struct node *nodes = f->tmpl->nodes;

	for (uint32_t i = (uint32_t)(f->parent - nodes) + 1; i < f->parent->next;
	    i = nodes[i].next) {
		w->steps++;
		if (nodes[i].kind == NODE_BLOCK && nodes[i].text.len == name.len &&
		    memcmp(nodes[i].text.at, name.at, name.len) == 0)
			return &nodes[i];
	}
	return NULL;
}

/* The outermost parent tag that gives this block wins.  What it gives was
 * written outside that parent, so only parents further out fill its blocks. */
static struct content content_find(struct walk *w, const struct node *n)
{
	for (unsigned i = 0; i < w->frame_count; i++) {
		const struct node *given = frame_find(w, &w->frames[i], n->text);

		if (given != NULL)
			return (struct content){ .tmpl = w->frames[i].tmpl, .block = given,
			    .frame_count = i };
	}
	return (struct content){ .tmpl = w->tmpl, .block = n, .frame_count = w->frame_count };
}

static void block_walk(struct walk *w, const struct node *n)
{
	const unsigned frame_count = w->frame_count;
	const size_t len = w->indent.len;
	struct content c;
	uint32_t first;

	if (w->source->seen != NULL)
		w->source->seen(w, n);
	c = content_find(w, n);
	first = (uint32_t)(c.block - c.tmpl->nodes) + 1;
	if (first == c.block->next)
		return;
	indent_push(w, n);
	if (n->alone && !c.block->fresh)
		indent_put(w);
	else if (!n->alone && c.block->fresh)
		w->indent_done = w->indent.len - w->indent_from;
	w->frame_count = c.frame_count;
	walk_range(w, c.tmpl, first, c.block->next);
	w->frame_count = frame_count;
	w->indent_done = 0;
	indent_cut(w, len);
}

/* --- the walk ---------------------------------------------------------------- */

static void section_walk(struct walk *w, const struct node *n)
{
	const uint32_t first = (uint32_t)(n - w->tmpl->nodes) + 1;

	if (!w->source->enter(w, n))
		return;
	do {
		walk_range(w, w->tmpl, first, n->next);
	} while (!w->failed && w->source->again(w, n));
}

static void node_walk(struct walk *w, const struct node *n)
{
	switch ((enum node_kind)n->kind) {
	case NODE_NONE:
		break;
	case NODE_LINE:
		line_walk(w, n);
		break;
	case NODE_TEXT:
		w->source->text(w, n->text);
		break;
	case NODE_VALUE:
	case NODE_RAW:
		w->source->value(w, n);
		break;
	case NODE_SECTION:
	case NODE_INVERTED:
		section_walk(w, n);
		break;
	case NODE_PARTIAL:
	case NODE_PARENT:
		partial_walk(w, n);
		break;
	case NODE_BLOCK:
		block_walk(w, n);
		break;
	}
}

static void walk_range(struct walk *w, const struct tmpl *t, uint32_t from, uint32_t to)
{
	const struct tmpl *before = w->tmpl;

	w->tmpl = t;
	if (++w->depth > TMPL_WALK_DEPTH_MAX)
		walk_fail(w, NULL, "sections and partials lie more than %d deep; do they end?",
		    TMPL_WALK_DEPTH_MAX);
	for (uint32_t i = from; i < to && !w->failed; i = t->nodes[i].next) {
		if (++w->steps > TMPL_WALK_STEPS_MAX)
			walk_fail(w, &t->nodes[i], "more than %d steps; do its partials end?",
			    TMPL_WALK_STEPS_MAX);
		else
			node_walk(w, &t->nodes[i]);
	}
	w->depth--;
	w->tmpl = before;
}

bool walk_run(struct walk *w, const struct tmpl *t)
{
	struct err own = { 0 };

	if (w->err == NULL)
		w->err = &own;
	if (err_is_set(w->err))
		return false;		/* the first one wins */
	str_init(&w->indent, NULL, WALK_INDENT_BYTES_MAX);
	w->tmpl = t;
	w->open[w->open_count++] = t;
	walk_range(w, t, 0, t->count);
	str_release(&w->indent);
	return !w->failed;
}
