/* explain.c - see explain.h: finds what was asked for and tells it.
 *
 * The parts are laid out in explain_json.c and worded in explain_text.c.
 */
#include "engine/explain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/explain_json.h"
#include "engine/send_run.h"

#define SENTENCE_BYTES_MAX 1024

struct asked {
	int64_t			 debtor_id;
	int64_t			 case_id, contact_id;	/* 0: not asked for */
	struct invoice_record	 invoice;		/* id 0: not asked for */
	const char		*words;			/* "case 3" */
};

struct telling {
	struct engine	*engine;
	void		*ctx;
	instant_t	 now;
	struct err	*err;
};

/* --- what was asked for ----------------------------------------------------------- */

/* "case:17" -> 17; false: the text is none. */
static bool read_id(const char *what, const char *kind, int64_t *out)
{
	const size_t len = strlen(kind);
	char *end;

	if (strncmp(what, kind, len) != 0 || what[len] < '1' || what[len] > '9')
		return false;
	errno = 0;
	*out = strtoll(what + len, &end, 10);
	return *end == '\0' && errno == 0;
}

/* Somebody asked for a customer: which invoices can be explained? */
static bool is_customer(struct telling *t, int64_t creditor_id, const char *number,
    const char **out)
{
	int64_t id;

	return register_find_debtor(t->engine->store, creditor_id, number, &id, t->err) &&
	    (id == 0 || ledger_numbers(t->engine->store, t->ctx, id, out, t->err));
}

static bool find_invoice(struct telling *t, const char *number, const char *creditor,
    struct asked *out)
{
	const struct cfg *cfg = t->engine->cfg;
	const char *owner = NULL, *customer = "";

	for (size_t i = 0; i < cfg->creditor_count; i++) {
		struct invoice_record found;
		int64_t id;

		if (creditor != NULL && strcmp(cfg->creditors[i].id, creditor) != 0)
			continue;
		if (!register_find_creditor(t->engine->store, cfg->creditors[i].id, &id, t->err))
			return false;
		if (id == 0)
			continue;
		if (!ledger_find_invoice(t->engine->store, t->ctx, id, number, &found, t->err))
			return false;
		if (found.id != 0 && owner != NULL)
			return err_set(t->err, ERR_INPUT, "invoice %.64s is there for creditors "
			    "%s and %s: say which with --creditor", number, owner,
			    cfg->creditors[i].id);
		if (found.id == 0 && !is_customer(t, id, number, &customer))
			return false;
		if (found.id == 0)
			continue;
		owner = cfg->creditors[i].id;
		out->invoice.id = found.id;
	}
	if (owner == NULL && customer[0] != '\0')
		return err_set(t->err, ERR_INPUT, "%.64s is a customer: explain one of the invoices %.200s",
		    number, customer);
	if (owner == NULL)
		return err_set(t->err, ERR_INPUT, "there is no invoice %.64s%s%.64s", number,
		    creditor != NULL ? " of creditor " : "", creditor != NULL ? creditor : "");
	out->words = talloc_asprintf(t->ctx, "invoice %s", number);
	if (!ledger_get_invoice(t->engine->store, t->ctx, out->invoice.id, &out->invoice, t->err))
		return false;
	out->debtor_id = out->invoice.debtor_id;
	return true;
}

static bool find_asked(struct telling *t, const char *what, const char *creditor,
    struct asked *out)
{
	struct contact_record contact;
	struct case_record record;

	*out = (struct asked){ 0 };
	if (creditor != NULL && cfg_creditor(t->engine->cfg, creditor) == NULL)
		return err_set(t->err, ERR_INPUT, "purr.conf has no section [creditor %.64s]",
		    creditor);
	if (read_id(what, "case:", &out->case_id)) {
		out->words = talloc_asprintf(t->ctx, "case %" PRId64, out->case_id);
		if (!ledger_get_case(t->engine->store, t->ctx, out->case_id, &record, t->err))
			return false;
		out->debtor_id = record.debtor_id;
		return true;
	}
	if (read_id(what, "contact:", &out->contact_id)) {
		out->words = talloc_asprintf(t->ctx, "contact %" PRId64, out->contact_id);
		if (!outbox_get(t->engine->store, t->ctx, out->contact_id, &contact, t->err))
			return false;
		out->debtor_id = contact.debtor_id;
		return true;
	}
	return find_invoice(t, what, creditor, out);
}

/* --- when next -------------------------------------------------------------------- */

/* "2026-09-22 08:00" in the debtor's zone. */
static void put_moment(struct str *out, const struct zone *zone, instant_t at)
{
	const struct local_time local = zone_local(zone, at);
	char day[DAY_TEXT_BYTES];

	str_printf(out, "%s %02d:%02d", day_text(local.day, day), (int)(local.second / 3600),
	    (int)(local.second / 60 % 60));
}

static void put_hold_end(struct str *out, const struct zone *zone, const struct decision *d)
{
	if (d->next_check_at >= INSTANT_MAX) {
		str_printf(out, "Nothing is sent until somebody releases the hold (%s).",
		    d->reason + strlen("hold."));
		return;
	}
	str_printf(out, "Nothing is sent before the hold (%s) ends, on ",
	    d->reason + strlen("hold."));
	put_moment(out, zone, d->next_check_at);
	str_putc(out, '.');
}

static void put_wait(struct str *out, const struct zone *zone, const struct decision *d)
{
	static const struct { const char *reason, *says; } fixed[] = {
		{ "contact.unknown", "Nobody knows whether the last message arrived: nothing is "
		  "sent until a person says so." },
		{ DECIDE_APPROVAL, "The next step is due and waits for a person to approve it." },
		{ "contact.pending", "A message is being sent at this moment." },
		{ "money.unallocated", "Money has come in that belongs to no invoice yet: nothing "
		  "is sent until a person says what it pays." },
		{ "below_minimum", "What is due is less than the schedule chases: nothing is "
		  "sent." },
		{ "no_channel", "There is no address left that may be used: a person must find "
		  "one." },
		{ "pack.missing", "There is no rule pack for the debtor's country: nothing may be "
		  "sent." },
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (strcmp(d->reason, fixed[i].reason) == 0) {
			str_put(out, fixed[i].says);
			return;
		}
	}
	if (strncmp(d->reason, "hold.", strlen("hold.")) == 0) {
		put_hold_end(out, zone, d);
		return;
	}
	if (strcmp(d->reason, "not_due") == 0)
		str_put(out, "No step is due yet; the next look is on ");
	else if (strcmp(d->reason, DECIDE_UNREACHED) == 0)
		str_put(out, "There is no address for the channels of this step; it is passed over on ");
	else if (strcmp(d->reason, "lapses") == 0)
		str_put(out, "The step would be past before it may be sent; it is passed over "
		    "on ");
	else
		str_printf(out, "Rule %s asks to wait until ", d->reason);
	put_moment(out, zone, d->next_check_at);
	str_putc(out, '.');
}

static void put_decided(struct str *out, const struct dossier *d, const struct decision *decision)
{
	switch (decision->result) {
	case DECIDE_NOTHING:
		str_put(out, strcmp(decision->reason, "ladder.climbed") == 0 ?
		    "All steps of the schedule have been taken: nothing more is sent." :
		    "Nothing is owed that is to be reminded of: nothing is sent.");
		break;
	case DECIDE_WAIT:
		put_wait(out, d->facts.debtor_zone, decision);
		break;
	case DECIDE_HAND_OVER:
		str_put(out, "The next pass hands the claim over: the last step is due.");
		break;
	case DECIDE_CONTACT:
		str_printf(out, "The next pass plans the step %s by %s, in the %s tone, for ",
		    decision->schedule->steps[decision->step].id,
		    channel_name(decision->channel), tone_name(decision->tone));
		put_moment(out, d->facts.debtor_zone, decision->ripe_at);
		str_putc(out, '.');
		break;
	}
}

static json_t *next_json(struct telling *t, const struct dossier *d,
    const struct decision *decision, const struct contact_record *planned)
{
	struct str out;
	json_t *made;

	str_init(&out, t->ctx, SENTENCE_BYTES_MAX);
	if (planned == NULL) {
		put_decided(&out, d, decision);
	} else {
		str_printf(&out, "Contact %" PRId64 " (%s by %s) is planned for ", planned->id,
		    planned->step, channel_name(planned->channel));
		put_moment(&out, d->facts.debtor_zone, planned->ripe_at);
		if (planned->waits_for != 0)
			str_printf(&out, "; it waits until a second person approves it (run R-%"
			    PRId64 ", 'purr approve --list')", planned->waits_for);
		if (decision->result == DECIDE_CONTACT) {
			str_put(&out, "; balance, holds and hours are read again right before.");
		} else {
			str_put(&out, ", but as things stand it would be dropped.  ");
			put_decided(&out, d, decision);
		}
	}
	made = json_string(out.at);
	str_release(&out);
	return made;
}

/* --- an invoice, a case ------------------------------------------------------------- */

static json_t *asked_invoice_json(const struct invoice_record *r)
{
	const char *state = r->state, *says = "";

	if (r->is_credit) {
		state = "credit";
		says = "This is a credit note: nothing is asked for.";
	} else if (r->balance_minor <= 0) {
		state = "paid";
		says = "Nothing is owed on this invoice: nothing is sent about it.";
	} else if (strcmp(r->state, INVOICE_HANDED_OVER) == 0) {
		says = "This invoice has been handed over: nothing more is sent about it.";
	} else if (strcmp(r->state, INVOICE_CLOSED) == 0) {
		says = "This invoice is closed: nothing is sent about it.";
	}
	return json_pack("{s:s, s:o, s:o, s:s, s:s, s:s}", "number", r->external_id,
	    "due_on", json_day(r->due_on), "balance", money_json(r->balance_minor, r->currency),
	    "currency", r->currency, "state", state, "says", says);
}

/* Every contact of the debtor; *planned is the one that waits to be sent. */
static bool read_contacts(struct telling *t, int64_t debtor_id, json_t *list,
    struct contact_record *planned)
{
	int64_t *ids;
	size_t n;

	*planned = (struct contact_record){ 0 };
	if (!outbox_ever(t->engine->store, t->ctx, debtor_id, &ids, &n, t->err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct contact_record c;

		if (!outbox_get(t->engine->store, t->ctx, ids[i], &c, t->err))
			return false;
		json_array_append_new(list, contact_json(&c));
		if (c.state == CONTACT_PLANNED)
			*planned = c;
	}
	return true;
}

static bool tell_debtor(struct telling *t, const struct asked *asked, json_t *out)
{
	json_t *contacts = json_array();
	struct contact_record planned;
	struct decision decision;
	struct trace trace;
	struct dossier *d;

	json_put(out, "contacts", contacts);
	if (!read_contacts(t, asked->debtor_id, contacts, &planned))
		return false;
	d = dossier_read(t->engine, t->ctx, asked->debtor_id, planned.id, SEND_MARGIN_MINUTES,
	    t->now, t->err);
	if (d == NULL)
		return false;
	trace_init(&trace, t->ctx);
	decide(&d->facts, &d->rules.rules, &trace, &decision);
	must(json_object_update_new(out, people_json(&d->creditor, &d->debtor)) == 0);
	json_put(out, "place", place_json(&d->facts));
	if (asked->invoice.id != 0)
		json_put(out, "invoice", asked_invoice_json(&asked->invoice));
	json_put(out, "cases", cases_json(d));
	json_put(out, "addresses", addresses_json(d));
	json_put(out, "decision", decision_json(t->engine, t->ctx, &d->facts, &decision, &trace));
	json_put(out, "holds", holds_json(d));
	json_put(out, "next", next_json(t, d, &decision, planned.id != 0 ? &planned : NULL));
	return true;
}

/* --- a contact --------------------------------------------------------------------- */

static bool listed_json(struct telling *t, int64_t contact_id, json_t *list)
{
	struct contact_invoice_record *listed;
	size_t n;

	if (!outbox_invoices(t->engine->store, t->ctx, contact_id, &listed, &n, t->err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct invoice_record r;

		if (!ledger_get_invoice(t->engine->store, t->ctx, listed[i].invoice_id, &r, t->err))
			return false;
		json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:b}",
		    "number", r.external_id,
		    "balance", money_json(listed[i].balance_minor, r.currency),
		    "currency", r.currency, "counts", listed[i].counts));
	}
	return true;
}

static json_t *fate_json(const struct contact_record *c)
{
	static const char *const says[CONTACT_STATES] = {
		[CONTACT_PLANNED] = "It waits for its hour; balance, holds and hours are read "
		    "again right before.",
		[CONTACT_ARMED] = "It is being sent at this moment.",
		[CONTACT_SENT] = "It was sent: the provider has taken it.",
		[CONTACT_DELIVERED] = "It was delivered.",
		[CONTACT_BOUNCED] = "It was sent and came back; the step counts as not taken.",
		[CONTACT_UNKNOWN] = "Nobody knows whether it arrived: a person must say so, and "
		    "nothing is sent before.",
		[CONTACT_FAILED] = "It could not be sent; the step counts as not taken.",
		[CONTACT_DROPPED] = "It was dropped before it was sent; the step counts as not "
		    "taken.",
	};

	must(c->state < CONTACT_STATES);
	return json_string(says[c->state]);
}

static json_t *again_json(struct telling *t, const struct decided *d)
{
	json_t *out = decision_json(t->engine, t->ctx, d->facts, &d->again, &d->trace);
	json_t *differences = json_array();

	for (size_t i = 0; i < d->difference_count; i++)
		json_array_append_new(differences, json_string(d->differences[i]));
	json_put(out, "id", json_integer(d->record.id));
	json_put(out, "zone_data", json_string(d->record.zone_data));
	json_put(out, "rules", json_pack("{s:s, s:s, s:s}", "pack_hash", d->record.pack_hash,
	    "calendar_hash", d->record.calendar_hash,
	    "experiment_hash", d->record.experiment_hash));
	json_put(out, "same", json_boolean(d->difference_count == 0));
	json_put(out, "differences", differences);
	return out;
}

static bool tell_contact(struct telling *t, const struct asked *asked, json_t *out)
{
	struct creditor_record creditor;
	struct debtor_record debtor;
	struct contact_record c;
	struct decided decided;
	json_t *contact, *listed = json_array();

	if (!outbox_get(t->engine->store, t->ctx, asked->contact_id, &c, t->err) ||
	    !register_get_debtor(t->engine->store, t->ctx, c.debtor_id, &debtor, t->err) ||
	    !register_get_creditor(t->engine->store, t->ctx, c.creditor_id, &creditor, t->err) ||
	    !decided_again(t->engine, t->ctx, c.decision_id, &decided, t->err) ||
	    !listed_json(t, c.id, listed)) {
		json_decref(listed);
		return false;
	}
	must(json_object_update_new(out, people_json(&creditor, &debtor)) == 0);
	json_put(out, "place", place_json(decided.facts));
	contact = contact_json(&c);
	json_put(contact, "template", json_string(c.template));
	json_put(contact, "language", json_string(c.lang));
	json_put(contact, "attempts", json_integer(c.attempt));
	json_put(contact, "listed", listed);
	json_put(out, "contact", contact);
	json_put(out, "decision", again_json(t, &decided));
	json_put(out, "next", fate_json(&c));
	return true;
}

bool explain(struct engine *e, void *ctx, const char *what, const char *creditor,
    instant_t now, json_t **out, struct err *err)
{
	struct telling t = { .engine = e, .ctx = talloc_new(ctx), .now = now, .err = err };
	struct asked asked;
	bool ok;

	*out = json_object();
	ok = store_begin_read(e->store, err);
	if (ok) {
		ok = find_asked(&t, what, creditor, &asked);
		if (ok) {
			json_put(*out, "asked", json_string(asked.words));
			json_put(*out, "at", instant_json(now));
			ok = asked.contact_id != 0 ? tell_contact(&t, &asked, *out) :
			    tell_debtor(&t, &asked, *out);
		}
		store_end_read(e->store);
	}
	talloc_free(t.ctx);
	if (!ok) {
		json_decref(*out);
		*out = NULL;
	}
	return ok;
}

/* --- again, and compared --------------------------------------------------------------- */

static bool replay_one(struct telling *t, int64_t decision_id, json_t *different, size_t *same)
{
	void *tmp = talloc_new(t->ctx);
	struct decided d;
	const bool ok = decided_again(t->engine, tmp, decision_id, &d, t->err);

	if (ok && d.difference_count == 0) {
		(*same)++;
	} else if (ok) {
		json_t *lines = json_array();

		for (size_t i = 0; i < d.difference_count; i++)
			json_array_append_new(lines, json_string(d.differences[i]));
		json_array_append_new(different, json_pack("{s:I, s:o, s:o}",
		    "decision", (json_int_t)decision_id, "at", instant_json(d.record.at),
		    "differences", lines));
	}
	talloc_free(tmp);
	return ok;
}

static bool replay_asked(struct telling *t, const struct asked *asked, json_t **out)
{
	struct contact_record contact = { 0 };
	json_t *different = json_array();
	int64_t *ids = &contact.decision_id;
	size_t n = 1, same = 0;
	bool ok = asked->contact_id != 0 ?
	    outbox_get(t->engine->store, t->ctx, asked->contact_id, &contact, t->err) :
	    outbox_decisions(t->engine->store, t->ctx, asked->debtor_id, &ids, &n, t->err);

	for (size_t i = 0; ok && i < n; i++)
		ok = replay_one(t, ids[i], different, &same);
	*out = json_pack("{s:s, s:I, s:I, s:o}", "asked", asked->words,
	    "decisions", (json_int_t)n, "same", (json_int_t)same, "different", different);
	must(*out != NULL);
	return ok;
}

bool explain_replay(struct engine *e, void *ctx, const char *what, const char *creditor,
    json_t **out, struct err *err)
{
	struct telling t = { .engine = e, .ctx = talloc_new(ctx), .err = err };
	struct asked asked;
	bool ok;

	*out = NULL;
	ok = store_begin_read(e->store, err);
	if (ok) {
		ok = find_asked(&t, what, creditor, &asked) && replay_asked(&t, &asked, out);
		store_end_read(e->store);
	}
	talloc_free(t.ctx);
	if (!ok) {
		json_decref(*out);
		*out = NULL;
	}
	return ok;
}
