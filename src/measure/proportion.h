/* proportion.h - shares, and the difference between two of them.
 *
 * Index 1 is the arm under test, 0 the reference; differences are 1 minus 0.
 *
 * Source:  share: E. B. Wilson, JASA 22 (1927) 209.  Difference:
 *          R. G. Newcombe, Stat. Med. 17 (1998) 873, method 10, no continuity
 *          correction.  p: pooled z; Fisher's exact test (two-sided, the sum
 *          of all tables that are no more probable than the one seen, as R
 *          does) when an expected cell is below 5.  Cross-check: A. Agresti,
 *          B. Caffo, Am. Stat. 54 (2000) 280.  Ratio: Wald on the log scale.
 * Units:   fractions 0..1.
 * Edges:   the Wilson limit is exactly 0 at x = 0 and exactly 1 at x = n.
 *          No debtor in an arm: everything missing (not_matured).  Nobody or
 *          everybody paid in both arms: the interval exists, p does not
 *          (no_events, all_events).  Fewer than 10 in an arm: figures are
 *          given, with Fisher's p and reason tiny_n, which forbids a verdict.
 *          A zero cell, or a full arm with no events opposite: no ratio.
 * Limits:  counts up to 2^52; Fisher's test takes as many steps as the
 *          smaller margin.
 * Threads: pure.
 */
#ifndef MEASURE_PROPORTION_H
#define MEASURE_PROPORTION_H

#include <stdint.h>

#include "measure/figure.h"

struct share {
	int64_t	x, n;			/* 0 <= x <= n */
};

struct limits {
	double	lower, upper;
};

struct limits	wilson_limits(struct share, double z);
struct limits	newcombe_limits(struct share one, struct share zero, double z);
struct limits	agresti_caffo_limits(struct share one, struct share zero, double z);
/* Exact, wide: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404. */
struct limits	clopper_limits(struct share, double level);
/* By the score test: O. Miettinen, M. Nurminen, Stat. Med. 4 (1985) 213. */
struct limits	miettinen_limits(struct share one, struct share zero, double z);
/* The maximum-likelihood share of the first arm where the two are held `by` apart;
 * theta: debtors of the second arm per one of the first. */
double		restricted_share(double p1, double p0, double theta, double by);
double		pooled_z_p(struct share one, struct share zero);	/* NAN: no spread */
double		fisher_p(struct share one, struct share zero);

struct figure	share_figure(struct share, double level);
struct figure	share_difference(struct share one, struct share zero, double level);
struct figure	share_ratio(struct share one, struct share zero, double level);

#endif
