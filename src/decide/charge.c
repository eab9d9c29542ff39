/* charge.c - see charge.h. */
#include "decide/charge.h"

#include <inttypes.h>
#include <string.h>

#include "base/must.h"
#include "decide/law.h"

#define BP_IN_WHOLE 10000

static void trace_rule(struct trace *trace, const struct rule *rule, enum trace_answer answer,
    const char *text)
{
	trace_add(trace, rule->id, rule->source, rule->confidence, answer, "%s", text);
}

/* --- fees ---------------------------------------------------------------------- */

struct fee_question {
	const struct fee_rule		*rule;
	const struct decide_case	*c;
	const struct decide_invoice	*carrying;
	enum channel			 channel;
	day_t				 on;		/* of dispatch */
};

/* What the fees before this one forbid, and by which rule; NULL for nothing. */
static const char *fee_before(const struct fee_question *q, const struct rule **by)
{
	const struct fee_rule *rule = q->rule;
	const int gap = rule->min_gap_days + (rule->gap_exclusive ? 1 : 0);
	const day_t deadline = q->carrying->place.last_deadline_on;

	if (rule->max_count != PACK_COUNT_UNLIMITED && q->c->fee_count >= rule->max_count) {
		*by = rule->count_rule;
		return "no fee: the most reminders with a fee have been sent";
	}
	if (q->c->last_fee_on == DAY_NONE)
		return NULL;
	if (q->on < q->c->last_fee_on + gap) {
		*by = rule->gap_rule;
		return "no fee: too soon after the last reminder with a fee";
	}
	if (rule->after_deadline && (deadline == DAY_NONE || q->on <= deadline))
		return "no fee: the deadline of the reminder before has not run out";
	return NULL;
}

/* Why no fee may be asked for now, and by which rule; or NULL. */
static const char *fee_refused(const struct fee_question *q, const struct rule **by)
{
	const struct fee_rule *rule = q->rule;
	const struct ladder_place *place = &q->carrying->place;

	*by = &rule->rule;
	if (rule->needs_agreement)
		return "no fee: it must have been agreed when the debt arose, and nobody has "
		    "said that it was";
	if ((rule->channels >> q->channel & 1) == 0)
		return "no fee: a message over this channel costs nothing";
	if (q->on < place->due_on + rule->min_age_days)
		return "no fee: the claim is not old enough";
	if (rule->after_reminder && (place->last_sent_on == DAY_NONE ||
	    place->last_sent_on <= place->due_on))
		return "no fee: the first reminder after the due date is free";
	return fee_before(q, by);
}

/* What is left of the bound on everything that the claim may cost. */
static int64_t within_total(const struct decide_facts *f, const struct pack *pack,
    struct trace *trace, enum role role, const struct fee_question *q, int64_t fee)
{
	const struct total_rule *total = pack_total(pack, f->party, role, f->region, q->c->currency,
	    q->carrying->principal_minor, q->on);
	int64_t left;

	if (total == NULL)
		return fee;
	left = band_cap(total->bands, total->band_count, q->carrying->principal_minor) -
	    q->carrying->charged_minor;
	left = left > 0 ? left : 0;
	trace_rule(trace, &total->rule, left < fee ? TRACE_STOP : TRACE_PASS, total->rule.says);
	return left < fee ? left : fee;
}

bool charge_is_all_left(const struct decide_invoice *invoice)
{
	return invoice->charged_minor > 0 && invoice->balance_minor <= invoice->charged_minor;
}

static int64_t fee_of(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, day_t dispatch_on,
    const struct decision *out, const struct decide_step *part)
{
	const struct schedule *schedule = out->schedule;
	struct fee_question q = { .c = &f->cases[part->case_index], .channel = out->channel,
	    .on = dispatch_on };
	const struct rule *by;
	const char *refused;
	int64_t cap;

	q.carrying = &q.c->invoices[part->carrying];
	if (strcmp(step->fee_currency, q.c->currency) != 0) {
		trace_add(trace, "schedule.fee", schedule->name, "", TRACE_NOTE,
		    "no fee: the schedule's fee is in %s", step->fee_currency);
		return 0;
	}
	q.rule = pack_fee_of_kind(rules->pack, step->legal_notice ? FEE_NOTICE : FEE_REMINDER,
	    f->party, schedule->role, f->region, q.c->currency, dispatch_on);
	if (q.rule == NULL) {
		trace_add(trace, "charge.none", rules->pack->name, "", TRACE_STOP,
		    "no fee: the pack has no amount that is valid on the day");
		return 0;
	}
	if (charge_is_all_left(q.carrying)) {
		trace_add(trace, "charge.only_fees", "", "", TRACE_STOP,
		    "no fee: of the claim itself nothing is left, only what was charged");
		return 0;
	}
	refused = fee_refused(&q, &by);
	if (refused != NULL) {
		trace_rule(trace, by, TRACE_STOP, refused);
		return 0;
	}
	trace_rule(trace, &q.rule->rule, TRACE_PASS, q.rule->rule.says);
	cap = fee_cap(q.rule, q.carrying->principal_minor);
	return within_total(f, rules->pack, trace, schedule->role, &q,
	    step->fee_minor < cap ? step->fee_minor : cap);
}

void charge_fees(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, day_t dispatch_on,
    struct decision *out)
{
	for (size_t i = 0; i < out->case_count && step->fee_minor > 0; i++)
		out->cases[i].fee_minor = fee_of(f, rules, trace, step, dispatch_on, out,
		    &out->cases[i]);
}

int64_t charge_compensation(const struct pack *pack, enum party party, enum role role,
    const char *region, const char *currency, int64_t principal_minor, day_t on, struct trace *trace)
{
	const struct fee_rule *rule = pack_fee_of_kind(pack, FEE_COMPENSATION, party, role,
	    region, currency, on);

	if (rule == NULL) {
		trace_add(trace, "charge.none", pack->name, "", TRACE_STOP,
		    "no compensation: the pack has no amount that is valid on the day");
		return 0;
	}
	trace_rule(trace, &rule->rule, TRACE_PASS, rule->rule.says);
	return fee_cap(rule, principal_minor);
}

/* --- interest ------------------------------------------------------------------ */

/* base * bp_days / (10000 * year_days), rounded down, without the product. */
static int64_t interest_of(int64_t base, int64_t bp_days, int year_days)
{
	const int64_t whole = (int64_t)BP_IN_WHOLE * year_days;

	return base / whole * bp_days + base % whole * bp_days / whole;
}

int64_t charge_interest(const struct pack *pack, const struct charge_interest *ask,
    struct trace *trace)
{
	const struct interest_rule *rule = pack_interest(pack, ask->party, ask->role, ask->region,
	    ask->from);
	int64_t bp_days = 0, interest;
	int free_days = 0;

	must(ask->base_minor >= 0 && ask->base_minor <= MONEY_MINOR_MAX);
	if (ask->until < ask->from)
		return 0;
	if (rule == NULL) {
		trace_add(trace, "charge.none", pack->name, "", TRACE_STOP,
		    "no interest: the pack has no rule of interest here");
		return 0;
	}
	for (day_t day = ask->from; day <= ask->until; day++) {
		const int bp = interest_rate_bp(rule,
		    rule->method == INTEREST_FIXED ? ask->from : day);

		bp_days += bp > 0 ? bp : 0;
		free_days += bp < 0 ? 1 : 0;
	}
	interest = interest_of(ask->base_minor, bp_days, rule->year_days);
	if (free_days > 0)
		trace_add(trace, rule->rule.id, rule->rule.source, rule->rule.confidence,
		    TRACE_STOP, "no interest for %d of %d days: the pack knows no rate for them",
		    free_days, ask->until - ask->from + 1);
	else
		trace_rule(trace, &rule->rule, TRACE_PASS, rule->rule.says);
	return interest;
}

int64_t charge_base(const struct pack *pack, enum party party, enum role role,
    const char *region, const struct charge_owed *owed, day_t on, struct trace *trace)
{
	const struct allocation_rule *rule = pack_allocation(pack, party, role, region, on);
	const int64_t parts[OWED_KINDS] = { [OWED_PRINCIPAL] = owed->principal_minor,
	    [OWED_INTEREST] = owed->interest_minor, [OWED_COSTS] = owed->fees_minor };
	static const enum owed usual[OWED_KINDS] = { OWED_PRINCIPAL, OWED_INTEREST, OWED_COSTS };
	const enum owed *order = rule != NULL ? rule->order : usual;
	int64_t left = owed->balance_minor;

	if (rule != NULL)
		trace_rule(trace, &rule->rule, TRACE_NOTE, rule->rule.says);
	/* What is still owed is what is paid last: fill it from the end. */
	for (int i = OWED_KINDS - 1; i >= 0; i--) {
		const int64_t part = parts[order[i]] < left ? parts[order[i]] : left;

		if (order[i] == OWED_PRINCIPAL)
			return part > 0 ? part : 0;
		left -= part;
	}
	return 0;
}

/* --- deadlines ------------------------------------------------------------------ */

void charge_deadline(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, day_t dispatch_on,
    struct decision *out)
{
	const bool posted = out->channel == CHANNEL_LETTER && f->edition > 3;
	const day_t from = posted ? pack_posted_on(rules->calendar, dispatch_on,
	    f->posting_days) : dispatch_on;
	const struct deadline_rule *rule;
	day_t least;

	if (step->deadline_days == 0)
		return;
	out->deadline_on = from + step->deadline_days;
	rule = pack_deadline(rules->pack, rules->calendar, law_purpose(step, f->edition),
	    out->channel, f->party, out->schedule->role, f->region, from, &least);
	if (rule == NULL)
		return;
	if (out->deadline_on < least)
		out->deadline_on = least;
	if (f->edition > 3)
		out->deadline_on = deadline_roll(rule, rules->calendar, out->deadline_on);
	trace_rule(trace, &rule->rule, TRACE_PASS, rule->rule.says);
}
