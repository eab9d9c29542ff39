/* cluster.c - see cluster.h. */
#include "measure/cluster.h"

#include <math.h>
#include <stdlib.h>

#include "measure/tail.h"

static int by_debtor(const void *left, const void *right)
{
	const struct cluster_item *a = left, *b = right;

	if (a->arm != b->arm)
		return a->arm < b->arm ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

/* Of amounts of at most 10^18 each; INT64_MAX where the sum has no room. */
static int64_t added(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

size_t cluster_merge(struct cluster_item *items, size_t count)
{
	size_t kept = 0;

	if (count == 0)
		return 0;
	qsort(items, count, sizeof(items[0]), by_debtor);
	for (size_t i = 1; i < count; i++)
		if (by_debtor(&items[kept], &items[i]) == 0) {
			items[kept].m = added(items[kept].m, items[i].m);
			items[kept].y = added(items[kept].y, items[i].y);
		} else {
			items[++kept] = items[i];
		}
	return kept + 1;
}

struct figure cluster_difference(const struct amount_sums *one, const struct amount_sums *zero,
    double level)
{
	const int64_t fewer = one->n < zero->n ? one->n : zero->n;
	struct figure f = figure_missing(REASON_TINY_N, "ratio_estimator");
	double point;

	f.level = level;
	f.n = one->n + zero->n;
	if (fewer == 0)
		f.reason = REASON_EMPTY_ARM;
	f.estimate = one->rate - zero->rate;
	if (fewer < 2 || !isfinite(f.estimate))
		return f;
	f.se = hypot(one->se_rate, zero->se_rate);
	f.reason = REASON_ZERO_VARIANCE;
	if (!(f.se > 0))
		return f;
	f.reason = REASON_NONE;
	if (fewer < CLUSTER_Z_MIN) {
		f.method = "ratio_estimator+t";
		point = student_point((1 - level) / 2, (double)fewer - 1);
		f.p = 2 * student_tail(fabs(f.estimate / f.se), (double)fewer - 1);
	} else {
		point = level_z(level);
		f.p = normal_two_sided(f.estimate / f.se);
	}
	f.lower = f.estimate - point * f.se;
	f.upper = f.estimate + point * f.se;
	return f;
}
