/* intake_even.c - the accounts that a file touched are made even behind its
 * last row; see booking.h.
 *
 * Not before: in which order the rows stand, and which of several files came
 * first, must make no difference to what is owed.
 */
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "engine/booking.h"
#include "engine/choice.h"
#include "engine/netting.h"
#include "store/ledger.h"

#define TOUCHED_FIRST 64

void booking_touch(struct booking *b, int64_t debtor_id, const char *currency)
{
	struct touched *t;

	if (b->touched_count > 0) {
		t = &b->touched[b->touched_count - 1];
		if (t->debtor_id == debtor_id && strcmp(t->currency, currency) == 0)
			return;
	}
	if (b->touched_count == b->touched_room) {
		b->touched_room = b->touched_room == 0 ? TOUCHED_FIRST : b->touched_room * 2;
		b->touched = talloc_realloc(b->ctx, b->touched, struct touched,
		    (unsigned)b->touched_room);
		must(b->touched != NULL);
	}
	t = &b->touched[b->touched_count++];
	*t = (struct touched){ .debtor_id = debtor_id };
	memcpy(t->currency, currency, CURRENCY_BYTES);
}

static int touched_order(const void *a, const void *b)
{
	const struct touched *x = a, *y = b;

	return x->debtor_id != y->debtor_id ? (x->debtor_id < y->debtor_id ? -1 : 1) :
	    strcmp(x->currency, y->currency);
}

/* What is owed again, or was never put in a case, joins the open one of the
 * schedule that it follows. */
static bool join_cases(struct booking *b, const struct touched *t)
{
	struct invoice_record *list;
	char by[CHOICE_BY_BYTES];
	int64_t case_id;
	size_t n;

	if (!ledger_without_case(b->engine->store, b->tmp, t->debtor_id, t->currency, &list, &n,
	    b->err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!choice_join(b->engine, b->creditor, t->debtor_id, t->currency,
		    list[i].schedule, b->now, &case_id, by, b->err) ||
		    (list[i].case_id != 0 && list[i].case_id != case_id &&
		    !ledger_stood_in(b->engine->store, list[i].id, list[i].case_id, b->err)) ||
		    !ledger_set_case(b->engine->store, list[i].id, case_id, by, b->err))
			return false;
	return true;
}

bool booking_even(struct booking *b)
{
	struct store *store = b->engine->store;
	bool loose, ok = ledger_some_loose(store, b->creditor_id, &loose, b->err);

	if (b->touched_count > 1)
		qsort(b->touched, b->touched_count, sizeof(b->touched[0]), touched_order);
	for (size_t i = 0; ok && i < b->touched_count; i++) {
		const struct touched *t = &b->touched[i];

		if (i > 0 && touched_order(t - 1, t) == 0)
			continue;
		b->tmp = talloc_new(b->ctx);
		ok = netting_run(b->engine, t->debtor_id, t->currency, b->today, b->now, b->err) &&
		    join_cases(b, t) && (!loose || booking_waiting(b, t->debtor_id)) &&
		    ledger_close_settled(store, t->debtor_id, b->now, b->err) &&
		    ledger_wake_debtor(store, t->debtor_id, b->now, b->err);
		talloc_free(b->tmp);
	}
	b->touched_count = 0;
	b->tmp = b->ctx;
	return ok;
}
