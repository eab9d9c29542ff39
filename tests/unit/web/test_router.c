/* test_router.c - which page a path means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/router.h"

#define TOKEN "abcdefghijklmnopqrst-_"

static const struct {
	const char	*path;
	enum route	 route;
	bool		 token;
} cases[] = {
	{ "/p/" TOKEN, ROUTE_PAY, true },
	{ "/p/" TOKEN "/later", ROUTE_LATER, true },
	{ "/p/" TOKEN "/parts", ROUTE_PARTS, true },
	{ "/p/" TOKEN "/paid", ROUTE_PAID, true },
	{ "/p/" TOKEN "/wrong", ROUTE_WRONG, true },
	{ "/p/" TOKEN "/help", ROUTE_HELP, true },
	{ "/u/" TOKEN, ROUTE_UNSUBSCRIBE, true },
	{ "/p/short", ROUTE_PAY, false },
	{ "/p/" TOKEN "x", ROUTE_PAY, false },
	{ "/p/abcdefghijklmnopqrst%2D_", ROUTE_PAY, false },
	{ "/p/short/help", ROUTE_HELP, false },
	{ "/static/purr.css", ROUTE_STYLE, false },
	{ "/robots.txt", ROUTE_ROBOTS, false },
	{ "/healthz", ROUTE_HEALTH, false },
	{ "/readyz", ROUTE_READY, false },
	{ "", ROUTE_NONE, false },
	{ "/", ROUTE_NONE, false },
	{ "/p", ROUTE_NONE, false },
	{ "/p/", ROUTE_NONE, false },
	{ "/p//help", ROUTE_NONE, false },
	{ "/p/" TOKEN "/", ROUTE_NONE, false },
	{ "/p/" TOKEN "/other", ROUTE_NONE, false },
	{ "/p/" TOKEN "/help/", ROUTE_NONE, false },
	{ "/p/" TOKEN "/../help", ROUTE_NONE, false },
	{ "//p/" TOKEN, ROUTE_NONE, false },
	{ "/P/" TOKEN, ROUTE_NONE, false },
	{ "/u/" TOKEN "/help", ROUTE_NONE, false },
	{ "/healthz/", ROUTE_NONE, false },
	{ "/static/purr.css.map", ROUTE_NONE, false },
	{ "http://x/p/" TOKEN, ROUTE_NONE, false },
};

static void test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct route_match m = route_find(cases[i].path, strlen(cases[i].path));

		if (m.route != cases[i].route)
			fail_msg("%s is %s", cases[i].path, route_pattern(m.route));
		assert_string_equal(m.token, cases[i].token ? TOKEN : "");
	}
}

/* A provider's name is a word of its own, and nothing else. */
static void test_calls(void **state)
{
	static const struct { const char *path; enum route route; const char *word; } rows[] = {
		{ "/hooks/sms/twilio/status", ROUTE_SMS_STATUS, "twilio" },
		{ "/hooks/sms/46elks/inbound", ROUTE_SMS_INBOUND, "46elks" },
		{ "/hooks/letter/pingen/status", ROUTE_LETTER_STATUS, "pingen" },
		{ "/hooks/letter/pingen/inbound", ROUTE_NONE, "" },
		{ "/hooks/sms/Twilio/status", ROUTE_NONE, "" },
		{ "/hooks/sms//status", ROUTE_NONE, "" },
		{ "/hooks/sms/a/b/status", ROUTE_NONE, "" },
		{ "/hooks/sms/../status", ROUTE_NONE, "" },
		{ "/hooks/sms/abcdefghijklmno/status", ROUTE_SMS_STATUS, "abcdefghijklmno" },
		{ "/hooks/sms/abcdefghijklmnop/status", ROUTE_NONE, "" },
		{ "/hooks/sms/twilio/status/", ROUTE_NONE, "" },
		{ "/hooks/sms/twilio", ROUTE_NONE, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct route_match m = route_find(rows[i].path, strlen(rows[i].path));

		assert_int_equal(m.route, rows[i].route);
		assert_string_equal(m.word, rows[i].word);
		assert_string_equal(m.token, "");
	}
}

static void test_methods(void **state)
{
	(void)state;
	assert_int_equal(method_parse("GET"), METHOD_GET);
	assert_int_equal(method_parse("get"), METHOD_OTHER);
	assert_int_equal(method_parse("TRACE"), METHOD_OTHER);
	for (int r = 0; r < ROUTES; r++) {
		const enum route route = (enum route)r;

		assert_true(route_allows(route, METHOD_GET));
		assert_int_equal(route_allows(route, METHOD_HEAD),
		    strstr(route_allow(route), "HEAD") != NULL);
		assert_false(route_allows(route, METHOD_OTHER));
		assert_int_equal(route_allows(route, METHOD_POST),
		    strstr(route_allow(route), "POST") != NULL);
		assert_null(strstr(route_pattern(route), TOKEN));
	}
	assert_false(route_allows(ROUTE_PAY, METHOD_POST));
	assert_true(route_allows(ROUTE_UNSUBSCRIBE, METHOD_POST));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_methods),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
