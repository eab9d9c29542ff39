/* replay_run.c - see replay_run.h. */
#include "engine/replay_run.h"

#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "engine/intake_run.h"
#include "engine/letter.h"
#include "engine/plan_run.h"
#include "engine/policy.h"
#include "engine/send_run.h"
#include "store/ledger.h"
#include "store/outbox.h"
#include "store/register.h"

#define WORKER "replay"
#define BOOK_SECOND (6 * 3600)		/* the morning's files */
#define TERM_DAYS 30			/* issue day where the ledger has none */

/* Plan at eight; send then, and again for windows that open later. */
static const int32_t send_seconds[] = { 8 * 3600, 9 * 3600, 10 * 3600, 15 * 3600 };

/* The calendars begin in 2024. */
static day_t first_day_with_rules(void)
{
	return day_from_ymd(2024, 1, 1);
}

struct replaying {
	struct engine			*engine;
	const struct profile		*profile;
	const struct zone		*zone;
	int64_t				 creditor_id;
	struct invoice_row		**issued;	/* by day of issue */
	struct invoice_row		**due;		/* disputed ones, by due date */
	struct invoice_row		**settled;	/* settled ones, by that day */
	size_t				 count, due_count, settled_count;
	size_t				 next_issued, next_due, next_settled;
	struct replay_summary		*sum;
	struct err			*err;
};

/* --- the ledger in the order of its days ---------------------------------------------- */

static int by_day(day_t a, day_t b, const struct invoice_row *x, const struct invoice_row *y)
{
	if (a != b)
		return a < b ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static int by_issue(const void *a, const void *b)
{
	const struct invoice_row *x = *(struct invoice_row *const *)a;
	const struct invoice_row *y = *(struct invoice_row *const *)b;

	return by_day(x->issued_on, y->issued_on, x, y);
}

static int by_due(const void *a, const void *b)
{
	const struct invoice_row *x = *(struct invoice_row *const *)a;
	const struct invoice_row *y = *(struct invoice_row *const *)b;

	return by_day(x->due_on, y->due_on, x, y);
}

static int by_settlement(const void *a, const void *b)
{
	const struct invoice_row *x = *(struct invoice_row *const *)a;
	const struct invoice_row *y = *(struct invoice_row *const *)b;

	return by_day(x->settled_on, y->settled_on, x, y);
}

static day_t later(day_t a, day_t b)
{
	return a > b ? a : b;
}

static day_t latest_due(const struct invoice_row *rows, size_t count)
{
	day_t last = 0;

	for (size_t i = 0; i < count; i++)
		last = later(last, rows[i].due_on);	/* DAY_NONE is before all */
	return last;
}

/* Fills in what the ledger leaves open, moves all days by whole weeks, and
 * notes the first and the last. */
static void shift(struct replaying *r, struct invoice_row *rows, size_t count)
{
	day_t first = INT32_MAX, moved = 0;

	for (size_t i = 0; i < count; i++) {
		if (rows[i].due_on == DAY_NONE)
			rows[i].due_on = rows[i].issued_on;	/* credits */
		if (rows[i].due_on == DAY_NONE)			/* without any date */
			rows[i].due_on = rows[i].issued_on = latest_due(rows, count);
		if (rows[i].issued_on == DAY_NONE)
			rows[i].issued_on = rows[i].due_on - TERM_DAYS;
		first = rows[i].issued_on < first ? rows[i].issued_on : first;
	}
	while (first + moved < first_day_with_rules())
		moved += 7;
	r->sum->shifted_weeks = moved / 7;
	r->sum->first_on = first + moved;
	r->sum->last_on = first + moved;
	for (size_t i = 0; i < count; i++) {
		rows[i].issued_on += moved;
		rows[i].due_on += moved;
		r->sum->last_on = later(r->sum->last_on, rows[i].due_on);
		if (rows[i].settled_on == DAY_NONE)
			continue;
		rows[i].settled_on = later(rows[i].settled_on + moved, rows[i].issued_on);
		r->sum->last_on = later(r->sum->last_on, rows[i].settled_on);
	}
}

static void order(struct replaying *r, void *ctx, const struct intake_result *ledger)
{
	r->issued = talloc_array(ctx, struct invoice_row *, (unsigned)ledger->count);
	r->due = talloc_array(ctx, struct invoice_row *, (unsigned)ledger->count);
	r->settled = talloc_array(ctx, struct invoice_row *, (unsigned)ledger->count);
	must(r->issued != NULL && r->due != NULL && r->settled != NULL);
	shift(r, ledger->invoices, ledger->count);
	for (size_t i = 0; i < ledger->count; i++) {
		struct invoice_row *row = &ledger->invoices[i];

		r->issued[r->count++] = row;
		if (row->disputed)
			r->due[r->due_count++] = row;
		if (row->settled_on != DAY_NONE && row->type == ROW_INVOICE)
			r->settled[r->settled_count++] = row;
	}
	qsort(r->issued, r->count, sizeof(r->issued[0]), by_issue);
	qsort(r->due, r->due_count, sizeof(r->due[0]), by_due);
	qsort(r->settled, r->settled_count, sizeof(r->settled[0]), by_settlement);
}

/* --- one morning ------------------------------------------------------------------------ */

static bool book_issued(struct replaying *r, day_t today, instant_t now)
{
	struct intake_summary sum = { 0 };

	for (; r->next_issued < r->count && r->issued[r->next_issued]->issued_on <= today;
	    r->next_issued++) {
		struct invoice_row row = *r->issued[r->next_issued];

		row.disputed = false;		/* nobody knew on that day */
		row.open_given = false;
		if (!intake_book_invoice(r->engine, r->creditor_id, r->profile, &row, now, &sum,
		    r->err))
			return false;
	}
	r->sum->invoices += sum.fresh;
	return true;
}

static bool book_disputes(struct replaying *r, day_t today, instant_t now)
{
	void *tmp = talloc_new(NULL);
	bool ok = true;

	for (; ok && r->next_due < r->due_count && r->due[r->next_due]->due_on <= today;
	    r->next_due++) {
		struct hold_record hold = { .scope = SCOPE_INVOICE, .type = HOLD_DISPUTE,
		    .creditor_id = r->creditor_id, .owner = "ledger",
		    .reason = "marked disputed in the ledger", .from_at = now,
		    .until_at = INSTANT_MAX };
		struct invoice_record invoice;
		int64_t id;

		ok = ledger_find_invoice(r->engine->store, tmp, r->creditor_id,
		    r->due[r->next_due]->external_id, &invoice, r->err);
		if (!ok || invoice.id == 0 || invoice.balance_minor <= 0)
			continue;
		hold.debtor_id = invoice.debtor_id;
		hold.invoice_id = invoice.id;
		ok = ledger_add_hold(r->engine->store, &hold, &id, r->err) &&
		    ledger_wake_debtor(r->engine->store, invoice.debtor_id, now, r->err);
	}
	talloc_free(tmp);
	return ok;
}

/* Fees of our own that the past could not pay. */
static bool waive_fees(struct replaying *r, int64_t invoice_id, day_t today, instant_t now)
{
	struct entry_new waiver = { .invoice_id = invoice_id, .type = ENTRY_WAIVER,
	    .value_on = today, .booked_at = now, .source = "replay" };
	int64_t fees;

	if (!ledger_fees(r->engine->store, invoice_id, &fees, r->err))
		return false;
	waiver.amount_minor = -fees;
	return fees == 0 || ledger_add_entry(r->engine->store, &waiver, r->err);
}

static bool release_dispute(struct replaying *r, void *tmp, const struct invoice_record *invoice,
    instant_t now)
{
	struct hold_record *holds;
	bool released;
	size_t n;

	if (!ledger_holds(r->engine->store, tmp, r->creditor_id, invoice->debtor_id, &holds, &n,
	    r->err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (holds[i].invoice_id == invoice->id && hold_end(&holds[i]) > now &&
		    !ledger_release_hold(r->engine->store, holds[i].id, now, &released, r->err))
			return false;
	return true;
}

static bool settle_one(struct replaying *r, const struct invoice_row *row, day_t today,
    instant_t now)
{
	void *tmp = talloc_new(NULL);
	struct intake_summary sum = { 0 };
	struct payment_row payment = { .line = row->line, .invoice = row->external_id,
	    .debtor = row->debtor.external_id, .reference = "", .paid_on = today };
	struct invoice_record invoice;
	bool ok = ledger_find_invoice(r->engine->store, tmp, r->creditor_id, row->external_id,
	    &invoice, r->err) && waive_fees(r, invoice.id, today, now) &&
	    ledger_get_invoice(r->engine->store, tmp, invoice.id, &invoice, r->err);

	if (ok && invoice.balance_minor > 0) {
		memcpy(payment.currency, row->currency, CURRENCY_BYTES);
		payment.amount_minor = invoice.balance_minor;
		payment.external_id = talloc_asprintf(tmp, "settled-%s", row->external_id);
		ok = intake_book_payment(r->engine, r->creditor_id, &payment, now, &sum, r->err) &&
		    release_dispute(r, tmp, &invoice, now);
		r->sum->payments++;
	}
	talloc_free(tmp);
	return ok;
}

static bool book_settled(struct replaying *r, day_t today, instant_t now)
{
	for (; r->next_settled < r->settled_count &&
	    r->settled[r->next_settled]->settled_on <= today; r->next_settled++)
		if (!settle_one(r, r->settled[r->next_settled], today, now))
			return false;
	return true;
}

static bool book_morning(struct replaying *r, day_t today)
{
	const instant_t now = zone_instant(r->zone, today, BOOK_SECOND);
	const bool ok = store_begin(r->engine->store, r->err) && book_issued(r, today, now) &&
	    book_settled(r, today, now) && book_disputes(r, today, now) &&
	    store_commit(r->engine->store, r->err);

	if (!ok)
		store_rollback(r->engine->store);
	return ok;
}

static bool live_day(struct replaying *r, day_t today)
{
	struct plan_summary planned;
	struct send_summary sent;

	if (!book_morning(r, today))
		return false;
	for (size_t i = 0; i < sizeof(send_seconds) / sizeof(send_seconds[0]); i++) {
		const instant_t now = zone_instant(r->zone, today, send_seconds[i]);

		if (i == 0) {
			if (!plan_run(r->engine, now, false, &planned, r->err))
				return false;
			r->sum->handed_over += planned.handed_over;
		}
		if (!send_run(r->engine, WORKER, now, false, &sent, r->err))
			return false;
		r->sum->contacts_sent += sent.sent;
		r->sum->ended_at = now;
	}
	return true;
}

static bool begin(struct replaying *r, const char *creditor, struct err *err)
{
	const instant_t now = zone_instant(r->zone, r->sum->first_on, 0);

	const bool ok = policy_activate(r->engine->policy, r->engine, now, err) &&
	    store_begin(r->engine->store, err) &&
	    intake_creditor(r->engine, creditor, &r->creditor_id, err) &&
	    store_commit(r->engine->store, err);

	if (!ok)
		store_rollback(r->engine->store);
	return ok;
}

bool replay_run(struct engine *e, const char *creditor, const struct profile *profile,
    const struct intake_result *ledger, replay_day_fn *progress, void *arg,
    struct replay_summary *sum, struct err *err)
{
	const struct cfg_creditor *settings = intake_settings(e, creditor, err);
	struct replaying r = { .engine = e, .profile = profile, .sum = sum, .err = err };
	void *ctx;
	bool ok;

	must(e->scratch && profile->what == INTAKE_INVOICES);
	*sum = (struct replay_summary){ 0 };
	if (settings == NULL)
		return false;
	if (ledger->count == 0)
		return err_set(err, ERR_INPUT, "the ledger holds no invoice");
	r.zone = zone_find(settings->text[CREDITOR_ZONE], err);
	if (r.zone == NULL)
		return false;
	ctx = talloc_new(NULL);
	order(&r, ctx, ledger);
	ok = sum->last_on - sum->first_on <= REPLAY_YEARS_MAX * 366 ? begin(&r, creditor, err) :
	    err_set(err, ERR_INPUT, "the ledger spans more than %d years", REPLAY_YEARS_MAX);
	for (day_t today = sum->first_on; ok && today <= sum->last_on; today++) {
		ok = live_day(&r, today);
		sum->days++;
		if (progress != NULL)
			progress(arg, today, sum->last_on);
	}
	talloc_free(ctx);
	return ok;
}

bool replay_page(struct engine *e, void *ctx, instant_t now, const char **url, struct err *err)
{
	char token[TOKEN_TEXT_BYTES];
	int64_t contact_id;

	*url = "";
	if (!outbox_link_to_show(e->store, now, &contact_id, err))
		return false;
	if (contact_id == 0)
		return true;
	letter_token(e, contact_id, LINK_GENERATION, token);
	*url = talloc_asprintf(ctx, "http://%s/p/%s", e->cfg->text[CFG_PURR_LISTEN], token);
	return true;
}
