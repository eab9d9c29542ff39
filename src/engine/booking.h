/* booking.h - rows on their way into the store, one at a time.
 *
 * What debtors (intake_debtor.c), invoices (intake_invoice.c) and payments
 * (intake_payment.c) share; intake_run.c drives them, inside one transaction.
 *
 * A row that contradicts what is stored writes nothing and leaves a misfit:
 * that is an answer, not an error.
 *
 * Memory:  `tmp` dies with the row, the rest with booking_drop().
 */
#ifndef ENGINE_BOOKING_H
#define ENGINE_BOOKING_H

#include "engine/intake_run.h"
#include "store/register.h"

struct misfit {
	enum intake_field	 field;		/* that contradicts */
	char			 value_class[40];
	const char		*reason;	/* NULL: the row fits */
};

/* A debtor's account in one currency, to be made even when all rows are in. */
struct touched {
	int64_t		 debtor_id;
	char		 currency[CURRENCY_BYTES];
};

struct booking {
	struct engine			*engine;
	void				*ctx, *tmp;
	const struct cfg_creditor	*creditor;
	int64_t				 creditor_id;
	const struct profile		*profile;	/* NULL: a payment of a replay */
	instant_t			 now;
	day_t				 today;		/* in the creditor's zone */
	struct touched			*touched;
	size_t				 touched_count, touched_room;
	struct misfit			 misfit;
	struct intake_summary		*sum;
	struct err			*err;
};

bool	booking_init(struct booking *, struct engine *, int64_t creditor_id,
	    const struct profile *, instant_t now, struct intake_summary *, struct err *);
void	booking_drop(struct booking *);

/* `value` is described, not kept; NULL: an amount. */
void	booking_misfit(struct booking *, enum intake_field, const char *value,
	    const char *reason);

bool	booking_debtor(struct booking *, const struct debtor_row *, int64_t *id,
	    enum row_effect *);
bool	booking_invoice(struct booking *, const struct invoice_row *);
bool	booking_payment(struct booking *, const struct payment_row *);

/* The ledger says that a debtor is a consumer: nobody asks them for compensation. */
bool	booking_is_consumer(struct booking *, int64_t debtor_id);

/* Is there a schedule of that name, or "" for none?  Else a misfit. */
bool	booking_schedule_fits(struct booking *, const char *name);

void	booking_touch(struct booking *, int64_t debtor_id, const char *currency);
/* Behind the last invoice: of each account touched, credits are netted, money
 * that waited for an invoice finds it, and cases open and close. */
bool	booking_even(struct booking *);
/* Money of the debtor, or that names an invoice of the debtor, which has not
 * been placed so far. */
bool	booking_waiting(struct booking *, int64_t debtor_id);

#endif
