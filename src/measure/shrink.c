/* shrink.c - see shrink.h. */
#include "measure/shrink.h"

#include <math.h>

#include "measure/tail.h"

#define HALVINGS 200

struct pooled {
	double	weights, mean, q;
};

static struct pooled pool(const struct shrink_part *p, size_t count, double tau2)
{
	struct pooled out = { 0, 0, 0 };

	for (size_t i = 0; i < count; i++) {
		const double w = 1 / (p[i].se * p[i].se + tau2);

		out.weights += w;
		out.mean += w * p[i].estimate;
	}
	out.mean /= out.weights;
	for (size_t i = 0; i < count; i++)
		out.q += (p[i].estimate - out.mean) * (p[i].estimate - out.mean) /
		    (p[i].se * p[i].se + tau2);
	return out;
}

/* The spread at which the parts differ just as much as they should; 0: no more than
 * chance. */
static double paule_mandel(const struct shrink_part *p, size_t count)
{
	const double wanted = (double)count - 1;
	double lo = 0, hi = 1;

	if (pool(p, count, 0).q <= wanted)
		return 0;
	while (pool(p, count, hi).q > wanted)
		hi *= 2;
	for (int i = 0; i < HALVINGS && lo < hi; i++) {
		const double middle = lo + (hi - lo) / 2;

		if (middle == lo || middle == hi)
			break;
		if (pool(p, count, middle).q > wanted)
			lo = middle;
		else
			hi = middle;
	}
	return hi;
}

struct shrink shrink_make(struct shrink_part *p, size_t count)
{
	const double none = (double)NAN;
	struct shrink out = { count, none, none, none, none, none, none, none };
	struct pooled fixed, random;

	if (count < 2)
		return out;
	fixed = pool(p, count, 0);
	out.fixed_mean = fixed.mean;
	out.q = fixed.q;
	out.p = chisq_tail(fixed.q, (int)count - 1);
	out.i2 = fixed.q > 0 ? fmax(0, (fixed.q - ((double)count - 1)) / fixed.q) : 0;
	out.tau2 = paule_mandel(p, count);
	random = pool(p, count, out.tau2);
	out.mu = random.mean;
	out.mu_se = sqrt(1 / random.weights);
	for (size_t i = 0; i < count; i++) {
		const double s2 = p[i].se * p[i].se, b = s2 / (s2 + out.tau2);

		p[i].factor = b;
		p[i].shrunk = b * out.mu + (1 - b) * p[i].estimate;
		p[i].shrunk_se = sqrt((1 - b) * s2 + b * b / random.weights);
	}
	return out;
}
