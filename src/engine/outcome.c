/* outcome.c - see outcome.h. */
#include "engine/outcome.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "dispatch/dispatch.h"
#include "engine/book.h"
#include "engine/call_run.h"
#include "engine/receipt_run.h"
#include "engine/send_run.h"
#include "engine/settle_run.h"
#include "store/history.h"

#define BACKOFF_MIX 0x9E3779B97F4A7C15ULL	/* 2^64 / golden ratio: Knuth 6.4 */

/* 5 min, 15 min, 1 h, 4 h, 4 h, ... after the first, second, ... try, and up to a quarter
 * more: what failed together does not come again together.  The same each time it is
 * asked, so that a replay gives the same. */
static instant_t backoff_seconds(int64_t contact_id, int attempt)
{
	static const int seconds[] = { 300, 900, 3600, SEND_RETRY_SECONDS_MAX };
	const size_t last = sizeof(seconds) / sizeof(seconds[0]) - 1;
	const size_t at = attempt < 1 ? 0 : (size_t)attempt - 1;
	const int64_t base = seconds[at < last ? at : last];
	const uint64_t mixed = ((uint64_t)contact_id * 31 + (uint64_t)attempt) * BACKOFF_MIX;

	return base + (int64_t)((mixed >> 32) % (uint64_t)(base / 4 + 1));
}

static bool book_fees(struct engine *e, const struct contact_record *c, day_t left_on,
    instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_case_record *parts;
	size_t n;
	bool ok = outbox_cases(e->store, tmp, c->id, &parts, &n, err);

	for (size_t i = 0; ok && i < n; i++) {
		const struct entry_new fee = { .invoice_id = parts[i].invoice_id,
		    .type = ENTRY_FEE, .amount_minor = parts[i].fee_minor,
		    .value_on = left_on, .booked_at = now, .contact_id = c->id,
		    .source = "reminder" };

		if (parts[i].fee_minor > 0)
			ok = ledger_add_entry(e->store, &fee, err);
	}
	talloc_free(tmp);
	return ok;
}

/* Interest and compensation that the message has told of. */
static bool book_claims(struct engine *e, const struct contact_record *c, day_t left_on,
    instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_invoice_record *list;
	size_t n;
	bool ok = outbox_invoices(e->store, tmp, c->id, &list, &n, err);

	for (size_t i = 0; ok && i < n; i++) {
		struct entry_new entry = { .invoice_id = list[i].invoice_id,
		    .type = ENTRY_INTEREST, .amount_minor = list[i].interest_minor,
		    .value_on = left_on, .booked_at = now, .contact_id = c->id,
		    .source = "reminder" };

		if (entry.amount_minor > 0)
			ok = ledger_add_entry(e->store, &entry, err);
		entry.type = ENTRY_FEE;
		entry.amount_minor = list[i].compensation_minor;
		entry.source = LEDGER_COMPENSATION;
		if (ok && entry.amount_minor > 0)
			ok = ledger_add_entry(e->store, &entry, err);
	}
	talloc_free(tmp);
	return ok;
}

/* A contact whose tone no arm chose exposes nobody. */
static bool book_exposure(struct engine *e, const struct contact_record *c, instant_t now,
    struct err *err)
{
	return c->assignment_id == 0 || history_add_exposure(e->store, c->id, c->assignment_id,
	    tone_name(c->tone), now, err);
}

static bool after_sent(struct engine *e, const struct contact_record *c, instant_t at,
    instant_t now, struct err *err)
{
	struct creditor_record creditor;
	const struct zone *zone;
	day_t left_on;
	void *tmp = talloc_new(NULL);
	bool ok = register_get_creditor(e->store, tmp, c->creditor_id, &creditor, err);

	zone = ok ? zone_find(creditor.zone, err) : NULL;
	left_on = zone != NULL ? zone_local(zone, at).day : DAY_NONE;
	ok = zone != NULL && book_fees(e, c, left_on, now, err) &&
	    book_claims(e, c, left_on, now, err) &&
	    ledger_reopen_owing(e->store, c->debtor_id, now, err) &&
	    book_exposure(e, c, at, err) &&
	    (c->channel != CHANNEL_CALL || call_task(e, c, now, err));
	talloc_free(tmp);
	return ok;
}

static bool after(struct engine *e, const struct contact_record *c, const struct outcome *o,
    const char *who, instant_t now, struct err *err)
{
	static const char *const kinds[SEND_OUTCOMES] = { [SEND_TAKEN] = "contact.sent",
	    [SEND_LATER] = "contact.later", [SEND_NEVER] = "contact.failed",
	    [SEND_UNKNOWN] = "contact.unknown" };
	struct debtor_record debtor;
	void *tmp = talloc_new(NULL);
	bool ok = register_get_debtor(e->store, tmp, c->debtor_id, &debtor, err) &&
	    book_event(e, now, kinds[o->what], who, &debtor, c->id, 0, err, "{\"code\":%d}", o->code);

	if (ok && o->what == SEND_TAKEN)
		ok = after_sent(e, c, o->at, now, err);
	if (ok && o->what == SEND_UNKNOWN)
		ok = history_add_task(e->store, c->creditor_id, c->debtor_id, c->id,
		    "unknown_outcome", "Nobody knows whether this message arrived.", now, err);
	if (ok && o->what != SEND_LATER)
		ok = ledger_wake_debtor(e->store, c->debtor_id, now, err);
	talloc_free(tmp);
	return ok;
}

/* Is it the address that will never be reached?  A relay also refuses our
 * sender, our text or our reputation for good, and that must cost nobody their
 * address: the driver knows which (dispatch_result.at_recipient). */
static bool blames_address(const struct contact_record *c, const struct outcome *o)
{
	if (strcmp(o->detail, "message") == 0 || strcmp(o->detail, "expired") == 0)
		return false;
	return o->at_recipient || strcmp(o->detail, "address") == 0 ||
	    (c->channel != CHANNEL_SMS && c->channel != CHANNEL_EMAIL);
}

/* For good, and not for the address: the same again would end the same way. */
static bool leave_to_person(struct engine *e, const struct contact_record *c, instant_t now,
    struct err *err)
{
	bool open;

	return history_task_is_open(e->store, c->debtor_id, "refused", &open, err) &&
	    (open || history_add_task(e->store, c->creditor_id, c->debtor_id, c->id, "refused",
	    "The provider refused this message, and not for its address.", now, err)) &&
	    ledger_sleep_until(e->store, c->debtor_id, now + SECONDS_PER_DAY, err);
}

static bool after_refusal(struct engine *e, const struct contact_record *c,
    const struct outcome *o, instant_t now, struct err *err)
{
	if (strcmp(o->detail, DISPATCH_OPTED_OUT) == 0)
		return settle_opt_out(e, c->creditor_id, c->address_id, "provider", now, err);
	return blames_address(c, o) ? register_mark_bad(e->store, c->address_id, now, err) :
	    leave_to_person(e, c, now, err);
}

bool outcome_record(struct engine *e, const struct outcome *o, instant_t now,
    bool *recorded, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_record c;
	struct contact_result result = { .outcome = o->what, .code = o->code,
	    .provider_id = o->provider_id, .detail = o->detail,
	    .provider = o->provider != NULL ? o->provider : "" };
	bool ok = outbox_get(e->store, tmp, o->contact_id, &c, err);

	*recorded = false;
	if (ok) {
		const instant_t own = o->at_once ? 1 : backoff_seconds(c.id, c.attempt);

		result.retry_at = now + (own > o->retry_after_seconds ? own : o->retry_after_seconds);
		if (result.retry_at > c.expires_at)	/* to be dropped then */
			result.retry_at = c.expires_at;
		ok = outbox_record(e->store, c.id, o->token, o->at, &result, recorded, err);
	}
	if (ok && *recorded)
		ok = after(e, &c, o, "engine", now, err);
	/* Only here: a person who says "not sent" speaks of the message. */
	if (ok && *recorded && o->what == SEND_NEVER)
		ok = after_refusal(e, &c, o, now, err);
	/* The report may have been faster than our own note, whatever this says. */
	if (ok && *recorded)
		ok = receipt_catch_up(e, c.id, now, err);
	talloc_free(tmp);
	return ok;
}

bool outcome_resolve(struct engine *e, int64_t contact_id, bool was_sent, const char *who,
    instant_t now, bool *resolved, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct outcome o = { .contact_id = contact_id, .what = was_sent ? SEND_TAKEN : SEND_NEVER };
	struct contact_record c;
	bool ok = outbox_get(e->store, tmp, contact_id, &c, err) &&
	    outbox_resolve(e->store, contact_id, was_sent, was_sent ? c.armed_at : now, "resolved",
	    resolved, err);

	o.at = c.armed_at;
	if (ok && *resolved)
		ok = after(e, &c, &o, who, now, err) &&
		    history_task_done(e->store, c.debtor_id, c.id, "unknown_outcome", who, now,
		    err);
	talloc_free(tmp);
	return ok;
}
