/* contact.h - the life of one outgoing message, and its legal transitions.
 *
 *   planned --> armed --> sent --> delivered | bounced
 *      |          |---> unknown --> sent | failed      (a person, the provider)
 *      |          |---> failed
 *      |          '---> planned                        (try again later)
 *      '--> dropped                                    (paid, held, expired)
 *
 * `armed` is committed before the first byte leaves; `unknown` means that we
 * cannot know whether it arrived, and the engine never sends it again.
 * The store refuses every arrow that is not in contact_may_become().
 */
#ifndef MODEL_CONTACT_H
#define MODEL_CONTACT_H

#include <stdbool.h>

enum contact_state {
	CONTACT_PLANNED, CONTACT_ARMED, CONTACT_SENT, CONTACT_DELIVERED,
	CONTACT_BOUNCED, CONTACT_UNKNOWN, CONTACT_FAILED, CONTACT_DROPPED,
	CONTACT_STATES
};

/* What became of one try on the wire. */
enum send_outcome {
	SEND_TAKEN,	/* the provider has it */
	SEND_LATER,	/* certainly not taken; may be tried again */
	SEND_NEVER,	/* certainly not taken; trying again is useless */
	SEND_UNKNOWN,	/* it may or may not have been taken */
	SEND_OUTCOMES
};

const char	*contact_state_name(enum contact_state);
bool		 contact_state_parse(const char *, enum contact_state *);
bool		 contact_may_become(enum contact_state from, enum contact_state to);
bool		 contact_is_final(enum contact_state);
const char	*send_outcome_name(enum send_outcome);
bool		 send_outcome_parse(const char *, enum send_outcome *);

#endif
