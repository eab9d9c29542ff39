/* Money per debtor and per unit owed, against R and by hand. */
#include "vector.h"

#include <stdio.h>
#include <string.h>

#include "measure/amount.h"
#include "measure/tail.h"

#define TOLERANCE 1e-10
#define ROWS_MAX 2000
#define LINE_BYTES_MAX 256

static const char *const arms[] = { "neutral", "warm", "firm" };

static struct amount_sums demo_sums(const char *arm)
{
	static struct amount_row row[ROWS_MAX];
	FILE *f = fopen(VECTOR_DIR "demo_debtors.csv", "r");
	char line[LINE_BYTES_MAX];
	size_t n = 0;

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgets(line, sizeof(line), f) != NULL) {
		char *rest = line, *field[8];

		for (size_t i = 0; i < 8; i++)
			field[i] = strsep(&rest, ",");
		if (strcmp(field[1], arm) == 0)
			row[n++] = (struct amount_row){ atoll(field[5]), atoll(field[6]) };
	}
	fclose(f);
	return amount_sums(row, n);
}

static void test_demo(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "demo_debtors_expected.json");
	json_t *want = json_object_get(root, "amount");
	const struct amount_sums zero = demo_sums("neutral");

	(void)state;
	for (size_t a = 0; a < 3; a++) {
		const struct amount_sums s = demo_sums(arms[a]);
		const struct figure d = amount_mean_difference(&s, &zero, 0.95);
		json_t *arm = json_object_get(json_object_get(want, "arms"), arms[a]);
		json_t *contrast = json_object_get(json_object_get(want, "contrasts"), arms[a]);

		assert_int_equal(s.n, (int64_t)vector_at(arm, "n"));
		assert_int_equal(s.owed, (int64_t)vector_at(arm, "sum_owed"));
		assert_int_equal(s.paid, (int64_t)vector_at(arm, "sum_paid"));
		near(amount_mean(&s, 0.95).estimate, vector_at(arm, "mean_paid"), TOLERANCE, "mean");
		near(amount_mean(&s, 0.95).se, vector_at(arm, "se_mean"), TOLERANCE, "se of mean");
		near(amount_rate(&s, 0.95).estimate, vector_at(arm, "recovery_rate"), TOLERANCE, "rate");
		near(amount_rate(&s, 0.95).se, vector_at(arm, "se_recovery_rate"), TOLERANCE, "se of rate");
		if (contrast == NULL)
			continue;
		near(d.estimate, vector_at(contrast, "mean_diff"), TOLERANCE, "difference");
		near(d.se, vector_at(contrast, "se"), TOLERANCE, "se of difference");
		near(d.lower, vector_at(contrast, "lower"), TOLERANCE, "lower");
		near(d.upper, vector_at(contrast, "upper"), TOLERANCE, "upper");
		near(d.p, vector_at(contrast, "p"), TOLERANCE, "p");
	}
	json_decref(root);
}

static void test_edges(void **state)
{
	const struct amount_row same[] = { { 100, 50 }, { 200, 50 }, { 300, 50 } };
	const struct amount_row none[] = { { 0, 0 }, { 0, 0 } };
	const struct amount_row large[] = { { INT64_C(1) << 60, INT64_C(1) << 60 }, { 1, 0 } };
	const struct amount_sums a = amount_sums(same, 3), b = amount_sums(same, 1);
	const struct amount_sums c = amount_sums(none, 2), d = amount_sums(none, 0);
	const struct amount_sums e = amount_sums(large, 2);

	(void)state;
	assert_int_equal(amount_mean(&a, 0.95).reason, REASON_ZERO_VARIANCE);
	assert_true(isnan(amount_mean(&a, 0.95).lower));
	assert_true(amount_mean(&a, 0.95).estimate == 50);
	assert_int_equal(amount_mean_difference(&a, &a, 0.95).reason, REASON_ZERO_VARIANCE);
	assert_true(isnan(amount_mean_difference(&a, &a, 0.95).p));
	assert_int_equal(amount_mean(&b, 0.95).reason, REASON_TINY_N);
	assert_int_equal(amount_mean_difference(&a, &b, 0.95).reason, REASON_TINY_N);
	assert_int_equal(amount_rate(&c, 0.95).reason, REASON_ZERO_DENOMINATOR);
	assert_true(isnan(amount_rate(&c, 0.95).estimate));
	assert_int_equal(amount_mean(&d, 0.95).reason, REASON_NOT_MATURED);
	assert_int_equal(amount_mean_difference(&d, &a, 0.95).reason, REASON_NOT_MATURED);
	assert_int_equal(e.owed, (INT64_C(1) << 60) + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_demo),
		cmocka_unit_test(test_edges),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("amount", tests, NULL, NULL);
}
