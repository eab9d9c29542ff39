/* test_guard.c - which requests may be read at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/guard.h"

#define BODY_BYTES_MAX 1000
#define HOST "Host\0x\0"
#define LENGTH(n) "Content-Length\0" n "\0"

/* Headers are name NUL value NUL, ended by an empty name. */
static const struct {
	const char	*says;
	enum method	 method;
	const char	*version, *headers;
	int		 status;
} cases[] = {
	{ "GET", METHOD_GET, "HTTP/1.1", HOST, 0 },
	{ "HEAD", METHOD_HEAD, "HTTP/1.1", HOST, 0 },
	{ "an old client names no host", METHOD_GET, "HTTP/1.0", "", 0 },
	{ "no host", METHOD_GET, "HTTP/1.1", "", 400 },
	{ "two hosts", METHOD_GET, "HTTP/1.1", HOST HOST, 400 },
	{ "HTTP/2 in clear", METHOD_GET, "HTTP/2.0", HOST, 505 },
	{ "GET, empty body", METHOD_GET, "HTTP/1.1", HOST LENGTH("0"), 0 },
	{ "GET with a body", METHOD_GET, "HTTP/1.1", HOST LENGTH("1"), 400 },
	{ "POST", METHOD_POST, "HTTP/1.1", HOST LENGTH("10"), 0 },
	{ "POST of nothing", METHOD_POST, "HTTP/1.1", HOST LENGTH("0"), 0 },
	{ "the largest", METHOD_POST, "HTTP/1.1", HOST LENGTH("1000"), 0 },
	{ "one byte more", METHOD_POST, "HTTP/1.1", HOST LENGTH("1001"), 413 },
	{ "no length", METHOD_POST, "HTTP/1.1", HOST, 411 },
	{ "two lengths", METHOD_POST, "HTTP/1.1", HOST LENGTH("1") LENGTH("2"), 400 },
	{ "two alike", METHOD_POST, "HTTP/1.1", HOST LENGTH("1") LENGTH("1"), 400 },
	{ "two in one", METHOD_POST, "HTTP/1.1", HOST LENGTH("1, 1"), 400 },
	{ "another case", METHOD_POST, "HTTP/1.1", HOST LENGTH("1") "content-LENGTH\0" "1\0", 400 },
	{ "empty", METHOD_POST, "HTTP/1.1", HOST LENGTH(""), 400 },
	{ "signed", METHOD_POST, "HTTP/1.1", HOST LENGTH("+1"), 400 },
	{ "negative", METHOD_POST, "HTTP/1.1", HOST LENGTH("-1"), 400 },
	{ "hexadecimal", METHOD_POST, "HTTP/1.1", HOST LENGTH("0x1"), 400 },
	{ "too many digits", METHOD_POST, "HTTP/1.1", HOST LENGTH("18446744073709551617"), 400 },
	{ "chunks", METHOD_POST, "HTTP/1.1", HOST "Transfer-Encoding\0chunked\0", 411 },
	{ "chunks on GET", METHOD_GET, "HTTP/1.1", HOST "Transfer-Encoding\0chunked\0", 411 },
	{ "chunks and length", METHOD_POST, "HTTP/1.1",
	    HOST LENGTH("1") "Transfer-Encoding\0chunked\0", 400 },
	{ "length of 0 and chunks", METHOD_GET, "HTTP/1.1",
	    HOST "Transfer-Encoding\0chunked\0" LENGTH("0"), 400 },
	{ "chunks twice", METHOD_POST, "HTTP/1.1",
	    HOST "Transfer-Encoding\0chunked\0Transfer-Encoding\0chunked\0", 400 },
	{ "packed", METHOD_POST, "HTTP/1.1", HOST LENGTH("1") "Content-Encoding\0gzip\0", 415 },
	{ "a space in a name", METHOD_GET, "HTTP/1.1", HOST "X \0y\0", 400 },
	{ "a control character", METHOD_GET, "HTTP/1.1", HOST "X\0y\001\0", 400 },
	{ "a tab is fine", METHOD_GET, "HTTP/1.1", HOST "X\0y\tz\0", 0 },
	{ "letters beyond ASCII are fine", METHOD_GET, "HTTP/1.1", HOST "X\0\xc3\xa6\0", 0 },
};

static void test_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct guard g;
		int got;

		guard_init(&g, cases[i].method, cases[i].version, 10);
		for (const char *at = cases[i].headers; *at != '\0';) {
			const char *value = at + strlen(at) + 1;

			guard_header(&g, at, strlen(at), value, strlen(value));
			at = value + strlen(value) + 1;
		}
		got = guard_verdict(&g, BODY_BYTES_MAX);
		if (got != cases[i].status)
			fail_msg("%s: %d, not %d", cases[i].says, got, cases[i].status);
	}
}

static void test_sizes(void **state)
{
	static char large[HEADERS_BYTES_MAX + 1];
	struct guard g;

	(void)state;
	guard_init(&g, METHOD_GET, "HTTP/1.0", URL_BYTES_MAX);
	assert_int_equal(guard_verdict(&g, 0), 0);
	guard_init(&g, METHOD_GET, "HTTP/1.0", URL_BYTES_MAX + 1);
	assert_int_equal(guard_verdict(&g, 0), 414);

	memset(large, 'x', sizeof(large));
	guard_init(&g, METHOD_GET, "HTTP/1.0", 1);
	guard_header(&g, "X", 1, large, HEADERS_BYTES_MAX - 5);
	assert_int_equal(guard_verdict(&g, 0), 0);
	guard_init(&g, METHOD_GET, "HTTP/1.0", 1);
	guard_header(&g, "X", 1, large, HEADERS_BYTES_MAX - 4);
	assert_int_equal(guard_verdict(&g, 0), 431);

	guard_init(&g, METHOD_GET, "HTTP/1.0", 1);
	for (int i = 0; i < HEADERS_MAX; i++)
		guard_header(&g, "X", 1, "", 0);
	assert_int_equal(guard_verdict(&g, 0), 0);
	guard_header(&g, "X", 1, "", 0);
	assert_int_equal(guard_verdict(&g, 0), 431);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_sizes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
