/* analyse_survival.h - time to payment in a flat table, as one JSON document.
 *
 * One pass counts the rows by stratum, arm, day and kind of exit; everything
 * else is made from the counts, whatever the number of rows.
 *
 * Source:  incidence.h, km.h, logrank.h, cox.h.  The fields: docs/analyse.md.
 * Memory:  returns a new reference; counts on `ctx`.
 * Threads: tail_start() once before; pure after that.
 */
#ifndef MEASURE_ANALYSE_SURVIVAL_H
#define MEASURE_ANALYSE_SURVIVAL_H

#include "measure/flat.h"

#define SURVIVAL_DAYS_MAX 64

struct survival_options {
	int	day[SURVIVAL_DAYS_MAX];	/* at which the curves are read */
	size_t	day_count;
	int	tau;
	double	level;
	double	rho;			/* of the normal mixture; 0: no sequence */
	double	alpha;			/* of the sequence */
	bool	curves;			/* every day with an exit, too */
};

/* ERR_INPUT: more strata than COX_STRATA_MAX. */
json_t	*analyse_survival_make(void *ctx, const struct flat *,
	    const struct survival_options *, struct err *);

#endif
