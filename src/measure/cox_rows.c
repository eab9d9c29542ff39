/* cox_rows.c - see cox_rows.h. */
#include "measure/cox_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <talloc.h>

#include "base/must.h"
#include "measure/tail.h"

#define STEPS_MAX 60
#define HALVINGS_MAX 40
#define STEP_MIN 1e-12
#define RUNAWAY 30.0		/* of a coefficient times the covariate's spread */
#define PIVOT_MIN 1e-6		/* of what one covariate adds to the others, an event */
#define PIVOT_LEFT 1e-10		/* of its square at the start: below it nothing is learnt
				 * any more, and the likelihood goes on for ever */
#define P COX_TERMS_MAX

/* One row in order: stratum, then time from the last to the first. */
struct sorted {
	int32_t		time;
	uint32_t	stratum, row;
	bool		event;
};

struct fitting {
	const struct cox_rows	*rows;
	size_t			 p;
	struct sorted		*order;
	double			*x;		/* row-major in order, centred, spread 1 */
	double			 spread[P];
	double			 beta[P];
	double			 score[P], info[P][P];
	double			 loglik;
	double			 pivot[P];	/* squares, at the start */
	int64_t			 events;
};

/* Sums over those at risk, or over those who leave at once. */
struct sums {
	double	s0, s1[P], s2[P][P];
};

static void *room(void *ctx, size_t bytes)
{
	void *out = talloc_size(ctx, bytes + 1);

	must(out != NULL);
	return out;
}

/* By what the rows say alone, so that the last digit of a sum does not depend on where
 * they stood. */
static int in_order(const void *a, const void *b, void *data)
{
	const struct cox_rows *rows = data;
	const struct sorted *x = a, *y = b;

	if (x->stratum != y->stratum)
		return x->stratum < y->stratum ? -1 : 1;
	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	if (x->event != y->event)
		return x->event ? -1 : 1;
	for (size_t k = 0; k < rows->terms; k++) {
		const double u = rows->x[k][x->row], v = rows->x[k][y->row];

		if (u < v || u > v)
			return u < v ? -1 : 1;
	}
	return 0;
}

/* Covariates in the order of the rows; false: one has no spread. */
static bool centre(struct fitting *f, void *ctx)
{
	const size_t n = f->rows->count;

	f->x = room(ctx, n * f->p * sizeof(double));
	for (size_t k = 0; k < f->p; k++) {
		const double *x = f->rows->x[k];
		double mean = 0, var = 0;

		for (size_t i = 0; i < n; i++)
			mean += x[f->order[i].row] / (double)n;
		for (size_t i = 0; i < n; i++) {
			const double off = x[f->order[i].row] - mean;

			var += off * off / (double)n;
		}
		f->spread[k] = sqrt(var);
		if (!(f->spread[k] > fabs(mean) * 1e-14))
			return false;
		for (size_t i = 0; i < n; i++)
			f->x[i * f->p + k] = (x[f->order[i].row] - mean) / f->spread[k];
	}
	return true;
}

static double risk_of(const struct fitting *f, size_t i)
{
	double sum = 0;

	for (size_t k = 0; k < f->p; k++)
		sum += f->beta[k] * f->x[i * f->p + k];
	return exp(sum);
}

static void sums_add(const struct fitting *f, struct sums *s, size_t i, double risk)
{
	const double *x = &f->x[i * f->p];

	s->s0 += risk;
	for (size_t a = 0; a < f->p; a++) {
		s->s1[a] += risk * x[a];
		for (size_t b = 0; b <= a; b++)
			s->s2[a][b] += risk * x[a] * x[b];
	}
}

/* The deaths of one time: the k-th of d leaves with k / d of them gone. */
static void deaths_add(struct fitting *f, const struct sums *at_risk, const struct sums *dying,
    size_t d)
{
	for (size_t k = 0; k < d; k++) {
		const double gone = (double)k / (double)d, s0 = at_risk->s0 - gone * dying->s0;
		double mean[P];

		f->loglik -= log(s0);
		for (size_t a = 0; a < f->p; a++) {
			mean[a] = (at_risk->s1[a] - gone * dying->s1[a]) / s0;
			f->score[a] -= mean[a];
			for (size_t b = 0; b <= a; b++)
				f->info[a][b] += (at_risk->s2[a][b] - gone * dying->s2[a][b]) / s0 -
				    mean[a] * mean[b];
		}
	}
}

/* One time after the other, backwards: who is at risk then, and who dies. */
struct backwards {
	size_t		from, to;	/* rows of this time */
	size_t		deaths;
	struct sums	at_risk, dying;
};

static bool time_next(const struct fitting *f, struct backwards *b)
{
	const struct sorted *order = f->order;

	b->from = b->to;
	if (b->from == f->rows->count)
		return false;
	b->deaths = 0;
	b->dying = (struct sums){ 0 };
	if (b->from > 0 && order[b->from].stratum != order[b->from - 1].stratum)
		b->at_risk = (struct sums){ 0 };
	for (; b->to < f->rows->count && order[b->to].stratum == order[b->from].stratum &&
	    order[b->to].time == order[b->from].time; b->to++) {
		const double risk = risk_of(f, b->to);

		sums_add(f, &b->at_risk, b->to, risk);
		if (order[b->to].event) {
			sums_add(f, &b->dying, b->to, risk);
			b->deaths++;
		}
	}
	return true;
}

/* Likelihood, score and information at beta. */
static void evaluate(struct fitting *f)
{
	struct backwards b = { .to = 0 };

	f->loglik = 0;
	memset(f->score, 0, sizeof(f->score));
	memset(f->info, 0, sizeof(f->info));
	while (time_next(f, &b)) {
		for (size_t i = b.from; i < b.to; i++) {
			if (!f->order[i].event)
				continue;
			f->loglik += log(risk_of(f, i));
			for (size_t a = 0; a < f->p; a++)
				f->score[a] += f->x[i * f->p + a];
		}
		deaths_add(f, &b.at_risk, &b.dying, b.deaths);
	}
}

/* The inverse of the information; false: it has none.  A covariate has spread 1, so an
 * event tells about 1 of it. */
static bool invert(struct fitting *f, bool first, gsl_matrix *out)
{
	for (size_t a = 0; a < f->p; a++)
		for (size_t b = 0; b <= a; b++) {
			gsl_matrix_set(out, a, b, f->info[a][b]);
			gsl_matrix_set(out, b, a, f->info[a][b]);
		}
	if (gsl_linalg_cholesky_decomp1(out) != GSL_SUCCESS)
		return false;
	for (size_t a = 0; a < f->p; a++) {
		const double pivot = gsl_matrix_get(out, a, a), square = pivot * pivot;

		if (first)
			f->pivot[a] = square;
		if (!(square > PIVOT_MIN * PIVOT_MIN * (double)f->events) && first)
			return false;
		if (!(square > PIVOT_LEFT * f->pivot[a]))
			return false;
	}
	return gsl_linalg_cholesky_invert(out) == GSL_SUCCESS;
}

/* Newton from 0, halved while the likelihood falls. */
static enum reason climb(struct fitting *f, gsl_matrix *inverse)
{
	for (int step = 0; step < STEPS_MAX; step++) {
		double before[P], by[P], size = 0;
		const double loglik = f->loglik;

		if (!invert(f, step == 0, inverse))
			return step == 0 ? REASON_ZERO_VARIANCE : REASON_MONOTONE;
		for (size_t a = 0; a < f->p; a++) {
			by[a] = 0;
			for (size_t b = 0; b < f->p; b++)
				by[a] += gsl_matrix_get(inverse, a, b) * f->score[b];
			before[a] = f->beta[a];
		}
		for (int half = 0; half < HALVINGS_MAX; half++) {
			size = 0;
			for (size_t a = 0; a < f->p; a++) {
				f->beta[a] = before[a] + by[a];
				size = fmax(size, fabs(by[a]));
				by[a] /= 2;
			}
			evaluate(f);
			if (f->loglik >= loglik - 1e-12 * fabs(loglik))
				break;
		}
		for (size_t a = 0; a < f->p; a++)
			if (!(fabs(f->beta[a]) < RUNAWAY))
				return REASON_MONOTONE;
		if (size < STEP_MIN)
			return invert(f, false, inverse) ? REASON_NONE : REASON_MONOTONE;
	}
	return invert(f, false, inverse) ? REASON_NONE : REASON_MONOTONE;
}

/* --- is there a maximum? ----------------------------------------------------------------- */

/* Of one covariate this is exact: whoever dies is always the one with the most of it among
 * those at risk, or always the one with the least; times at which all have the same do not
 * count. */
static enum reason has_none(const struct fitting *f)
{
	double most = 0, least = 0, died_most = -INFINITY, died_least = INFINITY;
	bool up = true, down = true, any = false;
	struct backwards b = { .to = 0 };

	while (f->p == 1 && time_next(f, &b)) {
		const bool fresh = b.from == 0 ||
		    f->order[b.from].stratum != f->order[b.from - 1].stratum;

		for (size_t i = b.from; i < b.to; i++) {
			most = fresh && i == b.from ? f->x[i] : fmax(most, f->x[i]);
			least = fresh && i == b.from ? f->x[i] : fmin(least, f->x[i]);
		}
		for (size_t i = b.from; i < b.to; i++) {
			if (!f->order[i].event)
				continue;
			died_most = fmax(died_most, f->x[i]);
			died_least = fmin(died_least, f->x[i]);
			if (!(least < most))
				continue;
			any = true;
			up = up && !(f->x[i] < most);
			down = down && !(f->x[i] > least);
		}
	}
	if (f->p > 1 || (any && !up && !down))
		return REASON_NONE;
	if (!any)
		return REASON_ZERO_VARIANCE;
	return died_most > died_least ? REASON_MONOTONE : REASON_NO_EVENTS_IN_ARM;
}

/* --- robust errors ----------------------------------------------------------------------- */

/* What one time with events takes from everybody who is still there: the sums over the
 * k of 1 / S0 and of the mean / S0; and the same, and the plain mean, for who dies. */
struct moment {
	size_t	from, to;		/* rows of that time */
	double	all, all_mean[P];
	double	own, own_mean[P], mean[P];
};

static struct moment moment_of(const struct fitting *f, const struct backwards *b)
{
	struct moment m = { .from = b->from, .to = b->to };
	const double d = (double)b->deaths;

	for (size_t k = 0; k < b->deaths; k++) {
		const double gone = (double)k / d, s0 = b->at_risk.s0 - gone * b->dying.s0;

		m.all += 1 / s0;
		m.own += (1 - gone) / s0;
		for (size_t a = 0; a < f->p; a++) {
			const double mean = (b->at_risk.s1[a] - gone * b->dying.s1[a]) / s0;

			m.all_mean[a] += mean / s0;
			m.own_mean[a] += (1 - gone) * mean / s0;
			m.mean[a] += mean / d;
		}
	}
	return m;
}

static size_t moments_make(const struct fitting *f, struct moment *out)
{
	struct backwards b = { .to = 0 };
	size_t count = 0;

	while (time_next(f, &b))
		out[count++] = moment_of(f, &b);
	return count;
}

/* The score residual of each row, in order: from the first time on, what all earlier
 * events took, then its own. */
static void residuals_make(const struct fitting *f, const struct moment *m, size_t count,
    double *out)
{
	double all = 0, mean[P] = { 0 };

	for (size_t at = count; at-- > 0;) {
		const uint32_t stratum = f->order[m[at].from].stratum;

		if (at + 1 == count || f->order[m[at + 1].from].stratum != stratum) {
			all = 0;
			memset(mean, 0, sizeof(mean));
		}
		for (size_t i = m[at].from; i < m[at].to; i++) {
			const bool dies = f->order[i].event;
			const double risk = risk_of(f, i);

			for (size_t a = 0; a < f->p; a++) {
				const double x = f->x[i * f->p + a];
				const double hazard = all + (dies ? m[at].own : m[at].all);
				const double taken = mean[a] + (dies ? m[at].own_mean[a] : m[at].all_mean[a]);

				out[i * f->p + a] = (dies ? x - m[at].mean[a] : 0) -
				    risk * (x * hazard - taken);
			}
		}
		all += m[at].all;
		for (size_t a = 0; a < f->p; a++)
			mean[a] += m[at].all_mean[a];
	}
}

static size_t times_count(const struct fitting *f)
{
	size_t count = 0;

	for (size_t i = 0; i < f->rows->count; i++)
		count += i == 0 || f->order[i].stratum != f->order[i - 1].stratum ||
		    f->order[i].time != f->order[i - 1].time;
	return count;
}

struct member {
	uint64_t	cluster;
	size_t		at;
};

static int by_cluster(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return x->cluster != y->cluster ? (x->cluster > y->cluster) - (x->cluster < y->cluster) :
	    (x->at > y->at) - (x->at < y->at);
}

/* Sum of squares of the clusters' residuals; how many clusters. */
static int64_t meat_make(const struct fitting *f, void *ctx, const double *residuals,
    double meat[P][P])
{
	const size_t n = f->rows->count;
	struct member *members = room(ctx, n * sizeof(*members));
	int64_t clusters = 0;

	for (size_t i = 0; i < n; i++)
		members[i] = (struct member){ f->rows->cluster == NULL ? i :
		    f->rows->cluster[f->order[i].row], i };
	qsort(members, n, sizeof(members[0]), by_cluster);
	memset(meat, 0, sizeof(double[P][P]));
	for (size_t i = 0, from = 0; i < n; i = from, clusters++) {
		double sum[P] = { 0 };

		for (; from < n && members[from].cluster == members[i].cluster; from++)
			for (size_t a = 0; a < f->p; a++)
				sum[a] += residuals[members[from].at * f->p + a];
		for (size_t a = 0; a < f->p; a++)
			for (size_t b = 0; b < f->p; b++)
				meat[a][b] += sum[a] * sum[b];
	}
	return clusters;
}

static void terms_fill(const struct fitting *f, const gsl_matrix *inverse, double meat[P][P],
    double level, struct cox_many *out)
{
	const double z = level_z(level);

	for (size_t a = 0; a < f->p; a++) {
		struct cox_term *t = &out->term[a];
		double var = 0;

		for (size_t b = 0; b < f->p; b++)
			for (size_t c = 0; c < f->p; c++)
				var += gsl_matrix_get(inverse, a, b) * meat[b][c] *
				    gsl_matrix_get(inverse, c, a);
		t->coef = f->beta[a] / f->spread[a];
		t->se = sqrt(gsl_matrix_get(inverse, a, a)) / f->spread[a];
		t->se_robust = sqrt(var) / f->spread[a];
		t->ratio = exp(t->coef);
		t->lower = exp(t->coef - z * t->se_robust);
		t->upper = exp(t->coef + z * t->se_robust);
		t->p = 2 * normal_tail(fabs(t->coef) / t->se_robust);
	}
}

static void order_make(struct fitting *f, void *ctx, struct cox_many *out)
{
	const struct cox_rows *r = f->rows;

	f->order = room(ctx, r->count * sizeof(*f->order));
	for (size_t i = 0; i < r->count; i++) {
		f->order[i] = (struct sorted){ r->time[i], r->stratum == NULL ? 0 : r->stratum[i],
		    (uint32_t)i, r->event[i] };
		out->events += r->event[i];
	}
	qsort_r(f->order, r->count, sizeof(f->order[0]), in_order, (void *)r);
}

struct cox_many cox_many_fit(void *ctx, const struct cox_rows *rows, double level)
{
	struct fitting f = { .rows = rows, .p = rows->terms };
	struct cox_many out = { .n = (int64_t)rows->count, .loglik = (double)NAN,
	    .loglik_null = (double)NAN };
	gsl_matrix *inverse = gsl_matrix_alloc(rows->terms, rows->terms);
	void *tmp = talloc_new(ctx);

	must(inverse != NULL && rows->terms > 0 && rows->terms <= P && rows->count < UINT32_MAX);
	for (size_t a = 0; a < P; a++)
		out.term[a] = (struct cox_term){ (double)NAN, (double)NAN, (double)NAN, (double)NAN,
		    (double)NAN, (double)NAN, (double)NAN };
	order_make(&f, tmp, &out);
	out.reason = out.events == 0 ? REASON_NO_EVENTS :
	    !centre(&f, tmp) ? REASON_ZERO_VARIANCE : REASON_NONE;
	if (out.reason == REASON_NONE)
		out.reason = has_none(&f);
	if (out.reason == REASON_NONE) {
		f.events = out.events;
		evaluate(&f);
		out.loglik_null = f.loglik;
		out.reason = climb(&f, inverse);
	}
	if (out.reason == REASON_NONE) {
		struct moment *moments = room(tmp, times_count(&f) * sizeof(*moments));
		double *residuals = room(tmp, rows->count * f.p * sizeof(double)), meat[P][P];
		const size_t count = moments_make(&f, moments);

		residuals_make(&f, moments, count, residuals);
		out.clusters = meat_make(&f, tmp, residuals, meat);
		out.loglik = f.loglik;
		out.reason = out.clusters < 2 ? REASON_ZERO_VARIANCE : REASON_NONE;
		if (out.reason == REASON_NONE)
			terms_fill(&f, inverse, meat, level, &out);
	}
	gsl_matrix_free(inverse);
	talloc_free(tmp);
	return out;
}
