/* test_schedule.c - what a schedule's file may hold, and each refusal with its
 * line and place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "plan/schedule.h"

static const char good[] =
    "{ \"name\": \"shop\", \"pack\": \"dk\",\n"				/* line 1 */
    "  \"gap_days_min\": 5, \"resume_days\": 2,\n"
    "  \"min_amounts\": [ { \"currency\": \"DKK\", \"minor\": 2500 } ],\n"
    "  \"steps\": [\n"
    "    { \"id\": \"early\", \"from\": \"due\", \"days\": -3,\n"		/* line 5 */
    "      \"lapses_days_after_due\": 0, \"channels\": [\"sms\"] },\n"
    "    { \"id\": \"late\", \"from\": \"due\", \"days\": 4,\n"		/* line 7 */
    "      \"channels\": [\"email\", \"sms\"] },\n"
    "    { \"id\": \"fee\", \"from\": \"previous\", \"days\": 10,\n"	/* line 9 */
    "      \"channels\": [\"email\"], \"deadline_days\": 10,\n"
    "      \"fee\": { \"minor\": 10000, \"currency\": \"DKK\" } },\n"	/* line 11 */
    "    { \"id\": \"out\", \"from\": \"previous\", \"days\": 14,\n"
    "      \"handover\": true }\n"						/* line 13 */
    "  ] }\n";

static struct schedule *parse(void *ctx, const char *text, struct err *err)
{
	return schedule_parse(ctx, "shop.json", text, strlen(text), err);
}

static void test_read(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const struct schedule *s = parse(ctx, good, &err);

	(void)state;
	assert_non_null(s);
	assert_string_equal(s->name, "shop");
	assert_string_equal(s->pack, "dk");
	assert_string_equal(s->experiment, "");
	assert_int_equal(s->role, ROLE_OWN);
	assert_int_equal(s->tone, TONE_WARM);
	assert_int_equal(s->claim_days, 10);
	assert_int_equal(s->link_days, 120);
	assert_int_equal(s->step_count, 4);
	assert_int_equal(schedule_min_amount(s, "DKK"), 2500);
	assert_int_equal(schedule_min_amount(s, "EUR"), 0);
	assert_int_equal(schedule_step_index(s, "fee"), 2);
	assert_int_equal(schedule_step_index(s, "nope"), -1);
	assert_int_equal(s->steps[0].days, -3);
	assert_int_equal(s->steps[0].lapse_days, 0);
	assert_int_equal(s->steps[1].lapse_days, STEP_NEVER_LAPSES);
	assert_string_equal(s->steps[1].template, "late");
	assert_true(s->steps[1].toned);
	assert_int_equal(s->steps[1].channel_count, 2);
	assert_int_equal(s->steps[1].channels[1], CHANNEL_SMS);
	assert_int_equal(s->steps[2].from, STEP_FROM_PREVIOUS);
	assert_int_equal(s->steps[2].fee_minor, 10000);
	assert_string_equal(s->steps[2].fee_currency, "DKK");
	assert_true(s->steps[3].handover);
	assert_false(s->steps[3].toned);
	assert_int_equal(strlen(s->hash), 64);
	talloc_free(ctx);
}

/* A currency without smaller units is one, too. */
static void test_yen(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	char *text = talloc_strdup(ctx, good), *at = strstr(text, "\"DKK\"");
	const struct schedule *s;

	(void)state;
	assert_non_null(at);
	memcpy(at, "\"JPY\"", 5);
	s = parse(ctx, text, &err);
	assert_non_null(s);
	assert_int_equal(schedule_min_amount(s, "JPY"), 2500);
	talloc_free(ctx);
}

/* The hash is of the bytes: a blank more is another version. */
/* The shortest that may be said. */
static void test_least(void **state)
{
	static const char text[] = "{ \"name\": \"shop\", \"pack\": \"dk\", \"gap_days_min\": 5, \"resume_days\": 2,\n"
	    "\"claim_days\": 1, \"steps\": [ { \"id\": \"late\", \"from\": \"due\", \"days\": 4,\n"
	    "\"channels\": [\"email\"] } ] }";
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const struct schedule *s = parse(ctx, text, &err);

	(void)state;
	assert_string_equal(err.text, "");
	assert_int_equal(s->claim_days, 1);
	talloc_free(ctx);
}

static void test_hash(void **state)
{
	void *ctx = talloc_new(NULL);
	const char *more = talloc_asprintf(ctx, "%s ", good);
	struct err err = { 0 };
	const struct schedule *a = parse(ctx, good, &err), *b = parse(ctx, good, &err);
	const struct schedule *c = parse(ctx, more, &err);

	(void)state;
	assert_string_equal(a->hash, b->hash);
	assert_string_not_equal(a->hash, c->hash);
	talloc_free(ctx);
}

static void test_shipped(void **state)
{
	(void)state;
	for (const struct asset *a = asset_table; a->path != NULL; a++) {
		void *ctx = talloc_new(NULL);
		struct err err = { 0 };

		if (strncmp(a->path, "schedules/", 10) == 0 && strchr(a->path + 10, '/') == NULL &&
		    strstr(a->path, ".json") != NULL && strstr(a->path, "segments") == NULL &&
		    strstr(a->path, ".schema.json") == NULL &&
		    schedule_parse(ctx, a->path, a->at, (size_t)(a->end - a->at), &err) == NULL)
			fail_msg("%s", err.text);
		talloc_free(ctx);
	}
}

static const struct {
	const char *says, *from, *to, *place, *text;
} refusals[] = {
	{ "no JSON", "{ \"name\"", "{ name", "shop.json:1:", "" },
	{ "a key twice", "\"gap_days_min\": 5", "\"gap_days_min\": 5, \"gap_days_min\": 6",
	  "shop.json:2:", "gap_days_min" },
	{ "an unknown field", "\"resume_days\": 2", "\"resume_days\": 2, \"resume_day\": 3",
	  "shop.json:2: /resume_day", "" },
	{ "an unknown field of a step", "\"deadline_days\": 10", "\"deadline_day\": 10",
	  "shop.json:10: /steps/2/deadline_day", "" },
	{ "an unknown field of a fee", "\"minor\": 10000,", "\"minor\": 10000, \"vat\": 1,",
	  "shop.json:11: /steps/2/fee/vat", "" },
	{ "no name", "\"name\": \"shop\",", "", "shop.json:1: /name", "missing" },
	{ "a name with blanks", "\"shop\"", "\"my shop\"", "shop.json:1:", "use only a-z" },
	{ "a name of 32 characters", "\"shop\"", "\"abcdefghijklmnopqrstuvwxyz012345\"",
	  "shop.json:1:", "longer than 31" },
	{ "no pack", "\"pack\": \"dk\",", "", "shop.json:1: /pack", "missing" },
	{ "a role that is none", "\"pack\": \"dk\",", "\"pack\": \"dk\", \"role\": \"self\",",
	  "shop.json:1:", "\"own\" or \"third_party\"" },
	{ "a tone that is none", "\"pack\": \"dk\",", "\"pack\": \"dk\", \"tone\": \"cold\",",
	  "shop.json:1:", "\"warm\", \"neutral\" or \"firm\"" },
	{ "no gap", "\"gap_days_min\": 5, ", "", "shop.json:1:", "gap_days_min" },
	{ "a gap of 0 days", "\"gap_days_min\": 5", "\"gap_days_min\": 0",
	  "shop.json:2: /gap_days_min", "1" },
	{ "a gap of a year and a day", "\"gap_days_min\": 5", "\"gap_days_min\": 366",
	  "shop.json:2: /gap_days_min", "365" },
	{ "a gap as text", "\"gap_days_min\": 5", "\"gap_days_min\": \"5\"",
	  "shop.json:2: /gap_days_min", "" },
	{ "days with a decimal", "\"days\": 4", "\"days\": 4.5", "shop.json:7: /steps/1/days", "" },
	{ "a link that lives over a year", "\"resume_days\": 2", "\"resume_days\": 2, \"link_days\": 366",
	  "shop.json:2: /link_days", "365" },
	{ "negative days to resume", "\"resume_days\": 2", "\"resume_days\": -1",
	  "shop.json:2: /resume_days", "" },
	{ "a minimum in no currency", "\"DKK\", \"minor\": 2500", "\"XYZ\", \"minor\": 2500",
	  "shop.json:3: /min_amounts/0", "not a currency" },
	{ "a minimum of nothing", "\"minor\": 2500", "\"minor\": 0",
	  "shop.json:3: /min_amounts/0/minor", "" },
	{ "no steps", "\"steps\": [\n", "\"ladder\": [\n", "shop.json:1: /steps", "missing" },
	{ "a step without an id", "\"id\": \"late\", ", "", "shop.json:7: /steps/1/id", "missing" },
	{ "an id twice", "\"id\": \"late\"", "\"id\": \"early\"", "shop.json:7: /steps/1",
	  "stands above already" },
	{ "an id in capitals", "\"id\": \"late\"", "\"id\": \"Late\"", "shop.json:7: /steps/1",
	  "use only a-z" },
	{ "on days that are none", "\"id\": \"late\", \"from\"",
	  "\"id\": \"late\", \"on\": \"sunday\", \"from\"", "shop.json:7: /steps/1",
	  "\"any_day\" or \"working_day\"" },
	{ "from nowhere", "\"id\": \"late\", \"from\": \"due\"",
	  "\"id\": \"late\", \"from\": \"issue\"", "shop.json:7: /steps/1",
	  "\"due\" or \"previous\"" },
	{ "the first step from a previous one", "\"from\": \"due\", \"days\": -3",
	  "\"from\": \"previous\", \"days\": 3", "shop.json:5: /steps/0", "first step" },
	{ "no day after the previous step", "\"from\": \"previous\", \"days\": 10",
	  "\"from\": \"previous\", \"days\": 0", "shop.json:9: /steps/2/days", "" },
	{ "a step not later than the one above", "\"days\": 4", "\"days\": -3",
	  "shop.json:7: /steps/1", "order them by day" },
	{ "lapsing before its day", "\"lapses_days_after_due\": 0", "\"lapses_days_after_due\": -3",
	  "shop.json:6: /steps/0/lapses_days_after_due", "" },
	{ "no channels", "\"channels\": [\"sms\"] }", "\"toned\": true }", "shop.json:5: /steps/0/channels",
	  "missing" },
	{ "more channels than there are", "\"channels\": [\"email\", \"sms\"]",
	  "\"channels\": [\"email\", \"sms\", \"letter\", \"call\", \"call\"]",
	  "shop.json:8: /steps/1/channels/4", "stands twice" },
	{ "an empty list of channels", "\"channels\": [\"sms\"]", "\"channels\": []",
	  "shop.json:6: /steps/0/channels", "at least one channel" },
	{ "a channel that is none", "\"channels\": [\"sms\"]", "\"channels\": [\"fax\"]",
	  "shop.json:6: /steps/0/channels/0", "none of \"email\", \"sms\", \"letter\" or \"call\"" },
	{ "a channel twice", "[\"email\", \"sms\"]", "[\"email\", \"email\"]",
	  "shop.json:8: /steps/1/channels/1", "stands twice" },
	{ "a fee of nothing", "\"minor\": 10000", "\"minor\": 0", "shop.json:11: /steps/2/fee/minor",
	  "" },
	{ "a fee in no currency", "10000, \"currency\": \"DKK\"", "10000, \"currency\": \"kr\"",
	  "shop.json:11: /steps/2/fee", "not a currency" },
	{ "a step after the hand-over", "      \"handover\": true }\n",
	  "      \"handover\": true },\n    { \"id\": \"more\", \"from\": \"previous\", \"days\": 1,"
	  " \"channels\": [\"email\"] }\n", "shop.json:14: /steps/4", "must be last" },
	{ "a hand-over that comes first", "\"id\": \"early\", \"from\": \"due\", \"days\": -3,\n"
	  "      \"lapses_days_after_due\": 0, \"channels\": [\"sms\"] },", "\"id\": \"early\", "
	  "\"from\": \"due\", \"days\": 1,\n      \"handover\": true },", "shop.json:7: /steps/1", "" },
	{ "channels of a hand-over", "\"handover\": true",
	  "\"handover\": true, \"channels\": [\"email\"]", "shop.json:13: /steps/3/channels", "" },
};

static void test_refusals(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const char *at = strstr(good, refusals[i].from);
		void *ctx = talloc_new(NULL);
		struct err err = { 0 };
		const char *text;

		assert_non_null(at);
		text = talloc_asprintf(ctx, "%.*s%s%s", (int)(at - good), good, refusals[i].to,
		    at + strlen(refusals[i].from));
		if (parse(ctx, text, &err) != NULL || err.kind != ERR_INPUT ||
		    strstr(err.text, refusals[i].text) == NULL ||
		    strncmp(err.text, refusals[i].place, strlen(refusals[i].place)) != 0) {
			print_message("# %s: \"%s\"\n", refusals[i].says, err.text);
			wrong++;
		}
		talloc_free(ctx);
	}
	assert_int_equal(wrong, 0);
}

/* A named person, with the blanks of a name and nothing else that is not seen. */
static void test_sender(void **state)
{
	static const struct { const char *sender; bool good; } cases[] = {
		{ "Mette Holm", true }, { "\u00c5se", true }, { "Mette\tHolm", false },
		{ "Mette\nHolm", false }, { "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		void *ctx = talloc_new(NULL);
		struct err err = { 0 };
		const char *at = strstr(good, "\"pack\"");
		char *text = talloc_asprintf(ctx, "%.*s\"sender\": \"%s\", %s", (int)(at - good), good,
		    cases[i].sender, at);
		const struct schedule *s = parse(ctx, text, &err);

		if ((s != NULL) != cases[i].good)
			fail_msg("'%s': %s", cases[i].sender, err.text);
		talloc_free(ctx);
	}
}

/* One step too many, and as many as there may be. */
static void test_count(void **state)
{
	(void)state;
	for (int steps = SCHEDULE_STEPS_MAX; steps <= SCHEDULE_STEPS_MAX + 1; steps++) {
		void *ctx = talloc_new(NULL);
		char *text = talloc_strdup(ctx, "{\"name\":\"x\",\"pack\":\"dk\",\"gap_days_min\":1,"
		    "\"resume_days\":0,\"steps\":[");
		struct err err = { 0 };

		for (int i = 0; i < steps; i++)
			text = talloc_asprintf_append(text, "%s{\"id\":\"s%d\",\"from\":\"due\","
			    "\"days\":%d,\"channels\":[\"email\"]}", i > 0 ? "," : "", i, i);
		text = talloc_asprintf_append(text, "]}");
		assert_int_equal(parse(ctx, text, &err) != NULL, steps == SCHEDULE_STEPS_MAX);
		assert_int_equal(strstr(err.text, "more than 16 steps") != NULL,
		    steps > SCHEDULE_STEPS_MAX);
		talloc_free(ctx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read), cmocka_unit_test(test_yen),
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_sender),
		cmocka_unit_test(test_count),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
