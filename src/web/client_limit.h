/* client_limit.h - how often one client address has come with a wrong link.
 *
 * A token of 128 bits cannot be guessed; this keeps those who try from
 * costing look-ups and filling the log.  Only wrong links count, so that an
 * office behind one address is never shut out by using its own.
 *
 * Addresses are kept as keyed hashes (an IPv6 address as its /64), in a table
 * of fixed size: the least recently counted gives way.
 *
 * Units:   ticks in milliseconds.
 * Memory:  one block, child of `ctx`.
 * Threads: one.
 */
#ifndef WEB_CLIENT_LIMIT_H
#define WEB_CLIENT_LIMIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/clock.h"

#define WRONG_LINKS_MAX 30			/* in one window */
#define WRONG_LINKS_WINDOW_MS (10 * 60 * 1000)
#define CLIENTS_MAX 4096

struct client_limit;

struct client_limit	*client_limit_new(void *ctx);

/* The number under which an address is counted; 0 when it has none (a Unix
 * socket): never limited.  The text form is for a proxy's header. */
uint64_t	client_of_address(const struct client_limit *, const struct sockaddr *);
uint64_t	client_of_text(const struct client_limit *, const char *address);

/* Counts one wrong link. */
void		client_limit_count(struct client_limit *, uint64_t client, tick_t now);

/* 0: may come; else seconds until it may. */
int		client_limit_wait(const struct client_limit *, uint64_t client, tick_t now);

#endif
