/* analyse_beside.h - what stands beside the plain difference of shares in a flat table:
 * adjusted for covariates, by segment, and for arms whose shares moved.
 *
 * Source:  adjust.h, shrink.h, adaptive.h.  The fields: docs/analyse.md.
 * Memory:  new references; scratch on `ctx`.
 * Threads: pure after tail_start().
 */
#ifndef MEASURE_ANALYSE_BESIDE_H
#define MEASURE_ANALYSE_BESIDE_H

#include "measure/analyse_proportions.h"

/* How a row counts towards the share: not at all, not yet, or with its outcome. */
enum beside_row { BESIDE_OUT, BESIDE_WAITING, BESIDE_COUNTS };
enum beside_row	beside_read(const struct flat *, const struct proportions_options *, size_t at,
		    struct flat_row *, bool *paid);

/* Of an arm against the reference; null where the table lacks the columns. */
json_t	*beside_adjusted(void *ctx, const struct flat *, const struct proportions_options *,
	    size_t arm);
json_t	*beside_segments(void *ctx, const struct flat *, const struct proportions_options *,
	    size_t arm);
json_t	*beside_adaptive(void *ctx, const struct flat *, const struct proportions_options *,
	    size_t arm);

#endif
