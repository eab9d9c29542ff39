/* tone_look.h - the difference between two tones on each day that results came in,
 * with limits that hold on all of them together.
 *
 * Debtors mature in the order of their assignment, so each look counts a longer
 * prefix of them.  An experiment may be ended at the first look whose limits
 * exclude 0; looking daily then costs nothing.  No look is judged before each arm
 * has the numbers of tone_tally.h.
 *
 * Source:  sequence.h; with several epochs the difference is stratified.h's.  The
 *          width is set for the planned number: rho from the information that is
 *          expected there.
 * Edges:   no size planned: no looks.  An estimate without spread is no look.
 * Memory:  looks live on the context given.
 * Threads: pure after tail_start().
 */
#ifndef MEASURE_TONE_LOOK_H
#define MEASURE_TONE_LOOK_H

#include "measure/sequence.h"
#include "measure/tone_tally.h"

/* Of 5 in 100 false alarms, 1 is for ends before the plan's and 4 for that. */
#define TONE_ALPHA_PEEK 0.01
#define TONE_ALPHA_FINAL 0.04

struct tone_look {
	day_t		on;
	int64_t		n;
	double		estimate, se;
	struct sequence	limits;
	double		p;		/* the smallest so far */
	bool		judged;
};

struct tone_looks {
	struct tone_look	*at;
	size_t			 count;
	double			 alpha, rho;
	day_t			 crossed_on;	/* DAY_NONE */
	struct tone_look	 crossed;	/* the look of that day */
};

void	tone_looks_make(struct tone_looks *, void *ctx, const struct tone_plan *,
	    const struct tone_tally *, const struct tone_row *, size_t count, size_t arm);

#endif
