/* tone_outcome.h - what became of an opening balance: paid, how much by which day, or gone.
 *
 * As it was known when the as-of day ended.  What is credited was not owed: that is neither
 * paid nor recovered.
 *
 * Units:   days of the creditor's zone; minor units.
 * Memory:  `tmp` is scratch of the caller.
 */
#ifndef ENGINE_TONE_OUTCOME_H
#define ENGINE_TONE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "measure/tone_report.h"
#include "store/history.h"

struct zone;

struct tone_following {
	struct store		*store;
	void			*tmp;
	const struct zone	*zone;		/* the creditor's */
	day_t			 as_of;
	int			 horizon_days;
	struct err		*err;
};

/* The day of an instant; DAY_NONE for 0 or behind as_of. */
day_t	tone_day_known(const struct zone *, day_t as_of, instant_t);

/* Fills opening_minor, paid_minor_by_h, paid_on and exit_on of a row that has none of them
 * yet, and by_day, horizon_days + 1 zeros. */
bool	tone_outcome_read(const struct tone_following *, const struct assignment_record *,
	    int64_t *by_day, struct tone_row *);

#endif
