/* digest.h - HMACs under keys of any length, for what providers sign; our own
 * signatures are base/secret.h's.
 *
 * Source:  RFC 2104; GLib's GHmac, which GMime brings.
 * Threads: pure.
 */
#ifndef NET_DIGEST_H
#define NET_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_SHA1_BYTES 20
#define DIGEST_SHA256_BYTES 32

enum digest { DIGEST_SHA1, DIGEST_SHA256 };

/* `out` has room for the digest's bytes. */
void	digest_hmac(enum digest, const char *key, size_t key_len, const void *at, size_t len,
	    uint8_t *out);

#endif
