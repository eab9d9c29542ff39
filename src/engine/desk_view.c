/* desk_view.c - what a private link shows: the debtor's dossier as of now, in
 * the words of model/pay_desk.h.  Reads only.
 */
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "engine/desk.h"
#include "engine/desk_link.h"
#include "engine/letter.h"
#include "engine/settle_run.h"

/* --- fees ---------------------------------------------------------------------- */

static const char *fee_basis(const struct dossier *d, const struct decide_case *c,
    const struct charge_record *charge)
{
	const struct pack *pack = d->rules.rules.pack;
	const struct fee_rule *rule;

	if (pack == NULL || charge->type != ENTRY_FEE)
		return "";
	rule = charge->compensation ? pack_fee_of_kind(pack, FEE_COMPENSATION, d->debtor.party,
	    c->schedule->role, d->facts.region, c->currency, charge->value_on) :
	    pack_fee(pack, d->debtor.party, c->schedule->role, d->facts.region, c->currency,
	    charge->value_on);
	if (!charge->compensation && (rule == NULL ||
	    charge->amount_minor > rule->max_minor))	/* a notice's, then */
		rule = pack_fee_of_kind(pack, FEE_NOTICE, d->debtor.party, c->schedule->role,
		    d->facts.region, c->currency, charge->value_on);
	return rule != NULL ? rule->rule.source : "";
}

static bool add_fees(struct engine *e, void *ctx, const struct dossier *d, size_t index,
    const struct invoice_record *invoice, struct pay_fee **fees, size_t *count, struct err *err)
{
	struct charge_record *charges;
	size_t n;

	if (!ledger_charges(e->store, ctx, invoice->id, &charges, &n, err))
		return false;
	*fees = talloc_realloc(ctx, *fees, struct pay_fee, (unsigned)(*count + n + 1));
	must(*fees != NULL);
	for (size_t i = 0; i < n; i++) {
		struct pay_fee *fee = &(*fees)[(*count)++];

		*fee = (struct pay_fee){ .type = charges[i].type,
		    .compensation = charges[i].compensation,
		    .invoice = invoice->external_id,
		    .basis = fee_basis(d, &d->facts.cases[index], &charges[i]),
		    .amount_minor = charges[i].amount_minor, .booked_on = charges[i].value_on };
		memcpy(fee->currency, invoice->currency, CURRENCY_BYTES);
	}
	return true;
}

static bool view_fees(struct engine *e, void *ctx, const struct dossier *d,
    struct pay_view *out, struct err *err)
{
	struct pay_fee *fees = NULL;

	for (size_t i = 0; i < d->case_count; i++)
		for (size_t k = 0; k < d->cases[i].invoice_count; k++)
			if (!add_fees(e, ctx, d, i, &d->cases[i].invoices[k], &fees,
			    &out->fee_count, err))
				return false;
	out->fees = fees;
	return true;
}

/* --- holds ---------------------------------------------------------------------- */

static const char *invoice_number(const struct dossier *d, int64_t invoice_id)
{
	for (size_t i = 0; i < d->case_count; i++) {
		const int at = dossier_invoice_index(&d->cases[i], invoice_id);

		if (at >= 0)
			return d->cases[i].invoices[at].external_id;
	}
	return "";
}

/* What the debtor was told: the day promised, not the bank's days after it. */
static bool view_hold(struct engine *e, void *ctx, const struct dossier *d,
    const struct hold_record *h, struct pay_hold *out, struct err *err)
{
	char reference[SETTLE_REFERENCE_BYTES] = "";
	day_t pay_on;

	if (strcmp(h->owner, "debtor") == 0)
		settle_reference('P', h->id, reference);
	*out = (struct pay_hold){ .type = h->type, .invoice = invoice_number(d, h->invoice_id),
	    .reference = talloc_strdup(ctx, reference),
	    .since = zone_local(d->facts.creditor_zone, h->from_at).day,
	    .until = desk_quiet_until(d, h) };
	if (!ledger_promise_of(e->store, h->id, &pay_on, err))
		return false;
	if (pay_on != DAY_NONE)
		out->until = pay_on;
	return true;
}

/* Is there another hold of that type on the same, in force and longer?  One is told. */
static bool outlasted(const struct dossier *d, size_t at, instant_t now)
{
	const struct hold_record *h = &d->holds[at];

	for (size_t i = 0; i < d->hold_count; i++) {
		const struct hold_record *o = &d->holds[i];

		if (i != at && o->type == h->type && o->scope == h->scope &&
		    o->invoice_id == h->invoice_id && o->case_id == h->case_id && o->from_at <= now &&
		    (hold_end(o) > hold_end(h) || (hold_end(o) == hold_end(h) && i < at)))
			return true;
	}
	return false;
}

/* A pause of the whole creditor is the creditor's own affair. */
static bool view_holds(struct engine *e, void *ctx, const struct dossier *d, instant_t now,
    struct pay_view *out, struct err *err)
{
	struct pay_hold *holds = talloc_zero_array(ctx, struct pay_hold,
	    (unsigned)d->hold_count + 1);

	must(holds != NULL);
	out->holds = holds;
	for (size_t i = 0; i < d->hold_count; i++) {
		const struct hold_record *h = &d->holds[i];

		if (h->scope == SCOPE_CREDITOR || h->from_at > now || hold_end(h) <= now ||
		    (h->scope == SCOPE_INVOICE && invoice_number(d, h->invoice_id)[0] == '\0'))
			continue;
		if (!outlasted(d, i, now) && !view_hold(e, ctx, d, h, &holds[out->hold_count++], err))
			return false;
	}
	return true;
}

/* --- what was passed on ----------------------------------------------------------- */

static void view_passed(void *ctx, const struct desk_link *link, struct pay_view *out)
{
	struct pay_passed *rows = talloc_zero_array(ctx, struct pay_passed,
	    (unsigned)link->left_count + 1);

	must(rows != NULL);
	out->all_leaving = link->all_passed;
	for (size_t i = 0; i < link->left_count; i++) {
		const struct handover_left *left = &link->left[i];

		rows[i] = (struct pay_passed){ .invoice = left->number, .subject = left->subject,
		    .balance_minor = left->balance_minor,
		    .on = left->exported_at == 0 ? DAY_NONE :
		    zone_local(link->dossier->facts.creditor_zone, left->exported_at).day };
		out->all_leaving = out->all_leaving && left->exported_at == 0;
		memcpy(rows[i].currency, left->currency, CURRENCY_BYTES);
	}
	out->passed = rows;
	out->passed_count = link->left_count;
	out->collector = link->dossier->settings->text[CREDITOR_COLLECTOR];
	out->all_passed = link->all_passed;
	if (out->all_leaving)		/* it may still be paid here */
		out->facts.reference = link->left[0].reference[0] != '\0' ? link->left[0].reference :
		    link->left[0].number;
}

/* --- what was paid too much --------------------------------------------------------- */

static bool view_credits(struct engine *e, void *ctx, const struct desk_link *link,
    struct pay_view *out, struct err *err)
{
	struct credit_record *list;
	struct pay_credit *rows;

	if (!link->all_paid)
		return true;
	if (!ledger_in_favour(e->store, ctx, link->contact.debtor_id, &list, &out->credit_count, err))
		return false;
	rows = talloc_zero_array(ctx, struct pay_credit, (unsigned)out->credit_count + 1);
	must(rows != NULL);
	for (size_t i = 0; i < out->credit_count; i++) {
		rows[i].minor = list[i].minor;
		memcpy(rows[i].currency, list[i].currency, CURRENCY_BYTES);
	}
	out->credits = rows;
	return true;
}

/* --- the whole ------------------------------------------------------------------- */

/* The latest day to pay that a message has given. */
static day_t last_deadline(const struct dossier *d)
{
	day_t last = DAY_NONE;

	for (size_t i = 0; i < d->case_count; i++)
		for (size_t k = 0; k < d->facts.cases[i].invoice_count; k++) {
			const day_t day = d->facts.cases[i].invoices[k].place.last_deadline_on;

			if (day != DAY_NONE && (last == DAY_NONE || day > last))
				last = day;
		}
	return last;
}

static bool view_facts(struct engine *e, void *ctx, const char *token,
    const struct desk_link *link, struct pay_view *out, struct err *err)
{
	const char *base = e->cfg->text[CFG_PURR_BASE_URL];
	struct message_facts *f = &out->facts;

	if (!dossier_facts(e, ctx, link->dossier, DAY_MAX, NULL, f, err))
		return false;
	f->channel = link->contact.channel;
	f->tone = link->contact.tone;
	f->template = link->contact.template;
	f->legal_notice = link->contact.legal_notice;
	f->deadline = last_deadline(link->dossier);
	f->link_url = talloc_asprintf(ctx, "%s/p/%s", base, token);
	f->unsubscribe_url = talloc_asprintf(ctx, "%s/u/%s", base, token);
	if (link->expired)
		*f = (struct message_facts){ .lang = f->lang, .country = f->country, .law = f->law, .creditor = f->creditor,
		    .template = "", .debtor_name = "", .debtor_id = "",
		    .reference = "", .payment_line = "", .payment_code = "",
		    .link_url = "", .unsubscribe_url = "", .today = f->today,
		    .deadline = DAY_NONE };
	return true;
}

bool desk_look_up(void *arg, void *ctx, const char *token, instant_t now,
    struct pay_view *out, struct err *err)
{
	struct engine *e = arg;
	struct desk_link link;
	struct address_record address;

	*out = (struct pay_view){ .promise_first = DAY_NONE, .promise_last = DAY_NONE,
	    .opening_hours = "", .collector = "" };
	if (!store_begin_read(e->store, err) ||
	    !desk_link_read(e, ctx, token, now, &link, err))
		return false;
	out->found = link.found;
	if (!link.found)
		return true;
	out->expired = link.expired;
	if (!view_facts(e, ctx, token, &link, out, err))
		return false;
	out->opening_hours = link.dossier->settings->text[CREDITOR_OPENING_HOURS];
	if (link.expired)
		return true;
	if (!register_get_address(e->store, ctx, link.contact.address_id, &address, err))
		return false;
	out->unsubscribed = address.opted_out;
	out->all_paid = link.all_paid;
	view_passed(ctx, &link, out);
	return view_credits(e, ctx, &link, out, err) && view_fees(e, ctx, link.dossier, out, err) &&
	    view_holds(e, ctx, link.dossier, now, out, err) &&
	    desk_promise_days(e, link.dossier, now, &out->promise_first, &out->promise_last,
	    err);
}
