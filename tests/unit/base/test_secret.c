/* Keys, keyed hashes and tokens, against published vectors. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/secret.h"

#define PATH_BYTES 128

static char dir[] = "/tmp/purr-test-secret-XXXXXX";
static char path[PATH_BYTES];

static int setup(void **state)
{
	(void)state;
	secret_start();
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/key", dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

static void hex_of(const uint8_t *at, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", at[i]);
}

/* FIPS 180-4's examples (NIST, "Examples with Intermediate Values"). */
static void test_sha256(void **state)
{
	static const struct { const char *text, *hash; } cases[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[HASH_HEX_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sha256_hex(cases[i].text, strlen(cases[i].text), hex);
		assert_string_equal(hex, cases[i].hash);
	}
}

/* RFC 4231, cases 1 to 4.  Their keys are shorter than ours: HMAC fills a key
 * up with zeros itself, so zeros behind them change nothing. */
static void test_hmac(void **state)
{
	static const struct { const char *key, *data, *mac; } cases[] = {
		{ "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
		    "Hi There",
		    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ "Jefe", "what do ya want for nothing?",
		    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa",
		    "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd"
		    "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd"
		    "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd",
		    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
		{ "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"
		    "\x15\x16\x17\x18\x19",
		    "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
		    "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
		    "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd",
		    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const size_t len = strlen(cases[i].data), half = len / 2;
		const struct piece whole[] = { { cases[i].data, len } };
		const struct piece parts[] = { { cases[i].data, half }, { "", 0 },
		    { cases[i].data + half, len - half } };
		struct key key = { 0 };
		uint8_t mac[HASH_BYTES];
		char hex[HASH_HEX_BYTES];

		memcpy(key.at, cases[i].key, strlen(cases[i].key));
		hmac_sha256(&key, whole, 1, mac);
		hex_of(mac, sizeof(mac), hex);
		assert_string_equal(hex, cases[i].mac);
		hmac_sha256(&key, parts, 3, mac);
		hex_of(mac, sizeof(mac), hex);
		assert_string_equal(hex, cases[i].mac);
	}
}

static void test_key_hex(void **state)
{
	static const struct { const char *says, *hex; bool taken; } cases[] = {
		{ "64 digits",
		    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", true },
		{ "a line end behind",
		    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", true },
		{ "capitals",
		    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", true },
		{ "two digits short",
		    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e", false },
		{ "two digits too many",
		    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", false },
		{ "a letter that is no digit",
		    "g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", false },
		{ "empty", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };
		struct key key;

		if (key_from_hex(cases[i].hex, &key, &err) != cases[i].taken)
			fail_msg("%s", cases[i].says);
		assert_int_equal(err.kind, cases[i].taken ? ERR_NONE : ERR_INPUT);
		if (!cases[i].taken)
			continue;
		assert_int_equal(key.at[0], 0);
		assert_int_equal(key.at[31], 31);
		/* first 8 bytes of SHA-256 of the 32 bytes, by Python's hashlib */
		assert_string_equal(key.id, "630dcd2966c43366");
	}
}

static void test_key_file(void **state)
{
	struct err err = { 0 };
	struct key one, two;
	struct stat st;

	(void)state;
	assert_true(key_make_file(path, &err));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(key_read_file(path, &one, &err));
	assert_true(key_read_file(path, &two, &err));
	assert_memory_equal(one.at, two.at, KEY_BYTES);
	assert_string_equal(one.id, two.id);
	assert_false(key_make_file(path, &err));	/* never over an old one */
	assert_int_equal(err.kind, ERR_SYSTEM);
	err_clear(&err);
	assert_int_equal(chmod(path, 0640), 0);
	assert_false(key_read_file(path, &two, &err));
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_non_null(strstr(err.text, "chmod 600"));
	err_clear(&err);
	assert_int_equal(unlink(path), 0);
	assert_false(key_read_file(path, &two, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	err_clear(&err);
	assert_true(key_make_file(path, &err));
	assert_true(key_read_file(path, &two, &err));
	assert_memory_not_equal(one.at, two.at, KEY_BYTES);
}

static void test_short_key_file(void **state)
{
	struct err err = { 0 };
	struct key key;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "0001\n", 5), 5);
	assert_int_equal(close(fd), 0);
	assert_false(key_read_file(path, &key, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "64 hexadecimal digits"));
	assert_non_null(strstr(err.text, path));
	assert_null(strstr(err.text, "0001"));		/* nothing of the key */
}

static void test_token(void **state)
{
	static const struct { const char *text; size_t len; bool good; } cases[] = {
		{ "8PHy8_T19vf4-fr7_P3-_w", 22, true },
		{ "8PHy8_T19vf4-fr7_P3-_", 21, false },
		{ "8PHy8_T19vf4-fr7_P3-_wA", 23, false },
		{ "8PHy8_T19vf4-fr7_P3-_/", 22, false },
		{ "8PHy8_T19vf4-fr7_P3+_w", 22, false },
		{ "8PHy8_T19vf4-fr7_P3-_=", 22, false },
		{ "8PHy8_T19vf4-fr7_P3-_\0", 22, false },
		{ "", 0, false },
	};
	uint8_t bytes[TOKEN_BYTES];
	char text[TOKEN_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < TOKEN_BYTES; i++)
		bytes[i] = (uint8_t)(240 + i);
	token_text(bytes, text);
	assert_string_equal(text, "8PHy8_T19vf4-fr7_P3-_w");	/* Python's base64 */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(token_is_wellformed(cases[i].text, cases[i].len), cases[i].good);
}

static void test_equal_and_random(void **state)
{
	uint8_t a[32], b[32];

	(void)state;
	assert_true(secret_equal("abc", "abc", 3));
	assert_false(secret_equal("abc", "abd", 3));
	assert_true(secret_equal("abc", "abd", 2));
	secret_random(a, sizeof(a));
	secret_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

/* Last: from here on nothing is random any more. */
static void test_foretold(void **state)
{
	struct key key = { { 1 }, "" }, other = { { 2 }, "" };
	uint8_t a[100], b[100], c[16];
	struct err err = { 0 };

	(void)state;
	assert_true(key_from_hex("0102030405060708090a0b0c0d0e0f10"
	    "1112131415161718191a1b1c1d1e1f20", &other, &err));
	secret_foretell(&key);
	secret_random(a, sizeof(a));
	secret_random(c, sizeof(c));
	assert_memory_not_equal(a, c, sizeof(c));
	assert_memory_not_equal(a, a + 32, 32);
	secret_foretell(&key);
	secret_random(b, sizeof(b));
	assert_memory_equal(a, b, sizeof(a));
	secret_foretell(&other);
	secret_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_key_hex),
		cmocka_unit_test(test_key_file),
		cmocka_unit_test(test_short_key_file),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_equal_and_random),
		cmocka_unit_test(test_foretold),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("secret", tests, setup, teardown);
}
