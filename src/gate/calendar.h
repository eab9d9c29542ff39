/* calendar.h - which minutes of which days are open, and which days are
 * holidays: one iCalendar file, read once and compiled into a table.
 *
 * What is read:
 *   VAVAILABILITY   contact windows; each AVAILABLE inside is open time, all
 *                   else between its DTSTART and DTEND is closed.  Where
 *                   several speak of the same minute all must say open (the
 *                   strictest wins); a minute of which none speaks is closed.
 *   VEVENT          closed time, taken away from the windows.  All-day events
 *                   close the day: CATEGORIES:HOLIDAY is a public holiday,
 *                   CATEGORIES:AS-SUNDAY a day treated like one.  A timed
 *                   event closes a part of the day (24 December from 14:00);
 *                   with a category the day counts as such all the same (a
 *                   federal holiday of the US, open from 10 to 18).
 * Further VCALENDARs behind the first hold closed days of a company's own: an
 * all-day VEVENT closes the day, whatever its categories; other people's feeds
 * are read as they come (cancelled events are passed over), as long as they
 * name no time of a zone.
 * Times without a zone are local to whoever is asked about; a TZID ties the
 * whole file to that zone.
 *
 * Refused: what is not a real date or time, unknown zones, COUNT, frequencies
 * other than DAILY, WEEKLY and YEARLY, an UNTIL that would lose its last day,
 * and any edge from 01:00 to 04:00, where clocks are changed.
 *
 * Source:  RFC 5545, RFC 7953; the laws are named in the rule pack.
 * Units:   minutes of the civil day, 0..1440 (1440 is the next midnight).
 * Memory:  a calendar is a child of the context given; never written again.
 * Threads: calendar_parse() is not for threads (libical); all else only reads.
 * Errors:  ERR_INPUT, naming file and component.
 */
#ifndef GATE_CALENDAR_H
#define GATE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"

struct err;
struct zone;
struct calendar;

#define CALENDAR_YEAR_FIRST 2000	/* days before and after: closed */
#define CALENDAR_YEAR_LAST 2060
#define CALENDAR_WINDOWS_PER_DAY_MAX 8
#define CALENDAR_FILE_BYTES_MAX (1024 * 1024)

/* Half open: opens <= minute < closes. */
struct calendar_window {
	uint16_t	opens, closes;
};

enum calendar_kind {
	CALENDAR_ORDINARY,
	CALENDAR_HOLIDAY,	/* public holiday */
	CALENDAR_AS_SUNDAY,	/* an ordinary day that is treated like one */
	CALENDAR_CLOSED,	/* a company's own */
};

/* `name` stands in errors. */
struct calendar	*calendar_parse(void *ctx, const char *name, const char *text,
		    size_t len, struct err *);

/* A file of closed days alone: a calendar without any window, to be looked over
 * by calendar_kind() and joined to others by calendar_join(). */
struct calendar	*calendar_parse_closed(void *ctx, const char *name, const char *text,
		    size_t len, struct err *);

/* The text of a calendar with closed days behind it, for calendar_parse(). */
char		*calendar_join(void *ctx, const char *text, const char *closed);

/* The windows of a day, in order, not touching each other. */
size_t		 calendar_windows(const struct calendar *, day_t,
		    const struct calendar_window **out);

enum calendar_kind calendar_kind(const struct calendar *, day_t);
/* The event that closes the day or a part of it ("Juledag"), "" for none. */
const char	*calendar_event_name(const struct calendar *, day_t);

/* A holiday, a day treated like one or one of a company's own, whatever its
 * weekday. */
bool		 calendar_is_closed_day(const struct calendar *, day_t);
/* Monday to Friday and not closed. */
bool		 calendar_is_bank_day(const struct calendar *, day_t);

/* The zone that the file is tied to, NULL when its times are local. */
const struct zone *calendar_zone(const struct calendar *);

#endif
