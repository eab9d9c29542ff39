/* tone_rows.h - an experiment's assignments as the rows that measure/ counts.
 *
 * Reads one moment of the store, whatever workers write meanwhile.
 *
 * Units:   days of the creditor's zone; minor units of the currency of most
 *          assignments, who owe in another are counted in the plan's `others` alone.
 * Memory:  children of `ctx`.
 * Errors:  ERR_REFUSED: nobody was assigned, or several experiments and none named.
 */
#ifndef ENGINE_TONE_ROWS_H
#define ENGINE_TONE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"
#include "engine/engine.h"
#include "measure/tone_report.h"

struct err;

struct tone_rows {
	struct tone_row		*rows;
	size_t			 count;
	struct tone_plan	 plan;
};

/* `experiment` NULL: the only one. */
bool	tone_rows_read(struct engine *, void *ctx, const char *experiment, day_t as_of,
	    bool no_true_effect, struct tone_rows *, struct err *);
/* Nothing but what guardrails count: arm, days, what happened.  Inside the caller's
 * transaction. */
bool	tone_rows_read_guards(struct engine *, void *ctx, const char *experiment, day_t as_of,
	    struct tone_rows *, struct err *);

#endif
