/* adaptive.h - shares that change while the experiment runs, and what can be said then.
 *
 * Plain means of arms whose shares followed the results mislead.  With the chance of
 * each row's arm written down when it was assigned, the scores below are right on
 * average, whatever moved the shares.
 *
 * Source:  V. Hadad, D. Hirshberg, R. Zhan, S. Wager, S. Athey, PNAS 118 (2021): score
 *          m1 - m0 + T (Y - m1) / e - (1 - T) (Y - m0) / (1 - e), the means m from
 *          earlier days only, (sum + 1) / (count + 2).  W. R. Thompson, Biometrika 25
 *          (1933) 285 for the shares: the chance of each arm to be the best.
 * Units:   outcomes 0 or 1; e is the chance of arm one.
 * Edges:   a chance that is missing, 0 or 1: propensity_missing, no figure.
 * Threads: pure.
 */
#ifndef MEASURE_ADAPTIVE_H
#define MEASURE_ADAPTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/figure.h"

/* In order of assignment, each on a day of its own; or with days, in any order: then rows of
 * one day know nothing of each other. */
struct adaptive_row {
	int64_t	day;
	bool	one;
	double	y, e;
};

/* By day, then by what the rows say. */
void		adaptive_sort(struct adaptive_row *, size_t count);

struct adaptive {
	struct figure	naive;		/* means of the arms: not to be believed */
	struct figure	ipw, aipw, hajek;
};

struct adaptive	adaptive_make(const struct adaptive_row *, size_t count, double level);

#define THOMPSON_ARMS_MAX 16
#define THOMPSON_FLOOR 0.1

/* Chance of each arm to be the best, from Beta posteriors (a, b); by quadrature. */
void	thompson_best(const double (*posterior)[2], size_t arms, double *best);
/* Shares: who lies below the floor is set there, the others are scaled. */
void	thompson_shares(const double *best, size_t arms, double floor, double *shares);

#endif
