/* analyse_survival.c - see analyse_survival.h. */
#include "measure/analyse_survival.h"

#include <math.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "measure/analyse_rows.h"
#include "measure/cox.h"
#include "measure/km.h"
#include "measure/logrank.h"
#include "measure/sequence.h"

struct survival {
	const struct flat		*flat;
	const struct survival_options	*o;
	struct incidence		*counts;	/* stratum * arms + arm */
	struct incidence		*arm;		/* all strata together */
};

/* --- counting -------------------------------------------------------------------- */

static int days_of(const struct flat *f)
{
	struct flat_row row;
	int32_t last = 0;

	for (size_t i = 0; i < f->sheet->rows; i++)
		if (flat_row(f, i, &row) && row.time > last)
			last = row.time;
	return last + 1;
}

static void count_rows(struct survival *s, void *ctx)
{
	const struct flat *f = s->flat;
	const int days = days_of(f);
	struct flat_row row;

	s->counts = talloc_array(ctx, struct incidence, (unsigned)(f->strata_count * f->arm_count));
	s->arm = talloc_array(ctx, struct incidence, (unsigned)f->arm_count);
	must(s->counts != NULL && s->arm != NULL);
	for (size_t i = 0; i < f->strata_count * f->arm_count; i++)
		incidence_init(&s->counts[i], ctx, days);
	for (size_t i = 0; i < f->sheet->rows; i++)
		if (flat_row(f, i, &row))
			incidence_add(&s->counts[row.stratum * f->arm_count + row.arm], row.time,
			    row.kind);
	for (size_t a = 0; a < f->arm_count; a++) {
		incidence_init(&s->arm[a], ctx, days);
		for (size_t k = 0; k < f->strata_count; k++)
			incidence_join(&s->arm[a], &s->counts[k * f->arm_count + a]);
	}
}

/* --- an arm ------------------------------------------------------------------------ */

static int64_t left_by(const struct incidence *in, enum exit_kind kind, int day)
{
	int64_t sum = 0;

	for (int i = 0; i <= day && i < in->days; i++)
		sum += in->left[kind][i];
	return sum;
}

/* At risk before the day's exits; with what left before or on it less those of
 * the day, the row adds up to n. */
static json_t *risk_json(const struct incidence *in, int day)
{
	return json_pack("{s:i, s:I, s:I, s:I, s:I}", "day", day,
	    "at_risk", incidence_at_risk(in, day),
	    "paid", left_by(in, EXIT_PAID, day - 1),
	    "other", left_by(in, EXIT_OTHER, day - 1),
	    "censored", left_by(in, EXIT_CENSORED, day - 1));
}

static json_t *at_json(const struct survival *s, const struct incidence *in, int day)
{
	const struct figure paid = incidence_at(in, EXIT_PAID, day, s->o->level);
	const struct figure other = incidence_at(in, EXIT_OTHER, day, s->o->level);
	const struct figure km = km_at(in, day, s->o->level);

	return json_pack("{s:i, s:o, s:o, s:o, s:o}", "day", day, "paid", figure_json(&paid),
	    "other", figure_json(&other), "km", figure_json(&km),
	    "risk", risk_json(in, day));
}

static json_t *quantile_json(const struct survival *s, const struct incidence *in, double q)
{
	const struct figure f = km_quantile(in, q, s->o->level);

	return figure_json(&f);
}

static json_t *curve_json(const struct survival *s, const struct incidence *in)
{
	json_t *list = json_array();

	for (int day = 0; day < in->days; day++) {
		const int64_t paid = in->left[EXIT_PAID][day], other = in->left[EXIT_OTHER][day];
		const int64_t censored = in->left[EXIT_CENSORED][day];
		struct figure km, incidence;

		if (paid + other + censored == 0)
			continue;
		km = km_at(in, day, s->o->level);
		incidence = incidence_at(in, EXIT_PAID, day, s->o->level);
		json_array_append_new(list, json_pack("{s:i, s:I, s:I, s:I, s:I, s:o, s:o, s:o, "
		    "s:o, s:o, s:o}", "day", day, "at_risk", incidence_at_risk(in, day),
		    "paid", paid, "other", other, "censored", censored,
		    "survival", real_json(1 - km.estimate), "se", real_json(km.se),
		    "lower", real_json(1 - km.upper), "upper", real_json(1 - km.lower),
		    "incidence", real_json(incidence.estimate),
		    "incidence_se", real_json(incidence.se)));
	}
	return list;
}

static json_t *arm_json(const struct survival *s, size_t a)
{
	const struct incidence *in = &s->arm[a];
	const struct figure area = km_area(in, s->o->tau, s->o->level);
	const struct figure days = days_outstanding(in, s->o->tau, s->o->level);
	json_t *at = json_array(), *out;

	for (size_t i = 0; i < s->o->day_count; i++)
		json_array_append_new(at, at_json(s, in, s->o->day[i]));
	out = json_pack("{s:s, s:I, s:I, s:I, s:I, s:i, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "arm", s->flat->arms[a], "n", in->n,
	    "events", left_by(in, EXIT_PAID, in->last_day),
	    "other", left_by(in, EXIT_OTHER, in->last_day),
	    "censored", left_by(in, EXIT_CENSORED, in->last_day),
	    "longest", in->last_day,
	    "q25", quantile_json(s, in, 0.25), "median", quantile_json(s, in, 0.5),
	    "q75", quantile_json(s, in, 0.75),
	    "rmst", figure_json(&area), "days_outstanding", figure_json(&days), "at", at);
	if (s->o->curves)
		json_object_set_new(out, "curve", curve_json(s, in));
	return out;
}

/* --- arms together -------------------------------------------------------------------- */

static const char *reason_text(enum reason r)
{
	return r == REASON_NONE ? NULL : reason_name(r);
}

static json_t *logrank_json(const struct survival *s, const size_t *arms, size_t count)
{
	const struct flat *f = s->flat;
	const struct incidence *pair[LOGRANK_ARMS_MAX];
	json_t *observed = json_object(), *expected = json_object(), *variance = json_array();
	struct logrank l;

	logrank_start(&l, count);
	for (size_t k = 0; k < f->strata_count; k++) {
		for (size_t i = 0; i < count; i++)
			pair[i] = &s->counts[k * f->arm_count + arms[i]];
		logrank_stratum(&l, pair);
	}
	logrank_finish(&l);
	for (size_t i = 0; i < count; i++) {
		json_t *row = json_array();

		json_object_set_new(observed, f->arms[arms[i]], real_json(l.observed[i]));
		json_object_set_new(expected, f->arms[arms[i]], real_json(l.expected[i]));
		for (size_t k = 0; k < count; k++)
			json_array_append_new(row, real_json(l.variance[i][k]));
		json_array_append_new(variance, row);
	}
	return json_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:s, s:s?}", "chisq", real_json(l.chisq),
	    "df", l.df, "p", real_json(l.p), "observed", observed, "expected", expected,
	    "variance", variance, "method", f->strata_count > 1 ? "log_rank, stratified" :
	    "log_rank", "reason", reason_text(l.reason));
}

static json_t *cox_json(const struct survival *s, size_t a)
{
	const struct flat *f = s->flat;
	const struct incidence *one[COX_STRATA_MAX], *zero[COX_STRATA_MAX];
	struct cox c;

	for (size_t k = 0; k < f->strata_count; k++) {
		one[k] = &s->counts[k * f->arm_count + a];
		zero[k] = &s->counts[k * f->arm_count + f->reference];
	}
	c = cox_fit(one, zero, f->strata_count, s->o->level);
	return json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, "
	    "s:s, s:s?}", "estimable", c.reason == REASON_NONE,
	    "coef", real_json(c.coef), "se_model", real_json(c.se),
	    "se_robust", real_json(c.se_robust), "hr", real_json(c.ratio),
	    "lower", real_json(c.lower), "upper", real_json(c.upper), "p", real_json(c.p),
	    "n", c.n, "events", c.events,
	    "loglik_null", real_json(c.loglik_null), "loglik", real_json(c.loglik),
	    "zph_chisq", real_json(c.zph_chisq), "zph_p", real_json(c.zph_p),
	    "method", "cox, efron ties, robust", "reason", reason_text(c.reason));
}

/* What may be read at every look: the log-rank score, and the log hazard ratio. */
static json_t *sequence_json(const struct survival *s, size_t a)
{
	const struct flat *f = s->flat;
	const struct incidence *one[COX_STRATA_MAX], *zero[COX_STRATA_MAX], *pair[2];
	struct sequence score, ratio;
	struct logrank l;
	struct cox c;
	double u, v;

	if (s->o->rho <= 0)
		return json_null();
	logrank_start(&l, 2);
	for (size_t k = 0; k < f->strata_count; k++) {
		pair[0] = zero[k] = &s->counts[k * f->arm_count + f->reference];
		pair[1] = one[k] = &s->counts[k * f->arm_count + a];
		logrank_stratum(&l, pair);
	}
	logrank_finish(&l);
	c = cox_fit(one, zero, f->strata_count, s->o->level);
	u = l.observed[1] - l.expected[1];
	v = l.variance[1][1];
	score = sequence_look(u / v, 1 / sqrt(v), s->o->rho, s->o->alpha);
	ratio = sequence_look(c.coef, c.se, s->o->rho, s->o->alpha);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "rho", real_json(s->o->rho),
	    "alpha", real_json(s->o->alpha), "u", real_json(u), "v", real_json(v),
	    "log_e", real_json(score.log_e), "p", real_json(score.p),
	    "log_hr_lower", real_json(ratio.lower), "log_hr_upper", real_json(ratio.upper));
}

static json_t *difference_json(const struct figure *one, const struct figure *zero)
{
	const struct figure d = figure_difference(one, zero);

	return figure_json(&d);
}

static json_t *contrast_json(const struct survival *s, size_t a)
{
	const struct flat *f = s->flat;
	const struct incidence *one = &s->arm[a], *zero = &s->arm[f->reference];
	const double level = s->o->level;
	const size_t pair[] = { f->reference, a };
	const struct figure area1 = km_area(one, s->o->tau, level);
	const struct figure area0 = km_area(zero, s->o->tau, level);
	const struct figure days1 = days_outstanding(one, s->o->tau, level);
	const struct figure days0 = days_outstanding(zero, s->o->tau, level);
	const struct figure ratio = figure_ratio(&area1, &area0);
	json_t *at = json_array();

	for (size_t i = 0; i < s->o->day_count; i++) {
		const int day = s->o->day[i];
		const struct figure paid1 = incidence_at(one, EXIT_PAID, day, level);
		const struct figure paid0 = incidence_at(zero, EXIT_PAID, day, level);
		const struct figure km1 = km_at(one, day, level), km0 = km_at(zero, day, level);

		json_array_append_new(at, json_pack("{s:i, s:o, s:o}", "day", day,
		    "paid", difference_json(&paid1, &paid0), "km", difference_json(&km1, &km0)));
	}
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "arm", f->arms[a],
	    "reference", f->arms[f->reference], "logrank", logrank_json(s, pair, 2),
	    "cox", cox_json(s, a), "cox_adjusted", rows_cox_json(f, a, level),
	    "sequential", sequence_json(s, a), "rmst_difference", difference_json(&area1, &area0),
	    "rmst_ratio", figure_json(&ratio),
	    "days_outstanding_difference", difference_json(&days1, &days0), "at", at);
}

json_t *analyse_survival_make(void *ctx, const struct flat *f,
    const struct survival_options *options, struct err *err)
{
	struct survival s = { .flat = f, .o = options };
	json_t *out, *arms, *contrasts;
	size_t every[FLAT_ARMS_MAX];

	if (f->strata_count > COX_STRATA_MAX) {
		(void)err_set(err, ERR_INPUT, "more than %d strata", COX_STRATA_MAX);
		return NULL;
	}
	count_rows(&s, ctx);
	out = json_pack("{s:s}", "kind", "survival");
	flat_json(f, out);
	arms = json_array();
	contrasts = json_array();
	for (size_t a = 0; a < f->arm_count; a++) {
		every[a] = a;
		json_array_append_new(arms, arm_json(&s, a));
		if (a != f->reference)
			json_array_append_new(contrasts, contrast_json(&s, a));
	}
	json_object_set_new(out, "level", real_json(options->level));
	json_object_set_new(out, "tau", json_integer(options->tau));
	json_object_set_new(out, "strata", json_integer((json_int_t)f->strata_count));
	json_object_set_new(out, "arms", arms);
	json_object_set_new(out, "logrank", logrank_json(&s, every, f->arm_count));
	json_object_set_new(out, "contrasts", contrasts);
	return out;
}
