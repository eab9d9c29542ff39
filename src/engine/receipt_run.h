/* receipt_run.h - what a provider says became of a message.
 *
 *   on its way   kept, and nothing follows; but that the provider speaks of the
 *                message at all settles one whose outcome nobody knew
 *   delivered    the step counts from now on from its arrival
 *   failed       it came back: its step is free again, its fee is waived, the next
 *                look takes the next way; the second time in a row closes the address
 *   dead         the same, and the address is closed at once
 *
 * Once it was delivered or has come back, nothing that is said later changes it.
 * A report can be faster than our own note that the message left: it is kept and
 * applied when the note is made (receipt_catch_up).
 *
 * Errors:  as store.h.
 */
#ifndef ENGINE_RECEIPT_RUN_H
#define ENGINE_RECEIPT_RUN_H

#include "engine/engine.h"
#include "store/said.h"

#define RECEIPT_BOUNCES_MAX 2		/* in a row, and the address is closed */

/* Inside the caller's transaction.  ERR_INPUT: there is no such contact. */
bool	receipt_take(struct engine *, const struct receipt_record *, instant_t now, struct err *);

/* A person says that what was taken never left: as failed, and the address is not to blame. */
bool	receipt_never_left(struct engine *, int64_t contact_id, const char *who, instant_t now,
	    struct err *);

/* After a contact became `sent`. */
bool	receipt_catch_up(struct engine *, int64_t contact_id, instant_t now, struct err *);

#endif
