/* book.h - the small changes that several moments share: an event with its
 * debtor, a decision, what a contact speaks of.
 *
 * All of them run inside the caller's transaction.
 */
#ifndef ENGINE_BOOK_H
#define ENGINE_BOOK_H

#include "engine/dossier.h"

#define BOOK_DATA_BYTES_MAX 2048

/* `fmt` makes the JSON data; texts in it must be free of quotes. */
bool	book_event(struct engine *, instant_t, const char *kind, const char *who,
	    const struct debtor_record *, int64_t contact_id, int64_t invoice_id,
	    struct err *, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 9, 10)));

/* A decision made on this dossier: its facts, its answer, the hashes of its
 * rules.  armed: it was the last look before the wire. */
bool	book_decision(struct engine *, const struct dossier *, const struct decision *,
	    bool armed, int64_t *id, struct err *);

/* What the decision's contact speaks of, by invoice id; a child of the context. */
struct contact_invoice_record	*book_listed(void *ctx, const struct dossier *,
				    const struct decision *, size_t *count);

/* What a contact speaks of: balances as of the dossier, and what it adds.  Rows
 * that are there and say the same are left alone. */
bool	book_listed_invoices(struct engine *, const struct dossier *,
	    const struct decision *, int64_t contact_id, struct err *);

#endif
