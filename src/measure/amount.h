/* amount.h - money recovered, per debtor and per unit owed.
 *
 * Source:  difference of means: B. L. Welch, Biometrika 34 (1947) 28, unequal
 *          variances.  Rate: ratio estimator of debtor totals, r = sum y /
 *          sum m, se = sqrt(n/(n-1) sum (y - r m)^2) / sum m.
 * Units:   minor units of one currency; rates as fractions.
 * Edges:   fewer than two debtors: no interval (tiny_n).  Every amount equal
 *          in both arms: no interval and no p (zero_variance).  Nothing owed:
 *          no rate (zero_denominator).
 * Numbers: sums are taken in 128 bits; where one does not fit into 64 it stands there as
 *          INT64_MAX, and all that is reckoned from it is right all the same;
 *          spread is taken in a second pass over the rows, never as a sum of
 *          squares less the square of the sum.
 * Threads: pure.
 */
#ifndef MEASURE_AMOUNT_H
#define MEASURE_AMOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "measure/figure.h"

struct amount_row {
	int64_t	owed, paid;		/* >= 0; a cap on paid is the caller's */
};

struct amount_sums {
	int64_t	n, owed, paid;
	double	mean, se_mean;
	double	rate, se_rate;
};

/* In one order, so that the last digit of a sum does not depend on the rows'. */
void			amount_sort(struct amount_row *, size_t count);
struct amount_sums	amount_sums(const struct amount_row *, size_t count);
struct figure		amount_mean(const struct amount_sums *, double level);
struct figure		amount_rate(const struct amount_sums *, double level);
struct figure		amount_mean_difference(const struct amount_sums *one,
			    const struct amount_sums *zero, double level);

#endif
