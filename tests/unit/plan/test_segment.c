/* test_segment.c - the first segment whose every condition holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "plan/segment.h"

static const char text[] = "{ \"segments\": ["
    "{ \"name\": \"gold\", \"when\": { \"segment\": [\"gold\", \"platinum\"] }, \"schedule\": \"s1\" },"
    "{ \"name\": \"firms\", \"when\": { \"country\": [\"DK\", \"NO\"], \"party\": [\"business\"] },"
    "  \"schedule\": \"s2\" },"
    "{ \"name\": \"euro\", \"when\": { \"currency\": [\"EUR\"], \"lang\": [\"en\"],"
    "  \"creditor\": [\"a\"] }, \"schedule\": \"s3\" },"
    "{ \"name\": \"rest\", \"when\": { \"creditor\": [\"b\"] }, \"schedule\": \"s4\" } ] }";

static const struct {
	const char			*says;
	struct segment_question		 ask;
	const char			*schedule;	/* NULL: none fits */
} cases[] = {
	{ "the debtor's own word", { "a", "DK", "DKK", "da", "platinum", PARTY_CONSUMER }, "s1" },
	{ "the first that fits", { "a", "DK", "DKK", "da", "gold", PARTY_BUSINESS }, "s1" },
	{ "one of several countries", { "a", "NO", "NOK", "no", "", PARTY_BUSINESS }, "s2" },
	{ "another party", { "a", "NO", "NOK", "no", "", PARTY_PUBLIC }, NULL },
	{ "another country", { "a", "SE", "SEK", "sv", "", PARTY_BUSINESS }, NULL },
	{ "all three conditions", { "a", "FI", "EUR", "en", "", PARTY_CONSUMER }, "s3" },
	{ "two of three", { "a", "FI", "EUR", "fi", "", PARTY_CONSUMER }, NULL },
	{ "another creditor", { "b", "FI", "EUR", "en", "", PARTY_CONSUMER }, "s4" },
	{ "a word in capitals is another", { "a", "DK", "DKK", "da", "Gold", PARTY_CONSUMER }, NULL },
};

static void test_find(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const struct segments *all = segments_parse(ctx, "s.json", text, strlen(text), &err);

	(void)state;
	assert_non_null(all);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct segment *found = segments_find(all, &cases[i].ask);
		const char *schedule = found != NULL ? found->schedule : NULL;

		if ((schedule == NULL) != (cases[i].schedule == NULL) ||
		    (schedule != NULL && strcmp(schedule, cases[i].schedule) != 0))
			fail_msg("%s: %s", cases[i].says, schedule != NULL ? schedule : "none");
	}
	talloc_free(ctx);
}

/* What is shipped sends everybody of the seven countries to a ladder that is
 * shipped, but for Danish consumers, who follow their creditor. */
static void test_shipped(void **state)
{
	static const char *const countries[] = { "DK", "NO", "SE", "FI", "DE", "GB", "US" };
	const struct asset *a = asset_find("schedules/segments.json");
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const struct segments *all;

	(void)state;
	assert_non_null(a);
	all = segments_parse(ctx, a->path, a->at, (size_t)(a->end - a->at), &err);
	assert_non_null(all);
	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
		for (int party = 0; party < PARTIES; party++) {
			const struct segment_question ask = { "any", countries[i], "EUR", "en", "",
			    (enum party)party };
			const struct segment *found = segments_find(all, &ask);

			assert_int_equal(found == NULL, i == 0 && party == PARTY_CONSUMER);
			if (found != NULL)
				assert_non_null(asset_find(talloc_asprintf(ctx, "schedules/%s.json",
				    found->schedule)));
		}
	assert_null(segments_find(all, &(struct segment_question){ "any", "FR", "EUR", "fr", "",
	    PARTY_CONSUMER }));
	talloc_free(ctx);
}

/* A currency without decimals is one. */
static void test_whole_currency(void **state)
{
	static const char whole[] = "{\"segments\":[{\"name\":\"isk\",\"when\":{\"currency\":"
	    "[\"ISK\"]},\"schedule\":\"x\"}]}";
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const struct segments *all = segments_parse(ctx, "s.json", whole, strlen(whole), &err);

	(void)state;
	assert_string_equal(err.text, "");
	assert_non_null(segments_find(all, &(struct segment_question){ "any", "IS", "ISK", "en", "",
	    PARTY_CONSUMER }));
	assert_null(segments_find(all, &(struct segment_question){ "any", "IS", "EUR", "en", "",
	    PARTY_CONSUMER }));
	talloc_free(ctx);
}

static void test_too_many(void **state)
{
	void *ctx = talloc_new(NULL);
	char *many = talloc_strdup(ctx, "{\"segments\":[");
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i <= SEGMENTS_MAX; i++)
		many = talloc_asprintf_append(many, "%s{\"name\":\"s%d\",\"when\":{},\"schedule\":\"x\"}",
		    i > 0 ? "," : "", i);
	many = talloc_asprintf_append(many, "]}");
	assert_null(segments_parse(ctx, "s.json", many, strlen(many), &err));
	assert_non_null(strstr(err.text, "more than 100 segments"));
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_whole_currency),
		cmocka_unit_test(test_too_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
