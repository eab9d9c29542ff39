/* intake.h - a file from outside to the rows of model/ledger.h.
 *
 * Two kinds of trouble are kept apart.  What is wrong with the file as a
 * whole (not CSV, cut off, another encoding, a column that is not there) is
 * the err: there are no rows then.  What is wrong with one row is a fault of
 * the result: the other rows are there, and whether they may be booked
 * without it is for the caller to say.
 *
 * An external id that stands in several rows is a fault of each of them:
 * which one is right cannot be known.
 *
 * Nothing here knows a database or the day.  The same bytes and profile give
 * the same result.
 *
 * Memory:  rows, texts and faults belong to `ctx`; on failure nothing is left
 *          there.  About 400 bytes for a row.
 * Errors:  ERR_INPUT or ERR_SYSTEM, "NAME: ...".
 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "intake/profile.h"
#include "model/ledger.h"

struct err;

struct intake_result {
	union {				/* by profile->what */
		struct invoice_row	*invoices;
		struct debtor_row	*debtors;
		struct payment_row	*payments;
		void			*rows;
	};
	size_t			 count;		/* rows without fault, in file order */
	struct row_fault	*faults;	/* by line */
	size_t			 fault_count;
	size_t			 read_count;	/* rows in the file */
	size_t			 rejected_count;	/* rows with a fault */
	size_t			 phone_doubt_count;	/* taken, in no known range */
	enum charset		 charset;	/* that the file was in */
	enum day_form		 date;		/* that it was read by; AUTO: no dates */
};

/* Each refuses a profile for another kind of file. */
bool	intake_invoices(void *ctx, const char *path, const struct profile *,
	    struct intake_result *, struct err *);
bool	intake_debtors(void *ctx, const char *path, const struct profile *,
	    struct intake_result *, struct err *);
bool	intake_payments(void *ctx, const char *path, const struct profile *,
	    struct intake_result *, struct err *);

/* A row that is right in itself and contradicts what the caller knows: its
 * fault, in the words of the profile, into a list; then the list, by line,
 * into the result.  The row stays among the rows, and is for the caller to
 * leave out and to count.  The new list belongs to `ctx`. */
struct fault_list;
void	intake_fault(struct fault_list *, const struct profile *, int line, enum intake_field,
	    const char *value_class, const char *reason);
void	intake_take_faults(void *ctx, struct intake_result *, const struct fault_list *);

/* The rows of a text in memory, of the kind that the profile is for. */
bool	intake_text(void *ctx, const char *name, struct view text, const struct profile *,
	    struct intake_result *, struct err *);

#endif
