/* tmpl_tag.c - the tags of a template.
 *
 * The white space that the lines of a block share is cut off here and added
 * again where the block is shown (tmpl_walk.c).
 */
#include "base/tmpl_parse.h"

#include <string.h>

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
		parser_fail(p, tag->line, tag->column, "the tag has no name; write %.*sname%.*s",
		    SHOW(p->opener), SHOW(p->closer));
		return false;
	}
	if (name.len > TMPL_NAME_BYTES_MAX) {
		parser_fail(p, tag->line, tag->column,
		    "the name is longer than %d bytes; is the tag closed?", TMPL_NAME_BYTES_MAX);
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		if ((unsigned char)name.at[i] <= ' ' || name.at[i] == 0x7f) {
			parser_fail(p, tag->line, tag->column,
			    "'%.*s' is not a name; write it without white space", SHOW(name));
			return false;
		}
		if (i > 0 && name.at[i] == '.' && name.at[i - 1] == '.')
			part_is_empty = true;
	}
	if (dotted && part_is_empty && !view_is(name, ".")) {
		parser_fail(p, tag->line, tag->column,
		    "'%.*s' is not a name; write names with single dots between, as in a.b",
		    SHOW(name));
		return false;
	}
	return true;
}

static void open_push(struct parser *p, const struct tag *tag, uint32_t line_node)
{
	if (p->open_count == TMPL_NESTING_MAX) {
		parser_fail(p, tag->line, tag->column, "more than %d tags are open",
		    TMPL_NESTING_MAX);
		return;
	}
	p->open[p->open_count++] = (struct open_tag){
		.node = p->tmpl->count - 1, .line_node = line_node };
}

static struct node *tag_node(struct parser *p, const struct tag *tag, enum node_kind kind,
    struct view name)
{
	struct node *n = parser_add(p, kind, name);

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
		parser_fail(p, tag->line, tag->column,
		    "unescaped output is not allowed in this template; write %.*s%.*s%.*s",
		    SHOW(p->opener), SHOW(tag->content), SHOW(p->closer));
		return;
	}
	parser_touch(p, false);
	p->at = tag->end;
	tag_node(p, tag, raw ? NODE_RAW : NODE_VALUE, tag->content);
}

static void section_read(struct parser *p, const struct tag *tag)
{
	if (!name_check(p, tag, tag->content, true))
		return;
	(void)parser_pass(p, tag);
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
	alone = parser_pass(p, tag);
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
	parser_touch(p, false);
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
		fresh = parser_rest_is_blank(p, tag->end, &next);
		p->at = fresh ? next : tag->end;
		p->begins = fresh;
	} else {
		fresh = parser_pass(p, tag);
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
		(void)parser_pass(p, tag);
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

	n->alone = open->line_node != NONE && parser_rest_is_blank(p, tag->end, &next);
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
		parser_fail(p, tag->line, tag->column,
		    "%.*s/%.*s%.*s closes nothing; take it away or open it before",
		    SHOW(p->opener), SHOW(name), SHOW(p->closer));
		return;
	}
	open = p->open[p->open_count - 1];
	n = &p->tmpl->nodes[open.node];
	if ((n->dynamic && !name_is_dynamic(&name)) || name.len != n->text.len ||
	    memcmp(name.at, n->text.at, name.len) != 0) {
		parser_fail(p, tag->line, tag->column,
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
		(void)parser_pass(p, tag);
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
		parser_fail(p, tag->line, tag->column, "a change of delimiters names two of at "
		    "most %d bytes, without '='; write {{=<%% %%>=}}", DELIMITER_BYTES_MAX);
		return;
	}
	(void)parser_pass(p, tag);
	p->opener = first;
	p->closer = second;
}

/* Reads the tag at p->at; false when it has no end. */
static bool tag_scan(struct parser *p, struct tag *tag)
{
	char closer[DELIMITER_BYTES_MAX + 1];
	const char *s = p->at + p->opener.len, *close;
	size_t n = 0;

	parser_position(p, p->at, &tag->line, &tag->column);
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
		parser_fail(p, tag->line, tag->column, "the tag is not closed; write %.*s behind it",
		    (int)n, closer);
		return false;
	}
	tag->content = view_trim((struct view){ .at = s, .len = (size_t)(close - s) });
	tag->end = close + n;
	return true;
}

void tag_read(struct parser *p)
{
	struct tag tag;

	if (!tag_scan(p, &tag))
		return;
	switch (tag.sigil) {
	case '!':
		(void)parser_pass(p, &tag);
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
