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

void voice_choose(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, struct decision *out)
{
	choose_tone(f, rules, trace, step, out);
	if (f->other_lang[0] != '\0')
		trace_add(trace, "text.language", "", "", TRACE_NOTE, "there are no texts in "
		    "the debtor's language (%s): " DECIDE_LANG_ELSE " is used", f->other_lang);
}
