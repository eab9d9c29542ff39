/* tone_report.c - see tone_report.h: counts in, one JSON object out.
 *
 * tone_tally.c counts, tone_effect.c, tone_course.c, tone_money.c and
 * tone_guard.c compute, tone_words.c finds the words, tone_document.c writes the
 * object down.  Here it is laid out.
 */
#include "measure/tone_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/tone_draft.h"
#include "measure/tone_words.h"

#define SENTENCE_BYTES_MAX 1000
#define EXPOSURE_P_MIN 0.001
#define FRESH_DAYS_MAX 7
#define SOFTENED_SHARE_MAX 0.1

/* --- what was asked, and who is in it ---------------------------------------- */

/* Words between spaces as a list; of NULL an empty one. */
static json_t *words_list(const char *words)
{
	json_t *out = json_array();

	while (words != NULL && *words != '\0') {
		const size_t len = strcspn(words, " ");

		json_push(out, json_stringn(words, len));
		words += len + strspn(words + len, " ");
	}
	return out;
}

static bool is_said(const char *words)
{
	return words != NULL && words[0] != '\0';
}

/* Tone is not all that the arms differ in: then the effect is of all together. */
static void limits_put_stopped(const struct tone_plan *plan, json_t *limits)
{
	for (size_t i = 0; i < plan->arm_count; i++)
		if (is_said(plan->arms[i].stopped))
			json_push(limits, json_sprintf("The arm %s is stopped %s. Its debtors are written to "
			    "in the reference's ways since and stay counted in their arm, so that its "
			    "difference is that of a tone that was given up.", plan->arms[i].name,
			    plan->arms[i].stopped));
}

static void limits_put_levers(const struct tone_plan *plan, json_t *limits)
{
	bool channels = false;

	for (size_t i = 0; i < plan->arm_count; i++)
		channels |= is_said(plan->arms[i].channels);
	if (channels)
		json_push(limits, json_string("The arms differ in the order of channels, too: what is "
		    "compared is tone and channels together."));
	for (size_t i = 0; i < plan->arm_count; i++)
		if (is_said(plan->arms[i].levers))
			json_push(limits, json_sprintf("The arm %s differs in more than tone (%s): its "
			    "difference is that of all together.", plan->arms[i].name,
			    plan->arms[i].levers));
}

static json_t *experiment_json(const struct draft *d)
{
	const struct tone_plan *plan = d->plan;
	json_t *arms = json_array();

	for (size_t i = 0; i < plan->arm_count; i++)
		json_push(arms, json_pack("{s:s, s:i, s:o, s:s}", "name", plan->arms[i].name,
		    "basis_points", plan->arms[i].basis_points,
		    "channels", words_list(plan->arms[i].channels),
		    "levers", is_said(plan->arms[i].levers) ? plan->arms[i].levers : ""));
	return json_pack("{s:s, s:s, s:o, s:s, s:i, s:i, s:i, s:I, s:i, s:i}",
	    "id", plan->experiment, "hypothesis", plan->hypothesis, "arms", arms,
	    "reference", plan->arms[plan->reference].name,
	    "horizon_days", d->tally.horizon, "lag_days", d->tally.lag,
	    "margin_basis_points", plan->margin_basis_points,
	    "planned_debtors", (json_int_t)plan->planned.debtors,
	    "planned_base_basis_points", plan->planned.base_basis_points,
	    "planned_effect_basis_points", plan->planned.effect_basis_points);
}

static json_t *flow_json(const struct draft *d)
{
	json_t *arms = json_array(), *rejected = json_object();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct tone_arm_tally *a = &d->tally.arm[i];

		json_push(arms, json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
		    "arm", d->plan->arms[i].name,
		    "assigned", (json_int_t)a->assigned,
		    "exposed", (json_int_t)a->exposed,
		    "delivered", (json_int_t)a->delivered,
		    "softened", (json_int_t)a->softened,
		    "merged", (json_int_t)a->merged,
		    "matured", (json_int_t)a->share.n,
		    "not_matured", (json_int_t)(a->assigned - a->merged - a->share.n),
		    "paid_in_full", (json_int_t)a->share.x,
		    "paid_in_part", (json_int_t)a->part,
		    "paid_nothing", (json_int_t)a->nothing,
		    "other_exits", (json_int_t)a->exits));
	}
	for (enum tone_reject r = 0; r < REJECTS; r++)
		json_put(rejected, tone_reject_name(r), json_integer(d->tally.rejected[r]));
	return json_pack("{s:I, s:o, s:o, s:o}", "rows", (json_int_t)d->tally.rows,
	    "rejected", rejected, "first_result_on", json_day(d->tally.first_result_on),
	    "arms", arms);
}

/* --- health ------------------------------------------------------------------- */

static json_t *allocation_json(const struct draft *d, const char *check, size_t epoch,
    bool matured)
{
	const struct allocation *a = &(matured ? d->tally.matured : d->tally.assigned)[epoch];
	json_t *observed = json_array(), *expected = json_array();
	const char *text = a->leak ? "a debtor is in an arm without a share"
	    : a->broken ? "the numbers of debtors do not fit the planned shares; find "
	        "out why before reading any effect"
	    : a->n < ALLOCATION_DEBTORS_MIN ? "too few debtors to judge the shares"
	    : "the numbers of debtors fit the planned shares";
	double weight = 0;

	for (size_t i = 0; i < d->plan->arm_count; i++)
		weight += tone_weight(d->plan, epoch, i);
	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct tone_arm_tally *arm = &d->tally.arm[i];

		json_push(observed, json_integer(matured ? arm->epoch_share[epoch].n :
		    arm->epoch_assigned[epoch]));
		json_push(expected, real_json((double)a->n *
		    tone_weight(d->plan, epoch, i) / weight));
	}
	return json_pack("{s:s, s:i, s:s, s:s, s:o, s:i, s:o, s:o, s:o}", "check", check,
	    "epoch", (int)epoch + 1, "state", a->broken ? "red" : "green", "text", text,
	    "chisq", real_json(a->chisq), "df", a->df, "p", real_json(a->p),
	    "observed", observed, "expected", expected);
}

/* Does the bank still tell? */
static json_t *freshness_json(const struct tone_plan *plan)
{
	const bool old = plan->as_of - plan->last_booked_on > FRESH_DAYS_MAX;

	return json_pack("{s:s, s:s, s:s, s:o}", "check", "freshness", "state", old ? "amber" : "green",
	    "text", old ? "no money has been booked for more than a week: is the import of payments "
	    "running? Take an earlier day with --as-of" : "money was booked within the last week",
	    "last_booked_on", json_day(plan->last_booked_on));
}

/* People may soften the tone of those who need it; of too many, and the arms are alike. */
static json_t *softened_json(const struct draft *d)
{
	json_t *share = json_array();
	bool many = false;

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		const struct tone_arm_tally *arm = &d->tally.arm[i];
		const double of = arm->assigned == 0 ? (double)NAN :
		    (double)arm->softened / (double)arm->assigned;

		many |= of > SOFTENED_SHARE_MAX;
		json_push(share, real_json(of));
	}
	return json_pack("{s:s, s:s, s:s, s:o}", "check", "softened", "state",
	    many ? "amber" : "green", "text", many ? "the tones were not kept apart: people softened "
	    "them for more than one debtor in ten of an arm" :
	    "people softened the tone of few or none", "share", share);
}

/* Chance alone makes one person of two debtors; it does not look at their arms. */
static json_t *merged_json(const struct draft *d)
{
	const struct tone_tally *t = &d->tally;
	const bool uneven = t->merged_p < EXPOSURE_P_MIN;

	return json_pack("{s:s, s:s, s:s, s:o}", "check", "merged", "state",
	    uneven ? "amber" : "green", "text", uneven ? "debtors who turned out to be one were left "
	    "out of some arms more often than of others: find out why" :
	    t->merged == 0 ? "no two debtors turned out to be one" :
	    "debtors who turned out to be one are left out of the arms about equally often",
	    "p", real_json(t->merged_p));
}

static json_t *health_json(const struct draft *d)
{
	const struct tone_tally *t = &d->tally;
	const bool uneven = t->exposure_p < EXPOSURE_P_MIN;
	json_t *health = json_array();

	for (size_t e = 0; e < t->epochs; e++) {
		json_push(health, allocation_json(d, "srm_assigned", e, false));
		json_push(health, allocation_json(d, "srm_matured", e, true));
	}
	json_push(health, json_pack("{s:s, s:s, s:s}", "check", "rows",
	    "state", t->rejected_too_many ? "red" : "green",
	    "text", t->rejected_too_many ? "more than one row in a thousand was rejected"
	        : "the rows are sound"));
	json_push(health, json_pack("{s:s, s:s, s:s}", "check", "plan",
	    "state", d->plan->plan_changed ? "amber" : "green",
	    "text", d->plan->plan_changed ? "horizon, lag, reference, margins, size or end were changed "
	        "after the start: this report keeps to the plan that was registered" :
	        "the plan is the one that was registered"));
	json_push(health, json_pack("{s:s, s:s, s:s, s:o}", "check", "exposure",
	    "state", uneven ? "amber" : "green",
	    "text", uneven ? "the arms were not reached equally often: tone and reach "
	        "are mixed in the effect" : "the arms were reached about equally often",
	    "p", real_json(t->exposure_p)));
	json_push(health, merged_json(d));
	if (d->plan->last_booked_on > 0)
		json_push(health, freshness_json(d->plan));
	json_push(health, tone_balance_json(d));
	json_push(health, softened_json(d));
	json_push(health, json_pack("{s:s, s:s, s:s}", "check", "harm",
	    "state", d->harmful ? "amber" : "green", "text", d->harmful ?
	    "a tone does harm beyond its margin, whenever one looks: stop it" :
	    "no tone is shown to do harm beyond its margin"));
	return health;
}

/* --- the whole --------------------------------------------------------------------- */

static json_t *report_limits_json(const struct draft *d)
{
	static const char *const always[] = {
		"Everybody assigned is counted in the arm assigned, whether or not a "
		"message reached them; only debtors whose days are over count in the "
		"shares and in the money.",
		"Complaints are those that somebody wrote down (purr complaint); the answers to how "
		"people were treated come from those who chose to give one.",
		"Debtors who talk to each other about their letters cannot be excluded.",
		"The curves stop watching a debtor at a dispute, a hand-over or a "
		"write-off; money that comes later still counts in the shares. What was credited "
		"was not owed: it is no payment.",
	};
	static const char planned[] =
		"False alarms of this rule: at most 5 in 100 experiments, however often it is "
		"looked at (1 in 100 before the planned size, 4 in 100 at it).";
	static const char unplanned[] =
		"No size was planned. The false-alarm rate of at most 5 in 100 experiments holds "
		"for one look on a day fixed before the start; looking daily and stopping at the "
		"first small p raises it to about 34 in 100.";
	json_t *limits = json_array();

	if (d->plan->no_true_effect)
		json_push(limits, json_string(tone_replay_note));
	limits_put_stopped(d->plan, limits);
	limits_put_levers(d->plan, limits);
	json_push(limits, json_string(d->plan->planned.debtors > 0 ? planned : unplanned));
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		json_push(limits, json_string(always[i]));
	return limits;
}

static json_t *methods_json(void)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
	    "adjusted", "Lin 2013 with HC2 errors: amount, days overdue, earlier payment, reminders",
	    "epochs", "Mantel-Haenszel within epochs, never pooled",
	    "sequential", "normal mixture (Robbins 1970; Howard et al. 2021), 1 in 100",
	    "guardrails", "Farrington and Manning 1990, one-sided 5 in 100",
	    "recovery", "ratio estimator, pointwise",
	    "share", "Wilson 1927",
	    "difference", "Newcombe 1998, method 10",
	    "p", "pooled z; Fisher's exact test where an expected cell is below 5",
	    "p_adjusted", "Holm 1979 over the tones",
	    "simultaneous", "Bonferroni level",
	    "time", "Aalen and Johansen 1978, delta-method variance, log-log limits",
	    "money", "Welch 1947; ratio estimator for the rate",
	    "health", "chi-square of the sample ratio, red below 0.001");
}

static json_t *epochs_json(const struct draft *d)
{
	json_t *out = json_array();

	for (size_t e = 0; e < d->plan->epoch_count; e++) {
		const struct tone_epoch *epoch = &d->plan->epochs[e];
		json_t *weights = json_array();

		for (size_t i = 0; i < d->plan->arm_count; i++)
			json_push(weights, json_integer(epoch->basis_points[i]));
		json_push(out, json_pack("{s:i, s:o, s:s, s:s, s:o}", "epoch", (int)e + 1,
		    "from", json_day(epoch->from), "registered", epoch->hash,
		    "texts", epoch->texts == NULL ? "" : epoch->texts,
		    "basis_points", weights));
		if (d->plan->programme != NULL && d->plan->programme[0] != '\0')
			json_put(json_array_get(out, e), "holdout_basis_points",
			    json_integer(epoch->holdout_basis_points));
	}
	return out;
}

/* --- the whole, in order ------------------------------------------------------------- */

/* Each epoch's debtors by themselves. */
static void tally_epochs(struct draft *d)
{
	struct tone_row *rows = talloc_array(d->ctx, struct tone_row, (unsigned)d->count + 1);

	if (d->tally.epochs == 1)
		return;
	d->by_epoch = talloc_array(d->ctx, struct tone_tally, (unsigned)d->tally.epochs);
	must(rows != NULL && d->by_epoch != NULL);
	for (size_t e = 0; e < d->tally.epochs; e++) {
		size_t n = 0;

		for (size_t i = 0; i < d->count; i++)
			if (d->row[i].epoch == e)
				rows[n++] = d->row[i];
		tone_tally_part(&d->by_epoch[e], d->ctx, d->plan, rows, n, d->tally.until,
		    &d->tally.sizes);
	}
}

/* By what the rows say alone: the last digit of a sum must not depend on where they
 * stood. */
static int row_order(const void *a, const void *b)
{
	const struct tone_row *x = a, *y = b;
	const int64_t left[] = { x->assigned_on, (int64_t)x->arm, (int64_t)x->epoch, x->paid_on,
	    x->exit_on, x->opening_minor, x->paid_minor_by_h };
	const int64_t right[] = { y->assigned_on, (int64_t)y->arm, (int64_t)y->epoch, y->paid_on,
	    y->exit_on, y->opening_minor, y->paid_minor_by_h };

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	if (x->cost_minor < y->cost_minor || x->cost_minor > y->cost_minor)
		return x->cost_minor < y->cost_minor ? -1 : 1;
	for (int k = 0; k < TONE_COVARIATES; k++) {
		if (isnan(x->covariate[k]) != isnan(y->covariate[k]))
			return isnan(x->covariate[k]) ? 1 : -1;
		if (x->covariate[k] < y->covariate[k] || x->covariate[k] > y->covariate[k])
			return x->covariate[k] < y->covariate[k] ? -1 : 1;
	}
	return 0;
}

static void rows_sort(struct draft *d)
{
	struct tone_row *rows = talloc_array(d->ctx, struct tone_row, (unsigned)d->count + 1);

	must(rows != NULL);
	if (d->count > 0) {
		memcpy(rows, d->row, d->count * sizeof(rows[0]));
		qsort(rows, d->count, sizeof(rows[0]), row_order);
	}
	d->row = rows;
}

/* Who is held out is in no arm; the programme's part of the report counts them. */
static void set_held_apart(struct draft *d)
{
	struct tone_row *rows = talloc_array(d->ctx, struct tone_row, (unsigned)d->count + 1);
	size_t n = 0;

	must(rows != NULL);
	d->all = d->row;
	d->all_count = d->count;
	for (size_t i = 0; i < d->count; i++)
		if (d->row[i].arm != TONE_HELD_OUT)
			rows[n++] = d->row[i];
	d->row = rows;
	d->count = n;
}

static void draft_fill(struct draft *d)
{
	set_held_apart(d);
	rows_sort(d);
	tone_tally_make(&d->tally, d->ctx, d->plan, d->row, d->count);
	tally_epochs(d);
	for (size_t i = 0; i < d->plan->arm_count; i++)
		if (!is_reference(d, i))
			tone_looks_make(&d->looks[i], d->ctx, d->plan, &d->tally, d->row, d->count, i);
}

/* The hash of everything else, for whoever compares two copies. */
static void result_put(json_t *report)
{
	char hash[HASH_HEX_BYTES];

	json_hash(report, hash);
	json_put(report, "result", json_string(hash));
}

json_t *tone_report_make(const struct tone_plan *plan, const struct tone_row *row,
    size_t count)
{
	struct draft d = { .ctx = talloc_new(NULL), .plan = plan, .row = row, .count = count };
	json_t *out, *guardrails;
	struct str line;

	must(d.ctx != NULL);
	draft_fill(&d);
	str_init(&line, d.ctx, SENTENCE_BYTES_MAX);
	tone_status_line(&line, plan, &d.tally, d.looks);
	out = json_pack("{s:s, s:i, s:b, s:s, s:o, s:o, s:o?}", "report", "tone",
	    "version", 2, "valid", d.tally.valid, "status",
	    tone_status(plan, &d.tally, d.looks),
	    "status_text", words_json(&line), "as_of", json_day(plan->as_of),
	    "replay_note", plan->no_true_effect ? json_string(tone_replay_note) : NULL);
	must(out != NULL);
	guardrails = tone_guardrails_json(&d);
	json_put(out, "experiment", experiment_json(&d));
	json_put(out, "epochs", epochs_json(&d));
	json_put(out, "flow", flow_json(&d));
	json_put(out, "health", health_json(&d));
	json_put(out, "primary", tone_primary_json(&d));
	json_put(out, "sequential", tone_sequential_json(&d));
	json_put(out, "time", tone_time_json(&d));
	json_put(out, "recovery", tone_recovery_json(&d));
	json_put(out, "finance", tone_finance_json(&d));
	json_put(out, "guardrails", guardrails);
	json_put(out, "satisfaction", tone_satisfaction_json(&d));
	json_put(out, "adjusted", tone_adjusted_json(&d));
	json_put(out, "drift", tone_drift_json(&d));
	json_put(out, "segments", tone_segments_json(&d));
	json_put(out, "programme", tone_programme_json(&d));
	json_put(out, "limits", report_limits_json(&d));
	json_put(out, "methods", methods_json());
	json_put(out, "charts", tone_charts_json(out));
	json_put(out, "other_currency", json_integer(plan->others));
	result_put(out);
	talloc_free(d.ctx);
	return out;
}
