/* test_zone.c - time zones: cases that do not age, and, when called with the
 * word "answer", a filter for tests/check/zone_oracle.py: lines "ZONE o AT"
 * (offset at an instant and its end) and "ZONE i DAY SECOND" (instant of a
 * local time) on stdin, one number or pair a line on stdout.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/zone.h"

static instant_t at(const char *text)
{
	instant_t t = 0;

	assert_true(instant_parse(text, &t, NULL));
	return t;
}

static const struct {
	const char	*zone, *at;
	int32_t		 offset;
} offsets[] = {
	{ "UTC", "1970-01-01T00:00:00Z", 0 },
	{ "UTC", "9999-12-31T23:59:59Z", 0 },
	{ "Europe/Copenhagen", "2026-01-15T12:00:00Z", 3600 },
	{ "Europe/Copenhagen", "2026-03-29T00:59:59Z", 3600 },
	{ "Europe/Copenhagen", "2026-03-29T01:00:00Z", 7200 },
	{ "Europe/Copenhagen", "2026-10-25T00:59:59Z", 7200 },
	{ "Europe/Copenhagen", "2026-10-25T01:00:00Z", 3600 },
	/* past the file's last change: the rule at its end, and its repetition */
	{ "Europe/Copenhagen", "2059-03-30T00:59:59Z", 3600 },
	{ "Europe/Copenhagen", "2059-03-30T01:00:00Z", 7200 },
	{ "Europe/Copenhagen", "2926-07-01T00:00:00Z", 7200 },
	{ "Europe/Copenhagen", "9998-12-31T00:00:00Z", 3600 },
	/* daylight saving over the turn of the year */
	{ "Australia/Sydney", "2026-01-01T00:00:00Z", 39600 },
	{ "Australia/Sydney", "2055-07-01T00:00:00Z", 36000 },
	{ "Australia/Lord_Howe", "2050-01-01T00:00:00Z", 39600 },
	{ "Australia/Lord_Howe", "2050-07-01T00:00:00Z", 37800 },
	{ "Asia/Kathmandu", "2026-07-01T00:00:00Z", 20700 },
	{ "America/New_York", "2007-03-11T06:59:59Z", -18000 },
	{ "America/New_York", "2007-03-11T07:00:00Z", -14400 },
};

static void test_offsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		struct err err = { 0 };
		const struct zone *z = zone_find(offsets[i].zone, &err);

		assert_non_null(z);
		assert_string_equal(zone_name(z), offsets[i].zone);
		if (zone_offset(z, at(offsets[i].at)) != offsets[i].offset)
			fail_msg("%s %s: %d", offsets[i].zone, offsets[i].at,
			    zone_offset(z, at(offsets[i].at)));
	}
}

static const struct {
	const char	*zone;
	int		 year, month, day;
	int32_t		 second;
	const char	*at;
} locals[] = {
	{ "Europe/Copenhagen", 2026, 11, 22, 8 * 3600, "2026-11-22T07:00:00Z" },
	/* a gap: 02:30 is counted with the offset before it */
	{ "Europe/Copenhagen", 2025, 3, 30, 9000, "2025-03-30T01:30:00Z" },
	{ "America/New_York", 2025, 3, 9, 9000, "2025-03-09T07:30:00Z" },
	/* an overlap: the first of the two */
	{ "Europe/Copenhagen", 2025, 10, 26, 9000, "2025-10-26T00:30:00Z" },
	/* a gap at midnight */
	{ "Asia/Beirut", 2024, 3, 31, 0, "2024-03-30T22:00:00Z" },
	{ "Asia/Beirut", 2024, 3, 30, 86400, "2024-03-30T22:00:00Z" },
	/* a day that was left out */
	{ "Pacific/Apia", 2011, 12, 30, 12 * 3600, "2011-12-30T22:00:00Z" },
	{ "Pacific/Apia", 2011, 12, 31, 0, "2011-12-30T10:00:00Z" },
};

static void test_locals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(locals) / sizeof(locals[0]); i++) {
		const struct zone *z = zone_find(locals[i].zone, NULL);
		char text[INSTANT_TEXT_BYTES];

		assert_non_null(z);
		assert_string_equal(instant_text(zone_instant(z, day_from_ymd(
		    locals[i].year, locals[i].month, locals[i].day),
		    locals[i].second), text), locals[i].at);
	}
}

static void test_names_refused(void **state)
{
	static const char *const names[] = {
		"", "/etc/passwd", "../zone.tab", "Europe/../Europe/Oslo", "Europe",
		"Europe/", "Europe//Oslo", "Mars/Olympus", "europe/oslo", "localtime",
		"posixrules", "right/Europe/Oslo", "posix/Europe/Oslo", "tzdata.zi",
		"zone.tab", "Romance Standard Time", "Europe/Oslo ", "Europe/Oslo\n",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct err err = { 0 };

		if (zone_find(names[i], &err) != NULL)
			fail_msg("'%s' was taken", names[i]);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_non_null(strstr(err.text, "Europe/Copenhagen"));
	}
}

static void test_cache_and_version(void **state)
{
	(void)state;
	assert_ptr_equal(zone_find("Europe/Oslo", NULL), zone_find("Europe/Oslo", NULL));
	assert_string_not_equal(zone_data_version(), "");
	assert_string_equal(zone_data_version(), zone_data_version());
}

static int answer(void)
{
	char line[200], name[ZONE_NAME_BYTES_MAX], kind;
	int64_t a, b;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		const struct zone *z;
		instant_t until;
		int n = sscanf(line, "%63s %c %" SCNd64 " %" SCNd64, name, &kind, &a, &b);

		if (n < 3 || (z = zone_find(name, NULL)) == NULL) {
			printf("refused\n");
		} else if (kind == 'o') {
			const int32_t offset = zone_segment(z, a, &until);

			printf("%d %" PRId64 "\n", offset, until);
		} else {
			printf("%" PRId64 "\n", zone_instant(z, (day_t)a, (int32_t)b));
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_locals),
		cmocka_unit_test(test_names_refused),
		cmocka_unit_test(test_cache_and_version),
	};

	if (argc > 1 && strcmp(argv[1], "answer") == 0)
		return answer();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
