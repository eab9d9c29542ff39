/* voice.c - see voice.h. */
#include "decide/voice.h"

#include <string.h>

const struct schedule *voice_experiment_of(const struct decide_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cases[i].schedule->experiment[0] != '\0')
			return cases[i].schedule;
	return NULL;
}

static bool is_in_experiment(const struct decide_facts *f, const struct schedule *schedule)
{
	const struct schedule *of = voice_experiment_of(f->cases, f->case_count);

	return of != NULL && strcmp(of->experiment, schedule->experiment) == 0;
}

static bool enters(const struct decide_facts *f, const struct experiment *e,
    const struct decision *out)
{
	return f->bucket >= 0 && experiment_admits(e, f->party, out->schedule->name);
}

/* The arm of the unit, or none; who has none yet falls into one now, unless the
 * experiment takes in nobody. */
static void choose_arm(const struct decide_facts *f, const struct experiment *e,
    struct trace *trace, struct decision *out)
{
	if (f->arm == EXPERIMENT_HOLDOUT || (f->arm >= 0 && (size_t)f->arm < e->arm_count)) {
		out->arm = f->arm;
	} else if (enters(f, e, out) && f->stopped_arms != 0) {
		out->minimum = f->held_out;
		trace_add(trace, "experiment.stopped", e->id, "", TRACE_NOTE,
		    "takes in nobody while one of its arms is stopped");
	} else if (enters(f, e, out)) {
		out->arm = f->held_out ? EXPERIMENT_HOLDOUT : (int)assign_arm(e, f->bucket);
		out->minimum = f->held_out;
		out->assign = true;
	}
	out->arm_stopped = out->arm >= 0 && out->arm != EXPERIMENT_HOLDOUT &&
	    (f->stopped_arms >> out->arm & 1u) != 0;
	if (out->arm_stopped)
		trace_add(trace, "arm.stopped", e->id, "", TRACE_NOTE,
		    "arm %s is stopped: written to as the reference, %s", e->arms[out->arm].name,
		    e->arms[e->reference].name);
}

static void choose_tone(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, struct decision *out)
{
	const struct experiment *e = rules->experiment;

	out->tone = out->schedule->tone;
	out->arm = -1;
	out->assign = out->arm_stopped = out->minimum = false;
	if (e == NULL || !is_in_experiment(f, out->schedule))
		return;
	out->minimum = f->arm == EXPERIMENT_HOLDOUT || (f->edition > 2 && f->arm < 0 &&
	    f->stopped_arms != 0 && f->held_out && enters(f, e, out));
	if (!step->toned)
		return;
	choose_arm(f, e, trace, out);
	if (out->minimum)
		out->tone = TONE_NEUTRAL;
	else if (out->arm >= 0)
		out->tone = voice_arm(rules, out)->tone;
	if (out->minimum)
		trace_add(trace, "holdout", e->id, "", TRACE_NOTE, "held out by %s: the legal "
		    "minimum, in neutral words", e->programme);
	trace_add(trace, "tone", e->id, "", TRACE_NOTE, "tone %s%s",
	    tone_name(out->tone), out->assign ? ", assigned now" :
	    out->arm >= 0 ? ", as assigned" : ", outside the experiment");
}

const struct experiment_arm *voice_arm(const struct decide_rules *rules, const struct decision *d)
{
	const struct experiment *e = rules->experiment;

	if (d->arm < 0 || d->arm == EXPERIMENT_HOLDOUT)
		return NULL;
	return &e->arms[d->arm_stopped ? e->reference : (size_t)d->arm];
}

/* What the law wants said is not mixed with an offer. */
static void choose_levers(const struct decide_rules *rules, struct trace *trace,
    const struct schedule_step *step, struct decision *out)
{
	const struct experiment_arm *arm = voice_arm(rules, out);
	const struct schedule *s = out->schedule;

	out->hour = arm != NULL && arm->hour != SCHEDULE_NO_HOUR ? arm->hour : s->hour;
	if (out->minimum)
		return;
	out->sender = arm != NULL && arm->sender[0] != '\0' ? arm->sender : s->sender;
	out->plan_offer = !step->legal_notice &&
	    (arm != NULL && arm->plan_offer_given ? arm->plan_offer : s->plan_offer);
	if (out->sender[0] != '\0')
		trace_add(trace, "sender", "", "", TRACE_NOTE, "%s signs", out->sender);
	if (out->plan_offer)
		trace_add(trace, "plan.offer", "", "", TRACE_NOTE,
		    "the words offer to pay in parts");
}

bool voice_passes_over(const struct decide_rules *rules, struct trace *trace,
    const struct schedule_step *step, const struct decision *d)
{
	const struct experiment_arm *arm = voice_arm(rules, d);
	const bool passes = (d->minimum || (arm != NULL && arm->no_heads_up)) &&
	    step->from == STEP_FROM_DUE && step->days < 0 &&
	    step->lapse_days != STEP_NEVER_LAPSES;

	if (passes)
		trace_add(trace, "experiment.heads_up", rules->experiment->id, "", TRACE_WAIT,
		    "step %s is passed over: %s", step->id, d->minimum ? "the debtor is held out" :
		    "the debtor's arm has no heads-up");
	return passes;
}

/* A person's word goes before the arm's and the schedule's; the unit stays in its arm. */
static void soften(const struct decide_facts *f, struct trace *trace,
    const struct schedule_step *step, struct decision *out)
{
	if (!f->softened || !step->toned || out->tone == TONE_WARM)
		return;
	out->tone = TONE_WARM;
	trace_add(trace, "tone.softened", "", "", TRACE_NOTE,
	    "a person has this debtor written to warmly");
}

void voice_choose(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, struct decision *out)
{
	choose_tone(f, rules, trace, step, out);
	soften(f, trace, step, out);
	choose_levers(rules, trace, step, out);
	if (f->other_lang[0] != '\0')
		trace_add(trace, "text.language", "", "", TRACE_NOTE, "there are no texts in "
		    "the debtor's language (%s): " DECIDE_LANG_ELSE " is used", f->other_lang);
}
