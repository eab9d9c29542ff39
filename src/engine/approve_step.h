/* approve_step.h - a person's yes to one step of one case, where the schedule
 * asks for it ("approval": true).
 *
 * The step must be due and wait; the yes is for this step, carried by the
 * invoice that carries it now, and for nothing after it.
 *
 * Errors:  ERR_REFUSED: nothing waits there.
 */
#ifndef ENGINE_APPROVE_STEP_H
#define ENGINE_APPROVE_STEP_H

#include <jansson.h>

#include "engine/engine.h"
#include "plan/schedule.h"

/* `step`: the id of what was approved. */
bool	approve_step(struct engine *, int64_t case_id, const char *who, instant_t now,
	    char step[SCHEDULE_WORD_BYTES], struct err *);

/* [{ case, debtor, schedule, step, due_on }]; the caller owns *out. */
bool	approve_step_list(struct engine *, instant_t now, json_t **out, struct err *);

#endif
