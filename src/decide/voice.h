/* voice.h - the tone and the language of a contact.
 *
 * An experiment's arm chooses the tone of a toned step, on the schedules that
 * name this experiment and on no other; else the schedule's own tone holds.
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

/* Sets tone, arm and assign of a decision whose schedule is known. */
void	voice_choose(const struct decide_facts *, const struct decide_rules *, struct trace *,
	    const struct schedule_step *, struct decision *);

#endif
