/* tone_look.c - see tone_look.h. */
#include "measure/tone_look.h"

#include <math.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/stratified.h"

/* One debtor whose outcome is final. */
struct result {
	day_t	on;
	size_t	epoch;
	bool	one;			/* in the tone, else in the reference */
	bool	paid;
};

static int result_order(const void *a, const void *b)
{
	const struct result *x = a, *y = b;

	return (x->on > y->on) - (x->on < y->on);
}

static size_t results_of(const struct tone_plan *plan, const struct tone_tally *t,
    const struct tone_row *row, size_t count, size_t arm, struct result *out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const day_t on = tone_result_on(t, &row[i]);

		if ((row[i].arm != arm && row[i].arm != plan->reference) || on > t->until ||
		    !tone_row_counts(plan, &row[i]))
			continue;
		out[n++] = (struct result){ .on = on, .epoch = row[i].epoch,
		    .one = row[i].arm == arm, .paid = row[i].paid_on != DAY_NONE &&
		    row[i].paid_on <= row[i].assigned_on + t->horizon };
	}
	qsort(out, n, sizeof(out[0]), result_order);
	return n;
}

/* 1 / se^2 of the difference as expected at the planned number. */
static double planned_information(const struct tone_plan *plan, size_t arm)
{
	const double p = plan->planned.base_basis_points / 10000.0;
	const double n = (double)plan->planned.debtors / 10000;
	const double one = n * plan->arms[arm].basis_points;
	const double zero = n * plan->arms[plan->reference].basis_points;

	return 1 / (p * (1 - p) * (1 / one + 1 / zero));
}

static bool is_enough(const struct share *s, size_t epochs)
{
	struct share all = { 0, 0 };

	for (size_t e = 0; e < epochs; e++) {
		all.n += s[e].n;
		all.x += s[e].x;
	}
	return all.n >= TONE_MATURED_MIN && all.x >= TONE_PAYERS_MIN &&
	    all.n - all.x >= TONE_NONPAYERS_MIN;
}

static void look_add(struct tone_looks *l, day_t on, const struct share *one,
    const struct share *zero, size_t epochs)
{
	const struct stratified s = stratified_difference(one, zero, epochs, FIGURE_LEVEL);
	struct tone_look *look = &l->at[l->count];

	if (s.strata == 0 || !(s.difference.se > 0))
		return;
	*look = (struct tone_look){ .on = on, .n = s.difference.n,
	    .estimate = s.difference.estimate, .se = s.difference.se,
	    .limits = sequence_look(s.difference.estimate, s.difference.se, l->rho, l->alpha),
	    .judged = is_enough(one, epochs) && is_enough(zero, epochs) };
	look->p = !look->judged ? 1 : look->limits.p;
	if (l->count > 0 && l->at[l->count - 1].p < look->p)
		look->p = l->at[l->count - 1].p;
	if (l->crossed_on == DAY_NONE && look->judged &&
	    (look->limits.lower > 0 || look->limits.upper < 0)) {
		l->crossed_on = on;
		l->crossed = *look;
	}
	l->count++;
}

void tone_looks_make(struct tone_looks *l, void *ctx, const struct tone_plan *plan,
    const struct tone_tally *t, const struct tone_row *row, size_t count, size_t arm)
{
	struct share one[TONE_EPOCHS_MAX] = { { 0, 0 } }, zero[TONE_EPOCHS_MAX] = { { 0, 0 } };
	struct result *results;
	size_t n;

	*l = (struct tone_looks){ .crossed_on = DAY_NONE };
	if (plan->planned.debtors == 0)
		return;
	results = talloc_array(ctx, struct result, (unsigned)count + 1);
	l->at = talloc_array(ctx, struct tone_look, (unsigned)count + 1);
	must(results != NULL && l->at != NULL);
	l->alpha = TONE_ALPHA_PEEK / (double)(plan->arm_count - 1);
	l->rho = sequence_rho(planned_information(plan, arm), l->alpha);
	n = results_of(plan, t, row, count, arm, results);
	for (size_t i = 0; i < n; i++) {
		struct share *s = &(results[i].one ? one : zero)[results[i].epoch];

		s->n++;
		s->x += results[i].paid;
		if (i + 1 == n || results[i + 1].on != results[i].on)
			look_add(l, results[i].on, one, zero, t->epochs);
	}
	talloc_free(results);
}
