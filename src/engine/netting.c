/* netting.c - see netting.h. */
#include "engine/netting.h"

#include <talloc.h>

#include "base/must.h"
#include "store/ledger.h"

struct netting {
	struct engine		*engine;
	struct netting_record	*rows;
	size_t			 count;
	day_t			 today;
	instant_t		 now;
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Moves `amount` of what `from` owes the debtor to `to`; negative: back. */
static bool move(struct netting *n, struct netting_record *from, struct netting_record *to,
    int64_t amount, struct err *err)
{
	struct entry_new entry = { .type = ENTRY_CREDIT, .value_on = n->today,
	    .booked_at = n->now, .source = NETTING_SOURCE };

	from->balance_minor += amount;
	from->moved_minor += amount;
	to->balance_minor -= amount;
	to->moved_minor -= amount;
	entry.invoice_id = to->id;
	entry.amount_minor = -amount;
	if (!ledger_add_entry(n->engine->store, &entry, err))
		return false;
	entry.invoice_id = from->id;
	entry.amount_minor = amount;
	return ledger_add_entry(n->engine->store, &entry, err);
}

/* The ledger may have used a credit itself since, or paid what we had netted:
 * then less was to be moved than we did. */
static bool take_back(struct netting *n, struct err *err)
{
	for (size_t i = 0; i < n->count; i++) {
		struct netting_record *from = &n->rows[i];

		for (size_t k = 0; from->moved_minor > 0 && k < n->count; k++) {
			struct netting_record *to = &n->rows[k];
			const int64_t wrong = from->balance_minor > -to->balance_minor ?
			    from->balance_minor : -to->balance_minor;
			const int64_t amount = least(wrong, least(from->moved_minor,
			    -to->moved_minor));

			if (amount > 0 && !move(n, from, to, -amount, err))
				return false;
		}
	}
	return true;
}

static bool net(struct netting *n, struct err *err)
{
	for (size_t i = 0; i < n->count; i++) {
		struct netting_record *from = &n->rows[i];

		for (size_t k = 0; from->balance_minor < 0 && k < n->count; k++) {
			struct netting_record *to = &n->rows[k];
			const int64_t amount = least(-from->balance_minor, to->balance_minor);

			if (to->open && amount > 0 && !move(n, from, to, amount, err))
				return false;
		}
	}
	return true;
}

bool netting_run(struct engine *e, int64_t debtor_id, const char *currency, day_t today,
    instant_t now, struct err *err)
{
	struct netting n = { .engine = e, .today = today, .now = now };
	void *tmp = talloc_new(NULL);
	const bool ok = ledger_netting(e->store, tmp, debtor_id, currency, &n.rows, &n.count,
	    err) && take_back(&n, err) && net(&n, err) &&
	    ledger_reopen_owing(e->store, debtor_id, now, err);

	talloc_free(tmp);
	return ok;
}
