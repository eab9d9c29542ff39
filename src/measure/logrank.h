/* logrank.h - do several arms pay at the same speed?
 *
 * Cause-specific where other exits compete: it speaks of the speed of payment
 * among those still in the process.  Counted by day, so a sweep over the days
 * is all there is to do.
 *
 * Source:  N. Mantel, Cancer Chemother. Rep. 50 (1966) 163: O - E over all event
 *          days, hypergeometric variance; arms - 1 degrees of freedom.
 *          Stratified: O, E and V are summed over the strata.
 * Edges:   no spread (nobody paid, or never with two arms at risk): chi-square
 *          and p NAN, zero_variance.  An arm without debtors drops out.
 * Memory:  by value.  Threads: pure.
 */
#ifndef MEASURE_LOGRANK_H
#define MEASURE_LOGRANK_H

#include <stddef.h>

#include "measure/incidence.h"

#define LOGRANK_ARMS_MAX 16

struct logrank {
	size_t		arms;
	double		observed[LOGRANK_ARMS_MAX], expected[LOGRANK_ARMS_MAX];
	double		variance[LOGRANK_ARMS_MAX][LOGRANK_ARMS_MAX];
	int64_t		n[LOGRANK_ARMS_MAX];
	int		df;
	double		chisq, p;
	enum reason	reason;
};

/* logrank_start(), then once per stratum, then logrank_finish(). */
void	logrank_start(struct logrank *, size_t arms);
void	logrank_stratum(struct logrank *, const struct incidence *const *arms);
void	logrank_finish(struct logrank *);

#endif
