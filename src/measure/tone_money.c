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

static struct figure capped_contrast(const struct tone_tally *t, size_t arm, size_t reference,
    int day)
{
	(void)day;
	return amount_mean_difference(&t->arm[arm].capped, &t->arm[reference].capped, FIGURE_LEVEL);
}

/* --- what it cost --------------------------------------------------------------------- */

static struct cost_ratio costs_of(const struct tone_tally *t, size_t arm)
{
	return cost_ratio_make(t->arm[arm].costs, (size_t)t->arm[arm].share.n, FIGURE_LEVEL);
}

static struct figure net_contrast(const struct tone_tally *t, size_t arm, size_t reference,
    int day)
{
	const struct figure one = costs_of(t, arm).net, zero = costs_of(t, reference).net;
	const struct amount_sums s1 = { .n = one.n, .mean = one.estimate, .se_mean = one.se };
	const struct amount_sums s0 = { .n = zero.n, .mean = zero.estimate, .se_mean = zero.se };

	(void)day;
	return amount_mean_difference(&s1, &s0, FIGURE_LEVEL);
}

/* Recovered less cost decides: a ratio of costs can improve while money is lost. */
static json_t *costs_json(const struct draft *d)
{
	json_t *arms = json_array(), *contrasts = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct cost_ratio c = costs_of(&d->tally, i);
		struct figure ratio = c.ratio;
		double sum = 0;

		for (int64_t k = 0; k < d->tally.arm[i].share.n; k++)
			sum += d->tally.arm[i].costs[k].cost;
		ratio.lower = c.fieller.lower;
		ratio.upper = c.fieller.upper;
		ratio.method = c.unclear ? "recovered amount too uncertain for a cost ratio" : "fieller";
		json_push(arms, json_pack("{s:s, s:o, s:o, s:o}", "arm", d->plan->arms[i].name,
		    "cost_minor", real_json(sum), "cost_ratio", figure_json(&ratio),
		    "net_minor", figure_json(&c.net)));
		if (!is_reference(d, i))
			json_push(contrasts, json_pack("{s:s, s:o}", "arm", d->plan->arms[i].name,
			    "net_minor", effect_json(d, over_epochs(d, i, 0, net_contrast))));
	}
	return json_pack("{s:s, s:s, s:i, s:o, s:o}", "metric",
	    "net_recovery_per_debtor_by_horizon", "currency", d->plan->currency,
	    "exponent", currency_exponent(d->plan->currency), "arms", arms, "contrasts", contrasts);
}

json_t *tone_finance_json(const struct draft *d)
{
	const struct sizes *sizes = &d->tally.sizes;
	json_t *arms = json_array(), *contrasts = json_array(), *out = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct amount_sums *s = &d->tally.arm[i].sums;
		const struct figure mean = amount_mean(s, FIGURE_LEVEL);
		const struct figure capped = amount_mean(&d->tally.arm[i].capped, FIGURE_LEVEL);
		const struct figure rate = amount_rate(s, FIGURE_LEVEL);

		json_push(arms, json_pack("{s:s, s:I, s:I, s:o, s:o, s:o}",
		    "arm", d->plan->arms[i].name,
		    "owed_minor", (json_int_t)s->owed, "paid_minor", (json_int_t)s->paid,
		    "mean_minor", figure_json(&mean), "capped_mean_minor", figure_json(&capped),
		    "rate", figure_json(&rate)));
		if (!is_reference(d, i))
			json_push(contrasts, json_pack("{s:s, s:o, s:o}",
			    "arm", d->plan->arms[i].name, "mean_minor", effect_json(d,
			    over_epochs(d, i, 0, mean_contrast)), "capped_mean_minor",
			    effect_json(d, over_epochs(d, i, 0, capped_contrast))));
	}
	json_push(out, json_pack("{s:s, s:o, s:o, s:o, s:b, s:s, s:i, s:o, s:o}",
	    "metric", "recovered_per_debtor_by_horizon",
	    "cap_minor", sizes->cuts ? json_integer(sizes->cap) : json_null(),
	    "cap_percentile", real_json(SIZES_CAP_PERCENTILE),
	    "largest_1_percent", real_json(sizes->largest_1_percent),
	    "few_carry_it", sizes->few_carry_it, "currency", d->plan->currency,
	    "exponent", currency_exponent(d->plan->currency),
	    "arms", arms, "contrasts", contrasts));
	if (d->plan->costs_known)
		json_push(out, costs_json(d));
	return out;
}
