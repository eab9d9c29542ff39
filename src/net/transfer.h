/* transfer.h - one easy handle at work; only for the files of net/.
 *
 * A protocol's file takes a transfer (its handle is reset: no option of an
 * earlier message survives), sets its options and starts it.  `ended` runs
 * once; the handle goes back to the loop when it returns.
 */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include <curl/curl.h>

#include "net/loop.h"

struct transfer;

typedef void transfer_ended_fn(void *owner, CURL *, CURLcode);

struct transfer {
	struct net_loop		*loop;
	CURL			*easy;
	transfer_ended_fn	*ended;
	void			*owner;
	bool			 started;
	struct transfer		*prev, *next;	/* in the loop's list */
};

/* NULL when curl gives no handle (out of memory). */
struct transfer	*transfer_take(struct net_loop *, transfer_ended_fn *, void *owner);

void		 transfer_limit(struct transfer *, const struct net_seconds *);

/* The word for a transfer that ended without a reply: "connect", "name",
 * "tls", "timeout", "lost". */
const char	*transfer_trouble(CURLcode);

/* False (and the transfer given back, `ended` not called) when curl refuses. */
bool		 transfer_start(struct transfer *);

#endif
