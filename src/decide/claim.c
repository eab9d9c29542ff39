/* claim.c - see claim.h. */
#include "decide/claim.h"

#include "decide/charge.h"

static bool takes_part(const struct decide_facts *f, const struct decision *d,
    const struct decide_case *c)
{
	for (size_t i = 0; i < d->case_count; i++)
		if (&f->cases[d->cases[i].case_index] == c)
			return true;
	return false;
}

/* From the due date on, less the part that is booked: so that a rate that is
 * fixed for the debt stays the one of its first day. */
static int64_t interest_of(const struct decide_facts *f, const struct pack *pack,
    enum role role, const struct decide_invoice *i, day_t on, struct trace *trace)
{
	const struct charge_owed owed = { .balance_minor = i->balance_minor,
	    .principal_minor = i->principal_minor, .interest_minor = i->interest_minor,
	    .fees_minor = i->charged_minor - i->interest_minor };
	struct charge_interest ask = { .party = f->party, .role = role,
	    .base_minor = charge_base(pack, f->party, role, f->region, &owed, on, trace),
	    .from = i->place.due_on + 1, .until = on, .region = f->region };
	const int64_t all = charge_interest(pack, &ask, trace);

	ask.until = i->interest_from;
	return all - charge_interest(pack, &ask, NULL);
}

bool claim_is_told(const struct decide_facts *f, const struct decision *d,
    const struct decide_case *c, const struct decide_invoice *i, day_t today)
{
	return !d->schedule->steps[d->step].legal_notice ||
	    (takes_part(f, d, c) && decide_counts(c, i, d->step, today));
}

struct claim claim_of(const struct decide_facts *f, const struct decide_rules *rules,
    const struct decision *d, const struct decide_case *c, const struct decide_invoice *i,
    struct trace *trace)
{
	const struct schedule_step *step = &d->schedule->steps[d->step];
	struct claim out = { 0 };

	if (rules->pack == NULL || i->interest_from == DAY_NONE || !takes_part(f, d, c) ||
	    d->dispatch_on <= i->place.due_on || !decide_counts(c, i, d->step, d->dispatch_on))
		return out;
	if (step->interest)
		out.interest_minor = interest_of(f, rules->pack, d->schedule->role, i,
		    d->dispatch_on, trace);
	if (step->compensation && !i->compensated)
		out.compensation_minor = charge_compensation(rules->pack, f->party,
		    d->schedule->role, f->region, c->currency, i->principal_minor, d->dispatch_on, trace);
	return out;
}

void claim_sum(const struct decide_facts *f, const struct decide_rules *rules,
    struct trace *trace, struct decision *out)
{
	for (size_t i = 0; i < out->case_count; i++) {
		struct decide_step *part = &out->cases[i];
		const struct decide_case *c = &f->cases[part->case_index];

		for (size_t k = 0; k < c->invoice_count; k++) {
			const struct claim claim = claim_of(f, rules, out, c, &c->invoices[k],
			    k == part->carrying ? trace : NULL);

			part->interest_minor += claim.interest_minor;
			part->compensation_minor += claim.compensation_minor;
		}
	}
}
