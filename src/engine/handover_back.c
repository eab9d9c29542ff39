/* handover_back.c - see handover_back.h. */
#include "engine/handover_back.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json_make.h"
#include "base/zone.h"
#include "engine/book.h"
#include "engine/intake_run.h"
#include "engine/settle_run.h"
#include "store/handover.h"
#include "store/ledger.h"

static bool was_exported(struct engine *e, void *ctx, int64_t debtor_id, const char *number,
    bool *out, struct err *err)
{
	struct handover_left *left;
	size_t n;

	*out = false;
	if (!handover_left(e->store, ctx, debtor_id, &left, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		*out = *out || (strcmp(left[i].number, number) == 0 &&
		    left[i].exported_at != 0);
	return true;
}

static bool hold_it(struct engine *e, void *ctx, const struct handover_back *ask,
    const struct invoice_record *invoice, int64_t creditor_id, instant_t now, struct err *err)
{
	struct hold_record h = { .scope = SCOPE_INVOICE, .creditor_id = creditor_id,
	    .debtor_id = invoice->debtor_id, .invoice_id = invoice->id, .type = HOLD_MANUAL,
	    .owner = ask->who, .reason = ask->reason, .until_at = INSTANT_MAX };
	struct creditor_record creditor;
	const struct zone *zone;

	if (!register_get_creditor(e->store, ctx, creditor_id, &creditor, err))
		return false;
	zone = zone_find(creditor.zone, err);
	if (zone == NULL)
		return false;
	if (ask->until != DAY_NONE)
		h.until_at = zone_instant(zone, ask->until + 1, 0);
	return settle_hold(e, &h, now, &h.id, err);
}

static bool take_back(struct engine *e, void *ctx, struct handover_back *ask, instant_t now,
    struct err *err)
{
	struct invoice_record invoice;
	struct debtor_record debtor = { .id = 0 };
	json_t *data;
	bool ok;

	if (!intake_creditor(e, ask->creditor, &debtor.creditor_id, err) ||
	    !ledger_find_invoice(e->store, ctx, debtor.creditor_id, ask->invoice, &invoice, err))
		return false;
	if (invoice.id == 0)
		return err_set(err, ERR_INPUT, "there is no invoice of that number");
	if (strcmp(invoice.state, INVOICE_HANDED_OVER) != 0)
		return err_set(err, ERR_REFUSED, "this invoice has not left its ladder");
	debtor.id = invoice.debtor_id;
	data = json_pack("{s:s}", "reason", ask->reason);
	ok = was_exported(e, ctx, debtor.id, ask->invoice, &ask->exported, err) &&
	    handover_unmark(e->store, invoice.id, err) &&
	    ledger_set_state(e->store, invoice.id, INVOICE_OPEN, err) &&
	    book_event(e, now, "invoice.taken_back", ask->who, &debtor, 0, invoice.id, err, "%s",
	    json_line(ctx, data)) &&
	    hold_it(e, ctx, ask, &invoice, debtor.creditor_id, now, err) &&
	    ledger_reopen_owing(e->store, debtor.id, now, err) &&
	    ledger_close_settled(e->store, debtor.id, now, err) &&
	    ledger_wake_debtor(e->store, debtor.id, now, err);
	json_decref(data);
	return ok;
}

bool handover_take_back(struct engine *e, struct handover_back *ask, instant_t now,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	const bool ok = store_begin(e->store, err) && take_back(e, tmp, ask, now, err) &&
	    store_commit(e->store, err);

	if (!ok)
		store_rollback(e->store);
	talloc_free(tmp);
	return ok;
}
