/* adjust.h - a difference of means, adjusted for what was known before the assignment.
 *
 * Regression of the outcome on the arm, the covariates and their product with the arm,
 * covariates centred over both arms: the coefficient of the arm, with errors that stay
 * right where the spread differs (HC2).  And the simpler way with one covariate: the
 * outcome less what that covariate foretells of it, then Welch's comparison.
 *
 * Source:  W. Lin, Ann. Appl. Stat. 7 (2013) 295; J. MacKinnon, H. White, J.
 *          Econometrics 29 (1985) 305 for HC2; A. Deng, Y. Xu, R. Kohavi, T. Walker,
 *          WSDM (2013): theta = cov(Y, X) / var(X) over both arms.
 * Units:   outcomes and covariates in any unit.
 * Edges:   a missing covariate (NAN) becomes the mean of the others and gets an
 *          indicator; columns without spread, or that others explain (pivot below
 *          1e-10 of the column), drop out.  Fewer than ADJUST_ROWS_MIN rows per
 *          coefficient: no figure (tiny_n).
 * Memory:  scratch on the context given.
 * Threads: pure.
 */
#ifndef MEASURE_ADJUST_H
#define MEASURE_ADJUST_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/figure.h"

#define ADJUST_COVARIATES_MAX 16
#define ADJUST_ROWS_MIN 20

struct adjust_rows {
	size_t		 count;
	const bool	*one;		/* in the arm, else in the reference */
	const double	*y;
	const double	*x[ADJUST_COVARIATES_MAX];
	size_t		 covariates;
};

struct adjusted {
	struct figure	plain;		/* difference of means, sample variances */
	struct figure	lin;
	size_t		columns;	/* covariates that were kept, indicators included */
	struct figure	cuped;		/* with the first covariate */
	double		theta;
	double		r_squared;	/* of the outcome and that covariate: the gain */
};

struct adjusted	adjust_make(void *ctx, const struct adjust_rows *, double level);

#endif
