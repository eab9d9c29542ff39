/* intake_payment.c - a payment row becomes money on invoices; see intake_run.h. */
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "engine/book.h"
#include "engine/intake_run.h"
#include "store/history.h"

struct paying {
	struct engine			*engine;
	void				*tmp;
	int64_t				 creditor_id;
	const struct payment_row	*row;
	int64_t				 payment_id, debtor_id;
	int64_t				 left;
	instant_t			 now;
	struct err			*err;
};

/* The invoice that the row names: number first, then reference. */
static bool find_named(struct paying *p, int64_t *invoice_id)
{
	struct invoice_record found = { 0 };

	*invoice_id = 0;
	if (p->row->invoice[0] != '\0' && !ledger_find_invoice(p->engine->store, p->tmp,
	    p->creditor_id, p->row->invoice, &found, p->err))
		return false;
	*invoice_id = found.id;
	if (*invoice_id == 0 && p->row->reference[0] != '\0' &&
	    !ledger_find_reference(p->engine->store, p->creditor_id, p->row->reference,
	    invoice_id, p->err))
		return false;
	return true;
}

static bool find_debtor(struct paying *p, int64_t invoice_id)
{
	struct invoice_record invoice;

	if (invoice_id != 0) {
		if (!ledger_get_invoice(p->engine->store, p->tmp, invoice_id, &invoice, p->err))
			return false;
		p->debtor_id = invoice.debtor_id;
		return true;
	}
	return p->row->debtor[0] == '\0' || register_find_debtor(p->engine->store,
	    p->creditor_id, p->row->debtor, &p->debtor_id, p->err);
}

static bool allocate(struct paying *p, int64_t invoice_id, int64_t amount)
{
	p->left -= amount;
	return ledger_allocate(p->engine->store, p->payment_id, invoice_id, amount,
	    p->row->paid_on, p->now, p->err);
}

static bool allocate_named(struct paying *p, int64_t invoice_id)
{
	struct invoice_record invoice;

	if (!ledger_get_invoice(p->engine->store, p->tmp, invoice_id, &invoice, p->err))
		return false;
	if (invoice.balance_minor <= 0 || strcmp(invoice.currency, p->row->currency) != 0)
		return true;
	return allocate(p, invoice_id, p->left < invoice.balance_minor ? p->left :
	    invoice.balance_minor);
}

/* Without a name the money goes where it fits exactly: one open invoice of
 * that amount and no other, or all of them together. */
static bool allocate_exact(struct paying *p)
{
	struct invoice_record *open;
	int64_t sum = 0, same = 0, match = 0;
	size_t n;

	if (!ledger_invoices_of_debtor(p->engine->store, p->tmp, p->debtor_id, p->row->currency,
	    &open, &n, p->err))
		return false;
	for (size_t i = 0; i < n; i++) {
		sum += open[i].balance_minor;
		same += open[i].balance_minor == p->left;
		if (open[i].balance_minor == p->left)
			match = open[i].id;
	}
	if (same == 1)
		return allocate(p, match, p->left);
	if (sum != p->left)
		return true;
	for (size_t i = 0; i < n; i++)
		if (!allocate(p, open[i].id, open[i].balance_minor))
			return false;
	return true;
}

static bool settle(struct paying *p, int64_t named)
{
	const struct debtor_record debtor = { .id = p->debtor_id, .creditor_id = p->creditor_id };

	if (named != 0 && !allocate_named(p, named))
		return false;
	if (p->left > 0 && p->debtor_id != 0 && !allocate_exact(p))
		return false;
	if (p->debtor_id == 0)
		return history_add_task(p->engine->store, p->creditor_id, 0, 0,
		    "payment_unmatched", "A payment has come in that names no known invoice "
		    "and no known debtor.", p->now, p->err);
	return book_event(p->engine, p->now, "payment.booked", "import", &debtor, 0, named,
	    p->err, "{\"payment\":%lld,\"left_minor\":%lld}", (long long)p->payment_id,
	    (long long)p->left) &&
	    ledger_close_settled(p->engine->store, p->debtor_id, p->now, p->err) &&
	    ledger_wake_debtor(p->engine->store, p->debtor_id, p->now, p->err);
}

static bool book_new(struct paying *p)
{
	struct payment_new record = { .creditor_id = p->creditor_id,
	    .external_id = p->row->external_id, .amount_minor = p->row->amount_minor,
	    .paid_on = p->row->paid_on, .booked_at = p->now };
	int64_t named;

	if (!find_named(p, &named) || !find_debtor(p, named))
		return false;
	memcpy(record.currency, p->row->currency, CURRENCY_BYTES);
	record.debtor_id = p->debtor_id;
	return ledger_add_payment(p->engine->store, &record, &p->payment_id, p->err) &&
	    settle(p, named);
}

bool intake_book_payment(struct engine *e, int64_t creditor_id, const struct payment_row *row,
    instant_t now, struct intake_summary *sum, struct err *err)
{
	struct paying p = { .engine = e, .tmp = talloc_new(NULL), .creditor_id = creditor_id,
	    .row = row, .left = row->amount_minor, .now = now, .err = err };
	int64_t known, amount = 0;
	bool ok = ledger_find_payment(e->store, creditor_id, row->external_id, &known, &amount, err);

	sum->rows++;
	if (ok && known != 0 && amount != row->amount_minor) {
		ok = err_set(err, ERR_REFUSED, "line %d: the payment is known with another "
		    "amount; a correction is a payment of its own", row->line);
	} else if (ok && known != 0) {
		sum->unchanged++;
	} else if (ok) {
		ok = book_new(&p);
		sum->fresh++;
		sum->unmatched += p.left > 0;
	}
	talloc_free(p.tmp);
	return ok;
}
