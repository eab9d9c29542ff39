/* site.h - one request in, one answer out: the server without its sockets.
 *
 * server.c reads requests and writes answers; what a request means is decided
 * here, so that all of it can be tested without a network.
 *
 * Memory:  the site is a talloc child of `ctx`; an answer's body belongs to
 *          the request's context or to the site.
 * Threads: one.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "model/hook_desk.h"
#include "model/pay_desk.h"
#include "web/client_limit.h"
#include "web/page.h"
#include "web/router.h"

struct err;

struct site_options {
	const struct pay_desk		*desk;		/* borrowed */
	const struct hook_desk		*hooks;		/* borrowed; NULL: no provider calls here */
	const struct page_library	*pages;		/* closed; borrowed */
	struct key			 key;		/* signs forms: the same in every
							 * process that serves them */
	const char			*lang;		/* where nothing else says which */
	FILE				*log;		/* events; NULL: none */
};

struct site;

/* What of a request may matter.  Texts are "" where there is nothing. */
struct web_request {
	int			 guard_status;	/* of guard_verdict(): not 0, refused */
	enum method		 method;
	struct route_match	 match;
	struct view		 query;		/* after "?" */
	struct view		 body;
	const char		*content_type;
	const char		*accept_language;
	const char		*(*header)(void *arg, const char *name);	/* any other; "" */
	void			*header_arg;
	uint64_t		 client;	/* of client_of_address() */
	instant_t		 now;
	tick_t			 tick;
};

struct web_answer {
	int		 status;
	const char	*type;			/* media type */
	const char	*lang;			/* "" for none */
	const char	*allow;			/* with 405, else NULL */
	struct view	 body;
	int		 retry_after_seconds;	/* 0: no such header */
	bool		 cacheable;		/* else no-store */
	bool		 close;			/* the connection */
};

struct site		*site_new(void *ctx, const struct site_options *, struct err *);
const struct client_limit *site_limit(const struct site *);
const struct pay_desk	*site_desk(const struct site *);

void	site_answer(struct site *, void *ctx, const struct web_request *, struct web_answer *);

#endif
