/* tone_course.c - payment by day since assignment, by arm: the share of debtors, and
 * the money; see tone_draft.h, incidence.h and amount.h. */
#include <talloc.h>

#include "base/must.h"
#include "measure/tone_draft.h"

/* --- the share that has paid ----------------------------------------------------- */

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

static int64_t left_until(const struct incidence *curve, enum exit_kind kind, int day)
{
	int64_t n = 0;

	for (int i = 0; i <= day; i++)
		n += curve->left[kind][i];
	return n;
}

static json_t *point_json(const struct incidence *curve, int day)
{
	const struct figure paid = incidence_at(curve, EXIT_PAID, day, FIGURE_LEVEL);
	const struct figure other = incidence_at(curve, EXIT_OTHER, day, FIGURE_LEVEL);

	/* at_risk: before the day's events; what was counted: after them, so that
	 * open, paid, other and censored add up to all who are watched. */
	return json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "day", day,
	    "at_risk", (json_int_t)incidence_at_risk(curve, day),
	    "open_after", (json_int_t)incidence_at_risk(curve, day + 1),
	    "paid_so_far", (json_int_t)left_until(curve, EXIT_PAID, day),
	    "other_so_far", (json_int_t)left_until(curve, EXIT_OTHER, day),
	    "censored_so_far", (json_int_t)left_until(curve, EXIT_CENSORED, day),
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
		json_push(table, point_json(curve, day[i]));
	for (int i = 0; i <= d->tally.horizon; i++)
		json_push(points, point_json(curve, i));
	return json_pack("{s:s, s:I, s:o, s:o, s:o}", "arm", d->plan->arms[arm].name,
	    "watched", (json_int_t)curve->n, "at", table, "curve", points,
	    "days_outstanding", figure_json(&out));
}

static struct figure paid_contrast(const struct tone_tally *t, size_t arm, size_t reference,
    int day)
{
	const struct figure one = incidence_at(&t->arm[arm].curve, EXIT_PAID, day, FIGURE_LEVEL);
	const struct figure zero = incidence_at(&t->arm[reference].curve, EXIT_PAID, day,
	    FIGURE_LEVEL);

	return figure_difference(&one, &zero);
}

static struct figure days_contrast(const struct tone_tally *t, size_t arm, size_t reference,
    int day)
{
	const struct figure one = days_outstanding(&t->arm[arm].curve, day, FIGURE_LEVEL);
	const struct figure zero = days_outstanding(&t->arm[reference].curve, day, FIGURE_LEVEL);

	return figure_difference(&one, &zero);
}

static json_t *curve_contrast_json(const struct draft *d, size_t arm)
{
	json_t *table = json_array();
	int day[3];
	const size_t days = table_days(d, day);

	for (size_t i = 0; i < days; i++)
		json_push(table, json_pack("{s:i, s:o}", "day", day[i], "paid", effect_json(d,
		    over_epochs(d, arm, day[i], paid_contrast))));
	return json_pack("{s:s, s:o, s:o}", "arm", d->plan->arms[arm].name, "at", table,
	    "days_outstanding", effect_json(d,
	    over_epochs(d, arm, d->tally.horizon, days_contrast)));
}

json_t *tone_time_json(const struct draft *d)
{
	json_t *arms = json_array(), *contrasts = json_array();

	for (size_t i = 0; i < d->plan->arm_count; i++) {
		json_push(arms, curve_json(d, i));
		if (!is_reference(d, i))
			json_push(contrasts, curve_contrast_json(d, i));
	}
	return json_pack("{s:i, s:o, s:o}", "tau", d->tally.horizon, "arms", arms,
	    "contrasts", contrasts);
}

/* --- the money -------------------------------------------------------------------- */

/* Fewer than these matured for a day: the curve is not drawn there. */
#define RECOVERY_DEBTORS_MIN 30
#define RECOVERY_ONE_IN 10

/* Paid by the day, of what was owed, over debtors whose day is over. */
static struct figure recovered_by(const struct draft *d, size_t arm, int day,
    struct amount_row *room, struct amount_sums *sums)
{
	const day_t until = d->plan->as_of - d->tally.lag - day;
	struct figure rate;
	size_t n = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct tone_row *row = &d->row[i];

		if (row->arm == arm && row->assigned_on <= until &&
		    row->paid_minor_by_day != NULL && tone_row_counts(d->plan, row))
			room[n++] = (struct amount_row){ row->opening_minor,
			    row->paid_minor_by_day[day] };
	}
	amount_sort(room, n);
	*sums = amount_sums(room, n);
	rate = amount_rate(sums, FIGURE_LEVEL);
	if ((int64_t)n < RECOVERY_DEBTORS_MIN ||
	    (int64_t)n * RECOVERY_ONE_IN < d->tally.arm[arm].assigned)
		rate = figure_missing(REASON_BEYOND_FOLLOW_UP, rate.method);
	return rate;
}

json_t *tone_recovery_json(const struct draft *d)
{
	struct amount_row *room = talloc_array(d->ctx, struct amount_row, (unsigned)d->count + 1);
	json_t *arms = json_array();

	must(room != NULL);
	for (size_t a = 0; a < d->plan->arm_count; a++) {
		json_t *curve = json_array();

		for (int day = 0; day <= d->tally.horizon; day++) {
			struct amount_sums sums;
			const struct figure rate = recovered_by(d, a, day, room, &sums);

			json_push(curve, json_pack("{s:i, s:I, s:I, s:I, s:o}", "day", day,
			    "debtors", (json_int_t)sums.n, "owed_minor", (json_int_t)sums.owed,
			    "paid_minor", (json_int_t)sums.paid, "rate", figure_json(&rate)));
		}
		json_push(arms, json_pack("{s:s, s:o}", "arm", d->plan->arms[a].name, "curve", curve));
	}
	talloc_free(room);
	return json_pack("{s:o}", "arms", arms);
}
