/* books.h - the whole ledger in order, row by row, for the reports.
 *
 * Rows live until the next call; `before` leaves out what was recorded at that instant
 * or later.
 *
 * Threads: as store.h.  Errors: ERR_SYSTEM, from the close.
 */
#ifndef STORE_BOOKS_H
#define STORE_BOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/date.h"
#include "store/query.h"
#include "store/store.h"

struct books_invoice_row {
	int64_t		 id, debtor_id;
	const char	*currency, *party;
	day_t		 issued_on, due_on;
};
void	books_open_invoices(struct query *, struct store *, struct err *);
bool	books_next_invoice(struct query *, struct books_invoice_row *);

struct books_entry_row {
	int64_t		 invoice_id, amount_minor;
	const char	*type;
	day_t		 value_on;
	instant_t	 booked_at;
};
void	books_open_entries(struct query *, struct store *, instant_t before, day_t until,
	    struct err *);
bool	books_next_entry(struct query *, struct books_entry_row *);

/* Of a contact, a task, a form, a rating or a promise: what it does not have is 0 or "". */
struct books_deed_row {
	int64_t		 id, debtor_id, contact_id;
	const char	*kind, *state, *zone;	/* kind: channel, kind or action */
	int64_t		 answer;		/* of a rating */
	int64_t		 parts;			/* of a contact: those of an SMS, else 1 */
	instant_t	 at, ended_at;		/* 0: not */
	day_t		 pay_on;
};
enum books_deed { BOOKS_CONTACT, BOOKS_TASK, BOOKS_FORM, BOOKS_RATING, BOOKS_PROMISE };
void	books_open_deeds(struct query *, struct store *, enum books_deed, instant_t before,
	    struct err *);
bool	books_next_deed(struct query *, enum books_deed, struct books_deed_row *);

#endif
