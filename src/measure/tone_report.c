/* tone_report.c - see tone_report.h: counts in, one JSON object out.
 *
 * tone_tally.c counts, tone_words.c finds the words, tone_text.c prints the
 * object.  Here the figures are computed and laid out.
 */
#include "measure/tone_report.h"

#include <math.h>
#include <string.h>

#include <talloc.h>

#include "base/money.h"
#include "base/must.h"
#include "measure/multiplicity.h"
#include "measure/tail.h"
#include "measure/tone_tally.h"
#include "measure/tone_words.h"

#define SENTENCE_BYTES_MAX 1000
#define EXPOSURE_P_MIN 0.001

/* What every part below reads. */
struct draft {
	void			*ctx;
	const struct tone_plan	*plan;
	struct tone_tally	 tally;
};

static void put(json_t *object, const char *key, json_t *value)
{
	must(json_object_set_new(object, key, value) == 0);
}

static void push(json_t *array, json_t *value)
{
	must(json_array_append_new(array, value) == 0);
}

static json_t *words_json(struct str *s)
{
	json_t *out = json_string(s->at);

	must(out != NULL && str_ok(s));
	str_release(s);
	return out;
}

static json_t *day_json(day_t day)
{
	char text[DAY_TEXT_BYTES];

	return day == DAY_NONE ? json_null() : json_string(day_text(day, text));
}

/* A figure of an effect: withheld when a health check is red. */
static json_t *effect_json(const struct draft *d, struct figure f)
{
	if (!d->tally.valid)
		f = figure_missing(REASON_WITHHELD, f.method);
	return figure_json(&f);
}

/* --- what was asked, and who is in it ---------------------------------------- */

static json_t *experiment_json(const struct draft *d)
{
	const struct tone_plan *plan = d->plan;
	json_t *arms = json_array();

	for (size_t i = 0; i < plan->arm_count; i++)
		push(arms, json_pack("{s:s, s:i}", "name", plan->arms[i].name,
		    "basis_points", plan->arms[i].basis_points));
	return json_pack("{s:s, s:s, s:o, s:s, s:i, s:i, s:i}",
	    "id", plan->experiment, "hypothesis", plan->hypothesis, "arms", arms,
	    "reference", plan->arms[plan->reference].name,
	    "horizon_days", d->tally.horizon, "lag_days", d->tally.lag,
	    "margin_basis_points", plan->margin_basis_points);
}

static json_t *flow_json(const struct draft *d)
{
	json_t *arms = json_array(), *rejected = json_object();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct tone_arm_tally *a = &d->tally.arm[i];

		push(arms, json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
		    "arm", d->plan->arms[i].name,
		    "assigned", (json_int_t)a->assigned,
		    "exposed", (json_int_t)a->exposed,
		    "matured", (json_int_t)a->share.n,
		    "not_matured", (json_int_t)(a->assigned - a->share.n),
		    "paid_in_full", (json_int_t)a->share.x,
		    "paid_in_part", (json_int_t)a->part,
		    "paid_nothing", (json_int_t)a->nothing,
		    "other_exits", (json_int_t)a->exits));
	}
	for (enum tone_reject r = 0; r < REJECTS; r++)
		put(rejected, tone_reject_name(r), json_integer(d->tally.rejected[r]));
	return json_pack("{s:I, s:o, s:o, s:o}", "rows", (json_int_t)d->tally.rows,
	    "rejected", rejected, "first_result_on", day_json(d->tally.first_result_on),
	    "arms", arms);
}

/* --- health ------------------------------------------------------------------- */

static json_t *allocation_json(const struct draft *d, const char *check,
    const struct allocation *a, bool matured)
{
	json_t *observed = json_array(), *expected = json_array();
	const char *text = a->leak ? "a debtor is in an arm without a share"
	    : a->broken ? "the numbers of debtors do not fit the planned shares; find "
	        "out why before reading any effect"
	    : a->n < ALLOCATION_DEBTORS_MIN ? "too few debtors to judge the shares"
	    : "the numbers of debtors fit the planned shares";
	double weight = 0;

	for (size_t i = 0; i < d->plan->arm_count; i++)
		weight += d->plan->arms[i].basis_points;
	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct tone_arm_tally *arm = &d->tally.arm[i];

		push(observed, json_integer(matured ? arm->share.n : arm->assigned));
		push(expected, real_json((double)a->n *
		    d->plan->arms[i].basis_points / weight));
	}
	return json_pack("{s:s, s:s, s:s, s:o, s:i, s:o, s:o, s:o}", "check", check,
	    "state", a->broken ? "red" : "green", "text", text,
	    "chisq", real_json(a->chisq), "df", a->df, "p", real_json(a->p),
	    "observed", observed, "expected", expected);
}

static json_t *health_json(const struct draft *d)
{
	const struct tone_tally *t = &d->tally;
	const bool uneven = t->exposure_p < EXPOSURE_P_MIN;
	json_t *health = json_array();

	push(health, allocation_json(d, "srm_assigned", &t->assigned, false));
	push(health, allocation_json(d, "srm_matured", &t->matured, true));
	push(health, json_pack("{s:s, s:s, s:s}", "check", "rows",
	    "state", t->rejected_too_many ? "red" : "green",
	    "text", t->rejected_too_many ? "more than one row in a thousand was rejected"
	        : "the rows are sound"));
	push(health, json_pack("{s:s, s:s, s:s, s:o}", "check", "exposure",
	    "state", uneven ? "amber" : "green",
	    "text", uneven ? "the arms were not reached equally often: tone and reach "
	        "are mixed in the effect" : "the arms were reached about equally often",
	    "p", real_json(t->exposure_p)));
	return health;
}

/* --- paid in full --------------------------------------------------------------- */

static bool is_reference(const struct draft *d, size_t arm)
{
	return arm == d->plan->reference;
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
	};

	if (one->assigned == 0 || zero->assigned == 0)
		c.difference.reason = REASON_EMPTY_ARM;
	if (one->share.n == 0 || zero->share.n == 0)
		return c;
	c.simultaneous = newcombe_limits(one->share, zero->share,
	    level_z(bonferroni_level(FIGURE_LEVEL, d->plan->arm_count - 1)));
	c.agresti_caffo = agresti_caffo_limits(one->share, zero->share,
	    level_z(FIGURE_LEVEL));
	c.ninety = newcombe_limits(one->share, zero->share, level_z(TONE_INFERIOR_LEVEL));
	return c;
}

static json_t *limits_json(const struct draft *d, struct limits l, double level)
{
	const double none = (double)NAN;

	return json_pack("{s:o, s:o, s:o}",
	    "lower", real_json(d->tally.valid ? l.lower : none),
	    "upper", real_json(d->tally.valid ? l.upper : none),
	    "level", real_json(level));
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
	const struct figure ratio = share_ratio(d->tally.arm[arm].share,
	    d->tally.arm[d->plan->reference].share, FIGURE_LEVEL);
	struct str sentence;

	str_init(&sentence, d->ctx, SENTENCE_BYTES_MAX);
	tone_sentence(&sentence, c, &d->tally);
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o}",
	    "arm", c->arm, "reference", c->reference,
	    "difference", effect_json(d, c->difference),
	    "simultaneous", limits_json(d, c->simultaneous,
	        bonferroni_level(FIGURE_LEVEL, d->plan->arm_count - 1)),
	    "agresti_caffo", limits_json(d, c->agresti_caffo, FIGURE_LEVEL),
	    "ratio", effect_json(d, ratio),
	    "non_inferiority", inferiority_json(d, c),
	    "verdict", tone_verdict(c, d->plan, &d->tally),
	    "sentence", words_json(&sentence));
}

static json_t *primary_json(const struct draft *d)
{
	struct tone_contrast contrast[TONE_ARMS_MAX];
	double p[TONE_ARMS_MAX], adjusted[TONE_ARMS_MAX];
	json_t *arms = json_array(), *contrasts = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		struct figure f = share_figure(d->tally.arm[i].share, FIGURE_LEVEL);

		if (d->tally.arm[i].assigned == 0)
			f.reason = REASON_EMPTY_ARM;
		push(arms, json_pack("{s:s, s:o}", "arm", d->plan->arms[i].name,
		    "share", figure_json(&f)));
		contrast[i] = contrast_make(d, i);
		p[i] = is_reference(d, i) ? (double)NAN : contrast[i].difference.p;
	}
	holm_adjust(p, d->plan->arm_count, adjusted);
	for (size_t i = 0; i < d->plan->arm_count; i++) {
		contrast[i].difference.p_adjusted = adjusted[i];
		if (!is_reference(d, i))
			push(contrasts, contrast_json(d, &contrast[i], i));
	}
	return json_pack("{s:s, s:o, s:o}", "metric", "paid_in_full_by_horizon",
	    "arms", arms, "contrasts", contrasts);
}

/* --- time ------------------------------------------------------------------------ */

/* The days a table shows: 7, 14 and the horizon, the last at `days - 1`. */
static size_t table_days(const struct draft *d, int day[3])
{
	size_t days = 0;

	if (d->tally.horizon > 7)
		day[days++] = 7;
	if (d->tally.horizon > 14)
		day[days++] = 14;
	day[days++] = d->tally.horizon;
	return days;
}

static json_t *point_json(const struct incidence *curve, int day)
{
	const struct figure paid = incidence_at(curve, EXIT_PAID, day, FIGURE_LEVEL);
	const struct figure other = incidence_at(curve, EXIT_OTHER, day, FIGURE_LEVEL);

	return json_pack("{s:i, s:I, s:o, s:o}", "day", day,
	    "at_risk", (json_int_t)incidence_at_risk(curve, day),
	    "paid", figure_json(&paid), "other_exit", figure_json(&other));
}

static json_t *curve_json(const struct draft *d, size_t arm)
{
	const struct incidence *curve = &d->tally.arm[arm].curve;
	const struct figure out = days_outstanding(curve, d->tally.horizon, FIGURE_LEVEL);
	json_t *points = json_array(), *table = json_array();
	int day[3];
	const size_t days = table_days(d, day);

	for (size_t i = 0; i < days; i++)
		push(table, point_json(curve, day[i]));
	for (int i = 0; i <= d->tally.horizon; i++)
		push(points, point_json(curve, i));
	return json_pack("{s:s, s:I, s:o, s:o, s:o}", "arm", d->plan->arms[arm].name,
	    "watched", (json_int_t)curve->n, "at", table, "curve", points,
	    "days_outstanding", figure_json(&out));
}

static json_t *curve_contrast_json(const struct draft *d, size_t arm)
{
	const struct incidence *one = &d->tally.arm[arm].curve;
	const struct incidence *zero = &d->tally.arm[d->plan->reference].curve;
	const struct figure out[] = {
		days_outstanding(one, d->tally.horizon, FIGURE_LEVEL),
		days_outstanding(zero, d->tally.horizon, FIGURE_LEVEL),
	};
	json_t *table = json_array();
	int day[3];
	const size_t days = table_days(d, day);

	for (size_t i = 0; i < days; i++) {
		const struct figure f1 = incidence_at(one, EXIT_PAID, day[i], FIGURE_LEVEL);
		const struct figure f0 = incidence_at(zero, EXIT_PAID, day[i], FIGURE_LEVEL);

		push(table, json_pack("{s:i, s:o}", "day", day[i],
		    "paid", effect_json(d, figure_difference(&f1, &f0))));
	}
	return json_pack("{s:s, s:o, s:o}", "arm", d->plan->arms[arm].name, "at", table,
	    "days_outstanding", effect_json(d, figure_difference(&out[0], &out[1])));
}

static json_t *time_json(const struct draft *d)
{
	json_t *arms = json_array(), *contrasts = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		push(arms, curve_json(d, i));
		if (!is_reference(d, i))
			push(contrasts, curve_contrast_json(d, i));
	}
	return json_pack("{s:i, s:o, s:o}", "tau", d->tally.horizon, "arms", arms,
	    "contrasts", contrasts);
}

/* --- money ------------------------------------------------------------------------ */

static json_t *finance_json(const struct draft *d)
{
	const struct amount_sums *zero = &d->tally.arm[d->plan->reference].sums;
	json_t *arms = json_array(), *contrasts = json_array(), *out = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct amount_sums *s = &d->tally.arm[i].sums;
		const struct figure mean = amount_mean(s, FIGURE_LEVEL);
		const struct figure rate = amount_rate(s, FIGURE_LEVEL);

		push(arms, json_pack("{s:s, s:I, s:I, s:o, s:o}",
		    "arm", d->plan->arms[i].name,
		    "owed_minor", (json_int_t)s->owed, "paid_minor", (json_int_t)s->paid,
		    "mean_minor", figure_json(&mean), "rate", figure_json(&rate)));
		if (!is_reference(d, i))
			push(contrasts, json_pack("{s:s, s:o}",
			    "arm", d->plan->arms[i].name, "mean_minor", effect_json(d,
			    amount_mean_difference(s, zero, FIGURE_LEVEL))));
	}
	push(out, json_pack("{s:s, s:s, s:i, s:o, s:o}",
	    "metric", "recovered_per_debtor_by_horizon",
	    "currency", d->plan->currency,
	    "exponent", currency_exponent(d->plan->currency),
	    "arms", arms, "contrasts", contrasts));
	return out;
}

/* --- the whole --------------------------------------------------------------------- */

static json_t *report_limits_json(const struct draft *d)
{
	static const char *const always[] = {
		"Everybody assigned is counted in the arm assigned, whether or not a "
		"message reached them; only debtors whose days are over count in the "
		"shares and in the money.",
		"The false-alarm rate of at most 5 in 100 experiments holds for one look "
		"on the day planned; looking daily and stopping at the first small p "
		"raises it to about 34 in 100.",
		"Complaints, opt-outs and satisfaction are not part of this report: "
		"\"better\" and \"worse\" speak of payment only.",
		"Debtors who talk to each other about their letters cannot be excluded.",
		"The curves stop watching a debtor at a dispute, a hand-over or a "
		"write-off; money that comes later still counts in the shares.",
	};
	json_t *limits = json_array();

	if (d->plan->no_true_effect)
		push(limits, json_string(tone_replay_note));
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		push(limits, json_string(always[i]));
	return limits;
}

static json_t *methods_json(void)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
	    "share", "Wilson 1927",
	    "difference", "Newcombe 1998, method 10",
	    "p", "pooled z; Fisher's exact test where an expected cell is below 5",
	    "p_adjusted", "Holm 1979 over the tones",
	    "simultaneous", "Bonferroni level",
	    "time", "Aalen and Johansen 1978, delta-method variance, log-log limits",
	    "money", "Welch 1947; ratio estimator for the rate",
	    "health", "chi-square of the sample ratio, red below 0.001");
}

json_t *tone_report_make(const struct tone_plan *plan, const struct tone_row *row,
    size_t count)
{
	struct draft d = { .ctx = talloc_new(NULL), .plan = plan };
	struct str line;
	json_t *out;

	must(d.ctx != NULL);
	tone_tally_make(&d.tally, d.ctx, plan, row, count);
	str_init(&line, d.ctx, SENTENCE_BYTES_MAX);
	tone_status_line(&line, plan, &d.tally);
	out = json_pack("{s:s, s:i, s:b, s:s, s:o, s:o, s:o?}", "report", "tone",
	    "version", 1, "valid", d.tally.valid, "status", tone_status(&d.tally),
	    "status_text", words_json(&line), "as_of", day_json(plan->as_of),
	    "replay_note", plan->no_true_effect ? json_string(tone_replay_note) : NULL);
	must(out != NULL);
	put(out, "experiment", experiment_json(&d));
	put(out, "flow", flow_json(&d));
	put(out, "health", health_json(&d));
	put(out, "primary", primary_json(&d));
	put(out, "time", time_json(&d));
	put(out, "finance", finance_json(&d));
	put(out, "limits", report_limits_json(&d));
	put(out, "methods", methods_json());
	talloc_free(d.ctx);
	return out;
}
