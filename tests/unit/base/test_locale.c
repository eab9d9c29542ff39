/* test_locale.c - money, days and counts in Danish and English.
 *
 * The expected texts are written by hand from Retskrivningsordbogen and the
 * New Oxford Style Manual, not taken from ICU. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "base/locale.h"
#include "base/money.h"

#define TEXT_BYTES_MAX 200

static const struct {
	const char	*lang, *currency;
	int64_t		 minor;
	const char	*text;
} amounts[] = {
	{ "da", "DKK", 123450, "1.234,50 kr." },
	{ "da", "DKK", 0, "0,00 kr." },
	{ "da", "DKK", 5, "0,05 kr." },
	{ "da", "DKK", -10000, "-100,00 kr." },
	{ "da", "DKK", 123456789012, "1.234.567.890,12 kr." },
	{ "da", "EUR", 123450, "1.234,50 EUR" },
	{ "da", "NOK", 100, "1,00 NOK" },
	{ "da", "SEK", 100, "1,00 SEK" },
	{ "da", "ISK", 1234, "1.234 ISK" },
	{ "da", "KWD", 1234567, "1.234,567 KWD" },
	{ "en", "DKK", 123450, "DKK 1,234.50" },
	{ "en", "GBP", 123450, "GBP 1,234.50" },
	{ "en", "JPY", 1234, "JPY 1,234" },
	{ "en", "DKK", -10000, "DKK -100.00" },
	/* a double would lose the last digits of these two */
	{ "en", "DKK", 9007199254740993, "DKK 90,071,992,547,409.93" },
	{ "da", "DKK", INT64_MAX, "92.233.720.368.547.758,07 kr." },
};

static const struct {
	const char	*lang;
	int		 year, month, day;
	const char	*text;
} days[] = {
	{ "da", 2026, 11, 22, "22. november 2026" },
	{ "da", 2024, 2, 29, "29. februar 2024" },
	{ "da", 2026, 5, 1, "1. maj 2026" },
	{ "da", 2026, 12, 31, "31. december 2026" },
	{ "en", 2026, 11, 22, "22 November 2026" },
	{ "en", 2026, 3, 4, "4 March 2026" },
	{ "en", 1999, 1, 1, "1 January 1999" },
};

static void money_is_written(void **state)
{
	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
		struct str s;
		const struct locale *l = locale_find(amounts[i].lang, NULL);

		str_init(&s, *state, TEXT_BYTES_MAX);
		assert_non_null(l);
		locale_put_money(l, &s, amounts[i].minor, amounts[i].currency);
		assert_string_equal(s.at, amounts[i].text);
		str_release(&s);
	}
}

static void days_are_written(void **state)
{
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct str s;

		str_init(&s, *state, TEXT_BYTES_MAX);
		locale_put_day(locale_find(days[i].lang, NULL), &s,
		    day_from_ymd(days[i].year, days[i].month, days[i].day));
		assert_string_equal(s.at, days[i].text);
		str_release(&s);
	}
}

/* Every day of a leap year and of a year after it, against date.h. */
static void days_agree_with_the_calendar(void **state)
{
	const day_t last = day_from_ymd(2029, 12, 31);

	for (day_t d = day_from_ymd(2028, 1, 1); d <= last; d++) {
		const struct ymd ymd = day_ymd(d);
		char start[16], end[16];
		struct str s;

		str_init(&s, *state, TEXT_BYTES_MAX);
		locale_put_day(locale_find("en", NULL), &s, d);
		snprintf(start, sizeof(start), "%d ", ymd.day);
		snprintf(end, sizeof(end), " %d", ymd.year);
		assert_memory_equal(s.at, start, strlen(start));
		assert_string_equal(s.at + s.len - strlen(end), end);
		str_release(&s);
	}
}

static void counts_are_written(void **state)
{
	struct str s;

	str_init(&s, *state, TEXT_BYTES_MAX);
	locale_put_count(locale_find("da", NULL), &s, 12345);
	str_put(&s, " ");
	locale_put_count(locale_find("en", NULL), &s, 12345);
	assert_string_equal(s.at, "12.345 12,345");
	str_release(&s);
	assert_true(locale_is_one(locale_find("da", NULL), 1));
	assert_false(locale_is_one(locale_find("da", NULL), 0));
	assert_false(locale_is_one(locale_find("en", NULL), 2));
	assert_false(locale_is_one(locale_find("en", NULL), 0));
}

static void other_languages_are_refused(void **state)
{
	static const char *const langs[] = { "", "d", "DA", "dan", "sv", "da_DK", "xx" };

	(void)state;
	for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++) {
		struct err err = { 0 };

		assert_null(locale_find(langs[i], &err));
		assert_int_equal(err.kind, ERR_INPUT);
	}
	for (size_t i = 0; locale_langs[i] != NULL; i++)
		assert_string_equal(locale_lang(locale_find(locale_langs[i], NULL)),
		    locale_langs[i]);
}

static void formatters_are_kept(void **state)
{
	(void)state;
	assert_ptr_equal(locale_find("da", NULL), locale_find("da", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_is_written),
		cmocka_unit_test(days_are_written),
		cmocka_unit_test(days_agree_with_the_calendar),
		cmocka_unit_test(counts_are_written),
		cmocka_unit_test(other_languages_are_refused),
		cmocka_unit_test(formatters_are_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("locale", tests, NULL, NULL);
}
