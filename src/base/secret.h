/* secret.h - keys, keyed hashes, random bytes and content hashes (libsodium).
 *
 * Keys are files of 32 bytes (64 hex digits), mode 0600, in keys/ of the
 * workspace, outside the database and its backups.
 *
 * Source:  RFC 2104 / FIPS 198-1 (HMAC), FIPS 180-4 (SHA-256).
 * Units:   bytes; hex texts have a closing NUL.
 * Threads: all but secret_start() may be called from anywhere.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define KEY_BYTES 32
#define HASH_BYTES 32
#define HASH_HEX_BYTES 65		/* 64 digits and the closing NUL */
#define TOKEN_BYTES 16			/* 128 bits */
#define TOKEN_TEXT_BYTES 23		/* 22 of base64url and the closing NUL */

struct key {
	uint8_t	at[KEY_BYTES];
	char	id[17];			/* first 8 bytes of SHA-256 of the key, hex */
};

void	secret_start(void);		/* once, before any other call */
void	secret_random(void *out, size_t bytes);
/* From here on secret_random() gives what follows from `key`: for a simulation,
 * which must be the same twice and whose secrets protect nobody. */
void	secret_foretell(const struct key *);

void	sha256_hex(const void *at, size_t len, char out[HASH_HEX_BYTES]);

/* Of a whole file, read in chunks. */
bool	sha256_file_hex(const char *path, char out[HASH_HEX_BYTES], struct err *);

/* HMAC-SHA-256 over pieces, joined without separators. */
struct piece {
	const void	*at;
	size_t		 len;
};
void	hmac_sha256(const struct key *, const struct piece *, size_t pieces,
	    uint8_t out[HASH_BYTES]);

/* Base64 with padding (RFC 4648, section 4); `room` holds the closing NUL, too. */
void	base64_text(const void *at, size_t len, char *out, size_t room);
/* Base64url without padding (section 5).  False: it is none, or longer than `room`. */
bool	base64url_bytes(const char *at, size_t len, uint8_t *out, size_t room, size_t *count);

/* base64url without padding of the first TOKEN_BYTES. */
void	token_text(const uint8_t *bytes, char out[TOKEN_TEXT_BYTES]);
bool	token_is_wellformed(const char *text, size_t len);

/* Constant-time comparison. */
bool	secret_equal(const void *, const void *, size_t bytes);

bool	key_from_hex(const char *hex, struct key *, struct err *);
bool	key_read_file(const char *path, struct key *, struct err *);
bool	key_make_file(const char *path, struct err *);	/* O_EXCL, 0600 */

#endif
