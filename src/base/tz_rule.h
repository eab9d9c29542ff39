/* tz_rule.h - the rule at the end of a time zone file, for the years after its
 * last change: "CET-1CEST,M3.5.0,M10.5.0/3".  The only user is zone.c.
 *
 * Source:  POSIX (TZ), with the wider hours of RFC 8536 section 3.3.1.
 * Units:   offsets in seconds east of UTC (the text counts westward).
 * Threads: pure.
 */
#ifndef BASE_TZ_RULE_H
#define BASE_TZ_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"

enum day_form { DAY_JULIAN, DAY_ZERO_BASED, DAY_OF_MONTH };

struct tz_turn {
	enum day_form	form;
	int		day;		/* or weekday, 0 is Sunday */
	int		month, week;
	int32_t		second;		/* of that day, may be negative */
};

struct tz_rule {
	int32_t		standard, daylight;	/* seconds east */
	bool		has_daylight;
	struct tz_turn	begins, ends;		/* of daylight time */
};

bool	tz_rule_parse(const char *, struct tz_rule *);

/* The day on which a turn falls in a year. */
day_t	tz_turn_day(const struct tz_turn *, int year);

#endif
