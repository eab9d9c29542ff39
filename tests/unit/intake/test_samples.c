/* test_samples.c - the files in tests/data, read by the profiles beside them. */
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

#define FILE_BYTES_MAX 65536

static char *file_text(void *ctx, const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *text = talloc_array(ctx, char, FILE_BYTES_MAX);

	assert_non_null(file);
	*len = fread(text, 1, FILE_BYTES_MAX, file);
	assert_int_equal(fclose(file), 0);
	return text;
}

static struct profile *profile_file(void *ctx, const char *path)
{
	struct err err = { 0 };
	size_t len;
	const char *text = file_text(ctx, path, &len);
	struct profile *p = profile_parse(ctx, path, text, len, &err);

	if (p == NULL)
		fail_msg("%s", err.text);
	return p;
}

static void check_invoices(const struct intake_result *r)
{
	int64_t dkk = 0, eur = 0;

	assert_int_equal(r->fault_count, 0);
	assert_int_equal(r->count, 12);
	assert_int_equal(r->phone_doubt_count, 0);
	for (size_t i = 0; i < r->count; i++)
		*(strcmp(r->invoices[i].currency, "EUR") == 0 ? &eur : &dkk) +=
		    r->invoices[i].open_minor;
	/* added up by hand from the file */
	assert_int_equal(dkk, 3145175);
	assert_int_equal(eur, 312040);
	assert_int_equal(r->invoices[1].amount_minor, 49950);
	assert_int_equal(r->invoices[1].open_minor, 24950);
	assert_int_equal(r->invoices[3].type, ROW_CREDIT);
	assert_string_equal(r->invoices[3].credits, "2026-1003");
	assert_int_equal(r->invoices[3].due_on, DAY_NONE);
	assert_string_equal(r->invoices[5].debtor.street, "L\xc3\xa6rkevej 3 Postboks 7");
	assert_int_equal(r->invoices[6].line, 9);	/* behind a field of two lines */
	assert_string_equal(r->invoices[6].debtor.phone, "+442079460018");
	assert_int_equal(r->invoices[7].debtor.party, PARTY_PUBLIC);
	assert_string_equal(r->invoices[9].debtor.name, "Ole \"Lillebror\" Krogh");
	assert_string_equal(r->invoices[11].debtor.name, "\xc3\x9e\xc3\xb3ra J\xc3\xb3nsd\xc3\xb3ttir");
}

static void test_invoices(void **state)
{
	void *ctx = talloc_new(NULL);
	const struct profile *p = profile_file(ctx, "tests/data/invoices.profile.json");
	struct intake_result r;
	struct err err = { 0 };

	(void)state;
	if (!intake_invoices(ctx, "tests/data/invoices.csv", p, &r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(r.charset, CHARSET_UTF_8);
	check_invoices(&r);
	talloc_free(ctx);
}

/* The same ledger as Windows-1252 with CRLF, as an older system exports it:
 * all its characters are in Latin-1, where a code point is its byte. */
static void test_invoices_1252(void **state)
{
	void *ctx = talloc_new(NULL);
	const struct profile *p = profile_file(ctx, "tests/data/invoices.profile.json");
	struct intake_result r;
	struct err err = { 0 };
	size_t len, used = 0;
	const char *text = file_text(ctx, "tests/data/invoices.csv", &len);
	char *old = talloc_array(ctx, char, (unsigned)len * 2);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)text[i];

		if (c >= 0x80) {
			old[used++] = (char)((c & 3) << 6 | ((unsigned char)text[++i] & 0x3f));
			continue;
		}
		if (c == '\n')
			old[used++] = '\r';
		old[used++] = (char)c;
	}
	if (!intake_text(ctx, "old", (struct view){ old, used }, p, &r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(r.charset, CHARSET_WINDOWS_1252);
	check_invoices(&r);
	talloc_free(ctx);
}

static void test_debtors(void **state)
{
	void *ctx = talloc_new(NULL);
	const struct profile *p = profile_file(ctx, "tests/data/debtors.profile.json");
	struct intake_result r;
	struct err err = { 0 };

	(void)state;
	if (!intake_debtors(ctx, "tests/data/debtors.csv", p, &r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(r.fault_count, 0);
	assert_int_equal(r.count, 9);
	assert_string_equal(r.debtors[0].external_id, "K-100");
	assert_string_equal(r.debtors[0].phone, "+4520123456");
	assert_string_equal(r.debtors[0].zone, "Europe/Copenhagen");
	assert_int_equal(r.debtors[0].prefers, CHANNEL_SMS);
	assert_string_equal(r.debtors[5].zone, "Europe/London");
	assert_int_equal(r.debtors[6].party, PARTY_PUBLIC);
	assert_false(r.debtors[8].prefers_given);
	assert_int_equal(r.debtors[8].line, 10);
	talloc_free(ctx);
}

static void test_payments(void **state)
{
	void *ctx = talloc_new(NULL);
	const struct profile *p = profile_file(ctx, "tests/data/payments.profile.json");
	struct intake_result r;
	struct err err = { 0 };

	(void)state;
	if (!intake_payments(ctx, "tests/data/payments.csv", p, &r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(r.fault_count, 0);
	assert_int_equal(r.count, 4);
	assert_string_equal(r.payments[0].invoice, "2026-1002");
	assert_int_equal(r.payments[0].amount_minor, 25000);
	assert_int_equal(r.payments[0].paid_on, day_from_ymd(2026, 9, 14));
	assert_string_equal(r.payments[2].debtor, "K-103");
	assert_string_equal(r.payments[3].reference, "RF18539007547034");
	talloc_free(ctx);
}

/* Made-up rows in the layout of the public receivables ledger. */
static void test_ibm(void **state)
{
	static const char text[] = "countryCode,customerID,PaperlessDate,invoiceNumber,"
	    "InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,"
	    "DaysToSettle,DaysLate\n"
	    "391,0001-AAAAA,4/6/2013,0000000001,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0\n"
	    "406,0002-BBBBB,3/3/2012,0000000002,1/26/2012,2/25/2012,61.7,Yes,3/3/2012,Electronic,37,7\n";
	void *ctx = talloc_new(NULL);
	const struct profile *p = profile_file(ctx, "tests/data/ibm.profile.json");
	struct intake_result r;
	struct err err = { 0 };

	(void)state;
	if (!intake_text(ctx, "ibm", view_of(text), p, &r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(r.fault_count, 0);
	assert_int_equal(r.count, 2);
	assert_string_equal(r.invoices[0].external_id, "0000000001");
	assert_string_equal(r.invoices[0].debtor.email, "0001-AAAAA@replay.example");
	assert_string_equal(r.invoices[0].debtor.name, "Customer 0001-AAAAA");
	assert_string_equal(r.invoices[0].debtor.country, "DK");
	assert_int_equal(r.invoices[0].amount_minor, 5594);
	assert_int_equal(r.invoices[0].settled_on, day_from_ymd(2013, 1, 15));
	assert_false(r.invoices[0].disputed);
	assert_int_equal(r.invoices[1].amount_minor, 6170);
	assert_int_equal(r.invoices[1].due_on, day_from_ymd(2012, 2, 25));
	assert_true(r.invoices[1].disputed);
	talloc_free(ctx);
}

/* The text between two marks in docs/import.md. */
static struct view fenced(const char *page, const char *from)
{
	const char *start = strstr(page, from), *end;

	assert_non_null(start);
	start = strchr(start, '\n') + 1;
	end = strstr(start, "```");
	assert_non_null(end);
	return (struct view){ start, (size_t)(end - start) };
}

/* The manual's example does what the manual says. */
static void test_manual(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	size_t len;
	char *page = file_text(ctx, "docs/import.md", &len);
	struct view json;
	struct profile *p;
	struct intake_result r;

	(void)state;
	page[len < FILE_BYTES_MAX ? len : FILE_BYTES_MAX - 1] = '\0';
	json = fenced(page, "```json");
	p = profile_parse(ctx, "docs/import.md", json.at, json.len, &err);
	if (p == NULL || !intake_text(ctx, "example", fenced(page, "```\n"), p, &r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(r.fault_count, 0);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.invoices[0].amount_minor, 124900);
	assert_int_equal(r.invoices[0].open_minor, 24900);
	assert_string_equal(r.invoices[0].debtor.phone, "+4520123456");
	assert_int_equal(r.invoices[1].type, ROW_CREDIT);
	for (int i = 0; i < FIELDS; i++) {	/* and it names every field */
		const char *mark = talloc_asprintf(ctx, "`%s`",
		    intake_field_name((enum intake_field)i));

		if (strstr(page, mark) == NULL)
			fail_msg("docs/import.md does not name %s", mark);
	}
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_invoices),
		cmocka_unit_test(test_invoices_1252),
		cmocka_unit_test(test_debtors),
		cmocka_unit_test(test_payments),
		cmocka_unit_test(test_ibm),
		cmocka_unit_test(test_manual),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
