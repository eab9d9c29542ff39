/* server.h - the web server: libmicrohttpd in the process's own loop.
 *
 * One thread, one epoll: the daemon's own epoll descriptor, a signalfd for
 * SIGTERM and SIGINT, and nothing else.  TLS is for the proxy in front.
 *
 * Every answer carries the headers that a page with a secret in its address
 * needs (server.c lists them); none sets a cookie.  One log line per answer:
 * event, method, route pattern, status, milliseconds; never the token, the
 * address or the query.
 *
 * A connection that has not finished a request within REQUEST_SECONDS_MAX is
 * closed, however it trickles.
 *
 * Memory:  the server is a talloc child of `ctx`; talloc_free() closes it.
 * Threads: one; server_run() blocks SIGTERM and SIGINT for the process.
 * Errors:  ERR_SYSTEM, ERR_INPUT (address).
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"

struct err;
struct server;
struct site;

#define CONNECTIONS_MAX 1000
#define IDLE_SECONDS_MAX 15		/* keep-alive, or nothing sent */
#define REQUEST_SECONDS_MAX 30		/* from connect or last answer to the next */
#define STOP_SECONDS_MAX 3		/* answers under way at SIGTERM */

struct server_options {
	const char	*address;	/* "127.0.0.1", "::1", "0.0.0.0", "::" */
	uint16_t	 port;		/* 0: the system chooses */
	struct site	*site;		/* borrowed */
	FILE		*log;		/* one line per answer; NULL: none */
	instant_t	 now;		/* 0: the machine's; else fixed, for tests */
	bool		 behind_proxy;	/* believe the last X-Forwarded-For */
};

/* Listens. */
struct server	*server_new(void *ctx, const struct server_options *, struct err *);
uint16_t	 server_port(const struct server *);

/* Serves until SIGTERM or SIGINT. */
bool		 server_run(struct server *, struct err *);

#endif
