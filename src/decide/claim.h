/* claim.h - what a contact adds to each invoice that it speaks of: the interest
 * that has run, and the fixed compensation that the law gives once.
 *
 * Only where the step asks for it, the invoice counts for the step and is late,
 * and the pack has a rate or an amount that is valid on the day (charge.h).
 * What the message tells, what is booked when it has left and what the decision
 * says come from the one function here.
 *
 * Pure.  See decide.h for units and memory.
 */
#ifndef DECIDE_CLAIM_H
#define DECIDE_CLAIM_H

#include "decide/decide.h"

struct claim {
	int64_t	interest_minor;		/* since the due date, less what is booked */
	int64_t	compensation_minor;
};

/* Does the contact speak of this invoice?  A reminder of all that is open; a formal notice of
 * the claims that it is a notice for, and of no other: each of those gets its own in its time. */
bool	claim_is_told(const struct decide_facts *, const struct decision *, const struct decide_case *,
	    const struct decide_invoice *, day_t today);

struct claim	claim_of(const struct decide_facts *, const struct decide_rules *,
		    const struct decision *, const struct decide_case *,
		    const struct decide_invoice *, struct trace *);

/* Sets interest_minor and compensation_minor of each case's part: the sums over
 * its invoices.  The trace tells of the carrying one. */
void		claim_sum(const struct decide_facts *, const struct decide_rules *,
		    struct trace *, struct decision *);

#endif
