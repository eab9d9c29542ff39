/* http.h - one HTTP request, one reply with a cap on its size.
 *
 * How an end is classified, for calls that must not happen twice:
 *
 *   2xx                                   taken
 *   408, 425, 429, 503                    later, Retry-After if given
 *   500, 501, 505 and other 5xx           later
 *   502, 504                              unknown: a gateway in between does
 *                                         not know what became of it
 *   1xx, 3xx, other 4xx                   never (redirects are not followed)
 *   ended before the request was written  later
 *   ended after, without a status         unknown
 *
 * A provider's driver may know better from the status and body.
 *
 * libcurl sends a request again by itself when a kept connection dies before
 * the first byte of the reply.  That would be a second message; it is stopped
 * here (request_about_to_leave()) and ends as unknown.
 *
 * Source:  RFC 9110 (status codes, Retry-After in section 10.2.3).
 * Memory:  the request's texts are borrowed until the call-back has run; the
 *          reply lives only during the call-back.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "net/fate.h"
#include "net/loop.h"

struct err;

#define HTTP_REPLY_BYTES_MAX (64 * 1024)
#define HTTP_RETRY_AFTER_SECONDS_MAX 86400
#define HTTP_HEADERS_MAX 16

struct http_request {
	const char		*url;		/* http:// or https://, no login in it */
	const char		*body;		/* NULL: GET, else POST */
	size_t			 body_len;
	bool			 put;		/* PUT, not POST */
	const char		*const *headers; /* "Name: value", NULL at the end; or NULL */
	const char		*user;		/* Basic, NULL for none */
	const char		*password;
	const char		*ca_file;	/* NULL: the system's trusted roots */
	struct net_seconds	 seconds;
	bool			(*leaving)(void *arg);	/* the first byte is about to leave;
						 * false: it may not.  NULL: nobody asks */
};

struct http_reply {
	enum net_fate	 fate;
	int		 status;		/* 0: none came */
	int32_t		 retry_after_seconds;	/* 0: not said */
	const char	*body;			/* NUL-terminated, "" for none */
	size_t		 body_len;
	bool		 body_cut;		/* longer than the cap, or lost midway */
	bool		 unreached;		/* nothing was written */
	const char	*why;			/* constant word, "" when taken */
};

typedef void http_done_fn(void *arg, const struct http_reply *);

/* Starts; `done` runs inside net_loop_step(), or at once on a request that
 * cannot be made (fate never, why "request"). */
void	http_send(struct net_loop *, const struct http_request *, http_done_fn *,
	    void *arg);

/* Percent-encodes for a query: all but the unreserved of RFC 3986. */
void	http_query_put(struct str *, const char *text);

#endif
