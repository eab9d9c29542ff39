/* outlook.h - what a look ahead asks of the copy that it lives in: when
 * something happens next, what was planned, who was left in peace and why.
 *
 * Units, memory, errors: as store.h.  Writing calls run inside the caller's
 * transaction.
 */
#ifndef STORE_OUTLOOK_H
#define STORE_OUTLOOK_H

#include <stddef.h>

#include "store/history.h"
#include "store/store.h"

/* The first instant at which a case is to be looked at, a contact may be sent
 * or a hold ends; INSTANT_MAX: never. */
bool	outlook_next(struct store *, instant_t *, struct err *);

/* The last contact and event so far. */
struct outlook_mark {
	int64_t	contact, event;
};
bool	outlook_mark(struct store *, struct outlook_mark *, struct err *);
bool	outlook_planned_since(struct store *, void *ctx, int64_t contact, int64_t **ids,
	    size_t *, struct err *);

/* Debtors with an open case whom nothing was sent to since then, by the result
 * of their last decision ("wait:not_due"), "" for none. */
bool	outlook_quiet(struct store *, void *ctx, instant_t since, struct word_count **, size_t *,
	    struct err *);

struct handed_over {
	int64_t		debtor_id, invoices;
	instant_t	at;
};
bool	outlook_handed_over(struct store *, void *ctx, int64_t event, struct handed_over **,
	    size_t *, struct err *);

/* Schedule versions that open cases run on, and putting those on another. */
bool	outlook_schedules(struct store *, void *ctx, char ***hashes, size_t *, struct err *);
bool	outlook_move_cases(struct store *, const char *from_hash, const char *to_hash,
	    struct err *);
bool	outlook_wake_all(struct store *, instant_t at, struct err *);

#endif
