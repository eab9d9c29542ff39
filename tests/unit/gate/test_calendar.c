/* test_calendar.c - calendars: Denmark's days against a list of other origin,
 * recurrences against libical's own iterator, and all that must be refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <libical/ical.h>
#include <talloc.h>

#include "base/err.h"
#include "gate/calendar.h"

#define STAMP "UID:a\r\nDTSTAMP:20260101T000000Z\r\n"
#define BEGIN "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
#define HOURS "BEGIN:VAVAILABILITY\r\n" STAMP "BEGIN:AVAILABLE\r\n" STAMP	\
	"DTSTART:20240101T080000\r\nDTEND:20240101T200000\r\n"			\
	"RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\r\nEND:AVAILABLE\r\n"		\
	"END:VAVAILABILITY\r\n"
#define END "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\n" STAMP lines "END:VEVENT\r\n"
#define WINDOW(lines) "BEGIN:VAVAILABILITY\r\n" STAMP "BEGIN:AVAILABLE\r\n" STAMP \
	lines "END:AVAILABLE\r\nEND:VAVAILABILITY\r\n"

static void *ctx;

static struct calendar *parse(const char *text, struct err *err)
{
	return calendar_parse(ctx, "test.ics", text, strlen(text), err);
}

static struct calendar *must_parse(const char *text)
{
	struct err err = { 0 };
	struct calendar *cal = parse(text, &err);

	if (cal == NULL)
		fail_msg("%s", err.text);
	return cal;
}

static struct calendar *read_calendar(const char *path)
{
	static char text[CALENDAR_FILE_BYTES_MAX];
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return must_parse(text);
}

/* "08:00-20:00 22:00-24:00" of a day */
static const char *windows_text(const struct calendar *cal, int year, int month, int day)
{
	const struct calendar_window *w;
	const size_t n = calendar_windows(cal, day_from_ymd(year, month, day), &w);
	static char text[200];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%02d:%02d-%02d:%02d", i > 0 ? " " : "", w[i].opens / 60,
		    w[i].opens % 60, w[i].closes / 60, w[i].closes % 60);
	return text;
}

/* --- Denmark ---------------------------------------------------------------- */

static bool is_listed(json_t *rows, const char *day, const char *type)
{
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
		if (strcmp(json_string_value(json_object_get(row, "date")), day) == 0 &&
		    strcmp(json_string_value(json_object_get(row, "type")), type) == 0)
			return true;
	return false;
}

static void test_denmark(void **state)
{
	const struct calendar *cal = read_calendar("schedules/calendars/dk.ics");
	json_t *root = json_load_file("tests/data/holidays.json", 0, NULL);
	int holidays = 0, sundays = 0;

	(void)state;
	assert_non_null(root);
	for (day_t d = day_from_ymd(2024, 1, 1); d < day_from_ymd(2031, 1, 1); d++) {
		const struct ymd ymd = day_ymd(d);
		const bool eve = (ymd.month == 12 && (ymd.day == 24 || ymd.day == 31)) ||
		    (ymd.month == 6 && ymd.day == 5);
		char text[DAY_TEXT_BYTES], year[8];
		json_t *rows;
		bool holiday;

		(void)snprintf(year, sizeof(year), "%d", ymd.year);
		rows = json_object_get(json_object_get(root, "DK"), year);
		assert_non_null(rows);
		holiday = is_listed(rows, day_text(d, text), "public");
		holidays += holiday;
		sundays += eve && !holiday;
		if ((calendar_kind(cal, d) == CALENDAR_HOLIDAY) != holiday ||
		    (calendar_kind(cal, d) == CALENDAR_AS_SUNDAY) != (eve && !holiday))
			fail_msg("%s: kind %d", text, (int)calendar_kind(cal, d));
		assert_int_equal(calendar_is_closed_day(cal, d), holiday || eve);
		assert_int_equal(calendar_is_bank_day(cal, d),
		    !holiday && !eve && day_weekday(d) <= 5);
		assert_string_equal(windows_text(cal, ymd.year, ymd.month, ymd.day),
		    holiday || eve || day_weekday(d) == 7 ? "" :
		    day_weekday(d) == 6 ? "09:00-16:00" : "08:00-20:00");
	}
	assert_true(holidays >= 7 * 9 && sundays >= 7 * 2);
	assert_string_equal(calendar_event_name(cal, day_from_ymd(2026, 12, 24)), "Juleaftensdag");
	/* a day of prayer until 2023, an ordinary one from 2024 */
	assert_int_equal(calendar_kind(cal, day_from_ymd(2023, 5, 5)), CALENDAR_HOLIDAY);
	assert_int_equal(calendar_kind(cal, day_from_ymd(2024, 4, 26)), CALENDAR_ORDINARY);
	/* beyond what the file speaks of, and beyond the table: closed */
	assert_string_equal(windows_text(cal, 2060, 12, 30), "08:00-20:00");
	assert_string_equal(windows_text(cal, 2061, 1, 3), "");
	assert_string_equal(windows_text(cal, 1999, 12, 30), "");
	json_decref(root);
}

/* --- recurrences against libical -------------------------------------------- */

static const struct {
	const char	*first, *rule;
} rules[] = {
	{ "20010101", "FREQ=YEARLY" },
	{ "20000229", "FREQ=YEARLY" },
	{ "20010120", "FREQ=YEARLY;INTERVAL=4" },
	{ "20010623", "FREQ=YEARLY;BYMONTH=6;BYDAY=SA;BYMONTHDAY=20,21,22,23,24,25,26" },
	{ "20011103", "FREQ=YEARLY;BYMONTH=11;BYDAY=SA;BYMONTHDAY=1,2,3,4,5,6" },
	{ "20010528", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO" },
	{ "20011122", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH" },
	{ "20010101", "FREQ=YEARLY;BYDAY=1MO" },
	{ "20011231", "FREQ=YEARLY;BYDAY=-1MO" },
	{ "20010514", "FREQ=YEARLY;BYDAY=20MO" },
	{ "20010131", "FREQ=YEARLY;BYMONTH=1,3;BYMONTHDAY=31" },
	{ "20010228", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" },
	{ "20010313", "FREQ=YEARLY;BYMONTH=3,9" },
	{ "20010713", "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=13;BYDAY=FR" },
	{ "20010305", "FREQ=YEARLY;BYMONTH=3;BYDAY=MO,2WE" },
	{ "20010402", "FREQ=WEEKLY;BYDAY=MO,TH" },
	{ "20010404", "FREQ=WEEKLY" },
	{ "20010404", "FREQ=DAILY;UNTIL=20010504" },
	{ "20010404", "FREQ=WEEKLY;BYDAY=WE;UNTIL=20030402" },
	{ "20010601", "FREQ=DAILY;BYMONTH=6;BYDAY=MO,FR" },
};

static void test_rules_as_libical_reads_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const char *text = talloc_asprintf(ctx, BEGIN HOURS "BEGIN:VEVENT\r\n" STAMP
		    "DTSTART;VALUE=DATE:%s\r\nCATEGORIES:HOLIDAY\r\nRRULE:%s\r\n"
		    "END:VEVENT\r\n" END, rules[i].first, rules[i].rule);
		const struct calendar *cal = must_parse(text);
		icalrecur_iterator *it = icalrecur_iterator_new(
		    icalrecurrencetype_from_string(rules[i].rule),
		    icaltime_from_string(rules[i].first));
		struct icaltimetype t;
		day_t day = day_from_ymd(CALENDAR_YEAR_FIRST, 1, 1);
		const day_t last = day_from_ymd(CALENDAR_YEAR_LAST, 12, 31);
		int found = 0;

		assert_non_null(it);
		for (t = icalrecur_iterator_next(it); !icaltime_is_null_time(t);
		    t = icalrecur_iterator_next(it)) {
			const day_t next = day_from_ymd(t.year, t.month, t.day);

			if (next > last)
				break;
			for (; day < next; day++)
				if (calendar_is_closed_day(cal, day))
					fail_msg("%s: %d days before the next", rules[i].rule,
					    next - day);
			if (!calendar_is_closed_day(cal, next))
				fail_msg("%s: %04d-%02d-%02d is missing", rules[i].rule,
				    t.year, t.month, t.day);
			day = next + 1;
			found++;
		}
		for (; day <= last; day++)
			assert_false(calendar_is_closed_day(cal, day));
		assert_true(found > 5);
		icalrecur_iterator_free(it);
	}
}

/* --- windows ---------------------------------------------------------------- */

static const struct {
	const char	*text;
	int		 year, month, day;
	const char	*windows;
} windows[] = {
	/* half a day, by a timed event */
	{ BEGIN HOURS EVENT("DTSTART:20241224T140000\r\nDTEND:20241225T000000\r\n"
	    "RRULE:FREQ=YEARLY\r\n") END, 2026, 12, 24, "08:00-14:00" },
	{ BEGIN HOURS EVENT("DTSTART:20241224T120000\r\nDURATION:PT1H\r\n"
	    "RRULE:FREQ=YEARLY\r\n") END, 2026, 12, 24, "08:00-12:00 13:00-20:00" },
	/* several days in one event */
	{ BEGIN HOURS EVENT("DTSTART:20260105T170000\r\nDTEND:20260107T100000\r\n") END,
	    2026, 1, 5, "08:00-17:00" },
	{ BEGIN HOURS EVENT("DTSTART:20260105T170000\r\nDTEND:20260107T100000\r\n") END,
	    2026, 1, 6, "" },
	{ BEGIN HOURS EVENT("DTSTART:20260105T170000\r\nDTEND:20260107T100000\r\n") END,
	    2026, 1, 7, "10:00-20:00" },
	{ BEGIN HOURS EVENT("DTSTART;VALUE=DATE:20260105\r\nDTEND;VALUE=DATE:20260107\r\n"
	    "CATEGORIES:HOLIDAY\r\n") END, 2026, 1, 6, "" },
	{ BEGIN HOURS EVENT("DTSTART;VALUE=DATE:20260105\r\nDTEND;VALUE=DATE:20260107\r\n"
	    "CATEGORIES:HOLIDAY\r\n") END, 2026, 1, 7, "08:00-20:00" },
	/* Sundays with hours of their own; a window over midnight */
	{ BEGIN HOURS WINDOW("DTSTART:20240107T100000\r\nDTEND:20240107T180000\r\n"
	    "RRULE:FREQ=DAILY\r\n") END, 2026, 1, 6, "10:00-18:00" },
	{ BEGIN WINDOW("DTSTART:20260105T220000\r\nDTEND:20260106T003000\r\n") END,
	    2026, 1, 5, "22:00-24:00" },
	{ BEGIN WINDOW("DTSTART:20260105T220000\r\nDTEND:20260106T003000\r\n") END,
	    2026, 1, 6, "00:00-00:30" },
	/* a second VAVAILABILITY binds where it speaks, and only there */
	{ BEGIN HOURS "BEGIN:VAVAILABILITY\r\n" STAMP "DTSTART:20260105T180000\r\n"
	    "DTEND:20260107T120000\r\nEND:VAVAILABILITY\r\n" END, 2026, 1, 5, "08:00-18:00" },
	{ BEGIN HOURS "BEGIN:VAVAILABILITY\r\n" STAMP "DTSTART:20260105T180000\r\n"
	    "DTEND:20260107T120000\r\nEND:VAVAILABILITY\r\n" END, 2026, 1, 7, "12:00-20:00" },
#define SHUT BEGIN HOURS "BEGIN:VAVAILABILITY\r\n" STAMP "DTSTART:20260105T180000\r\n"	\
	"DTEND:20260107T120000\r\nEND:VAVAILABILITY\r\n" END
	{ SHUT, 2026, 1, 2, "08:00-20:00" },
	{ SHUT, 2026, 1, 6, "" },
	{ SHUT, 2026, 1, 8, "08:00-20:00" },
	/* what reaches over the table's ends */
#define OVER BEGIN EVENT("DTSTART:19991227T220000\r\nDTEND:20000103T100000\r\n")	\
	EVENT("DTSTART:20601230T220000\r\nDTEND:20610103T100000\r\n")			\
	WINDOW("DTSTART:19991227T060000\r\nDTEND:19991228T000000\r\n"			\
	"RRULE:FREQ=DAILY\r\n") END
	{ OVER, 2000, 1, 2, "" },
	{ OVER, 2000, 1, 3, "10:00-24:00" },
	{ OVER, 2060, 12, 30, "06:00-22:00" },
	{ OVER, 2060, 12, 31, "" },
	/* exceptions, in the form of the start */
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T200000\r\n"
	    "RRULE:FREQ=DAILY\r\nEXDATE:20260112T080000\r\n") END, 2026, 1, 13, "08:00-20:00" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T200000\r\n"
	    "RRULE:FREQ=WEEKLY\r\nEXDATE:20260112T080000\r\n") END, 2026, 1, 12, "" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T200000\r\n"
	    "RDATE:20260107T080000\r\n") END, 2026, 1, 7, "08:00-20:00" },
	/* the last day of an UNTIL, local and in UTC with a zone */
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T200000\r\n"
	    "RRULE:FREQ=DAILY;UNTIL=20260110T080000Z\r\n") END, 2026, 1, 10, "08:00-20:00" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T200000\r\n"
	    "RRULE:FREQ=DAILY;UNTIL=20260110T075900Z\r\n") END, 2026, 1, 10, "" },
	{ BEGIN WINDOW("DTSTART;TZID=Europe/Oslo:20260105T080000\r\n"
	    "DTEND;TZID=Europe/Oslo:20260105T200000\r\n"
	    "RRULE:FREQ=DAILY;UNTIL=20260110T070000Z\r\n") END, 2026, 1, 10, "08:00-20:00" },
	{ BEGIN WINDOW("DTSTART;TZID=Europe/Oslo:20260105T080000\r\n"
	    "DTEND;TZID=Europe/Oslo:20260105T200000\r\n"
	    "RRULE:FREQ=DAILY;UNTIL=20260110T065900Z\r\n") END, 2026, 1, 10, "" },
	/* a yearly rule's last day, and the day after it that it would match */
#define CHRISTMAS BEGIN HOURS EVENT("DTSTART;VALUE=DATE:20201225\r\nCATEGORIES:HOLIDAY\r\n"	\
	"RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25,26;UNTIL=20251225\r\n") END
	{ CHRISTMAS, 2024, 12, 26, "" },
	{ CHRISTMAS, 2025, 12, 25, "" },
	{ CHRISTMAS, 2025, 12, 26, "08:00-20:00" },
	/* the day after the last one, which the rule would match */
	{ BEGIN HOURS EVENT("DTSTART;VALUE=DATE:20201225\r\nCATEGORIES:HOLIDAY\r\n"
	    "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;UNTIL=20251224\r\n") END, 2025, 12, 25,
	    "08:00-20:00" },
	/* edges outside 01:00..04:00 */
#define ALWAYS WINDOW("DTSTART:20260105T000000\r\nDTEND:20260106T000000\r\nRRULE:FREQ=DAILY\r\n")
	{ BEGIN ALWAYS END, 2026, 5, 5, "00:00-24:00" },
	{ BEGIN ALWAYS EVENT("DTSTART;VALUE=DATE:20260505\r\nCATEGORIES:HOLIDAY\r\n") END,
	    2026, 5, 5, "" },
	{ BEGIN ALWAYS EVENT("DTSTART:20260505T000000\r\nDTEND:20260505T003000\r\n") END,
	    2026, 5, 5, "00:30-24:00" },
	/* what takes from the day's middle leaves its first minute */
	{ BEGIN ALWAYS EVENT("DTSTART:20260505T120000\r\nDTEND:20260505T130000\r\n") END,
	    2026, 5, 5, "00:00-12:00 13:00-24:00" },
	{ BEGIN ALWAYS "BEGIN:VAVAILABILITY\r\n" STAMP "DTSTART:20260105T180000\r\n"
	    "DTEND:20260107T120000\r\nEND:VAVAILABILITY\r\n" END, 2026, 1, 5, "00:00-18:00" },
	{ BEGIN ALWAYS "BEGIN:VAVAILABILITY\r\n" STAMP "DTSTART:20260105T000000\r\n"
	    "DTEND:20260105T060000\r\nEND:VAVAILABILITY\r\n" END, 2026, 1, 5, "06:00-24:00" },
};

static void test_windows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		const struct calendar *cal = must_parse(windows[i].text);
		const char *got = windows_text(cal, windows[i].year, windows[i].month,
		    windows[i].day);

		if (strcmp(got, windows[i].windows) != 0)
			fail_msg("case %zu: '%s', not '%s'", i, got, windows[i].windows);
	}
}

/* What weighs most names the day; a part of a day has a name, too. */
static void test_what_a_day_is(void **state)
{
	const struct calendar *both = must_parse(calendar_join(ctx, BEGIN HOURS
	    EVENT("SUMMARY:Eve\r\nDTSTART;VALUE=DATE:20260105\r\nCATEGORIES:AS-SUNDAY\r\n") END,
	    BEGIN EVENT("SUMMARY:Stocktaking\r\nDTSTART;VALUE=DATE:20260105\r\n"
	    "DTEND;VALUE=DATE:20260107\r\n") END));
	const struct calendar *part = must_parse(BEGIN HOURS EVENT("SUMMARY:Early closing\r\n"
	    "DTSTART:20260107T140000\r\nDTEND:20260108T000000\r\n") END);
	const struct calendar *morning = must_parse(calendar_join(ctx, BEGIN HOURS
	    EVENT("SUMMARY:Morning\r\nDTSTART:20260105T000000\r\nDTEND:20260105T120000\r\n"
	    "CATEGORIES:AS-SUNDAY\r\n") END,
	    BEGIN EVENT("SUMMARY:Stocktaking\r\nDTSTART;VALUE=DATE:20260105\r\n") END));
	const day_t day = day_from_ymd(2026, 1, 5);

	(void)state;
	assert_string_equal(calendar_event_name(morning, day), "Stocktaking");
	assert_int_equal(calendar_kind(both, day), CALENDAR_AS_SUNDAY);
	assert_string_equal(calendar_event_name(both, day), "Eve");
	assert_int_equal(calendar_kind(both, day + 1), CALENDAR_CLOSED);
	assert_string_equal(calendar_event_name(both, day + 1), "Stocktaking");
	assert_int_equal(calendar_kind(part, day + 2), CALENDAR_ORDINARY);
	assert_string_equal(calendar_event_name(part, day + 2), "Early closing");
	assert_string_equal(calendar_event_name(part, day), "");
}

static void test_zone_of_file(void **state)
{
	(void)state;
	assert_null(calendar_zone(must_parse(BEGIN HOURS END)));
	assert_non_null(calendar_zone(must_parse(BEGIN WINDOW(
	    "DTSTART;TZID=Europe/Oslo:20260105T080000\r\nDURATION:PT4H\r\n") END)));
}

/* --- refused ---------------------------------------------------------------- */

#define DAILY(rule) BEGIN WINDOW("DTSTART:20260105T080000\r\n"			\
	"DTEND:20260105T200000\r\nRRULE:" rule "\r\n") END
#define START(start, end) BEGIN WINDOW("DTSTART" start "\r\nDTEND" end "\r\n") END
#define DAY(lines) BEGIN HOURS EVENT(lines) END

static const struct {
	const char	*text, *says;
} refused[] = {
	{ "", "VCALENDAR" },
	{ "hello\r\n", "VCALENDAR" },
	{ BEGIN HOURS, "end is missing" },
	{ BEGIN END, "no contact hours" },
	{ BEGIN HOURS END BEGIN HOURS END, "only VEVENT" },
	{ "BEGIN:VEVENT\r\n" STAMP "END:VEVENT\r\n", "outermost" },
	{ BEGIN HOURS "FOO:bar\r\n" END, "FOO" },
	{ BEGIN HOURS "BEGIN:VTODO\r\n" STAMP "END:VTODO\r\n" END, "only" },
	{ DAILY("FREQ=DAILY;COUNT=3"), "COUNT" },
	{ DAILY("FREQ=MONTHLY"), "DAILY, WEEKLY and YEARLY" },
	{ DAILY("FREQ=HOURLY"), "DAILY, WEEKLY and YEARLY" },
	{ DAILY("FREQ=DAILY;INTERVAL=2"), "INTERVAL" },
	{ DAILY("FREQ=DAILY;UNTIL=20260404"), "UNTIL" },
	{ DAILY("FREQ=DAILY;UNTIL=20261332T000000Z"), "UNTIL" },
	{ DAILY("FREQ=DAILY;UNTIL=soon"), "UNTIL" },
	{ DAILY("FREQ=YEARLY;BYMONTH=13"), "BYMONTH" },
	{ DAILY("FREQ=YEARLY;BYMONTHDAY=32"), "BYMONTHDAY" },
	{ DAILY("FREQ=YEARLY;BYMONTHDAY=5"), "BYMONTH beside" },
	{ DAILY("FREQ=YEARLY;BYMONTH=1;BYDAY=6MO"), "BYDAY" },
	{ DAILY("FREQ=WEEKLY;BYDAY=1MO"), "BYDAY" },
	{ DAILY("FREQ=WEEKLY;BYMONTHDAY=5"), "BYMONTHDAY" },
	{ DAILY("FREQ=YEARLY;BYYEARDAY=5"), "BYMONTH, BYMONTHDAY" },
	{ DAILY("FREQ=YEARLY;BYSETPOS=1"), "BYMONTH, BYMONTHDAY" },
	{ DAILY("FREQ=WEEKLY;BYDAY=TU"), "DTSTART" },
	{ DAILY("FREQ=WEEKLY;BYDAY=XX"), "RRULE" },
	{ DAILY("FREQ=YEARLY;RSCALE=CHINESE"), "RSCALE" },
	{ DAILY("FREQ=DAILY\r\nRRULE:FREQ=WEEKLY"), "twice" },
	{ START(":20260230T080000", ":20260230T200000"), "real date" },
	{ START(":20260105T250000", ":20260105T260000"), "real date" },
	{ START(":20260105T080000", ":20260105T196000"), "real date" },
	{ START(":20260105T080030", ":20260105T200000"), "whole minute" },
	{ START(":20260105T080000", ":20260105T235959"), "whole minute" },
	{ START(":20260105T080000", ":20260105T080000"), "after the start" },
	{ START(":20260105T080000", ":20260105T070000"), "after the start" },
	{ START(":20260105T080000", ":20260505T070000"), "after the start" },
	{ START(":20260105T023000", ":20260105T200000"), "clocks are changed" },
	{ START(":20260105T010000", ":20260105T200000"), "clocks are changed" },
	{ START(":20260105T040000", ":20260105T200000"), "clocks are changed" },
	{ START(":20260105T200000", ":20260106T030000"), "clocks are changed" },
	{ START(";TZID=Mars/Olympus:20260105T080000", ";TZID=Mars/Olympus:20260105T200000"),
	    "Mars/Olympus" },
	{ START(";TZID=Romance Standard Time:20260105T080000",
	    ";TZID=Romance Standard Time:20260105T200000"), "Romance" },
	{ START(";TZID=Europe/Oslo:20260105T080000", ":20260105T200000"), "one zone" },
	{ START(";TZID=Europe/Oslo:20260105T080000", ";TZID=Europe/Paris:20260105T200000"),
	    "one zone" },
	{ START(":20260105T080000", ":20260105T200000Z"), "one zone" },
	{ START(";VALUE=DATE:20260105", ";VALUE=DATE:20260106"), "must have a time" },
	{ BEGIN WINDOW("DTSTART:20260105T230000\r\nDURATION:PT3H\r\n") END, "clocks" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDURATION:-PT3H\r\n") END, "DURATION" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\n") END, "after the start" },
	{ BEGIN WINDOW("DTEND:20260105T080000\r\n") END, "DTSTART is missing" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T090000\r\n"
	    "DURATION:PT1H\r\n") END, "one of them" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T090000\r\n"
	    "EXDATE;VALUE=DATE:20260105\r\n") END, "EXDATE" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T090000\r\n"
	    "RDATE:20260106T093000\r\n") END, "RDATE" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDTEND:20260105T090000\r\n"
	    "RDATE;VALUE=PERIOD:20260106T080000/PT1H\r\n") END, "RDATE" },
	{ "BEGIN:VCALENDAR\r\nBEGIN:VAVAILABILITY\r\nUID:a\r\nEND:VAVAILABILITY\r\n" END,
	    "DTSTAMP" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\n"), "HOLIDAY or AS-SUNDAY" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\nCATEGORIES:PARTY\r\n"), "HOLIDAY or AS-SUNDAY" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\nCATEGORIES:HOLIDAY\r\n"
	    "STATUS:CANCELLED\r\n"), "cancelled" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\nCATEGORIES:HOLIDAY\r\n"
	    "RRULE:FREQ=YEARLY;UNTIL=20300105T000000Z\r\n"), "UNTIL" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\nCATEGORIES:HOLIDAY\r\n"
	    "RECURRENCE-ID;VALUE=DATE:20260105\r\n"), "RECURRENCE-ID" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\nDTEND:20260106T000000\r\n"
	    "CATEGORIES:HOLIDAY\r\n"), "form of DTSTART" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\nDURATION:PT3H\r\n"
	    "CATEGORIES:HOLIDAY\r\n"), "DURATION" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\nDURATION:P101D\r\n"
	    "CATEGORIES:HOLIDAY\r\n"), "not a length" },
	{ DAY("DTSTART;VALUE=DATE:20260105\r\nDURATION:P11W\r\n"
	    "CATEGORIES:HOLIDAY\r\n"), "not a length" },
	{ BEGIN WINDOW("DTSTART:20260105T080000\r\nDURATION:PT2001H\r\n") END, "not a length" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct err err = { 0 };

		if (parse(refused[i].text, &err) != NULL)
			fail_msg("case %zu was taken: %s", i, refused[i].says);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_non_null(strstr(err.text, "test.ics: "));
		if (strstr(err.text, refused[i].says) == NULL)
			fail_msg("case %zu: '%s' does not say '%s'", i, err.text,
			    refused[i].says);
	}
}

static void test_size_and_zero_bytes(void **state)
{
	char *text = talloc_zero_array(ctx, char, CALENDAR_FILE_BYTES_MAX + 1);
	struct err err = { 0 };

	(void)state;
	assert_null(calendar_parse(ctx, "x", text, CALENDAR_FILE_BYTES_MAX + 1, &err));
	assert_non_null(strstr(err.text, "1 MiB"));
	err_clear(&err);
	memcpy(text, BEGIN HOURS END, sizeof(BEGIN HOURS END) - 1);
	assert_null(calendar_parse(ctx, "x", text, sizeof(BEGIN HOURS END), &err));
	assert_non_null(strstr(err.text, "zero"));
}

/* Every hundredth year is the rarest that is taken. */
static void test_rarest_year(void **state)
{
	const struct calendar *cal = must_parse(BEGIN WINDOW("DTSTART:19050105T080000\r\n"
	    "DTEND:19050105T200000\r\nRRULE:FREQ=YEARLY;INTERVAL=100\r\n") END);
	struct err err = { 0 };

	(void)state;
	for (int year = CALENDAR_YEAR_FIRST; year <= CALENDAR_YEAR_LAST; year++)
		assert_string_equal(windows_text(cal, year, 1, 5), year == 2005 ? "08:00-20:00" : "");
	assert_null(parse(DAILY("FREQ=YEARLY;INTERVAL=101"), &err));
	assert_non_null(strstr(err.text, "INTERVAL"));
}

static int begin(void **state)
{
	(void)state;
	ctx = talloc_new(NULL);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	return talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_denmark),
		cmocka_unit_test(test_rules_as_libical_reads_them),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_rarest_year),
		cmocka_unit_test(test_what_a_day_is), cmocka_unit_test(test_zone_of_file),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_size_and_zero_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, finish);
}
