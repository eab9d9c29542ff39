/* plan_run.h - the plan: for each debtor whose case is to be looked at, decide,
 * and write one contact, or a wait with its reason and the next look.
 *
 * One short transaction per batch.  A second run at the same instant finds
 * nothing to look at and writes nothing.  A step is due or late, never lost;
 * the schema refuses a step that is taken already.
 *
 * One debtor's trouble (ERR_INPUT, ERR_REFUSED: a zone that nobody knows, a
 * schedule version that is gone) is that debtor's alone: what was begun for him
 * is undone, a person gets one task with the error's text, and the others are
 * planned.  Only the store's own trouble ends the run.
 */
#ifndef ENGINE_PLAN_RUN_H
#define ENGINE_PLAN_RUN_H

#include "engine/engine.h"

#define PLAN_SWEEP_CASES 65536	/* read at a time, planned by debtor's id */
#define PLAN_BATCH_DEBTORS 200
#define PLAN_FAILED_SECONDS 3600	/* look again at a debtor that could not be planned */
#define PLAN_MARGIN_MINUTES 30	/* stop queueing this long before a window closes */

struct plan_summary {
	int64_t	looked_at;	/* debtors */
	int64_t	contacts;	/* planned */
	int64_t	unapproved;	/* of them: those that wait for a second person */
	int64_t	waiting;
	int64_t	handed_over;	/* invoices */
	int64_t	nothing;
	int64_t	failed;		/* debtors that could not be planned: each has a task */
	int64_t	rows_written;
};

/* dry: decides everything, writes nothing (assignments neither).  ERR_REFUSED:
 * far more people than usual would be contacted (breaker.h); nothing is planned.
 * What needs approval is planned and waits (approve_run.h). */
bool	plan_run(struct engine *, instant_t now, bool dry, struct plan_summary *, struct err *);

#endif
