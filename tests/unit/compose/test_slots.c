/* test_slots.c - facts become values: the table's samples are what the sample
 * facts give, lines must add up, texts from outside are made plain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "compose/facts_read.h"
#include "compose/sample.h"
#include "compose/slots.h"

static struct view value_at(const struct tmpl_layout *layout, const void *record,
    const char *name)
{
	for (size_t i = 0; i < layout->field_count; i++)
		if (strcmp(layout->fields[i].name, name) == 0)
			return *(const struct view *)((const char *)record +
			    layout->fields[i].offset);
	fail_msg("no field %s", name);
	return (struct view){ 0 };
}

static const struct tmpl_field *field_of(const char *name)
{
	for (size_t i = 0; i < slots_layout.field_count; i++)
		if (strcmp(slots_layout.fields[i].name, name) == 0)
			return &slots_layout.fields[i];
	return NULL;
}

/* The samples that docs/templates.md shows, against what is really made. */
static void table_tells_the_truth(void **state)
{
	static const char *const langs[] = { "da", "en" };

	(void)state;
	for (int n = 0; n < 2; n++) {
		void *ctx = talloc_new(NULL);
		struct message_facts facts = sample_facts(CHANNEL_EMAIL, langs[n],
		    "fee_reminder", TONE_NEUTRAL, SAMPLE_ORDINARY);
		struct slots slots;

		assert_true(slots_fill(&slots, ctx, &facts, NULL));
		for (const struct slot *s = slot_table; s->name != NULL; s++) {
			const struct tmpl_layout *layout = &slots_layout;
			const void *record = &slots;
			struct view got;

			if (s->type != TMPL_VIEW)
				continue;
			if (strcmp(s->rows, "invoice") == 0) {
				layout = field_of("invoices")->inner;
				record = slots.invoices.at;
			} else if (strcmp(s->rows, "total") == 0) {
				layout = field_of("totals")->inner;
				record = slots.totals.at;
			}
			got = value_at(layout, record, s->name);
			print_message("# %s: %.*s\n", s->name, (int)got.len, got.at);
			assert_true(view_is(got, n == 0 ? s->da : s->en));
		}
		assert_true(slots.has_fee && slots.has_later && slots.has_held);
		assert_true(slots.many_invoices && slots.has_pay_details);
		talloc_free(ctx);
	}
}

static void no_name_stands_twice(void **state)
{
	(void)state;
	for (const struct slot *a = slot_table; a->name != NULL; a++) {
		assert_ptr_equal(slot_find(view_of(a->name)), a);
		assert_true(a->where != 0 && a->about[0] != '\0');
		/* what may stand in a subject may stand in an SMS */
		assert_true((a->where & FACT_SUBJECT) == 0 || (a->where & FACT_SMS) != 0);
	}
	assert_null(slot_find(view_of("debtor")));
}

/* What shows on a locked telephone: spelt out here once more, by hand. */
static void private_facts_are_private(void **state)
{
	static const char *const never[] = {
		"debtor_name", "debtor_id", "number", "subject", "amount", "paid", "principal",
		"interest", "fees", "balance", "to_pay", "everything", "fee", "account",
		"account_name", "reference", "invoices", "totals", "currency", "due_on",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		const struct slot *s = slot_find(view_of(never[i]));

		print_message("# %s\n", never[i]);
		assert_non_null(s);
		assert_int_equal(s->where & (FACT_SUBJECT | FACT_SMS), 0);
	}
}

static struct message_facts two_currencies(struct fact_invoice rows[4],
    struct fact_total totals[2])
{
	struct message_facts f = sample_facts(CHANNEL_EMAIL, "da", "friendly_reminder",
	    TONE_WARM, SAMPLE_ORDINARY);
	const struct fact_invoice plain = {
		.number = "1", .subject = "", .currency = "DKK", .amount_minor = 1000,
		.balance_minor = 1000, .issued_on = DAY_NONE, .due_on = f.today - 10,
		.overdue = true,
	};

	for (int i = 0; i < 4; i++)
		rows[i] = plain;
	memcpy(rows[1].currency, "EUR", 4);
	rows[2].held = true;
	rows[3].overdue = false;
	rows[3].due_on = f.today + 1;
	totals[0] = (struct fact_total){ "DKK", 1000, 2000, 0 };
	totals[1] = (struct fact_total){ "EUR", 1000, 1000, 0 };
	f.invoices = rows;
	f.invoice_count = 4;
	f.totals = totals;
	f.total_count = 2;
	return f;
}

static void invoices_are_parted(void **state)
{
	struct fact_invoice rows[4];
	struct fact_total totals[2];
	struct message_facts f = two_currencies(rows, totals);
	void *ctx = talloc_new(NULL);
	struct slots s;

	(void)state;
	assert_true(slots_fill(&s, ctx, &f, NULL));
	assert_int_equal(s.invoices.count, 2);
	assert_int_equal(s.held_invoices.count, 1);
	assert_int_equal(s.later_invoices.count, 1);
	assert_int_equal(s.totals.count, 2);
	assert_false(s.has_fee);

	/* One currency overdue, the other not yet: both are asked for. */
	rows[1].overdue = false;
	rows[1].due_on = f.today + 2;
	assert_true(slots_fill(&s, ctx, &f, NULL));
	assert_int_equal(s.invoices.count, 2);
	assert_int_equal(s.later_invoices.count, 1);

	/* Nothing overdue: all that are listed, also behind the deadline. */
	rows[0].overdue = false;
	f.deadline = f.today;
	totals[0].due_minor = 2000;
	assert_true(slots_fill(&s, ctx, &f, NULL));
	assert_int_equal(s.invoices.count, 3);
	assert_false(s.has_later);

	/* A currency that is set aside as a whole has no total. */
	rows[1].held = true;
	totals[1].due_minor = 0;
	assert_true(slots_fill(&s, ctx, &f, NULL));
	assert_int_equal(s.held_invoices.count, 2);
	assert_int_equal(s.totals.count, 1);
	talloc_free(ctx);
}

static void lines_must_add_up(void **state)
{
	struct fact_invoice rows[4];
	struct fact_total totals[2];
	struct message_facts f = two_currencies(rows, totals);
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct slots s;

	(void)state;
	totals[0].due_minor = 1001;
	assert_false(slots_fill(&s, ctx, &f, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "DKK"));
	totals[0] = (struct fact_total){ "DKK", 1001, 2000, 1 };
	assert_true(slots_fill(&s, ctx, &f, NULL));
	assert_true(s.has_fee);
	totals[0].fee_minor = 2;
	assert_false(slots_fill(&s, ctx, &f, NULL));
	totals[0].fee_minor = 1;
	f.total_count = 1;
	assert_false(slots_fill(&s, ctx, &f, NULL));
	f.total_count = 2;
	memcpy(totals[1].currency, "QQQ", 4);
	assert_false(slots_fill(&s, ctx, &f, NULL));
	talloc_free(ctx);
}

static const struct {
	const char	*name, *plain;
} names[] = {
	{ "Anna", "Anna" },
	{ "Anna\nSubject: Du har vundet", "Anna Subject: Du har vundet" },
	{ "Anna\r\n\tS", "Anna   S" },
	{ "Anna\xc2\xa0S\xe2\x80\xafX", "Anna S X" },
	{ "Anna\xe2\x80\xa8X", "Anna X" },		/* line separator */
	{ "Anna\xc2\x85X", "Anna X" },			/* next line */
	{ "\x01" "Anna\x7f", "Anna" },
	{ "Zoë Ångström", "Zoë Ångström" },
	{ "", "" },
};

static void names_are_made_plain(void **state)
{
	void *ctx = talloc_new(NULL);
	struct message_facts f = sample_facts(CHANNEL_EMAIL, "da", "heads_up", TONE_WARM,
	    SAMPLE_ORDINARY);
	struct err err = { 0 };
	struct slots s;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		f.debtor_name = names[i].name;
		assert_true(slots_fill(&s, ctx, &f, NULL));
		assert_true(view_is(s.debtor_name, names[i].plain));
	}
	f.debtor_name = "Anna \xff Berg";
	assert_false(slots_fill(&s, ctx, &f, &err));
	assert_string_equal(err.text, "debtor_name is not valid UTF-8");
	talloc_free(ctx);
}

static void a_part_payment_shows(void **state)
{
	void *ctx = talloc_new(NULL);
	struct fact_invoice row = {
		.number = "1", .subject = "", .currency = "DKK", .amount_minor = 10000,
		.balance_minor = 7350, .interest_minor = 350, .fees_minor = 1000,
		.issued_on = DAY_NONE, .due_on = 0, .overdue = true,
	};
	struct fact_total total = { "DKK", 7350, 7350, 0 };
	struct message_facts f = sample_facts(CHANNEL_EMAIL, "da", "heads_up", TONE_WARM,
	    SAMPLE_ORDINARY);
	const struct slots_invoice *shown;
	struct slots s;

	(void)state;
	f.invoices = &row;
	f.invoice_count = 1;
	f.totals = &total;
	f.total_count = 1;
	assert_true(slots_fill(&s, ctx, &f, NULL));
	shown = s.invoices.at;
	/* 100 invoiced, 40 paid: 60 principal + 3.50 + 10 = 73.50 */
	assert_true(view_is(shown->paid, "40,00 kr."));
	assert_true(view_is(shown->principal, "60,00 kr."));
	assert_true(view_is(shown->interest, "3,50 kr."));
	assert_true(view_is(shown->fees, "10,00 kr."));
	assert_true(view_is(shown->balance, "73,50 kr."));
	assert_true(view_is(shown->issued_on, ""));
	talloc_free(ctx);
}

static const char json[] =
    "{\"creditor\":{\"name\":\"A\",\"phone\":\"1\"},\"debtor\":{\"name\":\"B\",\"id\":\"7\"},"
    "\"today\":\"2026-11-23\",\"deadline\":\"2026-12-07\",\"link_url\":\"https://a.example/p/x\","
    "\"invoices\":[{\"number\":\"9\",\"currency\":\"DKK\",\"amount_minor\":100,"
    "\"balance_minor\":100,\"due_on\":\"2026-11-22\"}],"
    "\"totals\":[{\"currency\":\"DKK\",\"due_minor\":100,\"open_minor\":100}]}";

static const struct {
	const char	*from, *to, *says;
} bad_json[] = {
	{ "\"today\"", "\"to_day\"", "today is missing" },
	{ "2026-11-23", "2026-11-31", "YYYY-MM-DD" },
	{ "\"DKK\"", "\"DKR\"", "ISO 4217" },
	{ "\"due_on\"", "\"due\"", "due" },
	{ "\"phone\"", "\"telephone\"", "telephone" },
	{ "\"debtor\":{", "\"debtors\":{", "debtor" },
};

static void facts_are_read(void **state)
{
	void *ctx = talloc_new(NULL);
	struct message_facts f = { .lang = "da", .country = "", .law = "" };
	struct slots s;
	struct err err = { 0 };

	(void)state;
	assert_true(facts_read(ctx, "t.json", json, strlen(json), &f, &err));
	assert_true(f.invoices[0].overdue);
	assert_int_equal(f.deadline, day_from_ymd(2026, 12, 7));
	assert_true(slots_fill(&s, ctx, &f, &err));
	for (size_t i = 0; i < sizeof(bad_json) / sizeof(bad_json[0]); i++) {
		const char *at = strstr(json, bad_json[i].from);
		char *text = talloc_asprintf(ctx, "%.*s%s%s", (int)(at - json), json,
		    bad_json[i].to, at + strlen(bad_json[i].from));

		err_clear(&err);
		assert_false(facts_read(ctx, "t.json", text, strlen(text), &f, &err));
		print_message("# %s\n", err.text);
		assert_non_null(strstr(err.text, bad_json[i].says));
	}
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_tells_the_truth),
		cmocka_unit_test(no_name_stands_twice),
		cmocka_unit_test(private_facts_are_private),
		cmocka_unit_test(invoices_are_parted),
		cmocka_unit_test(lines_must_add_up),
		cmocka_unit_test(names_are_made_plain),
		cmocka_unit_test(a_part_payment_shows),
		cmocka_unit_test(facts_are_read),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
