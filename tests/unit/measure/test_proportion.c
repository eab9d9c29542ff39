/* Shares and their differences, against R's numbers and the table of
 * degenerate inputs. */
#include "vector.h"

#include "measure/multiplicity.h"
#include "measure/proportion.h"
#include "measure/tail.h"

#define TOLERANCE 1e-10

static void pair_near(struct limits got, const json_t *wanted, const char *what)
{
	near(got.lower, vector_real(json_array_get(wanted, 0)), TOLERANCE, what);
	near(got.upper, vector_real(json_array_get(wanted, 1)), TOLERANCE, what);
}

static void test_two_samples(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "proportions.json"), *c;
	const double z95 = level_z(0.95), z99 = level_z(0.99);
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(json_object_get(root, "two_sample")), 20);
	json_array_foreach(json_object_get(root, "two_sample"), i, c) {
		const struct share one = { (int64_t)vector_at(c, "x1"), (int64_t)vector_at(c, "n1") };
		const struct share zero = { (int64_t)vector_at(c, "x0"), (int64_t)vector_at(c, "n0") };
		const struct figure d = share_difference(one, zero, 0.95);
		const struct figure r = share_ratio(one, zero, 0.95);
		const struct limits ac = agresti_caffo_limits(one, zero, z95);
		const json_t *want = json_object_get(c, "agresti_caffo");
		const bool zero_cell = one.x == 0 || zero.x == 0;

		pair_near(wilson_limits(one, z95), json_object_get(c, "wilson1"), "wilson1");
		pair_near(wilson_limits(zero, z95), json_object_get(c, "wilson0"), "wilson0");
		pair_near(newcombe_limits(one, zero, z95), json_object_get(c, "newcombe"), "newcombe");
		pair_near(newcombe_limits(one, zero, z99), json_object_get(c, "newcombe99"), "newcombe99");
		near(ac.lower, vector_at(want, "lower"), TOLERANCE, "agresti_caffo");
		near(ac.upper, vector_at(want, "upper"), TOLERANCE, "agresti_caffo");
		near(d.estimate, vector_at(c, "diff"), TOLERANCE, "diff");
		near(d.se, vector_at(c, "se_unpooled"), TOLERANCE, "se");
		near(pooled_z_p(one, zero), vector_at(c, "p_pooled"), TOLERANCE, "p_pooled");
		near(fisher_p(one, zero), vector_at(c, "fisher_p"), TOLERANCE, "fisher_p");
		near(r.estimate, vector_at(c, "rr"), TOLERANCE, "rr");
		near(r.lower, vector_at(c, "rr_lower"), TOLERANCE, "rr_lower");
		near(r.upper, vector_at(c, "rr_upper"), TOLERANCE, "rr_upper");
		assert_int_equal(r.reason == REASON_RATIO_UNDEFINED, zero_cell);
	}
	json_decref(root);
}

static void test_one_sample(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "proportions.json"), *c;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(root, "single"), i, c) {
		const struct share s = { (int64_t)vector_at(c, "x"), (int64_t)vector_at(c, "n") };

		pair_near(wilson_limits(s, level_z(0.95)), json_object_get(c, "wilson95"), "wilson95");
		pair_near(wilson_limits(s, level_z(0.90)), json_object_get(c, "wilson90"), "wilson90");
	}
	assert_int_equal(i, 16);
	json_decref(root);
}

/* What is printed when a number does not exist. */
static void test_degenerate(void **state)
{
	static const struct {
		const char *says;
		struct share one, zero;
		enum reason reason;
		bool estimate, interval, p;
		const char *method;
	} cases[] = {
		{ "nobody matured", { 0, 0 }, { 0, 0 }, REASON_NOT_MATURED, false, false,
		    false, "newcombe10+pooled_z" },
		{ "one arm has nobody", { 3, 12 }, { 0, 0 }, REASON_NOT_MATURED, false,
		    false, false, "newcombe10+pooled_z" },
		{ "nobody paid", { 0, 39 }, { 0, 41 }, REASON_NO_EVENTS, true, true, false,
		    "newcombe10+pooled_z" },
		{ "everybody paid", { 39, 39 }, { 41, 41 }, REASON_ALL_EVENTS, true, true,
		    false, "newcombe10+pooled_z" },
		{ "nobody paid in one arm", { 0, 40 }, { 3, 40 }, REASON_NONE, true, true,
		    true, "newcombe10+fisher" },
		{ "nine debtors", { 4, 9 }, { 20, 40 }, REASON_TINY_N, true, true, true,
		    "newcombe10+fisher" },
		{ "ten debtors", { 5, 10 }, { 20, 40 }, REASON_NONE, true, true, true,
		    "newcombe10+pooled_z" },
		{ "expected cell just below 5", { 4, 50 }, { 5, 50 }, REASON_NONE, true, true,
		    true, "newcombe10+fisher" },
		{ "expected cell of 5", { 4, 50 }, { 6, 50 }, REASON_NONE, true, true, true,
		    "newcombe10+pooled_z" },
	};
	struct figure f;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f = share_difference(cases[i].one, cases[i].zero, 0.95);
		if (f.reason != cases[i].reason || !isnan(f.estimate) != cases[i].estimate ||
		    !isnan(f.lower) != cases[i].interval || !isnan(f.p) != cases[i].p)
			fail_msg("%s: reason %s, estimate %g, lower %g, p %g", cases[i].says,
			    reason_name(f.reason), f.estimate, f.lower, f.p);
		assert_string_equal(f.method, cases[i].method);
	}
	/* 0 of 39 against 0 of 41: -9.0 to +8.6 points (own table). */
	f = share_difference((struct share){ 0, 39 }, (struct share){ 0, 41 }, 0.95);
	near_scale(f.lower * 100, -8.6, 0.05, 1, "lower");
	near_scale(f.upper * 100, 9.0, 0.05, 1, "upper");
	f = share_ratio((struct share){ 0, 20 }, (struct share){ 5, 20 }, 0.95);
	assert_int_equal(f.reason, REASON_RATIO_UNDEFINED);
	assert_true(isnan(f.estimate));
}

/* Swapping the arms turns every sign and changes nothing else. */
static void test_arms_swap(void **state)
{
	(void)state;
	for (int64_t x1 = 0; x1 <= 12; x1++)
		for (int64_t x0 = 0; x0 <= 17; x0++) {
			const struct share one = { x1, 12 }, zero = { x0, 17 };
			const struct figure a = share_difference(one, zero, 0.95);
			const struct figure b = share_difference(zero, one, 0.95);

			assert_true(a.estimate == -b.estimate);
			near_scale(a.lower, -b.upper, 1e-15, 1, "lower");
			near_scale(a.p, b.p, 1e-12, 1, "p");
			assert_true(a.lower <= a.estimate && a.estimate <= a.upper);
			assert_true(isnan(a.p) || (a.p >= 0 && a.p <= 1));
		}
}

static void test_holm(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "multiplicity.json"), *c, *v;
	size_t i, k;

	(void)state;
	json_array_foreach(json_object_get(root, "cases"), i, c) {
		double p[FAMILY_MAX], adjusted[FAMILY_MAX];

		json_array_foreach(json_object_get(c, "p"), k, v)
			p[k] = vector_real(v);
		holm_adjust(p, k, adjusted);
		json_array_foreach(json_object_get(c, "holm"), k, v)
			near(adjusted[k], vector_real(v), 1e-14, "holm");
	}
	assert_int_equal(i, 8);
	near(bonferroni_level(0.95, 2), 0.975, 1e-15, "bonferroni");
	json_decref(root);
}

/* splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014), so that the runs below
 * are the same everywhere. */
static uint64_t next_bits(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static struct share draw(uint64_t *seed, int64_t n, double rate)
{
	struct share s = { 0, n };

	for (int64_t i = 0; i < n; i++)
		s.x += (double)(next_bits(seed) >> 11) * 0x1p-53 < rate;
	return s;
}

/* What 95 % means: three tones without any effect, 4,000 times.  Some p below
 * 5 % after Holm in at most 5 in 100 runs, and the intervals hold the truth in
 * at least 95; both but for three standard errors of so many runs. */
static void test_no_effect(void **state)
{
	const int runs = 4000;
	const double room = 3 * sqrt(0.05 * 0.95 / runs);
	uint64_t seed = 7;
	int alarms = 0, held = 0;

	(void)state;
	for (int r = 0; r < runs; r++) {
		const struct share zero = draw(&seed, 150, 0.3);
		double p[2], adjusted[2];

		for (int k = 0; k < 2; k++) {
			const struct figure f = share_difference(draw(&seed, 140, 0.3), zero, 0.95);

			p[k] = f.p;
			held += k == 0 && f.lower <= 0 && f.upper >= 0;
		}
		holm_adjust(p, 2, adjusted);
		alarms += adjusted[0] < 0.05 || adjusted[1] < 0.05;
	}
	assert_true(alarms <= (0.05 + room) * runs);
	assert_true(alarms >= 0.03 * runs);		/* and the test has some power */
	assert_true(held >= (0.95 - room) * runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_samples),
		cmocka_unit_test(test_one_sample),
		cmocka_unit_test(test_degenerate),
		cmocka_unit_test(test_arms_swap),
		cmocka_unit_test(test_holm),
		cmocka_unit_test(test_no_effect),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("proportion", tests, NULL, NULL);
}
