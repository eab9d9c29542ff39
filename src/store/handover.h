/* handover.h - what the export of claims reads: those that left the ladder and
 * were not exported yet, what was written to their debtors, what was booked.
 *
 * Units, memory, errors: as store.h.
 */
#ifndef STORE_HANDOVER_H
#define STORE_HANDOVER_H

#include <stddef.h>

#include "base/date.h"
#include "base/money.h"
#include "model/word.h"
#include "store/store.h"

struct handover_claim {
	int64_t		invoice_id, case_id, debtor_id, creditor_id;
	instant_t	at;		/* when it left the ladder, the last time */
};

/* Handed over since an instant and still owed, by case and due date; without
 * those that were exported, unless `again`, and those that are on hold now. */
bool	handover_claims(struct store *, void *ctx, instant_t since, bool again, instant_t now,
	    struct handover_claim **, size_t *, struct err *);
bool	handover_mark(struct store *, int64_t invoice_id, instant_t, struct err *);
/* It was not, after all. */
bool	handover_unmark(struct store *, int64_t invoice_id, struct err *);

/* Contacts of a case that left, oldest first. */
bool	handover_contacts(struct store *, void *ctx, int64_t case_id, int64_t **ids, size_t *,
	    struct err *);

/* The words of a contact as they leave. */
bool	handover_put_text(struct store *, int64_t contact_id, const char *subject,
	    const char *content, struct err *);
/* "" where none was kept. */
bool	handover_get_text(struct store *, void *ctx, int64_t contact_id, const char **subject,
	    const char **content, struct err *);

/* A debtor's claims that left the ladder and are still owed, by due date. */
struct handover_left {
	const char	*number, *subject;
	char		 currency[CURRENCY_BYTES];
	int64_t		 balance_minor;
	instant_t	 exported_at;	/* 0: not written out yet */
	const char	*reference;
};
bool	handover_left(struct store *, void *ctx, int64_t debtor_id, struct handover_left **,
	    size_t *, struct err *);

/* What a debtor told us in words, as the task for a person kept it; oldest first. */
struct said_words {
	instant_t	 at;
	const char	*text;
};
bool	handover_words(struct store *, void *ctx, int64_t debtor_id, struct said_words **,
	    size_t *, struct err *);

struct booked_entry {
	enum entry_type	 type;
	int64_t		 amount_minor;
	day_t		 value_on;
	const char	*source;
};
bool	handover_entries(struct store *, void *ctx, int64_t invoice_id, struct booked_entry **,
	    size_t *, struct err *);

#endif
