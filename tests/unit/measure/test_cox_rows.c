/* Hazard ratios with several covariates, strata and clusters, against R's survival
 * package; and what has no maximum. */
#include "vector.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "measure/cox_rows.h"
#include "measure/tail.h"

#define ROWS_MAX 2500
#define FIELDS_MAX 12
#define TOLERANCE 1e-9

struct frame {
	char	*name[FIELDS_MAX];
	char	*cell[ROWS_MAX][FIELDS_MAX];
	size_t	 fields, rows;
};

static struct frame *frame_read(void *ctx, const char *name)
{
	char path[200], *line = NULL;
	struct frame *f = talloc_zero(ctx, struct frame);
	size_t room = 0;
	FILE *in;

	snprintf(path, sizeof(path), VECTOR_DIR "%s.csv", name);
	in = fopen(path, "r");
	assert_non_null(in);
	for (size_t r = 0; getline(&line, &room, in) > 0; r++) {
		char *rest = line, *field;
		size_t k = 0;

		line[strcspn(line, "\r\n")] = '\0';
		for (; (field = strsep(&rest, ",")) != NULL; k++)
			*(r == 0 ? &f->name[k] : &f->cell[r - 1][k]) = talloc_strdup(f, field);
		f->fields = k;
		f->rows = r;
	}
	free(line);
	fclose(in);
	return f;
}

static size_t field_of(const struct frame *f, const char *name)
{
	for (size_t k = 0; k < f->fields; k++)
		if (strcmp(f->name[k], name) == 0)
			return k;
	return SIZE_MAX;
}

/* "age" is a number, "rxLev" is 1 where rx is Lev; NAN: missing. */
static double value(const struct frame *f, size_t row, const char *term)
{
	size_t k = field_of(f, term);

	if (k != SIZE_MAX)
		return f->cell[row][k][0] == '\0' || strcmp(f->cell[row][k], "NA") == 0 ? (double)NAN :
		    strtod(f->cell[row][k], NULL);
	for (k = 0; k < f->fields; k++) {
		const size_t len = strlen(f->name[k]);

		if (strncmp(term, f->name[k], len) == 0)
			return strcmp(f->cell[row][k], term + len) == 0 ? 1 : 0;
	}
	fail_msg("no column for the term %s", term);
	return 0;
}

static void compare(const struct cox_many *c, const json_t *wanted, const char *what)
{
	const json_t *terms = json_object_get(wanted, "terms");

	assert_int_equal(c->reason, REASON_NONE);
	assert_int_equal(c->n, (int)vector_at(wanted, "n"));
	assert_int_equal(c->events, (int)vector_at(wanted, "events"));
	near(c->loglik, vector_at(wanted, "loglik"), TOLERANCE, what);
	near(c->loglik_null, vector_at(wanted, "loglik_null"), TOLERANCE, what);
	for (size_t k = 0; k < json_array_size(terms); k++) {
		near(c->term[k].coef, vector_real(json_array_get(json_object_get(wanted, "coef"), k)),
		    TOLERANCE, what);
		near(c->term[k].se, vector_real(json_array_get(json_object_get(wanted, "se"), k)),
		    TOLERANCE, what);
		near(c->term[k].se_robust, vector_real(json_array_get(json_object_get(wanted,
		    "se_robust"), k)), TOLERANCE, what);
		near(c->term[k].upper, vector_real(json_array_get(json_object_get(wanted,
		    "hr_upper_robust"), k)), 1e-8, what);
	}
}

static uint64_t text_key(const char *text)
{
	uint64_t h = 7;

	for (; *text != '\0'; text++)
		h = h * 131 + (unsigned char)*text;
	return h;
}

static void judge(const char *name, const char *table, const char *stratum, const char *cluster)
{
	void *ctx = talloc_new(NULL);
	json_t *root = vector_load(VECTOR_DIR "cox.json");
	const json_t *wanted = json_object_get(root, name), *terms = json_object_get(wanted, "terms");
	const struct frame *f = frame_read(ctx, table);
	int32_t *time = talloc_array(ctx, int32_t, ROWS_MAX);
	bool *event = talloc_array(ctx, bool, ROWS_MAX);
	uint32_t *strata = talloc_array(ctx, uint32_t, ROWS_MAX);
	uint64_t *clusters = talloc_array(ctx, uint64_t, ROWS_MAX);
	struct cox_rows rows = { .time = time, .event = event, .terms = json_array_size(terms),
	    .stratum = stratum == NULL ? NULL : strata, .cluster = cluster == NULL ? NULL : clusters };
	struct cox_many c;
	double *x[COX_TERMS_MAX];

	assert_true(rows.terms > 0);
	for (size_t k = 0; k < rows.terms; k++)
		rows.x[k] = x[k] = talloc_array(ctx, double, ROWS_MAX);
	for (size_t i = 0; i < f->rows; i++) {
		const size_t n = rows.count;
		bool whole = true;

		for (size_t k = 0; k < rows.terms; k++) {
			x[k][n] = value(f, i, json_string_value(json_array_get(terms, k)));
			whole &= !isnan(x[k][n]);
		}
		if (!whole)
			continue;
		time[n] = (int32_t)value(f, i, field_of(f, "time") != SIZE_MAX ? "time" : "futime");
		event[n] = value(f, i, field_of(f, "status") != SIZE_MAX ? "status" : "fustat") == 1;
		strata[n] = stratum == NULL ? 0 : (uint32_t)text_key(f->cell[i][field_of(f, stratum)]);
		clusters[n] = cluster == NULL ? 0 : text_key(f->cell[i][field_of(f, cluster)]);
		rows.count++;
	}
	c = cox_many_fit(ctx, &rows, 0.95);
	compare(&c, wanted, name);
	json_decref(root);
	talloc_free(ctx);
}

static void test_r(void **state)
{
	(void)state;
	judge("lung_sex", "lung", NULL, NULL);
	judge("lung_sex_age", "lung", NULL, NULL);
	judge("lung_sex_age_ecog_complete_case", "lung", NULL, NULL);
	judge("veteran_trt", "veteran", NULL, NULL);
	judge("veteran_trt_karno_celltype", "veteran", NULL, NULL);
	judge("veteran_trt_strata_celltype", "veteran", "celltype", NULL);
	judge("ovarian_rx", "ovarian", NULL, NULL);
	judge("ovarian_rx_age", "ovarian", NULL, NULL);
	judge("colon_death_rx", "colon_death", NULL, NULL);
	judge("colon_both_rx_cluster_id", "colon_both", NULL, "id");
	judge("colon_both_rx_strata_etype_cluster_id", "colon_both", "etype", "id");
}

static void test_none(void **state)
{
	static const int32_t time[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const bool event[] = { true, true, true, true, false, false, false, false };
	static const bool never[8] = { false };
	static const double apart[] = { 1, 1, 1, 1, 0, 0, 0, 0 }, same[] = { 2, 2, 2, 2, 2, 2, 2, 2 };
	static const double mixed[] = { 1, 0, 1, 0, 1, 0, 1, 0 };
	static const double gone[] = { 1, 1, 0, 0, 0, 0, 0, 0 };
	static const uint32_t own[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const uint64_t one[] = { 7, 7, 7, 7, 7, 7, 7, 7 };
	struct cox_rows rows = { .count = 8, .time = time, .event = event, .terms = 1, .x = { apart } };

	(void)state;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_NO_EVENTS_IN_ARM);
	rows.x[0] = gone;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_MONOTONE);
	rows.x[1] = mixed;			/* of two it shows by the way up */
	rows.terms = 2;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_MONOTONE);
	rows.x[0] = apart;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_MONOTONE);
	rows.terms = 1;
	rows.stratum = own;			/* nobody is at risk with anybody else */
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_ZERO_VARIANCE);
	rows.stratum = NULL;
	rows.cluster = one;
	rows.x[0] = mixed;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_ZERO_VARIANCE);
	rows.cluster = NULL;
	rows.x[0] = same;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_ZERO_VARIANCE);
	rows.x[0] = mixed;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_NONE);
	rows.x[1] = mixed;			/* once more: the other explains it */
	rows.terms = 2;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_ZERO_VARIANCE);
	rows.terms = 1;
	rows.event = never;
	assert_int_equal(cox_many_fit(NULL, &rows, 0.95).reason, REASON_NO_EVENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_r),
		cmocka_unit_test(test_none),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("cox_rows", tests, NULL, NULL);
}
