/* ratio_watch.c - see ratio_watch.h.  In logarithms: the factor itself leaves
 * the range of a double with a few thousand debtors; and by rising factorials,
 * since differences of logarithms of the gamma function lose their digits. */
#include "measure/ratio_watch.h"

#include <math.h>

#include <gsl/gsl_sf_gamma.h>

#define STIRLING_MIN 30		/* from here on four terms are exact to the last digit */

/* Stirling's series without its leading terms. */
static double correction(double a)
{
	const double s = 1 / (a * a);

	return (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s / 1680))) / a;
}

/* ln G(a + x) - ln G(a). */
static double log_rising(double a, double x)
{
	if (a < STIRLING_MIN)
		return gsl_sf_lngamma(a + x) - gsl_sf_lngamma(a);
	return (a - 0.5) * log1p(x / a) + x * (log(a + x) - 1) + correction(a + x) -
	    correction(a);
}

void ratio_watch_start(struct ratio_watch *w)
{
	*w = (struct ratio_watch){ .log_bf = 0, .p = 1 };
}

void ratio_watch_look(struct ratio_watch *w, const int64_t *counts, const double *weights,
    size_t arms, double concentration)
{
	double sum = 0, n = 0, log_bf;

	for (size_t i = 0; i < arms; i++) {
		sum += weights[i];
		n += (double)counts[i];
	}
	log_bf = -log_rising(concentration, n);
	for (size_t i = 0; i < arms; i++) {
		const double share = weights[i] / sum, prior = concentration * share;
		const double x = (double)counts[i];

		if (share <= 0 && counts[i] == 0)
			continue;
		if (share <= 0) {
			w->log_bf = (double)INFINITY;
			w->p = 0;
			return;
		}
		log_bf += log_rising(prior, x) - x * log(share);
	}
	w->log_bf = log_bf;
	w->p = fmin(w->p, exp(-log_bf));
}
