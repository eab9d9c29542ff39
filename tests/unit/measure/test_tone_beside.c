/* What stands beside the primary figure: adjusted as R does it; arms that were not
 * alike, an effect that wears off, a harm that should stop a tone, parts; costs. */
#include "vector.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "measure/tail.h"
#include "measure/tone_report.h"

#define ROWS_MAX 4000
#define LINE_BYTES_MAX 256

static const char *const arms[] = { "neutral", "warm", "firm" };
static struct tone_row rows[ROWS_MAX];

static struct tone_plan plan_of(size_t arm_count)
{
	struct tone_plan plan = { .experiment = "beside", .hypothesis = "", .currency = "DKK",
	    .arm_count = arm_count, .horizon_days = 30, .lag_days = 0, .as_of = 120 };

	for (size_t i = 0; i < arm_count; i++)
		plan.arms[i] = (struct tone_arm){ arms[i], arm_count == 2 ? 5000 :
		    i == 0 ? 3400 : 3300, NULL, NULL, NULL };
	return plan;
}

static const json_t *of(const json_t *list, const char *key, const char *word)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_string_value(json_object_get(item, key)), word) == 0)
			return item;
	fail_msg("no %s %s", key, word);
	return NULL;
}

static const char *state_of(const json_t *report, const char *check)
{
	return json_string_value(json_object_get(of(json_object_get(report, "health"), "check", check),
	    "state"));
}

/* debtor_id,arm,assigned,paid,censored,amount,paid_minor,outcome,prior,overdue */
static size_t demo_read(void)
{
	FILE *f = fopen(VECTOR_DIR "demo_debtors.csv", "r");
	char line[LINE_BYTES_MAX];
	size_t n = 0;

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgets(line, sizeof(line), f) != NULL) {
		char *rest = line, *field[10];
		struct tone_row *r = &rows[n++];

		for (size_t i = 0; i < 10; i++)
			field[i] = strsep(&rest, ",");
		*r = (struct tone_row){ .assigned_on = atoi(field[2]), .exit_on = DAY_NONE,
		    .paid_on = *field[3] != '\0' ? atoi(field[3]) : DAY_NONE,
		    .opening_minor = atoll(field[5]), .paid_minor_by_h = atoll(field[6]) };
		r->covariate[COVARIATE_PAID_ON_TIME] = strtod(field[8], NULL);
		r->covariate[COVARIATE_DAYS_OVERDUE] = strtod(field[9], NULL);
		while (strcmp(arms[r->arm], field[1]) != 0)
			r->arm++;
	}
	fclose(f);
	return n;
}

static void test_adjusted(void **state)
{
	json_t *root = vector_load(VECTOR_DIR "demo_debtors_expected.json");
	const json_t *wanted = json_object_get(json_object_get(root, "regression_adjusted"), "day30");
	struct tone_plan plan = plan_of(3);
	json_t *report = tone_report_make(&plan, rows, demo_read());

	(void)state;
	for (size_t a = 1; a < 3; a++) {
		const json_t *got = of(json_object_get(report, "adjusted"), "arm", arms[a]);
		const json_t *w = json_object_get(wanted, arms[a]);

		near(vector_at(json_object_get(got, "lin"), "estimate"), vector_at(w, "lin_ate"), 1e-10,
		    "adjusted");
		near(vector_at(json_object_get(got, "lin"), "se"), vector_at(w, "lin_se_hc2"), 1e-10,
		    "its error");
		near(vector_at(json_object_get(got, "unadjusted"), "estimate"),
		    vector_at(w, "unadjusted_diff"), 1e-10, "unadjusted");
		assert_int_equal(json_integer_value(json_object_get(got, "columns")), 2);
	}
	assert_string_equal(state_of(report, "balance"), "green");
	assert_string_equal(state_of(report, "harm"), "green");
	json_decref(report);
	json_decref(root);
}

/* Two arms of 1,000 by turns, half of them pay. */
static size_t even(void)
{
	for (size_t i = 0; i < 2000; i++)
		rows[i] = (struct tone_row){ .arm = i & 1, .assigned_on = (int)(i / 25),
		    .paid_on = i % 4 < 2 ? (int)(i / 25) + 5 : DAY_NONE, .exit_on = DAY_NONE,
		    .opening_minor = 1000 + (int64_t)(i % 97), .lang = i % 3 == 0 ? "sv" : "da" };
	return 2000;
}

static void test_not_alike(void **state)
{
	struct tone_plan plan = plan_of(2);
	const size_t n = even();
	const json_t *row;
	json_t *report;

	(void)state;
	for (size_t i = 0; i < n; i++)
		rows[i].covariate[COVARIATE_DAYS_OVERDUE] = (double)(i % 7 + (i & 1));
	report = tone_report_make(&plan, rows, n);
	assert_string_equal(state_of(report, "balance"), "amber");
	row = of(json_object_get(of(json_object_get(report, "health"), "check", "balance"),
	    "covariates"), "covariate", "days_overdue");
	near(vector_at(row, "standardised"), 0.5, 0.02, "in standard deviations");
	assert_true(json_is_true(json_object_get(report, "valid")));	/* it warns */
	json_decref(report);
}

static void test_wearing_off(void **state)
{
	struct tone_plan plan = plan_of(2);
	const size_t n = even();
	json_t *report = tone_report_make(&plan, rows, n);
	const json_t *drift = of(json_object_get(report, "drift"), "arm", "warm");

	(void)state;
	assert_true(json_is_false(json_object_get(drift, "moved")));
	near_scale(vector_at(json_object_get(drift, "first"), "estimate"), 0, 0.03, 1, "no effect");
	json_decref(report);
	for (size_t i = 0; i < n; i++)		/* at first everybody written to warmly pays */
		if (rows[i].arm == 1 && rows[i].assigned_on < 40)
			rows[i].paid_on = rows[i].assigned_on + 3;
	report = tone_report_make(&plan, rows, n);
	drift = of(json_object_get(report, "drift"), "arm", "warm");
	assert_true(json_is_true(json_object_get(drift, "moved")));
	assert_true(vector_at(json_object_get(drift, "first"), "estimate") > 0.4);
	json_decref(report);
}

static void test_harm(void **state)
{
	struct tone_plan plan = plan_of(2);
	const size_t n = even();
	const json_t *guard;
	json_t *report;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		rows[i].guard[GUARD_OPT_OUT] = rows[i].arm == 1 && i % 8 == 1;
		rows[i].guard[GUARD_DISPUTE] = i % 40 == 0;
	}
	report = tone_report_make(&plan, rows, n);
	assert_string_equal(state_of(report, "harm"), "amber");
	guard = of(json_object_get(report, "guardrails"), "metric", "opt_outs_by_horizon");
	guard = of(json_object_get(guard, "contrasts"), "arm", "warm");
	assert_string_equal(json_string_value(json_object_get(guard, "verdict")), "worse");
	assert_true(json_is_true(json_object_get(guard, "stop")));
	guard = of(json_object_get(report, "guardrails"), "metric", "disputes_by_horizon");
	guard = of(json_object_get(guard, "contrasts"), "arm", "warm");
	assert_string_equal(json_string_value(json_object_get(guard, "verdict")), "no_worse");
	json_decref(report);
}

/* The share of one arm moves from 1 in 10 to 9 in 10 while everybody opts out more often:
 * pooled, that arm would do harm. */
static void test_harm_is_not_the_times(void **state)
{
	struct tone_plan plan = plan_of(2);
	struct tone_harm harms[TONE_ARMS_MAX];
	const json_t *guard;
	json_t *report;

	(void)state;
	plan.epoch_count = 2;
	for (size_t e = 0; e < 2; e++)
		plan.epochs[e] = (struct tone_epoch){ .hash = e == 0 ? "1" : "2", .texts = "",
		    .basis_points = { e == 0 ? 9000 : 1000, e == 0 ? 1000 : 9000 } };
	for (size_t i = 0; i < 4000; i++) {
		const size_t e = i / 2000, k = i % 2000, arm = (k % 10 == 9) != (e == 1);

		rows[i] = (struct tone_row){ .arm = arm, .epoch = e, .assigned_on = (day_t)(e * 40 + k / 50),
		    .paid_on = k / 10 % 2 == 0 ? (day_t)(e * 40 + k / 50) + 5 : DAY_NONE, .exit_on = DAY_NONE,
		    .opening_minor = 1000 };
		rows[i].guard[GUARD_OPT_OUT] = k / 10 % (e == 0 ? 100 : 5) == 0;
	}
	assert_int_equal(tone_harms(&plan, rows, 4000, harms), 0);
	report = tone_report_make(&plan, rows, 4000);
	guard = of(json_object_get(report, "guardrails"), "metric", "opt_outs_by_horizon");
	guard = of(json_object_get(guard, "contrasts"), "arm", "warm");
	near_scale(vector_at(json_object_get(guard, "difference"), "estimate"), 0, 1e-12, 1, "within each");
	assert_true(json_is_false(json_object_get(guard, "stop")));
	json_decref(report);
	for (size_t i = 0; i < 4000; i++)	/* and with a harm in both parts */
		rows[i].guard[GUARD_OPT_OUT] |= rows[i].arm == 1 && i % 3 == 0;
	assert_int_equal(tone_harms(&plan, rows, 4000, harms), 1);
	assert_int_equal(harms[0].arm, 1);
}

/* An experiment that has ended is still written by: its harm is looked for. */
static void test_harm_behind_the_end(void **state)
{
	struct tone_plan plan = plan_of(2);
	struct tone_harm harms[TONE_ARMS_MAX];
	const size_t n = even();

	(void)state;
	for (size_t i = 0; i < n; i++)
		rows[i].guard[GUARD_COMPLAINT] = rows[i].arm == 1 && i % 8 == 1;
	plan.planned.debtors = 1000;
	plan.planned.end_on = 10;
	assert_int_equal(tone_harms(&plan, rows, n, harms), 1);
	assert_int_equal(harms[0].guard, GUARD_COMPLAINT);
	assert_int_equal(harms[0].here_of, 1000);
}

static void test_parts(void **state)
{
	struct tone_plan plan = plan_of(2);
	const size_t n = even();
	const json_t *cut, *part, *item;
	double share = 0;
	json_t *report;
	size_t i, k = 0;

	(void)state;
	report = tone_report_make(&plan, rows, n);
	assert_int_equal(json_array_size(json_object_get(report, "segments")), 3);
	json_array_foreach(json_object_get(report, "segments"), i, cut)
		if (strcmp(json_string_value(json_object_get(cut, "by")), "language") == 0) {
			json_array_foreach(json_object_get(cut, "parts"), k, item)
				share += vector_at(json_object_get(item, "difference"), "n");
			part = of(json_object_get(cut, "parts"), "segment", "sv");
			assert_true(vector_at(json_object_get(part, "difference"), "n") > 450);
		}
	assert_int_equal(k, 2);
	assert_true(share == 2000);	/* all have matured, each counts once */
	json_decref(report);
	plan.epoch_count = 2;			/* shares of several epochs are never pooled */
	for (size_t e = 0; e < 2; e++)
		plan.epochs[e] = (struct tone_epoch){ .hash = e == 0 ? "1" : "2", .from = 0,
		    .basis_points = { 5000, 5000 } };
	for (i = 0; i < n; i++)
		rows[i].epoch = rows[i].assigned_on > 20;
	report = tone_report_make(&plan, rows, n);
	assert_int_equal(json_array_size(json_object_get(report, "segments")), 0);
	json_decref(report);
}

static void test_costs(void **state)
{
	struct tone_plan plan = plan_of(2);
	const size_t n = even();
	const json_t *block;
	json_t *report;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		rows[i].paid_minor_by_h = rows[i].paid_on == DAY_NONE ? 0 : rows[i].opening_minor;
		rows[i].cost_minor = rows[i].arm == 1 ? 50 : 10;
	}
	report = tone_report_make(&plan, rows, n);
	assert_int_equal(json_array_size(json_object_get(report, "finance")), 1);
	json_decref(report);
	plan.costs_known = true;
	report = tone_report_make(&plan, rows, n);
	block = json_array_get(json_object_get(report, "finance"), 1);
	near_scale(vector_at(json_object_get(of(json_object_get(block, "contrasts"), "arm", "warm"),
	    "net_minor"), "estimate"), vector_at(json_object_get(of(json_object_get(json_array_get(
	    json_object_get(report, "finance"), 0), "contrasts"), "arm", "warm"), "mean_minor"),
	    "estimate") - 40, 1e-9, 100, "recovered less cost");
	json_decref(report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adjusted), cmocka_unit_test(test_not_alike),
		cmocka_unit_test(test_wearing_off), cmocka_unit_test(test_harm),
		cmocka_unit_test(test_harm_is_not_the_times), cmocka_unit_test(test_harm_behind_the_end),
		cmocka_unit_test(test_parts), cmocka_unit_test(test_costs),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("tone_beside", tests, NULL, NULL);
}
