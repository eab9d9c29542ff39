/* ics.h - an iCalendar file as validated parts, before it becomes a table.
 *
 * The only user is calendar.c.  libical does the lines, components and
 * escapes; every range is checked here, because libical takes month 13 and
 * 25:00 without a word, and turns an unknown zone into none.
 *
 * Source:  RFC 5545, RFC 7953.
 * Units:   minutes of the local day; days are civil days.
 * Memory:  children of the context given.
 * Threads: not for threads (libical).
 */
#ifndef GATE_ICS_H
#define GATE_ICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "gate/calendar.h"

struct err;

#define ICS_PARTS_MAX 1000
#define ICS_SCOPES_MAX 16
#define ICS_DATES_MAX 4000		/* RDATE and EXDATE of one part */
#define ICS_SPAN_DAYS_MAX 100		/* one occurrence lasts no longer */
#define ICS_NTH_MAX 16			/* "second Monday", of one rule */
#define ICS_YEAR_FIRST 1900
#define ICS_YEAR_LAST 2200
#define ICS_NEVER INT32_MAX
#define ICS_SHIFT_FROM_MINUTE 60	/* no edge in 01:00..04:00: clocks change */
#define ICS_SHIFT_TO_MINUTE 240

enum ics_frequency { ICS_ONCE, ICS_DAILY, ICS_WEEKLY, ICS_YEARLY };

struct ics_rule {
	enum ics_frequency	frequency;
	int			interval;	/* years */
	unsigned		months;		/* bits 1..12, 0 for all */
	uint32_t		month_days;	/* bits 1..31 */
	uint32_t		month_days_back; /* bits 1..31, counted from the end */
	unsigned		weekdays;	/* bits 1..7, Monday is 1 */
	struct { int weekday, nth; } nth[ICS_NTH_MAX];	/* of the month or year */
	size_t			nth_count;
	day_t			until;		/* last day of a start */
};

/* An AVAILABLE, or a VEVENT that closes. */
struct ics_part {
	bool			 busy;
	int			 scope;		/* AVAILABLE: its VAVAILABILITY */
	enum calendar_kind	 kind;		/* VEVENT */
	const char		*name;
	day_t			 first;		/* of DTSTART */
	int			 minute;	/* at which it starts */
	int			 minutes;	/* that it lasts */
	struct ics_rule		 rule;
	day_t			*added, *removed;	/* sorted */
	size_t			 added_count, removed_count;
};

/* A VAVAILABILITY: from when to when it speaks. */
struct ics_scope {
	day_t	from_day, to_day;	/* INT32_MIN / INT32_MAX: no bound */
	int	from_minute, to_minute;
};

struct ics {
	struct ics_part		*parts;
	size_t			 part_count;
	struct ics_scope	*scopes;
	size_t			 scope_count;
	const char		*zone;		/* NULL: local times */
};

/* What a text holds: hours and then, as VCALENDARs of their own, any closed
 * days; or closed days alone. */
enum ics_content { ICS_HOURS, ICS_CLOSED_DAYS };

struct ics	*ics_read(void *ctx, const char *name, const char *text, size_t len,
		    enum ics_content, struct err *);

/* Does the part have a rule, and start by it on that day? */
bool		 ics_rule_matches(const struct ics_part *, day_t);

/* The first day, from one on, on which one starts; ICS_NEVER for none. */
day_t		 ics_part_next(const struct ics_part *, day_t from);

#endif
