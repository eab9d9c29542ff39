/* harm.h - arms of experiments that were stopped, and when an experiment was looked at.
 *
 * Stops only grow; the last word on an arm holds.
 *
 * Memory, threads, errors: as store.h.
 */
#ifndef STORE_HARM_H
#define STORE_HARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/date.h"

struct err;
struct store;

struct arm_stop {
	const char	*arm;
	bool		 stopped;	/* false: it goes on */
	instant_t	 at;
	const char	*who, *reason;
};

bool	harm_add_stop(struct store *, const char *experiment, const struct arm_stop *, struct err *);
/* The last word on each arm before that instant, where there was one, in order of their
 * names. */
bool	harm_stops(struct store *, void *ctx, const char *experiment, instant_t before,
	    struct arm_stop **, size_t *count, struct err *);
/* The arms that are stopped, by name. */
bool	harm_stopped(struct store *, void *ctx, const char *experiment, const char ***arms,
	    size_t *count, struct err *);
/* How often that person, or the engine, has stopped the arm. */
bool	harm_stopped_by(struct store *, const char *experiment, const char *arm, const char *who,
	    int64_t *times, struct err *);

/* DAY_NONE: never. */
bool	harm_looked_on(struct store *, const char *experiment, day_t *, struct err *);
bool	harm_look(struct store *, const char *experiment, day_t, struct err *);

/* The day of the first assignment; DAY_NONE: none. */
bool	harm_first_on(struct store *, const char *experiment, day_t *, struct err *);

/* A creditor whose debtors are in the experiment; 0: nobody is. */
bool	harm_creditor(struct store *, const char *experiment, int64_t *creditor_id, struct err *);

#endif
