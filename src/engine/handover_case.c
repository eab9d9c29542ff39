/* handover_case.c - see handover_case.h.  The timeline is in handover_time.c. */
#include "engine/handover_case.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/str.h"
#include "engine/handover_time.h"
#include "store/ledger.h"
#include "store/outbox.h"
#include "store/register.h"

#define LIST_BYTES_MAX 8192

struct reading {
	struct engine		*engine;
	void			*ctx;
	struct handover_case	*out;
	struct debtor_record	 debtor;
	struct creditor_record	 creditor;
	const struct zone	*zone;		/* the creditor's */
	struct hold_record	*holds;
	size_t			 hold_count;
	struct said_words	*words;		/* the debtor's */
	size_t			 word_count;
	struct err		*err;
};

/* --- who ------------------------------------------------------------------------- */

static bool read_addresses(struct reading *r)
{
	struct address_record *list;
	size_t n;

	r->out->email = r->out->phone = r->out->address = "";
	if (!register_addresses(r->engine->store, r->ctx, r->debtor.id, &list, &n, r->err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (list[i].channel == CHANNEL_EMAIL && r->out->email[0] == '\0')
			r->out->email = list[i].value;
		if (list[i].channel == CHANNEL_SMS && r->out->phone[0] == '\0')
			r->out->phone = list[i].value;
		if (list[i].channel == CHANNEL_LETTER && r->out->address[0] == '\0')
			r->out->address = list[i].value;
	}
	return true;
}

static bool read_parties(struct reading *r, const struct handover_claim *claim, instant_t now)
{
	struct handover_case *out = r->out;
	const struct cfg_creditor *settings;
	struct case_record record;

	if (!register_get_debtor(r->engine->store, r->ctx, claim->debtor_id, &r->debtor, r->err) ||
	    !register_get_creditor(r->engine->store, r->ctx, claim->creditor_id, &r->creditor,
	    r->err) ||
	    !ledger_get_case(r->engine->store, r->ctx, claim->case_id, &record, r->err) ||
	    !ledger_holds(r->engine->store, r->ctx, r->creditor.id, r->debtor.id, &r->holds,
	    &r->hold_count, r->err) ||
	    !handover_words(r->engine->store, r->ctx, r->debtor.id, &r->words, &r->word_count,
	    r->err))
		return false;
	r->zone = zone_find(r->creditor.zone, r->err);
	if (r->zone == NULL)
		return false;
	settings = cfg_creditor(r->engine->cfg, r->creditor.external_id);
	*out = (struct handover_case){ .id = record.id, .schedule = record.schedule_name,
	    .schedule_hash = record.schedule_hash, .creditor = r->creditor.name,
	    .creditor_id = r->creditor.external_id,
	    .creditor_company = settings != NULL ? settings->text[CREDITOR_COMPANY_ID] : "",
	    .creditor_account = settings != NULL ? settings->text[CREDITOR_ACCOUNT] : "",
	    .debtor = r->debtor.name, .debtor_id = r->debtor.external_id,
	    .party = party_name(r->debtor.party), .country = r->debtor.country,
	    .lang = r->debtor.lang, .made_at = now, .made_on = zone_local(r->zone, now).day };
	memcpy(out->currency, record.currency, CURRENCY_BYTES);
	return read_addresses(r);
}

/* --- the account ------------------------------------------------------------------- */

static void add_amount(struct handover_invoice *out, const struct booked_entry *e)
{
	switch (e->type) {
	case ENTRY_PRINCIPAL:
		out->principal_minor += e->amount_minor;
		break;
	case ENTRY_CREDIT:
		out->credited_minor -= e->amount_minor;
		break;
	case ENTRY_ALLOCATION:
		out->paid_minor -= e->amount_minor;
		break;
	case ENTRY_FEE:
		*(strcmp(e->source, LEDGER_COMPENSATION) == 0 ? &out->compensation_minor :
		    &out->fees_minor) += e->amount_minor;
		break;
	case ENTRY_INTEREST:
		out->interest_minor += e->amount_minor;
		break;
	case ENTRY_WAIVER:
	case ENTRY_WRITE_OFF:
	case ENTRY_TYPES:
		out->other_minor += e->amount_minor;
		break;
	}
	out->balance_minor += e->amount_minor;
}

static bool read_entries(struct reading *r, struct handover_invoice *out)
{
	struct booked_entry *booked;
	struct handover_entry *list;
	size_t n;

	if (!handover_entries(r->engine->store, r->ctx, out->id, &booked, &n, r->err))
		return false;
	list = talloc_zero_array(r->ctx, struct handover_entry, (unsigned)n + 1);
	must(list != NULL);
	for (size_t i = 0; i < n; i++) {
		add_amount(out, &booked[i]);
		list[i] = (struct handover_entry){ .on = booked[i].value_on,
		    .amount_minor = booked[i].amount_minor,
		    .what = talloc_asprintf(r->ctx, "%s (%s)", entry_type_name(booked[i].type),
		    booked[i].source) };
	}
	out->entries = list;
	out->entry_count = n;
	return true;
}

/* A pause that the creditor made, or a wish for another day, denies nothing. */
static bool objects(const struct hold_record *h, int64_t case_id, int64_t invoice_id)
{
	if (h->scope == SCOPE_CREDITOR ||
	    (h->scope == SCOPE_INVOICE && h->invoice_id != invoice_id) ||
	    (h->scope == SCOPE_CASE && h->case_id != case_id))
		return false;
	return h->type == HOLD_DISPUTE || h->type == HOLD_WRONG_PERSON ||
	    h->type == HOLD_PAID_CLAIMED || h->type == HOLD_LEGAL ||
	    (h->type == HOLD_MANUAL && strcmp(h->owner, "debtor") == 0);
}

/* What the debtor wrote when the hold began, or else its reason. */
static const char *reason_of(const struct reading *r, const struct hold_record *h)
{
	for (size_t i = 0; i < r->word_count; i++)
		if (r->words[i].at == h->from_at)
			return r->words[i].text;
	return h->reason;
}

/* "2026-10-02 dispute: wrong amount; ...": what the debtor, or somebody for
 * them, held against the claim. */
static const char *objections(struct reading *r, int64_t case_id, int64_t invoice_id)
{
	struct str out;
	char day[DAY_TEXT_BYTES];

	str_init(&out, r->ctx, LIST_BYTES_MAX);
	for (size_t i = 0; i < r->hold_count; i++) {
		const struct hold_record *h = &r->holds[i];
		const char *reason = reason_of(r, h);

		if (objects(h, case_id, invoice_id))
			str_printf(&out, "%s%s %s%s%s", out.len > 0 ? "; " : "",
			    day_text(zone_local(r->zone, h->from_at).day, day),
			    hold_type_name(h->type), reason[0] != '\0' ? ": " : "", reason);
	}
	return str_take(&out);
}

static bool read_invoice(struct reading *r, const struct handover_claim *claim,
    struct handover_invoice *out)
{
	struct invoice_record record;

	if (!ledger_get_invoice(r->engine->store, r->ctx, claim->invoice_id, &record, r->err))
		return false;
	*out = (struct handover_invoice){ .id = record.id, .number = record.external_id,
	    .subject = record.subject, .reference = record.reference,
	    .issued_on = record.issued_on, .due_on = record.due_on, .notices = "",
	    .handed_over_on = zone_local(r->zone, claim->at).day,
	    .objections = objections(r, claim->case_id, record.id) };
	return read_entries(r, out);
}

/* --- what was written ---------------------------------------------------------------- */

static bool read_message(struct reading *r, int64_t id, struct handover_message *out)
{
	struct address_record address;
	struct contact_record c;

	if (!outbox_get(r->engine->store, r->ctx, id, &c, r->err) ||
	    !register_get_address(r->engine->store, r->ctx, c.address_id, &address, r->err))
		return false;
	*out = (struct handover_message){ .contact_id = id, .step = c.step,
	    .channel = c.channel, .to = address.value, .state = contact_state_name(c.state),
	    .sent = handover_when(r->ctx, r->zone, c.sent_at != 0 ? c.sent_at : c.armed_at),
	    .deadline_on = c.deadline_on };
	return handover_get_text(r->engine->store, r->ctx, id, &out->subject, &out->content,
	    r->err);
}

static bool add_notice(struct reading *r, const struct handover_message *m,
    struct handover_invoice *invoices, size_t count)
{
	struct contact_invoice_record *listed;
	size_t n;

	if (!outbox_invoices(r->engine->store, r->ctx, m->contact_id, &listed, &n, r->err))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < count; k++)
			if (listed[i].invoice_id == invoices[k].id)
				invoices[k].notices = talloc_asprintf(r->ctx, "%s%s%.10s %s %s",
				    invoices[k].notices, invoices[k].notices[0] != '\0' ? "; " : "",
				    m->sent, channel_name(m->channel), m->step);
	return true;
}

static bool read_messages(struct reading *r, struct handover_invoice *invoices, size_t count)
{
	struct handover_message *list;
	int64_t *ids;
	size_t n;
	bool ok = handover_contacts(r->engine->store, r->ctx, r->out->id, &ids, &n, r->err);

	list = talloc_zero_array(r->ctx, struct handover_message, (unsigned)n + 1);
	must(list != NULL);
	for (size_t i = 0; ok && i < n; i++)
		ok = read_message(r, ids[i], &list[i]) && add_notice(r, &list[i], invoices, count);
	r->out->messages = list;
	r->out->message_count = n;
	return ok;
}

bool handover_case_read(struct engine *e, void *ctx, const struct handover_claim *claims,
    size_t count, instant_t now, struct handover_case *out, struct err *err)
{
	struct reading r = { .engine = e, .ctx = ctx, .out = out, .err = err };
	struct handover_invoice *invoices = talloc_zero_array(ctx, struct handover_invoice,
	    (unsigned)count);
	bool ok;

	must(count > 0 && invoices != NULL);
	ok = read_parties(&r, &claims[0], now);
	for (size_t i = 0; ok && i < count; i++)
		ok = read_invoice(&r, &claims[i], &invoices[i]);
	out->invoices = invoices;
	out->invoice_count = count;
	return ok && read_messages(&r, invoices, count) &&
	    handover_time_read(e, ctx, &r.debtor, r.zone, out, err);
}
