/* stratified.c - see stratified.h. */
#include "measure/stratified.h"

#include <math.h>
#include <stdbool.h>

#include "measure/tail.h"

#define CELL_MIN 5

struct sums {
	double	w, wd, wvar;		/* Mantel-Haenszel */
	double	p, q;			/* Sato */
	double	gap, spread;		/* CMH */
	double	n, nd, nvar;		/* post-stratified */
	bool	thin;
};

static void add(struct sums *s, struct share one, struct share zero)
{
	const double n1 = (double)one.n, n0 = (double)zero.n, n = n1 + n0;
	const double x1 = (double)one.x, x0 = (double)zero.x, x = x1 + x0;
	const double p1 = x1 / n1, p0 = x0 / n0, w = n1 * n0 / n;
	const double var = p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0;

	s->w += w;
	s->wd += w * (p1 - p0);
	s->wvar += w * w * var;
	s->p += (n1 * n1 * x0 - n0 * n0 * x1 + n1 * n0 * (n0 - n1) / 2) / (n * n);
	s->q += (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * n);
	s->gap += x1 - n1 * x / n;
	s->spread += n > 1 ? n1 * n0 * x * (n - x) / (n * n * (n - 1)) : 0;
	s->n += n;
	s->nd += n * (p1 - p0);
	s->nvar += n * n * var;
	s->thin |= x1 < CELL_MIN || x0 < CELL_MIN || n1 - x1 < CELL_MIN || n0 - x0 < CELL_MIN;
}

static void fill(struct figure *f, double estimate, double se, double level)
{
	const double z = level_z(level);

	f->reason = REASON_NONE;
	f->level = level;
	f->estimate = estimate;
	f->se = se;
	f->lower = estimate - z * se;
	f->upper = estimate + z * se;
}

struct stratified stratified_difference(const struct share *one, const struct share *zero,
    size_t strata, double level)
{
	const double none = (double)NAN;
	struct stratified out = { .difference = figure_missing(REASON_EMPTY_ARM,
	    "mantel_haenszel"), .weighted = figure_missing(REASON_EMPTY_ARM, "post_stratified"),
	    .se_binomial = none, .se_sato = none, .chisq = none };
	struct sums s = { 0 };
	int64_t n = 0, events = 0;

	for (size_t i = 0; i < strata; i++) {
		if (one[i].n == 0 || zero[i].n == 0)
			continue;
		add(&s, one[i], zero[i]);
		n += one[i].n + zero[i].n;
		events += one[i].x + zero[i].x;
		out.strata++;
	}
	out.difference.n = out.weighted.n = n;
	out.difference.events = out.weighted.events = events;
	if (out.strata == 0)
		return out;
	out.se_binomial = sqrt(s.wvar) / s.w;
	out.se_sato = sqrt(fmax(0, s.wd / s.w * s.p + s.q)) / s.w;
	fill(&out.difference, s.wd / s.w, s.thin ? out.se_sato : out.se_binomial, level);
	if (s.thin)
		out.difference.method = "mantel_haenszel+sato";
	fill(&out.weighted, s.nd / s.n, sqrt(s.nvar) / s.n, level);
	if (s.spread > 0) {
		out.chisq = s.gap * s.gap / s.spread;
		out.difference.p = chisq_tail(out.chisq, 1);
	} else {
		out.difference.reason = REASON_ZERO_VARIANCE;
	}
	return out;
}
