/* router.c - see router.h. */
#include "web/router.h"

#include <string.h>

#include "base/must.h"
#include "base/str.h"

#define ALLOW_READ "GET, HEAD"
#define ALLOW_FORM "GET, HEAD, POST"
#define ALLOW_CALL "GET, POST"		/* a provider's; some report by GET */

enum middle { MIDDLE_NONE, MIDDLE_TOKEN, MIDDLE_WORD };

/* A path is prefix, middle, rest. */
static const struct {
	const char	*prefix, *rest;
	const char	*pattern;
	const char	*allow;
	enum middle	 middle;
} routes[ROUTES] = {
	[ROUTE_NONE]		= { "", "", "-", ALLOW_FORM, MIDDLE_NONE },
	[ROUTE_PAY]		= { "/p/", "", "/p/TOKEN", ALLOW_READ, MIDDLE_TOKEN },
	[ROUTE_LATER]		= { "/p/", "/later", "/p/TOKEN/later", ALLOW_FORM, MIDDLE_TOKEN },
	[ROUTE_PARTS]		= { "/p/", "/parts", "/p/TOKEN/parts", ALLOW_FORM, MIDDLE_TOKEN },
	[ROUTE_PAID]		= { "/p/", "/paid", "/p/TOKEN/paid", ALLOW_FORM, MIDDLE_TOKEN },
	[ROUTE_WRONG]		= { "/p/", "/wrong", "/p/TOKEN/wrong", ALLOW_FORM, MIDDLE_TOKEN },
	[ROUTE_HELP]		= { "/p/", "/help", "/p/TOKEN/help", ALLOW_FORM, MIDDLE_TOKEN },
	[ROUTE_RATE]		= { "/p/", "/rate", "/p/TOKEN/rate", ALLOW_FORM, MIDDLE_TOKEN },
	[ROUTE_UNSUBSCRIBE]	= { "/u/", "", "/u/TOKEN", ALLOW_FORM, MIDDLE_TOKEN },
	[ROUTE_STYLE]		= { "/static/purr.css", "", "/static/purr.css", ALLOW_READ, MIDDLE_NONE },
	[ROUTE_ROBOTS]		= { "/robots.txt", "", "/robots.txt", ALLOW_READ, MIDDLE_NONE },
	[ROUTE_SMS_STATUS]	= { "/hooks/sms/", "/status", "/hooks/sms/PROVIDER/status", ALLOW_CALL, MIDDLE_WORD },
	[ROUTE_SMS_INBOUND]	= { "/hooks/sms/", "/inbound", "/hooks/sms/PROVIDER/inbound", ALLOW_CALL, MIDDLE_WORD },
	[ROUTE_LETTER_STATUS]	= { "/hooks/letter/", "/status", "/hooks/letter/PROVIDER/status", ALLOW_CALL, MIDDLE_WORD },
	[ROUTE_HEALTH]		= { "/healthz", "", "/healthz", ALLOW_READ, MIDDLE_NONE },
	[ROUTE_READY]		= { "/readyz", "", "/readyz", ALLOW_READ, MIDDLE_NONE },
};

static bool word_take(struct view middle, struct route_match *out)
{
	if (middle.len == 0 || middle.len >= ROUTE_WORD_BYTES)
		return false;
	for (size_t i = 0; i < middle.len; i++)
		if (!(middle.at[i] >= 'a' && middle.at[i] <= 'z') &&
		    !(middle.at[i] >= '0' && middle.at[i] <= '9'))
			return false;
	memcpy(out->word, middle.at, middle.len);	/* zeroed before */
	return true;
}

static bool matches(enum route route, struct view path, struct route_match *out)
{
	const size_t before = strlen(routes[route].prefix);
	const size_t after = strlen(routes[route].rest);
	struct view middle;

	if (path.len < before + after ||
	    memcmp(path.at, routes[route].prefix, before) != 0 ||
	    memcmp(path.at + path.len - after, routes[route].rest, after) != 0)
		return false;
	middle = (struct view){ path.at + before, path.len - before - after };
	if (routes[route].middle == MIDDLE_NONE)
		return middle.len == 0;
	if (routes[route].middle == MIDDLE_WORD)
		return word_take(middle, out);
	if (middle.len == 0 || memchr(middle.at, '/', middle.len) != NULL)
		return false;
	if (token_is_wellformed(middle.at, middle.len))
		memcpy(out->token, middle.at, middle.len);	/* zeroed before */
	return true;
}

struct route_match route_find(const char *path, size_t len)
{
	struct route_match out = { .route = ROUTE_NONE };

	for (int i = ROUTE_NONE + 1; i < ROUTES; i++) {
		if (matches((enum route)i, (struct view){ path, len }, &out)) {
			out.route = (enum route)i;
			break;
		}
	}
	return out;
}

enum method method_parse(const char *text)
{
	if (strcmp(text, "GET") == 0)
		return METHOD_GET;
	if (strcmp(text, "HEAD") == 0)
		return METHOD_HEAD;
	if (strcmp(text, "POST") == 0)
		return METHOD_POST;
	return METHOD_OTHER;
}

bool route_allows(enum route route, enum method method)
{
	const char *allow = route_allow(route);

	if (method == METHOD_POST)
		return strcmp(allow, ALLOW_READ) != 0;
	if (method == METHOD_HEAD)
		return strcmp(allow, ALLOW_CALL) != 0;
	return method != METHOD_OTHER;
}

const char *route_allow(enum route route)
{
	must((unsigned)route < ROUTES);
	return routes[route].allow;
}

const char *route_pattern(enum route route)
{
	must((unsigned)route < ROUTES);
	return routes[route].pattern;
}

bool route_has_token(enum route route)
{
	must((unsigned)route < ROUTES);
	return routes[route].middle == MIDDLE_TOKEN;
}
