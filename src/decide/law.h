/* law.h - what a rule pack says of a step before the gate is asked: whether a
 * law stands behind a hold, and from which day on the step may be taken.
 *
 * Pure.  See decide.h for units and memory.
 */
#ifndef DECIDE_LAW_H
#define DECIDE_LAW_H

#include "decide/decide.h"

/* What a step is for the law: "formal_notice", "fee_reminder", "heads_up" before the due
 * date, or "reminder".  Before edition 4 whatever came before the due date was a heads-up. */
const char	*law_purpose(const struct schedule_step *, int edition);

/* The hold on one claim that, by the pack, stops the whole debtor; of several
 * the one that ends last.  Not held: there is none. */
struct decide_hold	law_stops_debtor(const struct decide_facts *,
			    const struct decide_rules *, day_t today);

/* One trace line for the law behind a hold, if there is one. */
void	law_trace_hold(const struct decide_facts *, const struct decide_rules *, struct trace *,
	    enum role, enum hold_type, day_t today);

/* The first day, from `day` on, on which all step rules let the step be taken
 * for an invoice at this place of its ladder. */
day_t	law_step_day(const struct decide_facts *, const struct decide_rules *, struct trace *,
	    const struct decide_case *, const struct ladder_place *, int step, day_t day,
	    day_t today);

#endif
