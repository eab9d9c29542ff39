/* Cumulative incidence against R's survfit, its invariants and its edges. */
#include "vector.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "measure/incidence.h"
#include "measure/tail.h"

#define TOLERANCE 1e-10
#define LINE_BYTES_MAX 256

/* mgus2: id,sex,time,event with event 0 censored, 1 and 2 the causes. */
static void mgus_read(void *ctx, char sex, struct incidence *out)
{
	FILE *f = fopen(VECTOR_DIR "mgus2_competing.csv", "r");
	char line[LINE_BYTES_MAX];

	assert_non_null(f);
	incidence_init(out, ctx, 600);
	while (fgets(line, sizeof(line), f) != NULL) {
		char who;
		int id, time, event;

		if (sscanf(line, "%d,%c,%d,%d", &id, &who, &time, &event) == 4 && who == sex)
			incidence_add(out, time, event == 1 ? EXIT_PAID :
			    event == 2 ? EXIT_OTHER : EXIT_CENSORED);
	}
	fclose(f);
}

static void cause_near(const struct incidence *in, enum exit_kind cause, const json_t *want)
{
	const json_t *time = json_object_get(want, "time"), *v;
	size_t i;

	json_array_foreach(time, i, v) {
		const int day = (int)vector_real(v);
		const struct figure f = incidence_at(in, cause, day, 0.95);

		assert_int_equal(incidence_at_risk(in, day),
		    (int64_t)vector_real(json_array_get(json_object_get(want, "n_risk"), i)));
		near(f.estimate, vector_real(json_array_get(json_object_get(want, "cif"), i)),
		    TOLERANCE, "cif");
		near(f.se, vector_real(json_array_get(json_object_get(want, "se_delta"), i)),
		    TOLERANCE, "se");
	}
	assert_true(i > 100);
}

static void test_mgus2(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "competing_risks.json");
	const char *const sexes[] = { "F", "M" };
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const json_t *want = json_object_get(json_object_get(root, "aj"), sexes[i]);
		struct incidence in;

		mgus_read(ctx, sexes[i][0], &in);
		cause_near(&in, EXIT_PAID, json_object_get(want, "cause1"));
		cause_near(&in, EXIT_OTHER, json_object_get(want, "cause2"));
		for (int day = 0; day <= in.last_day; day++) {
			const double sum = incidence_remaining(&in, day) +
			    incidence_at(&in, EXIT_PAID, day, 0.95).estimate +
			    incidence_at(&in, EXIT_OTHER, day, 0.95).estimate;

			near(sum, 1, 1e-12, "everybody is somewhere");
		}
	}
	talloc_free(ctx);
	json_decref(root);
}

/* With nobody censored the curve is the plain share, to the last digits, and
 * its standard error the binomial one. */
static void test_complete(void **state)
{
	void *ctx = talloc_new(NULL);
	struct incidence in;
	int64_t paid[40] = { 0 }, n = 0;

	(void)state;
	incidence_init(&in, ctx, 40);
	for (int i = 0; i < 997; i++) {
		const int day = i * 7919 % 37;
		const enum exit_kind kind = i % 5 == 0 ? EXIT_OTHER : EXIT_PAID;

		incidence_add(&in, day, kind);
		paid[day] += kind == EXIT_PAID;
	}
	for (int day = 0; day < 37; day++) {
		const struct figure f = incidence_at(&in, EXIT_PAID, day, 0.95);
		double share;

		n += paid[day];
		share = (double)n / 997;
		near(f.estimate, share, 1e-13, "share");
		near(f.se, sqrt(share * (1 - share) / 997), 1e-11, "binomial se");
		assert_int_equal(f.events, n);
	}
	talloc_free(ctx);
}

/* Duplicating every debtor leaves the curve and shrinks its se by sqrt(1/2). */
static void test_doubled(void **state)
{
	void *ctx = talloc_new(NULL);
	struct incidence a, b;

	(void)state;
	mgus_read(ctx, 'F', &a);
	incidence_init(&b, ctx, a.days);
	for (int day = 0; day < a.days; day++)
		for (enum exit_kind k = 0; k < EXIT_KINDS; k++)
			for (int64_t i = 0; i < 2 * a.left[k][day]; i++)
				incidence_add(&b, day, k);
	for (int day = 20; day < 300; day += 35) {
		const struct figure f = incidence_at(&a, EXIT_PAID, day, 0.95);
		const struct figure g = incidence_at(&b, EXIT_PAID, day, 0.95);

		near(g.estimate, f.estimate, 1e-12, "estimate");
		near(g.se, f.se * sqrt(0.5), 1e-12, "se");
	}
	talloc_free(ctx);
}

/* The limits in 40-digit decimal arithmetic, for an arm of 653 debtors with no
 * censoring: 377 paid by the day, the rest later. */
static void test_limits(void **state)
{
	void *ctx = talloc_new(NULL);
	struct incidence in;
	struct figure f;

	(void)state;
	incidence_init(&in, ctx, 40);
	for (int i = 0; i < 653; i++)
		incidence_add(&in, i < 377 ? 10 : 35, i < 377 ? EXIT_PAID : EXIT_CENSORED);
	f = incidence_at(&in, EXIT_PAID, 30, 0.95);
	near(f.se, 0.019331050003765657, 1e-12, "se");
	near(f.lower, 0.53846179554398782589, 1e-12, "lower");
	near(f.upper, 0.61417555093993897808, 1e-12, "upper");
	talloc_free(ctx);
}

static struct figure of_counts(void *ctx, const int64_t left[3][4], int day)
{
	struct incidence in;

	incidence_init(&in, ctx, 4);
	for (enum exit_kind k = 0; k < EXIT_KINDS; k++)
		for (int d = 0; d < 4; d++)
			for (int64_t i = 0; i < left[k][d]; i++)
				incidence_add(&in, d, k);
	return incidence_at(&in, EXIT_PAID, day, 0.95);
}

static void test_edges(void **state)
{
	/* rows: censored, paid, other exit; columns: days 0..3 */
	static const struct {
		const char *says;
		int64_t left[3][4];
		int day;
		double estimate;
		bool interval;
		enum reason reason;
	} cases[] = {
		{ "nobody", { { 0 }, { 0 }, { 0 } }, 0, NAN, false, REASON_EMPTY_ARM },
		{ "paid on the day of assignment", { { 0, 0, 0, 1 }, { 1 }, { 0 } }, 0, 0.5,
		    true, REASON_NONE },
		{ "nobody paid, nobody censored before", { { 0, 0, 0, 9 }, { 0 }, { 0 } }, 3,
		    0, true, REASON_NONE },
		{ "nobody paid, one censored before", { { 1, 0, 0, 9 }, { 0 }, { 0 } }, 3, 0,
		    false, REASON_NONE },
		{ "everybody paid", { { 0 }, { 0, 4 }, { 0 } }, 1, 1, true, REASON_NONE },
		{ "everybody paid, asked later", { { 0 }, { 0, 4 }, { 0 } }, 3, 1, true,
		    REASON_NONE },
		{ "events come before censorings", { { 0, 2 }, { 0, 2 }, { 0 } }, 1, 0.5, true,
		    REASON_NONE },
		{ "beyond the last day watched", { { 0, 2 }, { 0, 2 }, { 0 } }, 2, NAN, false,
		    REASON_BEYOND_FOLLOW_UP },
		{ "everybody left by other ways", { { 0 }, { 0 }, { 5 } }, 2, 0, true,
		    REASON_NONE },
	};
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct figure f = of_counts(ctx, cases[i].left, cases[i].day);

		if (f.reason != cases[i].reason || !isnan(f.lower) != cases[i].interval)
			fail_msg("%s: reason %s, lower %g", cases[i].says,
			    reason_name(f.reason), f.lower);
		near_scale(f.estimate, cases[i].estimate, 1e-15, 1, cases[i].says);
		assert_true(isnan(f.lower) || (f.lower <= f.estimate && f.estimate <= f.upper));
	}
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mgus2),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_doubled),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_edges),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("incidence", tests, NULL, NULL);
}
