/* window_line.c - see window_line.h. */
#include "cmd/window_line.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"

/* Members that are asked for, by the order of `places` below. */
enum { MEMBER_ID = 0, MEMBERS = 8 };

struct scan {
	const char	*at, *end;
	bool		 escaped;	/* a backslash was met */
};

static void skip_space(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' ||
	    *s->at == '\n'))
		s->at++;
}

static bool take(struct scan *s, char c)
{
	skip_space(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* A string without its quotes; one with escapes sets `escaped`. */
static bool take_string(struct scan *s, struct view *out)
{
	if (!take(s, '"'))
		return false;
	out->at = s->at;
	while (s->at < s->end && *s->at != '"') {
		if ((unsigned char)*s->at < 0x20)
			return false;
		if (*s->at == '\\') {
			s->escaped = true;
			if (++s->at == s->end)
				return false;
		}
		s->at++;
	}
	out->len = (size_t)(s->at - out->at);
	return take(s, '"');
}

static bool take_digits(struct scan *s)
{
	const char *start = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return s->at > start;
}

static bool at_char(const struct scan *s, const char *chars)
{
	return s->at < s->end && strchr(chars, *s->at) != NULL;
}

static bool take_number(struct scan *s)
{
	s->at += at_char(s, "-");
	if (at_char(s, "0"))
		s->at++;
	else if (!take_digits(s))
		return false;
	if (at_char(s, ".")) {
		s->at++;
		if (!take_digits(s))
			return false;
	}
	if (at_char(s, "eE")) {
		s->at++;
		s->at += at_char(s, "+-");
		if (!take_digits(s))
			return false;
	}
	return !at_char(s, "0123456789.eE+-");
}

static bool take_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < 3; i++) {
		const size_t len = strlen(words[i]);

		if ((size_t)(s->end - s->at) >= len && memcmp(s->at, words[i], len) == 0) {
			s->at += len;
			return true;
		}
	}
	return false;
}

/* A scalar; `raw` is all of it, `text` the inside of a string. */
static bool take_value(struct scan *s, struct view *raw, struct view *text, bool *is_string)
{
	bool ok;

	skip_space(s);
	raw->at = s->at;
	*is_string = at_char(s, "\"");
	if (*is_string)
		ok = take_string(s, text);
	else
		ok = at_char(s, "-0123456789") ? take_number(s) : take_word(s);
	raw->len = (size_t)(s->at - raw->at);
	return ok;
}

static int member_index(struct view key)
{
	static const struct view names[MEMBERS] = { { "id", 2 }, { "pack", 4 }, { "channel", 7 },
	    { "zone", 4 }, { "at", 2 }, { "party", 5 }, { "role", 4 }, { "region", 6 } };

	for (int i = 0; i < MEMBERS; i++)
		if (key.len == names[i].len && memcmp(key.at, names[i].at, key.len) == 0)
			return i;
	return -1;
}

static bool word_keep(struct view text, char *out)
{
	if (text.len >= WINDOW_WORD_BYTES)
		return false;
	memcpy(out, text.at, text.len);
	out[text.len] = '\0';
	return true;
}

static bool member_read(struct scan *s, struct window_line *out, unsigned *seen,
    struct err *err)
{
	char *const places[MEMBERS] = { NULL, out->pack, out->channel, out->zone, out->at,
	    out->party, out->role, out->region };
	struct view key, raw, text;
	bool is_string;
	int i;

	if (!take_string(s, &key) || !take(s, ':') || !take_value(s, &raw, &text, &is_string))
		return err_set(err, ERR_INPUT, "the line is not a flat JSON object");
	i = member_index(key);
	if (i < 0)
		return true;
	if (*seen >> i & 1)
		return err_set(err, ERR_INPUT, "'%.*s' is given twice", (int)key.len, key.at);
	*seen |= 1u << i;
	if (i == MEMBER_ID)
		out->id = raw;
	else if (!is_string || !word_keep(text, places[i]))
		return err_set(err, ERR_INPUT, "'%.*s' must be a text of fewer than %d bytes",
		    (int)key.len, key.at, WINDOW_WORD_BYTES);
	return true;
}

static bool members_read(struct scan *s, struct window_line *out, struct err *err)
{
	unsigned seen = 0;

	if (!take(s, '{'))
		return err_set(err, ERR_INPUT, "the line is not a JSON object");
	if (!take(s, '}')) {
		do {
			if (!member_read(s, out, &seen, err))
				return false;
		} while (take(s, ','));
		if (!take(s, '}'))
			return err_set(err, ERR_INPUT, "the line is not a flat JSON object");
	}
	skip_space(s);
	return s->at == s->end ||
	    err_set(err, ERR_INPUT, "something follows the JSON object");
}

/* Writes the line anew with as few escapes as JSON needs. */
static bool line_rewrite(struct view line, struct str *spare, struct err *err)
{
	json_error_t why;
	json_t *root = json_loadb(line.at, line.len, JSON_REJECT_DUPLICATES, &why);
	char *text;

	if (root == NULL)
		return err_set(err, ERR_INPUT, "the line is not JSON: %.100s", why.text);
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	str_clear(spare);
	if (text != NULL)
		str_put(spare, text);
	free(text);
	return str_ok(spare) || err_set(err, ERR_INPUT, "the line is too long");
}

bool window_line_read(struct view line, struct str *spare, struct window_line *out,
    struct err *err)
{
	struct err own = { 0 };
	struct scan s = { line.at, line.at + line.len, false };
	bool ok;

	*out = (struct window_line){ .id = view_of("null") };
	if (!utf8_is_valid(line.at, line.len))
		return err_set(err, ERR_INPUT, "the line is not UTF-8");
	ok = members_read(&s, out, &own);
	if (s.escaped) {
		if (!line_rewrite(line, spare, err))
			return false;
		own = (struct err){ 0 };
		*out = (struct window_line){ .id = view_of("null") };
		s = (struct scan){ spare->at, spare->at + spare->len, false };
		ok = members_read(&s, out, &own);
	}
	return ok || err_set(err, own.kind, "%s", own.text);
}
