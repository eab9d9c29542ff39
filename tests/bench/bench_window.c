/* bench_window.c - how long a calendar takes to compile, and how fast a contact
 * window is asked in random zones, beside a bare table (changes of offset and
 * the minutes of a week as bits: no holidays, no next opening) and beside the
 * conversion of a time alone by libical and by ICU.
 *
 * All take turns, ROUNDS times, and medians of the ratios are printed: a busy
 * machine slows them together.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libical/ical.h>
#include <talloc.h>
#include <unicode/ucal.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "gate/window.h"

#define ROUNDS 9
#define ROUND_MS 150
#define QUESTIONS 4096
#define COMPILES 10
#define CHANGES_MAX 128
#define MINUTES_PER_WEEK 10080
#define TEXT_BYTES_MAX 65536
#define COMPILE_MS_MAX 5.0

static const char *const packs[] = { "dk", "no", "se", "fi", "de", "gb", "us" };
static const char *const zones[] = { "Europe/Copenhagen", "Europe/Oslo", "Europe/Helsinki",
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Phoenix", "Pacific/Honolulu", "Asia/Tokyo",
    "Australia/Sydney", "Africa/Casablanca", "America/Santiago", "Asia/Kathmandu" };
enum { PACKS = sizeof(packs) / sizeof(packs[0]), ZONES = sizeof(zones) / sizeof(zones[0]) };

struct bare {
	instant_t	at[CHANGES_MAX];
	int32_t		offset[CHANGES_MAX];
	int		count;
};

struct question {
	int		pack, zone;
	instant_t	at;
};

static struct {
	const struct calendar	*calendars[PACKS];
	const struct zone	*zones[ZONES];
	struct bare		 bare[ZONES];
	icaltimezone		*ical[ZONES];
	UCalendar		*icu[ZONES];
	uint64_t		 week[PACKS][MINUTES_PER_WEEK / 64 + 1];
	struct question		 questions[QUESTIONS];
	uint64_t		 seed;
} b = { .seed = 20261125 };

static uint64_t random_below(uint64_t n)
{
	b.seed = b.seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (b.seed >> 33) % n;
}

static int by_size(const void *x, const void *y)
{
	const double p = *(const double *)x, q = *(const double *)y;

	return (p > q) - (p < q);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), by_size);
	return values[ROUNDS / 2];
}

/* --- compiling --------------------------------------------------------------- */

static size_t read_text(const char *pack, char *text)
{
	char path[64];
	FILE *f;
	size_t len;

	(void)snprintf(path, sizeof(path), "schedules/calendars/%s.ics", pack);
	f = fopen(path, "rb");
	must(f != NULL);
	len = fread(text, 1, TEXT_BYTES_MAX, f);
	(void)fclose(f);
	return len;
}

/* All 61 years of it, holidays and hours.  Milliseconds of this process, so
 * that a busy machine does not count. */
static double compile_ms(const char *pack)
{
	static char text[TEXT_BYTES_MAX];
	const size_t len = read_text(pack, text);
	double each[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		const clock_t from = clock();

		for (int i = 0; i < COMPILES; i++)
			talloc_free(calendar_parse(NULL, pack, text, len, NULL));
		each[round] = (double)(clock() - from) * 1000 / CLOCKS_PER_SEC / COMPILES;
	}
	return median(each);
}

static bool compiling(void)
{
	double slowest = 0;

	for (int i = 0; i < PACKS; i++) {
		const double ms = compile_ms(packs[i]);

		printf("compile %s.ics, 2000 to 2060     %6.2f ms\n", packs[i], ms);
		slowest = ms > slowest ? ms : slowest;
	}
	printf("slowest                          %6.2f ms (wanted: at most %.0f)\n", slowest,
	    COMPILE_MS_MAX);
	return slowest <= COMPILE_MS_MAX;
}

/* --- asking ------------------------------------------------------------------ */

static int ask_window(const struct question *q)
{
	struct window_state w;

	window_ask(b.calendars[q->pack], b.zones[q->zone], q->at, &w);
	return w.open;
}

static int ask_bare(const struct question *q)
{
	const struct bare *z = &b.bare[q->zone];
	int low = 0, high = z->count;
	int64_t minute;

	while (high - low > 1) {
		const int middle = (low + high) / 2;

		if (z->at[middle] <= q->at)
			low = middle;
		else
			high = middle;
	}
	/* 1 January 1970 was a Thursday */
	minute = ((q->at + z->offset[low]) / 60 + 3 * 1440) % MINUTES_PER_WEEK;
	return b.week[q->pack][minute / 64] >> (minute % 64) & 1;
}

static int ask_ical(const struct question *q)
{
	const struct icaltimetype utc = icaltime_from_timet_with_zone(q->at, 0,
	    icaltimezone_get_utc_timezone());

	return icaltime_convert_to_zone(utc, b.ical[q->zone]).hour;
}

static int ask_icu(const struct question *q)
{
	UErrorCode code = U_ZERO_ERROR;

	ucal_setMillis(b.icu[q->zone], (double)q->at * 1000, &code);
	return ucal_get(b.icu[q->zone], UCAL_HOUR_OF_DAY, &code);
}

static double rate(int ask(const struct question *))
{
	const tick_t from = clock_tick();
	uint64_t n = 0, sum = 0;

	for (; clock_tick().ms - from.ms < ROUND_MS; n += QUESTIONS)
		for (int i = 0; i < QUESTIONS; i++)
			sum += (uint64_t)ask(&b.questions[i]);
	must(sum > 0);
	return (double)n * 1000 / (double)(clock_tick().ms - from.ms);
}

static void asking(void)
{
	static const struct {
		const char	*name;
		int		(*ask)(const struct question *);
		double		 wanted;	/* our speed, as a multiple of it */
	} peers[] = { { "bare table", ask_bare, 0.25 }, { "libical, conversion alone", ask_ical, 3 },
	    { "ICU, conversion alone", ask_icu, 5 } };
	enum { PEERS = sizeof(peers) / sizeof(peers[0]) };
	double own[ROUNDS], other[PEERS][ROUNDS], ratio[PEERS][ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		own[round] = rate(ask_window);
		for (int i = 0; i < PEERS; i++) {
			other[i][round] = rate(peers[i].ask);
			ratio[i][round] = own[round] / other[i][round];
		}
	}
	printf("\nwindow, holidays, next opening   %6.1f M/s\n", median(own) / 1e6);
	for (int i = 0; i < PEERS; i++)
		printf("%-32s %6.1f M/s; ours is %.2f of it (wanted: %.2f)\n", peers[i].name,
		    median(other[i]) / 1e6, median(ratio[i]), peers[i].wanted);
}

/* --- preparing ---------------------------------------------------------------- */

static void prepare_zone(int i)
{
	struct bare *bare = &b.bare[i];
	instant_t at = day_instant_utc(day_from_ymd(2020, 1, 1)), until;
	const instant_t end = day_instant_utc(day_from_ymd(2037, 1, 1));
	UErrorCode code = U_ZERO_ERROR;
	UChar name[64];

	b.zones[i] = zone_find(zones[i], NULL);
	must(b.zones[i] != NULL);
	for (; at < end; at = until) {
		must(bare->count < CHANGES_MAX);
		bare->at[bare->count] = at;
		bare->offset[bare->count++] = zone_segment(b.zones[i], at, &until);
	}
	b.ical[i] = icaltimezone_get_builtin_timezone(zones[i]);
	for (size_t k = 0; k <= strlen(zones[i]); k++)
		name[k] = (UChar)zones[i][k];
	b.icu[i] = ucal_open(name, -1, "en", UCAL_GREGORIAN, &code);
	must(b.ical[i] != NULL && U_SUCCESS(code));
}

static void prepare_pack(int i)
{
	static char text[TEXT_BYTES_MAX];
	const day_t monday = day_from_ymd(2026, 11, 16);	/* a week without a holiday */

	b.calendars[i] = calendar_parse(NULL, packs[i], text, read_text(packs[i], text), NULL);
	must(b.calendars[i] != NULL);
	for (int day = 0; day < 7; day++) {
		const struct calendar_window *w;
		const size_t n = calendar_windows(b.calendars[i], monday + day, &w);

		for (size_t k = 0; k < n; k++)
			for (int m = day * 1440 + w[k].opens; m < day * 1440 + w[k].closes; m++)
				b.week[i][m / 64] |= UINT64_C(1) << (m % 64);
	}
}

int main(void)
{
	const instant_t first = day_instant_utc(day_from_ymd(2024, 1, 1));
	bool ok;

	for (int i = 0; i < ZONES; i++)
		prepare_zone(i);
	for (int i = 0; i < PACKS; i++)
		prepare_pack(i);
	for (int i = 0; i < QUESTIONS; i++)
		b.questions[i] = (struct question){ (int)random_below(PACKS),
		    (int)random_below(ZONES),
		    first + (instant_t)random_below(UINT64_C(12) * 365 * SECONDS_PER_DAY) };
	ok = compiling();
	asking();
	for (int i = 0; i < PACKS; i++)
		talloc_free((void *)(uintptr_t)b.calendars[i]);
	for (int i = 0; i < ZONES; i++)
		ucal_close(b.icu[i]);
	return ok ? 0 : 1;
}
