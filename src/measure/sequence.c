/* sequence.c - see sequence.h. */
#include "measure/sequence.h"

#include <math.h>

#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_lambert.h>

#define HALVINGS 200

double sequence_rho(double planned_information, double alpha)
{
	return planned_information / (-gsl_sf_lambert_Wm1(-alpha * alpha / exp(1)) - 1);
}

struct sequence sequence_look(double estimate, double se, double rho, double alpha)
{
	const double none = (double)NAN, v = 1 / (se * se), z = estimate / se;
	struct sequence s = { none, none, none, none, none };
	double spread;

	if (!(se > 0) || !(rho > 0))
		return s;
	s.information = v;
	s.log_e = log(rho / (v + rho)) / 2 + z * z * v / (v + rho) / 2;
	s.p = fmin(1, exp(-s.log_e));
	spread = se * sqrt((1 + rho / v) * (log1p(v / rho) - 2 * log(alpha)));
	s.lower = estimate - spread;
	s.upper = estimate + spread;
	return s;
}

/* --- rare harms ------------------------------------------------------------------- */

static double log_e_of(struct share s, double p)
{
	const double x = (double)s.x, y = (double)(s.n - s.x);

	return gsl_sf_lnbeta(1 + x, 1 + y) - (s.x > 0 ? x * log(p) : 0) -
	    (s.n > s.x ? y * log1p(-p) : 0);
}

/* The edge of the shares that are not refuted, between one that is and one that
 * is not. */
static double edge(struct share s, double refuted, double kept, double limit)
{
	for (int i = 0; i < HALVINGS; i++) {
		const double middle = (refuted + kept) / 2;

		if (log_e_of(s, middle) < limit)
			kept = middle;
		else
			refuted = middle;
	}
	return kept;
}

struct limits rare_limits(struct share s, double alpha)
{
	const double limit = -log(alpha), seen = s.n > 0 ? (double)s.x / (double)s.n : 0.5;

	return (struct limits){ s.x == 0 ? 0 : edge(s, 0, seen, limit),
	    s.x == s.n ? 1 : edge(s, 1, seen, limit) };
}
