/* analyse_proportions.h - the share paid by arm in a flat table, as one JSON
 * document.
 *
 * A debtor counts when assigned + horizon + lag <= the as-of day, whatever the
 * outcome; paid on the horizon's last day counts as paid.  With a column of 0
 * and 1 instead of days everybody counts.
 *
 * Source:  proportion.h, stratified.h, inferior.h, multiplicity.h.  The fields:
 *          docs/analyse.md.
 * Memory:  returns a new reference; counts on `ctx`.
 * Threads: tail_start() once before; pure after that.
 */
#ifndef MEASURE_ANALYSE_PROPORTIONS_H
#define MEASURE_ANALYSE_PROPORTIONS_H

#include "measure/flat.h"

struct proportions_options {
	int	horizon, lag;
	double	level;
	double	margin;			/* 0: no test of non-inferiority */
	double	rho;			/* of the normal mixture; 0: no sequence */
	double	alpha;			/* of the sequence */
	double	floor;			/* of each share in the next week; 0: not asked for */
	bool	binary;			/* the table has times (a status) only */
};

json_t	*analyse_proportions_make(void *ctx, const struct flat *,
	    const struct proportions_options *);

#endif
