/* tone_merged.h - assigned units that turned out to be one.
 *
 * Two records may be found to be one person only after both were assigned.  Of units that
 * are one the earliest assignment is kept where all have the same arm; where they differ
 * none is compared, for the person has seen both.
 *
 * Memory:  the array is a child of `ctx`.
 * Errors:  of the store.
 */
#ifndef ENGINE_TONE_MERGED_H
#define ENGINE_TONE_MERGED_H

#include <stdbool.h>
#include <stddef.h>

#include "store/history.h"

/* (*out)[i]: list[i], which is ordered by id, is not to be compared. */
bool	tone_merged_find(struct store *, void *ctx, const char *experiment,
	    const struct assignment_record *list, size_t count, bool **out, struct err *);

#endif
