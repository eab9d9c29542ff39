/* outcome.h - what follows from one outcome of the wire: the contact's state,
 * the fee, the exposure, the event, the next look at the debtor.
 *
 * The live send and the recovery after a crash both end here, so that a fee is
 * booked exactly when its message really left.
 */
#ifndef ENGINE_OUTCOME_H
#define ENGINE_OUTCOME_H

#include "engine/engine.h"
#include "model/contact.h"

struct outcome {
	int64_t			 contact_id;
	const char		*token;
	enum send_outcome	 what;
	int			 code;
	const char		*provider_id, *detail;
	const char		*provider;	/* which took it or left it in doubt; NULL, "" */
	int32_t			 retry_after_seconds;	/* asked by the provider; never sooner than
						 * our own backoff */
	bool			 at_once;	/* nothing was tried: ready again */
	bool			 at_recipient;	/* it is the address that is no good */
	instant_t		 at;		/* when the wire knew; armed, where nobody did */
};

/* Inside the caller's transaction; nothing happens when the token is stale.
 * now: when it is written down, which after a crash is later than `at`.  The
 * contact, its fee and its exposure carry the day on which it left. */
bool	outcome_record(struct engine *, const struct outcome *, instant_t now,
	    bool *recorded, struct err *);

/* A person says what became of an unknown contact: it left when it was armed. */
bool	outcome_resolve(struct engine *, int64_t contact_id, bool was_sent, const char *who,
	    instant_t now, bool *resolved, struct err *);

#endif
