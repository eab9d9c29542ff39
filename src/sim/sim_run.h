/* sim_run.h - an engine among made-up people, day by day, in accelerated time.
 *
 * The workspace is a scratch one.  Import, plan, send, settle and the desk are
 * the live ones; only the clock, the people (people.h, habit.c) and the
 * provider are made up, all from the seed.  Each day has SIM_STEPS passes of a
 * worker, put where windows open and close, around the change of clocks, and
 * at odd times; people act between them.
 *
 * With faults the machine also dies at named points (base/fault.h) and starts
 * again from disk and wire journal, providers refuse and delay, clocks step,
 * days are missed, a worker sleeps past its lease, settings change (trouble.c).
 *
 * The answer, one object, the same for the same options on every machine:
 *   seed, debtors, days, with_faults, first_day, last_day
 *   invoices, decisions, contacts, passes, recovered
 *   states, channels, steps, tones     contacts by each
 *   answers     { taken, later, never, unknown }: of the provider
 *   acts        what people did, by kind
 *   replies     { act: { outcome: count } }: through the link
 *   faults      what went wrong, by kind
 *   violations  [{ rule, subject }]: the engine's own quick list
 *
 * Units:   days in the first creditor's zone.
 * Memory:  *out is a new reference.
 * Errors:  as the engine's; a simulated death is none.
 */
#ifndef SIM_SIM_RUN_H
#define SIM_SIM_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/date.h"

struct err;
struct profile;

#define SIM_DEBTORS_MAX 1000000
#define SIM_DAYS_MAX 1000

struct sim_options {
	int32_t		 debtors;
	int		 days;
	uint64_t	 seed;
	bool		 faults;
	const char	*dir;		/* of the workspace: new or empty */
	const char	*like;		/* a workspace whose policy is taken, or none */
	const struct profile *profile;	/* of invoices, balances by payments */
	void		(*progress)(day_t today, day_t last);	/* NULL: none */
};

bool	sim_run(void *ctx, const struct sim_options *, json_t **out, struct err *);

#endif
