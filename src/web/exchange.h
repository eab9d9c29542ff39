/* exchange.h - one request and its answer, as libmicrohttpd hands it over.
 *
 * Every answer carries the headers that a page with a secret in its address
 * needs; none sets a cookie (exchange.c lists them).
 *
 * Memory:  an exchange is a talloc child of `ctx`; it must live until the
 *          answer was sent, since the answer's body is not copied.
 * Threads: one.
 */
#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/str.h"
#include "web/guard.h"
#include "web/router.h"

struct MHD_Connection;
struct site;

struct exchange {
	struct site		*site;
	instant_t		 now;		/* 0: the machine's */
	bool			 behind_proxy;	/* believe the last X-Forwarded-For */
	uint64_t		 client;	/* of the connection */
	tick_t			 began;
	char			*url;		/* as sent, with the query */
	struct guard		 guard;
	bool			 guarded;
	struct str		 body;
	enum method		 method;
	struct route_match	 match;
	int			 status;	/* answered with; 0: not yet */
};

/* `first` gives site, now, behind_proxy and client. */
struct exchange	*exchange_new(void *ctx, const struct exchange *first, const char *url);

/* To be called once with the head, once per piece of the body (*size is set
 * to 0: all was taken), and once at the end.  False ends the connection. */
bool	exchange_step(struct exchange *, struct MHD_Connection *, const char *method,
	    const char *version, const char *data, size_t *size);

/* One line: event, method, route pattern, status, milliseconds; never the
 * token, the address or the query. */
void	exchange_log(const struct exchange *, FILE *, tick_t now, bool broken);

#endif
