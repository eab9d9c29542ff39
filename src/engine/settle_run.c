/* settle_run.c - see settle_run.h. */
#include "engine/settle_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json_make.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/call_review.h"
#include "engine/desk.h"
#include "store/history.h"
#include "store/outbox.h"

#define CLAIM_BYTES_MAX 2000

/* --- references ----------------------------------------------------------------- */

void settle_reference(char kind, int64_t id, char out[SETTLE_REFERENCE_BYTES])
{
	(void)snprintf(out, SETTLE_REFERENCE_BYTES, "%c-%06" PRId64, kind, id);
}

bool settle_reference_parse(const char *text, int64_t *id)
{
	char *end;

	if (text[0] >= 'A' && text[0] <= 'Z' && text[1] == '-')
		text += 2;
	if (text[0] < '0' || text[0] > '9' || strlen(text) > 18)
		return false;
	*id = strtoll(text, &end, 10);
	return *end == '\0' && *id > 0;
}

/* --- what a hold stops ------------------------------------------------------------- */

static bool contact_lists(struct engine *e, int64_t contact_id, int64_t invoice_id,
    bool *lists, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_invoice_record *list;
	size_t n;
	const bool ok = outbox_invoices(e->store, tmp, contact_id, &list, &n, err);

	*lists = false;
	for (size_t i = 0; ok && i < n; i++)
		*lists = *lists || list[i].invoice_id == invoice_id;
	talloc_free(tmp);
	return ok;
}

static bool contact_takes(struct engine *e, int64_t contact_id, int64_t case_id, bool *takes,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_case_record *list;
	size_t n;
	const bool ok = outbox_cases(e->store, tmp, contact_id, &list, &n, err);

	*takes = false;
	for (size_t i = 0; ok && i < n; i++)
		*takes = *takes || list[i].case_id == case_id;
	talloc_free(tmp);
	return ok;
}

static bool hold_stops(struct engine *e, const struct hold_record *h, int64_t contact_id,
    bool *stops, struct err *err)
{
	*stops = true;
	if (h->scope == SCOPE_INVOICE)
		return contact_lists(e, contact_id, h->invoice_id, stops, err);
	if (h->scope == SCOPE_CASE)
		return contact_takes(e, contact_id, h->case_id, stops, err);
	return true;
}

static bool drop_contact(struct engine *e, int64_t debtor_id, int64_t contact_id,
    const char *reason, const char *who, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct debtor_record debtor;
	const bool ok = register_get_debtor(e->store, tmp, debtor_id, &debtor, err) &&
	    outbox_drop(e->store, contact_id, now, reason, err) &&
	    book_event(e, now, "contact.dropped", who, &debtor, contact_id, 0, err,
	    "{\"reason\":\"%s\"}", reason);

	talloc_free(tmp);
	return ok;
}

/* `hold` NULL: contacts to `address_id`, whose reader has opted out. */
static bool drop_planned(struct engine *e, int64_t debtor_id, const struct hold_record *hold,
    int64_t address_id, const char *who, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_brief *briefs;
	struct contact_record contact;
	size_t n;
	bool ok = outbox_of_debtor(e->store, tmp, debtor_id, &briefs, &n, err), stops = false;

	for (size_t i = 0; ok && i < n; i++) {
		if (briefs[i].state != CONTACT_PLANNED)
			continue;
		if (hold != NULL) {
			ok = hold_stops(e, hold, briefs[i].id, &stops, err);
		} else {
			ok = outbox_get(e->store, tmp, briefs[i].id, &contact, err);
			stops = ok && contact.address_id == address_id;
		}
		if (ok && stops)
			ok = drop_contact(e, debtor_id, briefs[i].id,
			    hold != NULL ? "hold" : "opted_out", who, now, err);
	}
	talloc_free(tmp);
	return ok;
}

/* --- holds -------------------------------------------------------------------------- */

static bool hold_event(struct engine *e, const char *kind, const char *who,
    const struct hold_record *h, instant_t now, struct err *err)
{
	const struct debtor_record debtor = { .id = h->debtor_id, .creditor_id = h->creditor_id };
	char until[INSTANT_TEXT_BYTES];

	return book_event(e, now, kind, who, &debtor, 0, h->invoice_id, err,
	    "{\"hold\":%" PRId64 ",\"type\":\"%s\",\"scope\":\"%s\",\"until\":\"%s\"}", h->id,
	    hold_type_name(h->type), hold_scope_name(h->scope),
	    h->until_at >= INSTANT_MAX ? "" : instant_text(h->until_at, until));
}

static bool wake(struct engine *e, const struct hold_record *h, instant_t now, struct err *err)
{
	return h->scope == SCOPE_CREDITOR ?
	    ledger_wake_creditor(e->store, h->creditor_id, now, err) :
	    ledger_wake_debtor(e->store, h->debtor_id, now, err);
}

bool settle_hold(struct engine *e, const struct hold_record *hold, instant_t now, int64_t *id,
    struct err *err)
{
	struct hold_record h = *hold;

	must(h.creditor_id != 0 && (h.scope == SCOPE_CREDITOR) == (h.debtor_id == 0));
	if (h.until_at <= now)
		return err_set(err, ERR_INPUT, "the hold would end before it begins");
	h.from_at = now;
	if (!ledger_add_hold(e->store, &h, id, err))
		return false;
	h.id = *id;
	return hold_event(e, "hold.added", h.owner, &h, now, err) &&
	    (h.scope == SCOPE_CREDITOR ||
	    drop_planned(e, h.debtor_id, &h, 0, h.owner, now, err)) &&
	    call_review(e, now, err) && wake(e, &h, now, err);
}

/* The task that a hold of this type waits for, or NULL. */
static const char *task_of(enum hold_type type)
{
	static const char *const kinds[HOLD_TYPES] = {
		[HOLD_DISPUTE] = "dispute", [HOLD_WRONG_PERSON] = "wrong_person",
		[HOLD_PLAN] = "parts", [HOLD_HARDSHIP] = "help",
	};

	return kinds[type];
}

bool settle_release(struct engine *e, int64_t hold_id, const char *who, instant_t now,
    bool *released, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct hold_record h;
	bool ok = ledger_get_hold(e->store, tmp, hold_id, &h, err) &&
	    ledger_release_hold(e->store, hold_id, now, released, err);

	if (ok && *released) {
		const char *task = task_of(h.type);

		ok = hold_event(e, "hold.released", who, &h, now, err) && wake(e, &h, now, err) &&
		    (task == NULL || h.debtor_id == 0 ||
		    history_task_done(e->store, h.debtor_id, 0, task, who, now, err));
	}
	talloc_free(tmp);
	return ok;
}

/* --- promises ------------------------------------------------------------------------- */

bool settle_may_promise(struct engine *e, int64_t debtor_id, instant_t now, bool *may,
    struct err *err)
{
	const instant_t since = now - (instant_t)PROMISE_MEMORY_DAYS * SECONDS_PER_DAY;
	int64_t count;

	if (!ledger_promises_since(e->store, debtor_id, since, &count, err))
		return false;
	*may = count < PROMISES_MAX;
	return true;
}

/* A newer promise stands in place of an older one. */
static bool end_promises(struct engine *e, const struct debtor_record *debtor, int64_t but,
    const char *who, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct hold_record *holds;
	size_t n;
	bool ok = ledger_holds(e->store, tmp, debtor->creditor_id, debtor->id, &holds, &n, err);
	bool released;

	for (size_t i = 0; ok && i < n; i++)
		if (holds[i].type == HOLD_PROMISE && holds[i].id != but &&
		    holds[i].scope == SCOPE_DEBTOR && hold_end(&holds[i]) > now)
			ok = settle_release(e, holds[i].id, who, now, &released, err);
	talloc_free(tmp);
	return ok;
}

bool settle_promise(struct engine *e, const struct debtor_record *debtor,
    const struct zone *zone, day_t pay_on, const char *owner, instant_t now,
    struct hold_record *out, struct err *err)
{
	char day[DAY_TEXT_BYTES];

	*out = (struct hold_record){ .scope = SCOPE_DEBTOR, .creditor_id = debtor->creditor_id,
	    .debtor_id = debtor->id, .type = HOLD_PROMISE, .owner = owner, .reason = "",
	    .until_at = zone_instant(zone, pay_on + PROMISE_BANK_DAYS + 1, 0) };
	return settle_hold(e, out, now, &out->id, err) &&
	    ledger_add_promise(e->store, debtor->id, out->id, pay_on, now, err) &&
	    end_promises(e, debtor, out->id, owner, now, err) &&
	    book_event(e, now, "promise.made", owner, debtor, 0, 0, err,
	    "{\"hold\":%" PRId64 ",\"pay_on\":\"%s\"}", out->id, day_text(pay_on, day));
}

/* --- addresses --------------------------------------------------------------------------- */

bool settle_opt_out(struct engine *e, int64_t creditor_id, int64_t address_id, const char *who,
    instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct address_twin *twins;
	size_t n;
	bool ok = register_twins(e->store, tmp, address_id, false, &twins, &n, err);

	for (size_t i = 0; ok && i < n; i++) {
		const struct debtor_record debtor = { .id = twins[i].debtor_id,
		    .creditor_id = creditor_id };

		ok = register_opt_out(e->store, twins[i].address_id, now, err) &&
		    book_event(e, now, "address.opted_out", who, &debtor, 0, 0, err,
		    "{\"address\":%" PRId64 "}", twins[i].address_id) &&
		    drop_planned(e, debtor.id, NULL, twins[i].address_id, who, now, err) &&
		    ledger_wake_debtor(e->store, debtor.id, now, err);
	}
	talloc_free(tmp);
	return ok && call_review(e, now, err);
}

bool settle_opt_in(struct engine *e, int64_t creditor_id, int64_t address_id, const char *who,
    const char *reason, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct address_twin *twins;
	size_t n;
	bool ok = register_twins(e->store, tmp, address_id, true, &twins, &n, err);

	for (size_t i = 0; ok && i < n; i++) {
		const struct debtor_record debtor = { .id = twins[i].debtor_id,
		    .creditor_id = creditor_id };
		json_t *data = json_pack("{s:I, s:s}", "address", (json_int_t)twins[i].address_id,
		    "reason", reason);

		ok = register_opt_in(e->store, twins[i].address_id, err) &&
		    book_event(e, now, "address.opted_in", who, &debtor, 0, 0, err, "%s",
		    json_line(tmp, data)) && ledger_wake_debtor(e->store, debtor.id, now, err);
		json_decref(data);
	}
	talloc_free(tmp);
	return ok;
}

/* --- what has ended ------------------------------------------------------------------------ */

bool settle_answer_end(struct engine *e, int64_t creditor_id, instant_t now, instant_t *until,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct creditor_record creditor;
	const struct zone *zone = register_get_creditor(e->store, tmp, creditor_id, &creditor,
	    err) ? zone_find(creditor.zone, err) : NULL;

	if (zone != NULL)
		*until = zone_instant(zone, zone_local(zone, now).day + DESK_ANSWER_DAYS + 1, 0);
	talloc_free(tmp);
	return zone != NULL;
}

/* The page promised that a person would write: there is peace until one has had the time. */
static bool claim_unpaid(struct engine *e, const struct hold_record *h, instant_t now,
    struct err *err)
{
	struct hold_record peace = { .scope = SCOPE_DEBTOR, .creditor_id = h->creditor_id,
	    .debtor_id = h->debtor_id, .type = HOLD_MANUAL, .owner = "engine",
	    .reason = "says that it was paid" };

	char text[CLAIM_BYTES_MAX];

	(void)snprintf(text, sizeof(text), "The debtor said that it was paid%s%.*s; the money has "
	    "not been found, and the page promised that a person would write: ask for the receipt. "
	    "Reminders wait until somebody has (purr tasks --done).", h->reason[0] != '\0' ? ", " : "",
	    CLAIM_BYTES_MAX / 2, h->reason);
	return settle_answer_end(e, h->creditor_id, now, &peace.until_at, err) && history_add_task(e->store, h->creditor_id, h->debtor_id, 0, "claim_unpaid",
	    text, now, err) && settle_hold(e, &peace, now, &peace.id, err);
}

/* "No reminders meanwhile", was said: while nobody has answered, there are none. */
static bool prolong(struct engine *e, const struct hold_record *h, instant_t now, struct err *err)
{
	struct hold_record longer = *h;

	return settle_answer_end(e, h->creditor_id, now, &longer.until_at, err) &&
	    ledger_prolong_hold(e->store, h->id, longer.until_at, err) &&
	    hold_event(e, "hold.prolonged", "engine", &longer, now, err) &&
	    wake(e, h, now, err);
}

/* Does this hold stand for an answer that the debtor still waits for? */
static bool waits(struct engine *e, const struct hold_record *h, bool *out, struct err *err)
{
	int64_t owed = 0;

	*out = false;
	if (h->scope != SCOPE_DEBTOR || (h->type != HOLD_PLAN && h->type != HOLD_HARDSHIP &&
	    h->type != HOLD_MANUAL))
		return true;
	if (!ledger_owes(e->store, h->debtor_id, INVOICE_OPEN, &owed, err))
		return false;
	return owed == 0 || history_waits_for_person(e->store, h->debtor_id, out, err);
}

static bool notice_end(struct engine *e, const struct hold_record *h, instant_t now,
    struct err *err)
{
	int64_t owed = 0;
	bool open = false;

	if (!waits(e, h, &open, err))
		return false;
	if (open)
		return prolong(e, h, now, err);
	if (!ledger_hold_over(e->store, h->id, now, err) ||
	    !hold_event(e, "hold.ended", "engine", h, now, err))
		return false;
	if (h->type != HOLD_PAID_CLAIMED || h->debtor_id == 0)
		return true;
	if (!ledger_owes(e->store, h->debtor_id, INVOICE_OPEN, &owed, err) ||
	    !history_task_is_open(e->store, h->debtor_id, "claim_unpaid", &open, err))
		return false;
	return owed == 0 || open || claim_unpaid(e, h, now, err);
}

bool settle_run(struct engine *e, instant_t now, struct err *err)
{
	struct hold_record *over;
	size_t n;
	bool ok;

	do {
		void *tmp = talloc_new(NULL);

		ok = ledger_holds_over(e->store, tmp, now, SETTLE_BATCH_HOLDS, &over, &n, err) &&
		    (n == 0 || store_begin(e->store, err));
		for (size_t i = 0; ok && i < n; i++)
			ok = notice_end(e, &over[i], now, err);
		if (ok && n > 0)
			ok = store_commit(e->store, err);
		if (!ok)
			store_rollback(e->store);
		talloc_free(tmp);
	} while (ok && n == SETTLE_BATCH_HOLDS);
	return ok;
}
