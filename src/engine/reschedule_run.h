/* reschedule_run.h - running cases, moved on purpose to the version of their
 * schedule that stands in the workspace's file.
 *
 * A case stays on the version it began with (docs/schedules.md) until somebody
 * says otherwise; this says it.  Steps are the same where they have the same
 * id, or where the new version says which id a step had ("was"): what was
 * taken is never taken again.  A case whose last step the new version does not
 * know is left where it is, and told.
 *
 * What is planned is looked at again before it leaves, as always: a contact
 * that the new version would not make is dropped then.
 *
 * Errors:  ERR_INPUT: no such schedule in the workspace.
 */
#ifndef ENGINE_RESCHEDULE_RUN_H
#define ENGINE_RESCHEDULE_RUN_H

#include <jansson.h>

#include "engine/engine.h"

struct reschedule_request {
	const char	*schedule;	/* name of the file, without its ending */
	int64_t		 case_id;	/* 0: not of one case only */
	int64_t		 debtor_id;	/* 0: not of one debtor only */
	const char	*who;
	bool		 dry;		/* say what would change, change nothing */
};

/* { schedule, version, moved, left, cases: [{ case, debtor, currency, from,
 *     moved, reason|"", before: { step, due_on }, after: { step, due_on } }] }
 * before and after tell the next step of the oldest invoice and the first day
 * on which it may be taken by the schedule; null: none is left.
 * The caller owns *out. */
bool	reschedule_run(struct engine *, const struct reschedule_request *, instant_t now,
	    json_t **out, struct err *);

#endif
