/* figure.h - one number of a report with everything that must stand beside it.
 *
 * A part that does not exist is NAN here and null in JSON, with the reason; a
 * report never prints 0, NaN or infinity for "not known".
 *
 * Memory:  by value; figure_json() returns a new reference.
 * Threads: pure.
 */
#ifndef MEASURE_FIGURE_H
#define MEASURE_FIGURE_H

#include <stdint.h>

#include <jansson.h>

#define FIGURE_LEVEL 0.95

/* Why (part of) a figure is missing, or must not be judged. */
enum reason {
	REASON_NONE,
	REASON_NOT_MATURED,		/* nobody's horizon is over yet */
	REASON_EMPTY_ARM,		/* nobody was assigned to the arm */
	REASON_NO_EVENTS,		/* nobody paid in either arm: no p */
	REASON_ALL_EVENTS,		/* everybody paid in both arms: no p */
	REASON_RATIO_UNDEFINED,		/* a zero cell: no risk ratio */
	REASON_TINY_N,			/* fewer than 10 in an arm: no verdict */
	REASON_ZERO_VARIANCE,		/* all amounts equal: no interval, no p */
	REASON_ZERO_DENOMINATOR,	/* nothing was owed: no rate */
	REASON_BEYOND_FOLLOW_UP,	/* nobody was watched that long */
	REASON_WITHHELD,		/* a health check is red */
	REASON_NOT_REACHED,		/* the curve never comes that far */
	REASON_NO_EVENTS_IN_ARM,	/* no hazard ratio: one arm has no event */
	REASON_MONOTONE,		/* ... nor where, among debtors still there in
					 * both arms, all events come from one */
	REASON_PROPENSITY_MISSING,	/* the chance of the arm was not written down */
	REASON_NOT_RECORDED,		/* the store does not hold it */
	REASON_SEVERAL_EPOCHS,		/* shares of several epochs are never pooled */
};

#define TINY_N_DEBTORS 10

struct figure {
	double		 estimate, lower, upper;
	double		 se;
	double		 level;		/* of the interval; 0: FIGURE_LEVEL */
	double		 p, p_adjusted;
	int64_t		 n, events;	/* < 0: does not apply */
	const char	*method;	/* constant text */
	enum reason	 reason;
};

const char	*reason_name(enum reason);	/* "" for none */

/* Everything missing, for this reason. */
struct figure	 figure_missing(enum reason, const char *method);

/* {estimate, lower, upper, level, se, p, p_adjusted, n, events, method, reason} */
json_t		*figure_json(const struct figure *);

/* A real, or null when it is not finite. */
json_t		*real_json(double);

#endif
