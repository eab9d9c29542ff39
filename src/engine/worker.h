/* worker.h - plan and send, minute after minute, until told to end.
 *
 * One pass: what has ended is settled, a plan pass, a send pass.  Then the
 * worker sleeps for WORKER_MINUTE_SECONDS, or WORKER_SOON_SECONDS after a pass
 * that had to sort out what a dead worker left.  SIGUSR1 starts the next pass
 * at once; SIGTERM and SIGINT end the worker after the batch under way, with
 * nothing left armed.
 *
 * A pass that fails is told on `log` and tried again: debtors' pages and the
 * other debtors must not suffer from one bad file.
 *
 * One name is held by one process: a lock file in journal/ for the life of the
 * process, and a lease in the store for machines that do not share the file.
 *
 * Threads: one; worker_run() blocks SIGTERM, SIGINT and SIGUSR1.
 * Errors:  ERR_REFUSED when the name is held by another; ERR_SYSTEM.
 */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include <stdio.h>

#include "engine/engine.h"
#include "engine/plan_run.h"
#include "engine/send_run.h"

#define WORKER_MINUTE_SECONDS 60
#define WORKER_SOON_SECONDS 2
#define WORKER_LEASE_SECONDS SEND_LEASE_SECONDS
#define WORKER_LOCK_WAIT_SECONDS 5	/* for a predecessor that is ending */

struct worker_options {
	const char	*name;
	bool		 once;		/* one pass; a failure is the answer */
	instant_t	 now;		/* 0: the machine's; else fixed */
	FILE		*log;		/* one line per pass that did something; NULL: none */
};

bool	worker_run(struct engine *, const struct worker_options *, struct err *);

#endif
