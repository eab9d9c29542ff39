/* intake_party.c - a debtor who turns out to be a consumer; see booking.h.
 *
 * The fixed sum for late payment is owed between businesses (Directive 2011/7/EU article 6);
 * a consumer is never asked for it.  What was booked so is waived the moment the ledger says
 * who the debtor is; what was paid of it is for a person to pay back.
 */
#include <inttypes.h>

#include <talloc.h>

#include "base/must.h"
#include "base/str.h"
#include "engine/book.h"
#include "engine/booking.h"
#include "store/history.h"

#define IMPORT "import"
#define TASK_KIND "compensation"
#define TASK_BYTES_MAX 400

static bool ask_to_pay_back(struct booking *b, const struct compensation_record *c,
    int64_t debtor_id, int64_t minor)
{
	struct str text;

	str_init(&text, b->tmp, TASK_BYTES_MAX);
	str_put(&text, "The debtor is a consumer, and has paid ");
	money_put(&text, minor, currency_exponent(c->currency));
	str_printf(&text, " %s of compensation for late payment with invoice %.100s: pay it back.",
	    c->currency, c->number);
	must(str_ok(&text));
	return history_add_task(b->engine->store, b->creditor_id, debtor_id, 0, TASK_KIND, text.at,
	    b->now, b->err);
}

static bool waive(struct booking *b, const struct compensation_record *c, int64_t debtor_id)
{
	const struct debtor_record debtor = { .id = debtor_id, .creditor_id = b->creditor_id };
	const int64_t minor = c->booked_minor < c->balance_minor ? c->booked_minor :
	    c->balance_minor;
	const struct entry_new waiver = { .invoice_id = c->invoice_id, .type = ENTRY_WAIVER,
	    .amount_minor = -minor, .value_on = b->today, .booked_at = b->now,
	    .source = LEDGER_COMPENSATION };

	if (minor > 0 && (!ledger_add_entry(b->engine->store, &waiver, b->err) ||
	    !book_event(b->engine, b->now, "charge.waived", IMPORT, &debtor, 0, c->invoice_id,
	    b->err, "{\"compensation_minor\":%" PRId64 "}", minor)))
		return false;
	return c->booked_minor == minor ||
	    ask_to_pay_back(b, c, debtor_id, c->booked_minor - minor);
}

bool booking_is_consumer(struct booking *b, int64_t debtor_id)
{
	struct compensation_record *list;
	size_t n;

	if (!ledger_compensations(b->engine->store, b->tmp, debtor_id, &list, &n, b->err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!waive(b, &list[i], debtor_id))
			return false;
	return n == 0 || ledger_close_settled(b->engine->store, debtor_id, b->now, b->err);
}
