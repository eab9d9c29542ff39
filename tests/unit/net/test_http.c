/* test_http.c - the parts of smtp.h and http.h that need no network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "net/http.h"
#include "net/smtp.h"

static void query(void **state)
{
	void *ctx = talloc_new(NULL);
	struct str str;

	(void)state;
	str_init(&str, ctx, 200);
	http_query_put(&str, "a-Z_0.9~ +&=%/?#\nå€");
	assert_string_equal(str.at, "a-Z_0.9~%20%2B%26%3D%25%2F%3F%23%0A%C3%A5%E2%82%AC");
	talloc_free(ctx);
}

static void addresses(void **state)
{
	static const char *const good[] = {
		"a@b", "bounces+token_1@mail.example", "ø@æ.example", "\"a\"@b.example",
	};
	static const char *const bad[] = {
		"", "a", "@b", "a@", "a b@c", "a@b>", "<a@b", "a@b\r\nRCPT TO:<c@d>", "a@b\n",
		"a@b\t", "a@b\x7f", "a@b> NOTIFY=FAILURE",
	};
	char longest[SMTP_ADDRESS_BYTES_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(smtp_address_is_safe(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(smtp_address_is_safe(bad[i]));
	memset(longest, 'a', sizeof(longest));
	longest[1] = '@';
	longest[SMTP_ADDRESS_BYTES_MAX] = '\0';
	assert_true(smtp_address_is_safe(longest));
	longest[SMTP_ADDRESS_BYTES_MAX] = 'a';
	longest[SMTP_ADDRESS_BYTES_MAX + 1] = '\0';
	assert_false(smtp_address_is_safe(longest));
}

static void relay_settings(void **state)
{
	static const struct {
		const char *url, *helo, *user;
		bool starttls, good;
	} cases[] = {
		{ "smtp://relay.example:25", "purr.example", "", false, true },
		{ "smtps://relay.example", "purr.example", "u", false, true },
		{ "smtp://relay.example", "purr.example", "u", true, true },
		{ "smtp://relay.example", "purr.example", "u", false, false },
		{ "smtp://127.0.0.1:2525", "localhost", "u", false, true },
		{ "smtp://127.0.0.1.evil.example", "localhost", "u", false, false },
		{ "smtp://localhost.evil.example", "localhost", "u", false, false },
		{ "http://relay.example", "purr.example", "", false, false },
		{ "smtp://u:p@relay.example", "purr.example", "", false, false },
		{ "smtp://relay.example/x", "purr.example", "", false, false },
		{ "smtp://", "purr.example", "", false, false },
		{ "smtp://relay.example", "a b", "", false, false },
		{ "smtp://relay.example", "", "", false, false },
		{ "smtp://relay.example", "a\r\nMAIL", "", false, false },
	};
	void *ctx = talloc_new(NULL);
	struct net_loop *loop;
	struct err err = { 0 };

	(void)state;
	loop = net_loop_open(ctx, &(struct net_loop_limits){ 2, 2 }, &err);
	assert_non_null(loop);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err trouble = { 0 };
		struct smtp_settings settings = { .url = cases[i].url, .helo = cases[i].helo,
		    .user = cases[i].user, .password = "p", .starttls = cases[i].starttls,
		    .seconds = { 1, 1, 1 } };

		if ((smtp_relay_open(ctx, loop, &settings, &trouble) != NULL) != cases[i].good)
			fail_msg("%s %s", cases[i].url, cases[i].helo);
		assert_int_equal(trouble.kind, cases[i].good ? ERR_NONE : ERR_INPUT);
	}
	talloc_free(loop);
	talloc_free(ctx);
}

static void reply_keep(void *arg, const struct http_reply *reply)
{
	*(struct http_reply *)arg = *reply;
}

static void wrong_requests(void **state)
{
	static const char *const headers[] = { "X: a\r\nHost: b", NULL };
	struct http_request request = { .url = "ftp://a.example", .seconds = { 1, 1, 1 } };
	void *ctx = talloc_new(NULL);
	struct http_reply reply = { .fate = NET_TAKEN };
	struct err err = { 0 };
	struct net_loop *loop = net_loop_open(ctx, &(struct net_loop_limits){ 2, 2 }, &err);

	(void)state;
	http_send(loop, &request, reply_keep, &reply);
	assert_int_equal(reply.fate, NET_NEVER);
	request.url = "http://a.example";
	request.headers = headers;
	reply.fate = NET_TAKEN;
	http_send(loop, &request, reply_keep, &reply);
	assert_int_equal(reply.fate, NET_NEVER);
	assert_int_equal(net_loop_busy(loop), 0);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(query), cmocka_unit_test(addresses),
		cmocka_unit_test(relay_settings), cmocka_unit_test(wrong_requests),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
