/* router.h - which page a path means, and how it may be asked.
 *
 * Paths are compared byte by byte: nothing is decoded, so that no second
 * spelling of a path exists.  Pattern texts are what a log may show; the token
 * is a credential and never leaves the request.
 *
 * Threads: pure.
 */
#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/secret.h"

#define ROUTE_WORD_BYTES 16		/* a-z and 0-9, and the closing NUL */

enum route {
	ROUTE_NONE,
	ROUTE_PAY,		/* /p/TOKEN */
	ROUTE_LATER,		/* /p/TOKEN/later: pay another day */
	ROUTE_PARTS,		/* /p/TOKEN/parts */
	ROUTE_PAID,		/* /p/TOKEN/paid: already paid */
	ROUTE_WRONG,		/* /p/TOKEN/wrong: something is wrong */
	ROUTE_HELP,		/* /p/TOKEN/help */
	ROUTE_RATE,		/* /p/TOKEN/rate: how was it? */
	ROUTE_UNSUBSCRIBE,	/* /u/TOKEN */
	ROUTE_STYLE,		/* /static/purr.css */
	ROUTE_ROBOTS,		/* /robots.txt */
	ROUTE_SMS_STATUS,	/* /hooks/sms/PROVIDER/status */
	ROUTE_SMS_INBOUND,	/* /hooks/sms/PROVIDER/inbound */
	ROUTE_LETTER_STATUS,	/* /hooks/letter/PROVIDER/status */
	ROUTE_HEALTH,		/* /healthz: the process answers */
	ROUTE_READY,		/* /readyz: it can do its work */
	ROUTES
};

enum method { METHOD_OTHER, METHOD_GET, METHOD_HEAD, METHOD_POST };

struct route_match {
	enum route	route;
	char		token[TOKEN_TEXT_BYTES];	/* "" : none, or malformed */
	char		word[ROUTE_WORD_BYTES];		/* PROVIDER; "": none */
};

/* `path` without the query. */
struct route_match	 route_find(const char *path, size_t len);

enum method		 method_parse(const char *);
bool			 route_allows(enum route, enum method);
const char		*route_allow(enum route);	/* for the Allow header */
const char		*route_pattern(enum route);	/* for the log */
bool			 route_has_token(enum route);

#endif
