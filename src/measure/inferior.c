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
