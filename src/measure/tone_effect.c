/* tone_effect.c - each tone against the reference: the share paid in full, and the
 * same on every day that results came in; see tone_draft.h. */
#include <math.h>

#include "measure/multiplicity.h"
#include "measure/stratified.h"
#include "measure/tail.h"
#include "measure/tone_draft.h"
#include "measure/tone_words.h"

#define SENTENCE_BYTES_MAX 1000
#define LOOK_EVERY_DAYS 7

static struct limits around(const struct figure *f, double level)
{
	const double z = level_z(level);

	return (struct limits){ f->estimate - z * f->se, f->estimate + z * f->se };
}

/* Several epochs: compared within each, then combined; never pooled. */
static void stratify(const struct draft *d, size_t arm, struct tone_contrast *c)
{
	const struct stratified s = stratified_difference(d->tally.arm[arm].epoch_share,
	    d->tally.arm[d->plan->reference].epoch_share, d->tally.epochs, FIGURE_LEVEL);

	c->difference = s.difference;
	c->simultaneous = around(&s.difference, bonferroni_level(FIGURE_LEVEL,
	    d->plan->arm_count - 1));
	c->ninety = around(&s.difference, TONE_INFERIOR_LEVEL);
	c->final = around(&s.difference, c->final_level);
}

static struct tone_contrast contrast_make(const struct draft *d, size_t arm)
{
	const struct tone_arm_tally *one = &d->tally.arm[arm];
	const struct tone_arm_tally *zero = &d->tally.arm[d->plan->reference];
	struct tone_contrast c = {
		.arm = d->plan->arms[arm].name,
		.reference = d->plan->arms[d->plan->reference].name,
		.difference = share_difference(one->share, zero->share, FIGURE_LEVEL),
		.simultaneous = { (double)NAN, (double)NAN },
		.agresti_caffo = { (double)NAN, (double)NAN },
		.ninety = { (double)NAN, (double)NAN },
		.final = { (double)NAN, (double)NAN },
		.final_level = bonferroni_level(1 - TONE_ALPHA_FINAL, d->plan->arm_count - 1),
		.looks = &d->looks[arm],
	};

	if (one->assigned == 0 || zero->assigned == 0)
		c.difference.reason = REASON_EMPTY_ARM;
	if (one->share.n == 0 || zero->share.n == 0)
		return c;
	if (d->tally.epochs > 1) {
		stratify(d, arm, &c);
		return c;
	}
	c.final = newcombe_limits(one->share, zero->share, level_z(c.final_level));
	c.simultaneous = newcombe_limits(one->share, zero->share,
	    level_z(bonferroni_level(FIGURE_LEVEL, d->plan->arm_count - 1)));
	c.agresti_caffo = agresti_caffo_limits(one->share, zero->share,
	    level_z(FIGURE_LEVEL));
	c.ninety = newcombe_limits(one->share, zero->share, level_z(TONE_INFERIOR_LEVEL));
	return c;
}

/* Is each guardrail shown to be no worse than its margin? */
static bool guards_hold(const struct draft *d, size_t arm)
{
	bool hold = true;

	for (int g = 0; g < TONE_GUARDS; g++)
		hold &= d->guard_state[g][arm] == GUARD_HOLDS;
	return hold;
}

/* Null where no margin was registered. */
static json_t *inferiority_json(const struct draft *d, const struct tone_contrast *c)
{
	if (d->plan->margin_basis_points == 0)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}",
	    "margin", real_json(d->plan->margin_basis_points / 10000.0),
	    "lower", real_json(d->tally.valid ? c->ninety.lower : (double)NAN),
	    "level", real_json(TONE_INFERIOR_LEVEL),
	    "shown", !d->tally.valid || isnan(c->ninety.lower) ? json_null() :
	    json_boolean(tone_is_no_worse(c, d->plan)));
}

static json_t *contrast_json(const struct draft *d, const struct tone_contrast *c,
    size_t arm)
{
	/* Of pooled shares: only where there is nothing to pool. */
	const struct figure ratio = d->tally.epochs > 1 ?
	    figure_missing(REASON_SEVERAL_EPOCHS, "log_wald") :
	    share_ratio(d->tally.arm[arm].share, d->tally.arm[d->plan->reference].share,
	    FIGURE_LEVEL);
	struct str sentence;

	str_init(&sentence, d->ctx, SENTENCE_BYTES_MAX);
	tone_sentence(&sentence, c, &d->tally);
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}",
	    "arm", c->arm, "reference", c->reference,
	    "difference", effect_json(d, c->difference),
	    "simultaneous", limits_json(d, c->simultaneous,
	        bonferroni_level(FIGURE_LEVEL, d->plan->arm_count - 1)),
	    "agresti_caffo", limits_json(d, c->agresti_caffo, FIGURE_LEVEL),
	    "ratio", effect_json(d, ratio),
	    "final", d->plan->planned.debtors == 0 || !d->tally.ended ? json_null() :
	        limits_json(d, c->final, c->final_level),
	    "non_inferiority", inferiority_json(d, c),
	    "verdict", tone_verdict(c, d->plan, &d->tally, guards_hold(d, arm)),
	    "sentence", words_json(&sentence));
}

json_t *tone_primary_json(struct draft *d)
{
	struct tone_contrast contrast[TONE_ARMS_MAX];
	double p[TONE_ARMS_MAX], adjusted[TONE_ARMS_MAX];
	json_t *arms = json_array(), *contrasts = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		struct figure f = share_figure(d->tally.arm[i].share, FIGURE_LEVEL);

		if (d->tally.arm[i].assigned == 0)
			f.reason = REASON_EMPTY_ARM;
		json_push(arms, json_pack("{s:s, s:o}", "arm", d->plan->arms[i].name,
		    "share", figure_json(&f)));
		contrast[i] = contrast_make(d, i);
		p[i] = is_reference(d, i) ? (double)NAN : contrast[i].difference.p;
	}
	holm_adjust(p, d->plan->arm_count, adjusted);
	for (size_t i = 0; i < d->plan->arm_count; i++) {
		contrast[i].difference.p_adjusted = adjusted[i];
		if (!is_reference(d, i))
			json_push(contrasts, contrast_json(d, &contrast[i], i));
	}
	return json_pack("{s:s, s:o, s:o}", "metric", "paid_in_full_by_horizon",
	    "arms", arms, "contrasts", contrasts);
}

/* --- the looks --------------------------------------------------------------------- */

static json_t *look_json(const struct draft *d, const struct tone_look *l)
{
	const bool shown = d->tally.valid;

	return json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:b}", "on", json_day(l->on),
	    "n", (json_int_t)l->n, "estimate", real_json(shown ? l->estimate : (double)NAN),
	    "lower", real_json(shown ? l->limits.lower : (double)NAN),
	    "upper", real_json(shown ? l->limits.upper : (double)NAN),
	    "p", real_json(shown ? l->p : (double)NAN), "judged", l->judged);
}

/* Every week, the crossing, and the last. */
static json_t *looks_json(const struct draft *d, const struct tone_looks *l)
{
	json_t *out = json_array();
	day_t next = DAY_NONE;

	for (size_t i = 0; i < l->count; i++) {
		const day_t on = l->at[i].on;

		if (next != DAY_NONE && on < next && on != l->crossed_on && i + 1 < l->count)
			continue;
		json_push(out, look_json(d, &l->at[i]));
		next = on + LOOK_EVERY_DAYS;
	}
	return out;
}

json_t *tone_sequential_json(struct draft *d)
{
	const struct tone_planned *planned = &d->plan->planned;
	json_t *contrasts = json_array();

	if (planned->debtors == 0) {
		json_decref(contrasts);
		return json_null();
	}
	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct tone_looks *l = &d->looks[i];

		if (is_reference(d, i))
			continue;
		json_push(contrasts, json_pack("{s:s, s:o, s:o, s:o, s:o}",
		    "arm", d->plan->arms[i].name, "alpha", real_json(l->alpha),
		    "rho", real_json(l->rho),
		    "crossed_on", json_day(d->tally.valid ? l->crossed_on : DAY_NONE),
		    "looks", looks_json(d, l)));
	}
	return json_pack("{s:I, s:I, s:b, s:o, s:o}", "planned_debtors",
	    (json_int_t)planned->debtors, "matured", (json_int_t)d->tally.matured_all,
	    "ended", d->tally.ended, "ended_on",
	    json_day(d->tally.ended ? d->tally.until : DAY_NONE), "contrasts", contrasts);
}
