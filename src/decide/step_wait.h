/* step_wait.h - what holds back a step whose day has come: that day is no
 * working day for the debtor, or a person has to say yes first.
 *
 * Pure.  See decide.h for units and memory; a trace may be NULL.
 */
#ifndef DECIDE_STEP_WAIT_H
#define DECIDE_STEP_WAIT_H

#include "decide/decide.h"

/* The step's day, moved to the debtor's next bank day where the step asks for
 * it.  Without a calendar it stays: nothing is sent then anyway. */
day_t	step_wait_day(const struct schedule_step *, const struct calendar *, day_t,
	    struct trace *);

/* Must a person say yes to this step?  Where the schedule says so; and to a hand-over of
 * which nothing is left but what was charged: who has paid the claim is not passed on for
 * its fees by itself (since edition 4). */
bool	step_wait_asks(const struct schedule_step *, const struct decide_invoice *, int edition);

/* True: the step needs a person's yes and the carrying invoice has none. */
bool	step_wait_approval(const struct decide_case *, const struct decide_invoice *carrying,
	    int step, int edition, struct trace *);

#endif
