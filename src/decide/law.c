/* law.c - see law.h. */
#include "decide/law.h"

const char *law_purpose(const struct schedule_step *step, int edition)
{
	const bool early = step->from == STEP_FROM_DUE && step->days < 0;

	if (early && edition < 4)
		return "heads_up";
	if (step->legal_notice)
		return "formal_notice";
	if (step->fee_minor > 0)
		return "fee_reminder";
	/* A word before the due date reminds of nothing yet: no rule on reminders
	 * is asked, least of all one on how late the claim must be. */
	return early ? "heads_up" : "reminder";
}

/* --- holds -------------------------------------------------------------------- */

static const struct stop_rule *stop_of(const struct decide_facts *f,
    const struct decide_rules *rules, enum role role, enum hold_type hold, day_t today)
{
	return rules->pack == NULL ? NULL :
	    pack_stop(rules->pack, hold, f->party, role, f->region, today);
}

static const struct decide_hold *later_stop(const struct decide_facts *f,
    const struct decide_rules *rules, const struct decide_case *c,
    const struct decide_hold *hold, day_t today, const struct decide_hold *found)
{
	const struct stop_rule *stop = hold->held ?
	    stop_of(f, rules, c->schedule->role, hold->type, today) : NULL;

	if (stop == NULL || !stop->whole_debtor || (found != NULL && found->until >= hold->until))
		return found;
	return hold;
}

/* As it was before edition 4: of each claim the hold alone that ends last. */
static struct decide_hold stops_by_claim(const struct decide_facts *f,
    const struct decide_rules *rules, day_t today)
{
	const struct decide_hold *found = NULL;

	for (size_t i = 0; i < f->case_count; i++) {
		const struct decide_case *c = &f->cases[i];

		found = later_stop(f, rules, c, &c->hold, today, found);
		for (size_t k = 0; k < c->invoice_count; k++)
			found = later_stop(f, rules, c, &c->invoices[k].hold, today, found);
	}
	return found != NULL ? *found : (struct decide_hold){ 0 };
}

static bool stops_whole(const struct decide_facts *f, const struct decide_rules *rules,
    enum hold_type type, day_t today)
{
	for (size_t i = 0; i < f->case_count; i++) {
		const struct stop_rule *stop = stop_of(f, rules, f->cases[i].schedule->role, type,
		    today);

		if (stop != NULL && stop->whole_debtor)
			return true;
	}
	return false;
}

struct decide_hold law_stops_debtor(const struct decide_facts *f,
    const struct decide_rules *rules, day_t today)
{
	struct decide_hold found = { 0 };

	if (f->edition < 4)
		return stops_by_claim(f, rules, today);
	for (int type = 0; type < HOLD_TYPES; type++)
		if (f->standing[type] > found.until &&
		    stops_whole(f, rules, (enum hold_type)type, today))
			found = (struct decide_hold){ .held = true,
			    .type = (enum hold_type)type, .until = f->standing[type] };
	return found;
}

void law_trace_hold(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, enum role role, enum hold_type hold, day_t today)
{
	const struct stop_rule *stop = stop_of(f, rules, role, hold, today);

	if (stop != NULL)
		trace_add(trace, stop->rule.id, stop->rule.source, stop->rule.confidence,
		    TRACE_WAIT, "%s", stop->rule.says);
}

/* --- steps -------------------------------------------------------------------- */

static day_t rule_day(const struct step_rule *rule, const struct ladder_place *place, day_t day)
{
	const int full = rule->exclusive ? 1 : 0;	/* days, where they must be full ones */

	if (rule->min_age_days > 0 && day < place->due_on + rule->min_age_days + full)
		day = place->due_on + rule->min_age_days + full;
	if (rule->min_gap_days > 0 && place->last_sent_on != DAY_NONE &&
	    day < place->last_sent_on + rule->min_gap_days + full)
		day = place->last_sent_on + rule->min_gap_days + full;
	return day;
}

day_t law_step_day(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct decide_case *c, const struct ladder_place *place,
    int step, day_t day, day_t today)
{
	const struct schedule_step *s = &c->schedule->steps[step];
	const day_t from = day;
	const day_t on = f->edition > 3 && today > day ? today : day;	/* of dispatch */
	const struct step_rule *rule;
	size_t at = 0;

	if (rules->pack == NULL || s->handover)
		return day;
	while ((rule = pack_step_next(rules->pack, &at, law_purpose(s, f->edition), f->party,
	    c->schedule->role, f->region, on)) != NULL) {
		const day_t its = rule_day(rule, place, from);

		trace_add(trace, rule->rule.id, rule->rule.source, rule->rule.confidence,
		    its <= today ? TRACE_PASS : TRACE_WAIT, "%s", rule->rule.says);
		day = its > day ? its : day;
	}
	return day;
}
