/* test_intake.c - rows: each way in which one can be wrong, told with its
 * line, column, kind of value and reason; and what right ones become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "intake/intake.h"

#define COLUMN(field, name) "\"" field "\":{\"column\":\"" name "\"}"

static const char invoice_profile[] =
    "{\"name\":\"test\",\"what\":\"invoices\",\"delimiter\":\";\",\"decimal_mark\":\",\","
    "\"group_mark\":\".\",\"date\":\"dd-mm-yyyy\",\"balance\":\"open_amount\",\"columns\":{"
    COLUMN("external_id", "no") "," COLUMN("type", "type") "," COLUMN("credits", "cr") ","
    COLUMN("debtor", "who") "," COLUMN("name", "name") "," COLUMN("party", "party") ","
    COLUMN("country", "cc") "," COLUMN("email", "mail") "," COLUMN("phone", "tel") ","
    COLUMN("street", "street") "," COLUMN("lang", "lang") "," COLUMN("zone", "zone") ","
    COLUMN("prefers", "by") "," COLUMN("currency", "cur") "," COLUMN("amount", "sum") ","
    COLUMN("open_amount", "rest") "," COLUMN("issued_on", "date") "," COLUMN("due_on", "due") ","
    COLUMN("disputed", "disp") "}}";

static const char *const header[] = { "no", "type", "cr", "who", "name", "party", "cc", "mail",
	"tel", "street", "lang", "zone", "by", "cur", "sum", "rest", "date", "due", "disp" };
static const char *const usual[] = { "A-1", "invoice", "", "K1", "Bo Holm", "consumer", "DK",
	"bo@holm.example", "20123456", "Vej 1", "da", "Europe/Copenhagen", "sms", "DKK",
	"1.000,00", "400,00", "01-09-2026", "15-09-2026", "no" };
#define COLUMNS (sizeof(header) / sizeof(header[0]))

/* A file of the usual row with some fields set otherwise: "sum=5;rest=5". */
static char *file_with(void *ctx, const char *changes)
{
	char *text = talloc_strdup(ctx, "");

	for (size_t i = 0; i < COLUMNS; i++)
		text = talloc_asprintf_append(text, "%s%s", i > 0 ? ";" : "", header[i]);
	text = talloc_strdup_append(text, "\n");
	for (size_t i = 0; i < COLUMNS; i++) {
		const char *key = talloc_asprintf(ctx, ";%s=", header[i]);
		const char *found = strstr(talloc_asprintf(ctx, ";%s;", changes), key);
		const char *value = usual[i];

		if (found != NULL) {
			value = found + strlen(key);
			value = talloc_strndup(ctx, value, strcspn(value, ";"));
		}
		text = talloc_asprintf_append(text, "%s\"%s\"", i > 0 ? ";" : "", value);
	}
	return talloc_strdup_append(text, "\n");
}

static struct profile *profile_of(void *ctx, const char *text)
{
	struct err err = { 0 };
	struct profile *p = profile_parse(ctx, "p", text, strlen(text), &err);

	if (p == NULL)
		fail_msg("%s", err.text);
	return p;
}

static struct intake_result read_text(void *ctx, const char *profile, const char *text)
{
	struct intake_result out;
	struct err err = { 0 };

	if (!intake_text(ctx, "f", view_of(text), profile_of(ctx, profile), &out, &err))
		fail_msg("%s", err.text);
	return out;
}

static const struct { const char *change, *column, *class, *reason; } faults[] = {
	{ "no=", "no", "empty", "must be there" },
	{ "no=   ", "no", "empty", "must be there" },
	{ "no=12345678901234567890123456789012345678901234567890123456789012345", "no",
	    "digits of 65", "longer than 64 bytes" },
	{ "no=A\n1", "no", "text of 3 characters", "holds a line break" },
	{ "no=A\x01", "no", "2 characters, some control", "control character" },
	{ "type=bill", "type", "text of 4 characters", "must be \"invoice\" or \"credit\"" },
	{ "type=something very long", "type", "text of 19 characters", "must be \"invoice\"" },
	{ "cr=A-0", "cr", "text of 3 characters", "the row is no credit" },
	{ "who=", "who", "empty", "must be there" },
	{ "name=Bo\r\nBcc: x@y.dk", "name", "text of 15 characters", "holds a line break" },
	{ "name=Bo \xe2\x80\xae""mloH", "name", "8 characters, some control", "control character" },
	{ "party=person", "party", "text of 6 characters", "must be \"consumer\"" },
	{ "cc=UK", "cc", "text of 2 characters", "no known country" },
	{ "cc=Danmark", "cc", "text of 7 characters", "no known country" },
	{ "mail=bo.holm.example", "mail", "text of 15 characters", "no @" },
	{ "mail=a@b.dk, c@d.dk", "mail", "text of 14 characters", "not one plain" },
	{ "mail=Bo <a@b.dk>", "mail", "text of 11 characters", "not one plain" },
	{ "mail=a@b.dk\nBcc: c@d.dk", "mail", "text of 18 characters", "control character" },
	{ "tel=2012345", "tel", "digits of 7", "too short" },
	{ "tel=20 12 34 56 78", "tel", "digits and marks of 14", "too long" },
	{ "tel=ring 20123456", "tel", "text of 13 characters", "something else" },
	{ "lang=dansk", "lang", "text of 5 characters", "no language" },
	{ "lang=d1", "lang", "text of 2 characters", "no language" },
	{ "zone=Copenhagen", "zone", "text of 10 characters", "no time zone" },
	{ "zone=../../etc/passwd", "zone", "text of 16 characters", "no time zone" },
	{ "by=fax", "by", "text of 3 characters", "must be \"email\"" },
	{ "cur=kr", "cur", "text of 2 characters", "no known currency" },
	{ "cur=XYZ", "cur", "text of 3 characters", "no known currency" },
	{ "cur=", "cur", "empty", "must be there" },
	{ "sum=", "sum", "empty", "must be there" },
	{ "sum=0,00", "sum", "digits and marks of 4", "the amount is zero" },
	{ "sum=-5,00", "sum", "negative number", "negative in a row that is no credit" },
	{ "sum=5,00-", "sum", "negative number", "negative in a row that is no credit" },
	{ "sum=1,000.00", "sum", "digits and marks of 8", "not an amount" },
	{ "sum=1.000,005", "sum", "digits and marks of 9", "not an amount" },
	{ "sum=cash", "sum", "text of 4 characters", "not an amount" },
	{ "sum=99.999.999.999,00", "sum", "digits and marks of 17", "absurdly large" },
	{ "sum=99999999999999999999999", "sum", "digits of 23", "absurdly large" },
	{ "rest=", "rest", "empty", "must be there" },
	{ "rest=1.000,01", "rest", "digits and marks of 8", "more is open" },
	{ "rest=-1,00", "rest", "negative number", "negative in a row that is no credit" },
	{ "type=credit;sum=-5,00;rest=-6,00", "rest", "negative number", "more is open" },
	{ "date=2026-09-01", "date", "digits and marks of 10", "not a date written as dd-mm-yyyy" },
	{ "date=31-02-2026", "date", "digits and marks of 10", "no such day" },
	{ "date=01-01-1900", "date", "digits and marks of 10", "a year outside 1980" },
	{ "due=", "due", "empty", "must be there" },
	{ "due=soon", "due", "text of 4 characters", "not a date" },
	{ "due=31-08-2026", "due", "digits and marks of 10", "due before it was issued" },
	{ "disp=maybe", "disp", "text of 5 characters", "neither yes nor no" },
};

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		void *ctx = talloc_new(NULL);
		const struct intake_result r = read_text(ctx, invoice_profile,
		    file_with(ctx, faults[i].change));
		const struct row_fault *f = r.faults;

		if (r.fault_count != 1)
			fail_msg("%s: %zu faults", faults[i].change, r.fault_count);
		if (strcmp(f->column, faults[i].column) != 0 ||
		    strcmp(f->value_class, faults[i].class) != 0 ||
		    strstr(f->reason, faults[i].reason) == NULL)
			fail_msg("%s: [%s] %s: %s", faults[i].change, f->column,
			    f->value_class, f->reason);
		assert_int_equal(f->line, 2);
		assert_int_equal(r.count, 0);
		assert_int_equal(r.rejected_count, 1);
		assert_int_equal(r.read_count, 1);
		talloc_free(ctx);
	}
}

static struct invoice_row one(void *ctx, const char *changes)
{
	const struct intake_result r = read_text(ctx, invoice_profile, file_with(ctx, changes));

	if (r.fault_count > 0)
		fail_msg("%s: [%s] %s", changes, r.faults->column, r.faults->reason);
	assert_int_equal(r.count, 1);
	return r.invoices[0];
}

static void test_usual(void **state)
{
	void *ctx = talloc_new(NULL);
	const struct invoice_row row = one(ctx, "");
	char text[DAY_TEXT_BYTES];

	(void)state;
	assert_int_equal(row.line, 2);
	assert_int_equal(row.type, ROW_INVOICE);
	assert_string_equal(row.external_id, "A-1");
	assert_string_equal(row.credits, "");
	assert_string_equal(row.debtor.external_id, "K1");
	assert_string_equal(row.debtor.name, "Bo Holm");
	assert_true(row.debtor.party_given && row.debtor.party == PARTY_CONSUMER);
	assert_string_equal(row.debtor.country, "DK");
	assert_string_equal(row.debtor.lang, "da");
	assert_string_equal(row.debtor.zone, "Europe/Copenhagen");
	assert_string_equal(row.debtor.email, "bo@holm.example");
	assert_string_equal(row.debtor.phone, "+4520123456");
	assert_string_equal(row.debtor.street, "Vej 1");
	assert_string_equal(row.debtor.postcode, "");
	assert_true(row.debtor.prefers_given && row.debtor.prefers == CHANNEL_SMS);
	assert_string_equal(row.currency, "DKK");
	assert_int_equal(row.amount_minor, 100000);
	assert_true(row.open_given);
	assert_int_equal(row.open_minor, 40000);
	assert_string_equal(day_text(row.issued_on, text), "2026-09-01");
	assert_string_equal(day_text(row.due_on, text), "2026-09-15");
	assert_int_equal(row.settled_on, DAY_NONE);
	assert_false(row.disputed);
	assert_string_equal(row.reference, "");
	assert_string_equal(row.subject, "");
	talloc_free(ctx);
}

static void test_variants(void **state)
{
	void *ctx = talloc_new(NULL);
	struct invoice_row row;

	(void)state;
	row = one(ctx, "type=credit;cr=A-0;sum=-50,00;rest=-20,00;due=");
	assert_int_equal(row.type, ROW_CREDIT);
	assert_string_equal(row.credits, "A-0");
	assert_int_equal(row.amount_minor, -5000);
	assert_int_equal(row.open_minor, -2000);
	assert_int_equal(row.due_on, DAY_NONE);
	row = one(ctx, "type=credit;sum=50,00;rest=20,00");	/* written without a sign */
	assert_int_equal(row.amount_minor, -5000);
	assert_int_equal(row.open_minor, -2000);
	row = one(ctx, "type=;party=;by=;cc=;lang=;zone=;mail=;tel=;disp=;date=");
	assert_int_equal(row.type, ROW_INVOICE);
	assert_false(row.debtor.party_given || row.debtor.prefers_given || row.disputed);
	assert_string_equal(row.debtor.phone, "");
	assert_int_equal(row.issued_on, DAY_NONE);
	row = one(ctx, "cc=dk;lang=DA;cur=dkk;disp=Yes;rest=0,00");
	assert_string_equal(row.debtor.country, "DK");
	assert_string_equal(row.debtor.lang, "da");
	assert_string_equal(row.currency, "DKK");
	assert_true(row.disputed);
	assert_int_equal(row.open_minor, 0);
	row = one(ctx, "cur=JPY;sum=1.000;rest=1.000,00");
	assert_int_equal(row.amount_minor, 1000);
	row = one(ctx, "cur=KWD;sum=1,005;rest=1,005");
	assert_int_equal(row.amount_minor, 1005);
	row = one(ctx, "cc=SE;tel=070-123 45 67");
	assert_string_equal(row.debtor.phone, "+46701234567");
	row = one(ctx, "cc=;tel=+46 70 123 45 67");
	assert_string_equal(row.debtor.phone, "+46701234567");
	row = one(ctx, "name= \xc2\xa0 Bo\xc2\xa0;no='0017;street=Vej 1\r\n2. sal\tth.");
	assert_string_equal(row.debtor.name, "Bo");
	assert_string_equal(row.external_id, "'0017");
	assert_string_equal(row.debtor.street, "Vej 1 2. sal th.");
	talloc_free(ctx);
}

/* Several rows: the good stay in order, faults come by line, twins go out. */
static void test_rows(void **state)
{
	static const char profile[] = "{\"name\":\"t\",\"what\":\"payments\","
	    "\"decimal_mark\":\".\",\"date\":\"yyyy-mm-dd\",\"columns\":{"
	    COLUMN("external_id", "id") "," COLUMN("invoice", "inv") ","
	    COLUMN("reference", "ref") "," COLUMN("paid_on", "on") ","
	    COLUMN("amount", "sum") ",\"currency\":{\"constant\":\"DKK\"}}}";
	static const char text[] = "id,inv,ref,on,sum\n"
	    "P1,A,,2026-01-01,1\n"
	    "P2,A,,2026-01-01,1\n"
	    "P3,A,,2026-01-01,-1\n"
	    "P2,A,,2026-01-01,2\n"
	    "P4,A,\"x\ny\",2026-01-01,0\n"
	    "P5,,,2026-01-01,1\n"
	    "P6,A,,2026-01-01\n"
	    "P7,,RF18,2026-01-01,7\n"
	    "P2,A,,2026-01-01,2\n";
	static const struct { int line; const char *column, *reason; } wanted[] = {
		{ 3, "id", "the same id stands on line 5" },
		{ 4, "sum", "more than zero" },
		{ 5, "id", "the same id stands on line 3" },
		{ 6, "ref", "line break" },
		{ 6, "sum", "more than zero" },
		{ 8, "", "names no invoice, no debtor and no reference" },
		{ 9, "", "the row has 4 fields, the header 5" },
		{ 11, "id", "the same id stands on line 5" },
	};
	void *ctx = talloc_new(NULL);
	const struct intake_result r = read_text(ctx, profile, text);

	(void)state;
	assert_int_equal(r.count, 2);
	assert_string_equal(r.payments[0].external_id, "P1");
	assert_string_equal(r.payments[1].external_id, "P7");
	assert_string_equal(r.payments[1].reference, "RF18");
	assert_int_equal(r.payments[1].amount_minor, 700);
	assert_int_equal(r.payments[1].line, 10);
	assert_int_equal(r.read_count, 9);
	assert_int_equal(r.rejected_count, 7);
	assert_int_equal(r.fault_count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < r.fault_count; i++) {
		assert_int_equal(r.faults[i].line, wanted[i].line);
		assert_string_equal(r.faults[i].column, wanted[i].column);
		if (strstr(r.faults[i].reason, wanted[i].reason) == NULL)
			fail_msg("line %d: %s", r.faults[i].line, r.faults[i].reason);
	}
	talloc_free(ctx);
}

/* --- what a profile changes ----------------------------------------------- */

#define SMALL(extra, cols) "{\"name\":\"t\",\"what\":\"invoices\",\"decimal_mark\":\".\"," \
	"\"balance\":\"payments\"," extra "\"columns\":{" COLUMN("external_id", "id") "," \
	COLUMN("debtor", "who") ",\"currency\":{\"constant\":\"EUR\"}," \
	COLUMN("amount", "sum") "," COLUMN("due_on", "due") cols "}}"
#define ISO "\"date\":\"yyyy-mm-dd\","
#define AUTO "\"date\":\"auto\","

static void test_mapping(void **state)
{
	void *ctx = talloc_new(NULL);
	struct intake_result r;

	(void)state;
	r = read_text(ctx, SMALL(ISO "\"negative_is_credit\":true,", ""),
	    "id,who,sum,due\n1,a,-5,\n2,b,5,2026-01-01\n");
	assert_int_equal(r.count, 2);
	assert_int_equal(r.invoices[0].type, ROW_CREDIT);
	assert_int_equal(r.invoices[0].amount_minor, -500);
	assert_int_equal(r.invoices[1].type, ROW_INVOICE);
	assert_false(r.invoices[1].open_given);

	r = read_text(ctx, SMALL(ISO, ",\"email\":{\"template\":\"{who}@replay.example\"},"
	    "\"country\":{\"column\":\"cc\",\"values\":{\"Danmark\":\"DK\",\"\":\"SE\"}},"
	    "\"disputed\":{\"column\":\"d\",\"values\":{\"Yes\":true,\"No\":false}}"),
	    "id,who,sum,due,cc,d\n1,a,5,2026-01-01,Danmark,Yes\n2,b,5,2026-01-01,,No\n"
	    "3,c,5,2026-01-01,Norge,No\n4,d,5,2026-01-01,,Nej\n5,e,5,2026-01-01,,\n");
	assert_int_equal(r.count, 3);
	assert_string_equal(r.invoices[0].debtor.email, "a@replay.example");
	assert_string_equal(r.invoices[0].debtor.country, "DK");
	assert_true(r.invoices[0].disputed);
	assert_string_equal(r.invoices[1].debtor.country, "SE");
	assert_false(r.invoices[1].disputed);
	assert_int_equal(r.fault_count, 2);
	assert_string_equal(r.faults[0].column, "cc");
	assert_string_equal(r.faults[1].value_class, "text of 3 characters");
	assert_string_equal(r.faults[1].reason, "none of the values that the profile translates");

	r = read_text(ctx, SMALL(AUTO, ""), "id,who,sum,due\n1,a,5,3/4/2026\n2,b,5,12/25/2026\n");
	assert_int_equal(r.date, DAY_FORM_MDY_SLASH_SHORT);
	assert_int_equal(r.invoices[0].due_on, day_from_ymd(2026, 3, 4));

	r = read_text(ctx, SMALL(ISO "\"allow_windows_1252\":true,", ",\"name\":{\"column\":\"n\"}"),
	    "id,who,sum,due,n\n1,a,5,2026-01-01,\xc6rlig\n");
	assert_int_equal(r.charset, CHARSET_WINDOWS_1252);
	assert_string_equal(r.invoices[0].debtor.name, "\xc3\x86rlig");

	/* a template with an empty column is empty: no "@replay.example" */
	r = read_text(ctx, SMALL(ISO, ",\"name\":{\"template\":\"{first} {last}\"}"),
	    "id,who,sum,due,first,last\n1,a,5,2026-01-01,Bo,\n2,a,5,2026-01-01,Bo,Holm\n");
	assert_string_equal(r.invoices[0].debtor.name, "");
	assert_string_equal(r.invoices[1].debtor.name, "Bo Holm");

	/* the same digits are another number in another country */
	r = read_text(ctx, SMALL(ISO, ",\"phone\":{\"column\":\"tel\"},"
	    "\"country\":{\"column\":\"cc\"}"), "id,who,sum,due,tel,cc\n"
	    "1,a,5,2026-01-01,22222222,DK\n2,a,5,2026-01-01,22222222,NO\n"
	    "3,a,5,2026-01-01,11111111,DK\n4,a,5,2026-01-01,22222222,DK\n");
	assert_string_equal(r.invoices[0].debtor.phone, "+4522222222");
	assert_string_equal(r.invoices[1].debtor.phone, "+4722222222");
	assert_string_equal(r.invoices[3].debtor.phone, "+4522222222");
	assert_int_equal(r.phone_doubt_count, 1);	/* no Danish number begins with 1 */

	/* extra columns, also twice, are nobody's trouble while not mapped */
	r = read_text(ctx, SMALL(ISO, ""), "x,id,x,who, sum ,due,\n,1,\"\n\",a,5,2026-01-01,\x01\n");
	assert_int_equal(r.count, 1);
	assert_int_equal(r.fault_count, 0);
	talloc_free(ctx);
}

static const struct { const char *profile, *text, *reason; } files[] = {
	{ SMALL(ISO, ""), "", "f: the file is empty" },
	{ SMALL(ISO, ""), "id,who,sum,due\n", "f: the file holds a header and no rows" },
	{ SMALL(AUTO, ""), "id,who,sum,due\n", "f: the file holds a header and no rows" },
	{ SMALL(ISO, ""), "id,who,total,due\n1,a,5,2026-01-01\n",
	    "f: line 1: no column \"sum\"; there are: \"id\", \"who\", \"total\", \"due\"" },
	{ SMALL(ISO, ",\"name\":{\"template\":\"{first} {last}\"}"),
	    "id,who,sum,due,first\n1,a,5,2026-01-01,b\n", "line 1: no column \"last\"" },
	{ SMALL(ISO, ""), "id,who,sum,sum,due\n1,a,5,5,2026-01-01\n",
	    "line 1: 2 columns are called \"sum\"" },
	{ SMALL(ISO, ""), "17,Bo Holm,bo@holm.example,2026-01-01\n1,a,5,2026-01-01\n",
	    "the first line looks like data" },
	{ SMALL(ISO, ""), "id,who,sum,due\n1,a,5,2026-01-01\n2,b\n", "line 3: the last row has 2" },
	{ SMALL(ISO, ""), "id,who,sum,due\n1,\"a,5,2026-01-01\n", "ends inside a quoted field" },
	{ SMALL(ISO, ""), "id,who,sum,due\n1,\xe6,5,2026-01-01\n", "line 2: holds bytes that are" },
	{ SMALL(AUTO, ""), "id,who,sum,due\n1,a,5,03/04/2026\n", "line 2: a date there is 2026-04-03" },
	{ SMALL(AUTO, ""), "id,who,sum,due\n1,a,5,2026-01-01\n2,b,5,01-02-2026\n",
	    "line 3: its date is written otherwise" },
};

static void test_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		void *ctx = talloc_new(NULL), *rows = talloc_new(NULL);
		struct intake_result r;
		struct err err = { 0 };

		if (intake_text(rows, "f", view_of(files[i].text),
		    profile_of(ctx, files[i].profile), &r, &err))
			fail_msg("file %zu: taken", i);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strstr(err.text, files[i].reason) == NULL)
			fail_msg("file %zu: %s", i, err.text);
		assert_null(strstr(err.text, "holm"));
		assert_null(r.rows);
		assert_int_equal(talloc_total_blocks(rows), 1);		/* nothing is left */
		talloc_free(rows);
		talloc_free(ctx);
	}
}

static void test_wrong_profile(void **state)
{
	void *ctx = talloc_new(NULL);
	const struct profile *p = profile_of(ctx, invoice_profile);
	struct intake_result r;
	struct err err = { 0 };

	(void)state;
	assert_false(intake_payments(ctx, "f.csv", p, &r, &err));
	assert_string_equal(err.text,
	    "f.csv: the profile \"test\" is for invoices, not for payments");
	err_clear(&err);
	assert_false(intake_invoices(ctx, "tests", p, &r, &err));
	assert_string_equal(err.text, "tests: is a directory: name a file in it");
	talloc_free(ctx);
}

/* More faults than are kept: refused as a whole, not cut short in silence. */
static void test_many_faults(void **state)
{
	void *ctx = talloc_new(NULL);
	struct str text;
	struct intake_result r;
	struct err err = { 0 };

	(void)state;
	str_init(&text, ctx, 1 << 24);
	str_put(&text, "id,who,sum,due\n");
	for (int i = 0; i < 100001; i++)
		str_printf(&text, "%d,a,5,never\n", i);
	assert_false(intake_text(ctx, "f", (struct view){ text.at, text.len },
	    profile_of(ctx, SMALL(ISO, "")), &r, &err));
	assert_non_null(strstr(err.text, "more than 100000 faults"));
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_usual),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_mapping),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_wrong_profile),
		cmocka_unit_test(test_many_faults),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
