/* tmpl_render.c - runs the steps of a bound template.
 *
 * This is the inner loop of sending: every message and every page passes
 * here.  It writes straight into the room that the output has; only where that
 * may not suffice does it go through str_putn(), which grows it up to its
 * limit.
 */
#include "base/tmpl_bound.h"

#include <string.h>

#include "base/err.h"
#include "base/must.h"

struct level {
	const char	*record;
	size_t		 left;		/* rows, this one included */
};

static inline void put(struct str *out, const char *at, size_t len)
{
	if (len < out->room - out->len) {
		if (len > 0)
			memcpy(out->at + out->len, at, len);
		out->len += len;
	} else {
		str_putn(out, at, len);
	}
}

static inline void put_escaped(struct str *out, const struct escape *e, const struct view *v)
{
	char *to;

	if (v->len >= (out->room - out->len) / ESCAPE_BYTES_MAX) {
		escape_put(out, e, *v);
		return;
	}
	to = out->at + out->len;
	for (size_t i = 0; i < v->len; i++) {
		const unsigned char c = (unsigned char)v->at[i];
		const uint8_t class = e->class_of[c];

		*to = (char)c;
		if (class == 0) {
			to++;
			continue;
		}
		memcpy(to, e->to[class].at, e->to[class].len);
		to += e->to[class].len;
	}
	out->len = (size_t)(to - out->at);
}

/* Does the step's condition send us to its jump? */
static inline bool is_skipped(const struct bound_step *step, const char *member)
{
	const void *at = member;

	switch ((enum bound_kind)step->kind) {
	case BOUND_IF_VIEW:
		return ((const struct view *)at)->len == 0;
	case BOUND_IF_NO_VIEW:
		return ((const struct view *)at)->len > 0;
	case BOUND_IF_BOOL:
		return !*(const bool *)at;
	case BOUND_IF_NO_BOOL:
		return *(const bool *)at;
	case BOUND_IF_NO_ROWS:
		return ((const struct tmpl_rows *)at)->count > 0;
	case BOUND_ROWS:
		return ((const struct tmpl_rows *)at)->count == 0;
	case BOUND_TEXT:
	case BOUND_VALUE:
	case BOUND_RAW:
	case BOUND_NEXT:
	case BOUND_END:
		break;
	}
	return false;
}

static void steps_run(const struct tmpl_bound *b, const void *record, struct str *out)
{
	struct level levels[TMPL_LIST_DEPTH_MAX + 1] = { { .record = record } };
	const struct bound_step *step = b->steps;

	for (;; step++) {
		struct level *const level = &levels[step->level];
		const void *member = level->record + step->offset;
		const struct tmpl_rows *rows;

		if (step->text_len > 0)
			put(out, step->text, step->text_len);
		switch ((enum bound_kind)step->kind) {
		case BOUND_TEXT:
			break;
		case BOUND_VALUE:
			put_escaped(out, b->escape, member);
			break;
		case BOUND_RAW:
			put(out, ((const struct view *)member)->at,
			    ((const struct view *)member)->len);
			break;
		case BOUND_NEXT:
			if (--level->left > 0) {
				level->record += step->offset;
				step = b->steps + step->jump - 1;
			}
			break;
		case BOUND_END:
			return;
		case BOUND_ROWS:
			rows = member;
			levels[step->row_level] = (struct level){ .record = rows->at, .left = rows->count };
			/* fallthrough */
		case BOUND_IF_VIEW:
		case BOUND_IF_NO_VIEW:
		case BOUND_IF_BOOL:
		case BOUND_IF_NO_BOOL:
		case BOUND_IF_NO_ROWS:
			if (is_skipped(step, member))
				step = b->steps + step->jump - 1;
			break;
		}
		if (out->over)
			return;
	}
}

bool tmpl_bound_render(const struct tmpl_bound *b, const void *record, struct str *out,
    struct err *err)
{
	steps_run(b, record, out);
	out->at[out->len] = '\0';
	if (!str_ok(out))
		return err_set(err, ERR_INPUT, "%s: the text grows beyond %zu bytes", b->name,
		    out->bytes_max);
	return true;
}
