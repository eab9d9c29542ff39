/* loose_money.h - a person is asked about money that fits no invoice.
 *
 * One task for each payment with something left: how much, in which currency, what it named,
 * and the command that places it.  While its owner has such money the ladder waits; the
 * planner's own task of that kind ("money.unallocated") then has nothing to add.
 *
 * Inside the caller's transaction.
 */
#ifndef ENGINE_LOOSE_MONEY_H
#define ENGINE_LOOSE_MONEY_H

#include "engine/engine.h"

#define LOOSE_MONEY_TASK "money.unallocated"

/* After anything of the payment was booked, placed or returned: the task tells what is left
 * now; there is none when nothing is. */
bool	loose_money_ask(struct engine *, int64_t payment_id, const char *who, instant_t now,
	    struct err *);
/* Nobody is asked any more about a debtor without loose money. */
bool	loose_money_free(struct engine *, int64_t debtor_id, const char *who, instant_t now,
	    struct err *);

#endif
