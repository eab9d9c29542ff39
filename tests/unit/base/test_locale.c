/* test_locale.c - money, days and counts in Danish and English.
 *
 * The expected texts are written by hand; then ICU's own formatters are asked
 * for many more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>
#include <unicode/udat.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

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
	{ "en", "GBP", 123450, "£1,234.50" },
	{ "en", "GBP", -5, "-£0.05" },
	{ "en", "USD", 123450, "USD 1,234.50" },
	{ "nb", "NOK", 123456789, "1 234 567,89 kr" },
	{ "nb", "SEK", 100, "1,00 SEK" },
	{ "sv", "SEK", 123450, "1 234,50 kr" },
	{ "sv", "NOK", 123450, "1 234,50 NOK" },
	{ "fi", "EUR", 123450, "1 234,50 €" },
	{ "de", "EUR", -123450, "-1.234,50 €" },
	{ "de", "CHF", 123450, "1.234,50 CHF" },
	{ "en", "JPY", 1234, "JPY 1,234" },
	{ "en", "DKK", -10000, "DKK -100.00" },
	/* a double would lose the last digits of these two */
	{ "en", "DKK", 9007199254740993, "DKK 90,071,992,547,409.93" },
	{ "en", "DKK", INT64_MIN, "DKK -92,233,720,368,547,758.08" },
	{ "da", "DKK", 99999, "999,99 kr." },
	{ "da", "DKK", 100000, "1.000,00 kr." },
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
	{ "nb", 2026, 5, 17, "17. mai 2026" },
	{ "sv", 2026, 6, 6, "6 juni 2026" },
	{ "fi", 2026, 12, 6, "6. joulukuuta 2026" },
	{ "de", 2026, 3, 3, "3. März 2026" },
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

static const char *utf8(void *ctx, const UChar *units, int32_t length)
{
	char *text = talloc_zero_array(ctx, char, TEXT_BYTES_MAX);
	UErrorCode code = U_ZERO_ERROR;

	u_strToUTF8(text, TEXT_BYTES_MAX, NULL, units, length, &code);
	assert_true(U_SUCCESS(code));
	return text;
}

/* Every day of forty years, leap years and a century among them. */
static void days_agree_with_icu(void **state)
{
	static const struct { const char *lang, *icu, *pattern; } langs[] = {
		{ "da", "da_DK", "d. MMMM y" }, { "en", "en_GB", "d MMMM y" },
		{ "nb", "nb_NO", "d. MMMM y" }, { "sv", "sv_SE", "d MMMM y" },
		{ "fi", "fi_FI", "d. MMMM y" }, { "de", "de_DE", "d. MMMM y" },
	};
	static const UChar utc[] = { 'U', 'T', 'C', 0 };
	const day_t last = day_from_ymd(2110, 12, 31);

	(void)state;
	for (int n = 0; n < 6; n++) {
		UErrorCode code = U_ZERO_ERROR;
		UChar pattern[20], units[60];
		UDateFormat *icu;

		u_uastrcpy(pattern, langs[n].pattern);
		icu = udat_open(UDAT_PATTERN, UDAT_PATTERN, langs[n].icu, utc, -1, pattern, -1, &code);
		for (day_t d = day_from_ymd(2070, 1, 1); d <= last; d++) {
			void *ctx = talloc_new(NULL);
			int32_t length = udat_format(icu, d * 86400000.0, units, 60, NULL, &code);
			struct str s;

			str_init(&s, ctx, TEXT_BYTES_MAX);
			locale_put_day(locale_find(langs[n].lang, NULL), &s, d);
			assert_string_equal(s.at, utf8(ctx, units, length));
			talloc_free(ctx);
		}
		udat_close(icu);
	}
}

/* Amounts of every length, both signs, around each power of ten. */
static void numbers_agree_with_icu(void **state)
{
	static const char *const langs[][2] = { { "da", "da_DK" }, { "en", "en_GB" },
	    { "de", "de_DE" } };

	(void)state;
	for (int n = 0; n < 3; n++) {
		UErrorCode code = U_ZERO_ERROR;
		UNumberFormat *icu = unum_open(UNUM_DECIMAL, NULL, 0, langs[n][1], NULL, &code);
		UChar units[60];

		for (int64_t power = 1, i = 0; i < 18; i++, power *= 10) {
			for (int64_t value = power - 2; value < power + 40; value += 7) {
				const int64_t signed_value = i % 2 == 0 ? value : -value;
				void *ctx = talloc_new(NULL);
				int32_t length = unum_formatInt64(icu, signed_value, units, 60,
				    NULL, &code);
				struct str s;

				str_init(&s, ctx, TEXT_BYTES_MAX);
				locale_put_count(locale_find(langs[n][0], NULL), &s, signed_value);
				assert_string_equal(s.at, utf8(ctx, units, length));
				talloc_free(ctx);
			}
		}
		unum_close(icu);
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
	static const char *const langs[] = { "", "d", "DA", "dan", "no", "da_DK", "xx" };

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

static void a_country_writes_its_own_way(void **state)
{
	static const char *const texts[][2] = {
		{ "US", "$1,234.50 November 5, 2026" },
		{ "GB", "USD 1,234.50 5 November 2026" },
		{ "", "USD 1,234.50 5 November 2026" },
	};

	for (size_t i = 0; i < 3; i++) {
		const struct locale *l = locale_find_in("en", texts[i][0], NULL);
		struct str s;

		assert_non_null(l);
		str_init(&s, *state, TEXT_BYTES_MAX);
		locale_put_money(l, &s, 123450, "USD");
		str_put(&s, " ");
		locale_put_day(l, &s, day_from_ymd(2026, 11, 5));
		assert_string_equal(s.at, texts[i][1]);
		str_release(&s);
	}
	assert_string_equal(locale_name(locale_find_in("da", "US", NULL)), "Dansk");
}

static void formatters_are_kept(void **state)
{
	(void)state;
	assert_ptr_equal(locale_find("da", NULL), locale_find("da", NULL));
}

/* As the post reads it. */
static void test_country(void **state)
{
	static const struct { const char *code, *says; } countries[] = {
		{ "FI", "FINLAND" }, { "GB", "UNITED KINGDOM" }, { "US", "UNITED STATES" },
		{ "CI", "C\xc3\x94TE D\xe2\x80\x99IVOIRE" }, { "QQ", "QQ" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
		struct str out;

		str_init(&out, NULL, TEXT_BYTES_MAX);
		locale_put_country(&out, countries[i].code);
		assert_string_equal(out.at, countries[i].says);
		str_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_country),
		cmocka_unit_test(money_is_written),
		cmocka_unit_test(days_are_written),
		cmocka_unit_test(days_agree_with_icu),
		cmocka_unit_test(numbers_agree_with_icu),
		cmocka_unit_test(counts_are_written),
		cmocka_unit_test(other_languages_are_refused),
		cmocka_unit_test(a_country_writes_its_own_way),
		cmocka_unit_test(formatters_are_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("locale", tests, NULL, NULL);
}
