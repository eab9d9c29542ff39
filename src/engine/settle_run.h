/* settle_run.h - what people tell us becomes facts: holds begin and end,
 * promises, addresses that may not be used any more.
 *
 * Each call runs inside the caller's transaction, writes its event, drops what
 * is planned for the debtor and covered by it, and has the debtor looked at
 * again.  A creditor's hold drops nothing: the look before the wire stops each
 * contact, and a short pause loses no plan.
 *
 *   promise       a hold until the end of the promised day and
 *                 PROMISE_BANK_DAYS after it; a newer one replaces it
 *   hold          of any type, on an invoice, a case, a debtor, a creditor
 *   release       ends a hold now; tasks that it stood for are done
 *   opt-out       the address, for all debtors of that creditor who have it;
 *                 letters that the law asks for go on
 *   run           holds whose end has come are noticed once: an event, and when a
 *                 claimed payment has not been found a task, and peace until it is
 *                 done: the page promised that a person would write.
 *                 A debtor who waits for a person (parts, help, words, a complaint, an
 *                 invoice that never came: the task is open) keeps the hold that stands
 *                 for it, DESK_ANSWER_DAYS more each time
 *
 * When a hold has ended, the ladder adds the schedule's resume_days.
 *
 * Units:   instants in UTC seconds; civil days in the creditor's zone.
 * Errors:  as store.h; ERR_INPUT for what is not there.
 */
#ifndef ENGINE_SETTLE_RUN_H
#define ENGINE_SETTLE_RUN_H

#include "engine/engine.h"
#include "store/ledger.h"
#include "store/register.h"

#define PROMISE_DAYS_MAX 30		/* how far ahead a day may be promised */
#define PROMISE_BANK_DAYS 3		/* a transfer on its way */
#define PROMISES_MAX 2			/* within PROMISE_MEMORY_DAYS: then a person helps */
#define PROMISE_MEMORY_DAYS 60
#define SETTLE_BATCH_HOLDS 500

/* Words for people, "" for a hold that was not begun through a link: P-000123.
 * The number is the hold's id, so that a person can look it up. */
#define SETTLE_REFERENCE_BYTES 32
void	settle_reference(char kind, int64_t id, char out[SETTLE_REFERENCE_BYTES]);
bool	settle_reference_parse(const char *text, int64_t *id);	/* "P-000123" or "123" */

/* hold->from_at is now; hold->creditor_id always, the others by scope (an
 * invoice's or case's hold names its debtor too). */
bool	settle_hold(struct engine *, const struct hold_record *, instant_t now, int64_t *id,
	    struct err *);
bool	settle_release(struct engine *, int64_t hold_id, const char *who, instant_t now,
	    bool *released, struct err *);

/* May this debtor promise (again)? */
bool	settle_may_promise(struct engine *, int64_t debtor_id, instant_t now, bool *,
	    struct err *);
/* `pay_on` has been checked; `zone` is the creditor's. */
bool	settle_promise(struct engine *, const struct debtor_record *, const struct zone *,
	    day_t pay_on, const char *owner, instant_t now, struct hold_record *out,
	    struct err *);

bool	settle_opt_out(struct engine *, int64_t creditor_id, int64_t address_id,
	    const char *who, instant_t now, struct err *);

/* The address is the debtor's to use again, and everybody's who shares it. */
bool	settle_opt_in(struct engine *, int64_t creditor_id, int64_t address_id, const char *who,
	    const char *reason, instant_t now, struct err *);

/* The end of the peace in which a person is to answer: DESK_ANSWER_DAYS whole days. */
bool	settle_answer_end(struct engine *, int64_t creditor_id, instant_t now, instant_t *until,
	    struct err *);

/* A transaction of its own.  Writes nothing when no hold has ended since. */
bool	settle_run(struct engine *, instant_t now, struct err *);

#endif
