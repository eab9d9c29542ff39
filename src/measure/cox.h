/* cox.h - the hazard ratio of one arm against another, by Cox's model.
 *
 * One covariate: 1 in the arm under test, 0 in the reference; cause-specific.
 * From counts by day: risk sets, likelihood and the score residuals of all who
 * left on one day in one way are the same, so no row is looked at twice.
 *
 * Source:  D. R. Cox, JRSS B 34 (1972) 187.  Ties: B. Efron, JASA 72 (1977) 557.
 *          Robust variance: D. Y. Lin, L. J. Wei, JASA 84 (1989) 1074, debtors
 *          as rows, no small-sample factor.  Proportionality: score test of
 *          b g(t), g = log(t + 1) centred over the events, as cox.zph of R's
 *          survival 3.5.  Strata: sums over strata, one coefficient.
 * Edges:   decided before a step is taken: empty_arm; no_events_in_arm;
 *          zero_variance (the log-rank variance is 0); monotone_likelihood
 *          (among risk sets that hold both arms all events come from one arm:
 *          the likelihood has no maximum).
 * Units:   coef on the natural logarithm; limits of the ratio from the robust
 *          standard error.
 * Memory:  none.  Threads: pure.
 */
#ifndef MEASURE_COX_H
#define MEASURE_COX_H

#include <stddef.h>

#include "measure/incidence.h"

#define COX_STRATA_MAX 256

struct cox {
	double		coef, se, se_robust;
	double		ratio, lower, upper, p;
	double		loglik_null, loglik;
	double		zph_chisq, zph_p;	/* NAN: no test */
	int64_t		n, events;
	int		steps;
	enum reason	reason;
};

struct cox	cox_fit(const struct incidence *const *one, const struct incidence *const *zero,
		    size_t strata, double level);

#endif
