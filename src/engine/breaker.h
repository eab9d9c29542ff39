/* breaker.h - a day that would contact far more people than usual stops before
 * its first contact, says so with the figures, and asks a person.
 *
 * What is counted are the contacts planned on one civil day (in the zone of the
 * first creditor of purr.conf), whatever passes there were; dropped ones are
 * left out.  Usual is the median of the last BREAKER_DAYS days that had any.
 * A day may have
 *
 *     the larger of  times x usual  and  usual + least
 *     `first`, while there is no day to compare with
 *     more where somebody said so: the figure of an approved stop and `least`
 *     beyond it; what an approved preview showed, on top
 *
 * with times, least and first from [breaker] of purr.conf.  A send asks the
 * same of the days on which its ripe contacts were planned: what closed days
 * have put off goes out together and stops nothing.
 *
 * A stop is a run with its figures, an event, a task; the answer is ERR_REFUSED
 * with one line that says what to do.  A scratch workspace asks nobody: it
 * cannot send.
 */
#ifndef ENGINE_BREAKER_H
#define ENGINE_BREAKER_H

#include "base/date.h"
#include "engine/engine.h"

#define BREAKER_DAYS 28
#define BREAKER_LOOK_BACK_DAYS 366
#define BREAKER_QUIET_DAYS 3		/* a pause so long is told: it may be a catch-up */
#define BREAKER_TASK "breaker"

/* Is it worth counting first what a plan at `now` would plan? */
bool	breaker_wants_count(struct engine *, instant_t now, bool *wants, struct err *);
/* May it plan so many?  Each of the two is a transaction of its own. */
bool	breaker_allows_plan(struct engine *, instant_t now, int64_t contacts, struct err *);
bool	breaker_allows_send(struct engine *, instant_t now, struct err *);

/* How many a day may have: pure. */
struct breaker_rule {
	int64_t	times, least, first;
};
int64_t	breaker_median(int64_t *counts, size_t n);	/* sorts; 0 for none */
int64_t	breaker_allowed(const struct breaker_rule *, const int64_t *usual);

/* The civil day on which contacts of that instant count. */
bool	breaker_day(struct engine *, instant_t, day_t *, struct err *);

#endif
