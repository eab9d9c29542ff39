/* guard.h - may this request be read at all?
 *
 * libmicrohttpd 0.9.75 takes two Content-Lengths, and a Content-Length beside
 * a Transfer-Encoding, at its strictest level; behind a proxy that counts
 * differently, one request would become two.  The guard sees every header
 * before the body is read and answers such a request with 400 and a closed
 * connection.  A body of unknown length is refused as a whole (no browser
 * sends one), so chunked framing is never believed.
 *
 * It does not see how lines ended: a bare LF is taken as a line end, as RFC
 * 9112, section 2.2 permits.
 *
 * Source:  RFC 9110, RFC 9112 (sections 2.2, 3.2, 6.1, 6.3).
 * Units:   bytes.
 * Threads: pure.
 */
#ifndef WEB_GUARD_H
#define WEB_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "web/router.h"

#define URL_BYTES_MAX 2048
#define HEADERS_MAX 64
#define HEADERS_BYTES_MAX 8192

struct guard {
	enum method	method;
	size_t		headers, header_bytes;
	int		lengths, encodings, hosts;
	uint64_t	length;		/* of the body, as announced */
	bool		needs_host;	/* HTTP/1.1 */
	bool		foreign_version, long_url, bad_header, bad_length, packed;
};

void	guard_init(struct guard *, enum method, const char *version, size_t url_bytes);
void	guard_header(struct guard *, const char *name, size_t name_len,
	    const char *value, size_t value_len);

/* The status to answer with, 0 when there is nothing against the request.
 * After anything but 0 the connection must be closed. */
int	guard_verdict(const struct guard *, uint64_t body_bytes_max);

#endif
