/* loose_money.c - see loose_money.h. */
#include "engine/loose_money.h"

#include <talloc.h>

#include "base/must.h"
#include "base/str.h"
#include "store/history.h"
#include "store/ledger.h"

#define WORDS_BYTES_MAX 1000

/* "500.00 DKK of payment P3 of 2026-06-03 (invoice F9)" */
static void put_money(struct str *out, const struct payment_record *p)
{
	char day[DAY_TEXT_BYTES];
	const char *named = p->invoice[0] != '\0' ? p->invoice : p->reference;

	money_put(out, p->unallocated_minor, currency_exponent(p->currency));
	str_printf(out, " %s of payment %.100s of %s", p->currency, p->external_id,
	    day_text(p->paid_on, day));
	if (named[0] != '\0')
		str_printf(out, ", which names %s %.100s,",
		    p->invoice[0] != '\0' ? "invoice" : "reference", named);
}

/* `owes`: something in the payment's own currency. */
static const char *words(void *ctx, const struct payment_record *p, bool owes)
{
	struct str out;

	str_init(&out, ctx, WORDS_BYTES_MAX);
	put_money(&out, p);
	if (p->debtor_id == 0)
		str_printf(&out, " fit no invoice and no debtor that is known. Place them: purr "
		    "allocate %.100s INVOICE.", p->external_id);
	else
		str_printf(&out, " fit nothing that is open%s. %s%.100s%s; or pay them back, and say "
		    "so: purr allocate %.100s --returned.", owes ? "" : " in this currency",
		    owes ? "Place them: purr allocate " : "Was something in another currency meant: purr "
		    "allocate ", p->external_id, owes ? "" : " INVOICE --as AMOUNT", p->external_id);
	must(str_ok(&out));
	return str_take(&out);
}

bool loose_money_free(struct engine *e, int64_t debtor_id, const char *who, instant_t now,
    struct err *err)
{
	bool loose;

	if (!ledger_has_loose_money(e->store, debtor_id, &loose, err))
		return false;
	return loose || history_end_tasks(e->store, debtor_id, LOOSE_MONEY_TASK, who, now, err);
}

bool loose_money_ask(struct engine *e, int64_t payment_id, const char *who, instant_t now,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct invoice_record *open;
	struct payment_record p;
	size_t n = 0;
	bool ok = ledger_get_payment(e->store, tmp, payment_id, &p, err) &&
	    history_end_payment_tasks(e->store, payment_id, who, now, err);

	if (ok && p.debtor_id != 0)
		ok = ledger_invoices_of_debtor(e->store, tmp, p.debtor_id, p.currency, &open, &n, err);
	if (ok && p.unallocated_minor > 0)
		ok = history_add_payment_task(e->store, p.creditor_id, p.debtor_id, payment_id,
		    p.debtor_id == 0 ? "payment_unmatched" : LOOSE_MONEY_TASK, words(tmp, &p, n > 0), now,
		    err);
	else if (ok && p.debtor_id != 0)
		ok = loose_money_free(e, p.debtor_id, who, now, err);
	talloc_free(tmp);
	return ok;
}
