/* check_pack.h - what `purr check` says about a rule pack and its schedules:
 * amounts without a value today, what the workspace laid over it, and texts
 * that lack what a rule asks them to hold.
 *
 * Memory:  the context given; what the sink gets lives during the call.
 */
#ifndef ENGINE_CHECK_PACK_H
#define ENGINE_CHECK_PACK_H

#include "base/date.h"
#include "engine/check_run.h"
#include "gate/pack.h"
#include "plan/schedule.h"

/* Notices: each charge that has no value on the day, with the way to set it;
 * each change that the workspace made, and whether it loosens. */
void	check_pack_values(void *ctx, const struct pack *, const char *path, day_t today,
	    bool aside, const struct check_sink *);

/* A notice, where a step that costs a fee may go over a channel that bears none. */
void	check_pack_fee(void *ctx, const struct pack *, const struct schedule *,
	    const struct schedule_step *, const char *path, bool aside,
	    const struct check_sink *);

/* A problem for each fact that a step's e-mail or letter must hold and no
 * variable of it does.  An SMS is a pointer to the page behind its link: of it
 * only a way to opt out is asked, and that as a notice. */
void	check_pack_contents(void *ctx, const struct pack *, const struct schedule *,
	    const struct schedule_step *, const char *path, const struct library *,
	    const struct check_sink *);

#endif
