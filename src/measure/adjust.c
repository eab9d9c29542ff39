/* adjust.c - see adjust.h.
 *
 * A regression with all products is one regression in each arm: the coefficient of the
 * arm is the difference of the intercepts at the common mean, and its variance the sum
 * of theirs.
 */
#include "measure/adjust.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <talloc.h>

#include "base/must.h"
#include "measure/tail.h"

#define PIVOT_MIN 1e-10
#define COLUMNS_MAX (2 * ADJUST_COVARIATES_MAX)

struct design {
	size_t	rows, columns;
	double	*x[COLUMNS_MAX];	/* centred over both arms, of spread 1 */
};

struct moments {
	double	n, mean, var;
};

static double *room(void *ctx, size_t count)
{
	double *out = talloc_array(ctx, double, (unsigned)count + 1);

	must(out != NULL);
	return out;
}

static struct moments moments_of(const double *y, size_t count, const bool *of, bool which)
{
	struct moments m = { 0, 0, 0 };

	for (size_t i = 0; i < count; i++)
		if (of == NULL || of[i] == which) {
			m.n++;
			m.mean += y[i];
		}
	m.mean /= m.n;
	for (size_t i = 0; i < count; i++)
		if (of == NULL || of[i] == which)
			m.var += (y[i] - m.mean) * (y[i] - m.mean);
	m.var /= m.n - 1;
	return m;
}

/* --- the columns --------------------------------------------------------------------- */

/* Centres and scales; false: it has no spread. */
static bool column_add(struct design *d, double *x)
{
	const struct moments m = moments_of(x, d->rows, NULL, true);
	const double sd = sqrt(m.var);

	if (!(sd > fabs(m.mean) * 1e-14))
		return false;
	for (size_t i = 0; i < d->rows; i++)
		x[i] = (x[i] - m.mean) / sd;
	d->x[d->columns++] = x;
	return true;
}

/* A covariate with the mean in its holes; how many holes there are. */
static double *filled(void *ctx, const double *x, size_t count, size_t *holes)
{
	double *out = room(ctx, count), sum = 0;

	*holes = 0;
	for (size_t i = 0; i < count; i++)
		if (isnan(x[i]))
			++*holes;
		else
			sum += x[i];
	for (size_t i = 0; i < count; i++)
		out[i] = isnan(x[i]) ? sum / (double)(count - *holes) : x[i];
	return out;
}

static void covariate_add(void *ctx, struct design *d, const double *x)
{
	double *value, *hole = room(ctx, d->rows);
	size_t holes;

	value = filled(ctx, x, d->rows, &holes);
	if (holes == d->rows)
		return;
	column_add(d, value);
	for (size_t i = 0; i < d->rows; i++)
		hole[i] = isnan(x[i]) ? 1 : 0;
	if (holes > 0)
		column_add(d, hole);
}

/* --- one arm --------------------------------------------------------------------------- */

struct fit {
	double	intercept, var;
	size_t	bad;			/* column that others explain; SIZE_MAX: none */
};

static gsl_matrix *matrix_of(const struct adjust_rows *r, const struct design *d, bool arm,
    size_t n)
{
	gsl_matrix *m = gsl_matrix_alloc(n, d->columns + 1);
	size_t at = 0;

	must(m != NULL);
	for (size_t i = 0; i < r->count; i++) {
		if (r->one[i] != arm)
			continue;
		gsl_matrix_set(m, at, 0, 1);
		for (size_t k = 0; k < d->columns; k++)
			gsl_matrix_set(m, at, k + 1, d->x[k][i]);
		at++;
	}
	return m;
}

/* The first column whose pivot has vanished. */
static size_t bad_pivot(const gsl_matrix *qr, double scale)
{
	for (size_t k = 1; k < qr->size2; k++)
		if (fabs(gsl_matrix_get(qr, k, k)) < PIVOT_MIN * scale)
			return k - 1;
	return SIZE_MAX;
}

/* Row by row, the columns of Q: how much each row weighs in the intercept, and how far it
 * pulls the fit to itself. */
static void weigh(const gsl_matrix *qr, const gsl_vector *tau, double *weight, double *lever,
    double **q)
{
	const size_t n = qr->size1, p = qr->size2;
	gsl_vector *unit = gsl_vector_alloc(n), *first = gsl_vector_calloc(p);
	gsl_matrix_const_view top = gsl_matrix_const_submatrix(qr, 0, 0, p, p);

	must(unit != NULL && first != NULL);
	gsl_vector_set(first, 0, 1);		/* R' c = e1: Q c weighs the rows */
	gsl_blas_dtrsv(CblasUpper, CblasTrans, CblasNonUnit, &top.matrix, first);
	for (size_t i = 0; i < n; i++)
		weight[i] = lever[i] = 0;
	for (size_t k = 0; k < p; k++) {
		gsl_vector_set_basis(unit, k);
		gsl_linalg_QR_Qvec(qr, tau, unit);
		for (size_t i = 0; i < n; i++) {
			q[k][i] = gsl_vector_get(unit, i);
			weight[i] += gsl_vector_get(first, k) * q[k][i];
			lever[i] += q[k][i] * q[k][i];
		}
	}
	gsl_vector_free(unit);
	gsl_vector_free(first);
}

static struct fit fit_arm(void *ctx, const struct adjust_rows *r, const struct design *d, bool arm,
    size_t n)
{
	gsl_matrix *qr = matrix_of(r, d, arm, n);
	const size_t p = d->columns + 1;
	gsl_vector *tau = gsl_vector_alloc(p);
	double *weight = room(ctx, n), *lever = room(ctx, n), *y = room(ctx, n), *left = room(ctx, n);
	double *q[COLUMNS_MAX + 1];
	struct fit out = { 0, 0, SIZE_MAX };
	size_t at = 0;

	must(tau != NULL);
	for (size_t i = 0; i < r->count; i++)
		if (r->one[i] == arm)
			left[at] = y[at] = r->y[i], at++;
	gsl_linalg_QR_decomp(qr, tau);
	out.bad = bad_pivot(qr, sqrt((double)n));
	if (out.bad == SIZE_MAX) {
		for (size_t k = 0; k < p; k++)
			q[k] = room(ctx, n);
		weigh(qr, tau, weight, lever, q);
		for (size_t k = 0; k < p; k++) {
			double on = 0;

			for (size_t i = 0; i < n; i++)
				on += q[k][i] * y[i];
			for (size_t i = 0; i < n; i++)
				left[i] -= on * q[k][i];
		}
		for (size_t i = 0; i < n; i++) {
			out.intercept += weight[i] * y[i];
			out.var += weight[i] * weight[i] * left[i] * left[i] / (1 - lever[i]);
		}
	}
	gsl_vector_free(tau);
	gsl_matrix_free(qr);
	return out;
}

/* --- both ---------------------------------------------------------------------------------- */

static void fill(struct figure *f, double estimate, double se, double level)
{
	const double z = level_z(level);

	f->reason = se > 0 ? REASON_NONE : REASON_ZERO_VARIANCE;
	f->estimate = estimate;
	if (!(se > 0))
		return;
	f->se = se;
	f->lower = estimate - z * se;
	f->upper = estimate + z * se;
	f->p = 2 * normal_tail(fabs(estimate) / se);
}

/* Welch: of two means with spreads of their own. */
static void fill_means(struct figure *f, const struct moments *one, const struct moments *zero,
    double level)
{
	const double v1 = one->var / one->n, v0 = zero->var / zero->n;
	const double df = (v1 + v0) * (v1 + v0) / (v1 * v1 / (one->n - 1) + v0 * v0 / (zero->n - 1));
	double point;

	fill(f, one->mean - zero->mean, sqrt(v1 + v0), level);
	if (f->reason != REASON_NONE)
		return;
	point = student_point((1 - level) / 2, df);
	f->lower = f->estimate - point * f->se;
	f->upper = f->estimate + point * f->se;
	f->p = 2 * student_tail(fabs(f->estimate) / f->se, df);
}

static void lin_make(void *ctx, const struct adjust_rows *r, size_t n1, struct adjusted *out,
    double level)
{
	struct design d = { .rows = r->count };
	struct fit one, zero;

	for (size_t k = 0; k < r->covariates; k++)
		covariate_add(ctx, &d, r->x[k]);
	for (;;) {
		size_t bad;

		out->columns = d.columns;
		if (r->count < ADJUST_ROWS_MIN * (2 + 2 * d.columns) || n1 <= d.columns + 1 ||
		    r->count - n1 <= d.columns + 1)
			return;
		one = fit_arm(ctx, r, &d, true, n1);
		zero = fit_arm(ctx, r, &d, false, r->count - n1);
		bad = one.bad != SIZE_MAX ? one.bad : zero.bad;
		if (bad == SIZE_MAX)
			break;
		for (size_t k = bad; k + 1 < d.columns; k++)
			d.x[k] = d.x[k + 1];
		d.columns--;
	}
	fill(&out->lin, one.intercept - zero.intercept, sqrt(one.var + zero.var), level);
}

static void cuped_make(void *ctx, const struct adjust_rows *r, struct adjusted *out, double level)
{
	const struct moments y = moments_of(r->y, r->count, NULL, true);
	double *left = room(ctx, r->count), cov = 0;
	struct moments m, one, zero;
	size_t holes;
	const double *x = filled(ctx, r->x[0], r->count, &holes);

	m = moments_of(x, r->count, NULL, true);
	if (holes == r->count || !(y.var > 0) || !(m.var > 0)) {
		out->cuped.reason = REASON_ZERO_VARIANCE;
		return;
	}
	for (size_t i = 0; i < r->count; i++)
		cov += (x[i] - m.mean) * (r->y[i] - y.mean);
	cov /= m.n - 1;
	out->theta = cov / m.var;
	out->r_squared = cov * cov / (m.var * y.var);
	for (size_t i = 0; i < r->count; i++)
		left[i] = r->y[i] - out->theta * (x[i] - m.mean);
	one = moments_of(left, r->count, r->one, true);
	zero = moments_of(left, r->count, r->one, false);
	fill_means(&out->cuped, &one, &zero, level);
}

/* By what the rows say alone, so that the last digit of a sum does not depend on where
 * they stood; a hole comes last. */
static int in_order(const void *a, const void *b, void *data)
{
	const size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct adjust_rows *r = data;

	if (r->one[i] != r->one[k])
		return r->one[i] ? -1 : 1;
	if (r->y[i] < r->y[k] || r->y[i] > r->y[k])
		return r->y[i] < r->y[k] ? -1 : 1;
	for (size_t c = 0; c < r->covariates; c++) {
		const double x = r->x[c][i], z = r->x[c][k];

		if (isnan(x) != isnan(z))
			return isnan(x) ? 1 : -1;
		if (x < z || x > z)
			return x < z ? -1 : 1;
	}
	return 0;
}

static struct adjust_rows sorted(void *ctx, const struct adjust_rows *r)
{
	size_t *order = talloc_array(ctx, size_t, (unsigned)r->count + 1);
	bool *one = talloc_array(ctx, bool, (unsigned)r->count + 1);
	struct adjust_rows out = *r;
	double *column;

	must(order != NULL && one != NULL);
	for (size_t i = 0; i < r->count; i++)
		order[i] = i;
	qsort_r(order, r->count, sizeof(order[0]), in_order, (void *)r);
	for (size_t i = 0; i < r->count; i++)
		one[i] = r->one[order[i]];
	out.one = one;
	for (size_t c = 0; c <= r->covariates; c++) {
		const double *from = c == 0 ? r->y : r->x[c - 1];

		column = room(ctx, r->count);
		for (size_t i = 0; i < r->count; i++)
			column[i] = from[order[i]];
		if (c == 0)
			out.y = column;
		else
			out.x[c - 1] = column;
	}
	return out;
}

struct adjusted adjust_make(void *ctx, const struct adjust_rows *given, double level)
{
	struct adjusted out = { .plain = figure_missing(REASON_TINY_N, "difference_of_means"),
	    .lin = figure_missing(REASON_TINY_N, "lin+hc2"),
	    .cuped = figure_missing(REASON_TINY_N, "cuped"), .theta = (double)NAN,
	    .r_squared = (double)NAN };
	void *tmp = talloc_new(ctx);
	const struct adjust_rows here = sorted(tmp, given), *r = &here;
	struct moments one, zero;
	size_t n1 = 0;

	must(r->covariates > 0 && r->covariates <= ADJUST_COVARIATES_MAX);
	for (size_t i = 0; i < r->count; i++)
		n1 += r->one[i];
	out.plain.n = out.lin.n = out.cuped.n = (int64_t)r->count;
	out.plain.level = out.lin.level = out.cuped.level = level;
	if (n1 >= 2 && r->count - n1 >= 2) {
		one = moments_of(r->y, r->count, r->one, true);
		zero = moments_of(r->y, r->count, r->one, false);
		fill_means(&out.plain, &one, &zero, level);
		lin_make(tmp, r, n1, &out, level);
		cuped_make(tmp, r, &out, level);
	}
	talloc_free(tmp);
	return out;
}
