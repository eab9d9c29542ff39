/* Tails against 60-digit arithmetic, and the check of the sample ratio. */
#include "vector.h"

#include "measure/allocation.h"
#include "measure/tail.h"

#define TOLERANCE 1e-12

static void test_normal(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "tails.json"), *c;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "norm_q"), i, c)
		if (vector_at(c, "z") < 38)	/* GSL gives 0 from there on */
			near(normal_tail(vector_at(c, "z")), vector_at(c, "q"), TOLERANCE, "normal");
	json_array_foreach(json_object_get(root, "norm_upper_quantile"), i, c)
		near(normal_point(vector_at(c, "q")), vector_at(c, "z"), TOLERANCE, "quantile");
	near(level_z(0.95), 1.959963984540054, 1e-14, "z of 95 %");
	near(normal_two_sided(-1.959963984540054), 0.05, 1e-14, "both sides");
	json_decref(root);
}

static void test_chisq_and_student(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "tails.json"), *c;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "chisq_q"), i, c)
		near(chisq_tail(vector_at(c, "x"), vector_at(c, "df")), vector_at(c, "q"),
		    TOLERANCE, "chisq");
	assert_true(i > 3);
	json_array_foreach(json_object_get(root, "t_q"), i, c) {
		const double q = vector_at(c, "q"), t = vector_at(c, "t");
		const double df = vector_at(c, "df");

		near(student_tail(t, df), q, TOLERANCE, "student");
		if (q > 1e-6)
			near(student_point(q, df), t, 1e-9, "student quantile");
	}
	assert_true(i > 3);
	json_decref(root);
}

/* GSL would abort the process here if its handler were on. */
static void test_domain(void **state)
{
	(void)state;
	assert_true(isnan(normal_tail((double)NAN)));
	assert_true(isnan(normal_point(0)));
	assert_true(isnan(normal_point(1)));
	assert_true(isnan(chisq_tail(-1, 1)));
	assert_true(isnan(chisq_tail(1, 0)));
	assert_true(isnan(chisq_tail((double)NAN, 1)));
	assert_true(isnan(student_tail(1, 0)));
	assert_true(isnan(student_point(0.05, 0)));
	assert_true(normal_tail(50) == 0);
}

static void test_sample_ratio(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "srm.json"), *c, *v;
	size_t i, k;

	(void)state;
	json_array_foreach(json_object_get(root, "chisq"), i, c) {
		int64_t observed[8];
		double weight[8];
		struct allocation a;

		json_array_foreach(json_object_get(c, "weights"), k, v)
			weight[k] = vector_real(v);
		json_array_foreach(json_object_get(c, "observed"), k, v)
			observed[k] = (int64_t)vector_real(v);
		a = allocation_check(observed, weight, k);
		near_scale(a.chisq, vector_at(c, "chisq"), 1e-10, fmax(1, a.chisq), "chisq");
		/* A p moves by df * its chi-square's rounding, hence the wider
		 * room far out. */
		near(a.p, vector_at(c, "p_30_digits"), 1e-10, "p");
		assert_int_equal(a.df, (int)vector_at(c, "df"));
		assert_int_equal(a.broken, a.n >= 100 && vector_at(c, "p") < 0.001);
	}
	assert_int_equal(i, 11);
	json_decref(root);
}

static void test_sample_ratio_edges(void **state)
{
	static const struct {
		const char *says;
		int64_t observed[3];
		double weight[3];
		bool leak, broken, p;
	} cases[] = {
		{ "nobody", { 0, 0, 0 }, { 34, 33, 33 }, false, false, false },
		{ "99 in one arm: too few to judge", { 99, 0, 0 }, { 34, 33, 33 }, false, false, true },
		{ "100 in one arm", { 100, 0, 0 }, { 34, 33, 33 }, false, true, true },
		{ "one in an arm without a share", { 10, 10, 1 }, { 50, 50, 0 }, true, true, true },
		{ "an arm without a share stays empty", { 60, 60, 0 }, { 50, 50, 0 }, false, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct allocation a = allocation_check(cases[i].observed, cases[i].weight, 3);

		if (a.leak != cases[i].leak || a.broken != cases[i].broken ||
		    !isnan(a.p) != cases[i].p)
			fail_msg("%s: leak %d, broken %d, p %g", cases[i].says, a.leak,
			    a.broken, a.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_chisq_and_student),
		cmocka_unit_test(test_domain),
		cmocka_unit_test(test_sample_ratio),
		cmocka_unit_test(test_sample_ratio_edges),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("tail", tests, NULL, NULL);
}
