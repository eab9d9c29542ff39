/* test_window.c - windows on an axis of instants, against a walk minute by
 * minute that knows nothing but "open means the local minute is in a window".
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "gate/window.h"

#define ROUNDS 4000
#define WALK_MINUTES_MAX (6 * 1440)

/* Hours whose edges lie where some zones change their clocks: at midnight and
 * at 22:30; one whole day; a day off now and then. */
static const char text[] =
"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
"BEGIN:VAVAILABILITY\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n"
"BEGIN:AVAILABLE\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n"
"DTSTART:20000103T083000\r\nDTEND:20000103T200000\r\nRRULE:FREQ=DAILY\r\nEND:AVAILABLE\r\n"
"BEGIN:AVAILABLE\r\nUID:b\r\nDTSTAMP:20260101T000000Z\r\n"
"DTSTART:20000101T220000\r\nDTEND:20000101T224500\r\nRRULE:FREQ=WEEKLY;BYDAY=SA\r\n"
"END:AVAILABLE\r\n"
"BEGIN:AVAILABLE\r\nUID:e\r\nDTSTAMP:20260101T000000Z\r\n"
"DTSTART:20000102T000000\r\nDTEND:20000102T003000\r\nRRULE:FREQ=WEEKLY;BYDAY=SU\r\n"
"END:AVAILABLE\r\n"
"BEGIN:AVAILABLE\r\nUID:c\r\nDTSTAMP:20260101T000000Z\r\n"
"DTSTART:20000402T000000\r\nDTEND:20000403T000000\r\n"
"RRULE:FREQ=YEARLY;BYMONTH=4,11;BYDAY=SU\r\nEND:AVAILABLE\r\n"
"END:VAVAILABILITY\r\n"
"BEGIN:VEVENT\r\nUID:d\r\nDTSTAMP:20260101T000000Z\r\n"
"DTSTART;VALUE=DATE:20000103\r\nRRULE:FREQ=WEEKLY;BYDAY=MO\r\nSUMMARY:Monday off\r\n"
"CATEGORIES:AS-SUNDAY\r\nEND:VEVENT\r\n"
"END:VCALENDAR\r\n";

static const char *const zones[] = {
	"Europe/Copenhagen", "America/Nuuk", "Atlantic/Azores", "Asia/Beirut",
	"America/Havana", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia",
	"America/Santiago", "Antarctica/Troll", "America/Sao_Paulo", "UTC",
};

static struct calendar *cal;
static uint64_t seed = 20261122;

static uint64_t random_below(uint64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % n;
}

static bool is_open(const struct zone *zone, instant_t at)
{
	const struct local_time local = zone_local(zone, at);
	const struct calendar_window *w;
	const size_t n = calendar_windows(cal, local.day, &w);

	for (size_t i = 0; i < n; i++)
		if (local.second >= w[i].opens * 60 && local.second < w[i].closes * 60)
			return true;
	return false;
}

/* Changes of clocks in these zones and years fall on whole minutes. */
static instant_t walk(const struct zone *zone, instant_t from, bool until_open)
{
	instant_t at = from;

	if (is_open(zone, at) == until_open)
		return at;
	at -= ((at % 60) + 60) % 60;
	for (int i = 0; i < WALK_MINUTES_MAX; i++) {
		at += 60;
		if (is_open(zone, at) == until_open)
			return at;
	}
	fail_msg("nothing found from %" PRId64, from);
	return 0;
}

/* Instants near the changes of clocks, and others. */
static instant_t random_instant(const struct zone *zone)
{
	instant_t at = day_instant_utc(day_from_ymd(2003, 1, 1)) +
	    (instant_t)random_below(UINT64_C(38) * 365 * SECONDS_PER_DAY);
	instant_t until;

	if (random_below(3) > 0) {
		(void)zone_segment(zone, at, &until);
		if (until < at + 400 * (instant_t)SECONDS_PER_DAY)
			at = until - 36 * 3600 + (instant_t)random_below(48 * 3600);
	}
	if (random_below(4) == 0)
		at -= at % 1800;
	return at;
}

static void test_against_a_walk(void **state)
{
	int open = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const struct zone *zone = zone_find(zones[random_below(
		    sizeof(zones) / sizeof(zones[0]))], NULL);
		const instant_t at = random_instant(zone);
		struct window_state w;

		window_ask(cal, zone, at, &w);
		assert_true(w.opens_again);
		open += w.open;
		if (w.next_open != walk(zone, at, true) || w.open != is_open(zone, at) ||
		    w.closes_at != walk(zone, w.next_open, false))
			fail_msg("%s %" PRId64 ": opens %" PRId64 " closes %" PRId64
			    ", not %" PRId64 " %" PRId64, zone_name(zone), at, w.next_open,
			    w.closes_at, walk(zone, at, true),
			    walk(zone, w.next_open, false));
	}
	assert_true(open > ROUNDS / 5 && open < ROUNDS * 4 / 5);
}

static void test_lasting(void **state)
{
	const struct zone *zone = zone_find("Europe/Copenhagen", NULL);
	struct window_state w;
	instant_t at;

	(void)state;
	/* Tuesday 24 November 2026, 19:30 local: exactly half an hour is left */
	assert_true(instant_parse("2026-11-24T18:30:00Z", &at, NULL));
	window_ask_lasting(cal, zone, at - 1, 1800, &w);
	assert_true(w.open);
	assert_int_equal(w.closes_at, at + 1800);
	window_ask_lasting(cal, zone, at, 1800, &w);
	assert_false(w.open);
	assert_int_equal(w.next_open, at + 13 * 3600);	/* 08:30 */
	/* a window shorter than what must be left is passed over */
	window_ask_lasting(cal, zone, at, 12 * 3600, &w);
	assert_true(w.opens_again);
	assert_true(w.closes_at - w.next_open > 12 * 3600);
}

static void test_reason_and_never(void **state)
{
	const struct zone *zone = zone_find("Europe/Copenhagen", NULL);
	struct window_state w;

	(void)state;
	window_ask(cal, zone, day_instant_utc(day_from_ymd(2026, 11, 23)) + 36000, &w);
	assert_false(w.open);
	assert_int_equal(w.kind, CALENDAR_AS_SUNDAY);
	assert_string_equal(w.event, "Monday off");
	/* after the table's end nothing ever opens: no endless search */
	window_ask(cal, zone, day_instant_utc(day_from_ymd(2061, 1, 2)), &w);
	assert_false(w.open);
	assert_false(w.opens_again);
	window_ask(cal, zone, INSTANT_MAX, &w);
	assert_false(w.opens_again);
	window_ask(cal, zone, day_instant_utc(day_from_ymd(1970, 1, 1)), &w);
	assert_false(w.opens_again);
}

/* A file tied to a zone is read in that zone, whoever is asked about. */
static void test_tied_to_a_zone(void **state)
{
	static const char tied[] =
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
	"BEGIN:VAVAILABILITY\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n"
	"BEGIN:AVAILABLE\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n"
	"DTSTART;TZID=America/New_York:20260105T080000\r\n"
	"DTEND;TZID=America/New_York:20260105T210000\r\nRRULE:FREQ=DAILY\r\n"
	"END:AVAILABLE\r\nEND:VAVAILABILITY\r\nEND:VCALENDAR\r\n";
	struct calendar *eastern = calendar_parse(cal, "tied", tied, sizeof(tied) - 1, NULL);
	struct window_state w;
	instant_t at;

	(void)state;
	assert_non_null(eastern);
	assert_true(instant_parse("2026-07-01T12:00:00Z", &at, NULL));
	window_ask(eastern, zone_find("America/Los_Angeles", NULL), at - 1, &w);
	assert_false(w.open);
	assert_int_equal(w.next_open, at);
}

static int begin(void **state)
{
	struct err err = { 0 };

	(void)state;
	cal = calendar_parse(NULL, "test", text, sizeof(text) - 1, &err);
	if (cal == NULL)
		fprintf(stderr, "%s\n", err.text);
	return cal == NULL;
}

static int finish(void **state)
{
	(void)state;
	return talloc_free(cal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_a_walk),
		cmocka_unit_test(test_lasting),
		cmocka_unit_test(test_reason_and_never),
		cmocka_unit_test(test_tied_to_a_zone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, finish);
}
