/* tmpl_parse.c - a template's text becomes nodes.
 *
 * The text is read line by line, since Mustache cares for lines: a tag that
 * stands alone on its line takes the line with it, and a partial alone on its
 * line is indented by the white space before it.  A line's own white space is
 * therefore not text but part of a NODE_LINE.  The white space that the lines
 * of a block share is cut off here and added again where the block is shown.
 */
#include "base/tmpl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/tmpl_node.h"

#define DELIMITER_BYTES_MAX 16
#define NODES_FIRST 32
#define NONE UINT32_MAX

struct tag {
	char		 sigil;		/* # ^ / > < $ & { ! = or 0 */
	struct view	 content;	/* trimmed, without the sigil */
	const char	*end;		/* behind the closing delimiter */
	uint32_t	 line, column;
};

struct open_tag {
	uint32_t	node;
	uint32_t	line_node;	/* of a parent at a line's start, else NONE */
};

struct parser {
	struct tmpl	*tmpl;
	struct err	*err;
	bool		 failed;
	bool		 raw;
	uint32_t	 room;		/* nodes allocated */
	const char	*at, *end;
	struct view	 opener, closer;
	const char	*line_end;	/* the next newline at or behind `at`, or end */
	bool		 begins;	/* `at` is the first byte of a line */
	bool		 untouched;	/* nothing but white space so far ... */
	struct view	 indent;	/* ... which is this */
	const char	*counted;	/* line and column are known up to here */
	const char	*counted_line;	/* first byte of that line */
	uint32_t	 line;
	struct open_tag	 open[TMPL_NESTING_MAX];
	unsigned	 open_count;
};

/* --- errors and nodes ------------------------------------------------------- */

static void parse_fail(struct parser *, uint32_t line, uint32_t column,
    const char *fmt, ...) __attribute__((__format__(__printf__, 4, 5)));

static void parse_fail(struct parser *p, uint32_t line, uint32_t column,
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

/* A view as arguments of "%.*s", cut to what fits in a message. */
#define SHOW(v) (int)((v).len < TMPL_NAME_BYTES_MAX ? (v).len : TMPL_NAME_BYTES_MAX), (v).at

static void position(struct parser *p, const char *at, uint32_t *line, uint32_t *column)
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

/* The pointer is good until the next node is added. */
static struct node *node_add(struct parser *p, enum node_kind kind, struct view text)
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

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

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

/* Something that shows stands on this line: its white space shows too. */
static void line_touch(struct parser *p, bool blank)
{
	struct node *n;

	if (!p->untouched)
		return;
	p->untouched = false;
	n = node_add(p, NODE_LINE, (struct view){ .at = p->indent.at });
	n->indent = p->indent;
	n->blank = blank;
}

/* Is there nothing but white space between `at` and the end of its line?
 * *next is then the first byte of the next line. */
static bool rest_is_blank(const struct parser *p, const char *at, const char **next)
{
	while (at < p->end && is_blank(*at))
		at++;
	if (at + 1 < p->end && at[0] == '\r' && at[1] == '\n')
		at++;
	*next = at < p->end ? at + 1 : at;
	return at == p->end || *at == '\n';
}

/* Goes on behind a tag, and takes the whole line away when the tag stands
 * alone on it. */
static bool tag_pass(struct parser *p, const struct tag *tag)
{
	const char *next;

	if (p->untouched && rest_is_blank(p, tag->end, &next)) {
		p->untouched = false;
		p->at = next;
		p->begins = true;
		return true;
	}
	line_touch(p, false);
	p->at = tag->end;
	return false;
}

static void text_read(struct parser *p, const char *to)
{
	const struct view text = { .at = p->at, .len = (size_t)(to - p->at) };

	line_touch(p, view_is(text, "\n") || view_is(text, "\r\n"));
	node_add(p, NODE_TEXT, text);
	p->begins = to[-1] == '\n';
	p->at = to;
}

/* --- the white space that a block's lines share ------------------------------ */

/* Whose `indent` takes part: lines, and what brings whole lines of its own.
 * What stands inside blocks and parents is measured against their `indent`. */
static bool has_indent(const struct node *n)
{
	return (n->kind == NODE_LINE && !n->blank) ||
	    ((n->kind == NODE_PARTIAL || n->kind == NODE_PARENT || n->kind == NODE_BLOCK) &&
	    n->alone);
}

static uint32_t node_after(const struct tmpl *t, uint32_t i)
{
	const struct node *n = &t->nodes[i];

	return n->kind == NODE_BLOCK || n->kind == NODE_PARENT ? n->next : i + 1;
}

static struct view block_indent(const struct tmpl *t, uint32_t from, uint32_t to,
    struct view fallback)
{
	struct view common = fallback;
	bool any = false;

	for (uint32_t i = from; i < to; i = node_after(t, i)) {
		const struct node *n = &t->nodes[i];
		size_t same = 0;

		if (!has_indent(n))
			continue;
		if (!any)
			common = n->indent;
		any = true;
		while (same < common.len && same < n->indent.len &&
		    common.at[same] == n->indent.at[same])
			same++;
		common.len = same;
	}
	return common;
}

static void block_cut(struct tmpl *t, uint32_t from, uint32_t to, size_t bytes)
{
	for (uint32_t i = from; i < to && bytes > 0; i = node_after(t, i)) {
		struct node *n = &t->nodes[i];

		if (has_indent(n) && n->indent.len >= bytes) {
			n->indent.at += bytes;
			n->indent.len -= bytes;
		} else if (n->kind == NODE_LINE) {
			n->kind = NODE_NONE;	/* blank: gets no indentation */
		}
	}
}

/* --- tags ------------------------------------------------------------------- */

static bool name_check(struct parser *p, const struct tag *tag, struct view name, bool dotted)
{
	bool part_is_empty = name.len == 0 || name.at[0] == '.' || name.at[name.len - 1] == '.';

	if (name.len == 0) {
		parse_fail(p, tag->line, tag->column, "the tag has no name; write %.*sname%.*s",
		    SHOW(p->opener), SHOW(p->closer));
		return false;
	}
	if (name.len > TMPL_NAME_BYTES_MAX) {
		parse_fail(p, tag->line, tag->column,
		    "the name is longer than %d bytes; is the tag closed?", TMPL_NAME_BYTES_MAX);
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		if ((unsigned char)name.at[i] <= ' ' || name.at[i] == 0x7f) {
			parse_fail(p, tag->line, tag->column,
			    "'%.*s' is not a name; write it without white space", SHOW(name));
			return false;
		}
		if (i > 0 && name.at[i] == '.' && name.at[i - 1] == '.')
			part_is_empty = true;
	}
	if (dotted && part_is_empty && !view_is(name, ".")) {
		parse_fail(p, tag->line, tag->column,
		    "'%.*s' is not a name; write names with single dots between, as in a.b",
		    SHOW(name));
		return false;
	}
	return true;
}

static void open_push(struct parser *p, const struct tag *tag, uint32_t line_node)
{
	if (p->open_count == TMPL_NESTING_MAX) {
		parse_fail(p, tag->line, tag->column, "more than %d tags are open",
		    TMPL_NESTING_MAX);
		return;
	}
	p->open[p->open_count++] = (struct open_tag){
		.node = p->tmpl->count - 1, .line_node = line_node };
}

static struct node *tag_node(struct parser *p, const struct tag *tag, enum node_kind kind,
    struct view name)
{
	struct node *n = node_add(p, kind, name);

	n->line = tag->line;
	n->column = tag->column;
	return n;
}

static void value_read(struct parser *p, const struct tag *tag)
{
	const bool raw = tag->sigil != 0;

	if (!name_check(p, tag, tag->content, true))
		return;
	if (raw && !p->raw) {
		parse_fail(p, tag->line, tag->column,
		    "unescaped output is not allowed in this template; write %.*s%.*s%.*s",
		    SHOW(p->opener), SHOW(tag->content), SHOW(p->closer));
		return;
	}
	line_touch(p, false);
	p->at = tag->end;
	tag_node(p, tag, raw ? NODE_RAW : NODE_VALUE, tag->content);
}

static void section_read(struct parser *p, const struct tag *tag)
{
	if (!name_check(p, tag, tag->content, true))
		return;
	(void)tag_pass(p, tag);
	tag_node(p, tag, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag->content);
	open_push(p, tag, NONE);
}

/* Takes the asterisk off a dynamic name. */
static bool name_is_dynamic(struct view *name)
{
	if (name->len == 0 || name->at[0] != '*')
		return false;
	*name = view_trim((struct view){ .at = name->at + 1, .len = name->len - 1 });
	return true;
}

static void partial_read(struct parser *p, const struct tag *tag)
{
	const struct view indent = p->indent;
	struct view name = tag->content;
	const bool dynamic = name_is_dynamic(&name);
	struct node *n;
	bool alone;

	if (!name_check(p, tag, name, dynamic))
		return;
	alone = tag_pass(p, tag);
	n = tag_node(p, tag, NODE_PARTIAL, name);
	n->dynamic = dynamic;
	n->alone = alone;
	if (alone)
		n->indent = indent;
}

/* Whether a parent stands alone is known at its end: see parent_close(). */
static void parent_read(struct parser *p, const struct tag *tag)
{
	const uint32_t line_node = p->untouched ? p->tmpl->count : NONE;
	const struct view indent = p->indent;
	struct view name = tag->content;
	const bool dynamic = name_is_dynamic(&name);
	struct node *n;

	if (!name_check(p, tag, name, dynamic))
		return;
	line_touch(p, false);
	p->at = tag->end;
	n = tag_node(p, tag, NODE_PARENT, name);
	n->dynamic = dynamic;
	n->indent = indent;
	open_push(p, tag, line_node);
}

static bool in_parent(const struct parser *p)
{
	return p->open_count > 0 &&
	    p->tmpl->nodes[p->open[p->open_count - 1].node].kind == NODE_PARENT;
}

/* A block directly inside a parent is an argument: around it everything is
 * ignored, so that only the rest of its line decides where it begins. */
static void block_read(struct parser *p, const struct tag *tag)
{
	const bool argument = in_parent(p), line_start = p->untouched;
	const struct view indent = p->indent;
	const char *next;
	struct node *n;
	bool fresh;

	if (!name_check(p, tag, tag->content, false))
		return;
	if (argument) {
		p->untouched = false;
		fresh = rest_is_blank(p, tag->end, &next);
		p->at = fresh ? next : tag->end;
		p->begins = fresh;
	} else {
		fresh = tag_pass(p, tag);
	}
	n = tag_node(p, tag, NODE_BLOCK, tag->content);
	n->fresh = fresh;
	n->alone = fresh && !argument;
	n->indent = (struct view){ .at = indent.at, .len = line_start ? indent.len : 0 };
	open_push(p, tag, NONE);
}

static void block_close(struct parser *p, const struct tag *tag, uint32_t block)
{
	struct tmpl *t = p->tmpl;
	const struct node *n;

	if (in_parent(p) && p->untouched) {
		p->untouched = false;
		p->at = tag->end;
	} else {
		(void)tag_pass(p, tag);
	}
	n = &t->nodes[block];
	if (n->fresh) {
		const struct view common = block_indent(t, block + 1, t->count, n->indent);

		block_cut(t, block + 1, t->count, common.len);
		t->nodes[block].indent = common;
	}
}

/* Alone when nothing stands before its first tag and behind its last. */
static void parent_close(struct parser *p, const struct tag *tag, const struct open_tag *open)
{
	struct node *n = &p->tmpl->nodes[open->node];
	const char *next;

	n->alone = open->line_node != NONE && rest_is_blank(p, tag->end, &next);
	p->untouched = false;
	p->at = tag->end;
	if (n->alone) {
		p->tmpl->nodes[open->line_node].kind = NODE_NONE;
		p->at = next;
		p->begins = true;
	}
}

static void close_read(struct parser *p, const struct tag *tag)
{
	struct view name = tag->content;
	const struct node *n;
	struct open_tag open;

	if (p->open_count == 0) {
		parse_fail(p, tag->line, tag->column,
		    "%.*s/%.*s%.*s closes nothing; take it away or open it before",
		    SHOW(p->opener), SHOW(name), SHOW(p->closer));
		return;
	}
	open = p->open[p->open_count - 1];
	n = &p->tmpl->nodes[open.node];
	if ((n->dynamic && !name_is_dynamic(&name)) || name.len != n->text.len ||
	    memcmp(name.at, n->text.at, name.len) != 0) {
		parse_fail(p, tag->line, tag->column,
		    "'%.*s' is closed where '%.*s' of line %u is open; write %.*s/%s%.*s%.*s first",
		    SHOW(tag->content), SHOW(n->text), n->line, SHOW(p->opener),
		    n->dynamic ? "*" : "", SHOW(n->text), SHOW(p->closer));
		return;
	}
	p->open_count--;
	if (n->kind == NODE_PARENT)
		parent_close(p, tag, &open);
	else if (n->kind == NODE_BLOCK)
		block_close(p, tag, open.node);
	else
		(void)tag_pass(p, tag);
	p->tmpl->nodes[open.node].next = p->tmpl->count;
}

static void delimiters_read(struct parser *p, const struct tag *tag)
{
	struct view first = tag->content, second = { .at = first.at };
	bool good = false;

	while (second.at < first.at + first.len && (unsigned char)*second.at > ' ')
		second.at++;
	second.len = (size_t)(first.at + first.len - second.at);
	first.len -= second.len;
	second = view_trim(second);
	good = first.len > 0 && second.len > 0 && first.len <= DELIMITER_BYTES_MAX &&
	    second.len <= DELIMITER_BYTES_MAX;
	for (size_t i = 0; i < tag->content.len; i++)
		good = good && tag->content.at[i] != '=';
	for (size_t i = 0; i < second.len; i++)
		good = good && (unsigned char)second.at[i] > ' ';
	if (!good) {
		parse_fail(p, tag->line, tag->column, "a change of delimiters names two of at "
		    "most %d bytes, without '='; write {{=<%% %%>=}}", DELIMITER_BYTES_MAX);
		return;
	}
	(void)tag_pass(p, tag);
	p->opener = first;
	p->closer = second;
}

/* Reads the tag at p->at; false when it has no end. */
static bool tag_scan(struct parser *p, struct tag *tag)
{
	char closer[DELIMITER_BYTES_MAX + 1];
	const char *s = p->at + p->opener.len, *close;
	size_t n = 0;

	position(p, p->at, &tag->line, &tag->column);
	while (s < p->end && (is_blank(*s) || *s == '\r' || *s == '\n'))
		s++;
	tag->sigil = s < p->end && *s != '\0' && strchr("#^/><$&{!=", *s) != NULL ? *s : '\0';
	if (tag->sigil != '\0')
		s++;
	if (tag->sigil == '{' || tag->sigil == '=')
		closer[n++] = tag->sigil == '{' ? '}' : '=';
	memcpy(closer + n, p->closer.at, p->closer.len);
	n += p->closer.len;
	close = memmem(s, (size_t)(p->end - s), closer, n);
	if (close == NULL) {
		parse_fail(p, tag->line, tag->column, "the tag is not closed; write %.*s behind it",
		    (int)n, closer);
		return false;
	}
	tag->content = view_trim((struct view){ .at = s, .len = (size_t)(close - s) });
	tag->end = close + n;
	return true;
}

static void tag_read(struct parser *p)
{
	struct tag tag;

	if (!tag_scan(p, &tag))
		return;
	switch (tag.sigil) {
	case '!':
		(void)tag_pass(p, &tag);
		break;
	case '=':
		delimiters_read(p, &tag);
		break;
	case '#':
	case '^':
		section_read(p, &tag);
		break;
	case '/':
		close_read(p, &tag);
		break;
	case '>':
		partial_read(p, &tag);
		break;
	case '<':
		parent_read(p, &tag);
		break;
	case '$':
		block_read(p, &tag);
		break;
	default:
		value_read(p, &tag);
		break;
	}
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
		line_touch(p, true);	/* a last line of white space alone */
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

		parse_fail(&p, n->line, n->column, "'%.*s' is not closed; write %.*s/%s%.*s%.*s",
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
