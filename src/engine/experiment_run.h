/* experiment_run.h - what an experiment can find out here, and its start.
 *
 * A planned experiment (plan/assign.h) assigns nobody before it is started: then
 * its file is copied into the store and its hash, what was expected, and who
 * started it are written down, once.
 *
 * Memory:  *out is a new reference.
 * Errors:  ERR_REFUSED: no such experiment, no schedule that names it, none planned,
 *          started already, or a power below OUTLOOK_POWER_MIN without a reason.
 */
#ifndef ENGINE_EXPERIMENT_RUN_H
#define ENGINE_EXPERIMENT_RUN_H

#include <jansson.h>

#include "base/date.h"
#include "engine/engine.h"

/* tail_start() must have run. */
bool	experiment_outlook(struct engine *, void *ctx, const char *id, day_t as_of, json_t **out,
	    struct err *);
/* `reason`: why to start although it can hardly find out anything; NULL for none. */
bool	experiment_begin(struct engine *, void *ctx, const char *id, day_t as_of, const char *who,
	    const char *reason, instant_t now, json_t **out, struct err *);

#endif
