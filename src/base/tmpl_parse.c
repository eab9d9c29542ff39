/* tmpl_parse.c - a template's text becomes nodes.
 *
 * The text is read line by line, since Mustache cares for lines: a tag that
 * stands alone on its line takes the line with it, and a partial alone on its
 * line is indented by the white space before it.  A line's own white space is
 * therefore not text but part of a NODE_LINE.  Tags are read in tmpl_tag.c.
 */
#include "base/tmpl_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define NODES_FIRST 32

/* --- errors and nodes ------------------------------------------------------- */

void parser_fail(struct parser *p, uint32_t line, uint32_t column,
    const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(p->err, ERR_INPUT, "%s:%u:%u: %s", p->tmpl->name, line, column, text);
	p->failed = true;
}

void parser_position(struct parser *p, const char *at, uint32_t *line, uint32_t *column)
{
	const char *newline;

	while ((newline = memchr(p->counted, '\n', (size_t)(at - p->counted))) != NULL) {
		p->line++;
		p->counted = p->counted_line = newline + 1;
	}
	p->counted = at;
	*line = p->line;
	*column = (uint32_t)(at - p->counted_line) + 1;
}

struct node *parser_add(struct parser *p, enum node_kind kind, struct view text)
{
	struct tmpl *t = p->tmpl;
	struct node *n;

	if (t->count == p->room) {
		p->room *= 2;
		t->nodes = talloc_realloc(t, t->nodes, struct node, p->room);
		must(t->nodes != NULL);
	}
	n = &t->nodes[t->count++];
	*n = (struct node){ .kind = (uint8_t)kind, .text = text, .next = t->count };
	return n;
}

/* --- lines ------------------------------------------------------------------ */

static void line_begin(struct parser *p)
{
	p->begins = false;
	p->untouched = true;
	p->indent = (struct view){ .at = p->at };
	while (p->at < p->end && is_blank(*p->at)) {
		p->at++;
		p->indent.len++;
	}
}

void parser_touch(struct parser *p, bool blank)
{
	struct node *n;

	if (!p->untouched)
		return;
	p->untouched = false;
	n = parser_add(p, NODE_LINE, (struct view){ .at = p->indent.at });
	n->indent = p->indent;
	n->blank = blank;
}

bool parser_rest_is_blank(const struct parser *p, const char *at, const char **next)
{
	while (at < p->end && is_blank(*at))
		at++;
	if (at + 1 < p->end && at[0] == '\r' && at[1] == '\n')
		at++;
	*next = at < p->end ? at + 1 : at;
	return at == p->end || *at == '\n';
}

bool parser_pass(struct parser *p, const struct tag *tag)
{
	const char *next;

	if (p->untouched && parser_rest_is_blank(p, tag->end, &next)) {
		p->untouched = false;
		p->at = next;
		p->begins = true;
		return true;
	}
	parser_touch(p, false);
	p->at = tag->end;
	return false;
}

static void text_read(struct parser *p, const char *to)
{
	const struct view text = { .at = p->at, .len = (size_t)(to - p->at) };

	parser_touch(p, view_is(text, "\n") || view_is(text, "\r\n"));
	parser_add(p, NODE_TEXT, text);
	p->begins = to[-1] == '\n';
	p->at = to;
}

/* --- the whole text ---------------------------------------------------------- */

static void text_walk(struct parser *p)
{
	p->begins = true;
	while (p->at < p->end && !p->failed) {
		const char *tag;

		if (p->begins) {
			line_begin(p);
			continue;
		}
		if (p->at >= p->line_end) {
			p->line_end = memchr(p->at, '\n', (size_t)(p->end - p->at));
			p->line_end = p->line_end == NULL ? p->end : p->line_end + 1;
		}
		tag = memmem(p->at, (size_t)(p->line_end - p->at), p->opener.at, p->opener.len);
		if (tag == p->at)
			tag_read(p);
		else
			text_read(p, tag != NULL ? tag : p->line_end);
	}
	if (!p->failed && p->untouched && p->indent.len > 0)
		parser_touch(p, true);	/* a last line of white space alone */
}

static bool text_check(struct parser *p, const struct tmpl_text *what)
{
	if (what->text.len > TMPL_TEXT_BYTES_MAX)
		return err_set(p->err, ERR_INPUT, "%s: larger than %d bytes", what->name,
		    TMPL_TEXT_BYTES_MAX);
	if (!utf8_is_valid(what->text.at, what->text.len))
		return err_set(p->err, ERR_INPUT, "%s: is not UTF-8; save it as UTF-8",
		    what->name);
	return true;
}

struct tmpl *tmpl_compile(void *ctx, const struct tmpl_text *what, struct err *err)
{
	struct parser p = { .err = err, .raw = what->raw, .room = NODES_FIRST };
	struct tmpl *t;

	if (!text_check(&p, what))
		return NULL;
	t = p.tmpl = talloc_zero(ctx, struct tmpl);
	must(t != NULL);
	t->kind = what->kind;
	t->name = talloc_strdup(t, what->name);
	t->text = talloc_strndup(t, "", 0);
	if (what->text.len > 0)
		t->text = talloc_memdup(t, what->text.at, what->text.len);
	t->nodes = talloc_array(t, struct node, p.room);
	must(t->name != NULL && t->text != NULL && t->nodes != NULL);
	p.at = p.line_end = p.counted = p.counted_line = t->text;
	p.end = t->text + what->text.len;
	p.line = what->first_line > 0 ? (uint32_t)what->first_line : 1;
	p.opener = view_of("{{");
	p.closer = view_of("}}");
	text_walk(&p);
	if (!p.failed && p.open_count > 0) {
		const struct node *n = &t->nodes[p.open[p.open_count - 1].node];

		parser_fail(&p, n->line, n->column, "'%.*s' is not closed; write %.*s/%s%.*s%.*s",
		    SHOW(n->text), SHOW(p.opener), n->dynamic ? "*" : "", SHOW(n->text),
		    SHOW(p.closer));
	}
	if (p.failed) {
		talloc_free(t);
		return NULL;
	}
	return t;
}

const char *tmpl_name(const struct tmpl *t)
{
	return t->name;
}

enum tmpl_kind tmpl_kind(const struct tmpl *t)
{
	return t->kind;
}
