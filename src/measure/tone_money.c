/* tone_money.c - money recovered per debtor and per unit owed, by arm; see
 * tone_draft.h and amount.h. */
#include "base/money.h"
#include "measure/tone_draft.h"

static struct figure mean_contrast(const struct tone_tally *t, size_t arm, size_t reference,
    int day)
{
	(void)day;
	return amount_mean_difference(&t->arm[arm].sums, &t->arm[reference].sums, FIGURE_LEVEL);
}

json_t *tone_finance_json(const struct draft *d)
{
	json_t *arms = json_array(), *contrasts = json_array(), *out = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct amount_sums *s = &d->tally.arm[i].sums;
		const struct figure mean = amount_mean(s, FIGURE_LEVEL);
		const struct figure rate = amount_rate(s, FIGURE_LEVEL);

		json_push(arms, json_pack("{s:s, s:I, s:I, s:o, s:o}",
		    "arm", d->plan->arms[i].name,
		    "owed_minor", (json_int_t)s->owed, "paid_minor", (json_int_t)s->paid,
		    "mean_minor", figure_json(&mean), "rate", figure_json(&rate)));
		if (!is_reference(d, i))
			json_push(contrasts, json_pack("{s:s, s:o}",
			    "arm", d->plan->arms[i].name, "mean_minor", effect_json(d,
			    over_epochs(d, i, 0, mean_contrast))));
	}
	json_push(out, json_pack("{s:s, s:s, s:i, s:o, s:o}",
	    "metric", "recovered_per_debtor_by_horizon",
	    "currency", d->plan->currency,
	    "exponent", currency_exponent(d->plan->currency),
	    "arms", arms, "contrasts", contrasts));
	return out;
}
