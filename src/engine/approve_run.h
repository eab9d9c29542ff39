/* approve_run.h - a second person says yes, and what that sets free.
 *
 * Where purr.conf asks for approval ([approval] needed), a plan puts each
 * contact under a run that waits; it is planned and cannot be armed.  It is
 * free when a preview that holds it was approved, before or after the plan:
 *
 *   a preview      made by one person ('purr preview --by'), good for
 *                  [approval] hours, approved by another
 *   holds it       by its print, on the same ground (approve_print.h)
 *
 * Hours are no part of it: holds, consent and hours are read again before the wire as ever,
 * and so is the print: who pays a part meanwhile gets the message with the smaller sum, but
 * one that asks for more, or says it in other words, is dropped and waits anew.  What a
 * preview did not show is never freed by it.
 * A contact that nobody approved in time is dropped ("not_approved") and
 * planned anew.
 *
 * A run that the breaker stopped is approved by its number.
 *
 * Errors:  ERR_REFUSED with the reason: expired, changed, the author's own.
 */
#ifndef ENGINE_APPROVE_RUN_H
#define ENGINE_APPROVE_RUN_H

#include <jansson.h>

#include "engine/engine.h"
#include "store/outbox.h"

#define APPROVE_TASK "approval"
#define APPROVE_NAME_BYTES_MAX 64	/* of a person */

/* --- in a plan ------------------------------------------------------------------ */

struct approve_pass {
	int64_t	run;		/* 0: nothing waits so far */
	int64_t	waiting;
};
/* A contact was planned: it waits, or it does not.  In the plan's transaction. */
bool	approve_planned(struct engine *, struct approve_pass *, int64_t contact_id,
	    instant_t now, struct err *);
/* Those that nobody approved in time; a transaction of its own. */
bool	approve_expire(struct engine *, instant_t now, struct err *);

/* --- by a person; each a transaction of its own ------------------------------------ */

struct approve_answer {
	int64_t	freed;		/* contacts that waited */
	int64_t	waiting;	/* and those that still do */
};
bool	approve_preview(struct engine *, const char *id, const char *who, instant_t now,
	    struct approve_answer *, struct err *);
bool	approve_stopped(struct engine *, int64_t run_id, const char *who, instant_t now,
	    struct err *);

/* ERR_INPUT: no name, or one that an event cannot hold. */
bool	approve_name_check(const char *who, struct err *);
/* Two writings of one name. */
bool	approve_same_person(const char *, const char *);

/* { previews: [{ id, author, made_at, expires_at, contacts, approved_by|null }],
 *   runs: [{ id, kind, at, day, contacts, usual, allowed }], waiting }; a new
 * reference. */
bool	approve_list(struct engine *, instant_t now, json_t **out, struct err *);

#endif
