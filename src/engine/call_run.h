/* call_run.h - a step of channel `call`: a task for an operator, and what came of it.
 *
 * When such a contact is due, no message leaves: a task is made, with what to say (the
 * letter's words of that step, in its tone and the debtor's language) and until when the
 * window is open.  The debtor is waited for until the operator has said what came of
 * it; after CALL_DAYS_MAX without a word the call counts as not made, and its step is
 * free again.
 *
 *   reached       it was talked about                     the step is taken
 *   voicemail     a word was left                         the step is taken
 *   unreachable   nobody answered                         the step is free; the second
 *                                                         time in a row closes the number
 *   not_received  the invoice never came                  taken; quiet, and a task to send it
 *   dispute       something is wrong                      taken; held until answered, a task
 *   paid          it has been paid                        taken; quiet for claim_days
 *   promise       it will be paid, with the day           taken; quiet until then
 *   wrong_person  the number is somebody else's           the step is free, the number closed,
 *                                                         for SMS, too
 *
 * A call that is overtaken while it waits is taken back (call_review.h).
 *
 * Errors:  ERR_REFUSED: no call that waits for a word.  ERR_INPUT: the day cannot be
 *          promised.
 */
#ifndef ENGINE_CALL_RUN_H
#define ENGINE_CALL_RUN_H

#include "engine/engine.h"
#include "store/outbox.h"

#define CALL_DAYS_MAX 3
#define CALL_TASK "call"		/* kind of its task */

enum call_outcome { CALL_REACHED, CALL_VOICEMAIL, CALL_UNREACHABLE, CALL_NOT_RECEIVED,
    CALL_DISPUTE, CALL_PAID, CALL_PROMISE, CALL_WRONG_PERSON, CALL_OUTCOMES };

const char	*call_outcome_name(enum call_outcome);
bool		 call_outcome_parse(const char *, enum call_outcome *);

struct call_word {
	enum call_outcome	 outcome;
	day_t			 on;		/* promise: the day; else DAY_NONE */
	const char		*note, *who;
};

/* Inside the caller's transaction. */
bool	call_told(struct engine *, int64_t contact_id, const struct call_word *, instant_t now,
	    struct err *);

/* The task of a call that is due; inside the transaction that records it. */
bool	call_task(struct engine *, const struct contact_record *, instant_t now, struct err *);

/* Calls that nobody made; a transaction of its own, which writes nothing when there are
 * none. */
bool	call_expire(struct engine *, instant_t now, struct err *);

#endif
