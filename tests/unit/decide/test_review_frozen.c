/* Stored facts that somebody has damaged are refused, never taken for true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "decide/frozen.h"

static const char ladder[] =
    "{ \"name\": \"t\", \"pack\": \"dk\", \"gap_days_min\": 1, \"resume_days\": 0,"
    "  \"steps\": [ { \"id\": \"a\", \"from\": \"due\", \"days\": 1, \"channels\": [\"email\"] } ] }";

static const char sound[] =
    "{\"n\":1789984800,\"z\":\"Europe/Copenhagen\",\"cz\":\"Europe/Copenhagen\",\"p\":0,\"w\":-1,"
    "\"a\":[[1,0],[0,0],[0,0],[0,0]],\"s\":[[1789000000,1]],\"pc\":0,\"uc\":0,\"l\":false,"
    "\"h\":[3,1799984800],\"m\":-1,\"b\":8814,\"g\":30,\"c\":[{\"i\":1,\"u\":\"DKK\",\"v\":\"x\","
    "\"h\":null,\"f\":0,\"fd\":null,\"o\":[[1,100000,20706,-1,null,null,null,0,253402300799]]}]}";

static const struct schedule *find(void *arg, const char *hash)
{
	(void)hash;
	return arg;
}

static void damaged(void **state)
{
	static const struct { const char *says, *from, *to; } cases[] = {
		{ "a party that does not exist", "\"p\":0", "\"p\":9" },
		{ "a channel that does not exist", "[1789000000,1]", "[1789000000,7]" },
		{ "a negative channel", "[1789000000,1]", "[1789000000,-1]" },
		{ "a wish that does not exist", "\"w\":-1", "\"w\":12" },
		{ "a hold's type", "\"h\":[3,", "\"h\":[33," },
		{ "a hold's negative type", "\"h\":[3,", "\"h\":[-3," },
		{ "an invoice's hold", "null,0,253402300799", "null,99,253402300799" },
		{ "a step beyond the ladder", "20706,-1,", "20706,5," },
		{ "a step before it", "20706,-1,", "20706,-7," },
		{ "no due date", "100000,20706,", "100000,null," },
		{ "a day out of the world", "100000,20706,", "100000,2000000000," },
		{ "a bucket too many", "\"b\":8814", "\"b\":10000" },
		{ "a margin of weeks", "\"g\":30", "\"g\":30000" },
		{ "no instant", "\"n\":1789984800", "\"n\":9223372036854775807" },
	};
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct schedule *schedule = schedule_parse(ctx, "t", ladder, strlen(ladder), &err);

	(void)state;
	assert_non_null(schedule);
	assert_non_null(facts_thaw(ctx, sound, find, schedule, &err));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *at = strstr(sound, cases[i].from);
		struct err e = { 0 };
		char *text;

		assert_non_null(at);
		text = talloc_asprintf(ctx, "%.*s%s%s", (int)(at - sound), sound, cases[i].to,
		    at + strlen(cases[i].from));
		if (facts_thaw(ctx, text, find, schedule, &e) != NULL || e.kind != ERR_INPUT)
			fail_msg("%s was taken", cases[i].says);
	}
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(damaged) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
