/* fault.h - named places at which a test can have the process killed.
 *
 * The promise "nobody gets a message twice" is about what is left when the
 * process dies between two lines.  A test sets PURR_DIE_AT=NAME or
 * PURR_DIE_AT=NAME:N and the process sends itself SIGKILL when it passes that
 * point for the first (the N-th) time: no handler runs, no buffer is flushed,
 * exactly as after `kill -9`.
 *
 * The points, in the order of one contact's way:
 *
 *   before-commit    any transaction, nothing of it committed    (store)
 *   after-commit     any transaction, committed, caller unaware   (store)
 *   before-arm       facts re-read, nothing committed            (engine)
 *   after-arm        `armed` committed, nothing else             (engine)
 *   before-journal   armed, wire journal does not know it        (dispatch)
 *   after-journal    begun in the journal, nothing on the wire   (dispatch)
 *   mid-wire         first bytes handed to the network: SMTP at the first
 *                    read of the body (after DATA), HTTP when the request is
 *                    written, file driver between write and rename, a
 *                    made-up provider before it is asked   (net, dispatch)
 *   before-second    the first provider has surely not taken it, the second was
 *                    not asked yet                             (dispatch)
 *   after-wire       the provider answered, journal does not know (dispatch)
 *   after-outcome    outcome in the journal, database does not know (dispatch)
 *
 * Without the variable a point costs one comparison.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

void	fault_point(const char *name);

/* Is death to come at this point?  For a place that is dear to watch. */
bool	fault_is_set(const char *name);

/* A simulation's death is inside the process: from the N-th passing of the
 * point on nothing reaches the disk or the wire, since the doors to both (the
 * store's transactions, the wire journal, the driver) ask fault_is_dead()
 * first.  The caller then drops all state, revives, and opens everything anew. */
void	fault_will_die(const char *name, long passes);
void	fault_revive(void);		/* also calls off a death that has not come */
bool	fault_is_dead(void);

#endif
