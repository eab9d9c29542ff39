/* dossier.c - see dossier.h.  The words are in dossier_words.c. */
#include "engine/dossier.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "compose/library.h"
#include "decide/step_wait.h"
#include "decide/voice.h"
#include "engine/where.h"
#include "engine/habit.h"
#include "engine/harm_run.h"
#include "store/history.h"

/* --- holds -------------------------------------------------------------------- */

/* Did the invoice stand in that case before it was closed and owed again? */
static bool stood_in(const struct dossier *d, int64_t invoice_id, int64_t case_id)
{
	for (size_t i = 0; i < d->before_count; i++)
		if (d->before[i].invoice_id == invoice_id && d->before[i].case_id == case_id)
			return true;
	return false;
}

static bool hold_covers(const struct dossier *d, const struct hold_record *h, int64_t case_id,
    int64_t invoice_id)
{
	switch (h->scope) {
	case SCOPE_CREDITOR:
	case SCOPE_DEBTOR:
		return true;
	case SCOPE_CASE:
		return (h->case_id == case_id && case_id != 0) ||
		    (invoice_id != 0 && stood_in(d, invoice_id, h->case_id));
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
		    !hold_covers(d, h, case_id, invoice_id) ||
		    h->from_at > d->facts.now || hold_end(h) <= d->facts.now)
			continue;
		if (!out.held || hold_end(h) > out.until)
			out = (struct decide_hold){ .held = true, .type = h->type,
			    .until = hold_end(h) };
	}
	return out;
}

static bool read_before(struct engine *e, struct dossier *d, struct err *err)
{
	bool any = false;

	for (size_t i = 0; i < d->hold_count; i++)
		any = any || (d->holds[i].scope == SCOPE_CASE && hold_end(&d->holds[i]) > d->facts.now);
	return !any || ledger_cases_before(e->store, d, d->debtor.id, &d->before,
	    &d->before_count, err);
}

/* Of each type the last end of the holds on single claims, whichever they are. */
static void read_standing(struct dossier *d)
{
	for (size_t i = 0; i < d->hold_count; i++) {
		const struct hold_record *h = &d->holds[i];

		if (h->scope != SCOPE_CREDITOR && h->from_at <= d->facts.now &&
		    hold_end(h) > d->facts.now && hold_end(h) > d->facts.standing[h->type])
			d->facts.standing[h->type] = hold_end(h);
	}
}

/* The day on which the latest hold that covered this invoice ended. */
static day_t held_until(const struct dossier *d, int64_t case_id, int64_t invoice_id)
{
	day_t last = DAY_NONE;

	for (size_t i = 0; i < d->hold_count; i++) {
		const struct hold_record *h = &d->holds[i];
		day_t day;

		if (!hold_covers(d, h, case_id, invoice_id) || hold_end(h) > d->facts.now)
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

		day_t sent_on;

		if (step < 0)
			continue;
		sent_on = zone_local(d->facts.creditor_zone, taken[i].at).day;

		/* A newer version may have put the steps in another order. */
		if (step > place->last_step)
			place->last_step = step;
		if (place->last_sent_on == DAY_NONE || sent_on > place->last_sent_on)
			place->last_sent_on = sent_on;
		if (place->last_deadline_on == DAY_NONE ||
		    (taken[i].deadline_on != DAY_NONE &&
		    taken[i].deadline_on > place->last_deadline_on))
			place->last_deadline_on = taken[i].deadline_on;
	}
	talloc_free(tmp);
	return ok;
}

/* What a person said yes to. */
static bool read_approval(struct engine *e, const struct dossier *d,
    const struct decide_case *c, struct decide_invoice *to, struct err *err)
{
	void *tmp = talloc_new(d);
	const char **steps;
	size_t n;
	const bool ok = ledger_approvals(e->store, tmp, c->id, to->id, &steps, &n, err);

	for (size_t i = 0; ok && i < n; i++) {
		const int step = schedule_step_index(c->schedule, steps[i]);

		if (step > to->approved_step)
			to->approved_step = step;
	}
	talloc_free(tmp);
	return ok;
}

/* What interest and compensation are reckoned from. */
static bool read_claim(struct engine *e, const struct dossier *d, struct decide_invoice *to,
    struct err *err)
{
	void *tmp = talloc_new(d);
	struct charge_record *charges;
	size_t n;
	const bool ok = ledger_charges(e->store, tmp, to->id, &charges, &n, err);

	to->interest_from = to->place.due_on;
	for (size_t i = 0; ok && i < n; i++) {
		to->compensated |= charges[i].compensation;
		if (charges[i].type != ENTRY_INTEREST)
			continue;
		to->interest_minor += charges[i].amount_minor;
		if (charges[i].value_on > to->interest_from)
			to->interest_from = charges[i].value_on;
	}
	talloc_free(tmp);
	return ok;
}

static bool read_invoice(struct engine *e, struct dossier *d, const struct decide_case *c,
    const struct invoice_record *from, struct decide_invoice *to, struct err *err)
{
	bool approvals = false, claims = false;

	*to = (struct decide_invoice){ .id = from->id, .balance_minor = from->balance_minor,
	    .principal_minor = from->principal_minor, .charged_minor = from->charged_minor,
	    .hold = hold_now(d, SCOPE_INVOICE, SCOPE_CASE, 0, from->id),
	    .approved_step = -1, .interest_from = DAY_NONE };
	for (size_t i = 0; i < c->schedule->step_count; i++) {
		approvals |= step_wait_asks(&c->schedule->steps[i], to, DECIDE_EDITION);
		claims |= c->schedule->steps[i].interest || c->schedule->steps[i].compensation;
	}
	return read_place(e, d, c->schedule, from, c->id, &to->place, err) &&
	    (!approvals || read_approval(e, d, c, to, err)) &&
	    (!claims || read_claim(e, d, to, err));
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
	for (size_t i = 0; i < to->invoice_count; i++)
		if (!read_invoice(e, d, to, &from->invoices[i], &to->invoices[i], err))
			return false;
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
	/* A call is on its way until the operator has said what came of it. */
	const bool pending = b->state == CONTACT_PLANNED || b->state == CONTACT_ARMED ||
	    (b->state == CONTACT_SENT && b->channel == CHANNEL_CALL);

	if (b->state == CONTACT_UNKNOWN && !b->other)
		d->facts.unknown_contact = b->id;
	if (pending && !(b->other && before_wire))
		d->facts.pending_contact = b->id;
	if (!pending)
		sent[d->facts.sent_count++] = (struct gate_contact){ .at = b->at,
		    .channel = b->channel, .other = b->other };
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

/* A planned experiment that nobody has started is none yet. */
static bool leave_unstarted(struct engine *e, struct dossier *d, struct err *err)
{
	const struct experiment *x = d->rules.rules.experiment;
	instant_t at = 0;

	if (x == NULL || x->planned_debtors == 0)
		return true;
	if (!history_experiment_started(e->store, x->id, &at, err))
		return false;
	if (at == 0) {
		d->rules.rules.experiment = NULL;
		d->rules.experiment_hash = "";
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
	schedule = voice_experiment_of(d->facts.cases, d->case_count);
	if (!policy_rules_for(e->policy, d->debtor.country, d->facts.region, schedule,
	    d->settings->text[CREDITOR_CLOSED_DAYS], &d->rules, err))
		return false;
	if (!leave_unstarted(e, d, err))
		return false;
	if (d->rules.rules.experiment == NULL)
		return true;
	if (!history_find_assignment(e->store, d, d->rules.rules.experiment->id, d->unit_id,
	    &d->assignment_id, &arm, err) ||
	    !register_unit_public_id(e->store, d, d->unit_id, &public_id, err))
		return false;
	if (!harm_stopped_arms(e, d->rules.rules.experiment, &d->facts.stopped_arms, err))
		return false;
	/* An arm that the file no longer has chooses no tone; the unit stays in it. */
	if (d->assignment_id != 0) {
		d->facts.arm = experiment_arm_index(d->rules.rules.experiment, arm);
		if (d->facts.arm < 0)
			return true;
	}
	d->facts.held_out = experiment_holds_out(d->rules.rules.experiment, &e->assign_key,
	    public_id);
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
	d->facts.creditor_zone = zone_find(d->creditor.zone, err);
	if (!where_fill(d, &d->debtor, d->addresses, d->address_count, &d->facts, err) ||
	    d->facts.creditor_zone == NULL)
		return false;
	d->debtor.zone = zone_name(d->facts.debtor_zone);
	return true;
}

/* Whose language has no text is written to in English; without that either,
 * the message cannot be made and a person is told. */
static void set_language(struct engine *e, struct dossier *d)
{
	const struct library *texts = policy_library(e->policy);

	d->lang = d->debtor.lang;
	if (library_speaks(texts, d->lang) || !library_speaks(texts, DECIDE_LANG_ELSE))
		return;
	(void)snprintf(d->facts.other_lang, sizeof(d->facts.other_lang), "%s", d->lang);
	d->lang = DECIDE_LANG_ELSE;
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
	    !read_before(e, d, err) ||
	    !read_contacts(e, d, except_contact, err) || !read_cases(e, d, err) ||
	    !read_assignment(e, d, err) || !habit_fill(e, d, now, err) ||
	    !ledger_has_loose_money(e->store, debtor_id, &d->facts.loose_money, err)) {
		talloc_free(d);
		return NULL;
	}
	set_language(e, d);
	d->facts.party = d->debtor.party;
	d->facts.softened = d->debtor.softened;
	d->facts.prefers_given = d->debtor.prefers_given;
	d->facts.prefers = d->debtor.prefers;
	for (size_t i = 0; i < d->address_count; i++)
		take_address(&d->facts.address[d->addresses[i].channel], &d->addresses[i]);
	d->facts.hold = hold_now(d, SCOPE_DEBTOR, SCOPE_CREDITOR, 0, 0);
	d->facts.posting_days = (int)cfg_int(e->cfg, CFG_LETTER_POSTING_DAYS);
	read_standing(d);
	d->today = zone_local(d->facts.creditor_zone, now).day;
	return d;
}

int dossier_claim_days(const struct dossier *d)
{
	int days = 1;

	for (size_t i = 0; i < d->case_count; i++)
		if (d->facts.cases[i].schedule->claim_days > days)
			days = d->facts.cases[i].schedule->claim_days;
	return days;
}

int dossier_invoice_index(const struct dossier_case *c, int64_t invoice_id)
{
	for (size_t i = 0; i < c->invoice_count; i++)
		if (c->invoices[i].id == invoice_id)
			return (int)i;
	return -1;
}
