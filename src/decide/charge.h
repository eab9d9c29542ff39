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

/* What a contact adds to one invoice: the interest that has run since the due
 * date or since interest was booked last, and the fixed compensation, once.
 * Only where the step asks for it, the invoice counts for the step and is late,
 * and the pack has a rate or an amount that is valid on the day. */
struct invoice_charge {
	int64_t	interest_minor, compensation_minor;
};
struct invoice_charge	charge_invoice(const struct decide_facts *, const struct decide_rules *,
			    const struct decision *, const struct decide_case *,
			    const struct decide_invoice *);

/* Sets interest_minor and compensation_minor of each case's part: the sums of
 * charge_invoice(). */
void	charge_claims(const struct decide_facts *, const struct decide_rules *, struct trace *,
	    struct decision *);

/* Sets deadline_on. */
void	charge_deadline(const struct decide_facts *, const struct decide_rules *,
	    struct trace *, const struct schedule_step *, day_t dispatch_on,
	    struct decision *);

#endif
