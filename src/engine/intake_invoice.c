/* intake_invoice.c - an invoice's row into the ledger; see booking.h. */
#include <inttypes.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/booking.h"
#include "engine/netting.h"

#define LEDGER "ledger"

static void invoice_fingerprint(const struct booking *b, const struct invoice_row *row,
    char out[HASH_HEX_BYTES])
{
	char *text = talloc_asprintf(b->tmp, "%d\x1f%s\x1f%s\x1f%" PRId64 "\x1f%" PRId64
	    "\x1f%d\x1f%d\x1f%d\x1f%s\x1f%s\x1f%s", (int)row->type, row->debtor.external_id,
	    row->currency, row->amount_minor,
	    b->profile->balance == BALANCE_OPEN_AMOUNT && row->open_given ? row->open_minor : -1,
	    row->issued_on, row->due_on, row->disputed, row->reference, row->subject, row->credits);

	/* As it was before there were schedules in the ledger, where there is none. */
	if (row->schedule[0] != '\0')
		text = talloc_asprintf_append(text, "\x1f%s", row->schedule);
	must(text != NULL);
	sha256_hex(text, strlen(text), out);
}

static bool add_entry(struct booking *b, int64_t invoice_id, enum entry_type type,
    int64_t amount_minor, const char *source)
{
	const struct entry_new entry = { .invoice_id = invoice_id, .type = type,
	    .amount_minor = amount_minor, .value_on = b->today, .booked_at = b->now,
	    .source = source };

	return amount_minor == 0 || ledger_add_entry(b->engine->store, &entry, b->err);
}

/* Principal to the amount of the row, the balance to its open amount. */
static bool book_amounts(struct booking *b, int64_t id, const struct invoice_row *row)
{
	struct invoice_record now;
	int64_t principal, fees, moved;

	if (!ledger_principal(b->engine->store, id, &principal, b->err) ||
	    !add_entry(b, id, ENTRY_PRINCIPAL, row->amount_minor - principal, LEDGER))
		return false;
	if (b->profile->balance != BALANCE_OPEN_AMOUNT || !row->open_given)
		return true;
	if (!ledger_get_invoice(b->engine->store, b->tmp, id, &now, b->err) ||
	    !ledger_fees(b->engine->store, id, &fees, b->err) ||
	    !ledger_credited_by(b->engine->store, id, NETTING_SOURCE, &moved, b->err))
		return false;
	/* A ledger that knows of no fee cannot say that it is paid: what it calls
	 * settled is settled, fees and all. */
	return add_entry(b, id, ENTRY_ALLOCATION, row->open_minor -
	    (now.balance_minor - fees - moved), LEDGER) &&
	    (row->open_minor > 0 || add_entry(b, id, ENTRY_WAIVER, -fees, LEDGER));
}

static bool book_dispute(struct booking *b, int64_t debtor_id, int64_t invoice_id, bool disputed)
{
	const struct hold_record hold = { .scope = SCOPE_INVOICE,
	    .creditor_id = b->creditor_id, .debtor_id = debtor_id, .invoice_id = invoice_id,
	    .type = HOLD_DISPUTE, .owner = LEDGER, .reason = "marked disputed in the ledger",
	    .from_at = b->now, .until_at = INSTANT_MAX };
	struct hold_record *holds;
	int64_t id, active = 0;
	bool released;
	size_t n;

	if (!ledger_holds(b->engine->store, b->tmp, b->creditor_id, debtor_id, &holds, &n, b->err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (holds[i].invoice_id == invoice_id && holds[i].type == HOLD_DISPUTE &&
		    strcmp(holds[i].reason, hold.reason) == 0 && hold_end(&holds[i]) > b->now)
			active = holds[i].id;
	if (disputed && active == 0)
		return ledger_add_hold(b->engine->store, &hold, &id, b->err);
	if (!disputed && active != 0)
		return ledger_release_hold(b->engine->store, active, b->now, &released, b->err);
	return true;
}

static bool book_row(struct booking *b, const struct invoice_row *row, const char *hash,
    const struct invoice_record *old, int64_t debtor_id, int64_t *invoice_id)
{
	struct invoice_record record = { .id = old->id, .creditor_id = b->creditor_id,
	    .debtor_id = debtor_id, .external_id = row->external_id,
	    .issued_on = row->issued_on, .due_on = row->due_on, .reference = row->reference,
	    .subject = row->subject, .row_hash = hash, .is_credit = row->type == ROW_CREDIT,
	    .schedule = row->schedule, .schedule_by = "" };

	memcpy(record.currency, row->currency, CURRENCY_BYTES);
	if (record.due_on == DAY_NONE)		/* credits need none */
		record.due_on = row->issued_on != DAY_NONE ? row->issued_on : b->today;
	*invoice_id = old->id;
	if (old->id == 0 ? !ledger_add_invoice(b->engine->store, &record, invoice_id, b->err) :
	    !ledger_update_invoice(b->engine->store, &record, b->err))
		return false;
	if (!book_amounts(b, *invoice_id, row))
		return false;
	return row->type == ROW_CREDIT ?
	    ledger_name_credited(b->engine->store, *invoice_id, row->credits, b->err) :
	    book_dispute(b, debtor_id, *invoice_id, row->disputed);
}

/* An invoice that had left the ledger and is there again is owed again. */
static bool reopen(struct booking *b, const struct invoice_record *old)
{
	int64_t left;

	return strcmp(old->state, INVOICE_CLOSED) != 0 ||
	    (ledger_allocated_by(b->engine->store, old->id, INTAKE_LEFT, &left, b->err) &&
	    add_entry(b, old->id, ENTRY_ALLOCATION, -left, INTAKE_LEFT) &&
	    ledger_set_state(b->engine->store, old->id, INVOICE_OPEN, b->err));
}

/* An invoice keeps its debtor, its currency and its type for life. */
static bool invoice_fits(struct booking *b, const struct invoice_row *row,
    const struct invoice_record *old)
{
	int64_t debtor_id;

	if (!register_find_debtor(b->engine->store, b->creditor_id, row->debtor.external_id,
	    &debtor_id, b->err))
		return false;
	if (old->debtor_id != debtor_id)
		booking_misfit(b, FIELD_DEBTOR, row->debtor.external_id,
		    "the invoice is known with another debtor; credit it and invoice anew");
	else if (strcmp(old->currency, row->currency) != 0)
		booking_misfit(b, FIELD_CURRENCY, row->currency,
		    "the invoice is known with another currency; credit it and invoice anew");
	else if (old->is_credit != (row->type == ROW_CREDIT))
		booking_misfit(b, b->profile->fields[FIELD_TYPE].mapped ? FIELD_TYPE :
		    FIELD_AMOUNT, row->type == ROW_CREDIT ? "credit" : "invoice",
		    "the number is known with another type, invoice or credit; a credit needs a "
		    "number of its own");
	return true;
}

bool booking_invoice(struct booking *b, const struct invoice_row *row)
{
	char hash[HASH_HEX_BYTES];
	struct invoice_record old;
	enum row_effect effect;
	int64_t debtor_id, id;

	invoice_fingerprint(b, row, hash);
	if (!ledger_find_invoice(b->engine->store, b->tmp, b->creditor_id, row->external_id,
	    &old, b->err) || (old.id != 0 && strcmp(old.row_hash, hash) != 0 &&
	    !invoice_fits(b, row, &old)))
		return false;
	if (b->misfit.reason != NULL || !booking_schedule_fits(b, row->schedule))
		return true;
	if (!booking_debtor(b, &row->debtor, &debtor_id, &effect))
		return false;
	if (b->misfit.reason != NULL)
		return true;
	if (old.id != 0 && strcmp(old.row_hash, hash) == 0 &&
	    strcmp(old.state, INVOICE_CLOSED) != 0) {
		b->sum->unchanged += effect == ROW_UNCHANGED;
		b->sum->changed += effect != ROW_UNCHANGED;
		return true;
	}
	if ((old.id != 0 && !reopen(b, &old)) || !book_row(b, row, hash, &old, debtor_id, &id))
		return false;
	b->sum->fresh += old.id == 0;
	b->sum->changed += old.id != 0;
	booking_touch(b, debtor_id, row->currency);
	return book_event(b->engine, b->now, old.id == 0 ? "invoice.imported" : "invoice.changed",
	    "import", &(struct debtor_record){ .id = debtor_id, .creditor_id = b->creditor_id },
	    0, id, b->err, "{}");
}
