/* inferior.c - see inferior.h. */
#include "measure/inferior.h"

#include <math.h>

#include "measure/tail.h"

struct inferior inferior_test(struct share one, struct share zero, double margin,
    bool more_is_better)
{
	const double none = (double)NAN, by = more_is_better ? -margin : margin;
	struct inferior out = { none, none, none, none };
	const double n1 = (double)one.n, n0 = (double)zero.n;
	double p1, p0, q1, q0, se;

	if (one.n == 0 || zero.n == 0)
		return out;
	p1 = (double)one.x / n1;
	p0 = (double)zero.x / n0;
	q1 = restricted_share(p1, p0, n0 / n1, by);
	q0 = fmax(0, fmin(1, q1 - by));
	out.restricted_one = q1;
	out.restricted_zero = q0;
	se = sqrt(q1 * (1 - q1) / n1 + q0 * (1 - q0) / n0);
	if (se > 0) {
		out.z = (p1 - p0 - by) / se;
		out.p = normal_tail(more_is_better ? out.z : -out.z);
	}
	return out;
}

struct inferior inferior_strata(const struct share *one, const struct share *zero,
    size_t strata, double margin, bool more_is_better)
{
	const double none = (double)NAN, by = more_is_better ? -margin : margin;
	struct inferior out = { none, none, none, none };
	double beyond = 0, variance = 0;

	for (size_t i = 0; i < strata; i++) {
		const struct inferior in = inferior_test(one[i], zero[i], margin, more_is_better);
		const double n1 = (double)one[i].n, n0 = (double)zero[i].n;
		const double q1 = in.restricted_one, q0 = in.restricted_zero, w = n1 * n0 / (n1 + n0);

		if (one[i].n == 0 || zero[i].n == 0)
			continue;
		beyond += w * ((double)one[i].x / n1 - (double)zero[i].x / n0 - by);
		variance += w * w * (q1 * (1 - q1) / n1 + q0 * (1 - q0) / n0);
	}
	if (variance > 0) {
		out.z = beyond / sqrt(variance);
		out.p = normal_tail(more_is_better ? out.z : -out.z);
	}
	return out;
}
