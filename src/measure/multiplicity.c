/* multiplicity.c - see multiplicity.h. */
#include "measure/multiplicity.h"

#include <math.h>
#include <stdbool.h>

#include "base/must.h"

/* The smallest not yet taken, or `count`. */
static size_t next_smallest(const double *p, const bool *taken, size_t count)
{
	size_t best = count;

	for (size_t i = 0; i < count; i++)
		if (!taken[i] && (best == count || p[i] < p[best]))
			best = i;
	return best;
}

void holm_adjust(const double *p, size_t count, double *adjusted)
{
	bool taken[FAMILY_MAX] = { false };
	double family = 0, reached = 0;

	must(count <= FAMILY_MAX);
	for (size_t i = 0; i < count; i++) {
		adjusted[i] = (double)NAN;
		taken[i] = isnan(p[i]);
		family += !taken[i];
	}
	for (size_t i; (i = next_smallest(p, taken, count)) < count; family--) {
		reached = fmax(reached, fmin(1, p[i] * family));
		adjusted[i] = reached;
		taken[i] = true;
	}
}

double bonferroni_level(double level, size_t count)
{
	return count == 0 ? level : 1 - (1 - level) / (double)count;
}
