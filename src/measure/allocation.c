/* allocation.c - see allocation.h. */
#include "measure/allocation.h"

#include <math.h>

#include "measure/tail.h"

struct allocation allocation_check(const int64_t *observed, const double *weights,
    size_t arms)
{
	struct allocation a = { .df = -1, .chisq = (double)NAN, .p = (double)NAN };
	double weight = 0, sum = 0;

	for (size_t i = 0; i < arms; i++) {
		a.n += observed[i];
		weight += weights[i];
		a.df += weights[i] > 0;
		a.leak |= weights[i] <= 0 && observed[i] > 0;
	}
	for (size_t i = 0; i < arms; i++) {
		const double expected = (double)a.n * weights[i] / weight;
		const double gap = (double)observed[i] - expected;

		if (expected > 0)
			sum += gap * gap / expected;
	}
	if (a.leak) {
		a.chisq = (double)INFINITY;
		a.p = 0;
	} else if (a.n > 0 && a.df > 0) {
		a.chisq = sum;
		a.p = chisq_tail(sum, a.df);
	}
	a.broken = a.leak || (a.n >= ALLOCATION_DEBTORS_MIN && a.p < ALLOCATION_P_MIN);
	return a;
}
