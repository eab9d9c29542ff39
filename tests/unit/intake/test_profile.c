/* test_profile.c - profiles that are right, and what each mistake is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "intake/profile.h"

#define HEAD "{\"name\":\"n\",\"what\":\"invoices\",\"decimal_mark\":\".\",\"date\":\"auto\","
#define COLS "\"external_id\":{\"column\":\"id\"},\"debtor\":{\"column\":\"who\"}," \
	"\"currency\":{\"constant\":\"DKK\"},\"amount\":{\"column\":\"sum\"}," \
	"\"due_on\":{\"column\":\"due\"}"
#define PAID "\"balance\":\"payments\","
#define OPEN "\"balance\":\"open_amount\","
#define IN(cols) "\"columns\":{" cols "}}"

static const struct { const char *says, *text, *reason; } bad[] = {
	{ "not JSON", "{", "p:1: " },
	{ "a list", "[]", "a profile is a JSON object" },
	{ "twice", "{\"name\":\"a\",\"name\":\"b\"}", "duplicate" },
	{ "no name", "{\"what\":\"debtors\"}", "/name: missing" },
	{ "what else", "{\"name\":\"n\",\"what\":\"bills\"}",
	    "/what: is \"bills\"; give \"invoices\", \"debtors\" or \"payments\"" },
	{ "unknown member", HEAD PAID "\"delimeter\":\";\"," IN(COLS), "/delimeter: is not known" },
	{ "delimiter", HEAD PAID "\"delimiter\":\"|\"," IN(COLS), "/delimiter: is \"|\"" },
	{ "encoding", HEAD PAID "\"encoding\":\"latin1\"," IN(COLS), "/encoding: is \"latin1\"" },
	{ "allow without auto", HEAD PAID "\"encoding\":\"utf-8\",\"allow_windows_1252\":true,"
	    IN(COLS), "/allow_windows_1252: goes with" },
	{ "decimal mark", "{\"name\":\"n\",\"what\":\"invoices\",\"decimal_mark\":\";\"}",
	    "/decimal_mark: is \";\"" },
	{ "no decimal mark", "{\"name\":\"n\",\"what\":\"payments\"}", "/decimal_mark: missing" },
	{ "marks alike", HEAD PAID "\"group_mark\":\".\"," IN(COLS), "/group_mark: is the decimal" },
	{ "date", "{\"name\":\"n\",\"what\":\"payments\",\"decimal_mark\":\".\","
	    "\"date\":\"DD-MM-YY\"}", "/date: is \"DD-MM-YY\"" },
	{ "no balance", HEAD IN(COLS), "/balance: missing" },
	{ "balance not mapped", HEAD OPEN IN(COLS), "/balance: says \"open_amount\", so map" },
	{ "both balances", HEAD PAID IN(COLS ",\"open_amount\":{\"column\":\"rest\"}"),
	    "/balance: says \"payments\", so \"open_amount\" may not be mapped" },
	{ "credit twice", HEAD PAID "\"negative_is_credit\":true,"
	    IN(COLS ",\"type\":{\"column\":\"t\"}"), "/negative_is_credit: and a mapped" },
	{ "missing", HEAD PAID "\"missing_invoices\":\"drop\"," IN(COLS), "/missing_invoices" },
	{ "no columns", HEAD PAID "\"_\":0}", "/columns: missing" },
	{ "needed field", HEAD PAID IN("\"external_id\":{\"column\":\"id\"}"),
	    "/columns/debtor: missing" },
	{ "unknown field", HEAD PAID IN(COLS ",\"mobile\":{\"column\":\"m\"}"),
	    "/columns/mobile: is not known" },
	{ "field of another kind", HEAD PAID IN(COLS ",\"paid_on\":{\"column\":\"m\"}"),
	    "/columns/paid_on: is not known" },
	{ "field as text", HEAD PAID IN(COLS ",\"name\":\"Navn\""), "/columns/name: is a text" },
	{ "no source", HEAD PAID IN(COLS ",\"name\":{}"), "/columns/name: give one of" },
	{ "two sources", HEAD PAID IN(COLS ",\"name\":{\"column\":\"a\",\"constant\":\"b\"}"),
	    "/columns/name: give one of" },
	{ "values of a constant", HEAD PAID IN(COLS ",\"party\":{\"constant\":\"public\","
	    "\"values\":{\"a\":\"public\"}}"), "/columns/party: \"values\" and" },
	{ "value of no set", HEAD PAID IN(COLS ",\"party\":{\"column\":\"p\","
	    "\"values\":{\"Firma\":\"company\"}}"), "/columns/party/values/Firma: is \"company\"" },
	{ "value of no type", HEAD PAID IN(COLS ",\"party\":{\"column\":\"p\","
	    "\"values\":{\"Firma\":1}}"), "/columns/party/values/Firma: give a text" },
	{ "constant of no set", HEAD PAID IN(COLS ",\"country\":{\"constant\":\"UK\"}"),
	    "/columns/country/constant: is \"UK\"; give a country" },
	{ "empty of no set", HEAD PAID IN(COLS ",\"country\":{\"column\":\"c\",\"if_empty\":\"dk\"}"),
	    "/columns/country/if_empty: is \"dk\"" },
	{ "currency", HEAD PAID "\"columns\":{\"external_id\":{\"column\":\"id\"},"
	    "\"debtor\":{\"column\":\"w\"},\"currency\":{\"constant\":\"kr\"}}}",
	    "/columns/currency/constant: is \"kr\"" },
	{ "open template", HEAD PAID IN(COLS ",\"name\":{\"template\":\"x {id\"}"),
	    "/columns/name: write each column" },
	{ "closed template", HEAD PAID IN(COLS ",\"name\":{\"template\":\"x id}\"}"),
	    "/columns/name: write each column" },
	{ "empty template", HEAD PAID IN(COLS ",\"name\":{\"template\":\"x {}\"}"),
	    "/columns/name: write each column" },
	{ "source's member", HEAD PAID IN(COLS ",\"name\":{\"column\":\"a\",\"trim\":true}"),
	    "/columns/name/trim: is not known" },
	{ "balance of debtors", "{\"name\":\"n\",\"what\":\"debtors\",\"balance\":\"payments\","
	    IN("\"external_id\":{\"column\":\"i\"},\"name\":{\"column\":\"n\"}"),
	    "/balance: is not known" },
};

static struct profile *parse(void *ctx, const char *text, struct err *err)
{
	return profile_parse(ctx, "p", text, strlen(text), err);
}

static void test_bad(void **state)
{
	void *ctx = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = { 0 };

		if (parse(ctx, bad[i].text, &err) != NULL)
			fail_msg("%s: taken", bad[i].says);
		if (strstr(err.text, bad[i].reason) == NULL || strncmp(err.text, "p:1: ", 5) != 0)
			fail_msg("%s: %s", bad[i].says, err.text);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(talloc_total_blocks(ctx), 1);	/* nothing is left */
	}
	talloc_free(ctx);
}

/* More members than any honest file has, and many unknown ones: no crash. */
static void test_many(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	char text[4096];
	size_t used = (size_t)snprintf(text, sizeof(text), "{");

	(void)state;
	for (int i = 0; i < 100; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "\"k%d\":1,", i);
	(void)snprintf(text + used, sizeof(text) - used, "\"name\":\"n\"}");
	assert_null(parse(ctx, text, &err));
	assert_non_null(strstr(err.text, "more than 60 members"));
	talloc_free(ctx);
}

static void test_right(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const struct profile_source *from;
	struct profile *p = parse(ctx, HEAD OPEN "\"$schema\":\"x\",\"_note\":1,"
	    "\"creditor\":\"acme\",\"encoding\":\"windows-1252\",\"delimiter\":\"tab\","
	    "\"group_mark\":\"'\",\"missing_invoices\":\"close\","
	    IN(COLS ",\"open_amount\":{\"column\":\"rest\"},\"name\":{\"template\":\"{a} and {b}!\"},"
	    "\"disputed\":{\"column\":\"d\",\"values\":{\"Y\":true,\"N\":false}},"
	    "\"country\":{\"column\":\"c\",\"if_empty\":\"DK\"}"), &err);

	(void)state;
	if (p == NULL)
		fail_msg("%s", err.text);
	assert_string_equal(p->name, "n");
	assert_string_equal(p->creditor, "acme");
	assert_int_equal(p->what, INTAKE_INVOICES);
	assert_false(p->charset_auto);
	assert_int_equal(p->charset, CHARSET_WINDOWS_1252);
	assert_int_equal(p->delimiter, '\t');
	assert_int_equal(p->number.decimal_mark, '.');
	assert_int_equal(p->number.group_mark, '\'');
	assert_int_equal(p->date, DAY_FORM_AUTO);
	assert_int_equal(p->balance, BALANCE_OPEN_AMOUNT);
	assert_int_equal(p->missing, MISSING_CLOSE);
	assert_false(p->negative_is_credit);
	assert_string_equal(p->fields[FIELD_CURRENCY].constant, "DKK");
	assert_false(p->fields[FIELD_PHONE].mapped);
	from = &p->fields[FIELD_NAME];
	assert_int_equal(from->part_count, 3);
	assert_int_equal(from->parts[0].literal.len, 0);
	assert_string_equal(from->parts[0].column, "a");
	assert_true(view_is(from->parts[1].literal, " and "));
	assert_string_equal(from->parts[1].column, "b");
	assert_true(view_is(from->parts[2].literal, "!"));
	assert_null(from->parts[2].column);
	from = &p->fields[FIELD_DISPUTED];
	assert_int_equal(from->value_count, 2);
	assert_string_equal(from->values[0].from, "Y");
	assert_string_equal(from->values[0].to, "true");
	assert_string_equal(p->fields[FIELD_COUNTRY].if_empty, "DK");
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_right),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
