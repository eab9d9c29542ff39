/* test_day_form.c - one date in each form, and files whose form must be told
 * from their dates or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "intake/day_form.h"

static const struct { const char *form, *text, *wanted; } cases[] = {
	{ "yyyy-mm-dd", "2026-11-22", "2026-11-22" },
	{ "yyyy/mm/dd", "2026/11/22", "2026-11-22" },
	{ "yyyymmdd", "20261122", "2026-11-22" },
	{ "dd-mm-yyyy", "22-11-2026", "2026-11-22" },
	{ "d-m-yyyy", "2-1-2026", "2026-01-02" },
	{ "dd/mm/yyyy", "03/04/2026", "2026-04-03" },
	{ "d/m/yyyy", "3/4/2026", "2026-04-03" },
	{ "dd.mm.yyyy", "03.04.2026", "2026-04-03" },
	{ "d.m.yyyy", "3.4.2026", "2026-04-03" },
	{ "d.m.yyyy", "03.04.2026", "2026-04-03" },
	{ "mm-dd-yyyy", "03-04-2026", "2026-03-04" },
	{ "mm/dd/yyyy", "03/04/2026", "2026-03-04" },
	{ "m/d/yyyy", "3/4/2026", "2026-03-04" },
	{ "m/d/yyyy", "12/31/2026", "2026-12-31" },
	{ "yyyy-mm-dd", "2024-02-29", "2024-02-29" },
	{ "yyyy-mm-dd", "2026-02-29", "no such day" },
	{ "dd-mm-yyyy", "31-04-2026", "no such day" },
	{ "mm/dd/yyyy", "13/01/2026", "no such day" },
	{ "dd-mm-yyyy", "00-04-2026", "no such day" },
	{ "yyyy-mm-dd", "1979-12-31", "a year outside" },
	{ "yyyy-mm-dd", "2101-01-01", "a year outside" },
	{ "yyyy-mm-dd", "9999-12-31", "a year outside" },
	{ "dd-mm-yyyy", "1-1-2026", "not a date" },
	{ "dd-mm-yyyy", "01-01-26", "not a date" },
	{ "dd-mm-yyyy", "01.01.2026", "not a date" },
	{ "yyyy-mm-dd", "2026-11-22T00:00:00", "not a date" },
	{ "yyyy-mm-dd", "2026-11-22T00:00:00", "not a date written as yyyy-mm-dd: a time of day" },
	{ "yyyy-mm-dd", "22.11.2026 00:00", "not a date written as yyyy-mm-dd: a time of day" },
	{ "d/m/yyyy", "5/11/26", "not a date written as d/m/yyyy: a year needs four digits" },
	{ "dd.mm.yyyy", "46331", "not a date written as dd.mm.yyyy: it looks like a spreadsheet's count of days" },
	{ "yyyy-mm-dd", "2026-11-2", "not a date" },
	{ "yyyymmdd", "2026112", "not a date" },
	{ "yyyymmdd", "202611222", "not a date" },
	{ "m/d/yyyy", "/4/2026", "not a date" },
	{ "m/d/yyyy", "3//2026", "not a date" },
	{ "m/d/yyyy", "3/4/", "not a date" },
	{ "m/d/yyyy", "-3/4/2026", "not a date" },
	{ "yyyy-mm-dd", "", "not a date" },
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[DAY_TEXT_BYTES];
		enum day_form form;
		struct err err = { 0 };
		day_t day = 0;
		bool read;

		assert_true(day_form_parse(cases[i].form, &form));
		assert_string_equal(day_form_name(form), cases[i].form);
		read = day_form_read(form, view_of(cases[i].text), &day, &err);
		if (strncmp(read ? day_text(day, text) : err.text, cases[i].wanted,
		    strlen(cases[i].wanted)) != 0)
			fail_msg("%s as %s: %s", cases[i].text, cases[i].form,
			    read ? text : err.text);
	}
}

static const struct {
	const char	*dates[4];
	const char	*wanted;	/* the form, or a part of the refusal */
} files[] = {
	{ { "2026-11-22", "2026-01-02" }, "yyyy-mm-dd" },
	{ { "20261122" }, "yyyymmdd" },
	{ { "03.04.2026" }, "dd.mm.yyyy" },
	{ { "03.04.2026", "1.4.2026" }, "d.m.yyyy" },
	{ { "22-11-2026", "03-04-2026" }, "dd-mm-yyyy" },
	{ { "03-04-2026", "11-22-2026" }, "mm-dd-yyyy" },
	{ { "03/04/2026", "25/12/2026" }, "dd/mm/yyyy" },
	{ { "3/4/2026", "12/25/2026" }, "m/d/yyyy" },
	{ { "05/05/2026", "06/06/2026" }, "dd/mm/yyyy" },	/* alike in each way */
	{ { "3-4-2026" }, "d-m-yyyy" },
	{ { "n/a", "22-11-2026" }, "dd-mm-yyyy" },	/* the row's own trouble */
	{ { "05/05/2026", "03/04/2026" }, "line 3: a date there is 2026-04-03 as dd/mm/yyyy, "
	    "but 2026-03-04 as mm/dd/yyyy" },
	{ { "3/4/2026" }, "line 2: a date there is 2026-04-03 as d/m/yyyy, but 2026-03-04 as m/d" },
	{ { "03-04-2026" }, "line 2: a date there is 2026-04-03 as dd-mm-yyyy, but 2026-03-04" },
	{ { "2026-11-22", "22-11-2026" }, "line 3: its date is written otherwise" },
	{ { "25/12/2026", "12/25/2026" }, "line 3: its date is written otherwise" },
};

static void test_guess(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct day_guess guess = { 0 };
		enum day_form form = DAY_FORM_AUTO;
		struct err err = { 0 };
		const char *got;

		for (int k = 0; k < 4 && files[i].dates[k] != NULL; k++)
			day_guess_add(&guess, view_of(files[i].dates[k]), k + 2);
		got = day_guess_settle(&guess, &form, &err) ? day_form_name(form) : err.text;
		if (strncmp(got, files[i].wanted, strlen(files[i].wanted)) != 0)
			fail_msg("file %zu: %s", i, got);
	}
}

/* Each day of a century, written in each form, reads back. */
static void test_round(void **state)
{
	(void)state;
	for (day_t day = day_from_ymd(1980, 1, 1); day <= day_from_ymd(2100, 12, 31); day++) {
		const struct ymd ymd = day_ymd(day);
		char text[32];
		day_t back = 0;

		(void)snprintf(text, sizeof(text), "%d/%d/%d", ymd.month, ymd.day, ymd.year);
		assert_true(day_form_read(DAY_FORM_MDY_SLASH_SHORT, view_of(text), &back, NULL));
		assert_int_equal(back, day);
		(void)snprintf(text, sizeof(text), "%02d.%02d.%04d", ymd.day, ymd.month, ymd.year);
		assert_true(day_form_read(DAY_FORM_DMY_POINT, view_of(text), &back, NULL));
		assert_int_equal(back, day);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_guess),
		cmocka_unit_test(test_round),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
