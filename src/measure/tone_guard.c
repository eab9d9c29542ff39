/* tone_guard.c - what a tone must not bring about: disputes, opt-outs, calls for help,
 * complaints.
 *
 * Of matured debtors, within the horizon.  A guardrail holds where the tone is shown to
 * be no worse than the reference by more than the margin (one-sided 5 %), fails where
 * the interval lies above 0, and is open else: an open one is no clean bill.
 *
 * Source:  inferior.h; with several epochs each in itself, and the stratified
 *          difference's limits at 90 %.
 */
#include <math.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/inferior.h"
#include "measure/stratified.h"
#include "measure/tail.h"
#include "measure/tone_draft.h"
#include "measure/tone_words.h"

#define GUARD_P_MAX 0.05

static const char *const names[TONE_GUARDS] = {
	[GUARD_DISPUTE] = "disputes", [GUARD_OPT_OUT] = "opt_outs", [GUARD_HARDSHIP] = "hardship",
	[GUARD_COMPLAINT] = "complaints",
};

const char *tone_guard_name(enum tone_guard guard)
{
	must((unsigned)guard < TONE_GUARDS);
	return names[guard];
}

static double margin_of(const struct draft *d, int guard)
{
	static const int usual[TONE_GUARDS] = { [GUARD_DISPUTE] = 100, [GUARD_OPT_OUT] = 100,
		[GUARD_HARDSHIP] = 100, [GUARD_COMPLAINT] = 50 };
	const int given = d->plan->guard_basis_points[guard];

	return (given > 0 ? given : usual[guard]) / 10000.0;
}

static struct share guard_share(const struct tone_arm_tally *a, int guard)
{
	return (struct share){ a->guard[guard], a->share.n };
}

static enum guard_state judge(const struct draft *d, int guard, size_t arm, struct figure *f,
    double *p)
{
	const struct share one = guard_share(&d->tally.arm[arm], guard);
	const struct share zero = guard_share(&d->tally.arm[d->plan->reference], guard);

	const struct share *ones = d->tally.arm[arm].epoch_guard[guard];
	const struct share *zeros = d->tally.arm[d->plan->reference].epoch_guard[guard];

	*p = (double)NAN;
	*f = d->tally.epochs > 1 ?
	    stratified_difference(ones, zeros, d->tally.epochs, TONE_INFERIOR_LEVEL).difference :
	    share_difference(one, zero, TONE_INFERIOR_LEVEL);
	if (!d->tally.valid || !d->tally.enough)
		return GUARD_OPEN;
	*p = d->tally.epochs > 1 ?
	    inferior_strata(ones, zeros, d->tally.epochs, margin_of(d, guard), false).p :
	    inferior_test(one, zero, margin_of(d, guard), false).p;
	if (f->lower > 0)
		return GUARD_FAILS;
	return *p < GUARD_P_MAX ? GUARD_HOLDS : GUARD_OPEN;
}

json_t *tone_guardrails_json(struct draft *d)
{
	static const char *const words[] = {
		[GUARD_OPEN] = "not_shown", [GUARD_HOLDS] = "no_worse", [GUARD_FAILS] = "worse",
	};
	json_t *out = json_array();

	for (int g = 0; g < TONE_GUARDS; g++) {
		json_t *arms = json_array(), *contrasts = json_array();

		for (size_t a = 0; a < d->plan->arm_count; a++) {
			const struct figure share = share_figure(guard_share(&d->tally.arm[a], g),
			    FIGURE_LEVEL);
			struct figure by;
			double p;

			json_push(arms, json_pack("{s:s, s:o}", "arm", d->plan->arms[a].name, "share",
			    figure_json(&share)));
			if (is_reference(d, a))
				continue;
			d->guard_state[g][a] = judge(d, g, a, &by, &p);
			json_push(contrasts, json_pack("{s:s, s:o, s:o, s:s, s:b}",
			    "arm", d->plan->arms[a].name, "difference", effect_json(d, by),
			    "p_no_worse", real_json(p), "verdict", words[d->guard_state[g][a]],
			    "stop", tone_is_harmful(d, g, a, margin_of(d, g))));
			d->harmful |= tone_is_harmful(d, g, a, margin_of(d, g));
		}
		json_push(out, json_pack("{s:o, s:o, s:o, s:o}", "metric",
		    json_sprintf("%s_by_horizon", names[g]), "margin", real_json(margin_of(d, g)),
		    "arms", arms, "contrasts", contrasts));
	}
	return out;
}

size_t tone_harms(const struct tone_plan *plan, const struct tone_row *row, size_t count,
    struct tone_harm out[TONE_ARMS_MAX])
{
	struct draft d = { .ctx = talloc_new(NULL), .plan = plan, .row = row, .count = count };
	size_t n = 0;

	must(d.ctx != NULL);
	tone_tally_part(&d.tally, d.ctx, plan, row, count, plan->as_of, NULL);	/* also behind its end */
	for (size_t a = 0; a < plan->arm_count; a++)
		for (int g = 0; g < TONE_GUARDS; g++) {
			const struct share one = guard_share(&d.tally.arm[a], g);
			const struct share zero = guard_share(&d.tally.arm[plan->reference], g);

			if (is_reference(&d, a) || !tone_is_harmful(&d, g, a, margin_of(&d, g)))
				continue;
			out[n++] = (struct tone_harm){ a, (enum tone_guard)g, one.x, one.n, zero.x, zero.n };
			break;
		}
	talloc_free(d.ctx);
	return n;
}
