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

static void choose_tone(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, struct decision *out)
{
	const struct experiment *e = rules->experiment;

	out->tone = out->schedule->tone;
	out->arm = -1;
	out->assign = false;
	if (!step->toned || e == NULL || !is_in_experiment(f, out->schedule))
		return;
	if (f->arm >= 0 && (size_t)f->arm < e->arm_count) {
		out->arm = f->arm;
	} else if (f->bucket >= 0 && experiment_admits(e, f->party, out->schedule->name)) {
		out->arm = (int)assign_arm(e, f->bucket);
		out->assign = true;
	}
	if (out->arm >= 0)
		out->tone = e->arms[out->arm].tone;
	trace_add(trace, "tone", e->id, "", TRACE_NOTE, "tone %s%s",
	    tone_name(out->tone), out->assign ? ", assigned now" :
	    out->arm >= 0 ? ", as assigned" : ", outside the experiment");
}

/* What the law wants said is not mixed with an offer. */
static void choose_levers(const struct decide_rules *rules, struct trace *trace,
    const struct schedule_step *step, struct decision *out)
{
	const struct experiment_arm *arm = out->arm < 0 ? NULL : &rules->experiment->arms[out->arm];
	const struct schedule *s = out->schedule;

	out->sender = arm != NULL && arm->sender[0] != '\0' ? arm->sender : s->sender;
	out->plan_offer = !step->legal_notice &&
	    (arm != NULL && arm->plan_offer_given ? arm->plan_offer : s->plan_offer);
	out->hour = arm != NULL && arm->hour != SCHEDULE_NO_HOUR ? arm->hour : s->hour;
	if (out->sender[0] != '\0')
		trace_add(trace, "sender", "", "", TRACE_NOTE, "%s signs", out->sender);
	if (out->plan_offer)
		trace_add(trace, "plan.offer", "", "", TRACE_NOTE,
		    "the words offer to pay in parts");
}

bool voice_passes_over(const struct decide_rules *rules, struct trace *trace,
    const struct schedule_step *step, const struct decision *d)
{
	const bool passes = d->arm >= 0 && rules->experiment->arms[d->arm].no_heads_up &&
	    step->from == STEP_FROM_DUE && step->days < 0 &&
	    step->lapse_days != STEP_NEVER_LAPSES;

	if (passes)
		trace_add(trace, "experiment.heads_up", rules->experiment->id, "", TRACE_WAIT,
		    "step %s is passed over: the debtor's arm has no heads-up", step->id);
	return passes;
}

void voice_choose(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, struct decision *out)
{
	choose_tone(f, rules, trace, step, out);
	choose_levers(rules, trace, step, out);
	if (f->other_lang[0] != '\0')
		trace_add(trace, "text.language", "", "", TRACE_NOTE, "there are no texts in "
		    "the debtor's language (%s): " DECIDE_LANG_ELSE " is used", f->other_lang);
}
