/* inferior.c - see inferior.h. */
#include "measure/inferior.h"

#include <math.h>

#include "measure/tail.h"

/* The shares nearest to what was seen that differ by `by`: the root of a cubic
 * that lies between 0 and 1. */
static double restricted(double p1, double p0, double theta, double by)
{
	const double a = 1 + theta;
	const double b = -(1 + theta + p1 + theta * p0 + by * (theta + 2));
	const double c = by * by + by * (2 * p1 + theta + 1) + p1 + theta * p0;
	const double d = -p1 * by * (1 + by);
	const double v = b * b * b / (27 * a * a * a) - b * c / (6 * a * a) + d / (2 * a);
	const double under = b * b / (9 * a * a) - c / (3 * a);
	const double u = copysign(sqrt(fmax(0, under)), v);
	const double ratio = u == 0 ? 0 : fmax(-1, fmin(1, v / (u * u * u)));

	return 2 * u * cos((acos(-1.0) + acos(ratio)) / 3) - b / (3 * a);
}

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
	q1 = fmax(0, fmin(1, restricted(p1, p0, n0 / n1, by)));
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
