/* person_run.h - what somebody at the creditor writes down about a debtor: a complaint,
 * and that an address may be used again.
 *
 * A complaint is an event, a task, and peace until somebody has answered, as if the
 * debtor had written.  Reports count it (measure/tone_report.h).
 *
 * Inside the caller's transaction.
 * Errors:  ERR_INPUT: no such debtor.  ERR_REFUSED: nothing to allow again.
 */
#ifndef ENGINE_PERSON_RUN_H
#define ENGINE_PERSON_RUN_H

#include "engine/engine.h"
#include "model/word.h"
#include "store/register.h"

/* `creditor` "": the only one. */
bool	person_find(struct engine *, const char *creditor, const char *debtor, int64_t *debtor_id,
	    struct err *);

bool	person_complaint(struct engine *, int64_t debtor_id, const char *who, const char *text,
	    instant_t now, struct err *);

/* The debtor's addresses of a channel that were opted out of; `reason`: how the wish was
 * said. */
bool	person_allow(struct engine *, int64_t debtor_id, enum channel, const char *who,
	    const char *reason, instant_t now, struct err *);

/* A hold until somebody has had DESK_ANSWER_DAYS to answer; none where one of the
 * debtor's lasts as long. */
bool	person_peace(struct engine *, const struct debtor_record *, const char *reason,
	    instant_t now, struct err *);

#endif
