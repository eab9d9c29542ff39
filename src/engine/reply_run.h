/* reply_run.h - what somebody writes to us by himself, by SMS or e-mail.
 *
 * It is kept, word for word.  "Stop" closes the address at each creditor who has it, at
 * once, also for what is planned; the debt stays.  Anything else is a task for a person,
 * of the creditor whose message was answered, and until it is answered (DESK_ANSWER_DAYS
 * at most) the debtor is left in peace: he may just have explained.
 *
 * Who answers a message of ours from an address that the ledger has not, or has as somebody
 * else's, is heard as that message's debtor: his words are a task that names the address,
 * and "stop" is words, too, since nothing says whose address would be closed.  Of a
 * stranger nothing but the words is kept.
 *
 * Errors:  as store.h.
 */
#ifndef ENGINE_REPLY_RUN_H
#define ENGINE_REPLY_RUN_H

#include "engine/engine.h"
#include "model/word.h"
#include "store/said.h"

struct reply {
	enum channel	 channel;
	const char	*provider, *provider_id;	/* of one sender never twice */
	const char	*from, *to, *text;
	int64_t		 answered;	/* the contact, by its own secret; 0: not known */
	instant_t	 at;		/* when it was written; 0: not known */
	bool		 stop;
	bool		 rest;		/* more stands in the message than in `text` */
};

/* Inside the caller's transaction; the same reply again changes nothing. */
bool	reply_take(struct engine *, const struct reply *, instant_t now, struct err *);

/* What is no debtor's, harmless to print; newest first, at most 1000. */
bool	reply_strangers(struct engine *, void *ctx, struct stranger_record **, size_t *count,
	    struct err *);

#endif
