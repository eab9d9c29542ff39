/* tone_tally.h - the rows of a tone report, counted.
 *
 * One pass over the rows gives every count the report needs; what a row may
 * not be (an unknown arm, a payment before the assignment, an amount that is
 * not positive) is counted by reason and left out.
 *
 * A report can be made for any past day: what happened after as_of is treated
 * as not known yet.  Payments are booked up to `lag` days late, so the curve
 * watches each debtor up to as_of - lag only.
 *
 * Memory:  on the talloc context given.
 * Threads: pure.
 */
#ifndef MEASURE_TONE_TALLY_H
#define MEASURE_TONE_TALLY_H

#include <stdbool.h>

#include "measure/allocation.h"
#include "measure/amount.h"
#include "measure/cost_ratio.h"
#include "measure/incidence.h"
#include "measure/proportion.h"
#include "measure/sizes.h"
#include "measure/tone_report.h"

/* More rejected rows than one in this many withhold the result. */
#define TONE_REJECTED_ONE_IN 1000
/* No verdict before each arm has this many. */
#define TONE_MATURED_MIN 100
#define TONE_PAYERS_MIN 10
#define TONE_NONPAYERS_MIN 10

enum tone_reject { REJECT_ARM, REJECT_ORDER, REJECT_AMOUNT, REJECTS };

struct tone_arm_tally {
	int64_t			 assigned, exposed, exits;
	struct share		 share;		/* paid in full, of matured */
	int64_t			 part, nothing;	/* of matured: paid a part, or nothing */
	struct incidence	 curve;
	struct amount_row	*money;		/* matured only; share.n of them */
	struct amount_sums	 sums, capped;	/* the latter cut at the tally's cap */
	struct cost_row		*costs;		/* matured only; share.n of them */
	int64_t			 guard[TONE_GUARDS];	/* of matured */
	int64_t			 rating[TONE_RATING_MAX + 1];	/* of matured, by answer; 0: none */
	int64_t			 delivered;
	int64_t			 softened;	/* of the assigned */
	int64_t			 merged;	/* of the assigned */
	int64_t			 epoch_assigned[TONE_EPOCHS_MAX];
	struct share		 epoch_share[TONE_EPOCHS_MAX];
	struct share		 epoch_guard[TONE_GUARDS][TONE_EPOCHS_MAX];
};

struct tone_tally {
	int64_t			 rows;		/* given, without those of the future */
	int64_t			 rejected[REJECTS];
	int64_t			 merged;	/* of all arms */
	struct tone_arm_tally	 arm[TONE_ARMS_MAX];
	int			 horizon, lag;
	day_t			 first_result_on;	/* DAY_NONE: nobody waits */
	size_t			 epochs;	/* at least 1 */
	/* Who matured later is not counted: the planned end, or as_of. */
	day_t			 until;
	bool			 ended;		/* the planned number has matured */
	int64_t			 matured_all;	/* without that bound */
	day_t			 due_on;	/* of the planned number, at the rate so far;
						 * DAY_NONE: not to be told */
	struct allocation	 assigned[TONE_EPOCHS_MAX], matured[TONE_EPOCHS_MAX];
	double			 exposure_p;	/* the same share exposed in each arm? */
	double			 merged_p;	/* and left out as merged? */
	struct sizes		 sizes;		/* of all arms' matured */
	bool			 rejected_too_many;
	bool			 valid;		/* effects may be shown */
	bool			 enough;	/* verdicts may be given */
};

void		tone_tally_make(struct tone_tally *, void *ctx,
		    const struct tone_plan *, const struct tone_row *, size_t count);
const char	*tone_reject_name(enum tone_reject);
/* Of some of the rows, with the end that all of them have and the sizes; NULL: its own. */
void		tone_tally_part(struct tone_tally *, void *ctx, const struct tone_plan *,
		    const struct tone_row *, size_t count, day_t until,
		    const struct sizes *);
/* Is it in the figures?  Neither rejected nor merged with another. */
bool		 tone_row_counts(const struct tone_plan *, const struct tone_row *);
/* The first day on which the debtor's outcome is final. */
day_t		 tone_result_on(const struct tone_tally *, const struct tone_row *);
int		 tone_weight(const struct tone_plan *, size_t epoch, size_t arm);

#endif
