/* fuzz_ics.c - iCalendar files as strangers may write them (libFuzzer).
 *
 * Whatever is taken must be a sound table: windows in order, not touching,
 * inside the day; of closed days alone, a table without windows.  Build with V=fuzz; seeds in corpus/ics.
 */
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "gate/calendar.h"
#include "gate/window.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_day(const struct calendar *cal, day_t day)
{
	const struct calendar_window *w;
	const size_t n = calendar_windows(cal, day, &w);
	int last = -1;

	must(n <= CALENDAR_WINDOWS_PER_DAY_MAX);
	for (size_t i = 0; i < n; i++) {
		must(w[i].opens > last && w[i].opens < w[i].closes && w[i].closes <= 1440);
		last = w[i].closes;
	}
	must(calendar_event_name(cal, day) != NULL);
}

static void check_closed(void *ctx, const char *data, size_t size)
{
	struct err err = { 0 };
	const struct calendar *cal = calendar_parse_closed(ctx, "fuzz", data, size, &err);
	const struct calendar_window *w;

	must((cal == NULL) == err_is_set(&err));
	for (day_t day = day_from_ymd(2024, 1, 1); cal != NULL &&
	    day < day_from_ymd(2029, 1, 1); day++) {
		must(calendar_windows(cal, day, &w) == 0);
		must(calendar_kind(cal, day) == CALENDAR_ORDINARY ||
		    calendar_kind(cal, day) == CALENDAR_CLOSED);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct calendar *cal = calendar_parse(ctx, "fuzz", (const char *)data, size, &err);

	must((cal == NULL) == err_is_set(&err));
	check_closed(ctx, (const char *)data, size);
	if (cal != NULL) {
		const struct zone *zone = zone_find("Europe/Copenhagen", NULL);
		struct window_state w;

		for (day_t day = day_from_ymd(2024, 1, 1); day < day_from_ymd(2029, 1, 1); day++)
			check_day(cal, day);
		for (int i = 0; i < 20; i++) {
			const instant_t at = day_instant_utc(day_from_ymd(2024, 1, 1)) +
			    i * INT64_C(7777777);

			window_ask(cal, zone, at, &w);
			must(!w.opens_again || (w.next_open >= at && w.closes_at > w.next_open));
		}
	}
	talloc_free(ctx);
	return 0;
}
