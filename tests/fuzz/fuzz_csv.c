/* fuzz_csv.c - any bytes as a ledger: never a crash, and never a row that
 * breaks what model/ledger.h promises.
 *
 * The first byte chooses the profile; the rest is the file.  Corpus:
 * tests/fuzz/corpus/csv, replayed by tests/unit/intake/test_csv_corpus.c.
 *
 *   make V=fuzz build/fuzz/libpurr.a
 *   clang -std=c17 -Isrc -D_GNU_SOURCE -g -fsanitize=fuzzer,address,undefined \
 *     -c tests/fuzz/fuzz_csv.c -o build/fuzz/fuzz_csv.o
 *   clang++ -fsanitize=fuzzer,address,undefined build/fuzz/fuzz_csv.o \
 *     build/fuzz/libpurr.a -ltalloc -ljansson -lcsv -lphonenumber -o build/fuzz/fuzz_csv
 *   build/fuzz/fuzz_csv -max_len=4096 build/fuzz/found tests/fuzz/corpus/csv
 */
#include <stdint.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "intake/charset.h"
#include "intake/intake.h"

#define C(field, name) "\"" field "\":{\"column\":\"" name "\"}"
#define INVOICES(form) "{\"name\":\"f\",\"what\":\"invoices\"," form ",\"columns\":{" \
	C("external_id", "i") "," C("debtor", "d") "," C("amount", "a") "," C("due_on", "u") "," \
	C("issued_on", "s") "," C("currency", "c") "," C("email", "e") "," C("phone", "p") "," \
	C("country", "l") "," C("street", "r") ",\"name\":{\"template\":\"{i}-{d}\"}," \
	"\"party\":{\"column\":\"y\",\"values\":{\"1\":\"consumer\"}}}}"

static const char *const profiles[] = {
	INVOICES("\"decimal_mark\":\",\",\"group_mark\":\".\",\"date\":\"auto\","
	    "\"balance\":\"payments\",\"negative_is_credit\":true,\"allow_windows_1252\":true"),
	INVOICES("\"decimal_mark\":\".\",\"group_mark\":\" \",\"date\":\"d.m.yyyy\","
	    "\"balance\":\"payments\",\"encoding\":\"windows-1252\",\"delimiter\":\";\""),
	"{\"name\":\"f\",\"what\":\"payments\",\"decimal_mark\":\".\",\"date\":\"auto\",\"columns\":{"
	    C("external_id", "i") "," C("invoice", "d") "," C("amount", "a") ","
	    C("paid_on", "u") "," C("currency", "c") "}}",
	"{\"name\":\"f\",\"what\":\"debtors\",\"columns\":{" C("external_id", "i") ","
	    C("name", "d") "," C("phone", "p") "," C("country", "l") "," C("zone", "z") ","
	    C("lang", "g") "," C("email", "e") "}}",
};
#define PROFILES (sizeof(profiles) / sizeof(profiles[0]))

static void check_text(const char *text, size_t bytes_max)
{
	must(text != NULL && strlen(text) <= bytes_max);
	must(utf8_is_valid(text, strlen(text)));
	must(!utf8_has_control(view_of(text), false));
}

static void check_debtor(const struct debtor_row *row)
{
	check_text(row->external_id, 64);
	check_text(row->name, 200);
	check_text(row->email, 254);
	check_text(row->street, 200);
	check_text(row->region, 8);
	check_text(row->phone, 16);
	must(row->phone[0] == '\0' || row->phone[0] == '+');
	must(strlen(row->country) == 0 || strlen(row->country) == 2);
}

static void check_row(const struct intake_result *r, enum intake_what what, size_t i)
{
	if (what == INTAKE_INVOICES) {
		const struct invoice_row *row = &r->invoices[i];

		check_debtor(&row->debtor);
		check_text(row->external_id, 64);
		must(row->external_id[0] != '\0' && row->debtor.external_id[0] != '\0');
		must(row->type == ROW_CREDIT ? row->amount_minor < 0 : row->amount_minor > 0);
		must(row->amount_minor >= -MONEY_MINOR_MAX && row->amount_minor <= MONEY_MINOR_MAX);
		must(row->type == ROW_CREDIT || row->due_on != DAY_NONE);
		must(currency_exponent(row->currency) >= 0);
	} else if (what == INTAKE_PAYMENTS) {
		const struct payment_row *row = &r->payments[i];

		check_text(row->external_id, 64);
		must(row->amount_minor > 0 && row->paid_on != DAY_NONE);
		must(currency_exponent(row->currency) >= 0);
	} else {
		check_debtor(&r->debtors[i]);
		must(r->debtors[i].external_id[0] != '\0' && r->debtors[i].name[0] != '\0');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	void *ctx = talloc_new(NULL);
	struct intake_result r;
	struct err err = { 0 };
	struct profile *p;
	const char *text;

	if (len == 0) {
		talloc_free(ctx);
		return 0;
	}
	text = profiles[data[0] % PROFILES];
	p = profile_parse(ctx, "p", text, strlen(text), &err);
	must(p != NULL);
	if (intake_text(ctx, "f", (struct view){ (const char *)data + 1, len - 1 }, p, &r, &err)) {
		must(r.count + r.rejected_count == r.read_count);
		must((r.fault_count > 0) == (r.rejected_count > 0));
		for (size_t i = 0; i < r.count; i++)
			check_row(&r, p->what, i);
		for (size_t i = 0; i < r.fault_count; i++)
			must(r.faults[i].reason[0] != '\0' && (i == 0 ||
			    r.faults[i - 1].line <= r.faults[i].line));
	} else {
		must(err.kind == ERR_INPUT && err.text[0] != '\0');
		must(r.rows == NULL && r.count == 0);
	}
	talloc_free(ctx);
	return 0;
}
