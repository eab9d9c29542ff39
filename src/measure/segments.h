/* segments.h - the difference between two arms in parts of the debtors, pulled towards
 * what the parts have in common.
 *
 * Parts with fewer than 50 debtors or 5 payers in an arm are put together as "other",
 * behind those that stand by themselves.
 *
 * Source:  shrink.h, proportion.h.
 * Memory:  a new reference.
 * Threads: pure after tail_start().
 */
#ifndef MEASURE_SEGMENTS_H
#define MEASURE_SEGMENTS_H

#include <jansson.h>

#include "measure/proportion.h"

struct segment_counts {
	const char	*name;
	struct share	 one, zero;
};

/* {q, p, i2, tau2, mu, mu_se, no_sign_of_difference, parts: [{segment, difference,
 * shrink_factor, shrunk, shrunk_se}]}; sorts and gathers what is given. */
json_t	*segments_json(struct segment_counts *, size_t count, double level);

#endif
