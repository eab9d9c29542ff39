/* cox.c - see cox.h. */
#include "measure/cox.h"

#include <math.h>
#include <stdbool.h>

#include "base/must.h"
#include "measure/logrank.h"
#include "measure/tail.h"

#define STEPS_MAX 50
#define STEP_MIN 1e-12
#define HALVINGS_MAX 30

/* One event day of one stratum. */
struct event_day {
	int	day;
	double	n1, n0;			/* at risk */
	double	d1, d0;			/* events */
};

struct walk {
	const struct incidence	*one, *zero;
	int			 day;
	int64_t			 gone1, gone0;
};

static int64_t count(const struct incidence *in, enum exit_kind kind, int day)
{
	return day < in->days ? in->left[kind][day] : 0;
}

/* The next day with an event; false behind the last. */
static bool next_event(struct walk *w, struct event_day *e)
{
	for (;;) {
		const int day = ++w->day;
		const int64_t d1 = count(w->one, EXIT_PAID, day), d0 = count(w->zero, EXIT_PAID, day);

		if (day >= w->one->days && day >= w->zero->days)
			return false;
		*e = (struct event_day){ .day = day, .n1 = (double)(w->one->n - w->gone1),
		    .n0 = (double)(w->zero->n - w->gone0), .d1 = (double)d1, .d0 = (double)d0 };
		for (int k = 0; k < EXIT_KINDS; k++) {
			w->gone1 += count(w->one, (enum exit_kind)k, day);
			w->gone0 += count(w->zero, (enum exit_kind)k, day);
		}
		if (d1 + d0 > 0)
			return true;
	}
}

static struct walk walk_start(const struct incidence *one, const struct incidence *zero)
{
	return (struct walk){ .one = one, .zero = zero, .day = -1 };
}

struct fitting {
	const struct incidence *const	*one, *const *zero;
	size_t				 strata;
	double				 mean_g;	/* of log(t + 1) over the events */
};

/* What one value of the coefficient gives. */
struct sums {
	double	loglik, score, info;
	double	g_score, g_info, gg_info;	/* with g and g^2, for the zph test */
};

/* Efron: the k-th of d tied deaths sees a k/d part of the dying taken away. */
static void add_day(const struct event_day *e, double b, double g, struct sums *s)
{
	const double r = exp(b), d = e->d1 + e->d0;
	double xbars = 0, info = 0;

	s->loglik += e->d1 * b;
	for (double k = 0; k < d; k++) {
		const double a = k / d;
		const double s1 = r * (e->n1 - a * e->d1), s0 = s1 + e->n0 - a * e->d0;
		const double xbar = s1 / s0;

		s->loglik -= log(s0);
		xbars += xbar;
		info += xbar * (1 - xbar);
	}
	s->score += e->d1 - xbars;
	s->info += info;
	s->g_score += g * (e->d1 - xbars);
	s->g_info += g * info;
	s->gg_info += g * g * info;
}

static struct sums sums_at(const struct fitting *f, double b)
{
	struct sums s = { 0 };
	struct event_day e;

	for (size_t i = 0; i < f->strata; i++) {
		struct walk w = walk_start(f->one[i], f->zero[i]);

		while (next_event(&w, &e))
			add_day(&e, b, log(e.day + 1.0) - f->mean_g, &s);
	}
	return s;
}

/* --- is there a maximum? ---------------------------------------------------------- */

static enum reason reason_not(struct fitting *f, struct cox *c)
{
	double events1 = 0, events0 = 0, both1 = 0, both0 = 0, gs = 0;
	int64_t n1 = 0, n0 = 0;
	struct logrank l;
	struct event_day e;

	logrank_start(&l, 2);
	for (size_t i = 0; i < f->strata; i++) {
		const struct incidence *const pair[] = { f->zero[i], f->one[i] };
		struct walk w = walk_start(f->one[i], f->zero[i]);

		n1 += f->one[i]->n;
		n0 += f->zero[i]->n;
		logrank_stratum(&l, pair);
		while (next_event(&w, &e)) {
			events1 += e.d1;
			events0 += e.d0;
			gs += (e.d1 + e.d0) * log(e.day + 1.0);
			if (e.n1 > 0 && e.n0 > 0) {
				both1 += e.d1;
				both0 += e.d0;
			}
		}
	}
	c->n = n1 + n0;
	c->events = (int64_t)(events1 + events0);
	if (n1 == 0 || n0 == 0)
		return REASON_EMPTY_ARM;
	if (events1 == 0 || events0 == 0)
		return REASON_NO_EVENTS_IN_ARM;
	logrank_finish(&l);
	if (l.reason != REASON_NONE)
		return REASON_ZERO_VARIANCE;
	if (both1 == 0 || both0 == 0)
		return REASON_MONOTONE;
	f->mean_g = gs / (events1 + events0);
	return REASON_NONE;
}

/* --- robust variance ---------------------------------------------------------------- */

/* For those who stay over a day's events: the residual falls by r (x A - B). */
struct residuals {
	double	r;			/* exp(coef) */
	double	a, b;			/* sums of 1/S0 and xbar/S0 so far */
	double	squares;
};

static void add_square(struct residuals *q, double x, double dying, int64_t many)
{
	const double rest = -(x > 0 ? q->r : 1) * (x * q->a - q->b) + dying;

	q->squares += (double)many * rest * rest;
}

/* Those who die on the day; afterwards a and b hold the whole day for others. */
static void event_residuals(struct residuals *q, const struct event_day *e)
{
	const double d = e->d1 + e->d0;
	double a = 0, b = 0, less_a = 0, less_b = 0, xbars = 0;

	for (double k = 0; k < d; k++) {
		const double part = k / d;
		const double s1 = q->r * (e->n1 - part * e->d1), s0 = s1 + e->n0 - part * e->d0;
		const double xbar = s1 / s0;

		a += 1 / s0;
		b += xbar / s0;
		less_a += (1 - part) / s0;
		less_b += (1 - part) * xbar / s0;
		xbars += xbar;
	}
	add_square(q, 1, 1 - xbars / d - q->r * (less_a - less_b), (int64_t)e->d1);
	add_square(q, 0, -xbars / d + less_b, (int64_t)e->d0);
	q->a += a;
	q->b += b;
}

static double residual_squares(const struct fitting *f, double coef)
{
	double squares = 0;

	for (size_t i = 0; i < f->strata; i++) {
		const struct incidence *one = f->one[i], *zero = f->zero[i];
		struct residuals q = { .r = exp(coef) };
		struct walk w = walk_start(one, zero);
		struct event_day e;
		bool more = next_event(&w, &e);

		for (int day = 0; day < one->days || day < zero->days; day++) {
			if (more && e.day == day) {
				event_residuals(&q, &e);
				more = next_event(&w, &e);
			}
			add_square(&q, 1, 0, count(one, EXIT_CENSORED, day) +
			    count(one, EXIT_OTHER, day));
			add_square(&q, 0, 0, count(zero, EXIT_CENSORED, day) +
			    count(zero, EXIT_OTHER, day));
		}
		squares += q.squares;
	}
	return squares;
}

/* --- the fit -------------------------------------------------------------------------- */

static struct sums newton(const struct fitting *f, struct cox *c)
{
	struct sums s = sums_at(f, 0);

	c->loglik_null = s.loglik;
	c->coef = 0;
	for (c->steps = 1; c->steps <= STEPS_MAX; c->steps++) {
		double step = s.score / s.info;
		struct sums next = sums_at(f, c->coef + step);

		for (int i = 0; i < HALVINGS_MAX && (!isfinite(next.loglik) ||
		    next.loglik < s.loglik - 1e-9 * fabs(s.loglik)); i++) {
			step /= 2;
			next = sums_at(f, c->coef + step);
		}
		c->coef += step;
		s = next;
		if (fabs(step) < STEP_MIN)
			break;
	}
	return s;
}

struct cox cox_fit(const struct incidence *const *one, const struct incidence *const *zero,
    size_t strata, double level)
{
	const double none = (double)NAN;
	struct cox c = { none, none, none, none, none, none, none, none, none, none, none, 0, 0, 0,
	    REASON_NONE };
	struct fitting f = { .one = one, .zero = zero, .strata = strata };
	struct sums s;
	double spread;

	must(strata > 0);
	c.reason = reason_not(&f, &c);
	if (c.reason != REASON_NONE)
		return c;
	s = newton(&f, &c);
	c.loglik = s.loglik;
	c.se = sqrt(1 / s.info);
	c.se_robust = sqrt(residual_squares(&f, c.coef)) / s.info;
	spread = level_z(level) * c.se_robust;
	c.ratio = exp(c.coef);
	c.lower = exp(c.coef - spread);
	c.upper = exp(c.coef + spread);
	c.p = normal_two_sided(c.coef / c.se_robust);
	spread = s.gg_info - s.g_info * s.g_info / s.info;
	if (spread > 1e-12) {
		c.zph_chisq = s.g_score * s.g_score / spread;
		c.zph_p = chisq_tail(c.zph_chisq, 1);
	}
	return c;
}
