/* allocation.h - do the numbers of debtors per arm fit the planned shares?
 *
 * A sample ratio that does not fit means that assignment or bookkeeping is
 * broken; effects computed on such data mislead whatever their p.
 *
 * Source:  K. Pearson's chi-square, df = arms - 1; the threshold of
 *          A. Fabijan et al., KDD 2019 (0.001), from 100 debtors on.
 * Edges:   no debtors, fewer than two arms with a share: no p (NAN).  A debtor
 *          in an arm without a share is a leak: chi-square infinite, p 0.
 * Threads: pure.
 */
#ifndef MEASURE_ALLOCATION_H
#define MEASURE_ALLOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALLOCATION_P_MIN 0.001
#define ALLOCATION_DEBTORS_MIN 100

struct allocation {
	double	chisq, p;
	int	df;
	bool	leak;		/* someone is in an arm without a share */
	bool	broken;		/* leak, or p < 0.001 with enough debtors */
	int64_t	n;
};

struct allocation	allocation_check(const int64_t *observed,
			    const double *weights, size_t arms);

#endif
