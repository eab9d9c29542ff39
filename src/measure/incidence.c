/* incidence.c - see incidence.h. */
#include "measure/incidence.h"

#include <math.h>
#include <stdbool.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/proportion.h"
#include "measure/tail.h"

#define ROUNDING 1e-16

void incidence_init(struct incidence *in, void *ctx, int days)
{
	must(days > 0 && days <= INCIDENCE_DAYS_MAX);
	*in = (struct incidence){ .days = days, .last_day = -1 };
	for (int k = 0; k < EXIT_KINDS; k++) {
		in->left[k] = talloc_zero_array(ctx, int64_t, (unsigned)days);
		must(in->left[k] != NULL);
	}
}

void incidence_add(struct incidence *in, int day, enum exit_kind kind)
{
	must(day >= 0 && day < in->days && kind < EXIT_KINDS);
	in->left[kind][day]++;
	in->n++;
	if (day > in->last_day)
		in->last_day = day;
}

void incidence_join(struct incidence *in, const struct incidence *more)
{
	must(in->days == more->days);
	for (int k = 0; k < EXIT_KINDS; k++)
		for (int day = 0; day < in->days; day++)
			in->left[k][day] += more->left[k][day];
	in->n += more->n;
	if (more->last_day > in->last_day)
		in->last_day = more->last_day;
}

/* --- the sweep -------------------------------------------------------------- */

/* Where the sweep stands: before the events of `day`, after incidence_step()
 * behind them. */
struct sweep {
	const struct incidence	*in;
	enum exit_kind		 cause;
	int			 day;
	int64_t			 at_risk;	/* before this day's events */
	int64_t			 any, by_cause;	/* this day's events */
	double			 before;	/* share still there before them */
	double			 remaining;	/* and after */
	double			 incidence;	/* F of the cause, after */
	int64_t			 events;	/* of the cause, so far */
	int64_t			 gone;		/* not at risk any more */
};

static struct sweep sweep_start(const struct incidence *in, enum exit_kind cause)
{
	return (struct sweep){ .in = in, .cause = cause, .day = -1, .remaining = 1 };
}

/* Goes to the next day; false behind `last`. */
static bool sweep_next(struct sweep *s, int last)
{
	const struct incidence *in = s->in;

	if (++s->day > last || s->day >= in->days)
		return false;
	s->at_risk = in->n - s->gone;
	s->any = in->left[EXIT_PAID][s->day] + in->left[EXIT_OTHER][s->day];
	s->by_cause = in->left[s->cause][s->day];
	s->before = s->remaining;
	s->events += s->by_cause;
	s->gone += s->any + in->left[EXIT_CENSORED][s->day];
	if (s->any > 0) {
		const double n = (double)s->at_risk;

		s->incidence += s->before * (double)s->by_cause / n;
		s->remaining *= (n - (double)s->any) / n;
	}
	return true;
}

static double variance_at(const struct incidence *in, enum exit_kind cause, int day,
    double reached)
{
	struct sweep s = sweep_start(in, cause);
	double var = 0;

	while (sweep_next(&s, day)) {
		const double n = (double)s.at_risk, d = (double)s.any;
		const double dk = (double)s.by_cause, gap = reached - s.incidence;

		if (s.any == 0)
			continue;
		if (s.any < s.at_risk)
			var += gap * gap * d / (n * (n - d));
		var += s.before * s.before * (n - dk) * dk / (n * n * n);
		var -= 2 * gap * s.before * dk / (n * n);
	}
	/* What is left of terms that cancel is no variance. */
	return var > ROUNDING ? var : 0;
}

static struct sweep sweep_to(const struct incidence *in, enum exit_kind cause, int day)
{
	struct sweep s = sweep_start(in, cause);

	while (sweep_next(&s, day))
		continue;
	return s;
}

/* Nobody may have left uncertain before the curve ends. */
static bool is_beyond(const struct incidence *in, int day)
{
	return day > in->last_day && in->left[EXIT_CENSORED][in->last_day] > 0;
}

static bool censored_before(const struct incidence *in, int day)
{
	for (int i = 0; i < day && i < in->days; i++)
		if (in->left[EXIT_CENSORED][i] > 0)
			return true;
	return false;
}

static void limits_set(struct figure *f, bool censored, double z)
{
	const double F = f->estimate;

	if (f->events == 0 || f->events == f->n) {
		if (!censored) {
			const struct share all = { f->events, f->n };
			const struct limits w = wilson_limits(all, z);

			f->lower = w.lower;
			f->upper = w.upper;
		}
	} else if (F > 0 && F < 1) {
		const double spread = z * f->se / (F * log(F));	/* negative */

		f->lower = pow(F, exp(-spread));
		f->upper = pow(F, exp(spread));
	}
}

struct figure incidence_at(const struct incidence *in, enum exit_kind cause, int day,
    double level)
{
	struct figure f = figure_missing(REASON_EMPTY_ARM, "aalen_johansen+loglog");
	struct sweep s;

	must(cause != EXIT_CENSORED && day >= 0);
	f.n = in->n;
	f.level = level;
	if (in->n == 0)
		return f;
	f.reason = REASON_BEYOND_FOLLOW_UP;
	if (is_beyond(in, day))
		return f;
	s = sweep_to(in, cause, day);
	f.reason = REASON_NONE;
	f.events = s.events;
	f.estimate = s.incidence;
	f.se = sqrt(variance_at(in, cause, day, s.incidence));
	limits_set(&f, censored_before(in, day), level_z(level));
	return f;
}

double incidence_remaining(const struct incidence *in, int day)
{
	return sweep_to(in, EXIT_PAID, day).remaining;
}

int64_t incidence_at_risk(const struct incidence *in, int day)
{
	int64_t gone = 0;

	for (int i = 0; i < day && i < in->days; i++)
		for (int k = 0; k < EXIT_KINDS; k++)
			gone += in->left[k][i];
	return in->n - gone;
}

/* --- days outstanding -------------------------------------------------------- */

/* Area under F_paid from `from` to tau. */
static double area_under(const struct incidence *in, int from, int tau)
{
	struct sweep s = sweep_start(in, EXIT_PAID);
	double area = 0;

	while (sweep_next(&s, tau - 1))
		area += s.day >= from ? s.incidence : 0;
	/* The sweep ends with the counts; the curve stays level behind them. */
	for (int day = in->days > from ? in->days : from; day < tau; day++)
		area += s.incidence;
	return area;
}

struct figure days_outstanding(const struct incidence *in, int tau, double level)
{
	struct figure f = figure_missing(REASON_EMPTY_ARM, "tau_minus_incidence_area");
	struct sweep s = sweep_start(in, EXIT_PAID);
	double var = 0, z = level_z(level);

	must(tau > 0);
	f.n = in->n;
	f.level = level;
	if (in->n == 0)
		return f;
	f.reason = REASON_BEYOND_FOLLOW_UP;
	if (is_beyond(in, tau))
		return f;
	while (sweep_next(&s, tau)) {
		const double n = (double)s.at_risk;
		const double paid = (double)s.by_cause / n, other = (double)s.any / n - paid;
		double rest, a_paid, a_other;

		if (s.any == 0)
			continue;
		rest = s.any < s.at_risk ? (area_under(in, s.day, tau) -
		    s.incidence * (tau - s.day)) / (1 - (double)s.any / n) : 0;
		a_paid = s.before * (tau - s.day) - rest;
		a_other = -rest;
		var += (a_paid * a_paid * paid * (1 - paid) + a_other * a_other * other *
		    (1 - other) - 2 * a_paid * a_other * paid * other) / n;
	}
	f.reason = REASON_NONE;
	f.events = s.events;
	f.estimate = tau - area_under(in, 0, tau);
	f.se = sqrt(fmax(0, var));
	f.lower = f.estimate - z * f.se;
	f.upper = f.estimate + z * f.se;
	return f;
}

/* All alike in an arm is known, too: an estimate with an error of 0. */
static bool is_known(const struct figure *f)
{
	return f->reason == REASON_NONE || (f->reason == REASON_ZERO_VARIANCE &&
	    isfinite(f->estimate) && isfinite(f->se));
}

struct figure figure_difference(const struct figure *one, const struct figure *zero)
{
	const enum reason reason = !is_known(one) ? one->reason : !is_known(zero) ? zero->reason :
	    REASON_NONE;
	struct figure f = figure_missing(reason, "combined_se+z");
	double z;

	must(one->level == zero->level);
	f.level = one->level;
	f.n = one->n + zero->n;
	if (reason != REASON_NONE)
		return f;
	z = level_z(one->level);
	f.events = one->events + zero->events;
	f.estimate = one->estimate - zero->estimate;
	f.se = hypot(one->se, zero->se);
	f.lower = f.estimate - z * f.se;
	f.upper = f.estimate + z * f.se;
	if (f.se > 0)
		f.p = normal_two_sided(f.estimate / f.se);
	else
		f.reason = REASON_ZERO_VARIANCE;
	return f;
}
