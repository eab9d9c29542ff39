/* km.h - Kaplan and Meier's curve, its quantiles and its area.
 *
 * Counted by day as in incidence.h; every exit but the event is a censoring
 * here, so where disputes or hand-overs end the reminding the curve overstates
 * the share that pays: incidence.h is the headline, this one is for work on
 * one cause and for tables without other exits.
 *
 * Source:  E. L. Kaplan, P. Meier, JASA 53 (1958) 457.  Variance: Greenwood,
 *          S^2 sum d / (n (n - d)).  Limits on ln(-ln S): S^exp(-+ z g / ln S),
 *          g = sqrt(sum d / (n (n - d))).  Area (restricted mean): P. Royston,
 *          M. Parmar, BMC Med. Res. Methodol. 13 (2013) 152,
 *          var = sum A_j^2 d_j / (n_j (n_j - d_j)), A_j the area from t_j to
 *          tau.  Quantile: the first day with S <= 1 - q; where S is 1 - q on a
 *          flat stretch, its middle (to the last day anyone was watched, where it
 *          goes on so long); limits by inverting those of the curve.
 * Units:   days since assignment; events come before censorings of a day.
 * Edges:   S = 1 or 0: no log-log limits; Wilson's where nobody was censored
 *          before.  Beyond the last day the curve exists only where nobody was
 *          left uncertain (beyond_follow_up).  A quantile that is not reached
 *          is NAN (not_reached).  Nobody: empty_arm.
 * Memory:  none.  Threads: pure.
 */
#ifndef MEASURE_KM_H
#define MEASURE_KM_H

#include "measure/incidence.h"

/* 1 - S(day), the share with the event by then. */
struct figure	km_at(const struct incidence *, int day, double level);

/* q = 0.5: the median. */
struct figure	km_quantile(const struct incidence *, double q, double level);

/* Mean days without the event within the first tau. */
struct figure	km_area(const struct incidence *, int tau, double level);

/* one / zero, on the logarithm. */
struct figure	figure_ratio(const struct figure *one, const struct figure *zero);

#endif
