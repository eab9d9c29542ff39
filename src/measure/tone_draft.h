/* tone_draft.h - what the parts of a tone report share while it is made; private to
 * the tone_*.c files.
 *
 * Memory:  the functions return new references.
 * Threads: pure.
 */
#ifndef MEASURE_TONE_DRAFT_H
#define MEASURE_TONE_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/json_make.h"
#include "base/str.h"
#include "measure/tone_look.h"
#include "measure/tone_tally.h"

enum guard_state { GUARD_OPEN, GUARD_HOLDS, GUARD_FAILS };

struct draft {
	void			*ctx;		/* dies with the report's making */
	const struct tone_plan	*plan;
	const struct tone_row	*row;
	size_t			 count;
	const struct tone_row	*all;		/* with those held out, who are in no arm */
	size_t			 all_count;
	struct tone_tally	 tally;
	struct tone_looks	 looks[TONE_ARMS_MAX];	/* where a size was planned */
	enum guard_state	 guard_state[TONE_GUARDS][TONE_ARMS_MAX];
	bool			 harmful;	/* a tone should stop */
	struct tone_tally	*by_epoch;	/* one each, where there are several */
};

json_t	*words_json(struct str *);		/* releases it */
/* A figure of an effect: withheld when a health check is red. */
json_t	*effect_json(const struct draft *, struct figure);
json_t	*limits_json(const struct draft *, struct limits, double level);
/* What one tally says of an arm against the reference. */
typedef struct figure contrast_fn(const struct tone_tally *, size_t arm, size_t reference,
	    int day);
/* The same, within each epoch and combined with the weights n1 n0 / (n1 + n0). */
struct figure	 over_epochs(const struct draft *, size_t arm, int day, contrast_fn *);
bool	 is_reference(const struct draft *, size_t arm);

json_t	*tone_primary_json(struct draft *);	/* needs the guardrails */
json_t	*tone_sequential_json(struct draft *);	/* null where no size was planned */
json_t	*tone_time_json(const struct draft *);
json_t	*tone_recovery_json(const struct draft *);
json_t	*tone_finance_json(const struct draft *);
json_t	*tone_guardrails_json(struct draft *);
json_t	*tone_satisfaction_json(const struct draft *);
json_t	*tone_adjusted_json(const struct draft *);
json_t	*tone_balance_json(const struct draft *);	/* a health check */
json_t	*tone_drift_json(const struct draft *);
json_t	*tone_segments_json(const struct draft *);
json_t	*tone_programme_json(const struct draft *);	/* null where nobody is held out */
/* By limits that hold at every look; of several epochs each in itself, together at that
 * level, weighed by the arm's debtors. */
bool	 tone_is_harmful(const struct draft *, int guard, size_t arm, double margin);
/* The drawings' titles and axes, from the finished object. */
json_t	*tone_charts_json(const json_t *report);

#endif
