/* cost_ratio.c - see cost_ratio.h. */
#include "measure/cost_ratio.h"

#include <math.h>

#include "measure/tail.h"

#define INDEX_STEP 25.0

struct moments {
	double	cost, recovered;		/* means */
	double	var_cost, var_recovered, cov;	/* of the means */
};

static struct moments moments_of(const struct cost_row *row, size_t count)
{
	struct moments m = { 0, 0, 0, 0, 0 };
	const double n = (double)count;

	for (size_t i = 0; i < count; i++) {
		m.cost += row[i].cost / n;
		m.recovered += row[i].recovered / n;
	}
	for (size_t i = 0; i < count; i++) {
		const double c = row[i].cost - m.cost, r = row[i].recovered - m.recovered;

		m.var_cost += c * c / (n - 1) / n;
		m.var_recovered += r * r / (n - 1) / n;
		m.cov += c * r / (n - 1) / n;
	}
	return m;
}

static struct limits fieller(const struct moments *m, double z, bool *unclear)
{
	const double a = m->recovered * m->recovered - z * z * m->var_recovered;
	const double b = m->cost * m->recovered - z * z * m->cov;
	const double c = m->cost * m->cost - z * z * m->var_cost;
	const double root = sqrt(fmax(0, b * b - a * c));

	*unclear = !(a > 0);
	if (*unclear)
		return (struct limits){ (double)NAN, (double)NAN };
	return (struct limits){ (b - root) / a, (b + root) / a };
}

static void around(struct figure *f, double estimate, double se, double level)
{
	const double half = level_z(level) * se;

	f->reason = REASON_NONE;
	f->estimate = estimate;
	f->se = se;
	f->lower = estimate - half;
	f->upper = estimate + half;
}

struct cost_ratio cost_ratio_make(const struct cost_row *row, size_t count, double level)
{
	struct cost_ratio out = { .ratio = figure_missing(REASON_TINY_N, "ratio_estimator"),
	    .net = figure_missing(REASON_TINY_N, "mean"),
	    .fieller = { (double)NAN, (double)NAN } };
	struct moments m;
	double net;

	out.ratio.n = out.net.n = (int64_t)count;
	out.ratio.level = out.net.level = level;
	if (count < 2)
		return out;
	m = moments_of(row, count);
	net = m.recovered - m.cost;
	around(&out.net, net, sqrt(fmax(0, m.var_recovered + m.var_cost - 2 * m.cov)), level);
	out.ratio.reason = REASON_ZERO_DENOMINATOR;
	if (!(m.recovered > 0))
		return out;
	net = m.cost / m.recovered;
	around(&out.ratio, net, sqrt(fmax(0, m.var_cost - 2 * net * m.cov +
	    net * net * m.var_recovered)) / m.recovered, level);
	out.fieller = fieller(&m, level_z(level), &out.unclear);
	return out;
}

struct satisfaction satisfaction_make(const int *answers, size_t answered, size_t asked,
    double level)
{
	struct satisfaction out = { .index = figure_missing(REASON_NO_EVENTS, "index"),
	    .worst = (double)NAN, .best = (double)NAN };
	double sum = 0, spread = 0, mean;

	out.index.n = (int64_t)answered;
	out.index.level = level;
	if (answered == 0)
		return out;
	for (size_t i = 0; i < answered; i++)
		sum += INDEX_STEP * (answers[i] - 1);
	mean = sum / (double)answered;
	for (size_t i = 0; i < answered; i++)
		spread += (INDEX_STEP * (answers[i] - 1) - mean) * (INDEX_STEP * (answers[i] - 1) - mean);
	out.worst = sum / (double)asked;
	out.best = (sum + 100.0 * (double)(asked - answered)) / (double)asked;
	out.index.reason = REASON_NONE;
	out.index.estimate = mean;
	if (answered > 1)
		around(&out.index, mean, sqrt(spread / (double)(answered - 1) / (double)answered),
		    level);
	else
		out.index.reason = REASON_TINY_N;
	return out;
}
