/* allocate_run.c - see allocate_run.h. */
#include "engine/allocate_run.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "engine/book.h"
#include "engine/call_review.h"
#include "engine/intake_run.h"
#include "engine/loose_money.h"

struct allocating {
	struct engine		*engine;
	void			*tmp;
	int64_t			 creditor_id;
	struct payment_record	 payment;
	instant_t		 now;
	int64_t			 moved;
	struct err		*err;
};

static bool move(struct allocating *a, int64_t invoice_id, int64_t balance)
{
	const int64_t left = a->payment.unallocated_minor - a->moved;
	const int64_t amount = left < balance ? left : balance;

	if (amount <= 0)
		return true;
	a->moved += amount;
	return ledger_allocate(a->engine->store, a->payment.id, invoice_id, amount,
	    a->payment.paid_on, a->now, a->err);
}

/* Money of another currency: a person says what it was worth. */
static bool exchange(struct allocating *a, const struct invoice_record *invoice, const char *as,
    const char *who)
{
	const struct debtor_record debtor = { .id = invoice->debtor_id,
	    .creditor_id = a->creditor_id };
	struct err wrong = { 0 };
	struct entry_new entry = { .invoice_id = invoice->id, .type = ENTRY_ALLOCATION,
	    .value_on = a->payment.paid_on, .booked_at = a->now, .source = "exchange" };
	int64_t minor;

	if (!money_parse(view_of(as), (struct number_form){ '.', 0 },
	    currency_exponent(invoice->currency), &minor, &wrong) || minor <= 0)
		return err_set(a->err, ERR_INPUT, "--as is an amount in %s such as 100.00",
		    invoice->currency);
	if (minor > invoice->balance_minor)
		return err_set(a->err, ERR_REFUSED, "less is owed there than --as says");
	if (a->payment.unallocated_minor == 0)
		return err_set(a->err, ERR_REFUSED, "nothing of this payment is left");
	entry.amount_minor = -minor;
	a->moved = a->payment.unallocated_minor;
	a->payment.debtor_id = invoice->debtor_id;
	return ledger_return_payment(a->engine->store, a->payment.id, a->err) &&
	    ledger_add_entry(a->engine->store, &entry, a->err) &&
	    book_event(a->engine, a->now, "payment.exchanged", who, &debtor, 0, invoice->id, a->err,
	    "{\"payment\":%lld,\"used_minor\":%lld,\"as_minor\":%lld}", (long long)a->payment.id,
	    (long long)a->moved, (long long)minor);
}

static bool to_named(struct allocating *a, const char *number, const char *as, const char *who)
{
	struct invoice_record invoice;

	if (!ledger_find_invoice(a->engine->store, a->tmp, a->creditor_id, number, &invoice, a->err))
		return false;
	if (invoice.id == 0)
		return err_set(a->err, ERR_INPUT, "there is no invoice of that number");
	if (as != NULL)
		return exchange(a, &invoice, as, who);
	if (strcmp(invoice.currency, a->payment.currency) != 0)
		return err_set(a->err, ERR_INPUT, "the invoice is in %s, the payment in %s: say what it "
		    "was worth with --as AMOUNT", invoice.currency, a->payment.currency);
	a->payment.debtor_id = invoice.debtor_id;
	return move(a, invoice.id, invoice.balance_minor);
}

static bool to_oldest(struct allocating *a)
{
	struct invoice_record *open;
	size_t n;

	if (a->payment.debtor_id == 0)
		return err_set(a->err, ERR_INPUT,
		    "nobody knows whose payment this is; name an invoice");
	if (!ledger_invoices_of_debtor(a->engine->store, a->tmp, a->payment.debtor_id,
	    a->payment.currency, &open, &n, a->err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!move(a, open[i].id, open[i].balance_minor))
			return false;
	return true;
}

/* Of which nobody says what it was for: it is nobody's any more. */
static bool give_back(struct allocating *a, const char *who)
{
	const struct debtor_record debtor = { .id = a->payment.debtor_id,
	    .creditor_id = a->creditor_id };

	if (a->payment.unallocated_minor == 0)
		return err_set(a->err, ERR_REFUSED, "nothing of this payment is left");
	a->moved = a->payment.unallocated_minor;
	return ledger_return_payment(a->engine->store, a->payment.id, a->err) &&
	    book_event(a->engine, a->now, "payment.returned", who, &debtor, 0, 0, a->err,
	    "{\"payment\":%lld,\"returned_minor\":%lld}", (long long)a->payment.id,
	    (long long)a->moved) &&
	    loose_money_ask(a->engine, a->payment.id, who, a->now, a->err) &&
	    (debtor.id == 0 || ledger_wake_debtor(a->engine->store, debtor.id, a->now, a->err));
}

static bool allocate(struct allocating *a, const char *invoice, const char *as, const char *who)
{
	struct debtor_record debtor = { .creditor_id = a->creditor_id };
	struct store *store = a->engine->store;

	if (!(invoice != NULL ? to_named(a, invoice, as, who) : to_oldest(a)))
		return false;
	if (a->moved == 0)
		return err_set(a->err, ERR_REFUSED, a->payment.unallocated_minor == 0 ?
		    "nothing of this payment is left" : "nothing is owed there");
	debtor.id = a->payment.debtor_id;
	return ledger_own_payment(store, a->payment.id, debtor.id, a->err) &&
	    book_event(a->engine, a->now, "payment.allocated", who, &debtor, 0, 0, a->err,
	    "{\"payment\":%lld,\"moved_minor\":%lld}", (long long)a->payment.id,
	    (long long)a->moved) &&
	    loose_money_ask(a->engine, a->payment.id, who, a->now, a->err) &&
	    ledger_close_settled(store, debtor.id, a->now, a->err) &&
	    ledger_wake_debtor(store, debtor.id, a->now, a->err);
}

static bool find_payment(struct allocating *a, const char *payment)
{
	return ledger_find_payment(a->engine->store, a->creditor_id, payment, &a->payment,
	    a->err) && (a->payment.id != 0 ||
	    err_set(a->err, ERR_INPUT, "there is no payment of that id"));
}

bool allocate_run(struct engine *e, const struct allocate_request *ask, instant_t now,
    struct allocate_summary *out, struct err *err)
{
	struct allocating a = { .engine = e, .tmp = talloc_new(NULL), .now = now, .err = err };
	bool ok = store_begin(e->store, err) &&
	    intake_creditor(e, ask->creditor, &a.creditor_id, err) &&
	    find_payment(&a, ask->payment) &&
	    (ask->returned ? give_back(&a, ask->who) : allocate(&a, ask->invoice, ask->as, ask->who)) &&
	    call_review(e, now, err) && store_commit(e->store, err);

	if (!ok)
		store_rollback(e->store);
	*out = (struct allocate_summary){ .moved_minor = a.moved,
	    .left_minor = a.payment.unallocated_minor - a.moved };
	memcpy(out->currency, a.payment.currency, sizeof(out->currency));
	talloc_free(a.tmp);
	return ok;
}
