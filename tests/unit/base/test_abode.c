/* test_abode.c - zones and states by hand.
 *
 * With --dump it reads "ZONE<tab>REGION<tab>ZIP<tab>PHONE" lines and answers
 * "REGION<tab>ZONE ZONE ..."; tests/story/place-table.py compares the whole table
 * with two packages of npm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/abode.h"

#define LINE_BYTES_MAX 256
#define TEXT_BYTES 512

#define EVERYWHERE "America/New_York America/Chicago America/Denver America/Phoenix " \
	"America/Los_Angeles America/Anchorage America/Adak Pacific/Honolulu"

static const struct {
	const char *zone, *region, *zip, *phones[2];
	const char *in, *zones;
} cases[] = {
	/* nothing known, or nothing that tells */
	{ "", "", "", { "", "" }, "", EVERYWHERE },
	{ "", "", "", { "+18005550100", "+4520123456" }, "", EVERYWHERE },
	{ "", "", "09123", { "", "" }, "", EVERYWHERE },		/* the army's */
	{ "", "", "2139", { "", "" }, "", EVERYWHERE },		/* a zero was lost */
	{ "", "", "8000 Aarhus", { "", "" }, "", EVERYWHERE },
	{ "", "", "", { "+1212555", "+121255501000" }, "", EVERYWHERE },
	/* the address */
	{ "", "CA", "", { "", "" }, "CA", "America/Los_Angeles" },
	{ "", "", "94103", { "", "" }, "CA", "America/Los_Angeles" },
	{ "", "", "94103-1234", { "", "" }, "CA", "America/Los_Angeles" },
	{ "", "TX", "", { "", "" }, "TX", "America/Chicago America/Denver" },
	{ "", "", "33101", { "", "" }, "FL", "America/New_York America/Chicago" },
	{ "", "", "99501", { "", "" }, "AK", "America/Anchorage America/Adak" },
	{ "", "", "85001", { "", "" }, "AZ", "America/Denver America/Phoenix" },
	{ "", "PR", "", { "", "" }, "PR", "America/Puerto_Rico" },
	{ "", "", "96799", { "", "" }, "HI AS", "Pacific/Honolulu Pacific/Pago_Pago" },
	/* New York City */
	{ "", "", "10025", { "", "" }, "NY NYC", "America/New_York" },
	{ "", "", "11201", { "", "" }, "NY NYC", "America/New_York" },
	{ "", "", "11004", { "", "" }, "NY NYC", "America/New_York" },
	{ "", "", "11001", { "", "" }, "NY", "America/New_York" },
	{ "", "", "11501", { "", "" }, "NY", "America/New_York" },
	{ "", "", "14201", { "", "" }, "NY", "America/New_York" },
	{ "", "NY", "14201", { "", "" }, "NY", "America/New_York" },
	{ "", "NY", "", { "", "" }, "NY NYC", "America/New_York" },	/* perhaps */
	{ "", "NYC", "", { "", "" }, "NY NYC", "America/New_York" },
	{ "", "NYC", "14201", { "", "" }, "NY NYC", "America/New_York" },
	/* the ledger and the post disagree */
	{ "", "CA", "14201", { "", "" }, "CA NY", "America/Los_Angeles America/New_York" },
	{ "", "CA", "00000", { "", "" }, "CA", "America/Los_Angeles" },
	/* the telephone; it tells no state */
	{ "", "", "", { "+14155550100", "" }, "", "America/Los_Angeles" },
	{ "", "NY", "14201", { "+14155550100", "" }, "NY", "America/New_York America/Los_Angeles" },
	{ "", "", "94103", { "+12125550100", "+18085550100" }, "CA",
	  "America/Los_Angeles America/New_York Pacific/Honolulu" },
	{ "", "MA", "", { "+14165550100", "" }, "MA",		/* Toronto */
	  "America/New_York America/Chicago America/Jamaica" },
	{ "", "MA", "", { "+4520123456", "" }, "MA", "America/New_York" },
	/* the ledger's own zone stands for the state's, not for the telephone's */
	{ "America/Denver", "TX", "", { "", "" }, "TX", "America/Denver" },
	{ "America/Denver", "", "79901", { "+12125550100", "" }, "TX",
	  "America/Denver America/New_York" },
	{ "America/Boise", "", "", { "", "" }, "", "America/Boise" },
};

static const char *zones_text(const struct abode *abode, char out[TEXT_BYTES])
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < abode->zone_count; i++)
		len += (size_t)snprintf(out + len, TEXT_BYTES - len, "%s%s", i > 0 ? " " : "",
		    abode->zones[i].name);
	return out;
}

static void find(const char *zone, const char *region, const char *zip,
    const char *const phones[2], struct abode *out)
{
	const struct abode_question q = { .zone = zone, .region = region, .postcode = zip,
	    .phones = phones, .phone_count = 2 };

	abode_find(&q, out);
}

static bool has_same_words(const char *a, const char *b)
{
	char copy[TEXT_BYTES], around[TEXT_BYTES], *rest = NULL;

	(void)snprintf(around, sizeof(around), " %s ", b);
	(void)snprintf(copy, sizeof(copy), "%s", a);
	for (char *w = strtok_r(copy, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest)) {
		char word[ABODE_REGION_BYTES + 2];

		(void)snprintf(word, sizeof(word), " %.40s ", w);
		if (strstr(around, word) == NULL)
			return false;
	}
	return strlen(a) == strlen(b);
}

static void test_cases(void **state)
{
	char text[TEXT_BYTES];
	struct abode abode;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		find(cases[i].zone, cases[i].region, cases[i].zip, cases[i].phones, &abode);
		if (strcmp(abode.region, cases[i].in) != 0 ||
		    !has_same_words(zones_text(&abode, text), cases[i].zones))
			fail_msg("'%s' '%s' '%s' '%s': '%s', %s", cases[i].zone, cases[i].region,
			    cases[i].zip, cases[i].phones[0], abode.region, text);
	}
}

static void test_tellers(void **state)
{
	const char *const phones[2] = { "+12125550100", "+14155550100" };
	struct abode abode;

	(void)state;
	find("", "NY", "", phones, &abode);
	assert_int_equal(abode.zone_count, 2);
	assert_string_equal(abode.zones[0].name, "America/New_York");
	assert_int_equal(abode.zones[0].told_by, ABODE_BY_ADDRESS | ABODE_BY_PHONE);
	assert_int_equal(abode.zones[1].told_by, ABODE_BY_PHONE);
	find("America/Denver", "", "", phones, &abode);
	assert_int_equal(abode.zones[0].told_by, ABODE_BY_LEDGER);
	find("", "", "", (const char *const[2]){ "", "" }, &abode);
	assert_int_equal(abode.zones[0].told_by, 0);
}

static void test_regions(void **state)
{
	(void)state;
	assert_true(abode_is_region("CA"));
	assert_true(abode_is_region("DC"));
	assert_true(abode_is_region("GU"));
	assert_true(abode_is_region("NYC"));
	assert_false(abode_is_region("ON"));	/* a place of telephones, no state */
	assert_false(abode_is_region("BY"));
	assert_false(abode_is_region(""));
	assert_false(abode_is_region("ca"));
}

/* "a<tab>b": the word up to the tab, and on behind it. */
static char *field_take(char **rest)
{
	char *field = *rest;
	const size_t len = strcspn(field, "\t\n");
	const bool more = field[len] == '\t';

	field[len] = '\0';
	*rest = field + len + (more ? 1 : 0);
	return field;
}

static int dump(void)
{
	char line[LINE_BYTES_MAX], text[TEXT_BYTES];
	struct abode abode;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *rest = line;
		const char *zone = field_take(&rest), *region = field_take(&rest);
		const char *zip = field_take(&rest);
		const char *const phones[2] = { field_take(&rest), "" };

		find(zone, region, zip, phones, &abode);
		(void)printf("%s\t%s\n", abode.region, zones_text(&abode, text));
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_tellers),
		cmocka_unit_test(test_regions),
	};

	if (argc == 2 && strcmp(argv[1], "--dump") == 0)
		return dump();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
