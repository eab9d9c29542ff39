/* handover_time.h - the timeline of a case that was handed over: what happened,
 * and for each message the rules that were asked before it left, in words.
 *
 * The words of a decision are made by deciding again with the facts and the
 * rules of its day (decided.h).
 */
#ifndef ENGINE_HANDOVER_TIME_H
#define ENGINE_HANDOVER_TIME_H

#include "base/zone.h"
#include "engine/engine.h"
#include "model/handover.h"
#include "store/register.h"

/* "2026-09-21 14:05" there. */
const char	*handover_when(void *ctx, const struct zone *, instant_t);

/* Sets moments and moment_count; invoices and messages are known. */
bool	handover_time_read(struct engine *, void *ctx, const struct debtor_record *,
	    const struct zone *, struct handover_case *, struct err *);

#endif
