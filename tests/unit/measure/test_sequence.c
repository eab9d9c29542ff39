/* What may be looked at daily: against numbers worked out with 60 digits. */
#include "vector.h"

#include <stdio.h>
#include <string.h>

#include "measure/sequence.h"
#include "measure/tail.h"

static json_t *root;

static double at(const json_t *row, const char *key)
{
	return vector_real(json_object_get(row, key));
}

static void test_rho(void **state)
{
	const json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "rho"), i, row)
		near(sequence_rho(at(row, "I_plan"), at(row, "alpha")), at(row, "rho"), 1e-12, "rho");
	assert_true(i > 5);
}

static void test_looks(void **state)
{
	const json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "multiplier"), i, row) {
		const double se = 1 / sqrt(at(row, "V"));
		const struct sequence s = sequence_look(0, se, at(row, "rho"), at(row, "alpha"));

		near(s.upper / se, at(row, "multiplier"), 1e-12, "multiplier");
		near(-s.lower, s.upper, 1e-15, "both sides");
	}
	assert_true(i > 10);
	json_array_foreach(json_object_get(root, "evalue"), i, row) {
		const double se = 1 / sqrt(at(row, "V"));
		const struct sequence s = sequence_look(at(row, "z") * se, se, at(row, "rho"), 0.05);

		near(s.log_e, at(row, "log_e"), 1e-12, "log e");
		near(s.p, at(row, "p_always_valid"), 1e-12, "p");
	}
	assert_true(i > 5);
}

static void test_rare(void **state)
{
	const json_t *row;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "beta_binomial_cs"), i, row) {
		const struct share s = { (int64_t)at(row, "x"), (int64_t)at(row, "n") };
		const struct limits l = rare_limits(s, at(row, "alpha"));

		near(l.lower, at(row, "lower"), 1e-10, "lower");
		near(l.upper, at(row, "upper"), 1e-10, "upper");
	}
	assert_true(i > 10);
}

static void test_edges(void **state)
{
	(void)state;
	assert_true(isnan(sequence_look(0.1, 0, 20, 0.05).p));
	assert_true(isnan(sequence_look(0.1, 0.1, 0, 0.05).lower));
	assert_true(rare_limits((struct share){ 0, 0 }, 0.05).upper == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rho), cmocka_unit_test(test_looks),
		cmocka_unit_test(test_rare), cmocka_unit_test(test_edges),
	};
	int failed;

	tail_start();
	root = vector_load(VECTOR_DIR "confidence_sequence.json");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests_name("sequence", tests, NULL, NULL);
	json_decref(root);
	return failed;
}
