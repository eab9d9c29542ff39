/* test_phone.c - numbers whose E.164 form was worked out by hand from the
 * national numbering plans, not by the library under test.
 *
 * With --dump it reads "REGION<tab>TEXT" lines and answers with the E.164
 * form, valid or unknown, or "-": tests/unit/base/phone_twin.js compares that with
 * another implementation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/phone.h"

#define LINE_BYTES_MAX 256

static const struct {
	const char *region, *text, *e164;
	bool valid;
} good[] = {
	{ "DK", "20 12 34 56",		"+4520123456",	true },
	{ "DK", "20123456",		"+4520123456",	true },
	{ "DK", "+45 20-12-34-56",	"+4520123456",	true },
	{ "DK", "0045 20123456",	"+4520123456",	true },
	{ "DK", "(+45) 20123456",	"+4520123456",	true },
	{ "DK", "+47 406 12 345",	"+4740612345",	true },
	{ "DK", "20\xc2\xa0""12\xc2\xa0""34\xc2\xa0""56", "+4520123456", true },
	{ "NO", "406 12 345",		"+4740612345",	true },
	{ "SE", "070-123 45 67",	"+46701234567",	true },
	{ "SE", "+46 (0)70 123 45 67",	"+46701234567",	true },
	{ "FI", "041 2345678",		"+358412345678", true },
	{ "DE", "0151 23456789",	"+4915123456789", true },
	{ "DE", "030/123456",		"+4930123456",	true },
	{ "GB", "07400 123456",		"+447400123456", true },
	{ "GB", "020 7946 0018",	"+442079460018", true },
	{ "US", "(212) 555-2368",	"+12125552368",	true },
	{ "US", "1-212-555-2368",	"+12125552368",	true },
	{ "",   "+4520123456",		"+4520123456",	true },
	{ "GL", "22 12 34",		"+299221234",	true },
	{ "FO", "211234",		"+298211234",	true },
	{ "US", "123 456 7890",		"+11234567890",	false },	/* no area 123 */
	{ "DK", "11 11 11 11",		"+4511111111",	false },
};

static const struct { const char *region, *text, *reason; } bad[] = {
	{ "DK", "",			"empty" },
	{ "DK", "2012345",		"too short" },
	{ "DK", "201234567",		"too long" },
	{ "DK", "112",			"too short" },
	{ "DK", "1",			"too short" },
	{ "",   "20123456",		"no country code" },
	{ "XX", "20123456",		"no country code" },
	{ "DK", "+999 20123456",	"does not exist" },
	{ "DK", "call Bo 20123456",	"something else" },
	{ "US", "1-800-FLOWERS",	"something else" },
	{ "US", "212 555 2368 x12",	"something else" },
	{ "DK", "20123456;20123457",	"something else" },
	{ "DK", "20123456/20123457",	"too long" },
	{ "DK", "20123456, 20123457",	"something else" },
	{ "DE", "030 123456/7",		"more than one" },
	{ "DE", "030/123456/8",		"more than one" },
	{ "DK", "20123456\n20123457",	"something else" },
	{ "DK", "\xd9\xa2\xd9\xa0\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6", "something else" },
	{ "US", "555-2368",		"too short" },		/* needs its area code */
	{ "DK", "2012345620123456201234562012345620123456 ", "longer than" },
	{ "DK", "------",		"too short" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct phone out;
		struct err err = { 0 };

		if (!phone_parse(view_of(good[i].text), good[i].region, &out, &err))
			fail_msg("%s: %s", good[i].text, err.text);
		assert_string_equal(out.e164, good[i].e164);
		assert_int_equal(out.valid, good[i].valid);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct phone out;
		struct err err = { 0 };

		if (phone_parse(view_of(bad[i].text), bad[i].region, &out, &err))
			fail_msg("'%s' was read as %s", bad[i].text, out.e164);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strstr(err.text, bad[i].reason) == NULL)
			fail_msg("'%s': %s", bad[i].text, err.text);
	}
}

/* A view need not end where its text does. */
static void test_view(void **state)
{
	struct phone out;
	struct err err = { 0 };

	(void)state;
	assert_true(phone_parse((struct view){ "2012345699", 8 }, "DK", &out, &err));
	assert_string_equal(out.e164, "+4520123456");
}

static int dump(void)
{
	char line[LINE_BYTES_MAX];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *tab = strchr(line, '\t');
		struct phone out;
		struct err err = { 0 };

		line[strcspn(line, "\n")] = '\0';
		if (tab == NULL)
			return 2;
		*tab = '\0';
		if (phone_parse(view_of(tab + 1), line, &out, &err))
			(void)printf("%s %s\n", out.e164, out.valid ? "valid" : "unknown");
		else
			(void)printf("-\n");
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_view),
	};

	if (argc == 2 && strcmp(argv[1], "--dump") == 0)
		return dump();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
