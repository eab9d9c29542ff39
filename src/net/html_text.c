/* html_text.c - see html_text.h. */
#include "net/html_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "net/html_entity.h"

#define NAME_BYTES_MAX 16
#define DEPTH_MAX 1000

/* Once something that would end it is not found, it is not looked for again: a message
 * made of nothing but beginnings must not take long. */
struct reading {
	const char	*at, *end;
	struct str	*out;
	int		 quotes, pre;		/* how many are open */
	int		 divs, cited_at;	/* the <div> of Gmail's line, 0: none is open */
	bool		 begun, blank;		/* something stands on this line; a blank is due */
	bool		 no_tag_end, no_comment_end, no_mark[2];
};

struct tag {
	const char	*at, *end;		/* between < and > */
	char		 name[NAME_BYTES_MAX];	/* in small letters */
	bool		 closes;
};

/* --- lines ------------------------------------------------------------------------------- */

static bool is_quoted(const struct reading *r)
{
	return r->quotes > 0 || r->cited_at > 0;
}

static void begin_line(struct reading *r)
{
	if (!r->begun && is_quoted(r))
		str_put(r->out, "> ");
	r->begun = true;
}

static void end_line(struct reading *r)
{
	if (!r->begun && is_quoted(r))
		str_putc(r->out, '>');
	str_putc(r->out, '\n');
	r->begun = r->blank = false;
}

/* Of the text; a block that begins or ends where a line does adds none. */
static void end_block(struct reading *r)
{
	if (r->begun)
		end_line(r);
	r->blank = false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void put(struct reading *r, const char *bytes, size_t len)
{
	begin_line(r);
	if (r->blank)
		str_putc(r->out, ' ');
	r->blank = false;
	str_putn(r->out, bytes, len);
}

static void take_text(struct reading *r)
{
	uint32_t letter;
	const size_t len = *r->at == '&' ? html_entity(r->at, r->end, &letter) : 0;

	if (len > 0) {
		if (letter == '\n' || letter == '\r')
			letter = ' ';
		put(r, "", 0);
		letter_put(r->out, letter);
		r->at += len;
	} else if (r->pre > 0 && *r->at == '\n') {
		end_line(r);
		r->at++;
	} else if (is_space(*r->at)) {
		r->blank = r->begun;
		r->at++;
	} else {
		put(r, r->at++, 1);
	}
}

/* --- tags ---------------------------------------------------------------------------------- */

/* The '>' that ends a tag: none within the marks around a value. */
static const char *tag_end(struct reading *r, const char *at)
{
	while (at < r->end && *at != '>') {
		const bool is_mark = *at == '"' || *at == '\'';
		bool *none = &r->no_mark[*at == '"'];
		const char *close = is_mark && !*none && at[-1] == '=' ?
		    memchr(at + 1, *at, (size_t)(r->end - at - 1)) : NULL;

		if (is_mark && close == NULL && at[-1] == '=')
			*none = true;
		at = close != NULL ? close + 1 : at + 1;
	}
	return at;
}

static bool tag_read(struct reading *r, struct tag *tag)
{
	const char *at = r->at + 1;
	size_t n = 0;

	if (r->no_tag_end)
		return false;
	*tag = (struct tag){ .closes = at < r->end && *at == '/' };
	at += tag->closes;
	if (at == r->end || !(((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') || *at == '!' || *at == '?'))
		return false;
	tag->at = at;
	tag->end = tag_end(r, at);
	if (tag->end == r->end) {
		r->no_tag_end = true;
		return false;
	}
	while (at < tag->end && !is_space(*at) && *at != '/' && n < NAME_BYTES_MAX - 1) {
		tag->name[n++] = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
		at++;
	}
	return true;
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool is_block(const char *name)
{
	static const char *const blocks[] = { "p", "div", "li", "tr", "table", "ul", "ol", "dl", "dt",
	    "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section", "article", "header",
	    "footer", "address", "blockquote", "center", "form", "body", "fieldset" };

	return is_one_of(name, blocks, sizeof(blocks) / sizeof(blocks[0]));
}

/* Whole, with what is in it.  False: nothing ends it, and only its tag goes. */
static bool passed_over(struct reading *r, const struct tag *tag)
{
	static const char *const unseen[] = { "head", "script", "style", "title", "template" };
	const size_t len = strlen(tag->name);

	if (tag->closes || !is_one_of(tag->name, unseen, sizeof(unseen) / sizeof(unseen[0])) ||
	    r->no_comment_end)
		return false;
	for (const char *at = tag->end; (at = memchr(at, '<', (size_t)(r->end - at))) != NULL; at++)
		if ((size_t)(r->end - at) > len + 2 && at[1] == '/' &&
		    strncasecmp(at + 2, tag->name, len) == 0) {
			const char *close = memchr(at, '>', (size_t)(r->end - at));

			r->at = close != NULL ? close + 1 : r->end;
			return true;
		}
	r->no_comment_end = true;
	return false;
}

static bool is_gmails_line(const struct tag *tag)
{
	return memmem(tag->at, (size_t)(tag->end - tag->at), "gmail_attr", 10) != NULL;
}

static void count_div(struct reading *r, const struct tag *tag)
{
	if (!tag->closes && r->divs < DEPTH_MAX) {
		r->divs++;
		if (r->cited_at == 0 && is_gmails_line(tag))
			r->cited_at = r->divs;
	} else if (tag->closes && r->divs > 0) {
		if (r->cited_at == r->divs)
			r->cited_at = 0;
		r->divs--;
	}
}

static void count(int *open, bool closes)
{
	if (!closes && *open < DEPTH_MAX)
		++*open;
	else if (closes && *open > 0)
		--*open;
}

static void take_tag(struct reading *r, const struct tag *tag)
{
	if (is_block(tag->name))
		end_block(r);
	if (strcmp(tag->name, "br") == 0)
		end_line(r);
	else if (strcmp(tag->name, "hr") == 0)
		str_put(r->out, "________________________________\n");
	else if (strcmp(tag->name, "td") == 0 || strcmp(tag->name, "th") == 0)
		r->blank = r->begun;
	else if (strcmp(tag->name, "pre") == 0)
		count(&r->pre, tag->closes);
	else if (strcmp(tag->name, "blockquote") == 0)
		count(&r->quotes, tag->closes);
	else if (strcmp(tag->name, "div") == 0)
		count_div(r, tag);
}

static bool comment_passed(struct reading *r)
{
	const char *end;

	if (r->end - r->at < 4 || memcmp(r->at, "<!--", 4) != 0 || r->no_comment_end)
		return false;
	end = memmem(r->at + 4, (size_t)(r->end - r->at - 4), "-->", 3);
	r->no_comment_end = end == NULL;
	if (end != NULL)
		r->at = end + 3;
	return end != NULL;
}

void html_text(const char *html, size_t len, struct str *out)
{
	struct reading r = { .at = html, .end = html + len, .out = out };
	struct tag tag;

	while (r.at < r.end && str_ok(out)) {
		if (*r.at != '<') {
			take_text(&r);
		} else if (comment_passed(&r)) {
			continue;
		} else if (!tag_read(&r, &tag)) {
			put(&r, r.at++, 1);
		} else if (!passed_over(&r, &tag)) {
			take_tag(&r, &tag);
			r.at = tag.end + 1;
		}
	}
	end_block(&r);
}
