/* proportion.c - see proportion.h.
 *
 * Counts are turned into doubles before they are multiplied: the product of
 * four of them leaves 64 bits.
 */
#include "measure/proportion.h"

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_cdf.h>

#include "base/must.h"
#include "measure/tail.h"

#define EXPECTED_CELL_MIN 5.0
#define POLISHINGS 4
#define POLISH_MOST 1e-6L		/* the closed form is never further off */
#define HALVINGS 200
#define FISHER_TIE 1e-7		/* as R: probabilities this close are equal */

static void share_check(struct share s)
{
	must(s.x >= 0 && s.x <= s.n);
}

static double fraction(struct share s)
{
	return (double)s.x / (double)s.n;
}

struct limits wilson_limits(struct share s, double z)
{
	const double n = (double)s.n, p = fraction(s), zz = z * z;
	const double centre = (p + zz / (2 * n)) / (1 + zz / n);
	const double half = z / (1 + zz / n) * sqrt(p * (1 - p) / n + zz / (4 * n * n));

	return (struct limits){ s.x == 0 ? 0 : centre - half, s.x == s.n ? 1 : centre + half };
}

struct limits newcombe_limits(struct share one, struct share zero, double z)
{
	const double p1 = fraction(one), p0 = fraction(zero), d = p1 - p0;
	const struct limits w1 = wilson_limits(one, z), w0 = wilson_limits(zero, z);

	return (struct limits){ d - hypot(p1 - w1.lower, w0.upper - p0),
	    d + hypot(w1.upper - p1, p0 - w0.lower) };
}

struct limits agresti_caffo_limits(struct share one, struct share zero, double z)
{
	const struct share a = { one.x + 1, one.n + 2 }, b = { zero.x + 1, zero.n + 2 };
	const double p1 = fraction(a), p0 = fraction(b);
	const double half = z * sqrt(p1 * (1 - p1) / (double)a.n + p0 * (1 - p0) / (double)b.n);

	return (struct limits){ fmax(-1, p1 - p0 - half), fmin(1, p1 - p0 + half) };
}

/* The share at which the tail of what was seen has half the error, by halving: the
 * library's own inverse fails at some inputs. */
static double clopper_edge(double a, double b, double tail, bool upper)
{
	double lo = 0, hi = 1;

	for (int i = 0; i < HALVINGS; i++) {
		const double middle = (lo + hi) / 2;
		const double p = upper ? gsl_cdf_beta_Q(middle, a, b) : gsl_cdf_beta_P(middle, a, b);

		if ((p > tail) == upper)
			lo = middle;
		else
			hi = middle;
	}
	return (lo + hi) / 2;
}

struct limits clopper_limits(struct share s, double level)
{
	const double x = (double)s.x, n = (double)s.n, tail = (1 - level) / 2;

	if (s.n == 0)
		return (struct limits){ (double)NAN, (double)NAN };
	return (struct limits){ s.x == 0 ? 0 : clopper_edge(x, n - x + 1, tail, false),
	    s.x == s.n ? 1 : clopper_edge(x + 1, n - x, tail, true) };
}

/* The shares nearest to what was seen that differ by `by`: the root of a cubic
 * that lies between 0 and 1. */
static double restricted_root(double p1, double p0, double theta, double by)
{
	const double a = 1 + theta;
	const double b = -(1 + theta + p1 + theta * p0 + by * (theta + 2));
	const double c = by * by + by * (2 * p1 + theta + 1) + p1 + theta * p0;
	const double d = -p1 * by * (1 + by);
	const double v = b * b * b / (27 * a * a * a) - b * c / (6 * a * a) + d / (2 * a);
	const double under = b * b / (9 * a * a) - c / (3 * a);
	const double u = copysign(sqrt(fmax(0, under)), v);
	const double ratio = u == 0 ? 0 : fmax(-1, fmin(1, v / (u * u * u)));

	return 2 * u * cos((acos(-1.0) + acos(ratio)) / 3) - b / (3 * a);
}

/* The closed form loses digits where a share is 0 or 1 and the arms are of very different
 * sizes: a few steps of Newton's, with more of them, give them back. */
static double restricted_polish(double p1, double p0, double theta, double by, double root)
{
	const long double a = 1 + (long double)theta;
	const long double b = -(1 + (long double)theta + p1 + (long double)theta * p0 +
	    by * ((long double)theta + 2));
	const long double c = (long double)by * by + by * (2 * (long double)p1 + theta + 1) + p1 +
	    (long double)theta * p0;
	const long double d = -(long double)p1 * by * (1 + (long double)by);
	long double q = root;

	for (int i = 0; i < POLISHINGS; i++) {
		const long double value = ((a * q + b) * q + c) * q + d;
		const long double slope = (3 * a * q + 2 * b) * q + c;
		const long double next = q - value / slope;

		if (!(fabsl(next - q) < POLISH_MOST))	/* a double root: it stays */
			break;
		q = next;
	}
	return (double)q;
}

double restricted_share(double p1, double p0, double theta, double by)
{
	const double root = restricted_root(p1, p0, theta, by);

	return fmax(0, fmin(1, restricted_polish(p1, p0, theta, by, root)));
}

/* z of the score test of a difference, with the variance of the shares nearest to what
 * was seen that differ by it. */
static double score_z(struct share one, struct share zero, double by)
{
	const double n1 = (double)one.n, n0 = (double)zero.n, n = n1 + n0;
	const double p1 = (double)one.x / n1, p0 = (double)zero.x / n0;
	const double q1 = restricted_share(p1, p0, n0 / n1, by), q0 = fmax(0, fmin(1, q1 - by));
	const double var = (q1 * (1 - q1) / n1 + q0 * (1 - q0) / n0) * n / (n - 1);

	return var > 0 ? (p1 - p0 - by) / sqrt(var) : p1 - p0 > by ? HUGE_VAL : -HUGE_VAL;
}

struct limits miettinen_limits(struct share one, struct share zero, double z)
{
	const double d = (double)one.x / (double)one.n - (double)zero.x / (double)zero.n;
	double low[2] = { -1, d }, high[2] = { d, 1 };

	for (int i = 0; i < HALVINGS; i++) {
		const double below = (low[0] + low[1]) / 2, above = (high[0] + high[1]) / 2;

		low[score_z(one, zero, below) > z ? 0 : 1] = below;
		high[score_z(one, zero, above) < -z ? 1 : 0] = above;
	}
	return (struct limits){ (low[0] + low[1]) / 2, (high[0] + high[1]) / 2 };
}

double pooled_z_p(struct share one, struct share zero)
{
	const double n1 = (double)one.n, n0 = (double)zero.n;
	const double pooled = ((double)one.x + (double)zero.x) / (n1 + n0);
	const double se = sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0));

	return se > 0 ? normal_two_sided((fraction(one) - fraction(zero)) / se) : (double)NAN;
}

/* Probability of k + 1 events in arm one over that of k, all margins fixed. */
static double hyper_step(double k, double n1, double n0, double events)
{
	return (n1 - k) * (events - k) / ((k + 1) * (n0 - events + k + 1));
}

/* Weights relative to the mode, outwards in both directions, so that no
 * factorial is ever taken. */
double fisher_p(struct share one, struct share zero)
{
	const double n1 = (double)one.n, n0 = (double)zero.n;
	const double events = (double)one.x + (double)zero.x;
	const double low = fmax(0, events - n0), high = fmin(events, n1);
	const double mode = floor((events + 1) * (n1 + 1) / (n1 + n0 + 2));
	double weight = 1, seen = 1, total = 0, tail = 0;

	for (double k = mode; k < (double)one.x; k++)
		seen *= hyper_step(k, n1, n0, events);
	for (double k = mode; k > (double)one.x; k--)
		seen /= hyper_step(k - 1, n1, n0, events);
	for (double k = mode; k <= high; k++) {
		total += weight;
		tail += weight <= seen * (1 + FISHER_TIE) ? weight : 0;
		weight *= hyper_step(k, n1, n0, events);
	}
	weight = 1;
	for (double k = mode - 1; k >= low; k--) {
		weight /= hyper_step(k, n1, n0, events);
		total += weight;
		tail += weight <= seen * (1 + FISHER_TIE) ? weight : 0;
	}
	return fmin(1, tail / total);
}

struct figure share_figure(struct share s, double level)
{
	struct figure f = figure_missing(REASON_NOT_MATURED, "wilson");
	struct limits w;

	share_check(s);
	f.n = s.n;
	f.events = s.x;
	f.level = level;
	if (s.n == 0)
		return f;
	w = wilson_limits(s, level_z(level));
	f.estimate = fraction(s);
	f.lower = w.lower;
	f.upper = w.upper;
	f.reason = s.n < TINY_N_DEBTORS ? REASON_TINY_N : REASON_NONE;
	return f;
}

static bool expected_cell_is_small(struct share one, struct share zero)
{
	const double n = (double)one.n + (double)zero.n;
	const double events = (double)one.x + (double)zero.x;
	const double arm = fmin((double)one.n, (double)zero.n);

	return arm * fmin(events, n - events) / n < EXPECTED_CELL_MIN;
}

struct figure share_difference(struct share one, struct share zero, double level)
{
	struct figure f = figure_missing(REASON_NOT_MATURED, "newcombe10+pooled_z");
	const double n1 = (double)one.n, n0 = (double)zero.n;
	struct limits limits;
	double p1, p0;

	share_check(one);
	share_check(zero);
	f.level = level;
	f.n = one.n + zero.n;
	f.events = one.x + zero.x;
	if (one.n == 0 || zero.n == 0)
		return f;
	p1 = fraction(one);
	p0 = fraction(zero);
	limits = newcombe_limits(one, zero, level_z(level));
	f.estimate = p1 - p0;
	f.lower = limits.lower;
	f.upper = limits.upper;
	f.se = sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0);
	f.reason = one.n < TINY_N_DEBTORS || zero.n < TINY_N_DEBTORS ? REASON_TINY_N
	    : REASON_NONE;
	if (f.events == 0 || f.events == f.n) {
		f.reason = f.events == 0 ? REASON_NO_EVENTS : REASON_ALL_EVENTS;
	} else if (f.reason == REASON_TINY_N || expected_cell_is_small(one, zero)) {
		f.method = "newcombe10+fisher";
		f.p = fisher_p(one, zero);
	} else {
		f.p = pooled_z_p(one, zero);
	}
	return f;
}

struct figure share_ratio(struct share one, struct share zero, double level)
{
	struct figure f = figure_missing(REASON_NOT_MATURED, "log_ratio");
	double se, z;

	share_check(one);
	share_check(zero);
	f.level = level;
	f.n = one.n + zero.n;
	f.events = one.x + zero.x;
	if (one.n == 0 || zero.n == 0)
		return f;
	f.reason = REASON_RATIO_UNDEFINED;
	if (one.x == 0 || zero.x == 0)
		return f;
	f.reason = one.n < TINY_N_DEBTORS || zero.n < TINY_N_DEBTORS ? REASON_TINY_N
	    : REASON_NONE;
	se = sqrt((1 - fraction(one)) / (double)one.x + (1 - fraction(zero)) / (double)zero.x);
	z = level_z(level);
	f.estimate = fraction(one) / fraction(zero);
	f.lower = f.estimate * exp(-z * se);
	f.upper = f.estimate * exp(z * se);
	f.se = se;			/* of the logarithm */
	return f;
}
