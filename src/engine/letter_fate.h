/* letter_fate.h - what becomes of a letter that the print house took.
 *
 *   posted      the step counts on from when it was taken
 *   delivered   from its arrival
 *   returned    the step is free again, its fee waived, the address closed
 *   stuck       it lies there and is not printed (too many pages, an address that cannot be
 *               read).  Somebody may mend it there, so it is neither sent nor not: reminders
 *               are held and a task tells a person.  When it is posted after all they go on
 *               by themselves; when it never will be, a person says so
 *
 * A letter that is none of ours is somebody else's at the same house: nothing follows.
 *
 * Errors:  as store.h.
 */
#ifndef ENGINE_LETTER_FATE_H
#define ENGINE_LETTER_FATE_H

#include "engine/engine.h"
#include "inbound/letter_hook.h"

/* Inside the caller's transaction. */
bool	letter_fate_take(struct engine *, const char *provider, const struct letter_report *,
	    instant_t now, struct err *);
/* A stuck letter will not be sent. */
bool	letter_fate_never(struct engine *, int64_t contact_id, const char *who, instant_t now,
	    bool *resolved, struct err *);

#endif
