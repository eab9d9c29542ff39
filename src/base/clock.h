/* clock.h - the only place that asks the machine what time it is.
 *
 * Everything else takes time as an argument, so that the live run, the
 * preview, the replay and a test run the same code.
 *
 * Units:   instant_t is seconds since 1970-01-01T00:00:00Z, for rules and
 *          records; tick_t is monotonic milliseconds, for time-outs.  The two
 *          are different types on purpose.
 * Source:  RFC 3339 for the text form of an instant.
 * Threads: pure, but clock_now() and clock_tick().
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct err;

typedef int64_t instant_t;

typedef struct {
	int64_t	ms;
} tick_t;

#define INSTANT_TEXT_BYTES 21	/* 2026-11-22T09:00:00Z and the closing NUL */
#define INSTANT_MAX 253402300799	/* 9999-12-31T23:59:59Z */

instant_t	clock_now(void);
tick_t		clock_tick(void);

/* Writes UTC with Z, to the second; returns `out`. */
const char	*instant_text(instant_t, char out[INSTANT_TEXT_BYTES]);

/* Reads RFC 3339 with Z or a numeric offset; a bare date is midnight UTC.
 * Fractions of a second are read and dropped. */
bool		instant_parse(const char *text, instant_t *out, struct err *);

#endif
