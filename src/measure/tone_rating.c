/* tone_rating.c - how people say that they were treated, by arm: the "satisfaction" of
 * the object.
 *
 * Of matured debtors, the last answer by the horizon.  Who answers chooses himself: so
 * the share that answered stands beside each index, and what the index would be with
 * all the silent at 0 and at 100; and where the arms did not answer equally often, their
 * difference says that it cannot be compared.
 *
 * Source:  cost_ratio.h (the index), amount.h (Welch's difference).
 * Edges:   nobody answered in an arm: the reason "no_events", and no verdict.
 */
#include <math.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/cost_ratio.h"
#include "measure/inferior.h"
#include "measure/tone_draft.h"
#include "measure/tone_words.h"

#define MARGIN_POINTS 5.0		/* of 100: as much lower does not matter */
#define RATED_P_MIN 0.01		/* answered as often in both arms? */

static struct share answered_of(const struct tone_arm_tally *a)
{
	return (struct share){ a->share.n - a->rating[0], a->share.n };
}

static struct satisfaction satisfaction_of(const struct draft *d, size_t arm, double level)
{
	const struct tone_arm_tally *a = &d->tally.arm[arm];
	const size_t asked = (size_t)a->share.n, answered = (size_t)answered_of(a).x;
	int *answers = talloc_array(d->ctx, int, (unsigned)answered + 1);
	struct satisfaction out;
	size_t n = 0;

	must(answers != NULL);
	for (int score = 1; score <= TONE_RATING_MAX; score++)
		for (int64_t i = 0; i < a->rating[score]; i++)
			answers[n++] = score;
	out = satisfaction_make(answers, answered, asked, level);
	talloc_free(answers);
	return out;
}

static struct figure difference_of(const struct draft *d, size_t arm)
{
	const struct figure one = satisfaction_of(d, arm, TONE_INFERIOR_LEVEL).index;
	const struct figure zero = satisfaction_of(d, d->plan->reference, TONE_INFERIOR_LEVEL).index;
	const struct amount_sums s1 = { .n = one.n, .mean = one.estimate, .se_mean = one.se };
	const struct amount_sums s0 = { .n = zero.n, .mean = zero.estimate, .se_mean = zero.se };

	if (one.reason != REASON_NONE || zero.reason != REASON_NONE)
		return figure_missing(one.reason != REASON_NONE ? one.reason : zero.reason, "welch");
	return amount_mean_difference(&s1, &s0, TONE_INFERIOR_LEVEL);
}

static const char *verdict_of(const struct draft *d, const struct figure *by, bool comparable)
{
	if (!d->tally.valid || by->reason != REASON_NONE || !isfinite(by->lower))
		return "withheld";
	if (!comparable)
		return "not_comparable";
	if (by->upper < 0)
		return "worse";
	return by->lower > -MARGIN_POINTS ? "no_worse" : "not_shown";
}

static json_t *contrast_json(const struct draft *d, size_t arm)
{
	const struct share one = answered_of(&d->tally.arm[arm]);
	const struct share zero = answered_of(&d->tally.arm[d->plan->reference]);
	const struct figure by = difference_of(d, arm);
	const double p = one.n > 0 && zero.n > 0 ? fisher_p(one, zero) : (double)NAN;
	const bool comparable = !(p < RATED_P_MIN);

	return json_pack("{s:s, s:o, s:o, s:b, s:s}", "arm", d->plan->arms[arm].name,
	    "difference", effect_json(d, by), "p_answered", real_json(p),
	    "comparable", comparable, "verdict", verdict_of(d, &by, comparable));
}

json_t *tone_satisfaction_json(const struct draft *d)
{
	json_t *arms = json_array(), *contrasts = json_array();

	for (size_t a = 0; a < d->plan->arm_count; a++) {
		const struct satisfaction s = satisfaction_of(d, a, FIGURE_LEVEL);
		const struct figure answered = share_figure(answered_of(&d->tally.arm[a]),
		    FIGURE_LEVEL);

		json_push(arms, json_pack("{s:s, s:o, s:o, s:o, s:o}", "arm",
		    d->plan->arms[a].name, "index", figure_json(&s.index), "answered",
		    figure_json(&answered), "silent_at_0", real_json(s.worst), "silent_at_100",
		    real_json(s.best)));
		if (!is_reference(d, a))
			json_push(contrasts, contrast_json(d, a));
	}
	return json_pack("{s:s, s:o, s:o, s:o}", "metric", "satisfaction_index_by_horizon",
	    "margin", real_json(MARGIN_POINTS), "arms", arms, "contrasts", contrasts);
}
