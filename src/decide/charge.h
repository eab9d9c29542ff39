/* charge.h - may we charge for this step, and what deadline must it give; how
 * much interest has run.
 *
 * All are asked of the rule pack with the day of dispatch.  No rule that is
 * valid on that day, no fee: the step goes out without one and the trace says
 * why.  A deadline is never shorter than the pack's.
 *
 * Interest is simple interest, day by day: each day costs 1/365 (or 1/360, as
 * the pack says) of the year's rate.  The sum of all days is rounded once, down
 * to a whole minor unit.  A day for which no rate is known costs nothing.
 *
 * Pure.  See decide.h for units and memory; rates are hundredths of a percent.
 */
#ifndef DECIDE_CHARGE_H
#define DECIDE_CHARGE_H

#include "decide/decide.h"

/* Is nothing of the claim itself left, only what was charged?  Who has paid it is not asked
 * for fees upon fees. */
bool	charge_is_all_left(const struct decide_invoice *);

/* Sets fee_minor of each case's part. */
void	charge_fees(const struct decide_facts *, const struct decide_rules *,
	    struct trace *, const struct schedule_step *, day_t dispatch_on,
	    struct decision *);

/* What a late commercial claim costs at once; 0 where the pack has no amount
 * that is valid on the day.  `principal_minor` 0: not known. */
int64_t	charge_compensation(const struct pack *, enum party, enum role, const char *region,
	    const char *currency, int64_t principal_minor, day_t on, struct trace *);

/* Interest that has run on a claim from its first day of interest (usually the
 * day after it was due) to a day, both included. */
struct charge_interest {
	enum party	party;
	enum role	role;
	int64_t		base_minor;	/* what bears it: see charge_base() */
	day_t		from, until;
	const char	*region;
};
int64_t	charge_interest(const struct pack *, const struct charge_interest *, struct trace *);

/* What of a balance is principal, and so bears interest, when the money that
 * came in paid things in the pack's order (principal first where it has
 * none). */
struct charge_owed {
	int64_t	balance_minor;
	int64_t	principal_minor;	/* as invoiced, less credits */
	int64_t	fees_minor, interest_minor;
};
int64_t	charge_base(const struct pack *, enum party, enum role, const char *region,
	    const struct charge_owed *, day_t on, struct trace *);

/* Sets deadline_on. */
void	charge_deadline(const struct decide_facts *, const struct decide_rules *,
	    struct trace *, const struct schedule_step *, day_t dispatch_on,
	    struct decision *);

#endif
