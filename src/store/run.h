/* run.h - runs that stopped and ask a person, previews that may be approved,
 * and the contacts that wait for one of the two.
 *
 * A contact that waits is planned; outbox_ripe() does not give it and
 * outbox_arm() refuses it until it is free.
 *
 * Units, memory, errors: as store.h.  Writing calls run inside the caller's
 * transaction.
 */
#ifndef STORE_RUN_H
#define STORE_RUN_H

#include <stddef.h>

#include "base/date.h"
#include "base/secret.h"
#include "store/store.h"

enum run_kind { RUN_APPROVAL, RUN_BREAKER };

struct run_record {
	int64_t		 id;		/* 0: there is none */
	enum run_kind	 kind;
	instant_t	 at;
	day_t		 planned_on;
	int64_t		 contacts, usual, allowed;
	instant_t	 approved_at;	/* 0: not yet */
	const char	*approved_by;
};

bool	run_add(struct store *, const struct run_record *, int64_t *id, struct err *);
bool	run_get(struct store *, void *ctx, int64_t id, struct run_record *, struct err *);
/* The breaker's run of a day. */
bool	run_of_day(struct store *, void *ctx, day_t, struct run_record *, struct err *);
/* Those that wait: for approval, and the breaker's from that day on. */
bool	run_open(struct store *, void *ctx, day_t from, struct run_record **, size_t *,
	    struct err *);
/* Stopped once more, with other figures: what was approved of it is used up. */
bool	run_stopped_again(struct store *, const struct run_record *, struct err *);
bool	run_approve(struct store *, int64_t id, instant_t, const char *who, bool *approved,
	    struct err *);
bool	run_count(struct store *, int64_t id, int64_t contacts, struct err *);

/* --- figures ----------------------------------------------------------------------- */

/* Contacts planned from one instant to another (exclusive), dropped ones left out. */
bool	run_planned_between(struct store *, instant_t from, instant_t to, int64_t *, struct err *);
/* When the last one before was planned, 0: none. */
bool	run_planned_before(struct store *, instant_t, instant_t *, struct err *);
/* When the first one was planned, from `since` on, that may be sent now; 0: none. */
bool	run_ripe_since(struct store *, instant_t now, instant_t since, instant_t *, struct err *);
bool	run_ripe_debtors(struct store *, instant_t now, int64_t *, struct err *);

/* --- contacts that wait ------------------------------------------------------------- */

bool	run_wait(struct store *, int64_t contact_id, int64_t run_id, struct err *);
bool	run_free(struct store *, int64_t contact_id, struct err *);
bool	run_free_all(struct store *, struct err *);
/* Those that wait and expire by then; INSTANT_MAX: all. */
bool	run_waiting(struct store *, void *ctx, instant_t expires, int64_t **ids, size_t *,
	    struct err *);

/* --- previews ------------------------------------------------------------------------- */

struct preview_record {
	const char	*id;		/* NULL: there is none */
	const char	*policy_hash, *author, *approved_by;
	instant_t	 made_at, expires_at, approved_at;
	int64_t		 contacts;
};

struct preview_contact {
	const char	*fingerprint, *step;
	int64_t		 debtor_id;
	int64_t		 owed_minor;	/* of all that it speaks of: no more was shown */
};

bool	run_put_preview(struct store *, const struct preview_record *, struct err *);
bool	run_put_preview_contact(struct store *, const char *preview_id,
	    const struct preview_contact *, struct err *);
bool	run_get_preview(struct store *, void *ctx, const char *id, struct preview_record *,
	    struct err *);
bool	run_previews(struct store *, void *ctx, instant_t now, struct preview_record **,
	    size_t *, struct err *);
bool	run_approve_preview(struct store *, const char *id, instant_t, const char *who,
	    bool *approved, struct err *);
/* Of previews that have run out only the head is kept. */
bool	run_forget_previews(struct store *, instant_t now, struct err *);

/* Is this contact in that preview; is another one for the same debtor and step? */
bool	run_preview_has(struct store *, const char *preview_id, const struct preview_contact *,
	    bool *has, bool *other, struct err *);
/* Is it in an approved preview that has not run out? */
bool	run_preview_covers(struct store *, const char *fingerprint, int64_t owed_minor,
	    const char *policy_hash, instant_t now, bool *, struct err *);
/* What a contact was approved as, "" for not; and what it asked for then. */
bool	run_approved_as(struct store *, int64_t contact_id, const char *hash,
	    int64_t owed_minor, struct err *);
bool	run_get_approved_as(struct store *, int64_t contact_id, char hash[HASH_HEX_BYTES],
	    int64_t *owed_minor, struct err *);
/* The contacts of the largest approved one in force between two instants, of
 * that policy ("": of any); 0: none. */
bool	run_preview_allows(struct store *, const char *policy_hash, instant_t from,
	    instant_t to, int64_t *, struct err *);

/* --- what the whole workspace has to do -------------------------------------------------- */

bool	run_task_is_open(struct store *, const char *kind, bool *, struct err *);
/* On the first creditor: a task that belongs to nobody else. */
bool	run_add_task(struct store *, const char *kind, const char *text, instant_t,
	    struct err *);
bool	run_end_tasks(struct store *, const char *kind, const char *who, instant_t, struct err *);

#endif
