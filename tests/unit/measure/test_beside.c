/* What stands beside the plain difference: exact and score limits, parts pulled
 * together, shares that moved, the chance to be the best, what a recovered unit cost;
 * against R's numbers. */
#include "vector.h"

#include <stdio.h>
#include <string.h>

#include "measure/adaptive.h"
#include "measure/cost_ratio.h"
#include "measure/inferior.h"
#include "measure/proportion.h"
#include "measure/shrink.h"
#include "measure/tail.h"

#define ROWS_MAX 2000
#define LINE_BYTES_MAX 256

static double item(const json_t *o, const char *key, size_t at)
{
	return vector_real(json_array_get(json_object_get(o, key), at));
}

static void test_limits(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "proportions.json");
	const double z = level_z(0.95);
	const json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "two_sample"), i, row) {
		const struct share one = { (int64_t)vector_at(row, "x1"), (int64_t)vector_at(row, "n1") };
		const struct share zero = { (int64_t)vector_at(row, "x0"), (int64_t)vector_at(row, "n0") };
		const struct limits c1 = clopper_limits(one, 0.95), c0 = clopper_limits(zero, 0.95);
		const struct limits mn = miettinen_limits(one, zero, z);

		near_scale(c1.lower, item(row, "clopper1", 0), 1e-9, 1, "exact, lower");
		near_scale(c1.upper, item(row, "clopper1", 1), 1e-9, 1, "exact, upper");
		near_scale(c0.lower, item(row, "clopper0", 0), 1e-9, 1, "exact, lower, reference");
		near_scale(c0.upper, item(row, "clopper0", 1), 1e-9, 1, "exact, upper, reference");
		near_scale(mn.lower, item(row, "miettinen_nurminen", 0), 1e-9, 1, "score, lower");
		near_scale(mn.upper, item(row, "miettinen_nurminen", 1), 1e-9, 1, "score, upper");
	}
	assert_true(i > 15);
	json_decref(root);
}

static void test_shrunken(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "shrinkage.json");
	const json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "cases"), i, row) {
		const size_t n = json_array_size(json_object_get(row, "estimate"));
		struct shrink_part parts[SHRINK_PARTS_MAX];
		struct shrink s;

		for (size_t k = 0; k < n; k++)
			parts[k] = (struct shrink_part){ .estimate = item(row, "estimate", k),
			    .se = item(row, "se", k) };
		s = shrink_make(parts, n);
		near(s.fixed_mean, vector_at(row, "fixed_mean"), 1e-12, "fixed mean");
		near(s.q, vector_at(row, "Q"), 1e-10, "Q");
		near(s.p, vector_at(row, "p_heterogeneity"), 1e-10, "p");
		near_scale(s.i2, vector_at(row, "I2"), 1e-10, 1, "I2");
		near_scale(s.tau2, vector_at(row, "tau2_paule_mandel"), 1e-8,
		    fmax(1e-4, vector_at(row, "tau2_paule_mandel")), "tau2");
		near(s.mu, vector_at(row, "mu"), 1e-8, "mu");
		near(s.mu_se, vector_at(row, "mu_se"), 1e-8, "its error");
		for (size_t k = 0; k < n; k++) {
			near(parts[k].factor, item(row, "shrink_factor", k), 1e-8, "factor");
			near(parts[k].shrunk, item(row, "shrunk", k), 1e-8, "shrunk");
			near(parts[k].shrunk_se, item(row, "shrunk_se", k), 1e-8, "its error");
		}
	}
	assert_int_equal(i, 3);
	assert_true(isnan(shrink_make(&(struct shrink_part){ .estimate = 1, .se = 1 }, 1).tau2));
	json_decref(root);
}

static void figure_near(const struct figure *f, const json_t *wanted, const char *what)
{
	near(f->estimate, vector_at(wanted, "diff"), 1e-11, what);
	near(f->se, vector_at(wanted, "se"), 1e-11, what);
	if (json_object_get(wanted, "lower") != NULL)
		near(f->lower, vector_at(wanted, "lower"), 1e-10, what);
}

static void test_moving_shares(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "adaptive.json");
	FILE *f = fopen(VECTOR_DIR "adaptive.csv", "r");
	struct adaptive_row row[ROWS_MAX];
	char line[LINE_BYTES_MAX];
	struct adaptive a;
	size_t n = 0;

	(void)state;
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgets(line, sizeof(line), f) != NULL) {
		char *rest = line, *field[5];

		for (size_t i = 0; i < 5; i++)
			field[i] = strsep(&rest, ",");
		row[n] = (struct adaptive_row){ .day = (int64_t)n, .e = strtod(field[2], NULL),
		    .one = field[3][0] == '1', .y = strtod(field[4], NULL) };
		n++;
	}
	fclose(f);
	assert_int_equal(n, 600);
	a = adaptive_make(row, n, 0.95);
	near(a.naive.estimate, vector_at(root, "naive_diff"), 1e-11, "naive");
	figure_near(&a.ipw, json_object_get(root, "ipw"), "ipw");
	figure_near(&a.aipw, json_object_get(root, "aipw_predictable"), "aipw");
	figure_near(&a.hajek, json_object_get(root, "hajek"), "hajek");
	row[7].e = 0;				/* never written down */
	a = adaptive_make(row, n, 0.95);
	assert_int_equal(a.aipw.reason, REASON_PROPENSITY_MISSING);
	assert_true(isnan(a.aipw.estimate) && isnan(a.hajek.estimate));
	json_decref(root);
}

static void test_the_best(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "thompson.json");
	const json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "cases"), i, row) {
		const json_t *posteriors = json_object_get(row, "posterior");
		const size_t n = json_array_size(posteriors);
		double posterior[THOMPSON_ARMS_MAX][2], best[THOMPSON_ARMS_MAX];
		double shares[THOMPSON_ARMS_MAX];

		for (size_t k = 0; k < n; k++)
			for (size_t p = 0; p < 2; p++)
				posterior[k][p] = vector_real(json_array_get(json_array_get(posteriors, k), p));
		thompson_best((const double (*)[2])posterior, n, best);
		thompson_shares(best, n, vector_at(row, "floor"), shares);
		for (size_t k = 0; k < n; k++) {
			near_scale(best[k], item(row, "p_best", k), 1e-10, 1, "chance to be the best");
			near_scale(shares[k], item(row, "allocation", k), 1e-8, 1, "share");
		}
	}
	assert_int_equal(i, 6);
	json_decref(root);
}

/* debtor_id,arm,phone,chat,sms,recovered_minor,csat,complaint,opt_out */
static void test_costs(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "demo_costs_expected.json");
	const char *arm;
	json_t *wanted;

	(void)state;
	json_object_foreach(json_object_get(root, "arms"), arm, wanted) {
		FILE *f = fopen(VECTOR_DIR "demo_costs.csv", "r");
		const json_t *index = json_object_get(wanted, "satisfaction");
		struct cost_row row[ROWS_MAX];
		int answers[ROWS_MAX];
		char line[LINE_BYTES_MAX];
		struct satisfaction s;
		struct cost_ratio c;
		size_t n = 0, answered = 0;

		assert_non_null(f);
		assert_non_null(fgets(line, sizeof(line), f));
		while (fgets(line, sizeof(line), f) != NULL) {
			char *rest = line, *field[7];

			for (size_t i = 0; i < 7; i++)
				field[i] = strsep(&rest, ",");
			if (strcmp(field[1], arm) != 0)
				continue;
			row[n++] = (struct cost_row){ 1000 * atof(field[2]) + 300 * atof(field[3]) +
			    100 * atof(field[4]), atof(field[5]) };
			if (field[6][0] != '\0')
				answers[answered++] = atoi(field[6]);
		}
		fclose(f);
		assert_int_equal(n, (int)vector_at(wanted, "n"));
		c = cost_ratio_make(row, n, 0.95);
		near(c.ratio.estimate, vector_at(wanted, "cost_per_recovered"), 1e-10, "cost");
		near(c.ratio.se, vector_at(wanted, "se"), 1e-10, "its error");
		near(c.fieller.lower, vector_at(wanted, "fieller_lower"), 1e-10, "Fieller, lower");
		near(c.fieller.upper, vector_at(wanted, "fieller_upper"), 1e-10, "Fieller, upper");
		near(c.net.estimate, vector_at(wanted, "net_per_debtor"), 1e-10, "net");
		near(c.net.se, vector_at(wanted, "net_se"), 1e-10, "its error");
		s = satisfaction_make(answers, answered, n, 0.95);
		near(s.index.estimate, vector_at(index, "index"), 1e-10, "index");
		near(s.index.se, vector_at(index, "se"), 1e-10, "its error");
		near(s.worst, vector_at(index, "worst_case_index"), 1e-10, "worst");
		near(s.best, vector_at(index, "best_case_index"), 1e-10, "best");
	}
	assert_int_equal(json_object_size(json_object_get(root, "arms")), 3);
	json_decref(root);
}

static void test_cost_edges(void **state)
{
	const struct cost_row nothing[] = { { 5, 0 }, { 3, 0 }, { 4, 0 } };
	const struct cost_row unclear[] = { { 5, 0 }, { 3, 100 }, { 4, 0 }, { 2, 0 } };
	struct cost_ratio c = cost_ratio_make(nothing, 3, 0.95);

	(void)state;
	assert_int_equal(c.ratio.reason, REASON_ZERO_DENOMINATOR);
	assert_true(isnan(c.ratio.estimate) && c.net.estimate == -4);
	c = cost_ratio_make(unclear, 4, 0.95);
	assert_true(c.unclear && isnan(c.fieller.lower) && c.ratio.estimate > 0);
	assert_int_equal(cost_ratio_make(unclear, 1, 0.95).ratio.reason, REASON_TINY_N);
	assert_int_equal(satisfaction_make(NULL, 0, 10, 0.95).index.reason, REASON_NO_EVENTS);
}

/* Against a maximisation of the restricted likelihood in each stratum by itself (ternary
 * search, Python). */
static void test_margin_in_strata(void **state)
{
	static const struct share one[] = { { 7, 210 }, { 30, 400 }, { 5, 9 }, { 2, 45 } };
	static const struct share zero[] = { { 9, 190 }, { 11, 120 }, { 0, 0 }, { 3, 60 } };
	const struct inferior three = inferior_strata(one, zero, 4, 0.03, false);
	const struct inferior alone = inferior_strata(one, zero, 1, 0.03, false);

	(void)state;
	near_scale(three.z, -2.8538424662073214, 1e-7, 1, "z");
	near_scale(three.p, 0.0021596972186406064, 1e-8, 1, "one-sided");
	near_scale(alone.z, inferior_test(one[0], zero[0], 0.03, false).z, 1e-12, 1, "one stratum");
	assert_true(isnan(inferior_strata(&one[2], &zero[2], 1, 0.03, false).p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_shrunken),
		cmocka_unit_test(test_moving_shares),
		cmocka_unit_test(test_the_best),
		cmocka_unit_test(test_costs),
		cmocka_unit_test(test_cost_edges),
		cmocka_unit_test(test_margin_in_strata),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("beside", tests, NULL, NULL);
}
