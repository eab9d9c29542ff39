/* charge.c - see charge.h. */
#include "decide/charge.h"

#include <string.h>

static void trace_rule(struct trace *trace, const struct rule *rule, enum trace_answer answer,
    const char *text)
{
	trace_add(trace, rule->id, rule->source, rule->confidence, answer, "%s", text);
}

/* Why no fee may be asked for now, or NULL. */
static const char *fee_refused(const struct fee_rule *rule, const struct decide_case *c,
    const struct decide_invoice *carrying, day_t dispatch_on)
{
	const int gap = rule->min_gap_days + (rule->gap_exclusive ? 1 : 0);

	if (rule->needs_agreement)
		return "no fee: it must have been agreed when the debt arose";
	if (dispatch_on < carrying->place.due_on + rule->min_age_days)
		return "no fee: the claim is not old enough";
	if (rule->max_count != PACK_COUNT_UNLIMITED && c->fee_count >= rule->max_count)
		return "no fee: the most reminders with a fee have been sent";
	if (c->last_fee_on != DAY_NONE && dispatch_on < c->last_fee_on + gap)
		return "no fee: too soon after the last reminder with a fee";
	return NULL;
}

static int64_t fee_of(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, day_t dispatch_on,
    const struct schedule *schedule, const struct decide_step *part)
{
	const struct decide_case *c = &f->cases[part->case_index];
	const struct fee_rule *rule;
	const char *refused;

	if (strcmp(step->fee_currency, c->currency) != 0) {
		trace_add(trace, "schedule.fee", schedule->name, "", TRACE_NOTE,
		    "no fee: the schedule's fee is in %s", step->fee_currency);
		return 0;
	}
	rule = pack_fee(rules->pack, f->party, schedule->role, c->currency, dispatch_on);
	if (rule == NULL) {
		trace_add(trace, "charge.none", rules->pack->name, "", TRACE_STOP,
		    "no fee: the pack has no amount that is valid on the day");
		return 0;
	}
	refused = fee_refused(rule, c, &c->invoices[part->carrying], dispatch_on);
	if (refused != NULL) {
		trace_rule(trace, &rule->rule, TRACE_STOP, refused);
		return 0;
	}
	trace_rule(trace, &rule->rule, TRACE_PASS, rule->rule.says);
	return step->fee_minor < rule->max_minor ? step->fee_minor : rule->max_minor;
}

void charge_fees(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, day_t dispatch_on,
    struct decision *out)
{
	for (size_t i = 0; i < out->case_count && step->fee_minor > 0; i++)
		out->cases[i].fee_minor = fee_of(f, rules, trace, step, dispatch_on,
		    out->schedule, &out->cases[i]);
}

void charge_deadline(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, day_t dispatch_on,
    struct decision *out)
{
	const char *purpose = step->legal_notice ? "formal_notice" : "fee_reminder";
	const struct deadline_rule *rule;
	day_t least;

	if (step->deadline_days == 0)
		return;
	out->deadline_on = dispatch_on + step->deadline_days;
	rule = pack_deadline(rules->pack, purpose, f->party, out->schedule->role, dispatch_on);
	if (rule == NULL)
		return;
	least = deadline_day(rule, rules->calendar, dispatch_on, 0);
	if (out->deadline_on < least)
		out->deadline_on = least;
	trace_rule(trace, &rule->rule, TRACE_PASS, rule->rule.says);
}
