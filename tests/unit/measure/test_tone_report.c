/* The whole report against an analysis made in R, on 1,800 simulated debtors
 * and on what was known of them on earlier days; then the words, the health
 * checks and the inputs for which a number does not exist. */
#include "vector.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "draw/document.h"
#include "measure/tail.h"
#include "measure/tone_report.h"

#define TOLERANCE 1e-10
#define ROWS_MAX 2000
#define LINE_BYTES_MAX 256

static const char *const arms[] = { "neutral", "warm", "firm" };

static struct tone_plan demo_plan(day_t as_of, int horizon)
{
	return (struct tone_plan){ .experiment = "demo", .hypothesis = "tone matters",
	    .currency = "DKK", .arms = { { "neutral", 3400, NULL, NULL, NULL }, { "warm", 3300, NULL, NULL, NULL },
	    { "firm", 3300, NULL, NULL, NULL } }, .arm_count = 3, .reference = 0, .horizon_days = horizon,
	    .lag_days = 0, .as_of = as_of, .margin_basis_points = 300 };
}

/* debtor_id,arm,assigned,paid,censored,amount,paid_minor,outcome,... */
static size_t demo_read(struct tone_row *row)
{
	FILE *f = fopen(VECTOR_DIR "demo_debtors.csv", "r");
	char line[LINE_BYTES_MAX];
	size_t n = 0;

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgets(line, sizeof(line), f) != NULL) {
		char *rest = line, *field[8];

		for (size_t i = 0; i < 8; i++)
			field[i] = strsep(&rest, ",");
		assert_true(n < ROWS_MAX);
		row[n] = (struct tone_row){ .assigned_on = atoi(field[2]),
		    .paid_on = *field[3] != '\0' ? atoi(field[3]) : DAY_NONE,
		    .exit_on = DAY_NONE, .opening_minor = atoll(field[5]),
		    .paid_minor_by_h = atoll(field[6]), .exposed = true };
		if (strcmp(field[7], "paid") != 0 && strcmp(field[7], "open") != 0)
			row[n].exit_on = atoi(field[4]);
		while (strcmp(arms[row[n].arm], field[1]) != 0)
			row[n].arm++;
		n++;
	}
	fclose(f);
	assert_int_equal(n, 1800);
	return n;
}

/* The item of a list whose "arm" is this. */
static json_t *of_arm(json_t *list, const char *arm)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_string_value(json_object_get(item, "arm")), arm) == 0)
			return item;
	fail_msg("no arm %s", arm);
	return NULL;
}

/* "primary/contrasts", an arm, then a member path. */
static json_t *walk(json_t *root, const char *path)
{
	char step[64];

	while (root != NULL && *path != '\0') {
		const size_t len = strcspn(path, "/");

		assert_true(len < sizeof(step));
		memcpy(step, path, len);
		step[len] = '\0';
		root = json_is_array(root) && strspn(step, "0123456789") == len
		    ? json_array_get(root, (size_t)atoi(step))
		    : json_is_array(root) ? of_arm(root, step) : json_object_get(root, step);
		path += len + (path[len] == '/');
	}
	return root;
}

static double real_at(json_t *root, const char *path)
{
	return vector_real(walk(root, path));
}

static void shares_near(json_t *got, json_t *want)
{
	char path[128];

	for (size_t a = 0; a < 3; a++) {
		static const char *const key[][2] = {
			{ "n", "matured" }, { "events", "paid" }, { "estimate", "p" },
			{ "lower", "lower" }, { "upper", "upper" },
		};
		json_t *arm = walk(walk(want, "arms"), arms[a]);

		for (size_t k = 0; k < 5; k++) {
			(void)snprintf(path, sizeof(path), "primary/arms/%s/share/%s", arms[a],
			    key[k][0]);
			near(real_at(got, path), vector_at(arm, key[k][1]), TOLERANCE, path);
		}
	}
	for (size_t a = 1; a < 3; a++) {
		static const char *const key[][2] = {
			{ "estimate", "diff" }, { "lower", "lower" }, { "upper", "upper" },
			{ "se", "se_unpooled" }, { "p", "p" }, { "p_adjusted", "p_holm" },
		};
		json_t *contrast = walk(walk(want, "contrasts"), arms[a]);

		for (size_t k = 0; contrast != NULL && k < 6; k++) {
			(void)snprintf(path, sizeof(path), "primary/contrasts/%s/difference/%s",
			    arms[a], key[k][0]);
			near(real_at(got, path), vector_at(contrast, key[k][1]), TOLERANCE, path);
		}
	}
}

/* `at`: which row of the table of days is the horizon. */
static void curves_near(json_t *got, json_t *want, int horizon, int at)
{
	char path[128], day[16];

	(void)snprintf(day, sizeof(day), "day%d", horizon);
	for (size_t a = 0; a < 3; a++) {
		json_t *kinds = walk(walk(walk(want, "cumulative_incidence"), arms[a]), day);

		(void)snprintf(path, sizeof(path), "time/arms/%s/at/%d/paid/estimate", arms[a], at);
		near(real_at(got, path), real_at(kinds, "paid/cif"), TOLERANCE, path);
		(void)snprintf(path, sizeof(path), "time/arms/%s/at/%d/paid/se", arms[a], at);
		near(real_at(got, path), real_at(kinds, "paid/se"), TOLERANCE, path);
		(void)snprintf(path, sizeof(path), "time/arms/%s/at/%d/other_exit/estimate",
		    arms[a], at);
		near(real_at(got, path), real_at(kinds, "disputed/cif") +
		    real_at(kinds, "transferred/cif") + real_at(kinds, "written_off/cif"),
		    TOLERANCE, path);
	}
}

static void days_near(json_t *got, json_t *want)
{
	char path[128];

	for (size_t a = 0; a < 3; a++) {
		json_t *arm = walk(walk(want, "days_outstanding/arms"), arms[a]);
		json_t *contrast = a == 0 ? NULL
		    : walk(walk(want, "days_outstanding/contrasts"), arms[a]);

		(void)snprintf(path, sizeof(path), "time/arms/%s/days_outstanding", arms[a]);
		near(vector_at(walk(got, path), "estimate"), vector_at(arm, "days_outstanding"),
		    TOLERANCE, path);
		near(vector_at(walk(got, path), "se"), vector_at(arm, "se"), TOLERANCE, path);
		if (contrast == NULL)
			continue;
		(void)snprintf(path, sizeof(path), "time/contrasts/%s/days_outstanding", arms[a]);
		near(vector_at(walk(got, path), "estimate"), vector_at(contrast, "diff"), 1e-9, path);
		near(vector_at(walk(got, path), "lower"), vector_at(contrast, "lower"), 1e-9, path);
		near(vector_at(walk(got, path), "p"), vector_at(contrast, "p"), 1e-9, path);
	}
}

static void test_demo(void **state)
{
	static struct tone_row row[ROWS_MAX];
	json_t *want = vector_load(VECTOR_DIR "demo_debtors_expected.json");
	const size_t n = demo_read(row);

	(void)state;
	for (int horizon = 14; horizon <= 30; horizon += 16) {
		const struct tone_plan plan = demo_plan(120, horizon);
		json_t *got = tone_report_make(&plan, row, n);

		shares_near(got, walk(want, horizon == 14 ? "proportion_paid_full/day14"
		    : "proportion_paid_full/day30"));
		curves_near(got, want, horizon, horizon == 14 ? 1 : 2);
		if (horizon == 30) {
			/* level 97.5 % for two tones, with Python's statistics */
			near(real_at(got, "primary/contrasts/firm/simultaneous/lower"),
			    0.016514614101281598, 1e-12, "simultaneous");
			near(real_at(got, "primary/contrasts/firm/simultaneous/upper"),
			    0.13951473101534484, 1e-12, "simultaneous");
			days_near(got, want);
			near(real_at(got, "health/0/chisq"), real_at(want, "srm/chisq"), 1e-10, "srm");
			near(real_at(got, "health/0/p"), real_at(want, "srm/p"), 1e-10, "srm p");
		}
		assert_string_equal(json_string_value(walk(got, "status")), "running");
		json_decref(got);
	}
	json_decref(want);
}

/* What happened later must not be known earlier. */
static void test_earlier_days(void **state)
{
	static struct tone_row row[ROWS_MAX];
	json_t *want = vector_load(VECTOR_DIR "demo_debtors_interim_expected.json"), *look;
	const size_t n = demo_read(row);
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(want, "looks"), i, look) {
		const day_t as_of = (day_t)real_at(look, "as_of");
		const struct tone_plan plan = demo_plan(as_of, 30);
		json_t *got = tone_report_make(&plan, row, n);

		shares_near(got, walk(look, "proportion_paid_full/day30"));
		if (as_of >= 30) {
			curves_near(got, look, 30, 2);
			days_near(got, look);
		}
		near(real_at(got, "health/0/chisq"), real_at(look, "srm/chisq"), 1e-10, "srm");
		json_decref(got);
	}
	assert_true(i >= 5);
	json_decref(want);
}

/* --- words and health ---------------------------------------------------------- */

/* Fills arm by arm: n debtors, x of them paid on day 10, all matured. */
static size_t fill(struct tone_row *row, size_t at, size_t arm, int64_t x, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		row[at++] = (struct tone_row){ .arm = arm, .assigned_on = 100,
		    .paid_on = i < x ? 110 : DAY_NONE, .exit_on = DAY_NONE,
		    .opening_minor = 60000, .paid_minor_by_h = i < x ? 60000 : 0,
		    .exposed = true };
	return at;
}

static const char *words_at(json_t *report, const char *path)
{
	const char *text = json_string_value(walk(report, path));

	return text == NULL ? "(none)" : text;
}

static void test_words(void **state)
{
	static const struct {
		const char *says;
		int64_t x[3], n[3];
		day_t as_of;
		bool replay;
		const char *status, *reason, *verdict, *sentence;
	} cases[] = {
		{ "a clear gain", { 300, 360, 300 }, { 600, 600, 600 }, 200, false, "running",
		    "(none)", "better", "Of 100 debtors written to warmly instead of neutrally, "
		    "10 more (4 to 16) pay in full within 30 days." },
		{ "a clear loss", { 300, 240, 300 }, { 600, 600, 600 }, 200, false, "running",
		    "(none)", "worse", "Of 100 debtors written to warmly instead of neutrally, "
		    "10 fewer (16 fewer to 4 fewer) pay in full within 30 days." },
		{ "none shown", { 300, 294, 300 }, { 600, 600, 600 }, 200, false, "running",
		    "(none)", "no_difference_shown", "Of 100 debtors written to warmly instead "
		    "of neutrally, 1 fewer (7 fewer to 5 more) pay in full within 30 days. No "
		    "difference larger than 7 in 100 either way." },
		{ "inside the margin", { 24, 25, 24 }, { 600, 600, 600 }, 200, false, "running",
		    "(none)", "equivalent", "Of 100 debtors written to warmly instead of "
		    "neutrally, 0 more (-2 to 2) pay in full within 30 days. No difference "
		    "larger than 3 in 100 either way." },
		{ "above the margin at one end", { 24, 33, 24 }, { 600, 600, 600 }, 200, false,
		    "running", "(none)", "no_worse", "Of 100 debtors written to "
		    "warmly instead of neutrally, 2 more (-1 to 4) pay in full within 30 days. "
		    "No difference larger than 4 in 100 either way." },
		{ "below the margin at the other", { 33, 24, 33 }, { 600, 600, 600 }, 200, false,
		    "running", "(none)", "no_difference_shown", "Of 100 debtors written to "
		    "warmly instead of neutrally, 2 fewer (4 fewer to 1 more) pay in full within "
		    "30 days. No difference larger than 4 in 100 either way." },
		{ "Holm and the interval disagree", { 300, 337, 300 }, { 600, 600, 600 }, 200,
		    false, "running", "(none)", "borderline", "Of 100 debtors written to warmly "
		    "instead of neutrally, 6 more (1 to 12) pay in full within 30 days." },
		{ "Holm says yes, the interval no", { 23, 37, 60 }, { 200, 200, 200 }, 200, false,
		    "running", "(none)", "borderline", "Of 100 debtors written to warmly instead "
		    "of neutrally, 7 more (0 to 14) pay in full within 30 days. No difference "
		    "larger than 15 in 100 either way." },
		{ "the same, replayed", { 300, 360, 300 }, { 600, 600, 600 }, 200, true, "running",
		    "(none)", "withheld:replay", "Of 100 debtors written to warmly instead of "
		    "neutrally, 10 more (4 to 16) pay in full within 30 days." },
		{ "the last day before maturity", { 3, 3, 3 }, { 9, 9, 9 }, 132, false,
		    "collecting", "not_matured", "withheld:not_matured",
		    "No 30-day result for warm yet; first 30-day results on 1970-05-14." },
		{ "the first day of maturity", { 3, 3, 3 }, { 9, 9, 9 }, 133, false,
		    "collecting", "tiny_n", "withheld:tiny_n",
		    "Too few debtors to judge warm against neutral." },
		{ "too few for a verdict", { 40, 60, 40 }, { 99, 99, 99 }, 200, false,
		    "collecting", "(none)", "withheld:collecting", "Of 100 debtors written to "
		    "warmly instead of neutrally, 20 more (6 to 33) pay in full within 30 days." },
		{ "nobody paid", { 0, 0, 0 }, { 39, 41, 40 }, 200, false, "collecting",
		    "no_events", "withheld:no_events", "Of 100 debtors written to warmly instead of "
		    "neutrally, 0 more (-9 to 9) pay in full within 30 days. Nobody has paid in "
		    "either arm." },
		{ "everybody paid", { 40, 40, 40 }, { 40, 40, 40 }, 200, false, "collecting",
		    "all_events", "withheld:all_events", "Of 100 debtors written to warmly instead "
		    "of neutrally, 0 more (-9 to 9) pay in full within 30 days. Everybody paid." },
		{ "an empty arm", { 10, 0, 10 }, { 30, 0, 30 }, 200, false, "collecting",
		    "empty_arm", "withheld:empty_arm", "No debtor was assigned to warm or to "
		    "neutral." },
		{ "nobody at all", { 0, 0, 0 }, { 0, 0, 0 }, 200, false, "collecting",
		    "empty_arm", "withheld:empty_arm", "No debtor was assigned to warm or to "
		    "neutral." },
		{ "broken assignment", { 300, 300, 300 }, { 600, 450, 600 }, 200, false, "invalid",
		    "withheld", "withheld:health", "The effect of warm is withheld: see health." },
	};
	static struct tone_row row[ROWS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tone_plan plan = demo_plan(cases[i].as_of, 30);
		struct { const char *path, *wanted; } look[] = {
			{ "status", cases[i].status },
			{ "primary/contrasts/warm/difference/reason", cases[i].reason },
			{ "primary/contrasts/warm/verdict", cases[i].verdict },
			{ "primary/contrasts/warm/sentence", cases[i].sentence },
		};
		size_t n = 0;
		json_t *got;

		plan.lag_days = 3;
		plan.no_true_effect = cases[i].replay;
		for (size_t a = 0; a < 3; a++)
			n = fill(row, n, a, cases[i].x[a], cases[i].n[a]);
		got = tone_report_make(&plan, row, n);
		for (size_t k = 0; k < sizeof(look) / sizeof(look[0]); k++)
			if (strcmp(words_at(got, look[k].path), look[k].wanted) != 0)
				fail_msg("%s: %s is \"%s\", wanted \"%s\"", cases[i].says,
				    look[k].path, words_at(got, look[k].path), look[k].wanted);
		assert_int_equal(json_is_string(walk(got, "replay_note")), cases[i].replay);
		json_decref(got);
	}
}

static void test_rejected_rows(void **state)
{
	static struct tone_row row[ROWS_MAX];
	const struct tone_plan plan = demo_plan(200, 30);
	size_t n = 0;
	json_t *got;

	(void)state;
	for (size_t a = 0; a < 3; a++)
		n = fill(row, n, a, 200, 400);
	row[0].arm = 3;
	got = tone_report_make(&plan, row, n);
	assert_int_equal(json_integer_value(walk(got, "flow/rejected/unknown_arm")), 1);
	assert_true(json_is_true(walk(got, "valid")));	/* 1 of 1200 is allowed */
	json_decref(got);
	row[1].paid_on = 99;
	row[2].opening_minor = 0;
	row[2].assigned_on = 201;			/* not yet there: not a fault */
	got = tone_report_make(&plan, row, n);
	assert_int_equal(json_integer_value(walk(got, "flow/rejected/before_assignment")), 1);
	assert_int_equal(json_integer_value(walk(got, "flow/rejected/amount_not_positive")), 0);
	assert_int_equal(json_integer_value(walk(got, "flow/rows")), 1199);
	assert_false(json_is_true(walk(got, "valid")));
	assert_string_equal(words_at(got, "status_text"),
	    "results withheld: too many rows had to be rejected");
	json_decref(got);
}

/* Paid on the last day counts, a day later does not; a dispute ends the curve
 * but not the share. */
static void test_horizon_edges(void **state)
{
	struct tone_row row[] = {
		{ .arm = 0, .assigned_on = 100, .paid_on = 130, .exit_on = DAY_NONE,
		    .opening_minor = 100, .paid_minor_by_h = 100 },
		{ .arm = 0, .assigned_on = 100, .paid_on = 131, .exit_on = DAY_NONE,
		    .opening_minor = 100, .paid_minor_by_h = 40 },
		{ .arm = 1, .assigned_on = 100, .paid_on = 120, .exit_on = 110,
		    .opening_minor = 100, .paid_minor_by_h = 150 },
		{ .arm = 1, .assigned_on = 100, .paid_on = 120, .exit_on = 120,
		    .opening_minor = 100, .paid_minor_by_h = 100 },
	};
	const struct tone_plan plan = demo_plan(200, 30);
	json_t *got = tone_report_make(&plan, row, 4);

	(void)state;
	assert_int_equal(json_integer_value(walk(got, "flow/arms/neutral/paid_in_full")), 1);
	assert_int_equal(json_integer_value(walk(got, "flow/arms/neutral/paid_in_part")), 1);
	near(real_at(got, "time/arms/neutral/at/2/paid/estimate"), 0.5, 1e-15, "day 30");
	assert_int_equal(json_integer_value(walk(got, "flow/arms/warm/paid_in_full")), 2);
	near(real_at(got, "time/arms/warm/at/2/paid/estimate"), 0.5, 1e-15, "paid first");
	near(real_at(got, "time/arms/warm/at/2/other_exit/estimate"), 0.5, 1e-15, "exit first");
	assert_int_equal(json_integer_value(walk(got, "finance/0/arms/warm/paid_minor")), 200);
	json_decref(got);
}

/* Bookings arrive up to three days late: on day 120 the curve knows day 117. */
static void test_lag(void **state)
{
	struct tone_row row[] = {
		{ .arm = 0, .assigned_on = 100, .paid_on = 117, .exit_on = DAY_NONE,
		    .opening_minor = 100 },
		{ .arm = 0, .assigned_on = 100, .paid_on = 118, .exit_on = DAY_NONE,
		    .opening_minor = 100 },
		{ .arm = 0, .assigned_on = 118, .paid_on = 119, .exit_on = DAY_NONE,
		    .opening_minor = 100 },
	};
	struct tone_plan plan = demo_plan(120, 30);
	json_t *got, *curve;

	(void)state;
	plan.lag_days = 3;
	got = tone_report_make(&plan, row, 3);
	assert_int_equal(json_integer_value(walk(got, "flow/arms/neutral/assigned")), 3);
	assert_int_equal(json_integer_value(walk(got, "time/arms/neutral/watched")), 2);
	curve = walk(got, "time/arms/neutral/curve");
	near(real_at(curve, "16/paid/estimate"), 0, 1, "day 16");
	near(real_at(curve, "17/paid/estimate"), 0.5, 1e-15, "day 17");
	assert_int_equal(json_integer_value(walk(curve, "17/at_risk")), 2);
	assert_int_equal(json_integer_value(walk(curve, "18/at_risk")), 0);
	assert_string_equal(words_at(curve, "18/paid/reason"), "beyond_follow_up");
	json_decref(got);
}

/* Rows in any order give the same object; its text holds only its numbers. */
static void test_order_and_text(void **state)
{
	static struct tone_row row[ROWS_MAX];
	const struct tone_plan plan = demo_plan(120, 30);
	const size_t n = demo_read(row);
	json_t *a = tone_report_make(&plan, row, n), *b;
	void *ctx = talloc_new(NULL);
	struct str text;
	char *dump;

	(void)state;
	for (size_t i = 0; i < n / 2; i++) {
		const struct tone_row swap = row[i];

		row[i] = row[n - 1 - i];
		row[n - 1 - i] = swap;
	}
	b = tone_report_make(&plan, row, n);
	assert_true(json_equal(a, b));
	dump = json_dumps(b, JSON_REAL_PRECISION(17));
	assert_non_null(dump);			/* jansson refuses NaN and infinity */
	str_init(&text, ctx, DOCUMENT_BYTES_MAX);
	document_plain(tone_document(ctx, b, 0), &text);
	assert_true(str_ok(&text));
	assert_non_null(strstr(text.at, "Of 100 debtors written to firmly instead of neutrally, "
	    "8 more (2 to 13) pay in full within 30 days. [better]"));
	assert_non_null(strstr(text.at, "57.7 (53.9 to 61.5)"));
	assert_non_null(strstr(text.at, "+7.9 (+2.4 to +13.2)  0.005     0.009"));
	assert_null(strstr(text.at, " nan"));
	free(dump);
	json_decref(a);
	json_decref(b);
	talloc_free(ctx);
}

static void test_replay_text(void **state)
{
	struct tone_plan plan = demo_plan(200, 30);
	void *ctx = talloc_new(NULL);
	struct str text;
	json_t *got;

	(void)state;
	plan.no_true_effect = true;
	got = tone_report_make(&plan, NULL, 0);
	str_init(&text, ctx, DOCUMENT_BYTES_MAX);
	document_plain(tone_document(ctx, got, 0), &text);
	assert_non_null(strstr(text.at, "payments happened before purr existed"));
	assert_non_null(strstr(text.at, "no true tone effect"));
	assert_non_null(strstr(text.at, "nobody has been assigned yet"));
	json_decref(got);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_demo),
		cmocka_unit_test(test_earlier_days),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_rejected_rows),
		cmocka_unit_test(test_horizon_edges),
		cmocka_unit_test(test_lag),
		cmocka_unit_test(test_order_and_text),
		cmocka_unit_test(test_replay_text),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("tone_report", tests, NULL, NULL);
}
