/* analyse_beside.c - see analyse_beside.h. */
#include "measure/analyse_beside.h"

#include <math.h>

#include <talloc.h>

#include "base/json_make.h"
#include "base/must.h"
#include "measure/adaptive.h"
#include "measure/adjust.h"
#include "measure/segments.h"

enum beside_row beside_read(const struct flat *f, const struct proportions_options *o, size_t at,
    struct flat_row *row, bool *paid)
{
	if (!flat_row(f, at, row))
		return BESIDE_OUT;
	if (!o->binary && (int64_t)row->assigned + o->horizon + o->lag > f->as_of)
		return BESIDE_WAITING;
	*paid = row->kind == EXIT_PAID && (o->binary || row->time <= o->horizon);
	return BESIDE_COUNTS;
}

/* --- adjusted ---------------------------------------------------------------------------- */

static double *reals(void *ctx, size_t count)
{
	double *out = talloc_array(ctx, double, (unsigned)count + 1);

	must(out != NULL);
	return out;
}

json_t *beside_adjusted(void *ctx, const struct flat *f, const struct proportions_options *o,
    size_t arm)
{
	void *tmp = talloc_new(ctx);
	bool *one = talloc_array(tmp, bool, (unsigned)f->sheet->rows + 1);
	double *y = reals(tmp, f->sheet->rows), *x[FLAT_COVARIATES_MAX];
	struct adjust_rows rows = { .one = one, .y = y, .covariates = f->col.covariate_count };
	struct adjusted a;
	struct flat_row row;
	json_t *out;
	bool paid;

	must(one != NULL);
	if (rows.covariates == 0) {
		talloc_free(tmp);
		return json_null();
	}
	for (size_t k = 0; k < rows.covariates; k++)
		rows.x[k] = x[k] = reals(tmp, f->sheet->rows);
	for (size_t i = 0; i < f->sheet->rows; i++) {
		if (beside_read(f, o, i, &row, &paid) != BESIDE_COUNTS ||
		    (row.arm != arm && row.arm != f->reference))
			continue;
		one[rows.count] = row.arm == arm;
		y[rows.count] = paid ? 1 : 0;
		for (size_t k = 0; k < rows.covariates; k++)
			x[k][rows.count] = f->col.covariates[k]->real[i];
		rows.count++;
	}
	a = adjust_make(tmp, &rows, o->level);
	out = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:s}", "lin", figure_json(&a.lin),
	    "columns", (json_int_t)a.columns, "cuped", figure_json(&a.cuped),
	    "cuped_theta", real_json(a.theta), "cuped_r_squared", real_json(a.r_squared),
	    "unadjusted", figure_json(&a.plain),
	    "cuped_covariate", f->col.covariates[0]->name);
	if (!isnan(a.lin.se))
		json_put(out, "moved", json_boolean(fabs(a.lin.estimate - a.plain.estimate) > a.lin.se));
	talloc_free(tmp);
	return out;
}

/* --- segments ------------------------------------------------------------------------------ */

json_t *beside_segments(void *ctx, const struct flat *f, const struct proportions_options *o,
    size_t arm)
{
	const struct sheet_column *c = f->col.segment;
	struct segment_counts *s;
	struct flat_row row;
	json_t *out;
	bool paid;

	if (c == NULL)
		return json_null();
	s = talloc_zero_array(ctx, struct segment_counts, (unsigned)c->word_count + 1);
	must(s != NULL);
	for (size_t k = 0; k < c->word_count; k++)
		s[k].name = c->words[k];
	for (size_t i = 0; i < f->sheet->rows; i++) {
		struct share *share;

		if (beside_read(f, o, i, &row, &paid) != BESIDE_COUNTS ||
		    (row.arm != arm && row.arm != f->reference))
			continue;
		share = row.arm == arm ? &s[c->code[i]].one : &s[c->code[i]].zero;
		share->n++;
		share->x += paid;
	}
	out = segments_json(s, c->word_count, o->level);
	talloc_free(s);
	return out;
}

/* --- moving shares ---------------------------------------------------------------------------- */

json_t *beside_adaptive(void *ctx, const struct flat *f, const struct proportions_options *o,
    size_t arm)
{
	struct adaptive_row *rows;
	struct adaptive a;
	struct flat_row row;
	size_t count = 0;
	bool paid;

	if (f->col.propensity == NULL)
		return json_null();
	rows = talloc_array(ctx, struct adaptive_row, (unsigned)f->sheet->rows + 1);
	must(rows != NULL);
	for (size_t i = 0; i < f->sheet->rows; i++)
		if (beside_read(f, o, i, &row, &paid) == BESIDE_COUNTS &&
		    (row.arm == arm || row.arm == f->reference))
			rows[count++] = (struct adaptive_row){ .one = row.arm == arm, .y = paid ? 1 : 0,
			    .e = f->col.propensity->real[i],
			    .day = f->col.assigned != NULL ? f->col.assigned->day[i] : (int64_t)i };
	adaptive_sort(rows, count);
	a = adaptive_make(rows, count, o->level);
	talloc_free(rows);
	return json_pack("{s:o, s:o, s:o, s:o}", "aipw", figure_json(&a.aipw), "ipw",
	    figure_json(&a.ipw), "hajek", figure_json(&a.hajek), "naive", figure_json(&a.naive));
}
