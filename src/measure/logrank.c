/* logrank.c - see logrank.h. */
#include "measure/logrank.h"

#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "base/must.h"
#include "measure/tail.h"

#define SPREAD_MIN 1e-12

void logrank_start(struct logrank *l, size_t arms)
{
	must(arms > 0 && arms <= LOGRANK_ARMS_MAX);
	*l = (struct logrank){ .arms = arms, .chisq = (double)NAN, .p = (double)NAN };
}

static void add_day(struct logrank *l, const int64_t *at_risk, const int64_t *events)
{
	double n = 0, d = 0, spread;

	for (size_t a = 0; a < l->arms; a++) {
		n += (double)at_risk[a];
		d += (double)events[a];
	}
	spread = n > 1 ? d * (n - d) / (n - 1) : 0;
	for (size_t a = 0; a < l->arms; a++) {
		const double share = (double)at_risk[a] / n;

		l->observed[a] += (double)events[a];
		l->expected[a] += d * share;
		for (size_t b = 0; b < l->arms; b++)
			l->variance[a][b] += spread * share *
			    ((a == b ? 1 : 0) - (double)at_risk[b] / n);
	}
}

void logrank_stratum(struct logrank *l, const struct incidence *const *arms)
{
	int64_t at_risk[LOGRANK_ARMS_MAX], events[LOGRANK_ARMS_MAX];
	int days = 0;

	for (size_t a = 0; a < l->arms; a++) {
		at_risk[a] = arms[a]->n;
		l->n[a] += arms[a]->n;
		days = arms[a]->days > days ? arms[a]->days : days;
	}
	for (int day = 0; day < days; day++) {
		int64_t all = 0;

		for (size_t a = 0; a < l->arms; a++) {
			events[a] = day < arms[a]->days ? arms[a]->left[EXIT_PAID][day] : 0;
			all += events[a];
		}
		if (all > 0)
			add_day(l, at_risk, events);
		for (size_t a = 0; a < l->arms; a++)
			for (int k = 0; k < EXIT_KINDS && day < arms[a]->days; k++)
				at_risk[a] -= arms[a]->left[k][day];
	}
}

/* u' V^-1 u over the arms that have a spread, without the last of them. */
static double quadratic(const struct logrank *l, const size_t *kept, size_t m)
{
	double v[LOGRANK_ARMS_MAX * LOGRANK_ARMS_MAX], u[LOGRANK_ARMS_MAX], x[LOGRANK_ARMS_MAX];
	gsl_matrix_view matrix = gsl_matrix_view_array(v, m, m);
	gsl_vector_view wanted = gsl_vector_view_array(u, m), solved = gsl_vector_view_array(x, m);
	double sum = 0;

	for (size_t i = 0; i < m; i++) {
		u[i] = l->observed[kept[i]] - l->expected[kept[i]];
		for (size_t k = 0; k < m; k++)
			v[i * m + k] = l->variance[kept[i]][kept[k]];
	}
	if (gsl_linalg_cholesky_decomp1(&matrix.matrix) != GSL_SUCCESS ||
	    gsl_linalg_cholesky_solve(&matrix.matrix, &wanted.vector, &solved.vector) !=
	    GSL_SUCCESS)
		return (double)NAN;
	for (size_t i = 0; i < m; i++)
		sum += x[i] * (l->observed[kept[i]] - l->expected[kept[i]]);
	return sum;
}

void logrank_finish(struct logrank *l)
{
	size_t kept[LOGRANK_ARMS_MAX], m = 0;

	l->reason = REASON_ZERO_VARIANCE;
	for (size_t a = 0; a < l->arms; a++)
		if (l->variance[a][a] > SPREAD_MIN)
			kept[m++] = a;
	l->df = m > 0 ? (int)m - 1 : 0;
	if (m < 2)
		return;
	l->chisq = quadratic(l, kept, m - 1);
	if (!isfinite(l->chisq)) {
		l->chisq = (double)NAN;
		return;
	}
	l->p = chisq_tail(l->chisq, l->df);
	l->reason = REASON_NONE;
}
