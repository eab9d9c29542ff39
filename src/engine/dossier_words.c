/* dossier_words.c - what a message or page speaks of; declared in dossier.h. */
#include "engine/dossier.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "decide/claim.h"
#include "pay/slip.h"

static void creditor_facts(const struct dossier *d, struct fact_creditor *out)
{
	const char *const *text = d->settings->text;

	*out = (struct fact_creditor){ .name = d->creditor.name,
	    .phone = text[CREDITOR_PHONE], .email = text[CREDITOR_EMAIL],
	    .street = text[CREDITOR_STREET], .postcode = text[CREDITOR_POSTCODE],
	    .city = text[CREDITOR_CITY], .company_id = text[CREDITOR_COMPANY_ID],
	    .account = text[CREDITOR_ACCOUNT],
	    .account_name = text[CREDITOR_ACCOUNT_NAME][0] != '\0' ?
	    text[CREDITOR_ACCOUNT_NAME] : d->creditor.name };
}

/* Of the fees: what is interest, and what the fixed compensation. */
static bool split_fees(struct engine *e, const struct dossier *d, int64_t invoice_id,
    struct fact_invoice *out, struct err *err)
{
	struct charge_record *charges;
	void *tmp;
	size_t n;
	bool ok;

	if (out->fees_minor == 0)
		return true;
	tmp = talloc_new(d);
	ok = ledger_charges(e->store, tmp, invoice_id, &charges, &n, err);
	for (size_t i = 0; ok && i < n; i++) {
		int64_t *of = charges[i].type == ENTRY_INTEREST ? &out->interest_minor :
		    charges[i].compensation ? &out->compensation_minor : NULL;

		if (of == NULL || charges[i].amount_minor > out->fees_minor)
			continue;		/* a waiver has taken it away */
		*of += charges[i].amount_minor;
		out->fees_minor -= charges[i].amount_minor;
	}
	talloc_free(tmp);
	return ok;
}

static bool invoice_facts(struct engine *e, const struct dossier *d,
    const struct invoice_record *r, bool held, struct fact_invoice *out, struct err *err)
{
	*out = (struct fact_invoice){ .number = r->external_id, .subject = r->subject,
	    .balance_minor = r->balance_minor, .issued_on = r->issued_on,
	    .due_on = r->due_on, .overdue = r->due_on < d->today, .held = held };
	memcpy(out->currency, r->currency, CURRENCY_BYTES);
	return ledger_principal(e->store, r->id, &out->amount_minor, err) &&
	    ledger_fees(e->store, r->id, &out->fees_minor, err) &&
	    split_fees(e, d, r->id, out, err);
}

struct wording {
	struct engine		*engine;
	const struct dossier	*dossier;
	const struct decision	*decision;	/* NULL: nothing is added */
	day_t			 until;		/* what is due later is not spoken of */
	struct fact_invoice	*list;
	const struct invoice_record **of;	/* each of the list */
	struct fact_total	*totals;	/* one for each currency */
	int64_t			*ahead;		/* of that total: not overdue yet */
	bool			*coming;	/* of it nothing is overdue: that is asked for */
	struct message_facts	*out;
	struct err		*err;
};

/* The total of a currency, and its sum of what is not overdue. */
static size_t total_of(struct wording *w, const char *currency)
{
	size_t i;

	for (i = 0; i < w->out->total_count; i++)
		if (strcmp(w->totals[i].currency, currency) == 0)
			return i;
	memcpy(w->totals[i].currency, currency, CURRENCY_BYTES);
	w->out->total_count++;
	return i;
}

/* Interest and compensation of this message are told as if they were booked. */
static void add_charge(const struct wording *w, size_t index, size_t k,
    struct fact_invoice *out)
{
	const struct dossier *d = w->dossier;
	const struct decide_case *c = &d->facts.cases[index];
	struct claim charge;

	if (w->decision == NULL)
		return;
	charge = claim_of(&d->facts, &d->rules.rules, w->decision, c, &c->invoices[k], NULL);
	out->interest_minor += charge.interest_minor;
	out->compensation_minor += charge.compensation_minor;
	out->balance_minor += charge.interest_minor + charge.compensation_minor;
}

static bool case_facts(struct wording *w, size_t index)
{
	const struct dossier *d = w->dossier;
	const struct dossier_case *c = &d->cases[index];
	const size_t t = total_of(w, c->record.currency);
	struct fact_total *total = &w->totals[t];

	for (size_t i = 0; i < c->invoice_count; i++) {
		const struct invoice_record *r = &c->invoices[i];
		struct fact_invoice *fact = &w->list[w->out->invoice_count];
		const bool held = d->facts.cases[index].hold.held ||
		    d->facts.cases[index].invoices[i].hold.held;

		if (w->decision != NULL && !claim_is_told(&d->facts, w->decision,
		    &d->facts.cases[index], &d->facts.cases[index].invoices[i], d->today))
			continue;
		total->open_minor += r->balance_minor;
		if (r->due_on > w->until)
			continue;
		if (!invoice_facts(w->engine, d, r, held, fact, w->err))
			return false;
		w->of[w->out->invoice_count++] = r;
		if (held)	/* mentioned, not asked for */
			continue;
		add_charge(w, index, i, fact);
		total->open_minor += fact->balance_minor - r->balance_minor;
		*(r->due_on < d->today ? &total->due_minor : &w->ahead[t]) += fact->balance_minor;
	}
	return true;
}

static bool is_asked_for(struct wording *w, const struct fact_invoice *one)
{
	const size_t t = total_of(w, one->currency);

	return !one->held && w->totals[t].due_minor > 0 && (one->overdue || w->coming[t]);
}

/* The reference of the oldest invoice that is asked for; a slip stands for one invoice, since
 * of several each has a reference of its own, and a number of ours is none that a bank knows. */
static void set_reference(struct wording *w, void *ctx)
{
	const char *const *text = w->dossier->settings->text;
	const struct slip_account account = { .name = w->out->creditor.account_name,
	    .fik = text[CREDITOR_FIK], .bankgiro = text[CREDITOR_BANKGIRO],
	    .kid_account = text[CREDITOR_KID_ACCOUNT], .iban = text[CREDITOR_IBAN],
	    .bic = text[CREDITOR_BIC] };
	struct slip_ask ask = { .due_on = w->decision != NULL ? w->decision->deadline_on : DAY_NONE };
	const struct invoice_record *oldest = NULL;
	struct slip slip;
	size_t asked = 0;

	for (size_t i = 0; i < w->out->invoice_count; i++) {
		if (!is_asked_for(w, &w->list[i]))
			continue;
		asked++;
		if (oldest == NULL || w->of[i]->due_on < oldest->due_on)
			oldest = w->of[i];
		ask.minor = w->totals[total_of(w, w->list[i].currency)].due_minor;
		memcpy(ask.currency, w->list[i].currency, CURRENCY_BYTES);
	}
	if (asked == 0)
		return;
	w->out->reference = oldest->reference[0] != '\0' ? oldest->reference : oldest->external_id;
	if (asked > 1)
		return;
	ask.reference = oldest->reference;
	slip = slip_make(ctx, &account, &ask);
	w->out->payment_line = slip.line;
	w->out->payment_code = slip.code;
}

/* Where nothing is overdue, what is coming is asked for; then the new fee. */
static void close_totals(struct wording *w)
{
	const struct dossier *d = w->dossier;

	for (size_t i = 0; w->decision != NULL && i < w->decision->case_count; i++) {
		const struct decide_step *part = &w->decision->cases[i];

		w->totals[total_of(w, d->cases[part->case_index].record.currency)].fee_minor +=
		    part->fee_minor;
	}
	for (size_t i = 0; i < w->out->total_count; i++) {
		struct fact_total *total = &w->totals[i];

		w->coming[i] = total->due_minor == 0;
		if (w->coming[i])
			total->due_minor = w->ahead[i];
		total->due_minor += total->fee_minor;
		total->open_minor += total->fee_minor;
	}
}

bool dossier_facts(struct engine *e, void *ctx, const struct dossier *d, day_t until,
    const struct decision *decision, struct message_facts *out, struct err *err)
{
	struct wording w = { .engine = e, .dossier = d, .decision = decision,
	    .until = until, .out = out, .err = err };
	size_t most = 0;

	for (size_t i = 0; i < d->case_count; i++)
		most += d->cases[i].invoice_count;
	w.list = talloc_zero_array(ctx, struct fact_invoice, (unsigned)most + 1);
	w.totals = talloc_zero_array(ctx, struct fact_total, (unsigned)d->case_count + 1);
	w.ahead = talloc_zero_array(ctx, int64_t, (unsigned)d->case_count + 1);
	w.of = talloc_zero_array(ctx, const struct invoice_record *, (unsigned)most + 1);
	w.coming = talloc_zero_array(ctx, bool, (unsigned)d->case_count + 1);
	must(w.list != NULL && w.totals != NULL && w.ahead != NULL && w.of != NULL &&
	    w.coming != NULL);
	*out = (struct message_facts){ .lang = d->lang, .template = "",
	    .debtor_name = d->debtor.name, .debtor_id = d->debtor.external_id,
	    .country = d->debtor.country,
	    .law = d->rules.rules.pack != NULL ? d->rules.rules.pack->country : "",
	    .invoices = w.list, .totals = w.totals,
	    .today = d->today, .deadline = DAY_NONE, .reference = "", .payment_line = "",
	    .payment_code = "", .link_url = "",
	    .unsubscribe_url = "", .sender = decision != NULL ? decision->sender : "",
	    .plan_offer = decision != NULL && decision->plan_offer,
	    .minimum = decision != NULL && decision->minimum };
	creditor_facts(d, &out->creditor);
	for (size_t i = 0; i < d->case_count; i++)
		if (!case_facts(&w, i))
			return false;
	close_totals(&w);
	set_reference(&w, ctx);
	return true;
}
