/* cox_rows.h - hazard ratios from rows: several covariates, and rows that belong
 * together.
 *
 * cox.h fits one arm from counts, whatever the number of rows; this one sorts the rows
 * once and sweeps over them backwards, O(rows x covariates^2) per step.
 *
 * Source:  ties: B. Efron, JASA 72 (1977) 557; errors that hold where the model does
 *          not, rows of one cluster summed: D. Lin, L. Wei, JASA 84 (1989) 1074;
 *          T. Therneau, P. Grambsch, Modeling Survival Data (2000), 7.2.  No factor for
 *          small samples.
 * Units:   whole days; covariates in any unit (they are centred inside).
 * Edges:   no events: no_events.  A covariate without spread, or without any among those at
 *          risk together, or that others explain, and rows that are all of one cluster:
 *          zero_variance.  No maximum: no_events_in_arm where all who died had the same of
 *          the only covariate, monotone_likelihood else; of one covariate that is decided
 *          before iterating, of several by an information that vanishes or a coefficient
 *          that runs away.
 * Memory:  scratch on the context given: 40 bytes a row and 8 per covariate.
 * Threads: pure.
 */
#ifndef MEASURE_COX_ROWS_H
#define MEASURE_COX_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/figure.h"

#define COX_TERMS_MAX 16

struct cox_rows {
	size_t		 count;
	const int32_t	*time;
	const bool	*event;
	const uint32_t	*stratum;		/* NULL: one */
	const uint64_t	*cluster;		/* NULL: each row by itself */
	const double	*x[COX_TERMS_MAX];
	size_t		 terms;
};

struct cox_term {
	double	coef, se, se_robust;
	double	ratio, lower, upper, p;		/* robust */
};

struct cox_many {
	struct cox_term	term[COX_TERMS_MAX];
	double		loglik_null, loglik;
	int64_t		n, events, clusters;
	enum reason	reason;
};

struct cox_many	cox_many_fit(void *ctx, const struct cox_rows *, double level);

#endif
