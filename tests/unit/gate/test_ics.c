/* test_ics.c - where libical departs from the RFC or takes what is none, and
 * calendars that other people wrote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "base/zone.h"
#include "gate/calendar.h"
#include "gate/window.h"

#define STAMP "UID:a\r\nDTSTAMP:20260101T000000Z\r\n"
#define BEGIN "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
#define END "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\n" STAMP lines "END:VEVENT\r\n"
#define WINDOW(lines) "BEGIN:VAVAILABILITY\r\n" STAMP "BEGIN:AVAILABLE\r\n" STAMP \
	lines "END:AVAILABLE\r\nEND:VAVAILABILITY\r\n"
#define DAILY "DTSTART:20240105T080000\r\nDTEND:20240105T200000\r\nRRULE:FREQ=DAILY\r\n"
#define HOURS BEGIN WINDOW(DAILY) END

static void *ctx;

static const char *windows_text(const struct calendar *cal, day_t day)
{
	const struct calendar_window *w;
	const size_t n = calendar_windows(cal, day, &w);
	static char text[200];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%02d:%02d-%02d:%02d", i > 0 ? " " : "", w[i].opens / 60,
		    w[i].opens % 60, w[i].closes / 60, w[i].closes % 60);
	return text;
}

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

/* --- what libical lets through ---------------------------------------------- */

static const struct {
	const char	*text, *says;
} refused[] = {
	/* no UID, no DTSTAMP: icalrestriction_check() has nothing against it */
	{ BEGIN "BEGIN:VAVAILABILITY\r\n" STAMP "BEGIN:AVAILABLE\r\n"
	    "DTSTAMP:20260101T000000Z\r\n" DAILY "END:AVAILABLE\r\nEND:VAVAILABILITY\r\n" END,
	    "UID" },
	{ BEGIN WINDOW(DAILY) "BEGIN:VEVENT\r\nUID:b\r\nDTSTART;VALUE=DATE:20260105\r\n"
	    "CATEGORIES:HOLIDAY\r\nEND:VEVENT\r\n" END, "DTSTAMP" },
	/* an EXDATE of another form than the start */
	{ BEGIN WINDOW(DAILY "EXDATE:20260112T080000Z\r\n") END, "zone" },
	{ BEGIN WINDOW(DAILY "EXDATE;TZID=Europe/Oslo:20260112T080000\r\n") END, "zone" },
	{ BEGIN WINDOW(DAILY "EXDATE;VALUE=DATE:20260112\r\n") END, "EXDATE" },
	/* dates that there are not */
	{ BEGIN WINDOW(DAILY) EVENT("DTSTART:20251332T080000\r\nDURATION:PT4H\r\n") END,
	    "DTSTART" },
	{ BEGIN WINDOW(DAILY) EVENT("DTSTART;VALUE=DATE:20250229\r\n"
	    "CATEGORIES:HOLIDAY\r\n") END, "real date" },
	{ BEGIN WINDOW(DAILY) EVENT("DTSTART;VALUE=DATE:20260105\r\nCATEGORIES:HOLIDAY\r\n"
	    "RDATE;VALUE=DATE:20260230\r\n") END, "RDATE" },
	{ BEGIN WINDOW(DAILY) EVENT("DTSTART;VALUE=DATE:20260105\r\nCATEGORIES:HOLIDAY\r\n"
	    "EXDATE;VALUE=DATE:20261301\r\n") END, "EXDATE" },
	/* 29 February that would be moved to 1 March */
	{ BEGIN WINDOW(DAILY) EVENT("DTSTART;VALUE=DATE:20240229\r\nCATEGORIES:HOLIDAY\r\n"
	    "RRULE:RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD\r\n") END, "RSCALE" },
	/* a name of a zone as libical itself would print it */
	{ BEGIN WINDOW("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Oslo:"
	    "20260105T080000\r\nDURATION:PT4H\r\n") END, "time zone" },
	{ BEGIN WINDOW("DTSTART;TZID=W. Europe Standard Time:20260105T080000\r\n"
	    "DURATION:PT4H\r\n") END, "time zone" },
	/* a repeated time inside the hours in which clocks are changed */
	{ BEGIN WINDOW("DTSTART:20260328T023000\r\nDTEND:20260328T083000\r\n"
	    "RRULE:FREQ=DAILY\r\n") END, "clocks are changed" },
	{ BEGIN WINDOW(DAILY "RDATE:20260106T023000\r\n") END, "clocks are changed" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct err err = { 0 };

		if (parse(refused[i].text, &err) != NULL)
			fail_msg("case %zu was taken", i);
		if (strstr(err.text, refused[i].says) == NULL)
			fail_msg("case %zu: '%s' does not say '%s'", i, err.text,
			    refused[i].says);
	}
}

static void test_too_much(void **state)
{
	struct err err = { 0 };
	char *text = talloc_strdup(ctx, BEGIN WINDOW(DAILY));

	(void)state;
	for (int i = 0; i < 60; i++)
		text = talloc_strdup_append(text, EVENT("DTSTART:20000101T220000\r\n"
		    "DURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n"));
	assert_null(parse(talloc_asprintf(ctx, "%s" END, text), &err));
	assert_non_null(strstr(err.text, "than this table holds"));
	err_clear(&err);
	for (int i = 0; i < 1000; i++)
		text = talloc_strdup_append(text, EVENT("DTSTART:20000101T220000\r\n"
		    "DURATION:PT1H\r\n"));
	assert_null(parse(talloc_asprintf(ctx, "%s" END, text), &err));
	assert_non_null(strstr(err.text, "more than 1000"));
}

/* A part of a day may make it a holiday all the same. */
static void test_part_with_category(void **state)
{
	const struct calendar *cal = must_parse(BEGIN WINDOW(DAILY)
	    EVENT("DTSTART:20260119T000000\r\nDTEND:20260119T100000\r\nCATEGORIES:AS-SUNDAY\r\n"
	    "SUMMARY:King\r\n") EVENT("DTSTART:20260120T180000\r\nDTEND:20260121T000000\r\n"
	    "CATEGORIES:HOLIDAY\r\n") EVENT("DTSTART:20260121T180000\r\n"
	    "DTEND:20260122T000000\r\nCATEGORIES:PARTY\r\n") END);
	const day_t day = day_from_ymd(2026, 1, 19);

	(void)state;
	assert_string_equal(windows_text(cal, day), "10:00-20:00");
	assert_int_equal(calendar_kind(cal, day), CALENDAR_AS_SUNDAY);
	assert_false(calendar_is_bank_day(cal, day));
	assert_string_equal(calendar_event_name(cal, day), "King");
	assert_string_equal(windows_text(cal, day + 1), "08:00-18:00");
	assert_int_equal(calendar_kind(cal, day + 1), CALENDAR_HOLIDAY);
	assert_string_equal(windows_text(cal, day + 2), "08:00-18:00");
	assert_int_equal(calendar_kind(cal, day + 2), CALENDAR_ORDINARY);
	assert_true(calendar_is_bank_day(cal, day + 2));
}

/* --- zones and changes of clocks -------------------------------------------- */

/* The file's own word on a zone counts for nothing: the system's does. */
#define FALSE_OSLO "BEGIN:VTIMEZONE\r\nTZID:Europe/Oslo\r\nBEGIN:STANDARD\r\n"		\
	"DTSTART:19700101T000000\r\nTZOFFSETFROM:+1200\r\nTZOFFSETTO:+1200\r\n"		\
	"END:STANDARD\r\nEND:VTIMEZONE\r\n"
#define TIED(zone) WINDOW("DTSTART;TZID=" zone ":20260105T080000\r\n"			\
	"DTEND;TZID=" zone ":20260105T200000\r\nRRULE:FREQ=DAILY\r\n")
/* Edges at midnight and at half past ten, where some zones change clocks. */
#define MIDNIGHT BEGIN "BEGIN:VAVAILABILITY\r\n" STAMP					\
	"BEGIN:AVAILABLE\r\n" STAMP "DTSTART:20240101T000000\r\n"			\
	"DTEND:20240101T003000\r\nRRULE:FREQ=DAILY\r\nEND:AVAILABLE\r\n"		\
	"BEGIN:AVAILABLE\r\n" STAMP "DTSTART:20240101T223000\r\n"			\
	"DTEND:20240101T230000\r\nRRULE:FREQ=DAILY\r\nEND:AVAILABLE\r\n"		\
	"END:VAVAILABILITY\r\n" END

static const struct {
	const char	*text, *zone, *at, *opens, *closes;
} changes[] = {
	{ BEGIN FALSE_OSLO TIED("Europe/Oslo") END, "UTC", "2026-07-01T00:00:00Z",
	    "2026-07-01T06:00:00Z", "2026-07-01T18:00:00Z" },
	{ BEGIN TIED("US/Eastern") END, "UTC", "2026-07-01T00:00:00Z",
	    "2026-07-01T12:00:00Z", "2026-07-02T00:00:00Z" },
	/* no summer time is lost after 2037 */
	{ HOURS, "America/New_York", "2039-07-01T00:00:00Z", "2039-07-01T12:00:00Z",
	    "2039-07-02T00:00:00Z" },
	{ HOURS, "Europe/Copenhagen", "2045-01-09T21:00:00Z", "2045-01-10T07:00:00Z",
	    "2045-01-10T19:00:00Z" },
	{ HOURS, "Europe/Copenhagen", "2059-08-01T20:00:00Z", "2059-08-02T06:00:00Z",
	    "2059-08-02T18:00:00Z" },
	{ HOURS, "Australia/Sydney", "2050-01-10T00:00:00Z", "2050-01-10T00:00:00Z",
	    "2050-01-10T09:00:00Z" },
	/* Beirut leaves out 00:00 to 01:00: the window of that midnight is gone */
	{ MIDNIGHT, "Asia/Beirut", "2025-03-29T21:30:00Z", "2025-03-30T19:30:00Z",
	    "2025-03-30T20:00:00Z" },
	/* Santiago too, in September */
	{ MIDNIGHT, "America/Santiago", "2025-09-07T03:00:00Z", "2025-09-08T01:30:00Z",
	    "2025-09-08T02:00:00Z" },
	/* Havana has 00:00 to 01:00 twice, and the window with it */
	{ MIDNIGHT, "America/Havana", "2025-11-02T03:30:00Z", "2025-11-02T04:00:00Z",
	    "2025-11-02T04:30:00Z" },
	{ MIDNIGHT, "America/Havana", "2025-11-02T04:30:00Z", "2025-11-02T05:00:00Z",
	    "2025-11-02T05:30:00Z" },
	/* Nuuk jumps from 23:00 to midnight: two windows are one */
	{ MIDNIGHT, "America/Nuuk", "2025-03-29T23:00:00Z", "2025-03-30T00:30:00Z",
	    "2025-03-30T01:30:00Z" },
	/* and a window that would open at that 23:00 does not */
	{ BEGIN WINDOW("DTSTART:20240101T230000\r\nDTEND:20240101T233000\r\n"
	    "RRULE:FREQ=DAILY\r\n") END, "America/Nuuk", "2025-03-29T23:00:00Z",
	    "2025-03-31T00:00:00Z", "2025-03-31T00:30:00Z" },
	/* Lord Howe moves by half an hour, at two */
	{ HOURS, "Australia/Lord_Howe", "2025-04-05T12:00:00Z", "2025-04-05T21:30:00Z",
	    "2025-04-06T09:30:00Z" },
	/* a day without 02:00 to 03:00, and one that has it twice */
	{ HOURS, "Europe/Copenhagen", "2025-03-30T00:59:59Z", "2025-03-30T06:00:00Z",
	    "2025-03-30T18:00:00Z" },
	{ HOURS, "Europe/Copenhagen", "2025-10-26T00:59:59Z", "2025-10-26T07:00:00Z",
	    "2025-10-26T19:00:00Z" },
};

static void test_changes_of_clocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const struct calendar *cal = must_parse(changes[i].text);
		char opens[INSTANT_TEXT_BYTES], closes[INSTANT_TEXT_BYTES];
		struct window_state w;
		instant_t at;

		assert_true(instant_parse(changes[i].at, &at, NULL));
		window_ask(cal, zone_find(changes[i].zone, NULL), at, &w);
		if (strcmp(instant_text(w.next_open, opens), changes[i].opens) != 0 ||
		    strcmp(instant_text(w.closes_at, closes), changes[i].closes) != 0)
			fail_msg("case %zu, %s: %s to %s", i, changes[i].zone, opens, closes);
	}
}

/* --- closed days ------------------------------------------------------------ */

/* As a public authority and a calendar program write them: folded lines, a
 * zone that nothing uses, properties of their own, an alarm. */
#define FEED "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\n"	\
	"PRODID:-//Somebody//Days 2.1//DA\r\nX-WR-CALNAME:Lukkedage\r\n"		\
	"X-WR-TIMEZONE:Europe/Copenhagen\r\nBEGIN:VTIMEZONE\r\nTZID:Romance Standard Time\r\n"	\
	"BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\n"		\
	"TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"				\
	"BEGIN:VEVENT\r\nCLASS:PUBLIC\r\nUID:1@somebody\r\nDTSTAMP:20260101T101112Z\r\n"	\
	"CREATED:20250101T000000Z\r\nSEQUENCE:3\r\nSTATUS:CONFIRMED\r\n"		\
	"DTSTART;VALUE=DATE:20260720\r\nDTEND;VALUE=DATE:20260803\r\n"			\
	"SUMMARY;LANGUAGE=da:Sommer\r\n lukket\r\nCATEGORIES:Ferie,Lukket\r\n"		\
	"DESCRIPTION:Vi holder lukket\\, som altid\\; se\\nhttps://example.com/en-lang-adre\r\n"\
	" sse-som-er-foldet\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\nTRANSP:OPAQUE\r\n"	\
	"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P1D\r\nDESCRIPTION:x\r\nEND:VALARM\r\n"	\
	"END:VEVENT\r\n"								\
	"BEGIN:VEVENT\r\nUID:2@somebody\r\nDTSTAMP:20260101T101112Z\r\n"		\
	"DTSTART;VALUE=DATE:20260601\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20280601\r\n"	\
	"SUMMARY:Firmaets dag\r\nEND:VEVENT\r\n"					\
	"BEGIN:VEVENT\r\nUID:3@somebody\r\nDTSTAMP:20260101T101112Z\r\n"		\
	"DTSTART;VALUE=DATE:20260604\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n"		\
	"BEGIN:VEVENT\r\nUID:4@somebody\r\nDTSTAMP:20260101T101112Z\r\n"		\
	"DTSTART:20260603T120000\r\nDTEND:20260604T000000\r\nSUMMARY:Halv\r\nEND:VEVENT\r\n"	\
	"BEGIN:VEVENT\r\nUID:5@somebody\r\nDTSTAMP:20260101T101112Z\r\n"		\
	"DTSTART;VALUE=DATE:20261225\r\nSUMMARY:Jul\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

static struct calendar *join(const char *closed)
{
	return must_parse(calendar_join(ctx, BEGIN WINDOW(DAILY)
	    EVENT("DTSTART;VALUE=DATE:20001225\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Juledag\r\n"
	    "CATEGORIES:HOLIDAY\r\n") END, closed));
}

static void test_closed_days(void **state)
{
	const struct calendar *cal = join(FEED);
	const day_t june = day_from_ymd(2026, 6, 1), july = day_from_ymd(2026, 7, 1);

	(void)state;
	assert_string_equal(windows_text(cal, june), "");
	assert_int_equal(calendar_kind(cal, june), CALENDAR_CLOSED);
	assert_string_equal(calendar_event_name(cal, june), "Firmaets dag");
	assert_true(calendar_is_closed_day(cal, june));
	assert_false(calendar_is_bank_day(cal, june));
	assert_true(calendar_is_bank_day(cal, june + 1));
	assert_true(calendar_is_closed_day(cal, day_from_ymd(2027, 6, 1)));
	assert_false(calendar_is_closed_day(cal, day_from_ymd(2028, 6, 1)));
	/* half a day, and one that was called off */
	assert_string_equal(windows_text(cal, june + 2), "08:00-12:00");
	assert_true(calendar_is_bank_day(cal, june + 2));
	assert_string_equal(windows_text(cal, june + 3), "08:00-20:00");
	/* two weeks; the end of an all-day event is not in it */
	assert_string_equal(windows_text(cal, july + 18), "08:00-20:00");
	for (day_t day = july + 19; day < july + 33; day++)
		assert_int_equal(calendar_kind(cal, day), CALENDAR_CLOSED);
	assert_string_equal(calendar_event_name(cal, july + 19), "Sommerlukket");
	assert_string_equal(windows_text(cal, july + 33), "08:00-20:00");
	/* a public holiday stays one */
	assert_int_equal(calendar_kind(cal, day_from_ymd(2026, 12, 25)), CALENDAR_HOLIDAY);
	assert_string_equal(calendar_event_name(cal, day_from_ymd(2026, 12, 25)), "Juledag");
}

/* A whole day of one's own weighs more than a part of a day like a Sunday. */
static void test_closed_over_part(void **state)
{
	struct calendar *cal = must_parse(calendar_join(ctx, BEGIN WINDOW(DAILY)
	    EVENT("DTSTART:20260119T180000\r\nDTEND:20260120T000000\r\nCATEGORIES:AS-SUNDAY\r\n")
	    END, BEGIN EVENT("DTSTART;VALUE=DATE:20260119\r\n") END));

	(void)state;
	assert_int_equal(calendar_kind(cal, day_from_ymd(2026, 1, 19)), CALENDAR_CLOSED);
	assert_string_equal(windows_text(cal, day_from_ymd(2026, 1, 19)), "");
	/* a whole day like a Sunday weighs more than one's own */
	cal = must_parse(calendar_join(ctx, BEGIN WINDOW(DAILY)
	    EVENT("DTSTART;VALUE=DATE:20260119\r\nCATEGORIES:AS-SUNDAY\r\n") END,
	    BEGIN EVENT("DTSTART;VALUE=DATE:20260119\r\n") END));
	assert_int_equal(calendar_kind(cal, day_from_ymd(2026, 1, 19)), CALENDAR_AS_SUNDAY);
}

static void test_closed_days_joined(void **state)
{
	const struct calendar *cal;

	(void)state;
	/* without a newline at the end, and two files */
	cal = must_parse(calendar_join(ctx, calendar_join(ctx, BEGIN WINDOW(DAILY)
	    "END:VCALENDAR", BEGIN EVENT("DTSTART;VALUE=DATE:20260601\r\n") "END:VCALENDAR"),
	    BEGIN EVENT("DTSTART;VALUE=DATE:20260602\r\n") END));
	assert_int_equal(calendar_kind(cal, day_from_ymd(2026, 6, 1)), CALENDAR_CLOSED);
	assert_int_equal(calendar_kind(cal, day_from_ymd(2026, 6, 2)), CALENDAR_CLOSED);
	assert_int_equal(calendar_kind(cal, day_from_ymd(2026, 6, 3)), CALENDAR_ORDINARY);
	/* alone: the days, and no hours */
	cal = calendar_parse_closed(ctx, "feed.ics", FEED, sizeof(FEED) - 1, NULL);
	assert_non_null(cal);
	assert_int_equal(calendar_kind(cal, day_from_ymd(2026, 7, 20)), CALENDAR_CLOSED);
	assert_string_equal(windows_text(cal, day_from_ymd(2026, 6, 4)), "");
}

static const struct {
	const char	*text, *says;
} refused_feeds[] = {
	{ "", "VCALENDAR" },
	{ "<html>not found</html>", "VCALENDAR" },
	{ BEGIN END, "no day is closed" },
	{ BEGIN EVENT("DTSTART;VALUE=DATE:20260604\r\nSTATUS:CANCELLED\r\n") END,
	    "no day is closed" },
	{ BEGIN WINDOW(DAILY) END, "only VEVENT" },
	{ BEGIN "BEGIN:VTODO\r\n" STAMP "END:VTODO\r\n" END, "only VEVENT" },
	{ BEGIN EVENT("DTSTART:20260604T120000Z\r\nDURATION:PT2H\r\n") END, "without Z and TZID" },
	{ BEGIN EVENT("DTSTART;TZID=Europe/Oslo:20260604T120000\r\nDURATION:PT2H\r\n") END,
	    "without Z and TZID" },
	{ BEGIN EVENT("DTSTART;VALUE=DATE:20260604\r\nRRULE:FREQ=MONTHLY\r\n") END,
	    "DAILY, WEEKLY and YEARLY" },
	{ BEGIN EVENT("DTSTART;VALUE=DATE:20260604\r\nRRULE:FREQ=YEARLY;COUNT=5\r\n") END,
	    "COUNT" },
	{ BEGIN EVENT("DTSTART;VALUE=DATE:20260604\r\nDTEND;VALUE=DATE:20261224\r\n") END,
	    "100 days" },
	{ BEGIN EVENT("DTSTART;VALUE=DATE:20260230\r\n") END, "real date" },
	{ BEGIN EVENT("SUMMARY:when?\r\n") END, "DTSTART is missing" },
	{ BEGIN "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260604\r\nEND:VEVENT\r\n" END, "UID" },
	{ BEGIN EVENT("DTSTART;VALUE=DATE:20260604\r\n"), "end is missing" },
};

static void test_refused_feeds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused_feeds) / sizeof(refused_feeds[0]); i++) {
		const char *text = refused_feeds[i].text;
		struct err err = { 0 };

		if (calendar_parse_closed(ctx, "feed.ics", text, strlen(text), &err) != NULL)
			fail_msg("feed %zu was taken", i);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strncmp(err.text, "feed.ics: ", 10) != 0 || strchr(err.text, '\n') != NULL ||
		    strstr(err.text, refused_feeds[i].says) == NULL)
			fail_msg("feed %zu: '%s' does not say '%s'", i, err.text,
			    refused_feeds[i].says);
	}
}

/* RFC 5545, 3.3.6: what stands in a duration adds up. */
static void test_durations(void **state)
{
	static const struct { const char *duration; int days; const char *windows; } cases[] = {
		{ "PT1H30M", 0, "08:00-12:00 13:30-20:00" },
		{ "PT90M", 0, "08:00-12:00 13:30-20:00" },
		{ "P1DT1H15M", 1, "13:15-20:00" },
		{ "P1W", 6, "" },
		{ "P1W", 7, "12:00-20:00" },
	};
	const day_t first = day_from_ymd(2026, 1, 5);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct calendar *cal = must_parse(talloc_asprintf(ctx, BEGIN WINDOW(DAILY)
		    EVENT("DTSTART:20260105T120000\r\nDURATION:%s\r\n") END, cases[i].duration));

		assert_string_equal(windows_text(cal, first + cases[i].days), cases[i].windows);
	}
}

/* The first day of a file has its name as any other has. */
static void test_name_of_the_first(void **state)
{
	const struct calendar *cal = calendar_parse_closed(ctx, "feed.ics", FEED, sizeof(FEED) - 1,
	    NULL);

	(void)state;
	assert_non_null(cal);
	assert_string_equal(calendar_event_name(cal, day_from_ymd(2026, 7, 20)), "Sommerlukket");
	assert_string_equal(calendar_event_name(cal, day_from_ymd(2026, 6, 1)), "Firmaets dag");
}

/* What is joined begins on a line of its own, and no empty line is made. */
static void test_lines_joined(void **state)
{
	(void)state;
	assert_string_equal(calendar_join(ctx, "", "y"), "y");
	assert_string_equal(calendar_join(ctx, "x", "y"), "x\r\ny");
	assert_string_equal(calendar_join(ctx, "x\n", "y"), "x\ny");
	assert_string_equal(calendar_join(ctx, "\n", "y"), "\ny");
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
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_part_with_category),
		cmocka_unit_test(test_changes_of_clocks),
		cmocka_unit_test(test_closed_days),
		cmocka_unit_test(test_closed_over_part),
		cmocka_unit_test(test_closed_days_joined),
		cmocka_unit_test(test_refused_feeds),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_name_of_the_first),
		cmocka_unit_test(test_lines_joined),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, finish);
}
