/* mail_words.c - see mail_words.h. */
#include "net/mail_words.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "net/mail_line.h"

#define WRAPPED_MAX 3		/* lines of "On ... wrote:" */
#define SIGNATURE_LINES_MAX 6
#define SUBJECT_BYTES_MIN 4

enum whose { OWN, PERHAPS, QUOTED, OLDER };	/* PERHAPS: read, and no part of a "stop" */

struct line {
	struct view	is;
	enum whose	whose;
};

struct reply_text {
	struct line	*line;
	size_t		 count;
	struct view	 subject;	/* without "Re:" */
};

static bool is_blank(const struct reply_text *t, size_t i)
{
	return line_trim(t->line[i].is).len == 0;
}

static void mark(struct reply_text *t, size_t from, size_t to, enum whose whose)
{
	for (size_t i = from; i < to && i < t->count; i++)
		if (t->line[i].whose < whose)
			t->line[i].whose = whose;
}

static void lines_read(void *ctx, struct reply_text *t, const char *text)
{
	size_t n = 1;

	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		n++;
	t->line = talloc_array(ctx, struct line, (unsigned)n);
	must(t->line != NULL);
	t->count = n;
	for (size_t i = 0; i < n; i++) {
		const size_t len = strcspn(text, "\n");

		t->line[i] = (struct line){ .is = { text, len } };
		t->line[i].whose = line_is_quote(t->line[i].is) ? QUOTED : OWN;
		text += len + (text[len] != '\0');
	}
}

/* --- whose quote: the line or two above it ------------------------------------------------ */

/* `count` lines up to and with `last`; they lie behind each other. */
static struct view joined(const struct reply_text *t, size_t last, size_t count)
{
	const char *from = t->line[last + 1 - count].is.at;

	return (struct view){ from, (size_t)(t->line[last].is.at + t->line[last].is.len - from) };
}

static bool ends_in_colon(const struct reply_text *t, size_t i)
{
	const struct view line = line_trim(t->line[i].is);

	return line.len > 0 && line.at[line.len - 1] == ':';
}

static bool says_whose(struct view lines)
{
	const bool address = line_has(lines, "@");

	return line_has_year(lines) && (address || (line_has_hour(lines) && line_has_wrote(lines)));
}

/* How many lines, 0: it is none, or may be the writer's own. */
static size_t introduction(const struct reply_text *t, size_t last)
{
	for (size_t n = 1; n <= WRAPPED_MAX && n <= last + 1; n++) {
		const size_t i = last + 1 - n;

		if (t->line[i].whose != OWN || is_blank(t, i))
			return 0;
		if (says_whose(joined(t, last, n)))
			return n;
	}
	return 0;
}

static void mark_introductions(struct reply_text *t)
{
	size_t last = 0;
	bool any = false;

	for (size_t i = 0; i < t->count; i++) {
		if (t->line[i].whose == QUOTED && any && ends_in_colon(t, last)) {
			const size_t n = introduction(t, last);

			mark(t, n > 0 ? last + 1 - n : last, last + 1, n > 0 ? QUOTED : PERHAPS);
		}
		if (t->line[i].whose == QUOTED)
			any = false;
		else if (!is_blank(t, i)) {
			any = true;
			last = i;
		}
	}
}

/* Some programs quote without a mark: all below such a line, if it leaves no doubt. */
static void mark_unmarked(struct reply_text *t)
{
	for (size_t i = 0; i < t->count; i++) {
		const size_t n = t->line[i].whose == OWN && ends_in_colon(t, i) ? introduction(t, i) : 0;
		const struct view lines = n > 0 ? joined(t, i, n) : view_of("");

		if (n > 0 && line_has(lines, "@") && line_has_hour(lines)) {
			mark(t, i + 1 - n, t->count, OLDER);
			return;
		}
	}
}

/* --- Outlook's way: the old message's own head ------------------------------------------------- */

struct head {
	size_t	fields;
	bool	from, address, day, subject;
};

static bool is_subject(const struct reply_text *t, struct view value)
{
	return t->subject.len >= SUBJECT_BYTES_MIN && value.len >= t->subject.len &&
	    memcmp(value.at + value.len - t->subject.len, t->subject.at, t->subject.len) == 0;
}

static void head_read(const struct reply_text *t, size_t i, struct head *h)
{
	struct view label, value;

	*h = (struct head){ 0 };
	for (; i < t->count && t->line[i].whose == OWN && line_is_field(t->line[i].is, &label, &value); i++) {
		h->from |= h->fields == 0 && line_says_from(label);
		h->address |= line_has(value, "@");
		h->day |= line_has_year(value) || line_has_hour(value);
		h->subject |= is_subject(t, value);
		h->fields++;
	}
}

static void mark_head(struct reply_text *t)
{
	for (size_t i = 0; i < t->count; i++) {
		size_t above = i;
		bool rule, sure, perhaps;
		struct head h;

		head_read(t, i, &h);
		if (h.fields == 0)
			continue;
		while (above > 0 && is_blank(t, above - 1))
			above--;
		rule = above > 0 && line_is_rule(t->line[above - 1].is);
		sure = (h.address || h.subject) && (h.fields == 1 ? rule && h.from :
		    rule || h.from || (h.fields >= 3 && h.subject));
		perhaps = h.fields >= 3 && h.address && h.day && above < i;
		if (sure || perhaps)
			mark(t, rule ? above - 1 : i, t->count, sure ? OLDER : PERHAPS);
		if (sure)
			return;
		i += h.fields - 1;
	}
}

/* --- signatures ---------------------------------------------------------------------------------- */

static bool is_dashes(struct view line)
{
	line = line_trim(line);
	return view_is(line, "--");
}

static void mark_signatures(struct reply_text *t)
{
	size_t below = 0, end = t->count;

	for (size_t i = t->count; i-- > 0;) {
		const struct view line = t->line[i].is;

		if (t->line[i].whose >= QUOTED) {
			end = i;
			continue;
		}
		if (line_is_footer(line))
			mark(t, i, i + 1, PERHAPS);
		below += t->line[i].whose == OWN && !is_blank(t, i);
		if ((line_is_closing(line) && below <= SIGNATURE_LINES_MAX + 1) || is_dashes(line)) {
			mark(t, i, end, PERHAPS);
			end = i;
		}
	}
}

/* --- the words -------------------------------------------------------------------------------------- */

/* Letters that take no room, and the blank that is no blank. */
static void put_bare(struct str *s, struct view line)
{
	static const char *const unseen[] = { "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d",
	    "\xe2\x81\xa0", "\xef\xbb\xbf", "\xc2\xad" };

	for (size_t i = 0; i < line.len;) {
		size_t skip = 0;

		for (size_t k = 0; k < sizeof(unseen) / sizeof(unseen[0]); k++)
			if (line.len - i >= strlen(unseen[k]) &&
			    memcmp(line.at + i, unseen[k], strlen(unseen[k])) == 0)
				skip = strlen(unseen[k]);
		if (skip == 0)
			str_putc(s, line.at[i]);
		i += skip > 0 ? skip : 1;
	}
}

static char *put_together(void *ctx, const struct reply_text *t, bool bare, size_t room)
{
	bool gap = false, blank = false;
	struct str out;

	str_init(&out, ctx, room);
	for (size_t i = 0; i < t->count; i++) {
		struct view line = t->line[i].is;

		gap |= !bare && t->line[i].whose == QUOTED;
		if (t->line[i].whose >= (bare ? PERHAPS : QUOTED))
			continue;
		if (line_trim(line).len == 0) {
			blank = true;
			continue;
		}
		while (line.len > 0 && strchr(" \t\r", line.at[line.len - 1]) != NULL)
			line.len--;
		if (out.len > 0)
			str_put(&out, gap ? "\n" MAIL_GAP "\n" : blank ? "\n\n" : "\n");
		gap = blank = false;
		if (bare)
			put_bare(&out, line);
		else
			str_putn(&out, line.at, line.len);
	}
	return str_take(&out);
}

/* "Re: Sv: words" -> "words". */
static struct view without_prefix(const char *subject)
{
	struct view label, value, rest = line_trim(view_of(subject));

	while (line_is_field(rest, &label, &value) && label.len <= 5)
		rest = value;
	return rest;
}

void mail_words_read(void *ctx, const char *text, const char *subject, struct mail_words *out)
{
	struct reply_text t = { .subject = without_prefix(subject) };

	lines_read(ctx, &t, text);
	mark_introductions(&t);
	mark_unmarked(&t);
	mark_head(&t);
	mark_signatures(&t);
	*out = (struct mail_words){ .text = put_together(ctx, &t, false, strlen(text) + strlen(MAIL_GAP) *
	    t.count), .bare = put_together(ctx, &t, true, strlen(text)) };
	for (size_t i = 0; i < t.count; i++)
		out->older |= t.line[i].whose == OLDER && !is_blank(&t, i);
	talloc_free(t.line);
}
