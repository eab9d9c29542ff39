/* test_form_key.c - keys of forms, days as typed, and the limit of wrong links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <talloc.h>

#include "web/client_limit.h"
#include "web/form_key.h"
#include "web/pay_input.h"

#define TOKEN "abcdefghijklmnopqrst-_"
#define OTHER "abcdefghijklmnopqrst-a"

static void test_key(void **state)
{
	struct key key = { .at = { 1 } }, foreign = { .at = { 2 } };
	char text[FORM_KEY_BYTES], again[FORM_KEY_BYTES], out[PAY_KEY_BYTES];

	(void)state;
	form_key_make(&key, TOKEN, PAY_ACT_PROMISE, text);
	form_key_make(&key, TOKEN, PAY_ACT_PROMISE, again);
	assert_int_equal(strlen(text), FORM_KEY_BYTES - 1);
	assert_string_not_equal(text, again);
	assert_true(form_key_check(&key, TOKEN, PAY_ACT_PROMISE, text, out));
	assert_int_equal(strncmp(out, text, PAY_KEY_BYTES - 1), 0);
	assert_false(form_key_check(&foreign, TOKEN, PAY_ACT_PROMISE, text, out));
	assert_false(form_key_check(&key, OTHER, PAY_ACT_PROMISE, text, out));
	assert_false(form_key_check(&key, TOKEN, PAY_ACT_HELP, text, out));
	assert_false(form_key_check(&key, TOKEN, PAY_ACT_PROMISE, "", out));
	/* Any one letter changed, it is not one of ours. */
	for (size_t i = 0; i < FORM_KEY_BYTES - 1; i++) {
		memcpy(again, text, sizeof(text));
		again[i] = again[i] == 'x' ? 'y' : 'x';
		assert_false(form_key_check(&key, TOKEN, PAY_ACT_PROMISE, again, out));
		memcpy(again, text, sizeof(text));
		again[i] = '\0';
		assert_false(form_key_check(&key, TOKEN, PAY_ACT_PROMISE, again, out));
	}
}

static void test_one_click(void **state)
{
	struct key key = { .at = { 1 } };
	char a[PAY_KEY_BYTES], b[PAY_KEY_BYTES];

	(void)state;
	form_key_one_click(&key, TOKEN, a);
	form_key_one_click(&key, TOKEN, b);
	assert_string_equal(a, b);
	form_key_one_click(&key, OTHER, b);
	assert_string_not_equal(a, b);
}

static const struct {
	const char	*text, *iso;	/* NULL: not a day */
} days[] = {
	{ "2026-12-05", "2026-12-05" }, { " 2026-12-05 ", "2026-12-05" },
	{ "5.12.2026", "2026-12-05" }, { "05-12-2026", "2026-12-05" },
	{ "5/12 2026", "2026-12-05" }, { "5. 12. 2026", "2026-12-05" },
	{ "29.2.2028", "2028-02-29" }, { "29.2.2027", NULL }, { "2026-02-30", NULL },
	{ "5.12.26", NULL }, { "12/25/2026", NULL }, { "0.1.2026", NULL }, { "5122026", NULL },
	{ "5.12.20266", NULL }, { "2026-12-05x", NULL }, { "", NULL }, { ".", NULL },
	{ "5.12", NULL }, { "5.12.", NULL }, { "i morgen", NULL }, { "2026-12", NULL },
};

static void test_day(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		char text[DAY_TEXT_BYTES] = "";
		day_t day;
		const bool ok = pay_day_parse(days[i].text, &day);

		if (ok != (days[i].iso != NULL))
			fail_msg("'%s'", days[i].text);
		if (ok)
			assert_string_equal(day_text(day, text), days[i].iso);
	}
}

static void test_limit(void **state)
{
	struct client_limit *limit = client_limit_new(NULL);
	const uint64_t one = client_of_text(limit, "192.0.2.1");
	const uint64_t two = client_of_text(limit, "192.0.2.2");
	tick_t now = { 5000 };

	(void)state;
	for (int i = 0; i < WRONG_LINKS_MAX; i++)
		client_limit_count(limit, one, now);
	assert_int_equal(client_limit_wait(limit, one, now), 0);
	client_limit_count(limit, one, now);
	assert_int_equal(client_limit_wait(limit, one, now), WRONG_LINKS_WINDOW_MS / 1000);
	assert_int_equal(client_limit_wait(limit, two, now), 0);
	now.ms += WRONG_LINKS_WINDOW_MS - 1;
	assert_int_equal(client_limit_wait(limit, one, now), 1);
	now.ms++;
	assert_int_equal(client_limit_wait(limit, one, now), 0);
	client_limit_count(limit, one, now);
	assert_int_equal(client_limit_wait(limit, one, now), 0);
	talloc_free(limit);
}

/* However many come, the table keeps its size, and one who goes on is known. */
static void test_limit_crowd(void **state)
{
	struct client_limit *limit = client_limit_new(NULL);
	const uint64_t one = client_of_text(limit, "192.0.2.1");
	tick_t now = { 1 };

	(void)state;
	for (uint64_t i = 1; i < 100000; i++) {
		now.ms++;
		client_limit_count(limit, i * 2654435761u, now);
		if (i % 100 == 0)
			client_limit_count(limit, one, now);
	}
	assert_true(client_limit_wait(limit, one, now) > 0);
	talloc_free(limit);
}

static void test_clients(void **state)
{
	struct client_limit *limit = client_limit_new(NULL);
	struct sockaddr_in v4 = { .sin_family = AF_INET };

	(void)state;
	assert_int_equal(inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr), 1);
	assert_true(client_of_text(limit, "192.0.2.1") ==
	    client_of_address(limit, (const struct sockaddr *)&v4));
	assert_true(client_of_text(limit, "::ffff:192.0.2.1") == client_of_text(limit, "192.0.2.1"));
	assert_true(client_of_text(limit, "2001:db8::1") == client_of_text(limit, "2001:db8::2"));
	assert_true(client_of_text(limit, "2001:db8::1") != client_of_text(limit, "2001:db8:0:1::1"));
	assert_true(client_of_text(limit, "unknown") == 0);
	client_limit_count(limit, 0, (tick_t){ 1 });
	assert_int_equal(client_limit_wait(limit, 0, (tick_t){ 1 }), 0);
	talloc_free(limit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_one_click),
		cmocka_unit_test(test_day),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_limit_crowd),
		cmocka_unit_test(test_clients),
	};

	secret_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
