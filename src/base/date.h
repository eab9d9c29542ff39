/* date.h - civil days of the proleptic Gregorian calendar.
 *
 * A day has no zone: which day it is somewhere is asked of zone.h.
 *
 * Source:  H. Hinnant, "chrono-compatible low-level date algorithms" (the
 *          days-from-civil formulas); ISO 8601 for the text form.
 * Units:   day_t is days since 1970-01-01; months 1..12; weekdays are
 *          1 (Monday) .. 7 (Sunday), as in ISO 8601.
 * Threads: pure.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

typedef int32_t day_t;

#define SECONDS_PER_DAY 86400
#define DAY_NONE INT32_MIN		/* "no date": never a real day here */
#define DAY_MAX INT32_MAX			/* after every day there is */
#define DAY_TEXT_BYTES 11		/* 2026-11-22 and the closing NUL */

struct ymd {
	int	year, month, day;
};

day_t		day_from_ymd(int year, int month, int day);
struct ymd	day_ymd(day_t);
bool		ymd_is_real(int year, int month, int day);	/* year 1..9999 */
int		day_weekday(day_t);
instant_t	day_instant_utc(day_t);
day_t		instant_utc_day(instant_t);

/* Writes 2026-11-22, or an empty text for DAY_NONE; returns `out`. */
const char	*day_text(day_t, char out[DAY_TEXT_BYTES]);

/* Reads YYYY-MM-DD at *at and moves *at behind it; false (and *at where it
 * was) when that is not a real date. */
bool		day_parse_iso(const char **at, day_t *out);

/* Easter Sunday (Western).  Source: the anonymous Gregorian computus, as in
 * Meeus, Astronomical Algorithms, 2nd ed., chapter 8. */
day_t		day_easter(int year);

#endif
