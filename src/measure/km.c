/* km.c - see km.h. */
#include "measure/km.h"

#include <math.h>
#include <stdbool.h>

#include "base/must.h"
#include "measure/proportion.h"
#include "measure/tail.h"

#define FLAT 1e-9		/* two shares so near are one: rounding of a product */

struct walk {
	const struct incidence	*in;
	int			 day;
	int64_t			 at_risk, events;	/* of the day */
	int64_t			 gone;			/* by the end of the day */
	int64_t			 so_far;		/* events */
	double			 surv, hazard;		/* hazard: Greenwood's sum */
};

static struct walk walk_start(const struct incidence *in)
{
	return (struct walk){ .in = in, .day = -1, .surv = 1 };
}

static bool walk_next(struct walk *w, int last)
{
	if (++w->day > last || w->day >= w->in->days)
		return false;
	w->at_risk = w->in->n - w->gone;
	w->events = w->in->left[EXIT_PAID][w->day];
	for (int k = 0; k < EXIT_KINDS; k++)
		w->gone += w->in->left[k][w->day];
	if (w->events > 0) {
		const double n = (double)w->at_risk, d = (double)w->events;

		w->so_far += w->events;
		w->surv *= (n - d) / n;
		w->hazard += d / (n * (n - d));		/* inf where all are gone */
	}
	return true;
}

static int64_t uncertain_on(const struct incidence *in, int day)
{
	return in->left[EXIT_CENSORED][day] + in->left[EXIT_OTHER][day];
}

static bool is_beyond(const struct incidence *in, int day)
{
	return day > in->last_day && uncertain_on(in, in->last_day) > 0;
}

static struct walk walk_to(const struct incidence *in, int day)
{
	struct walk w = walk_start(in);

	while (walk_next(&w, day))
		continue;
	return w;
}

static bool nobody_uncertain_before(const struct incidence *in, int day)
{
	for (int i = 0; i < day && i < in->days; i++)
		if (uncertain_on(in, i) > 0)
			return false;
	return true;
}

/* Limits of S; false: there are none on this scale. */
static bool limits_of(const struct walk *w, double z, double *lower, double *upper)
{
	double spread;

	if (w->surv <= 0 || w->surv >= 1)
		return false;
	spread = z * sqrt(w->hazard) / log(w->surv);	/* negative */
	*lower = pow(w->surv, exp(-spread));
	*upper = pow(w->surv, exp(spread));
	return true;
}

struct figure km_at(const struct incidence *in, int day, double level)
{
	struct figure f = figure_missing(REASON_EMPTY_ARM, "kaplan_meier+loglog");
	double z = level_z(level), lower, upper;
	struct walk w;

	f.n = in->n;
	f.level = level;
	if (in->n == 0)
		return f;
	f.reason = REASON_BEYOND_FOLLOW_UP;
	if (is_beyond(in, day))
		return f;
	w = walk_to(in, day);
	f.reason = REASON_NONE;
	f.events = w.so_far;
	f.estimate = 1 - w.surv;
	if (w.surv > 0)
		f.se = w.surv * sqrt(w.hazard);
	if (limits_of(&w, z, &lower, &upper)) {
		f.lower = 1 - upper;
		f.upper = 1 - lower;
	} else if (nobody_uncertain_before(in, day)) {
		const struct limits l = wilson_limits((struct share){ w.so_far, in->n }, z);

		f.lower = l.lower;
		f.upper = l.upper;
	}
	return f;
}

/* --- quantiles ------------------------------------------------------------------ */

enum which { OF_ESTIMATE, OF_LOWER, OF_UPPER };

/* The curve, or a limit of it; NAN: there is none on this day. */
static double height(const struct walk *w, enum which which, double z)
{
	double lower, upper;

	if (which == OF_ESTIMATE)
		return w->surv;
	if (!limits_of(w, z, &lower, &upper))
		return (double)NAN;
	return which == OF_LOWER ? lower : upper;
}

static double first_below(const struct incidence *in, double wanted, enum which which, double z)
{
	struct walk w = walk_start(in);
	double flat = (double)NAN;

	while (walk_next(&w, in->last_day)) {
		double h;

		if (w.events == 0)
			continue;
		h = height(&w, which, z);
		if (isnan(h))
			continue;
		if (!isnan(flat))
			return (flat + w.day) / 2;
		if (fabs(h - wanted) < FLAT)
			flat = w.day;
		else if (h < wanted)
			return w.day;
	}
	return isnan(flat) ? flat : (flat + in->last_day) / 2;
}

struct figure km_quantile(const struct incidence *in, double q, double level)
{
	struct figure f = figure_missing(REASON_EMPTY_ARM, "kaplan_meier_quantile");
	const double z = level_z(level);

	must(q > 0 && q < 1);
	f.n = in->n;
	f.level = level;
	if (in->n == 0)
		return f;
	f.estimate = first_below(in, 1 - q, OF_ESTIMATE, z);
	f.lower = first_below(in, 1 - q, OF_LOWER, z);
	f.upper = first_below(in, 1 - q, OF_UPPER, z);
	f.reason = isnan(f.estimate) ? REASON_NOT_REACHED : REASON_NONE;
	return f;
}

/* --- area ------------------------------------------------------------------------- */

struct figure km_area(const struct incidence *in, int tau, double level)
{
	struct figure f = figure_missing(REASON_EMPTY_ARM, "restricted_mean");
	const double z = level_z(level);
	struct walk w = walk_start(in);
	double whole = 0, area, var = 0;

	must(tau > 0);
	f.n = in->n;
	f.level = level;
	if (in->n == 0)
		return f;
	f.reason = REASON_BEYOND_FOLLOW_UP;
	if (is_beyond(in, tau))
		return f;
	while (walk_next(&w, tau - 1))
		whole += w.surv;
	if (in->days < tau)
		whole += (tau - in->days) * w.surv;
	area = whole;				/* from the day on */
	w = walk_start(in);
	while (walk_next(&w, tau - 1)) {
		const double n = (double)w.at_risk, d = (double)w.events;

		if (w.events > 0 && w.events < w.at_risk)
			var += area * area * d / (n * (n - d));
		area -= w.surv;
	}
	f.reason = REASON_NONE;
	f.events = w.so_far;
	f.estimate = whole;
	f.se = sqrt(var);
	f.lower = f.estimate - z * f.se;
	f.upper = f.estimate + z * f.se;
	return f;
}

struct figure figure_ratio(const struct figure *one, const struct figure *zero)
{
	/* One side without spread is known for sure: the other's is the ratio's. */
	const bool sure1 = one->reason == REASON_ZERO_VARIANCE;
	const bool sure0 = zero->reason == REASON_ZERO_VARIANCE;
	const enum reason reason = one->reason != REASON_NONE && !sure1 ? one->reason :
	    sure0 ? REASON_NONE : zero->reason;
	struct figure f = figure_missing(reason, "ratio+log");
	double spread;

	f.level = one->level;
	f.n = one->n + zero->n;
	if (reason != REASON_NONE)
		return f;
	f.reason = REASON_RATIO_UNDEFINED;
	if (one->estimate <= 0 || zero->estimate <= 0)
		return f;
	f.reason = REASON_NONE;
	f.events = one->events + zero->events;
	f.estimate = one->estimate / zero->estimate;
	f.se = hypot(sure1 ? 0 : one->se / one->estimate, sure0 ? 0 : zero->se / zero->estimate);
	f.reason = f.se > 0 ? REASON_NONE : REASON_ZERO_VARIANCE;	/* se: of the log */
	if (!(f.se > 0))
		return f;
	spread = level_z(one->level) * f.se;
	f.lower = f.estimate * exp(-spread);
	f.upper = f.estimate * exp(spread);
	f.p = normal_two_sided(log(f.estimate) / f.se);
	return f;
}
