/* netting.c - see netting.h. */
#include "engine/netting.h"

#include <talloc.h>

#include "base/must.h"
#include "store/ledger.h"

struct account {		/* one row: an invoice, or what is owed back */
	const struct netting_record	*row;
	int64_t				 bare;		/* its balance without moves */
	int64_t				 moves;		/* as they should be */
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* As much as both sides still hold, up to `most`. */
static void move(struct account *from, struct account *to, int64_t most)
{
	const int64_t amount = least(most, least(-(from->bare + from->moves),
	    to->bare + to->moves));

	if (amount <= 0)
		return;
	from->moves += amount;
	to->moves -= amount;
}

/* What was handed over or closed keeps what it had, as far as there is any. */
static void keep_closed(struct account *at, size_t count)
{
	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; !at[k].row->open && i < count; i++)
			move(&at[i], &at[k], at[k].moves - at[k].row->moved_minor);
}

static void spread(struct account *at, size_t count)
{
	keep_closed(at, count);
	for (size_t i = 0; i < count; i++) {
		if (at[i].bare >= 0)
			continue;
		for (size_t k = 0; k < count; k++)
			if (at[k].row->id == at[i].row->names_id && at[k].row->open)
				move(&at[i], &at[k], INT64_MAX);
		for (size_t k = 0; k < count; k++)
			if (at[k].row->open)
				move(&at[i], &at[k], INT64_MAX);
	}
}

static bool book(struct engine *e, const struct account *a, day_t today, instant_t now,
    struct err *err)
{
	const struct entry_new entry = { .invoice_id = a->row->id, .type = ENTRY_CREDIT,
	    .amount_minor = a->moves - a->row->moved_minor, .value_on = today,
	    .booked_at = now, .source = NETTING_SOURCE };

	return entry.amount_minor == 0 || ledger_add_entry(e->store, &entry, err);
}

bool netting_run(struct engine *e, int64_t debtor_id, const char *currency, day_t today,
    instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct netting_record *rows;
	struct account *at;
	size_t count;
	bool ok = ledger_netting(e->store, tmp, debtor_id, currency, &rows, &count, err);

	if (ok && count > 0) {
		at = talloc_zero_array(tmp, struct account, (unsigned)count);
		must(at != NULL);
		for (size_t i = 0; i < count; i++)
			at[i] = (struct account){ .row = &rows[i],
			    .bare = rows[i].balance_minor - rows[i].moved_minor };
		spread(at, count);
		for (size_t i = 0; ok && i < count; i++)
			ok = book(e, &at[i], today, now, err);
	}
	talloc_free(tmp);
	return ok;
}
