/* analyse_rows.h - hazard ratios of a flat table that need its rows, not its counts.
 *
 * Source:  cox_rows.h.  The fields: docs/analyse.md.
 * Memory:  a new reference.  Threads: pure.
 */
#ifndef MEASURE_ANALYSE_ROWS_H
#define MEASURE_ANALYSE_ROWS_H

#include "measure/flat.h"

/* An arm against the reference, adjusted for the covariates, errors by cluster; null
 * without covariates and clusters.  Rows whose covariate is missing are left out. */
json_t	*rows_cox_json(const struct flat *, size_t arm, double level);

#endif
