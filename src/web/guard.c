/* guard.c - see guard.h. */
#include "web/guard.h"

#include <string.h>

#include "base/str.h"

#define LENGTH_DIGITS_MAX 15

/* RFC 9110, section 5.6.2: tchar. */
static bool is_token_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_header(const char *name, size_t name_len, const char *value, size_t value_len)
{
	if (name_len == 0)
		return false;
	for (size_t i = 0; i < name_len; i++) {
		if (!is_token_char((unsigned char)name[i]))
			return false;
	}
	for (size_t i = 0; i < value_len; i++) {
		const unsigned char c = (unsigned char)value[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool length_parse(struct view text, uint64_t *out)
{
	uint64_t n = 0;

	text = view_trim(text);
	if (text.len == 0 || text.len > LENGTH_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(text.at[i] - '0');
	}
	*out = n;
	return true;
}

void guard_init(struct guard *g, enum method method, const char *version, size_t url_bytes)
{
	*g = (struct guard){ .method = method };
	g->needs_host = strcmp(version, "HTTP/1.1") == 0;
	g->foreign_version = !g->needs_host && strcmp(version, "HTTP/1.0") != 0;
	g->long_url = url_bytes > URL_BYTES_MAX;
}

void guard_header(struct guard *g, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
	const struct view key = { name, name_len };

	g->headers++;
	g->header_bytes += name_len + value_len + 4;	/* ": " and the line end */
	if (!is_header(name, name_len, value, value_len))
		g->bad_header = true;
	if (view_is_nocase(key, "Content-Length")) {
		g->lengths++;
		if (!length_parse((struct view){ value, value_len }, &g->length))
			g->bad_length = true;
	} else if (view_is_nocase(key, "Transfer-Encoding")) {
		g->encodings++;
	} else if (view_is_nocase(key, "Host")) {
		g->hosts++;
	} else if (view_is_nocase(key, "Content-Encoding")) {
		g->packed = true;
	}
}

int guard_verdict(const struct guard *g, uint64_t body_bytes_max)
{
	if (g->foreign_version)
		return 505;
	if (g->long_url)
		return 414;
	if (g->headers > HEADERS_MAX || g->header_bytes > HEADERS_BYTES_MAX)
		return 431;
	if (g->bad_header || g->bad_length || g->lengths > 1 || g->encodings > 1 ||
	    (g->lengths > 0 && g->encodings > 0))
		return 400;
	if (g->hosts > 1 || (g->needs_host && g->hosts == 0))
		return 400;
	if (g->encodings > 0)
		return 411;
	if (g->method != METHOD_POST)
		return g->length > 0 ? 400 : 0;
	if (g->lengths == 0)
		return 411;
	if (g->packed)
		return 415;
	return g->length > body_bytes_max ? 413 : 0;
}
