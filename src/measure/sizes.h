/* sizes.h - what the largest debtors make of the money.
 *
 * Amounts have heavy tails: one large debtor can carry a mean.  So every amount is also cut
 * at the pooled 99.5th percentile of what was owed, which was known before anybody was
 * assigned.
 *
 * Source:  nearest rank (R's quantile type 1): the smallest amount that 99.5 % of the
 *          debtors do not exceed; below 200 debtors the largest.
 * Units:   minor units of one currency; shares as fractions.
 * Threads: pure.
 */
#ifndef MEASURE_SIZES_H
#define MEASURE_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/amount.h"

#define SIZES_CAP_PERCENTILE 0.995
#define SIZES_LARGE_SHARE 0.30

struct sizes {
	int64_t	cap;			/* INT64_MAX: nobody owed anything */
	bool	cuts;			/* somebody owed more than that */
	double	largest_1_percent;	/* their part of all that was owed; NAN: nothing was */
	bool	few_carry_it;		/* it is above SIZES_LARGE_SHARE */
};

/* Sorts them. */
struct sizes		sizes_look(int64_t *owed, size_t count);
struct amount_row	sizes_cut(const struct amount_row *, int64_t cap);

#endif
