/* charge.c - see charge.h. */
#include "decide/charge.h"

#include <string.h>

#define YEAR_DAYS 365

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

/* --- interest and compensation --------------------------------------------------- */

/* Simple interest at the rate of the day of dispatch, a year of 365 days,
 * rounded down.  0 where no rate is valid on that day. */
static int64_t interest_minor(const struct pack *pack, enum party party, enum role role,
    const struct decide_invoice *i, day_t on)
{
	const struct interest_rule *rule = pack_interest(pack, party, role, on);
	const int64_t days = on - i->interest_from;
	int64_t product;

	if (rule == NULL || days <= 0 || i->principal_minor <= 0 ||
	    __builtin_mul_overflow(i->principal_minor, rule->rate_bp * days, &product))
		return 0;
	return product / (10000 * YEAR_DAYS);
}

static bool takes_part(const struct decide_facts *f, const struct decision *d,
    const struct decide_case *c)
{
	for (size_t i = 0; i < d->case_count; i++)
		if (&f->cases[d->cases[i].case_index] == c)
			return true;
	return false;
}

struct invoice_charge charge_invoice(const struct decide_facts *f,
    const struct decide_rules *rules, const struct decision *d, const struct decide_case *c,
    const struct decide_invoice *i)
{
	const struct schedule_step *step = &d->schedule->steps[d->step];
	struct invoice_charge out = { 0 };
	const struct fee_rule *sum;

	if (rules->pack == NULL || !takes_part(f, d, c) || d->dispatch_on <= i->place.due_on || !decide_counts(c, i, d->step, d->dispatch_on))
		return out;
	if (step->interest)
		out.interest_minor = interest_minor(rules->pack, f->party, d->schedule->role, i,
		    d->dispatch_on);
	sum = !step->compensation || i->compensated ? NULL :
	    pack_fee_of_kind(rules->pack, FEE_COMPENSATION, f->party, d->schedule->role,
	    c->currency, d->dispatch_on);
	if (sum != NULL && !sum->needs_agreement)
		out.compensation_minor = sum->max_minor;
	return out;
}

static void trace_claims(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct decision *d, const struct decide_case *c)
{
	const struct schedule_step *step = &d->schedule->steps[d->step];
	const struct interest_rule *rate = pack_interest(rules->pack, f->party,
	    d->schedule->role, d->dispatch_on);
	const struct fee_rule *sum = pack_fee_of_kind(rules->pack, FEE_COMPENSATION, f->party,
	    d->schedule->role, c->currency, d->dispatch_on);

	if (step->interest && rate == NULL)
		trace_add(trace, "charge.interest", rules->pack->name, "", TRACE_STOP,
		    "no interest: the pack has no rate that is valid on the day");
	else if (step->interest)
		trace_rule(trace, &rate->rule, TRACE_PASS, rate->rule.says);
	if (step->compensation && sum == NULL)
		trace_add(trace, "charge.compensation", rules->pack->name, "", TRACE_STOP,
		    "no compensation: the pack has no amount for this debtor that is valid on "
		    "the day");
	else if (step->compensation)
		trace_rule(trace, &sum->rule, TRACE_PASS, sum->rule.says);
}

void charge_claims(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, struct decision *out)
{
	const struct schedule_step *step = &out->schedule->steps[out->step];

	for (size_t i = 0; i < out->case_count && (step->interest || step->compensation); i++) {
		struct decide_step *part = &out->cases[i];
		const struct decide_case *c = &f->cases[part->case_index];

		for (size_t k = 0; k < c->invoice_count; k++) {
			const struct invoice_charge charge = charge_invoice(f, rules, out, c,
			    &c->invoices[k]);

			part->interest_minor += charge.interest_minor;
			part->compensation_minor += charge.compensation_minor;
		}
		trace_claims(f, rules, trace, out, c);
	}
}

/* --- the deadline ------------------------------------------------------------------ */

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
