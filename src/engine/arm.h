/* arm.h - the last look at a contact before the wire.
 *
 * The decision is made anew on facts as of now.  Only when it gives the same
 * step of the same ladder over the same channel, for this very moment, is the
 * contact armed and its message written; else it is postponed to the hour
 * that the gate names, or dropped with the reason (paid, held, changed).
 *
 * One contact's trouble (ERR_INPUT, ERR_REFUSED: a text that is not there, a
 * zone that nobody knows) is undone and postpones that contact for an hour; a
 * person gets one task, of kind no_text or send_failed, with the error's text.
 */
#ifndef ENGINE_ARM_H
#define ENGINE_ARM_H

#include "engine/dossier.h"
#include "model/message.h"

enum arm_answer { ARM_ARMED, ARM_POSTPONED, ARM_DROPPED, ARM_GONE };

/* Inside the caller's transaction.  The message's texts are children of `ctx`.
 * dry: answers, writes nothing, makes no message. */
bool	arm_contact(struct engine *, void *ctx, int64_t contact_id,
	    const struct contact_lease *, instant_t now, bool dry, struct message *,
	    enum arm_answer *, struct err *);

#endif
