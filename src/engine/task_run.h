/* task_run.h - what needs a person: what debtors wrote, what the engine cannot
 * decide; read, and ticked off.
 *
 * Many tasks end by the act that they ask for: a released hold, an allocated
 * payment, a resolved outcome.  The rest end here.  Ticking a task off changes
 * nothing else: a hold that came with it stays until it is released.
 *
 * Memory:  records lie in the caller's talloc context.
 * Errors:  ERR_INPUT: there is no such task; ERR_REFUSED: it was done before.
 */
#ifndef ENGINE_TASK_RUN_H
#define ENGINE_TASK_RUN_H

#include "engine/engine.h"
#include "store/history.h"

/* Open ones, oldest first; `debtor` NULL: everybody's. */
bool	tasks_open(struct engine *, void *ctx, const char *debtor, struct task_record **,
	    size_t *, struct err *);

/* One transaction, with its event. */
bool	task_end(struct engine *, int64_t id, const char *who, instant_t now, struct err *);

#endif
