/* router.c - see router.h. */
#include "web/router.h"

#include <string.h>

#include "base/must.h"
#include "base/str.h"

#define ALLOW_READ "GET, HEAD"
#define ALLOW_FORM "GET, HEAD, POST"

/* A path is prefix, token (when `token` is set), rest. */
static const struct {
	const char	*prefix, *rest;
	const char	*pattern;
	const char	*allow;
	bool		 token;
} routes[ROUTES] = {
	[ROUTE_NONE]		= { "", "", "-", ALLOW_FORM, false },
	[ROUTE_PAY]		= { "/p/", "", "/p/TOKEN", ALLOW_READ, true },
	[ROUTE_LATER]		= { "/p/", "/later", "/p/TOKEN/later", ALLOW_FORM, true },
	[ROUTE_PARTS]		= { "/p/", "/parts", "/p/TOKEN/parts", ALLOW_FORM, true },
	[ROUTE_PAID]		= { "/p/", "/paid", "/p/TOKEN/paid", ALLOW_FORM, true },
	[ROUTE_WRONG]		= { "/p/", "/wrong", "/p/TOKEN/wrong", ALLOW_FORM, true },
	[ROUTE_HELP]		= { "/p/", "/help", "/p/TOKEN/help", ALLOW_FORM, true },
	[ROUTE_UNSUBSCRIBE]	= { "/u/", "", "/u/TOKEN", ALLOW_FORM, true },
	[ROUTE_STYLE]		= { "/static/purr.css", "", "/static/purr.css", ALLOW_READ, false },
	[ROUTE_ROBOTS]		= { "/robots.txt", "", "/robots.txt", ALLOW_READ, false },
	[ROUTE_HEALTH]		= { "/healthz", "", "/healthz", ALLOW_READ, false },
	[ROUTE_READY]		= { "/readyz", "", "/readyz", ALLOW_READ, false },
};

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
	if (!routes[route].token)
		return middle.len == 0;
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
	if (method == METHOD_POST)
		return strcmp(route_allow(route), ALLOW_FORM) == 0;
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
	return routes[route].token;
}
