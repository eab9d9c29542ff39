/* pairs.c - see pairs.h. */
#include "inbound/pairs.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/str.h"

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What is no escape stays as it is, as browsers and libraries read it. */
static char *decode(void *ctx, const char *at, size_t len)
{
	char *out = talloc_array(ctx, char, (unsigned)len + 1), *to = out;

	must(out != NULL);
	for (size_t i = 0; i < len; i++) {
		const bool escape = at[i] == '%' && i + 2 < len && digit_of(at[i + 1]) >= 0 &&
		    digit_of(at[i + 2]) >= 0;

		if (escape) {
			*to++ = (char)(digit_of(at[i + 1]) * 16 + digit_of(at[i + 2]));
			i += 2;
		} else {
			*to++ = at[i] == '+' ? ' ' : at[i];
		}
	}
	*to = '\0';
	return strlen(out) == (size_t)(to - out) && utf8_is_valid(out, (size_t)(to - out)) ?
	    out : NULL;
}

bool pairs_read(struct pairs *p, void *ctx, const char *at, size_t len)
{
	const char *const end = at + len;

	p->count = 0;
	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		const char *equal;

		if (stop == NULL)
			stop = end;
		equal = memchr(at, '=', (size_t)(stop - at));
		if (stop > at) {
			const char *middle = equal != NULL ? equal : stop;
			const char *value = equal != NULL ? equal + 1 : stop;
			struct pair *pair = &p->at[p->count];

			if (p->count == PAIRS_MAX)
				return false;
			pair->name = decode(ctx, at, (size_t)(middle - at));
			pair->value = decode(ctx, value, (size_t)(stop - value));
			if (pair->name == NULL || pair->value == NULL)
				return false;
			p->count++;
		}
		at = stop + 1;
	}
	return true;
}

const char *pairs_value(const struct pairs *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->at[i].name, name) == 0)
			return p->at[i].value;
	return "";
}
