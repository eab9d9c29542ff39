/* netting.h - what is owed to a debtor counts against what the debtor owes.
 *
 * A credit, or an invoice that was paid too much, goes to the open invoices of
 * that debtor and currency, the oldest first, whichever of them came first.
 * When the ledger has since used the credit itself, what was moved is taken
 * back.  What is left over belongs to the debtor and stops the ladder
 * (ledger_has_loose_money()).
 *
 * What is owed again after a credit was taken back stands in an open case.
 *
 * A move is two entries of type credit and source NETTING_SOURCE; an open
 * amount that the ledger states is the balance without them.
 */
#ifndef ENGINE_NETTING_H
#define ENGINE_NETTING_H

#include "base/date.h"
#include "engine/engine.h"

#define NETTING_SOURCE "credit"

/* Inside the caller's transaction; writes nothing when all is even. */
bool	netting_run(struct engine *, int64_t debtor_id, const char *currency, day_t today,
	    instant_t now, struct err *);

#endif
