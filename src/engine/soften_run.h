/* soften_run.h - a person has the tone softened for one debtor: from then on toned
 * steps are written warmly, whatever the schedule or the arm says.
 *
 * The unit stays in its arm, and the report counts in how many of an arm it was so.
 * A message that is planned in another tone is given back before it leaves.
 */
#ifndef ENGINE_SOFTEN_RUN_H
#define ENGINE_SOFTEN_RUN_H

#include "engine/engine.h"

/* Inside the caller's transaction.  ERR_REFUSED when it is so already. */
bool	soften_run(struct engine *, int64_t debtor_id, bool soften, const char *who,
	    const char *reason, instant_t now, struct err *);

#endif
