/* test_money.c - amounts as ledgers write them; the wanted values are plain
 * arithmetic, the exponents those of ISO 4217's own list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "base/money.h"

#define POINT_COMMA { ',', '.' }
#define COMMA_POINT { '.', ',' }
#define SPACE_COMMA { ',', ' ' }
#define QUOTE_POINT { '.', '\'' }
#define COMMA_ONLY { ',', 0 }
#define POINT_ONLY { '.', 0 }

static const struct {
	const char		*text;
	struct number_form	 form;
	int			 exponent;
	int64_t			 minor;
} good[] = {
	{ "0", POINT_ONLY, 2, 0 },
	{ "1", POINT_ONLY, 2, 100 },
	{ "1.5", POINT_ONLY, 2, 150 },
	{ "55.94", POINT_ONLY, 2, 5594 },
	{ "007.10", POINT_ONLY, 2, 710 },
	{ "-0,01", COMMA_ONLY, 2, -1 },
	{ "+12,30", COMMA_ONLY, 2, 1230 },
	{ "12,30-", COMMA_ONLY, 2, -1230 },
	{ "  12,30 ", COMMA_ONLY, 2, 1230 },
	{ "1.234,50", POINT_COMMA, 2, 123450 },
	{ "-1.234.567,89", POINT_COMMA, 2, -123456789 },
	{ "1234567,89", POINT_COMMA, 2, 123456789 },
	{ "1.234", POINT_COMMA, 2, 123400 },
	{ "1,234.50", COMMA_POINT, 2, 123450 },
	{ "1 234,50", SPACE_COMMA, 2, 123450 },
	{ "1\xc2\xa0""234,50", SPACE_COMMA, 2, 123450 },
	{ "1\xe2\x80\xaf""234\xe2\x80\xaf""567", SPACE_COMMA, 2, 123456700 },
	{ "1'234.50", QUOTE_POINT, 2, 123450 },
	{ "100", POINT_ONLY, 0, 100 },
	{ "100.00", POINT_ONLY, 0, 100 },
	{ "1.5000", POINT_ONLY, 2, 150 },
	{ "1.234", POINT_ONLY, 3, 1234 },
	{ "10000000000.00", POINT_ONLY, 2, MONEY_MINOR_MAX },
};

static const struct {
	const char		*text;
	struct number_form	 form;
	int			 exponent;
	const char		*reason;
} bad[] = {
	{ "", POINT_ONLY, 2, "not an amount" },
	{ "-", POINT_ONLY, 2, "not an amount" },
	{ "--5", POINT_ONLY, 2, "not an amount" },
	{ "-5-", POINT_ONLY, 2, "not an amount" },
	{ "- 5", POINT_ONLY, 2, "not an amount" },
	{ ".50", POINT_ONLY, 2, "not an amount" },
	{ "5.", POINT_ONLY, 2, "not an amount" },
	{ "1.2.3", POINT_ONLY, 2, "not an amount" },
	{ "1,50", POINT_ONLY, 2, "not an amount" },
	{ "1.505", POINT_ONLY, 2, "not an amount" },
	{ "100.50", POINT_ONLY, 0, "not an amount" },
	{ "12.34,50", POINT_COMMA, 2, "not an amount" },
	{ "1.2345,00", POINT_COMMA, 2, "not an amount" },
	{ "1234.567,00", POINT_COMMA, 2, "not an amount" },
	{ ".123,00", POINT_COMMA, 2, "not an amount" },
	{ "1..234,00", POINT_COMMA, 2, "not an amount" },
	{ "1.234.,00", POINT_COMMA, 2, "not an amount" },
	{ "1,00.000", POINT_COMMA, 2, "not an amount" },
	{ "1e5", POINT_ONLY, 2, "not an amount" },
	{ "0x10", POINT_ONLY, 2, "not an amount" },
	{ "12 kr", POINT_ONLY, 2, "not an amount" },
	{ "12 kr", POINT_ONLY, 2, "export the number alone" },
	{ "(12.00)", POINT_ONLY, 2, "with a minus" },
	{ "1,234.50", POINT_ONLY, 2, "group_mark" },
	{ "\xe2\x88\x92", POINT_ONLY, 2, "not an amount" },
	{ "NaN", POINT_ONLY, 2, "not an amount" },
	{ "\xd9\xa1", POINT_ONLY, 2, "not an amount" },
	{ "10000000000.01", POINT_ONLY, 2, "absurdly large" },
	{ "-10000000000.01", POINT_ONLY, 2, "absurdly large" },
	{ "99999999999999999999999999999999", POINT_ONLY, 2, "absurdly large" },
	{ "9223372036854775808", POINT_ONLY, 0, "absurdly large" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct err err = { 0 };
		int64_t minor = 77;

		if (!money_parse(view_of(good[i].text), good[i].form, good[i].exponent,
		    &minor, &err))
			fail_msg("'%s': %s", good[i].text, err.text);
		if (minor != good[i].minor)
			fail_msg("'%s' was read as %ld", good[i].text, (long)minor);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = { 0 };
		int64_t minor = 77;

		if (money_parse(view_of(bad[i].text), bad[i].form, bad[i].exponent, &minor, &err))
			fail_msg("'%s' was read as %ld", bad[i].text, (long)minor);
		assert_int_equal(minor, 77);
		if (strstr(err.text, bad[i].reason) == NULL)
			fail_msg("'%s': %s", bad[i].text, err.text);
	}
}

static void test_exponents(void **state)
{
	static const struct { const char *code; int exponent; } cases[] = {
		{ "DKK", 2 }, { "EUR", 2 }, { "NOK", 2 }, { "SEK", 2 }, { "GBP", 2 },
		{ "USD", 2 }, { "ISK", 0 }, { "JPY", 0 }, { "KRW", 0 }, { "CLP", 0 },
		{ "KWD", 3 }, { "BHD", 3 }, { "TND", 3 }, { "HUF", 2 },
		{ "dkk", -1 }, { "DK", -1 }, { "", -1 }, { "DKKK", -1 }, { "XXX", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(currency_exponent(cases[i].code), cases[i].exponent);
}

/* What is written reads back, for many amounts and each exponent. */
static void test_round(void **state)
{
	void *ctx = talloc_new(NULL);
	const struct number_form form = POINT_ONLY;
	struct str text;
	uint64_t seed = 42;

	(void)state;
	str_init(&text, ctx, 64);
	for (int i = 0; i < 20000; i++) {
		const int exponent = i % 4;
		int64_t minor, back = 0;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		minor = (int64_t)(seed >> 24) % MONEY_MINOR_MAX * (i % 2 == 0 ? 1 : -1);
		str_clear(&text);
		money_put(&text, minor, exponent);
		assert_true(money_parse(view_of(text.at), form, exponent, &back, NULL));
		assert_int_equal(back, minor);
	}
	str_clear(&text);
	money_put(&text, -5, 2);
	assert_string_equal(text.at, "-0.05");
	str_clear(&text);
	money_put(&text, 123450, 2);
	assert_string_equal(text.at, "1234.50");
	str_clear(&text);
	money_put(&text, 1234, 3);
	assert_string_equal(text.at, "1.234");
	str_clear(&text);
	money_put(&text, 1234, 0);
	assert_string_equal(text.at, "1234");
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_exponents),
		cmocka_unit_test(test_round),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
