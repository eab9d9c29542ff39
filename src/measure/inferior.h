/* inferior.h - is a share no worse than the reference by more than a margin?
 *
 * Source:  C. P. Farrington, G. Manning, Stat. Med. 9 (1990) 1447: z at the
 *          margin with the variance of the restricted maximum-likelihood shares.
 *          Over strata with the weights of Mantel and Haenszel, the margin and these
 *          variances within each.
 * Units:   fractions; a margin of 0.03 is three points.
 * Edges:   nobody in an arm: NAN; a stratum with an empty arm drops out.
 * Threads: pure.
 */
#ifndef MEASURE_INFERIOR_H
#define MEASURE_INFERIOR_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/proportion.h"

struct inferior {
	double	z;
	double	p;			/* one-sided, of "worse by the margin or more" */
	double	restricted_one, restricted_zero;
};

/* `more_is_better`: the share of who paid; false: of complaints. */
struct inferior	inferior_test(struct share one, struct share zero, double margin,
		    bool more_is_better);
/* Its restricted shares are NAN: there is a pair for each stratum. */
struct inferior	inferior_strata(const struct share *one, const struct share *zero,
		    size_t strata, double margin, bool more_is_better);

#endif
