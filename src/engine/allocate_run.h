/* allocate_run.h - a person says what money that fitted nothing is for.
 *
 * A payment that names no known invoice, or pays more than it named, keeps a
 * rest that belongs to the debtor and stops the ladder.  Here it goes to one
 * invoice that the person names, or to the oldest open ones of the debtor in
 * the payment's currency.  What is left after that stays and still stops, until it was paid
 * back (or was booked by mistake, as in a wrong currency): then it is nobody's any more.
 *
 * Money of another currency pays an invoice by what it was worth there: the person says how
 * much, all that is left of the payment is used up for it, and its entry names no payment
 * (source "exchange"), since the two cannot be added.
 *
 * Errors:  ERR_INPUT: no such payment or invoice, another currency;
 *          ERR_REFUSED: nothing of it is left, or nothing is owed.
 */
#ifndef ENGINE_ALLOCATE_RUN_H
#define ENGINE_ALLOCATE_RUN_H

#include "engine/engine.h"

struct allocate_summary {
	int64_t	moved_minor, left_minor;
	char	currency[4];
};

struct allocate_request {
	const char	*creditor;	/* the id of purr.conf, "" for the only one */
	const char	*payment, *who;
	const char	*invoice;	/* NULL: the oldest open ones */
	bool		 returned;	/* what is left was paid back */
	const char	*as;		/* what the bank made of it in the invoice's currency:
					 * "100.00"; NULL: the currencies are the same */
};

/* One transaction. */
bool	allocate_run(struct engine *, const struct allocate_request *, instant_t now,
	    struct allocate_summary *, struct err *);

#endif
