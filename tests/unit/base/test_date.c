/* test_date.c - civil days against values from Python's datetime module and
 * against published Easter dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"

static const struct { int year, month, day; day_t number; int weekday; } days[] = {
	{ 1, 1, 1, -719162, 1 },
	{ 1600, 2, 29, -135081, 2 },
	{ 1899, 12, 31, -25568, 7 },
	{ 1900, 2, 28, -25509, 3 },
	{ 1900, 3, 1, -25508, 4 },
	{ 1969, 12, 31, -1, 3 },
	{ 1970, 1, 1, 0, 4 },
	{ 1999, 12, 31, 10956, 5 },
	{ 2000, 2, 29, 11016, 2 },
	{ 2000, 3, 1, 11017, 3 },
	{ 2024, 2, 29, 19782, 4 },
	{ 2026, 11, 22, 20779, 7 },
	{ 2038, 1, 19, 24855, 2 },
	{ 2100, 2, 28, 47540, 7 },
	{ 2100, 3, 1, 47541, 1 },
	{ 9999, 12, 31, 2932896, 5 },
	{ 2733, 9, 11, 278933, 1 },
	{ 6806, 8, 30, 1766554, 3 },
	{ 6250, 9, 20, 1563500, 5 },
	{ 1498, 9, 22, -172130, 4 },
	{ 4249, 6, 4, 832542, 1 },
	{ 6936, 3, 9, 1813862, 5 },
	{ 5444, 11, 6, 1269162, 3 },
	{ 7186, 7, 14, 1905299, 1 },
	{ 6671, 4, 14, 1717108, 5 },
	{ 753, 7, 5, -444315, 7 },
	{ 6955, 6, 22, 1820906, 7 },
	{ 152, 3, 20, -663932, 1 },
	{ 9618, 3, 4, 2793437, 7 },
	{ 5389, 6, 26, 1248941, 5 },
	{ 2979, 4, 28, 368647, 3 },
	{ 6326, 1, 1, 1590996, 5 },
	{ 2691, 12, 20, 263693, 7 },
	{ 2202, 12, 2, 85071, 4 },
	{ 8236, 6, 14, 2288774, 2 },
	{ 5401, 4, 30, 1253266, 4 },
};

static void test_days(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		const struct ymd back = day_ymd(days[i].number);

		assert_int_equal(day_from_ymd(days[i].year, days[i].month, days[i].day),
		    days[i].number);
		assert_int_equal(back.year, days[i].year);
		assert_int_equal(back.month, days[i].month);
		assert_int_equal(back.day, days[i].day);
		assert_int_equal(day_weekday(days[i].number), days[i].weekday);
	}
}

/* Each day of four centuries follows the one before it. */
static void test_sequence(void **state)
{
	const day_t first = day_from_ymd(1801, 1, 1), last = day_from_ymd(2200, 12, 31);
	int weekday = day_weekday(first);
	int year = 1801, month = 1, day = 1;

	(void)state;
	assert_int_equal(last - first, 400 * 365 + 97 - 1);
	for (day_t at = first; at <= last; at++) {
		const struct ymd ymd = day_ymd(at);

		assert_true(ymd.year == year && ymd.month == month && ymd.day == day);
		assert_int_equal(day_from_ymd(year, month, day), at);
		assert_int_equal(day_weekday(at), weekday);
		weekday = weekday % 7 + 1;
		if (ymd_is_real(year, month, day + 1)) {
			day++;
		} else {
			day = 1;
			year += month == 12;
			month = month % 12 + 1;
		}
	}
}

static void test_real(void **state)
{
	(void)state;
	assert_true(ymd_is_real(2024, 2, 29));
	assert_true(ymd_is_real(2000, 2, 29));
	assert_true(ymd_is_real(1, 1, 1));
	assert_true(ymd_is_real(9999, 12, 31));
	assert_false(ymd_is_real(2023, 2, 29));
	assert_false(ymd_is_real(1900, 2, 29));
	assert_false(ymd_is_real(2024, 4, 31));
	assert_false(ymd_is_real(2024, 13, 1));
	assert_false(ymd_is_real(2024, 0, 1));
	assert_false(ymd_is_real(2024, 1, 0));
	assert_false(ymd_is_real(2024, 1, 32));
	assert_false(ymd_is_real(0, 1, 1));
	assert_false(ymd_is_real(10000, 1, 1));
}

static void test_text(void **state)
{
	static const char *const wrong[] = { "", "2026", "2026-1-01", "2026-11-31",
		"2026/11/22", "26-11-22", " 2026-11-22", "2026-11", "2026-11-2x" };
	char text[DAY_TEXT_BYTES];
	const char *at = "2026-11-22T09:00:00Z", *start = at;
	day_t day = 0;

	(void)state;
	assert_true(day_parse_iso(&at, &day));
	assert_ptr_equal(at, start + 10);
	assert_string_equal(day_text(day, text), "2026-11-22");
	assert_string_equal(day_text(DAY_NONE, text), "");
	assert_string_equal(day_text(day_from_ymd(987, 6, 5), text), "0987-06-05");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		at = wrong[i];
		assert_false(day_parse_iso(&at, &day));
		assert_ptr_equal(at, wrong[i]);
	}
}

static void test_instants(void **state)
{
	(void)state;
	assert_int_equal(day_instant_utc(0), 0);
	assert_int_equal(day_instant_utc(20779), INT64_C(1795305600));
	assert_int_equal(instant_utc_day(INT64_C(1795305600)), 20779);
	assert_int_equal(instant_utc_day(INT64_C(1795391999)), 20779);
	assert_int_equal(instant_utc_day(INT64_C(1795392000)), 20780);
	assert_int_equal(instant_utc_day(-1), -1);
	assert_int_equal(instant_utc_day(-86400), -1);
	assert_int_equal(instant_utc_day(-86401), -2);
}

static void test_easter(void **state)
{
	static const struct { int year, month, day; } cases[] = {
		{ 1818, 3, 22 }, { 1943, 4, 25 }, { 1954, 4, 18 }, { 1981, 4, 19 },
		{ 2000, 4, 23 }, { 2008, 3, 23 }, { 2011, 4, 24 }, { 2024, 3, 31 },
		{ 2025, 4, 20 }, { 2026, 4, 5 }, { 2027, 3, 28 }, { 2028, 4, 16 },
		{ 2029, 4, 1 }, { 2038, 4, 25 }, { 2049, 4, 18 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(day_easter(cases[i].year),
		    day_from_ymd(cases[i].year, cases[i].month, cases[i].day));
	for (int year = 1600; year <= 2500; year++)
		assert_int_equal(day_weekday(day_easter(year)), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_instants),
		cmocka_unit_test(test_easter),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
