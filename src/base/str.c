/* str.c - see str.h. */
#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <talloc.h>

#include "base/must.h"

#define STR_FIRST_BYTES 128
#define STR_BYTES_MAX (1u << 30)	/* talloc counts in unsigned int */

void str_init(struct str *s, void *ctx, size_t bytes_max)
{
	must(bytes_max <= STR_BYTES_MAX);
	*s = (struct str){ .bytes_max = bytes_max, .ctx = ctx };
	s->room = bytes_max + 1 < STR_FIRST_BYTES ? bytes_max + 1 : STR_FIRST_BYTES;
	s->at = talloc_array(ctx, char, (unsigned)s->room);
	must(s->at != NULL);
	s->at[0] = '\0';
}

void str_release(struct str *s)
{
	talloc_free(s->at);
	*s = (struct str){ 0 };
}

void str_clear(struct str *s)
{
	s->len = 0;
	s->over = false;
	s->at[0] = '\0';
}

char *str_take(struct str *s)
{
	char *text = talloc_realloc(s->ctx, s->at, char, (unsigned)s->len + 1);

	must(text != NULL);
	*s = (struct str){ 0 };
	return text;
}

bool str_ok(const struct str *s)
{
	return !s->over;
}

/* Makes room for `more` bytes; returns how many of them may be written. */
static size_t str_reserve(struct str *s, size_t more)
{
	size_t room;

	if (more > s->bytes_max - s->len) {
		s->over = true;
		more = s->bytes_max - s->len;
	}
	if (s->len + more + 1 <= s->room)
		return more;
	room = s->room * 2;
	if (room < s->len + more + 1)
		room = s->len + more + 1;
	if (room > s->bytes_max + 1)
		room = s->bytes_max + 1;
	s->at = talloc_realloc(s->ctx, s->at, char, (unsigned)room);
	must(s->at != NULL);
	s->room = room;
	return more;
}

void str_putn(struct str *s, const char *text, size_t len)
{
	const size_t n = str_reserve(s, len);

	if (n > 0)
		memcpy(s->at + s->len, text, n);
	s->len += n;
	s->at[s->len] = '\0';
}

void str_put(struct str *s, const char *text)
{
	str_putn(s, text, strlen(text));
}

void str_putc(struct str *s, char c)
{
	str_putn(s, &c, 1);
}

void str_vprintf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	must(n >= 0);
	text = talloc_array(s->ctx, char, (unsigned)n + 1);
	must(text != NULL);
	must(vsnprintf(text, (size_t)n + 1, fmt, again) == n);
	va_end(again);
	str_putn(s, text, (size_t)n);
	talloc_free(text);
}

void str_printf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vprintf(s, fmt, ap);
	va_end(ap);
}

struct view view_of(const char *text)
{
	return (struct view){ .at = text, .len = strlen(text) };
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct view view_trim(struct view v)
{
	while (v.len > 0 && is_space(v.at[0])) {
		v.at++;
		v.len--;
	}
	while (v.len > 0 && is_space(v.at[v.len - 1]))
		v.len--;
	return v;
}

bool view_is(struct view v, const char *text)
{
	return v.len == strlen(text) && memcmp(v.at, text, v.len) == 0;
}

bool view_is_nocase(struct view v, const char *text)
{
	return v.len == strlen(text) && strncasecmp(v.at, text, v.len) == 0;
}

/* Bytes of the sequence that starts with `lead`, 0 when none may. */
static size_t utf8_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	if (lead >= 0xf0 && lead <= 0xf4)
		return 4;
	return 0;
}

bool utf8_is_valid(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;

	for (size_t i = 0; i < len;) {
		size_t n;
		uint64_t eight;

		/* most texts are ASCII */
		if (len - i >= sizeof(eight)) {
			memcpy(&eight, s + i, sizeof(eight));
			if ((eight & UINT64_C(0x8080808080808080)) == 0) {
				i += sizeof(eight);
				continue;
			}
		}
		n = utf8_length(s[i]);
		if (n == 0 || n > len - i)
			return false;
		for (size_t k = 1; k < n; k++)
			if ((s[i + k] & 0xc0) != 0x80)
				return false;
		if ((s[i] == 0xe0 && s[i + 1] < 0xa0) ||
		    (s[i] == 0xed && s[i + 1] > 0x9f) ||
		    (s[i] == 0xf0 && s[i + 1] < 0x90) ||
		    (s[i] == 0xf4 && s[i + 1] > 0x8f))
			return false;
		i += n;
	}
	return true;
}
