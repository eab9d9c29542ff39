/* cost_ratio.h - what a recovered unit cost, and what is left of it.
 *
 * Ratio of means over debtors with two intervals: the delta method's, and Fieller's,
 * which stays right where the recovered amount is uncertain.
 *
 * Source:  E. C. Fieller, JRSS B 16 (1954) 175: the ratios t for which
 *          (C - t R)^2 <= z^2 var(C - t R), C and R the means.
 * Units:   costs and amounts in the same minor units.
 * Edges:   nothing recovered: zero_denominator.  The mean recovered not clearly above
 *          0 (mean^2 <= z^2 var): Fieller's limits are NAN, and `unclear` is set.
 *          Fewer than two debtors: no interval (tiny_n).
 * Threads: pure.
 */
#ifndef MEASURE_COST_RATIO_H
#define MEASURE_COST_RATIO_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/proportion.h"

struct cost_row {
	double	cost, recovered;
};

struct cost_ratio {
	struct figure	ratio;		/* cost per recovered unit */
	struct limits	fieller;
	bool		unclear;
	struct figure	net;		/* recovered - cost, per debtor */
};

struct cost_ratio	cost_ratio_make(const struct cost_row *, size_t count, double level);

/* 25 (mean of a 1 to 5 answer - 1), of those who answered, and what it would be with
 * all the silent ones at 0 and at 100. */
struct satisfaction {
	struct figure	index;
	double		worst, best;
};
struct satisfaction	satisfaction_make(const int *answers, size_t answered, size_t asked,
			    double level);

#endif
