/* voice.h - the tone and the language of a contact, who signs, and what else an
 * experiment's arm may have of its own.
 *
 * An experiment's arm chooses the tone of a toned step, on the schedules that
 * name this experiment and on no other; else the schedule's own tone holds.  So
 * with the hour of the day, the person who signs and the offer to pay in parts.
 * Whoever is held out gets the neutral words without invitation or offer, and nothing
 * before the due date: what the law wants said.
 * A person may have a debtor written to warmly whatever else is said.
 * A debtor whose language has no texts is written to in English, and the trace
 * says so.
 *
 * Pure.  See decide.h for units and memory.
 */
#ifndef DECIDE_VOICE_H
#define DECIDE_VOICE_H

#include "decide/decide.h"

/* The schedule whose experiment the rules hold: of the first case that names
 * one; NULL: none does. */
const struct schedule	*voice_experiment_of(const struct decide_case *, size_t count);

/* Sets tone, arm, assign, sender, plan offer and hour of a decision whose schedule is
 * known. */
void	voice_choose(const struct decide_facts *, const struct decide_rules *, struct trace *,
	    const struct schedule_step *, struct decision *);

/* The arm of a decision; NULL for none, and for who is held out. */
const struct experiment_arm	*voice_arm(const struct decide_rules *, const struct decision *);

/* True: the arm has no heads-up (or there is none for those held out), and this step, before the due date, is one.  A step
 * that never lapses is sent all the same: the ladder would stop at it. */
bool	voice_passes_over(const struct decide_rules *, struct trace *,
	    const struct schedule_step *, const struct decision *);

#endif
