/* adaptive.c - see adaptive.h. */
#include "measure/adaptive.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>

#include "base/must.h"
#include "measure/tail.h"

#define SPREADS 46.0			/* of a posterior, around its mean: at an edge its
					 * tail is that of an exponential */
#define PANELS 400
#define NODES 16

/* --- scores ---------------------------------------------------------------------------- */

static void around(struct figure *f, double estimate, double se, double level)
{
	const double half = level_z(level) * se;

	f->reason = se > 0 ? REASON_NONE : REASON_ZERO_VARIANCE;
	f->level = level;
	f->estimate = estimate;
	if (!(se > 0))
		return;
	f->se = se;
	f->lower = estimate - half;
	f->upper = estimate + half;
	f->p = 2 * normal_tail(fabs(estimate) / se);
}

struct running {			/* Welford: mean and sum of squares around it */
	double	n, mean, squares;
};

static void running_add(struct running *r, double x)
{
	const double gap = x - r->mean;

	r->n++;
	r->mean += gap / r->n;
	r->squares += gap * (x - r->mean);
}

static struct figure score_figure(const struct running *r, const char *method, double level)
{
	struct figure f = figure_missing(REASON_TINY_N, method);

	f.n = (int64_t)r->n;
	if (r->n >= 2)
		around(&f, r->mean, sqrt(r->squares / (r->n - 1) / r->n), level);
	return f;
}

/* Weighted means by arm, and their spread. */
static void hajek_make(const struct adaptive_row *row, size_t count, struct figure *f, double level)
{
	double w[2] = { 0, 0 }, sum[2] = { 0, 0 }, var[2] = { 0, 0 };

	for (size_t i = 0; i < count; i++) {
		const double weight = 1 / (row[i].one ? row[i].e : 1 - row[i].e);

		w[row[i].one] += weight;
		sum[row[i].one] += weight * row[i].y;
	}
	if (!(w[0] > 0) || !(w[1] > 0))
		return;
	for (size_t i = 0; i < count; i++) {
		const double weight = 1 / (row[i].one ? row[i].e : 1 - row[i].e);
		const double off = weight * (row[i].y - sum[row[i].one] / w[row[i].one]);

		var[row[i].one] += off * off;
	}
	around(f, sum[1] / w[1] - sum[0] / w[0], sqrt(var[1] / (w[1] * w[1]) + var[0] / (w[0] * w[0])),
	    level);
}

static int by_day(const void *left, const void *right)
{
	const struct adaptive_row *a = left, *b = right;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->one != b->one)
		return a->one ? -1 : 1;
	if (a->y < b->y || a->y > b->y)
		return a->y < b->y ? -1 : 1;
	return (a->e > b->e) - (a->e < b->e);
}

void adaptive_sort(struct adaptive_row *row, size_t count)
{
	if (count > 0)
		qsort(row, count, sizeof(row[0]), by_day);
}

struct adaptive adaptive_make(const struct adaptive_row *row, size_t count, double level)
{
	struct adaptive out = { .naive = figure_missing(REASON_NONE, "difference_of_means"),
	    .ipw = figure_missing(REASON_PROPENSITY_MISSING, "ipw"),
	    .aipw = figure_missing(REASON_PROPENSITY_MISSING, "aipw"),
	    .hajek = figure_missing(REASON_PROPENSITY_MISSING, "hajek") };
	struct running ipw = { 0, 0, 0 }, aipw = { 0, 0, 0 };
	double n[2] = { 0, 0 }, sum[2] = { 0, 0 }, m1 = 0.5, m0 = 0.5;
	bool known = true;

	for (size_t i = 0; i < count; i++) {
		const double e = row[i].e, y = row[i].y;

		if (i > 0 && row[i].day != row[i - 1].day) {
			m1 = (sum[1] + 1) / (n[1] + 2);
			m0 = (sum[0] + 1) / (n[0] + 2);
		}
		known &= e > 0 && e < 1;
		running_add(&ipw, row[i].one ? y / e : -y / (1 - e));
		running_add(&aipw, m1 - m0 + (row[i].one ? (y - m1) / e : -(y - m0) / (1 - e)));
		n[row[i].one]++;
		sum[row[i].one] += y;
	}
	out.naive.n = out.ipw.n = out.aipw.n = out.hajek.n = (int64_t)count;
	if (n[0] > 0 && n[1] > 0)
		out.naive.estimate = sum[1] / n[1] - sum[0] / n[0];
	else
		out.naive.reason = REASON_EMPTY_ARM;
	if (!known)
		return out;
	out.ipw = score_figure(&ipw, "ipw", level);
	out.aipw = score_figure(&aipw, "aipw", level);
	hajek_make(row, count, &out.hajek, level);
	return out;
}

/* --- shares ------------------------------------------------------------------------------ */

struct contest {
	const double	(*posterior)[2];
	size_t		arms, arm;
};

/* The arm is here and all others are below. */
static double density(double x, void *data)
{
	const struct contest *c = data;
	double out = gsl_ran_beta_pdf(x, c->posterior[c->arm][0], c->posterior[c->arm][1]);

	for (size_t i = 0; i < c->arms; i++)
		if (i != c->arm)
			out *= gsl_cdf_beta_P(x, c->posterior[i][0], c->posterior[i][1]);
	return out;
}

static void range_of(const double posterior[2], double *lo, double *hi)
{
	const double a = posterior[0], b = posterior[1], mean = a / (a + b);
	const double sd = sqrt(mean * (1 - mean) / (a + b + 1));

	*lo = fmax(0, mean - SPREADS * sd);
	*hi = fmin(1, mean + SPREADS * sd);
}

void thompson_best(const double (*posterior)[2], size_t arms, double *best)
{
	gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(NODES);

	must(table != NULL && arms > 0 && arms <= THOMPSON_ARMS_MAX);
	for (size_t a = 0; a < arms; a++) {
		struct contest c = { posterior, arms, a };
		gsl_function f = { .function = density, .params = &c };
		double lo, hi;

		range_of(posterior[a], &lo, &hi);
		best[a] = 0;
		for (int k = 0; k < PANELS; k++)
			best[a] += gsl_integration_glfixed(&f, lo + (hi - lo) * k / PANELS,
			    lo + (hi - lo) * (k + 1) / PANELS, table);
	}
	gsl_integration_glfixed_table_free(table);
}

void thompson_shares(const double *best, size_t arms, double floor, double *shares)
{
	bool low[THOMPSON_ARMS_MAX] = { false };
	bool again = true;

	must(arms <= THOMPSON_ARMS_MAX && floor * (double)arms <= 1);
	while (again) {
		double left = 1, sum = 0;

		again = false;
		for (size_t i = 0; i < arms; i++) {
			left -= low[i] ? floor : 0;
			sum += low[i] ? 0 : best[i];
		}
		for (size_t i = 0; i < arms; i++) {
			shares[i] = low[i] ? floor : best[i] / sum * left;
			again |= !low[i] && shares[i] < floor;
		}
		for (size_t i = 0; again && i < arms; i++)
			low[i] |= shares[i] < floor;
	}
}
