/* reach.h - by which channel a debtor is reached, and when.
 *
 * The debtor's own wish comes first; then the way on which his last answer came; then
 * the order of an experiment's arm or, where it has none and this debtor has ever
 * reacted to a message, the ways by how likely he is to (simple counts, shrunken
 * towards all debtors of the kind); then the step's.  The first channel that the gate does not forbid is taken.  An hour
 * of the day that the schedule or the arm asks for, or else at which the debtor is
 * used to act, is kept where the window is
 * open then, by the clock of the first zone that the debtor may be in; whoever is
 * looked at later on that day is not made to wait for the next.
 *
 * Pure.  See decide.h for units and memory; a trace may be NULL.
 */
#ifndef DECIDE_REACH_H
#define DECIDE_REACH_H

#include "decide/decide.h"

/* False: every channel is forbidden.  Sets the decision's channel and address. */
bool	reach_choose(const struct decide_facts *, const struct decide_rules *, struct trace *,
	    const struct schedule_step *, struct decision *, struct gate_verdict *);

/* Does a verdict with that rule wait for an hour, which is known, and for nothing else? */
bool	reach_is_hours(const struct pack *, const char *rule_id);

#endif
