/* intake_payment.c - a payment row becomes money on invoices; see booking.h.
 *
 * Money that names an invoice pays that one and, where it is more, whatever it
 * fits exactly; it pays before any credit is counted, so that it makes no
 * difference which of the two came first.  Where the name is not known the
 * money waits, and booking_waiting() looks again when the debtor's ledger has
 * something new.
 */
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "engine/book.h"
#include "engine/booking.h"
#include "engine/loose_money.h"
#include "engine/netting.h"

#define IMPORT "import"

struct paying {
	struct booking			*b;
	struct store			*store;
	const struct payment_row	*row;
	int64_t				 payment_id, debtor_id;
	int64_t				 named;		/* the invoice, 0: not known */
	int64_t				 left;
};

static bool has_name(const struct payment_row *row)
{
	return row->invoice[0] != '\0' || row->reference[0] != '\0';
}

/* The invoice that the row names: number first, then reference; and whose
 * money it therefore is. */
static bool find_named(struct paying *p)
{
	struct booking *b = p->b;
	struct invoice_record found = { 0 };

	if (p->row->invoice[0] != '\0' && !ledger_find_invoice(p->store, b->tmp,
	    b->creditor_id, p->row->invoice, &found, b->err))
		return false;
	p->named = found.id;
	if (p->named == 0 && p->row->reference[0] != '\0' && !ledger_find_reference(p->store,
	    b->creditor_id, p->row->reference, &p->named, b->err))
		return false;
	if (p->named == 0)
		return p->row->debtor[0] == '\0' || register_find_debtor(p->store,
		    b->creditor_id, p->row->debtor, &p->debtor_id, b->err);
	if (found.id == 0 && !ledger_get_invoice(p->store, b->tmp, p->named, &found, b->err))
		return false;
	p->debtor_id = found.debtor_id;
	return true;
}

static bool allocate(struct paying *p, int64_t invoice_id, int64_t amount)
{
	p->left -= amount;
	return ledger_allocate(p->store, p->payment_id, invoice_id, amount, p->row->paid_on,
	    p->b->now, p->b->err);
}

/* Credits that stood on what is paid now go where they are of use. */
static bool allocate_named(struct paying *p)
{
	struct booking *b = p->b;
	struct invoice_record invoice;
	int64_t moved, owed;

	if (!ledger_get_invoice(p->store, b->tmp, p->named, &invoice, b->err) ||
	    !ledger_credited_by(p->store, p->named, NETTING_SOURCE, &moved, b->err))
		return false;
	owed = invoice.balance_minor - moved;
	if (invoice.is_credit || owed <= 0 || strcmp(invoice.currency, p->row->currency) != 0)
		return true;
	return allocate(p, p->named, p->left < owed ? p->left : owed) &&
	    (moved == 0 || netting_run(b->engine, p->debtor_id, p->row->currency, b->today,
	    b->now, b->err));
}

/* Without a name the money goes where it fits exactly: one open invoice of
 * that amount and no other, or all of them together. */
static bool allocate_exact(struct paying *p)
{
	struct invoice_record *open;
	int64_t sum = 0, same = 0, match = 0;
	size_t n;

	if (!ledger_invoices_of_debtor(p->store, p->b->tmp, p->debtor_id, p->row->currency,
	    &open, &n, p->b->err))
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

static bool place(struct paying *p)
{
	if (p->named != 0 && !allocate_named(p))
		return false;
	return p->left == 0 || p->debtor_id == 0 || (p->named == 0 && has_name(p->row)) ||
	    allocate_exact(p);
}

/* --- a row -------------------------------------------------------------------- */

static bool settle(struct paying *p)
{
	struct booking *b = p->b;
	const struct debtor_record debtor = { .id = p->debtor_id,
	    .creditor_id = b->creditor_id };

	if (!place(p))
		return false;
	if (p->left > 0 && !loose_money_ask(b->engine, p->payment_id, IMPORT, b->now, b->err))
		return false;
	if (p->debtor_id == 0)
		return true;
	return book_event(b->engine, b->now, "payment.booked", IMPORT, &debtor, 0, p->named,
	    b->err, "{\"payment\":%lld,\"left_minor\":%lld}", (long long)p->payment_id,
	    (long long)p->left) &&
	    ledger_close_settled(p->store, p->debtor_id, b->now, b->err) &&
	    ledger_wake_debtor(p->store, p->debtor_id, b->now, b->err);
}

static bool book_new(struct paying *p)
{
	struct booking *b = p->b;
	struct payment_new record = { .creditor_id = b->creditor_id,
	    .external_id = p->row->external_id, .amount_minor = p->row->amount_minor,
	    .paid_on = p->row->paid_on, .booked_at = b->now, .invoice = p->row->invoice,
	    .reference = p->row->reference, .debtor = p->row->debtor };

	if (!find_named(p))
		return false;
	memcpy(record.currency, p->row->currency, CURRENCY_BYTES);
	record.debtor_id = p->debtor_id;
	return ledger_add_payment(p->store, &record, &p->payment_id, b->err) && settle(p);
}

bool booking_payment(struct booking *b, const struct payment_row *row)
{
	struct paying p = { .b = b, .store = b->engine->store, .row = row,
	    .left = row->amount_minor };
	struct payment_record known;
	bool ok = ledger_find_payment(p.store, b->creditor_id, row->external_id, &known, b->err);

	if (ok && known.id != 0 && strcmp(known.currency, row->currency) != 0) {
		booking_misfit(b, FIELD_CURRENCY, row->currency, "the payment is known with "
		    "another currency; a correction is a payment of its own");
	} else if (ok && known.id != 0 && known.amount_minor != row->amount_minor) {
		booking_misfit(b, FIELD_AMOUNT, NULL, "the payment is known with another "
		    "amount; a correction is a payment of its own");
	} else if (ok && known.id != 0) {
		b->sum->unchanged++;
	} else if (ok) {
		ok = book_new(&p);
		b->sum->fresh++;
		b->sum->unmatched += p.left > 0;
	}
	return ok;
}

/* --- what waited ---------------------------------------------------------------- */

static bool book_found(struct paying *p, int64_t before, int64_t owner)
{
	struct booking *b = p->b;
	const struct debtor_record debtor = { .id = p->debtor_id,
	    .creditor_id = b->creditor_id };

	b->sum->found++;
	return book_event(b->engine, b->now, "payment.allocated", IMPORT, &debtor, 0, p->named,
	    b->err, "{\"payment\":%lld,\"moved_minor\":%lld}", (long long)p->payment_id,
	    (long long)(before - p->left)) &&
	    ledger_wake_debtor(p->store, p->debtor_id, b->now, b->err) &&
	    (owner == 0 || owner == p->debtor_id ||
	    (loose_money_free(b->engine, owner, IMPORT, b->now, b->err) &&
	    ledger_wake_debtor(p->store, owner, b->now, b->err)));
}

static bool look_again(struct booking *b, const struct payment_record *w)
{
	struct payment_row row = { .invoice = w->invoice, .reference = w->reference,
	    .debtor = w->debtor, .paid_on = w->paid_on };
	struct paying p = { .b = b, .store = b->engine->store, .row = &row,
	    .payment_id = w->id, .debtor_id = w->debtor_id, .left = w->unallocated_minor };

	memcpy(row.currency, w->currency, CURRENCY_BYTES);
	if (!find_named(&p))
		return false;
	if (p.debtor_id == 0)
		p.debtor_id = w->debtor_id;
	if (p.debtor_id == 0)
		return true;
	if ((p.debtor_id != w->debtor_id && !ledger_own_payment(b->engine->store, w->id,
	    p.debtor_id, b->err)) || !place(&p))
		return false;
	if (p.left == w->unallocated_minor && p.debtor_id == w->debtor_id)
		return true;
	return loose_money_ask(b->engine, w->id, IMPORT, b->now, b->err) &&
	    (p.left == w->unallocated_minor || book_found(&p, w->unallocated_minor, w->debtor_id));
}

bool booking_waiting(struct booking *b, int64_t debtor_id)
{
	struct payment_record *waiting;
	size_t n;

	if (!ledger_waiting(b->engine->store, b->tmp, debtor_id, &waiting, &n, b->err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!look_again(b, &waiting[i]))
			return false;
	return true;
}
