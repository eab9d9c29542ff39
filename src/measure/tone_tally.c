/* tone_tally.c - see tone_tally.h. */
#include "measure/tone_tally.h"

#include <math.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/tail.h"

#define DUE_DAYS_MAX 3650

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

day_t tone_result_on(const struct tone_tally *t, const struct tone_row *row)
{
	return row->assigned_on + t->horizon + t->lag;
}

int tone_weight(const struct tone_plan *plan, size_t epoch, size_t arm)
{
	return plan->epoch_count > 0 ? plan->epochs[epoch].basis_points[arm] :
	    plan->arms[arm].basis_points;
}

/* Days from assignment, or -1 when it has not happened by `end`. */
static int days_until(const struct tone_row *row, day_t on, day_t end)
{
	return on == DAY_NONE || on > end ? -1 : on - row->assigned_on;
}

/* REJECTS: it is sound. */
static enum tone_reject row_reject(const struct tone_plan *plan, const struct tone_row *row)
{
	if (row->arm >= plan->arm_count)
		return REJECT_ARM;
	if ((row->paid_on != DAY_NONE && row->paid_on < row->assigned_on) ||
	    (row->exit_on != DAY_NONE && row->exit_on < row->assigned_on))
		return REJECT_ORDER;
	if (row->opening_minor <= 0 || row->paid_minor_by_h < 0)
		return REJECT_AMOUNT;
	must(row->epoch < TONE_EPOCHS_MAX);
	return REJECTS;
}

bool tone_row_counts(const struct tone_plan *plan, const struct tone_row *row)
{
	return row_reject(plan, row) == REJECTS && !row->merged;
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

	arm->costs[arm->share.n] = (struct cost_row){ row->cost_minor, (double)got };
	arm->money[arm->share.n++] = (struct amount_row){ row->opening_minor, got };
	arm->share.x += full;
	arm->epoch_share[row->epoch].n++;
	arm->epoch_share[row->epoch].x += full;
	for (int g = 0; g < TONE_GUARDS; g++) {
		arm->guard[g] += row->guard[g];
		arm->epoch_guard[g][row->epoch].n++;
		arm->epoch_guard[g][row->epoch].x += row->guard[g];
	}
	must(row->rating >= 0 && row->rating <= TONE_RATING_MAX);
	arm->rating[row->rating]++;
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
	arm->epoch_assigned[row->epoch]++;
	arm->exposed += row->exposed;
	arm->delivered += row->delivered;
	arm->softened += row->softened;
	arm->merged += row->merged;
	if (row->merged)
		return;
	curve_add(t, arm, row, plan->as_of - t->lag);
	result_on = tone_result_on(t, row);
	t->matured_all += result_on <= plan->as_of;
	if (result_on <= t->until)
		matured_add(t, arm, row, plan->as_of);
	else if (result_on <= plan->as_of)
		return;
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
		t->arm[a].costs = talloc_array(ctx, struct cost_row, size[a]);
		must(t->arm[a].money != NULL && t->arm[a].costs != NULL);
	}
}

/* Chi-square of yes or no by arm: the sum of two goodness-of-fit sums. */
static double alike_test(const struct tone_tally *t, size_t arms, const int64_t *yes)
{
	int64_t no[TONE_ARMS_MAX];
	double weight[TONE_ARMS_MAX];
	struct allocation a, b;

	for (size_t i = 0; i < arms; i++) {
		no[i] = t->arm[i].assigned - yes[i];
		weight[i] = (double)t->arm[i].assigned;
	}
	a = allocation_check(yes, weight, arms);
	b = allocation_check(no, weight, arms);
	return a.n == 0 || b.n == 0 ? (double)NAN : chisq_tail(a.chisq + b.chisq, a.df);
}

/* The shares of one epoch, assigned and matured; false: they do not fit. */
static bool epoch_check(struct tone_tally *t, const struct tone_plan *plan, size_t epoch)
{
	int64_t assigned[TONE_ARMS_MAX], matured[TONE_ARMS_MAX];
	double weight[TONE_ARMS_MAX];

	for (size_t i = 0; i < plan->arm_count; i++) {
		assigned[i] = t->arm[i].epoch_assigned[epoch];
		matured[i] = t->arm[i].epoch_share[epoch].n;
		weight[i] = tone_weight(plan, epoch, i);
	}
	t->assigned[epoch] = allocation_check(assigned, weight, plan->arm_count);
	t->matured[epoch] = allocation_check(matured, weight, plan->arm_count);
	return !t->assigned[epoch].broken && !t->matured[epoch].broken;
}

static void health_check(struct tone_tally *t, const struct tone_plan *plan)
{
	int64_t rejected = 0, exposed[TONE_ARMS_MAX], merged[TONE_ARMS_MAX];

	t->enough = true;
	for (size_t i = 0; i < plan->arm_count; i++) {
		const struct share s = t->arm[i].share;

		exposed[i] = t->arm[i].exposed;
		merged[i] = t->arm[i].merged;
		t->merged += merged[i];
		t->enough &= s.n >= TONE_MATURED_MIN && s.x >= TONE_PAYERS_MIN &&
		    s.n - s.x >= TONE_NONPAYERS_MIN;
	}
	for (int r = 0; r < REJECTS; r++)
		rejected += t->rejected[r];
	t->rejected_too_many = rejected * TONE_REJECTED_ONE_IN > t->rows;
	t->exposure_p = alike_test(t, plan->arm_count, exposed);
	t->merged_p = alike_test(t, plan->arm_count, merged);
	t->valid = !t->rejected_too_many;
	for (size_t e = 0; e < t->epochs; e++)
		t->valid &= epoch_check(t, plan, e);
}

static int day_order(const void *a, const void *b)
{
	const day_t x = *(const day_t *)a, y = *(const day_t *)b;

	return (x > y) - (x < y);
}

/* When the planned number will have matured, if as many come every day as until now. */
static day_t due_day(const struct tone_plan *plan, const day_t *day, int64_t n)
{
	const int64_t left = plan->planned.debtors - n;
	day_t first = DAY_NONE;
	double days;

	for (int64_t i = 0; i < n; i++)
		if (first == DAY_NONE || day[i] < first)
			first = day[i];
	if (n < TONE_MATURED_MIN || left <= 0)
		return DAY_NONE;
	days = ceil((double)left * (plan->as_of - first + 1) / (double)n);
	return days > DUE_DAYS_MAX ? DAY_NONE : plan->as_of + (int)days;
}

/* The day on which the planned number of debtors has matured, or the last one
 * planned; as_of before. */
static void planned_end(struct tone_tally *t, void *ctx, const struct tone_plan *plan,
    const struct tone_row *row, size_t count)
{
	day_t *day = talloc_array(ctx, day_t, (unsigned)count + 1);
	int64_t n = 0;

	must(day != NULL);
	for (size_t i = 0; i < count; i++)
		if (tone_row_counts(plan, &row[i]) && tone_result_on(t, &row[i]) <= plan->as_of)
			day[n++] = tone_result_on(t, &row[i]);
	t->until = plan->as_of;
	if (plan->planned.debtors > 0 && n >= plan->planned.debtors) {
		qsort(day, (size_t)n, sizeof(day[0]), day_order);
		t->until = day[plan->planned.debtors - 1];
		t->ended = true;
	}
	t->due_on = due_day(plan, day, n);
	if (plan->planned.debtors > 0 && plan->planned.end_on > 0 &&
	    plan->planned.end_on <= t->until) {
		t->until = plan->planned.end_on;
		t->ended = true;
	}
	talloc_free(day);
}

static void start(struct tone_tally *t, const struct tone_plan *plan)
{
	must(plan->arm_count >= 2 && plan->arm_count <= TONE_ARMS_MAX);
	must(plan->reference < plan->arm_count && plan->epoch_count <= TONE_EPOCHS_MAX);
	*t = (struct tone_tally){ .first_result_on = DAY_NONE };
	t->horizon = plan->horizon_days > 0 ? plan->horizon_days : TONE_HORIZON_DAYS;
	t->lag = plan->lag_days >= 0 ? plan->lag_days : TONE_LAG_DAYS;
	t->epochs = plan->epoch_count > 0 ? plan->epoch_count : 1;
	must(t->horizon + 2 <= INCIDENCE_DAYS_MAX);
}

static struct sizes look_at_sizes(const struct tone_tally *t, void *ctx, size_t arms,
    size_t rows)
{
	int64_t *owed = talloc_array(ctx, int64_t, (unsigned)rows + 1);
	struct sizes sizes;
	size_t n = 0;

	must(owed != NULL);
	for (size_t a = 0; a < arms; a++)
		for (int64_t k = 0; k < t->arm[a].share.n; k++)
			owed[n++] = t->arm[a].money[k].owed;
	sizes = sizes_look(owed, n);
	talloc_free(owed);
	return sizes;
}

static void cut(struct tone_tally *t, void *ctx, size_t arms)
{
	for (size_t a = 0; a < arms; a++) {
		struct tone_arm_tally *arm = &t->arm[a];
		const size_t n = (size_t)arm->share.n;
		struct amount_row *rows = talloc_array(ctx, struct amount_row, (unsigned)n + 1);

		must(rows != NULL);
		for (size_t k = 0; k < n; k++)
			rows[k] = sizes_cut(&arm->money[k], t->sizes.cap);
		arm->capped = amount_sums(rows, n);
		talloc_free(rows);
	}
}

static void fill(struct tone_tally *t, void *ctx, const struct tone_plan *plan,
    const struct tone_row *row, size_t count, const struct sizes *sizes)
{
	arms_start(t, ctx, plan, row, count);
	for (size_t i = 0; i < count; i++)
		row_add(t, plan, &row[i]);
	for (size_t i = 0; i < plan->arm_count; i++) {
		struct tone_arm_tally *arm = &t->arm[i];
		const size_t n = (size_t)arm->share.n;

		amount_sort(arm->money, n);
		arm->sums = amount_sums(arm->money, n);
	}
	t->sizes = sizes != NULL ? *sizes : look_at_sizes(t, ctx, plan->arm_count, count);
	cut(t, ctx, plan->arm_count);
	health_check(t, plan);
}

void tone_tally_make(struct tone_tally *t, void *ctx, const struct tone_plan *plan,
    const struct tone_row *row, size_t count)
{
	start(t, plan);
	planned_end(t, ctx, plan, row, count);
	fill(t, ctx, plan, row, count, NULL);
}

void tone_tally_part(struct tone_tally *t, void *ctx, const struct tone_plan *plan,
    const struct tone_row *row, size_t count, day_t until, const struct sizes *sizes)
{
	start(t, plan);
	t->until = until;
	fill(t, ctx, plan, row, count, sizes);
}
