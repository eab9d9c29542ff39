/* receipt_run.c - see receipt_run.h. */
#include "engine/receipt_run.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "engine/book.h"
#include "engine/outcome.h"
#include "engine/settle_run.h"
#include "store/history.h"
#include "store/outbox.h"

struct receiving {
	struct engine		*engine;
	void			*ctx;
	const struct receipt_record *said;
	struct contact_record	 contact;
	struct debtor_record	 debtor;
	instant_t		 now;
	struct err		*err;
};

static bool event(struct receiving *r, const char *kind)
{
	return book_event(r->engine, r->now, kind, r->said->provider, &r->debtor, r->contact.id, 0,
	    r->err, "{}");
}

/* --- it arrived ------------------------------------------------------------------- */

/* The provider's clock may be wrong: never before it left, never after now. */
static instant_t arrived_at(const struct receiving *r)
{
	const instant_t said = r->said->said_at;

	return said < r->contact.sent_at ? r->contact.sent_at : said > r->now ? r->now : said;
}

static bool delivered(struct receiving *r)
{
	bool changed;

	return said_delivered(r->engine->store, r->contact.id, arrived_at(r), &changed, r->err) &&
	    (!changed || (event(r, "contact.delivered") &&
	    ledger_wake_debtor(r->engine->store, r->debtor.id, r->now, r->err)));
}

/* --- it came back ------------------------------------------------------------------ */

/* Nobody pays for a reminder that never came.  Interest and compensation are owed
 * without it, and stay. */
static bool waive_fees(struct receiving *r)
{
	struct creditor_record creditor;
	struct contact_case_record *parts;
	const struct zone *zone;
	size_t n;

	if (!register_get_creditor(r->engine->store, r->ctx, r->debtor.creditor_id, &creditor, r->err) ||
	    !outbox_cases(r->engine->store, r->ctx, r->contact.id, &parts, &n, r->err))
		return false;
	zone = zone_find(creditor.zone, r->err);
	for (size_t i = 0; zone != NULL && i < n; i++) {
		const struct entry_new waiver = { .invoice_id = parts[i].invoice_id,
		    .type = ENTRY_WAIVER, .amount_minor = -parts[i].fee_minor,
		    .value_on = zone_local(zone, r->now).day, .booked_at = r->now,
		    .contact_id = r->contact.id, .source = "bounced" };

		if (parts[i].fee_minor > 0 &&
		    !ledger_add_entry(r->engine->store, &waiver, r->err))
			return false;
	}
	return zone != NULL && ledger_close_settled(r->engine->store, r->debtor.id, r->now, r->err);
}

enum blame { BLAME_NONE, BLAME_COUNTED, BLAME_ADDRESS };

static bool came_back(struct receiving *r, enum blame blame)
{
	struct store *store = r->engine->store;
	int64_t bounces;
	bool changed;

	if (!said_bounced(store, r->contact.id, r->now, r->said->code, &changed, r->err))
		return false;
	if (!changed)
		return true;
	if (!waive_fees(r) || !event(r, "contact.bounced") ||
	    !said_bounces(store, r->contact.address_id, &bounces, r->err))
		return false;
	return (!(blame == BLAME_ADDRESS || (blame == BLAME_COUNTED && bounces >= RECEIPT_BOUNCES_MAX)) ||
	    register_mark_bad(store, r->contact.address_id, r->now, r->err)) &&
	    ledger_wake_debtor(store, r->debtor.id, r->now, r->err);
}

/* --- what is said, against what we believe ---------------------------------------------- */

/* Somebody on the way stopped it: the next one may go the same way. */
static bool tell_stopped(struct receiving *r)
{
	struct store *store = r->engine->store;
	bool open;

	return history_task_is_open(store, r->debtor.id, "refused", &open, r->err) &&
	    (open || history_add_task(store, r->debtor.creditor_id, r->debtor.id, r->contact.id,
	    "refused", "A carrier or the provider stopped this message, and not for its number: look "
	    "the code up there.", r->now, r->err));
}

static bool follow(struct receiving *r)
{
	if (strcmp(r->said->state, "delivered") == 0)
		return delivered(r);
	if (strcmp(r->said->state, "on_its_way") == 0)
		return true;
	if (strcmp(r->said->state, "dead") == 0)
		return came_back(r, BLAME_ADDRESS);
	if (strcmp(r->said->code, SAID_OPTED_OUT) == 0)
		return came_back(r, BLAME_NONE) && settle_opt_out(r->engine, r->debtor.creditor_id,
		    r->contact.address_id, r->said->provider, r->now, r->err);
	if (strncmp(r->said->code, SAID_STOPPED, strlen(SAID_STOPPED)) == 0)
		return came_back(r, BLAME_NONE) && tell_stopped(r);
	return came_back(r, BLAME_COUNTED);
}

/* We were told that it was not taken, and it was: nothing more until a person has looked,
 * or it would go out twice. */
static bool contradict(struct receiving *r)
{
	struct hold_record hold = { .scope = SCOPE_DEBTOR, .creditor_id = r->debtor.creditor_id,
	    .debtor_id = r->debtor.id, .type = HOLD_MANUAL, .owner = r->said->provider,
	    .reason = "a message that was refused is reported", .until_at = INSTANT_MAX };

	return settle_hold(r->engine, &hold, r->now, &hold.id, r->err) &&
	    history_add_task(r->engine->store, r->debtor.creditor_id, r->debtor.id, r->contact.id,
	    "contradiction", "The provider refused this message, and now reports what became of "
	    "it. Reminders are held: look it up there, then release.", r->now, r->err);
}

static bool believe(struct receiving *r)
{
	bool resolved;

	switch (r->contact.state) {
	case CONTACT_ARMED:		/* our own note comes */
	case CONTACT_DELIVERED:
	case CONTACT_BOUNCED:
		return true;
	case CONTACT_UNKNOWN:
		return outcome_resolve(r->engine, r->contact.id, true, r->said->provider, r->now,
		    &resolved, r->err) &&
		    outbox_get(r->engine->store, r->ctx, r->contact.id, &r->contact, r->err) &&
		    follow(r);
	case CONTACT_SENT:
		return follow(r);
	case CONTACT_PLANNED:
	case CONTACT_FAILED:
	case CONTACT_DROPPED:
		return contradict(r);
	case CONTACT_STATES:
		break;
	}
	must(!"a state");
	return false;
}

static bool open_contact(struct receiving *r, int64_t contact_id)
{
	return outbox_get(r->engine->store, r->ctx, contact_id, &r->contact, r->err) &&
	    register_get_debtor(r->engine->store, r->ctx, r->contact.debtor_id, &r->debtor, r->err);
}

bool receipt_take(struct engine *e, const struct receipt_record *said, instant_t now,
    struct err *err)
{
	struct receiving r = { .engine = e, .ctx = talloc_new(NULL), .said = said, .now = now,
	    .err = err };
	bool added = false;
	const bool ok = open_contact(&r, said->contact_id) &&
	    said_add_receipt(e->store, said, &added, err) && (!added || believe(&r));

	talloc_free(r.ctx);
	return ok;
}

bool receipt_never_left(struct engine *e, int64_t contact_id, const char *who, instant_t now,
    struct err *err)
{
	const struct receipt_record said = { .contact_id = contact_id, .provider = who,
	    .provider_id = "", .state = "failed", .code = "never_left", .said_at = now, .taken_at = now };
	struct receiving r = { .engine = e, .ctx = talloc_new(NULL), .said = &said, .now = now,
	    .err = err };
	bool added;
	const bool ok = open_contact(&r, contact_id) &&
	    said_add_receipt(e->store, &said, &added, err) && came_back(&r, BLAME_NONE);

	talloc_free(r.ctx);
	return ok;
}

bool receipt_catch_up(struct engine *e, int64_t contact_id, instant_t now, struct err *err)
{
	struct receipt_record said;
	struct receiving r = { .engine = e, .ctx = talloc_new(NULL), .said = &said, .now = now,
	    .err = err };
	bool found = false;
	const bool ok = said_deciding_receipt(e->store, r.ctx, contact_id, &said, &found, err) &&
	    (!found || (open_contact(&r, contact_id) && believe(&r)));

	talloc_free(r.ctx);
	return ok;
}
