/* transfer.h - one easy handle at work; only for the files of net/.
 *
 * A protocol's file takes a transfer (its handle is reset: no option of an
 * earlier message survives), sets its options and starts it.  `ended` runs
 * once; the handle goes back to the loop when it returns.
 *
 * A transfer that only connects (CURLOPT_CONNECT_ONLY) may be kept by `ended`: its
 * connection is spoken over with curl_easy_send() and curl_easy_recv(), its descriptor
 * watched, and it is given back with transfer_release().
 */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include <stdint.h>

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
	bool			 connects_only;	/* may be kept */
	bool			 kept;		/* set by `ended` */
	bool			 ending;	/* `ended` runs: it is freed when that returns */
	struct transfer		*prev, *next;	/* in the loop's list */
};

/* A descriptor that somebody of net/ reads and writes himself.  `ready` and `tick` (about
 * once a second, and after each wait) run inside net_loop_step(); `part` when the loop
 * ends: a last word may be said. */
struct watch {
	struct net_loop	*loop;
	int		 fd;
	void		(*ready)(struct watch *);
	void		(*tick)(struct watch *, int64_t now_ms);
	void		(*part)(struct watch *);
	void		*owner;
	bool		 out;
	struct watch	*prev, *next;
};

/* False: epoll refuses. */
bool		 watch_start(struct watch *);
void		 watch_out(struct watch *, bool out);	/* is there something to be written? */
void		 watch_stop(struct watch *);

/* Something that is no transfer is under way (+1), and is over (-1). */
void		 net_loop_work(struct net_loop *, int by);

/* NULL when curl gives no handle (out of memory). */
struct transfer	*transfer_take(struct net_loop *, transfer_ended_fn *, void *owner);

void		 transfer_limit(struct transfer *, const struct net_seconds *);

/* The word for a transfer that ended without a reply: "connect", "name",
 * "tls", "timeout", "lost". */
const char	*transfer_trouble(CURLcode);

/* Of a kept one: closes its connection. */
void		 transfer_release(struct transfer *);

/* False (and the transfer given back, `ended` not called) when curl refuses. */
bool		 transfer_start(struct transfer *);

#endif
