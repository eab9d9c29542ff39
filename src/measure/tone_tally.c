/* tone_tally.c - see tone_tally.h. */
#include "measure/tone_tally.h"

#include <math.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/tail.h"

const char *tone_reject_name(enum tone_reject reject)
{
	switch (reject) {
	case REJECT_ARM:	return "unknown_arm";
	case REJECT_ORDER:	return "before_assignment";
	case REJECT_AMOUNT:	return "amount_not_positive";
	case REJECTS:		break;
	}
	must(reject < REJECTS);
	return "";
}

/* Days from assignment, or -1 when it has not happened by `end`. */
static int days_until(const struct tone_row *row, day_t on, day_t end)
{
	return on == DAY_NONE || on > end ? -1 : on - row->assigned_on;
}

static enum tone_reject row_reject(const struct tone_plan *plan, const struct tone_row *row)
{
	if (row->arm >= plan->arm_count)
		return REJECT_ARM;
	if ((row->paid_on != DAY_NONE && row->paid_on < row->assigned_on) ||
	    (row->exit_on != DAY_NONE && row->exit_on < row->assigned_on))
		return REJECT_ORDER;
	if (row->opening_minor <= 0 || row->paid_minor_by_h < 0)
		return REJECT_AMOUNT;
	return REJECTS;
}

/* The first thing that happened to the debtor, on the curve.  Everything
 * behind the horizon is one day: the curve is not read there. */
static void curve_add(struct tone_tally *t, struct tone_arm_tally *arm,
    const struct tone_row *row, day_t end)
{
	const int last = t->horizon + 1, watched = end - row->assigned_on;
	const int paid = days_until(row, row->paid_on, end);
	const int left = days_until(row, row->exit_on, end);
	enum exit_kind kind = EXIT_CENSORED;
	int day = watched;

	if (watched < 0)
		return;
	if (paid >= 0 && (left < 0 || paid <= left)) {
		kind = EXIT_PAID;
		day = paid;
	} else if (left >= 0) {
		kind = EXIT_OTHER;
		day = left;
	}
	if (day >= last) {
		kind = EXIT_CENSORED;
		day = last;
	}
	incidence_add(&arm->curve, day, kind);
	arm->exits += kind == EXIT_OTHER;
}

static void matured_add(struct tone_tally *t, struct tone_arm_tally *arm,
    const struct tone_row *row, day_t as_of)
{
	const int paid = days_until(row, row->paid_on, as_of);
	const int64_t got = row->paid_minor_by_h < row->opening_minor
	    ? row->paid_minor_by_h : row->opening_minor;
	const bool full = paid >= 0 && paid <= t->horizon;

	arm->money[arm->share.n++] = (struct amount_row){ row->opening_minor, got };
	arm->share.x += full;
	arm->part += !full && got > 0;
	arm->nothing += !full && got == 0;
}

static void row_add(struct tone_tally *t, const struct tone_plan *plan,
    const struct tone_row *row)
{
	const enum tone_reject reject = row_reject(plan, row);
	struct tone_arm_tally *arm;
	day_t result_on;

	if (row->assigned_on > plan->as_of)
		return;
	t->rows++;
	if (reject != REJECTS) {
		t->rejected[reject]++;
		return;
	}
	arm = &t->arm[row->arm];
	arm->assigned++;
	arm->exposed += row->exposed;
	curve_add(t, arm, row, plan->as_of - t->lag);
	result_on = row->assigned_on + t->horizon + t->lag;
	if (result_on <= plan->as_of)
		matured_add(t, arm, row, plan->as_of);
	else if (t->first_result_on == DAY_NONE || result_on < t->first_result_on)
		t->first_result_on = result_on;
}

static void arms_start(struct tone_tally *t, void *ctx, const struct tone_plan *plan,
    const struct tone_row *row, size_t count)
{
	unsigned size[TONE_ARMS_MAX] = { 0 };

	must(count < UINT32_MAX);
	for (size_t i = 0; i < count; i++)
		if (row[i].arm < plan->arm_count)
			size[row[i].arm]++;
	for (size_t a = 0; a < plan->arm_count; a++) {
		incidence_init(&t->arm[a].curve, ctx, t->horizon + 2);
		t->arm[a].money = talloc_array(ctx, struct amount_row, size[a]);
		must(t->arm[a].money != NULL);
	}
}

/* In one order, so that the last digit of a sum does not depend on the rows'. */
static int money_order(const void *a, const void *b)
{
	const struct amount_row *x = a, *y = b;

	if (x->owed != y->owed)
		return x->owed < y->owed ? -1 : 1;
	return x->paid < y->paid ? -1 : x->paid > y->paid;
}

/* Chi-square of exposed or not by arm: the sum of two goodness-of-fit sums. */
static double exposure_test(const struct tone_tally *t, size_t arms)
{
	int64_t yes[TONE_ARMS_MAX], no[TONE_ARMS_MAX];
	double weight[TONE_ARMS_MAX];
	struct allocation a, b;

	for (size_t i = 0; i < arms; i++) {
		yes[i] = t->arm[i].exposed;
		no[i] = t->arm[i].assigned - yes[i];
		weight[i] = (double)t->arm[i].assigned;
	}
	a = allocation_check(yes, weight, arms);
	b = allocation_check(no, weight, arms);
	return a.n == 0 || b.n == 0 ? (double)NAN : chisq_tail(a.chisq + b.chisq, a.df);
}

static void health_check(struct tone_tally *t, const struct tone_plan *plan)
{
	int64_t assigned[TONE_ARMS_MAX], matured[TONE_ARMS_MAX], rejected = 0;
	double weight[TONE_ARMS_MAX];

	t->enough = true;
	for (size_t i = 0; i < plan->arm_count; i++) {
		const struct share s = t->arm[i].share;

		assigned[i] = t->arm[i].assigned;
		matured[i] = s.n;
		weight[i] = plan->arms[i].basis_points;
		t->enough &= s.n >= TONE_MATURED_MIN && s.x >= TONE_PAYERS_MIN &&
		    s.n - s.x >= TONE_NONPAYERS_MIN;
	}
	for (int r = 0; r < REJECTS; r++)
		rejected += t->rejected[r];
	t->rejected_too_many = rejected * TONE_REJECTED_ONE_IN > t->rows;
	t->assigned = allocation_check(assigned, weight, plan->arm_count);
	t->matured = allocation_check(matured, weight, plan->arm_count);
	t->exposure_p = exposure_test(t, plan->arm_count);
	t->valid = !t->assigned.broken && !t->matured.broken && !t->rejected_too_many;
}

void tone_tally_make(struct tone_tally *t, void *ctx, const struct tone_plan *plan,
    const struct tone_row *row, size_t count)
{
	must(plan->arm_count >= 2 && plan->arm_count <= TONE_ARMS_MAX);
	must(plan->reference < plan->arm_count);
	*t = (struct tone_tally){ .first_result_on = DAY_NONE };
	t->horizon = plan->horizon_days > 0 ? plan->horizon_days : TONE_HORIZON_DAYS;
	t->lag = plan->lag_days >= 0 ? plan->lag_days : TONE_LAG_DAYS;
	must(t->horizon + 2 <= INCIDENCE_DAYS_MAX);
	arms_start(t, ctx, plan, row, count);
	for (size_t i = 0; i < count; i++)
		row_add(t, plan, &row[i]);
	for (size_t i = 0; i < plan->arm_count; i++) {
		struct tone_arm_tally *arm = &t->arm[i];
		const size_t n = (size_t)arm->share.n;

		qsort(arm->money, n, sizeof(arm->money[0]), money_order);
		arm->sums = amount_sums(arm->money, n);
	}
	health_check(t, plan);
}
