/* handover_case.h - everything about one case that was handed over, read from
 * the store (model/handover.h says what that is).
 *
 * Memory:  all of *out are children of `ctx`.
 */
#ifndef ENGINE_HANDOVER_CASE_H
#define ENGINE_HANDOVER_CASE_H

#include "engine/engine.h"
#include "model/handover.h"
#include "store/handover.h"

/* The claims are those of one case; at least one. */
bool	handover_case_read(struct engine *, void *ctx, const struct handover_claim *claims,
	    size_t count, instant_t now, struct handover_case *out, struct err *);

#endif
