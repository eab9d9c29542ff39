/* cluster.h - several debts of a debtor become one row of that debtor.
 *
 * Debtors are randomised, not debts: a test that counts debts overstates the
 * sample, since the debts of a debtor are paid alike.  A share of debts is the
 * ratio of debtor totals, sum y / sum m, with the variance of ratio estimators
 * (amount.h), which is the cluster-robust one of the linear probability model
 * but for a factor n / (n - 1).
 *
 * Source:  W. G. Cochran, Sampling Techniques, 3rd ed. (1977), 6.13; below
 *          CLUSTER_Z_MIN debtors in an arm Student's t with the smaller number
 *          less 1 degrees of freedom.
 * Edges:   fewer than two debtors in an arm: no interval (tiny_n).
 * Threads: pure.
 */
#ifndef MEASURE_CLUSTER_H
#define MEASURE_CLUSTER_H

#include <stddef.h>
#include <stdint.h>

#include "measure/amount.h"

#define CLUSTER_Z_MIN 40

struct cluster_item {
	uint64_t	key;		/* of the debtor */
	size_t		arm;
	int64_t		m, y;		/* debts and paid ones, or owed and paid */
};

/* Sorts, adds up what is of one debtor and arm; returns how many are left. */
size_t	cluster_merge(struct cluster_item *, size_t count);

/* Of two arms' rates; one - zero. */
struct figure	cluster_difference(const struct amount_sums *one,
		    const struct amount_sums *zero, double level);

#endif
