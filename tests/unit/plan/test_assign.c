/* Assignment to the bit against numbers made with Python's hmac, and what an
 * experiment's file may and may not hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/secret.h"
#include "plan/assign.h"

#define VECTORS "tests/vectors/stats/assignment.json"
#define FILE_BYTES_MAX 65536

static struct key vector_key;
static json_t *vectors;

static const char file_text[] =
    "{ \"id\": \"tone-2026-q3\", \"hypothesis\": \"h\",\n"
    "  \"eligibility\": { \"party\": [\"consumer\"] },\n"
    "  \"arms\": [ { \"tone\": \"neutral\", \"basis_points\": 3400 },\n"
    "  { \"tone\": \"warm\", \"basis_points\": 3300 },\n"
    "  { \"tone\": \"firm\", \"basis_points\": 3300 } ],\n"
    "  \"reference\": \"neutral\" }\n";

static int setup(void **state)
{
	struct err err = { 0 };
	json_error_t at;

	(void)state;
	secret_start();
	vectors = json_load_file(VECTORS, 0, &at);
	return vectors != NULL && key_from_hex(json_string_value(json_object_get(
	    json_object_get(vectors, "meta"), "key_hex")), &vector_key, &err) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	json_decref(vectors);
	return 0;
}

static struct experiment *parse(void *ctx, const char *text, struct err *err)
{
	return experiment_parse(ctx, "x.json", text, strlen(text), err);
}

static void test_units(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct experiment *e = parse(ctx, file_text, &err);
	json_t *u;
	size_t i;

	(void)state;
	assert_non_null(e);
	json_array_foreach(json_object_get(vectors, "units"), i, u) {
		const char *unit = json_string_value(json_object_get(u, "unit"));
		const int bucket = assign_bucket(&vector_key, "assign-v1", "tone-2026-q3", unit);

		assert_int_equal(bucket, json_integer_value(json_object_get(u, "bucket")));
		assert_int_equal(assign_bucket(&vector_key, ASSIGN_LABEL_HOLDOUT, "dunning", unit),
		    json_integer_value(json_object_get(u, "holdout_bucket")));
		assert_int_equal(assign_is_holdout(&vector_key, "dunning", unit, 500),
		    json_is_true(json_object_get(u, "holdout")));
		assert_false(assign_is_holdout(&vector_key, "dunning", unit,
		    (int)json_integer_value(json_object_get(u, "holdout_bucket"))));
		assert_true(assign_is_holdout(&vector_key, "dunning", unit,
		    (int)json_integer_value(json_object_get(u, "holdout_bucket")) + 1));
		assert_string_equal(e->arms[assign_unit(e, &vector_key, unit)].name,
		    json_string_value(json_object_get(u, "arm")));
	}
	assert_int_equal(i, 207);
	talloc_free(ctx);
}

static void test_counts(void **state)
{
	const json_t *want = json_object_get(vectors, "count_over_N0_to_N99999");
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct experiment *e = parse(ctx, file_text, &err);
	int64_t count[3] = { 0 };

	(void)state;
	assert_non_null(e);
	for (int i = 0; i < 100000; i++) {
		char unit[16];

		(void)snprintf(unit, sizeof(unit), "N%d", i);
		count[assign_unit(e, &vector_key, unit)]++;
	}
	for (size_t a = 0; a < 3; a++)
		assert_int_equal(count[a], json_integer_value(json_object_get(want,
		    e->arms[a].name)));
	talloc_free(ctx);
}

static void test_arm_edges(void **state)
{
	static const struct { int bucket; size_t arm; } cases[] = {
		{ 0, 0 }, { 3399, 0 }, { 3400, 1 }, { 6699, 1 }, { 6700, 2 }, { 9999, 2 },
	};
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct experiment *e = parse(ctx, file_text, &err);

	(void)state;
	assert_non_null(e);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(assign_arm(e, cases[i].bucket), cases[i].arm);
	talloc_free(ctx);
}

static void test_shipped_file(void **state)
{
	static char text[FILE_BYTES_MAX];
	FILE *f = fopen("schedules/experiments/dk-tone.json", "r");
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct experiment *e;
	size_t len;

	(void)state;
	assert_non_null(f);
	len = fread(text, 1, sizeof(text), f);
	fclose(f);
	e = experiment_parse(ctx, "dk-tone.json", text, len, &err);
	assert_string_equal(err.text, "");
	assert_string_equal(e->id, "dk-tone");
	assert_int_equal(e->arm_count, 3);
	assert_int_equal(e->arms[0].tone, TONE_NEUTRAL);
	assert_int_equal(e->arms[0].basis_points, 3400);
	assert_int_equal(e->arms[1].basis_points, 3300);
	assert_int_equal(e->arms[2].basis_points, 3300);
	assert_int_equal(e->reference, 0);
	assert_int_equal(e->horizon_days, 30);
	assert_int_equal(e->lag_days, 3);
	assert_true(experiment_admits(e, PARTY_CONSUMER, "any"));
	assert_false(experiment_admits(e, PARTY_BUSINESS, "any"));
	assert_int_equal(experiment_arm_index(e, "firm"), 2);
	assert_int_equal(experiment_arm_index(e, "rude"), -1);
	talloc_free(ctx);
}

#define ARMS "\"arms\":[{\"tone\":\"warm\",\"basis_points\":5000},\n" \
    "{\"tone\":\"firm\",\"basis_points\":5000}]"
#define REST ",\"hypothesis\":\"h\",\"eligibility\":{\"party\":[\"consumer\"]},\n" ARMS

/* What is not said: 30 days, 3 days for the bank, no margin. */
static void test_silent_file(void **state)
{
	static const char text[] = "{\"id\":\"a\"" REST ",\"reference\":\"warm\"}";
	static const char at_once[] = "{\"id\":\"a\"" REST
	    ",\"reference\":\"warm\",\"horizon_days\":1,\"lag_days\":0}";
	static const char bound[] = "{\"id\":\"a\",\"schedule\":\"m\"" REST ",\"reference\":\"warm\"}";
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const struct experiment *e = experiment_parse(ctx, "x.json", text, strlen(text), &err);

	(void)state;
	assert_string_equal(err.text, "");
	assert_int_equal(e->horizon_days, 30);
	assert_int_equal(e->lag_days, 3);
	assert_int_equal(e->margin_basis_points, 0);
	assert_true(experiment_admits(e, PARTY_CONSUMER, "any"));
	e = experiment_parse(ctx, "x.json", at_once, strlen(at_once), &err);
	assert_string_equal(err.text, "");
	assert_int_equal(e->horizon_days, 1);
	assert_int_equal(e->lag_days, 0);
	e = experiment_parse(ctx, "x.json", bound, strlen(bound), &err);
	assert_string_equal(err.text, "");
	assert_true(experiment_admits(e, PARTY_CONSUMER, "m"));
	assert_false(experiment_admits(e, PARTY_CONSUMER, "a"));
	assert_false(experiment_admits(e, PARTY_CONSUMER, "z"));
	assert_false(experiment_admits(e, PARTY_BUSINESS, "m"));
	talloc_free(ctx);
}

static void test_bad_files(void **state)
{
	static const struct { const char *says, *text, *wanted; } cases[] = {
		{ "no id", "{\"hypothesis\":\"h\"}", "/id: missing" },
		{ "id with a separator", "{\"id\":\"a b\"" REST ",\"reference\":\"warm\"}",
		    "\"id\" must be" },
		{ "id too long", "{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaa\"" REST ",\"reference\":\"warm\"}", "\"id\" must be" },
		{ "reference is no arm", "{\"id\":\"a\"" REST ",\"reference\":\"neutral\"}",
		    "\"reference\" is not" },
		{ "misspelt member", "{\"id\":\"a\"" REST ",\"reference\":\"warm\",\"horizon\":3}",
		    "/horizon: is not known" },
		{ "horizon 0", "{\"id\":\"a\"" REST ",\"reference\":\"warm\",\"horizon_days\":0}",
		    "x.json:3: /horizon_days: is 0" },
		{ "one arm", "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":"
		    "[\"consumer\"]},\"arms\":[{\"tone\":\"warm\",\"basis_points\":10000}],"
		    "\"reference\":\"warm\"}", "/arms: has 1 items" },
		{ "9,999 in all", "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":"
		    "[\"consumer\"]},\"arms\":[{\"tone\":\"warm\",\"basis_points\":5000},{\"tone\":"
		    "\"firm\",\"basis_points\":4999}],\"reference\":\"warm\"}", "sum to 9999" },
		{ "an arm of no share", "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":"
		    "[\"consumer\"]},\"arms\":[{\"tone\":\"warm\",\"basis_points\":10000},{\"tone\":"
		    "\"firm\",\"basis_points\":0}],\"reference\":\"warm\"}", "/arms/1/basis_points" },
		{ "the same arm twice", "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":"
		    "[\"consumer\"]},\"arms\":[{\"tone\":\"warm\",\"basis_points\":5000},{\"tone\":"
		    "\"warm\",\"basis_points\":5000}],\"reference\":\"warm\"}", "a second arm" },
		{ "unknown tone", "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":"
		    "[\"consumer\"]},\"arms\":[{\"tone\":\"rude\",\"basis_points\":5000},{\"tone\":"
		    "\"warm\",\"basis_points\":5000}],\"reference\":\"warm\"}", "/arms/0: \"tone\"" },
		{ "no party", "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":[]},"
		    ARMS ",\"reference\":\"warm\"}", "/eligibility/party: is empty" },
		{ "unknown party", "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":"
		    "[\"cat\"]}," ARMS ",\"reference\":\"warm\"}", "/eligibility/party/0" },
		{ "not an object", "[]", "/" },
		{ "cut off", "{\"id\":", "x.json:1:" },
	};
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };

		if (parse(ctx, cases[i].text, &err) != NULL)
			fail_msg("%s: was taken", cases[i].says);
		if (err.kind != ERR_INPUT || strstr(err.text, cases[i].wanted) == NULL)
			fail_msg("%s: %s", cases[i].says, err.text);
		assert_null(parse(ctx, cases[i].text, NULL));
	}
	assert_int_equal(talloc_total_blocks(ctx), 1);
	talloc_free(ctx);
}

/* What was planned, guardrails of its own, an arm that asks for other channels. */
static void test_planned_file(void **state)
{
#define PLANNED(planned, guards, channels) "{\"id\":\"a\",\"hypothesis\":\"h\"," \
	"\"eligibility\":{\"party\":[\"consumer\"]},\n\"arms\":[{\"tone\":\"warm\"," \
	"\"basis_points\":5000" channels "},\n{\"tone\":\"firm\",\"basis_points\":5000}]," \
	"\"reference\":\"warm\"" planned guards "}"
#define SIZE "\"debtors\":1200,\"base_basis_points\":6000,\"effect_basis_points\":300"
	static const char whole[] = PLANNED(",\"planned\":{" SIZE ",\"end\":\"2027-03-01\"}",
	    ",\"guardrails\":{\"opt_outs\":50}", ",\"channels\":[\"sms\",\"email\"]");
	static const struct { const char *text, *says; } refused[] = {
		{ PLANNED(",\"planned\":{" SIZE ",\"end\":\"soon\"}", "", ""), "2027-03-01" },
		{ PLANNED(",\"planned\":{\"debtors\":0,\"base_basis_points\":1}", "", ""), "debtors" },
		{ PLANNED(",\"planned\":{\"debtors\":10,\"base_basis_points\":1}", "", ""),
		  "effect_basis_points" },
		{ PLANNED("", ",\"guardrails\":{\"disputes\":0}", ""), "disputes" },
		{ PLANNED("", ",\"guardrails\":{\"anger\":10}", ""), "anger" },
		{ PLANNED("", "", ",\"channels\":[]"), "is empty" },
		{ PLANNED("", "", ",\"channels\":[\"sms\",\"sms\"]"), "stands twice" },
		{ PLANNED("", "", ",\"channels\":[\"fax\"]"), "fax" },
	};
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const struct experiment *e = experiment_parse(ctx, "x.json", whole, strlen(whole), &err);

	(void)state;
	assert_string_equal(err.text, "");
	assert_int_equal(e->planned_debtors, 1200);
	assert_int_equal(e->planned_base_basis_points, 6000);
	assert_int_equal(e->planned_effect_basis_points, 300);
	assert_int_equal(e->planned_end, day_from_ymd(2027, 3, 1));
	assert_int_equal(e->guard_basis_points[0], 100);
	assert_int_equal(e->guard_basis_points[1], 50);
	assert_int_equal(e->arms[0].channel_count, 2);
	assert_int_equal(e->arms[0].channels[0], CHANNEL_SMS);
	assert_int_equal(e->arms[1].channel_count, 0);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct err own = { 0 };

		assert_null(experiment_parse(ctx, "x.json", refused[i].text, strlen(refused[i].text),
		    &own));
		if (strstr(own.text, refused[i].says) == NULL)
			fail_msg("case %zu: %s", i, own.text);
	}
	talloc_free(ctx);
}

/* One debtor is the least that can be planned, and 100 million the most. */
static void test_planned_sizes(void **state)
{
#define DEBTORS(count) PLANNED(",\"planned\":{\"debtors\":" count ",\"base_basis_points\":1,"	\
	"\"effect_basis_points\":1}", "", "")
	static const struct { const char *text; int64_t debtors; } cases[] = {
		{ DEBTORS("1"), 1 }, { DEBTORS("100000000"), 100000000 }, { DEBTORS("100000001"), 0 },
		{ DEBTORS("-1"), 0 },
	};
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = { 0 };
		const struct experiment *e = parse(ctx, cases[i].text, &err);

		if (cases[i].debtors == 0) {
			assert_null(e);
			assert_non_null(strstr(err.text, "/planned/debtors"));
			continue;
		}
		assert_string_equal(err.text, "");
		assert_int_equal(e->planned_debtors, cases[i].debtors);
	}
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_arm_edges),
		cmocka_unit_test(test_shipped_file),
		cmocka_unit_test(test_silent_file),
		cmocka_unit_test(test_planned_file),
		cmocka_unit_test(test_planned_sizes),
		cmocka_unit_test(test_bad_files),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("assign", tests, setup, teardown);
}
