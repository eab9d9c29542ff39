/* intake_run.h - rows from outside become debtors, invoices, payments.
 *
 * A file is one transaction: all of it or nothing.  Rows are known by their
 * external id; the same row again changes nothing, a changed one updates.
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
 *                        for a person
 *
 * Days: a payment counts on its own day; the balance changes when it is booked.
 */
#ifndef ENGINE_INTAKE_RUN_H
#define ENGINE_INTAKE_RUN_H

#include "engine/engine.h"
#include "intake/intake.h"

struct intake_summary {
	int64_t	rows, fresh, changed, unchanged, closed;
	int64_t	unmatched;		/* payments that belong to no invoice yet */
};

/* `creditor`: the id of purr.conf.  Rows have passed intake/.  dry: books all
 * of it, counts, and takes it back. */
bool	intake_run(struct engine *, const char *creditor, const struct profile *,
	    const struct intake_result *, const char *file_hash, const char *profile_hash,
	    instant_t now, bool dry, struct intake_summary *, struct err *);

/* One row at a time, inside the caller's transaction (the replay's way). */
bool	intake_book_invoice(struct engine *, int64_t creditor_id, const struct profile *,
	    const struct invoice_row *, instant_t now, struct intake_summary *, struct err *);
bool	intake_book_payment(struct engine *, int64_t creditor_id, const struct payment_row *,
	    instant_t now, struct intake_summary *, struct err *);
/* The settings that a profile's creditor means; "": the only one there is. */
const struct cfg_creditor	*intake_settings(const struct engine *, const char *creditor,
				    struct err *);
bool	intake_creditor(struct engine *, const char *creditor, int64_t *id, struct err *);

#endif
