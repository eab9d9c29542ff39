/* books.h - the ledger and what was done about it, as the reports read it.
 *
 * Everything as it was known on one day: nothing later is in here.  Rows are in
 * order of their numbers, entries of an invoice by value day.
 *
 * Units:   civil days in each creditor's zone; minor units; amounts of one currency are
 *          never added to another's.
 * Memory:  of whoever filled it.
 */
#ifndef MEASURE_BOOKS_H
#define MEASURE_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"

struct book_entry {
	day_t	on;
	int64_t	minor;			/* as it moves the balance: a payment is below 0 */
	bool	charge;			/* fee, interest and what waives them */
	bool	payment;		/* money; not a credit, not a write-off */
	bool	sale;			/* what was invoiced */
	bool	credit;			/* what was found not to be owed */
	int64_t	booked_at;		/* UTC seconds */
};

struct book_invoice {
	int64_t		 id, debtor;
	const char	*currency;
	int		 party;		/* of the debtor, as model/word.h counts them */
	day_t		 issued_on, due_on;	/* issued_on DAY_NONE: not known */
	size_t		 entry, entry_count;	/* into books.entries */
};

struct book_contact {
	int64_t		 id, debtor;
	const char	*channel, *state;
	day_t		 sent_on;	/* DAY_NONE: never left */
	int64_t		 cost;		/* millionths of a currency unit */
};

struct book_task {
	int64_t		 debtor, contact;	/* 0: none */
	const char	*kind;
	day_t		 made_on;
	double		 hours;		/* until it was done; NAN: open */
	double		 open_hours;	/* of an open one, so far */
};

/* What a debtor did on the page. */
struct book_form {
	int64_t		 contact, debtor;
	const char	*action;
	day_t		 on;
};

/* The last answer to "how did we treat you?" by one link, 1 to 5. */
struct book_rating {
	int64_t	contact, debtor;
	int	answer;
	day_t	on;
};

struct book_promise {
	int64_t	debtor;
	day_t	made_on, pay_on;
	int64_t	made_at;		/* UTC seconds */
	int64_t	owed_minor;		/* when it was made, of what it was about */
	int64_t	paid_minor;		/* of that, by pay_on and the booking lag */
	bool	released;		/* taken back before it was due */
};

struct books {
	day_t				 as_of;
	int				 lag_days;	/* that bookings take */
	const struct book_invoice	*invoices;
	size_t				 invoice_count;
	const struct book_entry		*entries;
	const struct book_contact	*contacts;
	size_t				 contact_count;
	const struct book_task		*tasks;
	size_t				 task_count;
	const struct book_form		*forms;
	size_t				 form_count;
	const struct book_rating	*ratings;
	size_t				 rating_count;
	const struct book_promise	*promises;
	size_t				 promise_count;
	const char			*cost_currency;
	int64_t				 task_cost;	/* millionths */
};

#define BOOKS_CURRENCIES_MAX 32

/* The currencies in use, in alphabetical order; how many. */
size_t	books_currencies(const struct books *, const char *out[BOOKS_CURRENCIES_MAX]);

#endif
