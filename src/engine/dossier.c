/* dossier.c - see dossier.h. */
#include "engine/dossier.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "store/history.h"

/* --- holds -------------------------------------------------------------------- */

static bool hold_covers(const struct hold_record *h, int64_t case_id, int64_t invoice_id)
{
	switch (h->scope) {
	case SCOPE_CREDITOR:
	case SCOPE_DEBTOR:
		return true;
	case SCOPE_CASE:
		return h->case_id == case_id && case_id != 0;
	case SCOPE_INVOICE:
		return h->invoice_id == invoice_id && invoice_id != 0;
	case SCOPES:
		break;
	}
	return false;
}

/* The hold in force now that ends last, among those of the given scopes. */
static struct decide_hold hold_now(const struct dossier *d, enum hold_scope least,
    enum hold_scope most, int64_t case_id, int64_t invoice_id)
{
	struct decide_hold out = { 0 };

	for (size_t i = 0; i < d->hold_count; i++) {
		const struct hold_record *h = &d->holds[i];

		if (h->scope < least || h->scope > most ||
		    !hold_covers(h, case_id, invoice_id) ||
		    h->from_at > d->facts.now || hold_end(h) <= d->facts.now)
			continue;
		if (!out.held || hold_end(h) > out.until)
			out = (struct decide_hold){ .held = true, .type = h->type,
			    .until = hold_end(h) };
	}
	return out;
}

/* The day on which the latest hold that covered this invoice ended. */
static day_t held_until(const struct dossier *d, int64_t case_id, int64_t invoice_id)
{
	day_t last = DAY_NONE;

	for (size_t i = 0; i < d->hold_count; i++) {
		const struct hold_record *h = &d->holds[i];
		day_t day;

		if (!hold_covers(h, case_id, invoice_id) || hold_end(h) > d->facts.now)
			continue;
		day = zone_local(d->facts.creditor_zone, hold_end(h)).day;
		if (last == DAY_NONE || day > last)
			last = day;
	}
	return last;
}

/* --- ladder --------------------------------------------------------------------- */

static bool read_place(struct engine *e, const struct dossier *d,
    const struct schedule *schedule, const struct invoice_record *r, int64_t case_id,
    struct ladder_place *place, struct err *err)
{
	void *tmp = talloc_new(d);
	struct step_taken *taken;
	size_t n;
	const bool ok = outbox_steps_taken(e->store, tmp, r->id, case_id, &taken, &n, err);

	*place = (struct ladder_place){ .due_on = r->due_on, .last_step = -1,
	    .last_sent_on = DAY_NONE, .last_deadline_on = DAY_NONE,
	    .held_until = held_until(d, case_id, r->id) };
	for (size_t i = 0; ok && i < n; i++) {
		const int step = schedule_step_index(schedule, taken[i].step);

		if (step <= place->last_step)
			continue;
		place->last_step = step;
		place->last_sent_on = zone_local(d->facts.creditor_zone, taken[i].at).day;
		place->last_deadline_on = taken[i].deadline_on;
	}
	talloc_free(tmp);
	return ok;
}

static bool read_case(struct engine *e, struct dossier *d, struct dossier_case *from,
    struct decide_case *to, struct err *err)
{
	instant_t last_fee;

	if (!ledger_invoices_of_case(e->store, d, from->record.id, &from->invoices,
	    &from->invoice_count, err))
		return false;
	*to = (struct decide_case){ .id = from->record.id,
	    .invoice_count = from->invoice_count, .last_fee_on = DAY_NONE };
	memcpy(to->currency, from->record.currency, CURRENCY_BYTES);
	to->schedule = policy_schedule_version(e->policy, e, from->record.schedule_hash, err);
	if (to->schedule == NULL ||
	    !ledger_fees_in_arrears(e->store, d->debtor.id, &to->fee_count, &last_fee, err))
		return false;
	if (last_fee != 0)
		to->last_fee_on = zone_local(d->facts.creditor_zone, last_fee).day;
	to->hold = hold_now(d, SCOPE_CASE, SCOPE_CASE, to->id, 0);
	to->invoices = talloc_zero_array(d, struct decide_invoice, (unsigned)to->invoice_count);
	must(to->invoices != NULL);
	for (size_t i = 0; i < to->invoice_count; i++) {
		to->invoices[i].id = from->invoices[i].id;
		to->invoices[i].balance_minor = from->invoices[i].balance_minor;
		to->invoices[i].principal_minor = from->invoices[i].principal_minor;
		to->invoices[i].charged_minor = from->invoices[i].charged_minor;
		to->invoices[i].hold = hold_now(d, SCOPE_INVOICE, SCOPE_INVOICE, to->id,
		    from->invoices[i].id);
		if (!read_place(e, d, to->schedule, &from->invoices[i], to->id,
		    &to->invoices[i].place, err))
			return false;
	}
	return true;
}

static bool read_cases(struct engine *e, struct dossier *d, struct err *err)
{
	struct case_record *records;
	size_t n;

	if (!ledger_cases_of_debtor(e->store, d, d->debtor.id, &records, &n, err))
		return false;
	d->cases = talloc_zero_array(d, struct dossier_case, (unsigned)n);
	d->facts.cases = talloc_zero_array(d, struct decide_case, (unsigned)n);
	must(d->cases != NULL && d->facts.cases != NULL);
	for (size_t i = 0; i < n; i++) {
		struct dossier_case *c = &d->cases[d->case_count];

		c->record = records[i];
		if (!read_case(e, d, c, &d->facts.cases[d->case_count], err))
			return false;
		if (c->invoice_count > 0)
			d->case_count++;
	}
	d->facts.case_count = d->case_count;
	return true;
}

/* --- the debtor's own part ------------------------------------------------------- */

/* Of several addresses of a channel the first that may be used. */
static void take_address(struct decide_address *best, const struct address_record *a)
{
	const bool usable = !a->opted_out && !a->bad;

	if (best->id != 0 && (!usable || (!best->opted_out && !best->bad)))
		return;
	*best = (struct decide_address){ .id = a->id, .opted_out = a->opted_out, .bad = a->bad };
}

/* Contacts of everybody at the same address count for gaps and caps, and one
 * that is on its way to them is waited for.  Right before the wire only what
 * was really sent counts: two planned ones must not drop each other. */
static void take_contact(struct dossier *d, const struct contact_brief *b, bool before_wire,
    struct gate_contact *sent)
{
	const bool pending = b->state == CONTACT_PLANNED || b->state == CONTACT_ARMED;

	if (b->state == CONTACT_UNKNOWN && !b->other)
		d->facts.unknown_contact = b->id;
	if (pending && !(b->other && before_wire))
		d->facts.pending_contact = b->id;
	if (!pending)
		sent[d->facts.sent_count++] = (struct gate_contact){ .at = b->at,
		    .channel = b->channel };
}

static bool read_contacts(struct engine *e, struct dossier *d, int64_t except, struct err *err)
{
	struct contact_brief *briefs;
	struct gate_contact *sent;
	size_t n;

	if (!outbox_of_address(e->store, d, d->debtor.id, &briefs, &n, err))
		return false;
	sent = talloc_zero_array(d, struct gate_contact, (unsigned)n);
	must(sent != NULL);
	d->facts.sent = sent;
	for (size_t i = 0; i < n; i++)
		if (briefs[i].id != except)
			take_contact(d, &briefs[i], except != 0, sent);
	for (size_t i = 1; i < d->facts.sent_count; i++)	/* newest first */
		for (size_t k = i; k > 0 && sent[k].at > sent[k - 1].at; k--) {
			const struct gate_contact swap = sent[k];

			sent[k] = sent[k - 1];
			sent[k - 1] = swap;
		}
	return true;
}

static bool read_assignment(struct engine *e, struct dossier *d, struct err *err)
{
	const struct schedule *schedule;
	char *public_id, *arm;

	d->facts.arm = -1;
	d->facts.bucket = -1;
	d->unit_id = d->debtor.unit_id;
	if (d->case_count == 0)
		return true;
	schedule = d->facts.cases[0].schedule;
	policy_rules_for(e->policy, d->debtor.country, schedule,
	    d->settings->text[CREDITOR_CLOSED_DAYS], &d->rules);
	if (d->rules.rules.experiment == NULL)
		return true;
	if (!history_find_assignment(e->store, d, d->rules.rules.experiment->id, d->unit_id,
	    &d->assignment_id, &arm, err) ||
	    !register_unit_public_id(e->store, d, d->unit_id, &public_id, err))
		return false;
	/* An arm that the file no longer has chooses no tone; the unit stays in it. */
	if (d->assignment_id != 0) {
		d->facts.arm = experiment_arm_index(d->rules.rules.experiment, arm);
		if (d->facts.arm < 0)
			return true;
	}
	d->facts.bucket = assign_bucket(&e->assign_key, ASSIGN_LABEL_ARM,
	    d->rules.rules.experiment->id, public_id);
	return true;
}

static bool read_debtor(struct engine *e, struct dossier *d, int64_t debtor_id, struct err *err)
{
	if (!register_get_debtor(e->store, d, debtor_id, &d->debtor, err) ||
	    !register_get_creditor(e->store, d, d->debtor.creditor_id, &d->creditor, err) ||
	    !register_addresses(e->store, d, debtor_id, &d->addresses, &d->address_count, err))
		return false;
	d->settings = cfg_creditor(e->cfg, d->creditor.external_id);
	if (d->settings == NULL)
		return err_set(err, ERR_INPUT, "purr.conf has no section [creditor %s]",
		    d->creditor.external_id);
	d->facts.debtor_zone = zone_find(d->debtor.zone, err);
	d->facts.creditor_zone = zone_find(d->creditor.zone, err);
	return d->facts.debtor_zone != NULL && d->facts.creditor_zone != NULL;
}

struct dossier *dossier_read(struct engine *e, void *ctx, int64_t debtor_id,
    int64_t except_contact, int margin_minutes, instant_t now, struct err *err)
{
	struct dossier *d = talloc_zero(ctx, struct dossier);

	must(d != NULL);
	d->facts.edition = DECIDE_EDITION;
	d->facts.now = now;
	d->facts.margin_minutes = margin_minutes;
	d->rules.pack_hash = d->rules.calendar_hash = d->rules.experiment_hash = "";
	if (!read_debtor(e, d, debtor_id, err) ||
	    !ledger_holds(e->store, d, d->debtor.creditor_id, debtor_id, &d->holds,
	    &d->hold_count, err) ||
	    !read_contacts(e, d, except_contact, err) || !read_cases(e, d, err) ||
	    !read_assignment(e, d, err) ||
	    !ledger_has_loose_money(e->store, debtor_id, &d->facts.loose_money, err)) {
		talloc_free(d);
		return NULL;
	}
	d->facts.party = d->debtor.party;
	d->facts.prefers_given = d->debtor.prefers_given;
	d->facts.prefers = d->debtor.prefers;
	for (size_t i = 0; i < d->address_count; i++)
		take_address(&d->facts.address[d->addresses[i].channel], &d->addresses[i]);
	d->facts.hold = hold_now(d, SCOPE_DEBTOR, SCOPE_CREDITOR, 0, 0);
	d->today = zone_local(d->facts.creditor_zone, now).day;
	return d;
}

int dossier_invoice_index(const struct dossier_case *c, int64_t invoice_id)
{
	for (size_t i = 0; i < c->invoice_count; i++)
		if (c->invoices[i].id == invoice_id)
			return (int)i;
	return -1;
}

/* --- words ----------------------------------------------------------------------- */

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

static bool invoice_facts(struct engine *e, const struct dossier *d,
    const struct invoice_record *r, bool held, struct fact_invoice *out, struct err *err)
{
	*out = (struct fact_invoice){ .number = r->external_id, .subject = r->subject,
	    .balance_minor = r->balance_minor, .issued_on = r->issued_on,
	    .due_on = r->due_on, .overdue = r->due_on < d->today, .held = held };
	memcpy(out->currency, r->currency, CURRENCY_BYTES);
	return ledger_principal(e->store, r->id, &out->amount_minor, err) &&
	    ledger_fees(e->store, r->id, &out->fees_minor, err);
}

/* The payment reference of the oldest invoice that is asked for. */
static void set_reference(const struct invoice_record *r, struct message_facts *out)
{
	if (out->reference[0] == '\0')
		out->reference = r->reference[0] != '\0' ? r->reference : r->external_id;
}

static bool case_facts(struct engine *e, const struct dossier *d, size_t index, day_t until,
    int64_t fee, struct fact_invoice *list, size_t *count, struct fact_total *total,
    struct message_facts *out, struct err *err)
{
	const struct dossier_case *c = &d->cases[index];
	int64_t ahead = 0, due = 0;

	memcpy(total->currency, c->record.currency, CURRENCY_BYTES);
	for (size_t i = 0; i < c->invoice_count; i++) {
		const struct invoice_record *r = &c->invoices[i];
		const bool held = d->facts.cases[index].hold.held ||
		    d->facts.cases[index].invoices[i].hold.held;

		total->open_minor += r->balance_minor;
		if (r->due_on > until)
			continue;
		if (!invoice_facts(e, d, r, held, &list[*count], err))
			return false;
		(*count)++;
		if (held)	/* mentioned, not asked for */
			continue;
		*(r->due_on < d->today ? &due : &ahead) += r->balance_minor;
		set_reference(r, out);
	}
	total->fee_minor = fee;
	total->open_minor += fee;
	total->due_minor = (due > 0 ? due : ahead) + fee;
	return true;
}

bool dossier_facts(struct engine *e, void *ctx, const struct dossier *d, day_t until,
    const int64_t *fee_by_case, struct message_facts *out, struct err *err)
{
	struct fact_invoice *list;
	struct fact_total *totals;
	size_t most = 0;

	for (size_t i = 0; i < d->case_count; i++)
		most += d->cases[i].invoice_count;
	list = talloc_zero_array(ctx, struct fact_invoice, (unsigned)most);
	totals = talloc_zero_array(ctx, struct fact_total, (unsigned)d->case_count);
	must(list != NULL && totals != NULL);
	*out = (struct message_facts){ .lang = d->debtor.lang, .template = "",
	    .debtor_name = d->debtor.name, .debtor_id = d->debtor.external_id,
	    .invoices = list, .totals = totals, .total_count = d->case_count,
	    .today = d->today, .deadline = DAY_NONE, .reference = "", .link_url = "",
	    .unsubscribe_url = "" };
	creditor_facts(d, &out->creditor);
	for (size_t i = 0; i < d->case_count; i++)
		if (!case_facts(e, d, i, until, fee_by_case != NULL ? fee_by_case[i] : 0, list,
		    &out->invoice_count, &totals[i], out, err))
			return false;
	return true;
}
