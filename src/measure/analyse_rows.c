/* analyse_rows.c - see analyse_rows.h. */
#include "measure/analyse_rows.h"

#include <math.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/cox_rows.h"

struct row_table {
	int32_t		*time;
	bool		*event;
	uint32_t	*stratum;
	uint64_t	*cluster;
	double		*x[COX_TERMS_MAX];
};

static void table_make(struct row_table *t, void *ctx, size_t rows, size_t terms)
{
	const unsigned n = (unsigned)rows + 1;

	t->time = talloc_array(ctx, int32_t, n);
	t->event = talloc_array(ctx, bool, n);
	t->stratum = talloc_array(ctx, uint32_t, n);
	t->cluster = talloc_array(ctx, uint64_t, n);
	must(t->time != NULL && t->event != NULL && t->stratum != NULL && t->cluster != NULL);
	for (size_t k = 0; k < terms; k++) {
		t->x[k] = talloc_array(ctx, double, n);
		must(t->x[k] != NULL);
	}
}

/* The arm and the covariates; false: one of these is missing. */
static bool terms_read(const struct flat *f, size_t at, bool one, double *const *x, size_t n)
{
	x[0][n] = one ? 1 : 0;
	for (size_t k = 0; k < f->col.covariate_count; k++) {
		x[k + 1][n] = f->col.covariates[k]->real[at];
		if (isnan(x[k + 1][n]))
			return false;
	}
	return true;
}

static json_t *terms_json(const struct flat *f, size_t a, const struct cox_many *c)
{
	json_t *out = json_array();

	for (size_t k = 0; k <= f->col.covariate_count; k++) {
		const struct cox_term *t = &c->term[k];

		json_array_append_new(out, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "term",
		    k == 0 ? f->arms[a] : f->col.covariates[k - 1]->name, "coef", real_json(t->coef),
		    "se_model", real_json(t->se), "se_robust", real_json(t->se_robust),
		    "hr", real_json(t->ratio), "lower", real_json(t->lower), "upper", real_json(t->upper),
		    "p", real_json(t->p)));
	}
	return out;
}

json_t *rows_cox_json(const struct flat *f, size_t a, double level)
{
	const size_t terms = f->col.covariate_count + 1;
	void *tmp = talloc_new(NULL);
	struct row_table t;
	struct cox_rows rows;
	struct cox_many c;
	struct flat_row row;
	int64_t missing = 0;
	size_t n = 0;

	if ((terms == 1 && f->col.cluster == NULL) || terms > COX_TERMS_MAX) {
		talloc_free(tmp);
		return json_null();
	}
	table_make(&t, tmp, f->sheet->rows, terms);
	for (size_t i = 0; i < f->sheet->rows; i++) {
		if (!flat_row(f, i, &row) || (row.arm != a && row.arm != f->reference))
			continue;
		if (!terms_read(f, i, row.arm == a, t.x, n)) {
			missing++;
			continue;
		}
		t.time[n] = row.time;
		t.event[n] = row.kind == EXIT_PAID;
		t.stratum[n] = (uint32_t)row.stratum;
		t.cluster[n++] = row.cluster;
	}
	rows = (struct cox_rows){ .count = n, .time = t.time, .event = t.event, .stratum = t.stratum,
	    .cluster = f->col.cluster == NULL ? NULL : t.cluster, .terms = terms };
	for (size_t k = 0; k < terms; k++)
		rows.x[k] = t.x[k];
	c = cox_many_fit(tmp, &rows, level);
	talloc_free(tmp);
	return json_pack("{s:b, s:o, s:I, s:I, s:I, s:I, s:o, s:o, s:s, s:s?}",
	    "estimable", c.reason == REASON_NONE, "terms", terms_json(f, a, &c), "n", c.n,
	    "events", c.events, "clusters", c.clusters, "missing", missing,
	    "loglik_null", real_json(c.loglik_null), "loglik", real_json(c.loglik),
	    "method", "cox, efron ties, robust by cluster",
	    "reason", c.reason == REASON_NONE ? NULL : reason_name(c.reason));
}
