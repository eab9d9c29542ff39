/* ics_rule.h - between ics.c and ics_rule.c: checks of what libical parsed. */
#ifndef GATE_ICS_RULE_H
#define GATE_ICS_RULE_H

#include <stdbool.h>

#include <libical/ical.h>

#include "gate/ics.h"

struct err;
struct zone;

/* A date, or date and time, that there is, within ICS_YEAR_FIRST..LAST. */
bool	ics_time_is_real(const struct icaltimetype *);

/* Fills part->rule; the part's first day and minute are known.  `zone` is
 * that of the file, NULL for local times. */
bool	ics_rule_read(const struct icalrecurrencetype *, bool all_day,
	    const struct zone *zone, struct ics_part *part, struct err *);

#endif
