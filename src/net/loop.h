/* loop.h - one libcurl multi handle and one epoll: everything that purr says
 * to the network from one process goes through it.
 *
 * Transfers are started by smtp.h and http.h and end in call-backs that run
 * inside net_loop_step().  Connections are kept between transfers.
 *
 * Source:  libcurl's manual on curl_multi_socket_action (the event interface:
 *          cost does not grow with idle connections).
 * Memory:  talloc; freeing the loop ends every transfer without call-back.
 * Threads: none.  net_start() must run before the process forks or starts a
 *          thread; net_loop_open() calls it.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct net_loop;

/* How long one transfer may take; all three greater than zero. */
struct net_seconds {
	int	connect_max;		/* name, connection, TLS */
	int	stall_max;		/* without a byte, or for one reply */
	int	transfer_max;		/* all in all */
};

struct net_loop_limits {
	int	connections_max;	/* open or kept, all hosts */
	int	host_connections_max;	/* to one host and port */
};

bool	net_start(struct err *);

struct net_loop	*net_loop_open(void *ctx, const struct net_loop_limits *,
		    struct err *);

/* Waits for the network at most `wait_ms_max` (0: not at all) and does what
 * has become possible.  False when epoll or curl itself failed. */
bool	net_loop_step(struct net_loop *, int wait_ms_max, struct err *);

/* Has it a scheme, a host, and a port that can be one? */
bool	net_url_is_readable(const char *url);

size_t	net_loop_busy(const struct net_loop *);	/* transfers under way */

#endif
