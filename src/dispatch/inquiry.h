/* inquiry.h - a provider is asked what became of messages that are in doubt.
 *
 * A message is known again by a text that stands in no other: its own link.
 *
 *   twilio   lists what was sent to a number       46elks   the same
 *   kannel, gatewayapi   cannot be asked so: their reports must do
 *
 * "Not there" is said only of a list that went back behind the message's own moment, in
 * which nothing is hidden (an account may be set to forget texts or digits), and by an
 * account whose newest message can be read; a provider may take a while to list what it
 * has taken, so one such answer early is no
 * proof (engine/reconcile_run.h).
 *
 * Source:  twilio/twilio-oai, ListMessage; 46elks.com/docs/sms-history.
 * Units:   UTC seconds.
 * Memory:  answers' texts live on ctx.
 * Threads: none; it waits for the network, a few seconds at most per message.
 * Errors:  ERR_INPUT: the settings are wrong; ERR_SYSTEM: the event loop failed.
 */
#ifndef DISPATCH_INQUIRY_H
#define DISPATCH_INQUIRY_H

#include "dispatch/dispatch.h"

enum inquiry_answer {
	INQUIRY_SILENT,			/* no answer, or none that proves anything */
	INQUIRY_NOT_THERE,
	INQUIRY_ON_ITS_WAY, INQUIRY_DELIVERED, INQUIRY_FAILED
};

struct inquiry {
	int64_t			 contact_id;
	const char		*to;		/* E.164 */
	const char		*mark;		/* stands in its text, and in no other's */
	instant_t		 since;		/* it did not leave before */
	enum inquiry_answer	 answer;	/* what follows is the answer */
	const char		*provider_id;	/* "": none */
};

/* Can the provider of this name be asked? */
bool	inquiry_can_ask(const char *driver);

/* `way`: one that can be asked. */
bool	inquiry_ask(void *ctx, const struct dispatch_way *way, const struct dispatch_settings *,
	    struct inquiry *list, size_t count, struct err *);

#endif
