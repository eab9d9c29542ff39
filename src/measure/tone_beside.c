/* tone_beside.c - what stands beside the primary figure of a tone report: adjusted for
 * what was known at assignment, were the arms alike before, did the effect move, and is
 * a harm so plain that the tone should stop; see tone_draft.h.
 *
 * Source:  adjust.h (Lin 2013, HC2); rare harms: sequence.h (Robbins 1970), exact at
 *          every look.
 */
#include <math.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/adjust.h"
#include "measure/stratified.h"
#include "measure/tail.h"
#include "measure/tone_draft.h"

#define BALANCE_P_MIN 0.001		/* of all covariates and tones together */
#define DRIFT_P_MIN 0.01
#define HARM_ALPHA 0.025

static const char *const covariates[TONE_COVARIATES] = {
	[COVARIATE_LOG_AMOUNT] = "log_amount", [COVARIATE_DAYS_OVERDUE] = "days_overdue",
	[COVARIATE_PAID_ON_TIME] = "earlier_paid_on_time",
	[COVARIATE_REMINDERS] = "earlier_reminders",
};

static bool is_of(const struct draft *d, const struct tone_row *row, size_t arm)
{
	return (row->arm == arm || row->arm == d->plan->reference) &&
	    tone_row_counts(d->plan, row);
}

/* --- adjusted ----------------------------------------------------------------------------- */

static json_t *adjusted_json(const struct draft *d, size_t arm)
{
	struct adjust_rows rows = { .covariates = TONE_COVARIATES };
	void *tmp = talloc_new(d->ctx);
	bool *one = talloc_array(tmp, bool, (unsigned)d->count + 1);
	double *y = talloc_array(tmp, double, (unsigned)d->count + 1);
	double *x[ADJUST_COVARIATES_MAX];
	struct adjusted a;
	json_t *out;

	must(one != NULL && y != NULL);
	/* Epochs are covariates, too: so many indicators as there is room for. */
	for (size_t e = 1; e < d->tally.epochs && rows.covariates < ADJUST_COVARIATES_MAX; e++)
		rows.covariates++;
	for (size_t k = 0; k < rows.covariates; k++) {
		rows.x[k] = x[k] = talloc_array(tmp, double, (unsigned)d->count + 1);
		must(x[k] != NULL);
	}
	for (size_t i = 0; i < d->count; i++) {
		const struct tone_row *row = &d->row[i];

		if (!is_of(d, row, arm) || tone_result_on(&d->tally, row) > d->tally.until)
			continue;
		one[rows.count] = row->arm == arm;
		y[rows.count] = row->paid_on != DAY_NONE &&
		    row->paid_on <= row->assigned_on + d->tally.horizon ? 1 : 0;
		for (size_t k = 0; k < rows.covariates; k++)
			x[k][rows.count] = k < TONE_COVARIATES ? row->covariate[k] :
			    row->epoch == k - TONE_COVARIATES + 1;
		rows.count++;
	}
	rows.one = one;
	rows.y = y;
	a = adjust_make(tmp, &rows, FIGURE_LEVEL);
	talloc_free(tmp);
	if (a.columns == 0)
		a.lin = figure_missing(REASON_NOT_RECORDED, a.lin.method);
	out = json_pack("{s:s, s:o, s:o, s:I}", "arm", d->plan->arms[arm].name,
	    "lin", effect_json(d, a.lin), "unadjusted", effect_json(d, a.plain),
	    "columns", (json_int_t)a.columns);
	json_put(out, "moved", !d->tally.valid || isnan(a.lin.se) ? json_null() :
	    json_boolean(fabs(a.lin.estimate - a.plain.estimate) > a.lin.se));
	return out;
}

json_t *tone_adjusted_json(const struct draft *d)
{
	json_t *out = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++)
		if (!is_reference(d, i))
			json_push(out, adjusted_json(d, i));
	return out;
}

/* --- alike before -------------------------------------------------------------------------- */

struct spread {
	double	n, mean, var;
};

static struct spread spread_of(const struct draft *d, size_t arm, int covariate)
{
	struct spread s = { 0, 0, 0 };

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < d->count; i++) {
			const double x = d->row[i].covariate[covariate];

			if (d->row[i].arm != arm || !tone_row_counts(d->plan, &d->row[i]) ||
			    isnan(x))
				continue;
			if (pass == 0) {
				s.n++;
				s.mean += (x - s.mean) / s.n;
			} else {
				s.var += (x - s.mean) * (x - s.mean) / (s.n - 1);
			}
		}
	return s;
}

static double balance_p(const struct spread *one, const struct spread *zero)
{
	const double se = sqrt(one->var / one->n + zero->var / zero->n);

	return one->n < 2 || zero->n < 2 || !(se > 0) ? (double)NAN :
	    2 * normal_tail(fabs(one->mean - zero->mean) / se);
}

json_t *tone_balance_json(const struct draft *d)
{
	const double tests = TONE_COVARIATES * ((double)d->plan->arm_count - 1);
	json_t *table = json_array();
	double least = (double)NAN;
	bool uneven;

	for (size_t a = 0; a < d->plan->arm_count; a++)
		for (int k = 0; k < TONE_COVARIATES && !is_reference(d, a); k++) {
			const struct spread one = spread_of(d, a, k);
			const struct spread zero = spread_of(d, d->plan->reference, k);
			const double p = balance_p(&one, &zero);

			least = isnan(p) ? least : fmin(p, isnan(least) ? p : least);
			json_push(table, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}",
			    "covariate", covariates[k], "arm", d->plan->arms[a].name,
			    "mean", real_json(one.n > 0 ? one.mean : (double)NAN),
			    "reference_mean", real_json(zero.n > 0 ? zero.mean : (double)NAN),
			    "standardised", real_json((one.mean - zero.mean) /
			    sqrt((one.var + zero.var) / 2)), "p", real_json(p)));
		}
	uneven = least * tests < BALANCE_P_MIN;
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "check", "balance",
	    "state", uneven ? "amber" : "green", "text", uneven ? "the arms were not alike before "
	    "anything was sent: read the adjusted difference, and find out why" :
	    "the arms were alike before anything was sent",
	    "p", real_json(fmin(1, least * tests)), "covariates", table);
}

/* --- does it move --------------------------------------------------------------------------- */

static int day_order(const void *a, const void *b)
{
	const day_t x = *(const day_t *)a, y = *(const day_t *)b;

	return (x > y) - (x < y);
}

/* The day that halves the enrolment of those who have matured. */
static day_t middle_day(const struct draft *d)
{
	day_t *day = talloc_array(d->ctx, day_t, (unsigned)d->count + 1), out = DAY_NONE;
	size_t n = 0;

	must(day != NULL);
	for (size_t i = 0; i < d->count; i++)
		if (tone_row_counts(d->plan, &d->row[i]) &&
		    tone_result_on(&d->tally, &d->row[i]) <= d->tally.until)
			day[n++] = d->row[i].assigned_on;
	if (n > 0) {
		qsort(day, n, sizeof(day[0]), day_order);
		out = day[n / 2];
	}
	talloc_free(day);
	return out;
}

static struct figure half_difference(const struct draft *d, size_t arm, day_t middle, bool second)
{
	struct share one[TONE_EPOCHS_MAX] = { { 0, 0 } }, zero[TONE_EPOCHS_MAX] = { { 0, 0 } };

	for (size_t i = 0; i < d->count; i++) {
		const struct tone_row *row = &d->row[i];
		struct share *s = &(row->arm == arm ? one : zero)[row->epoch];

		if (!is_of(d, row, arm) || tone_result_on(&d->tally, row) > d->tally.until ||
		    (row->assigned_on >= middle) != second)
			continue;
		s->n++;
		s->x += row->paid_on != DAY_NONE && row->paid_on <= row->assigned_on + d->tally.horizon;
	}
	return stratified_difference(one, zero, d->tally.epochs, FIGURE_LEVEL).difference;
}

json_t *tone_drift_json(const struct draft *d)
{
	const day_t middle = middle_day(d);
	json_t *out = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		struct figure first, second;
		double p;

		if (is_reference(d, i))
			continue;
		first = half_difference(d, i, middle, false);
		second = half_difference(d, i, middle, true);
		p = 2 * normal_tail(fabs(second.estimate - first.estimate) /
		    hypot(first.se, second.se));
		json_push(out, json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}", "arm",
		    d->plan->arms[i].name, "second_from", json_day(middle),
		    "first", effect_json(d, first), "second", effect_json(d, second),
		    "p", real_json(d->tally.valid ? p : (double)NAN), "moved",
		    d->tally.valid && p < DRIFT_P_MIN));
	}
	return out;
}

/* --- harm ------------------------------------------------------------------------------------- */

bool tone_is_harmful(const struct draft *d, int guard, size_t arm, double margin)
{
	const struct share *one = d->tally.arm[arm].epoch_guard[guard];
	const struct share *zero = d->tally.arm[d->plan->reference].epoch_guard[guard];
	double n = 0, least = 0, epochs = 0;

	for (size_t e = 0; e < d->tally.epochs; e++)
		epochs += one[e].n > 0 && zero[e].n > 0;
	for (size_t e = 0; e < d->tally.epochs; e++) {
		if (one[e].n == 0 || zero[e].n == 0)
			continue;
		n += (double)one[e].n;
		least += (double)one[e].n * (rare_limits(one[e], HARM_ALPHA / epochs).lower -
		    rare_limits(zero[e], HARM_ALPHA / epochs).upper);
	}
	return n > 0 && least / n > margin;
}
