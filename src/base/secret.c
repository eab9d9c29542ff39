/* secret.c - see secret.h. */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/err.h"
#include "base/must.h"

#define FILE_CHUNK_BYTES 65536

void secret_start(void)
{
	must(sodium_init() >= 0);
}

static struct {
	bool		on;
	struct key	key;
	uint64_t	count;
} foretold;

void secret_foretell(const struct key *key)
{
	foretold.on = true;
	foretold.key = *key;
	foretold.count = 0;
}

void secret_random(void *out, size_t bytes)
{
	uint8_t *at = out, block[HASH_BYTES];

	if (!foretold.on) {
		randombytes_buf(out, bytes);
		return;
	}
	for (size_t done = 0; done < bytes; done += sizeof(block)) {
		const struct piece piece = { &foretold.count, sizeof(foretold.count) };

		hmac_sha256(&foretold.key, &piece, 1, block);
		foretold.count++;
		memcpy(at + done, block, bytes - done < sizeof(block) ? bytes - done :
		    sizeof(block));
	}
}

void sha256_hex(const void *at, size_t len, char out[HASH_HEX_BYTES])
{
	uint8_t hash[HASH_BYTES];

	must(crypto_hash_sha256(hash, at, len) == 0);
	sodium_bin2hex(out, HASH_HEX_BYTES, hash, sizeof(hash));
}

bool sha256_file_hex(const char *path, char out[HASH_HEX_BYTES], struct err *err)
{
	crypto_hash_sha256_state state;
	uint8_t hash[HASH_BYTES], chunk[FILE_CHUNK_BYTES];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
	crypto_hash_sha256_init(&state);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		crypto_hash_sha256_update(&state, chunk, (unsigned long long)n);
	if (n < 0)
		err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
	close(fd);
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(out, HASH_HEX_BYTES, hash, sizeof(hash));
	return n == 0;
}

void hmac_sha256(const struct key *key, const struct piece *piece, size_t pieces,
    uint8_t out[HASH_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key->at, sizeof(key->at));
	for (size_t i = 0; i < pieces; i++)
		crypto_auth_hmacsha256_update(&state, piece[i].at, piece[i].len);
	crypto_auth_hmacsha256_final(&state, out);
}

void base64_text(const void *at, size_t len, char *out, size_t room)
{
	(void)sodium_bin2base64(out, room, at, len, sodium_base64_VARIANT_ORIGINAL);
}

bool base64url_bytes(const char *at, size_t len, uint8_t *out, size_t room, size_t *count)
{
	return sodium_base642bin(out, room, at, len, NULL, count, NULL,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

void token_text(const uint8_t *bytes, char out[TOKEN_TEXT_BYTES])
{
	sodium_bin2base64(out, TOKEN_TEXT_BYTES, bytes, TOKEN_BYTES,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool token_is_wellformed(const char *text, size_t len)
{
	if (len != TOKEN_TEXT_BYTES - 1)
		return false;
	for (size_t i = 0; i < len; i++) {
		const char c = text[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

bool secret_equal(const void *a, const void *b, size_t bytes)
{
	return sodium_memcmp(a, b, bytes) == 0;
}

bool key_from_hex(const char *hex, struct key *out, struct err *err)
{
	char id[HASH_HEX_BYTES];
	size_t len = 0;

	if (sodium_hex2bin(out->at, sizeof(out->at), hex, strlen(hex), " \r\n",
	    &len, NULL) != 0 || len != KEY_BYTES)
		return err_set(err, ERR_INPUT, "a key is %d hexadecimal digits",
		    2 * KEY_BYTES);
	sha256_hex(out->at, sizeof(out->at), id);
	memcpy(out->id, id, sizeof(out->id) - 1);
	out->id[sizeof(out->id) - 1] = '\0';
	return true;
}

bool key_read_file(const char *path, struct key *out, struct err *err)
{
	char hex[2 * KEY_BYTES + 16];
	struct stat st;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) == 0 && (st.st_mode & 077) != 0) {
		close(fd);
		return err_set(err, ERR_REFUSED,
		    "%s: others may read it; run chmod 600 on it", path);
	}
	n = read(fd, hex, sizeof(hex) - 1);
	close(fd);
	if (n < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	hex[n] = '\0';
	if (!key_from_hex(hex, out, err)) {
		err_prefix(err, "%s", path);
		return false;
	}
	sodium_memzero(hex, sizeof(hex));
	return true;
}

bool key_make_file(const char *path, struct err *err)
{
	uint8_t key[KEY_BYTES];
	char hex[2 * KEY_BYTES + 2];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	secret_random(key, sizeof(key));
	sodium_bin2hex(hex, sizeof(hex), key, sizeof(key));
	hex[2 * KEY_BYTES] = '\n';
	ok = write(fd, hex, 2 * KEY_BYTES + 1) == 2 * KEY_BYTES + 1;
	ok = close(fd) == 0 && ok;
	sodium_memzero(key, sizeof(key));
	sodium_memzero(hex, sizeof(hex));
	return ok || err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
}
