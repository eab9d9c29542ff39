/* intake_run.h - rows from outside become debtors, invoices, payments.
 *
 * The files of one call are one transaction: all of them or nothing.  Rows are
 * known by their external id; the same row again changes nothing, a changed
 * one updates.
 *
 *   amount changed       a principal entry of the difference
 *   open amount changed  an allocation entry of the difference (when the
 *                        profile says that the open amount tells what is owed)
 *   credit               credited to the invoice it names, else to the oldest
 *                        open ones of that debtor and currency, those that
 *                        come later too; what is left stays on the credit and
 *                        stops the ladder (netting.h)
 *   missing              closed, where the profile says that files are full
 *                        and no row was rejected; reopened when it comes again
 *   disputed             a dispute hold of owner "ledger", released when the
 *                        mark is gone
 *   payment              to the invoice it names by number or reference; what
 *                        is left, to whatever it pays exactly; else it waits
 *                        for a person.  Money that names an invoice which is
 *                        not there goes nowhere else; it finds the invoice when
 *                        that is imported
 *   contradiction        a known invoice with another debtor, currency or type,
 *                        a known payment with another amount or currency, a
 *                        time zone that nobody knows: a fault of that row
 *
 * Days: a payment counts on its own day; the balance changes when it is booked.
 */
#ifndef ENGINE_INTAKE_RUN_H
#define ENGINE_INTAKE_RUN_H

#include "engine/engine.h"
#include "intake/intake.h"

#define INTAKE_LEFT "left the ledger"	/* source of the entry that closes */

struct intake_summary {
	int64_t	fresh, changed, unchanged, closed;
	int64_t	unmatched;		/* payments that belong to no invoice yet */
	int64_t	found;			/* that had waited, and found theirs now */
};

struct intake_file {
	struct intake_result	rows;	/* takes the faults that the store knows of */
	char			hash[HASH_HEX_BYTES];
};

struct intake_orders {
	const struct profile	*profile;
	const char		*profile_hash;
	bool			 skip_rejected;	/* book the other rows */
	bool			 dry;		/* book all of it, count, take it back */
	instant_t		 now;
};

/* Books files in their order.  Where a row is rejected, here or before, and
 * such rows are not to be skipped, nothing is written, and *sum is zero; the
 * result is still true, and `rows` of each file tell.
 *
 * Memory:  faults that are added belong to `ctx`. */
bool	intake_run(struct engine *, void *ctx, const struct intake_orders *,
	    struct intake_file *, size_t count, struct intake_summary *, struct err *);

/* One row at a time, inside the caller's transaction (the replay's way); a
 * contradiction is ERR_REFUSED here. */
bool	intake_book_invoice(struct engine *, int64_t creditor_id, const struct profile *,
	    const struct invoice_row *, instant_t now, struct intake_summary *, struct err *);
bool	intake_book_payment(struct engine *, int64_t creditor_id, const struct payment_row *,
	    instant_t now, struct intake_summary *, struct err *);
/* The settings that a profile's creditor means; "": the only one there is. */
const struct cfg_creditor	*intake_settings(const struct engine *, const char *creditor,
				    struct err *);
bool	intake_creditor(struct engine *, const char *creditor, int64_t *id, struct err *);

#endif
