/* recover.h - what a worker left armed when it died, sorted by its wire journal.
 *
 *   outcome in the journal              -> recorded
 *   armed and not in the journal        -> never left: planned again
 *   in the journal without an outcome   -> unknown, to a person
 *   journal lost, or of another boot    -> the batch is unknown
 *
 * A worker's own leftovers are recovered at once when it starts (its journal is
 * locked, so no other process can be it); another worker's when its lease has
 * run out and no process holds its journal any more.
 */
#ifndef ENGINE_RECOVER_H
#define ENGINE_RECOVER_H

#include "engine/engine.h"

/* journal_lost: the worker's own had to be made anew. */
bool	recover_run(struct engine *, const char *journal_dir, const char *worker,
	    bool journal_lost, instant_t now, int64_t *recovered, struct err *);

#endif
