/* minimum.h - does what a step speaks of reach the schedule's minimum amount.
 *
 * A step speaks of what is overdue; a heads-up, and a step on the due date
 * itself, of what is due by the day that it looks ahead to.  What is due later
 * does not make a small arrear worth a reminder.
 *
 * Decisions of edition 1 (decide.h) counted everything open, whenever due; they
 * are still judged so.
 *
 * Units:   amounts in minor units; days are civil days in the creditor's zone.
 * Threads: pure.
 */
#ifndef DECIDE_MINIMUM_H
#define DECIDE_MINIMUM_H

#include "decide/decide.h"

/* Of all that is open and not held: edition 1. */
bool	minimum_of_all(const struct decide_case *);

/* Of what `step` of this case speaks of today. */
bool	minimum_of_step(const struct decide_case *, int step, day_t today);

/* The next day on which minimum_of_step() may say something else without an
 * event: another invoice falls due, or the carrying one leaves the step.
 * DAY_NONE: there is none. */
day_t	minimum_next_day(const struct decide_case *, size_t carrying, int step, day_t today);

#endif
