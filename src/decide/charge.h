/* charge.h - may we charge for this step, and what deadline must it give.
 *
 * Both are asked of the rule pack with the day of dispatch.  No rule that is
 * valid on that day, no fee: the step goes out without one and the trace says
 * why.  A deadline is never shorter than the pack's.
 *
 * Pure.  See decide.h for units and memory.
 */
#ifndef DECIDE_CHARGE_H
#define DECIDE_CHARGE_H

#include "decide/decide.h"

/* Sets fee_minor of each case's part. */
void	charge_fees(const struct decide_facts *, const struct decide_rules *,
	    struct trace *, const struct schedule_step *, day_t dispatch_on,
	    struct decision *);

/* Sets deadline_on. */
void	charge_deadline(const struct decide_facts *, const struct decide_rules *,
	    struct trace *, const struct schedule_step *, day_t dispatch_on,
	    struct decision *);

#endif
