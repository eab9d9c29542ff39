/* deed.c - an act, done to the engine as the outside does it: a row of the
 * ledger, a line of the bank's file, a form behind a private link, a person at
 * the desk.
 *
 * Each is one transaction of the engine's.  One during which the machine died
 * is done again afterwards, as an import or a click would be: it must then have
 * its effect once.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "engine/allocate_run.h"
#include "engine/desk.h"
#include "engine/intake_run.h"
#include "engine/outcome.h"
#include "engine/settle_run.h"
#include "sim/world.h"
#include "store/audit.h"

#define BANK_SECOND (6 * 3600)		/* the file of the day before */
#define OPERATOR "desk"

static const struct home *home_of(const struct world *w, int32_t person)
{
	return &w->people.homes[w->people.persons[person].home];
}

static bool commit(struct world *w, bool ok)
{
	ok = ok && store_commit(w->engine->store, w->err);
	if (!ok)
		store_rollback(w->engine->store);
	return ok;
}

/* --- the ledger and the bank -------------------------------------------------------- */

static bool book_row(struct world *w, const struct act *a, const struct invoice_row *row)
{
	struct intake_summary sum = { 0 };

	return commit(w, store_begin(w->engine->store, w->err) &&
	    intake_book_invoice(w->engine, home_of(w, a->person)->creditor_id, w->profile, row, a->at,
	    &sum, w->err));
}

static bool do_import(struct world *w, void *tmp, const struct act *a)
{
	struct invoice_row row;

	bill_row(&w->people, tmp, a->bill, &row);
	if (a->kind == ACT_IMPORT_AGAIN)
		row.due_on += (day_t)a->number;
	return book_row(w, a, &row);
}

static bool do_credit(struct world *w, void *tmp, const struct act *a)
{
	struct invoice_row row;

	bill_row(&w->people, tmp, a->bill, &row);
	row.credits = row.external_id;
	row.external_id = talloc_asprintf(tmp, "C%07" PRId32, a->bill);
	must(row.external_id != NULL);
	row.type = ROW_CREDIT;
	row.amount_minor = -(row.amount_minor * a->number / 10000);
	row.issued_on = zone_local(w->zone, a->at).day;
	row.reference = "";
	return row.amount_minor == 0 || book_row(w, a, &row);
}

/* What the payer sees on the page or in the book, and what of it they pay. */
static bool pay_bill(struct world *w, void *tmp, const struct act *a, int32_t bill)
{
	static const int ways[PAY_WAYS] = { 9000, 500, 350, 150 };
	const struct dice *d = &w->people.dice;
	const day_t day = zone_local(w->zone, a->at).day;
	struct act book = { .kind = ACT_BOOK, .person = a->person, .bill = bill,
	    .at = zone_instant(w->zone, day + 1, BANK_SECOND) };
	struct invoice_record invoice;
	char id[PEOPLE_ID_BYTES];

	bill_id(bill, id);
	if (!ledger_find_invoice(w->engine->store, tmp, home_of(w, a->person)->creditor_id, id,
	    &invoice, w->err))
		return false;
	if (invoice.id == 0 || invoice.balance_minor <= 0)
		return true;
	book.number = invoice.balance_minor;
	if (a->detail == 1 || dice_hits(d, "part", a->order, bill, 500))
		book.number = book.number * dice_between(d, "part", a->order, -bill, 20, 90) / 100;
	else if (dice_hits(d, "too much", a->order, bill, 300))
		book.number += dice_between(d, "too much", a->order, -bill, 1, 20000);
	book.detail = dice_pick(d, "way", a->order, bill, ways, PAY_WAYS);
	if (book.number > 0)
		agenda_put(w->agenda, &book);
	return true;
}

static bool do_pay(struct world *w, void *tmp, const struct act *a)
{
	const struct person *p = &w->people.persons[a->person];
	bool ok = true;

	if (a->bill >= 0)
		return pay_bill(w, tmp, a, a->bill);
	for (int i = 0; ok && i < p->bill_count; i++)
		ok = pay_bill(w, tmp, a, p->first_bill + i);
	return ok;
}

static bool do_book(struct world *w, void *tmp, const struct act *a)
{
	const struct bill *b = &w->people.bills[a->bill];
	struct intake_summary sum = { 0 };
	char debtor[PEOPLE_ID_BYTES], invoice[PEOPLE_ID_BYTES];
	struct payment_row row = { .invoice = "", .debtor = "", .reference = "",
	    .amount_minor = a->number, .paid_on = zone_local(w->zone, a->at).day - 1,
	    .external_id = talloc_asprintf(tmp, "P%07" PRId64, a->order) };

	must(row.external_id != NULL);
	memcpy(row.currency, b->currency, CURRENCY_BYTES);
	person_id(a->person, debtor);
	bill_id(a->bill, invoice);
	if (a->detail == PAY_NAMED)
		row.invoice = invoice;
	if (a->detail == PAY_BY_REFERENCE)
		row.reference = talloc_asprintf(tmp, "R%07" PRId32, a->bill);
	if (a->detail != PAY_NAMELESS && a->detail != PAY_BY_REFERENCE)
		row.debtor = debtor;
	return commit(w, store_begin(w->engine->store, w->err) &&
	    intake_book_payment(w->engine, home_of(w, a->person)->creditor_id, &row, a->at, &sum,
	    w->err));
}

/* --- the link --------------------------------------------------------------------------- */

/* Somebody answers; a credit note where the debtor was right. */
static void answer_later(struct world *w, const struct act *a, const struct pay_receipt *receipt)
{
	const struct dice *d = &w->people.dice;
	const enum pay_act kind = (enum pay_act)a->detail;
	struct act release = { .kind = ACT_RELEASE, .person = a->person, .bill = -1,
	    .at = a->at + dice_between(d, "answers", a->order, 0, 3600, 15 * SECONDS_PER_DAY) };
	const struct person *p = &w->people.persons[a->person];

	if ((kind != PAY_ACT_DISPUTE && kind != PAY_ACT_PARTS && kind != PAY_ACT_HELP) ||
	    !settle_reference_parse(receipt->reference, &release.number) ||
	    dice_hits(d, "never answers", a->order, 0, 1500))
		return;
	if (kind == PAY_ACT_DISPUTE && dice_hits(d, "was right", a->order, 0, 4000))
		agenda_put(w->agenda, &(struct act){ .kind = ACT_CREDIT, .at = release.at,
		    .person = a->person, .number = 10000, .bill = p->first_bill +
		    (int32_t)dice_between(d, "was right", a->order, 1, 0, p->bill_count - 1) });
	agenda_put(w->agenda, &release);
}

static bool do_link(struct world *w, void *tmp, const struct act *a)
{
	const day_t today = zone_local(w->zone, a->at).day;
	const struct pay_desk *desk = desk_open(tmp, w->engine);
	struct pay_action action = { .kind = (enum pay_act)a->detail, .day = DAY_NONE, .text = "",
	    .lang = "en" };
	struct pay_receipt receipt;
	struct pay_view view;
	uint64_t random[TOKEN_BYTES / sizeof(uint64_t)];

	for (size_t i = 0; i < TOKEN_BYTES / sizeof(uint64_t); i++)
		random[i] = dice_roll(&w->people.dice, "key", a->order, (int64_t)i);
	token_text((const uint8_t *)random, action.key);
	if (action.kind == PAY_ACT_PROMISE)
		action.day = today + (day_t)a->number;
	if (action.kind == PAY_ACT_DISPUTE)
		action.reason = (enum pay_reason)a->number;
	if (action.kind == PAY_ACT_PARTS)
		action.parts = (int)a->number;
	if (!desk->look_up(desk->arg, tmp, a->token, a->at, &view, w->err) ||
	    !desk->act(desk->arg, tmp, a->token, &action, a->at, &receipt, w->err))
		return false;
	if (!receipt.repeated && dice_hits(&w->people.dice, "clicks twice", a->order, 0, 1000) &&
	    !desk->act(desk->arg, tmp, a->token, &action, a->at, &receipt, w->err))
		return false;
	w->tally.replies[action.kind][receipt.outcome]++;
	if (receipt.outcome == PAY_DONE)
		answer_later(w, a, &receipt);
	return true;
}

static bool do_release(struct world *w, const struct act *a)
{
	bool released;

	return commit(w, store_begin(w->engine->store, w->err) &&
	    settle_release(w->engine, a->number, OPERATOR, a->at, &released, w->err));
}

bool deed_do(struct world *w, const struct act *a)
{
	void *tmp = talloc_new(NULL);
	bool ok = false;

	switch (a->kind) {
	case ACT_IMPORT:
	case ACT_IMPORT_AGAIN:
		ok = do_import(w, tmp, a);
		break;
	case ACT_CREDIT:
		ok = do_credit(w, tmp, a);
		break;
	case ACT_PAY:
		ok = do_pay(w, tmp, a);
		break;
	case ACT_BOOK:
		ok = do_book(w, tmp, a);
		break;
	case ACT_LINK:
		ok = do_link(w, tmp, a);
		break;
	case ACT_RELEASE:
		ok = do_release(w, a);
		break;
	case ACTS:
		must(!"an act");
	}
	talloc_free(tmp);
	return ok;
}

/* --- the desk ------------------------------------------------------------------------------ */

/* The provider was asked: what the sink holds has arrived. */
static bool resolve_unknown(struct world *w, void *tmp, instant_t now)
{
	int64_t *ids;
	size_t n;
	bool resolved, ok = audit_unknown(w->engine->store, tmp, &ids, &n, w->err);

	for (size_t i = 0; ok && i < n; i++)
		if (dice_hits(&w->people.dice, "resolves", ids[i], w->today, 5000))
			ok = commit(w, store_begin(w->engine->store, w->err) &&
			    outcome_resolve(w->engine, ids[i], world_taken(w, ids[i]) > 0, OPERATOR,
			    now, &resolved, w->err));
	return ok;
}

static bool place_money(struct world *w, void *tmp, instant_t now)
{
	struct audit_payment *loose;
	struct allocate_summary sum;
	size_t n;
	bool ok = audit_loose(w->engine->store, tmp, &loose, &n, w->err);

	for (size_t i = 0; ok && i < n; i++) {
		struct allocate_request ask = { .creditor = loose[i].creditor,
		    .payment = loose[i].external_id, .who = OPERATOR };
		struct err refused = { 0 };

		if (!dice_hits(&w->people.dice, "allocates", loose[i].id, w->today, 2000))
			continue;
		if (allocate_run(w->engine, &ask, now, &sum, &refused))
			continue;
		ask.returned = true;		/* nothing is owed: it is paid back */
		ok = refused.kind == ERR_REFUSED ? allocate_run(w->engine, &ask, now, &sum, w->err) :
		    err_set(w->err, refused.kind, "%s", refused.text);
	}
	return ok;
}

bool deed_desk(struct world *w, instant_t now)
{
	void *tmp = talloc_new(NULL);
	const bool ok = resolve_unknown(w, tmp, now) && place_money(w, tmp, now);

	talloc_free(tmp);
	return ok;
}
