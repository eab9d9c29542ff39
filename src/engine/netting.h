/* netting.h - what is owed to a debtor counts against what the debtor owes.
 *
 * A credit, or an invoice that was paid too much, goes to the open invoice
 * that it names, then to the oldest ones of that debtor and currency.  Which of
 * them came first makes no difference: each time it is worked out anew, and
 * only what differs is booked.  Where something older has come, or the ledger
 * has used a credit itself, what was moved before is taken back so far.  An
 * invoice that is not open any more keeps what it got.  What is left over
 * belongs to the debtor and stops the ladder (ledger_has_loose_money()).
 *
 * A move is an entry of type credit and source NETTING_SOURCE on either side;
 * an open amount that the ledger states is the balance without them.
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
