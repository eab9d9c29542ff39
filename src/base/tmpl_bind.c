/* tmpl_bind.c - names become offsets: once, when a template is loaded.
 *
 * The walk unfolds partials and inheritance; what is left is a flat list of
 * steps for tmpl_render.c.  The sections that are open at a place are known
 * here, so that each name is found, or refused, now.
 */
#include "base/tmpl_bound.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define STEPS_FIRST 64
#define TEXT_BYTES_MAX (16 * 1024 * 1024)
#define NEAR_BYTES_MAX 64	/* longer names get no hint */
#define NEAR_EDITS_MAX 3

/* One open section: where its names lie. */
struct scope {
	const struct tmpl_layout	*layout;	/* NULL: only `dot` */
	struct tmpl_field		 dot;		/* what {{.}} is; no name: nothing */
	uint32_t			 base;		/* added to every offset */
	uint8_t				 level;		/* of lists */
	uint32_t			 step;		/* to be given its jump at the end */
	bool				 steps;		/* there is one */
};

struct place {			/* where a name was found */
	const struct tmpl_field	*field;
	uint32_t		 offset;
	uint8_t			 level;
};

struct bind_source {
	struct tmpl_bound	*bound;
	uint32_t		 room;
	struct str		 text;
	size_t			 text_from;	/* not yet in a step */
	struct scope		 scopes[TMPL_WALK_DEPTH_MAX + 2];
	unsigned		 count;
	uint8_t			 list_depth;	/* of the lists that are open */
};

/* --- names ---------------------------------------------------------------------- */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance (1966), insertions, deletions and changes at 1 each. */
static size_t edits(struct view a, struct view b)
{
	size_t row[NEAR_BYTES_MAX + 1], corner, up;

	if (a.len > NEAR_BYTES_MAX || b.len > NEAR_BYTES_MAX)
		return NEAR_BYTES_MAX;
	for (size_t k = 0; k <= b.len; k++)
		row[k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		corner = row[0];
		row[0] = i;
		for (size_t k = 1; k <= b.len; k++) {
			up = row[k];
			row[k] = least(least(up, row[k - 1]) + 1,
			    corner + (a.at[i - 1] == b.at[k - 1] ? 0 : 1));
			corner = up;
		}
	}
	return row[b.len];
}

/* The known name that was most likely meant, or NULL. */
static const char *name_near(const struct bind_source *s, const struct tmpl_layout *only,
    struct view name)
{
	const char *best = NULL;
	size_t best_edits = 1 + (name.len < 6 ? 1 : least(NEAR_EDITS_MAX, name.len / 3));

	for (unsigned i = s->count; i > 0; i--) {
		const struct tmpl_layout *l = only != NULL ? only : s->scopes[i - 1].layout;

		for (size_t f = 0; l != NULL && f < l->field_count; f++) {
			const size_t n = edits(name, view_of(l->fields[f].name));

			if (n < best_edits) {
				best_edits = n;
				best = l->fields[f].name;
			}
		}
	}
	return best;
}

static const struct tmpl_field *field_find(const struct tmpl_layout *l, struct view name)
{
	for (size_t i = 0; l != NULL && i < l->field_count; i++)
		if (view_is(name, l->fields[i].name))
			return &l->fields[i];
	return NULL;
}

static void unknown(struct walk *w, const struct node *n, const struct tmpl_layout *only,
    struct view part)
{
	const char *near = name_near(w->data, only, part);

	if (near != NULL)
		walk_fail(w, n, "there is no '%.*s' here; did you mean '%s'?",
		    (int)n->text.len, n->text.at, near);
	else
		walk_fail(w, n, "there is no '%.*s' here", (int)n->text.len, n->text.at);
}

static bool dot_find(struct walk *w, const struct node *n, struct place *out)
{
	const struct bind_source *s = w->data;
	const struct scope *top = &s->scopes[s->count - 1];
	const struct tmpl_field *field = top->dot.name != NULL ? &top->dot :
	    field_find(top->layout, n->text);

	if (field == NULL) {
		walk_fail(w, n, "'.' is no text here; write the name of a member");
		return false;
	}
	*out = (struct place){ .field = field, .level = top->level,
	    .offset = top->base + (uint32_t)field->offset };
	return true;
}

static bool name_find(struct walk *w, const struct node *n, struct place *out)
{
	const struct bind_source *s = w->data;
	const char *const end = n->text.at + n->text.len;
	const char *dot = memchr(n->text.at, '.', n->text.len);
	struct view part = { .at = n->text.at,
	    .len = (size_t)((dot != NULL ? dot : end) - n->text.at) };

	if (view_is(n->text, "."))
		return dot_find(w, n, out);
	*out = (struct place){ 0 };
	for (unsigned i = s->count; i > 0 && out->field == NULL; i--) {
		out->field = field_find(s->scopes[i - 1].layout, part);
		out->offset = s->scopes[i - 1].base;
		out->level = s->scopes[i - 1].level;
	}
	for (;;) {
		const struct tmpl_layout *inner;

		if (out->field == NULL)
			break;
		out->offset += (uint32_t)out->field->offset;
		if (part.at + part.len == end)
			return true;
		inner = out->field->type == TMPL_RECORD ? out->field->inner : NULL;
		part.at += part.len + 1;
		dot = memchr(part.at, '.', (size_t)(end - part.at));
		part.len = (size_t)((dot != NULL ? dot : end) - part.at);
		if (inner == NULL) {
			walk_fail(w, n, "there is no '%.*s': what stands before '.%.*s' has "
			    "no members", (int)n->text.len, n->text.at, (int)part.len, part.at);
			return false;
		}
		out->field = field_find(inner, part);
		if (out->field == NULL) {
			unknown(w, n, inner, part);
			return false;
		}
	}
	unknown(w, n, NULL, part);
	return false;
}

/* --- steps ---------------------------------------------------------------------- */

static uint32_t step_add(struct walk *w, const struct node *n, enum bound_kind kind,
    const struct place *place)
{
	struct bind_source *s = w->data;
	struct tmpl_bound *b = s->bound;

	if (b->count == TMPL_BOUND_STEPS_MAX) {
		walk_fail(w, n, "more than %d steps; divide the template", TMPL_BOUND_STEPS_MAX);
		return 0;
	}
	if (b->count == s->room) {
		s->room *= 2;
		b->steps = talloc_realloc(b, b->steps, struct bound_step, s->room);
		must(b->steps != NULL);
	}
	b->steps[b->count] = (struct bound_step){
		.kind = (uint8_t)kind,
		.text_len = (uint32_t)(s->text.len - s->text_from),
		.offset = place != NULL ? place->offset : 0,
		.level = place != NULL ? place->level : 0,
	};
	s->text_from = s->text.len;
	return b->count++;
}

/* Text that belongs before this place must not be jumped over. */
static void text_end(struct walk *w)
{
	const struct bind_source *s = w->data;

	if (s->text.len > s->text_from)
		step_add(w, NULL, BOUND_TEXT, NULL);
}

static void bind_text(struct walk *w, struct view text)
{
	struct bind_source *s = w->data;

	str_putn(&s->text, text.at, text.len);
	if (!str_ok(&s->text))
		walk_fail(w, NULL, "larger than %d bytes with its partials", TEXT_BYTES_MAX);
}

static void bind_value(struct walk *w, const struct node *n)
{
	const struct bind_source *s = w->data;
	const bool raw = n->kind == NODE_RAW || s->bound->escape == NULL;
	struct place place;

	if (!name_find(w, n, &place))
		return;
	if (place.field->type != TMPL_VIEW) {
		walk_fail(w, n, "'%.*s' is not a text; write {{#%.*s}} ... {{/%.*s}}",
		    (int)n->text.len, n->text.at, (int)n->text.len, n->text.at,
		    (int)n->text.len, n->text.at);
		return;
	}
	step_add(w, n, raw ? BOUND_RAW : BOUND_VALUE, &place);
}

/* --- sections -------------------------------------------------------------------- */

static bool rows_enter(struct walk *w, const struct node *n, const struct place *place,
    struct scope *scope)
{
	struct bind_source *s = w->data;

	if (n->kind == NODE_INVERTED) {
		scope->step = step_add(w, n, BOUND_IF_NO_ROWS, place);
		return true;
	}
	if (s->list_depth == TMPL_LIST_DEPTH_MAX) {
		walk_fail(w, n, "more than %d lists inside each other", TMPL_LIST_DEPTH_MAX);
		return false;
	}
	scope->step = step_add(w, n, BOUND_ROWS, place);
	scope->layout = place->field->inner;
	scope->base = 0;
	scope->level = ++s->list_depth;
	s->bound->steps[scope->step].row_level = scope->level;
	return true;
}

static bool bind_enter(struct walk *w, const struct node *n)
{
	struct bind_source *s = w->data;
	const bool inverted = n->kind == NODE_INVERTED;
	struct scope scope = { .steps = true };
	struct place place;

	if (!name_find(w, n, &place))
		return false;
	switch (place.field->type) {
	case TMPL_VIEW:
		scope.step = step_add(w, n, inverted ? BOUND_IF_NO_VIEW : BOUND_IF_VIEW, &place);
		scope.dot = *place.field;
		scope.dot.name = ".";
		scope.dot.offset = 0;
		scope.base = place.offset;
		scope.level = place.level;
		break;
	case TMPL_BOOL:
		scope.step = step_add(w, n, inverted ? BOUND_IF_NO_BOOL : BOUND_IF_BOOL, &place);
		break;
	case TMPL_LIST:
		if (!rows_enter(w, n, &place, &scope))
			return false;
		break;
	case TMPL_RECORD:
		if (inverted)
			walk_fail(w, n, "'%.*s' is always there, so this never shows; take it away",
			    (int)n->text.len, n->text.at);
		scope = (struct scope){ .layout = place.field->inner, .base = place.offset,
		    .level = place.level };
		break;
	}
	if (inverted)		/* {{.}} and the names inside mean what they mean outside */
		scope = (struct scope){ .steps = true, .step = scope.step,
		    .layout = s->scopes[s->count - 1].layout, .dot = s->scopes[s->count - 1].dot,
		    .base = s->scopes[s->count - 1].base, .level = s->scopes[s->count - 1].level };
	must(s->count < sizeof(s->scopes) / sizeof(s->scopes[0]));
	s->scopes[s->count++] = scope;
	return !w->failed;
}

static bool bind_again(struct walk *w, const struct node *n)
{
	struct bind_source *s = w->data;
	const struct scope *scope = &s->scopes[--s->count];
	struct tmpl_bound *b = s->bound;

	if (!scope->steps)
		return false;
	if (b->steps[scope->step].kind == BOUND_ROWS) {
		const struct place row = { .offset = (uint32_t)scope->layout->bytes,
		    .level = scope->level };
		const uint32_t next = step_add(w, n, BOUND_NEXT, &row);

		b->steps[next].jump = scope->step + 1;
		s->list_depth--;
	} else {
		text_end(w);
	}
	b->steps[scope->step].jump = b->count;
	return false;
}

static bool bind_dynamic(struct walk *w, const struct node *n, struct view *name)
{
	(void)name;
	walk_fail(w, n, "which partial '*%.*s' is must be known when the template is loaded; "
	    "write its name", (int)n->text.len, n->text.at);
	return false;
}

/* --- binding --------------------------------------------------------------------- */

/* The texts lie in one block that moved while it grew: point into it now. */
static void texts_settle(struct bind_source *s)
{
	struct tmpl_bound *b = s->bound;
	size_t at = 0;

	b->text = str_take(&s->text);
	for (uint32_t i = 0; i < b->count; i++) {
		b->steps[i].text = b->text + at;
		at += b->steps[i].text_len;
	}
}

struct tmpl_bound *tmpl_bind(void *ctx, const struct tmpl *t, const struct tmpl_layout *layout,
    const struct tmpl_partials *partials, struct err *err)
{
	static const struct walk_source source = {
		.text = bind_text,
		.value = bind_value,
		.enter = bind_enter,
		.again = bind_again,
		.dynamic = bind_dynamic,
	};
	struct bind_source s = { .room = STEPS_FIRST, .count = 1 };
	struct walk w = {
		.source = &source,
		.data = &s,
		.partials = partials,
		.partials_must_exist = true,
		.reuse = WALK_REUSE_REFUSED,
		.err = err,
	};
	struct tmpl_bound *b = s.bound = talloc_zero(ctx, struct tmpl_bound);

	must(b != NULL);
	b->name = talloc_strdup(b, t->name);
	b->escape = escape_of(t->kind);
	b->steps = talloc_array(b, struct bound_step, s.room);
	must(b->name != NULL && b->steps != NULL);
	str_init(&s.text, b, TEXT_BYTES_MAX);
	s.scopes[0] = (struct scope){ .layout = layout };
	if (walk_run(&w, t))
		step_add(&w, NULL, BOUND_END, NULL);
	if (w.failed || b->count == 0) {
		talloc_free(b);
		return NULL;
	}
	texts_settle(&s);
	return b;
}
