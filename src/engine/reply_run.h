/* reply_run.h - what somebody writes to us by himself, by SMS or e-mail.
 *
 * It is kept, word for word.  "Stop" closes the address at each creditor who has it, at
 * once, also for what is planned; the debt stays.  Anything else is a task for a person,
 * of the creditor whose message was answered, and until it is answered (DESK_ANSWER_DAYS
 * at most) the debtor is left in peace: he may just have explained.  Of a stranger
 * nothing but the words is kept.
 *
 * Errors:  as store.h.
 */
#ifndef ENGINE_REPLY_RUN_H
#define ENGINE_REPLY_RUN_H

#include "engine/engine.h"
#include "model/word.h"

struct reply {
	enum channel	 channel;
	const char	*provider, *provider_id;	/* together never twice */
	const char	*from, *to, *text;
	instant_t	 at;		/* when it was written; 0: not known */
	bool		 stop;
};

/* Inside the caller's transaction; the same reply again changes nothing. */
bool	reply_take(struct engine *, const struct reply *, instant_t now, struct err *);

#endif
