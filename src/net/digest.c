/* digest.c - see digest.h. */
#include "net/digest.h"

#include <glib.h>

#include "base/must.h"

void digest_hmac(enum digest digest, const char *key, size_t key_len, const void *at,
    size_t len, uint8_t *out)
{
	const GChecksumType type = digest == DIGEST_SHA1 ? G_CHECKSUM_SHA1 : G_CHECKSUM_SHA256;
	gsize bytes = digest == DIGEST_SHA1 ? DIGEST_SHA1_BYTES : DIGEST_SHA256_BYTES;
	GHmac *hmac = g_hmac_new(type, (const guchar *)key, key_len);

	must(hmac != NULL);
	g_hmac_update(hmac, at, (gssize)len);
	g_hmac_get_digest(hmac, out, &bytes);
	g_hmac_unref(hmac);
}
