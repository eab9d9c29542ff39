/* test_compose.c - what a message holds, and what is refused rather than sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "compose/compose.h"
#include "compose/library.h"
#include "compose/sample.h"

static struct library *lib;

static int open_library(void **state)
{
	(void)state;
	lib = library_open(NULL, ".", NULL);
	return lib == NULL;
}

static int close_library(void **state)
{
	(void)state;
	talloc_free(lib);
	return 0;
}

static struct message_facts sample(enum channel channel, const char *name)
{
	return sample_facts(channel, "da", name, TONE_WARM, SAMPLE_ORDINARY);
}

static void members_by_channel(void **state)
{
	void *ctx = talloc_new(NULL);
	struct message_facts f = sample(CHANNEL_EMAIL, "fee_reminder");
	struct message m = { .to = "untouched", .contact_id = 7 };

	(void)state;
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_int_equal(m.channel, CHANNEL_EMAIL);
	assert_string_equal(m.lang, "da");
	assert_string_equal(m.to, "untouched");
	assert_int_equal(m.contact_id, 7);
	assert_non_null(strstr(m.text, "\n-- \n"));
	assert_string_equal(m.text + strlen(m.text) - 1, "\n");
	assert_null(strstr(m.text, "\n\n\n"));
	assert_non_null(strstr(m.html, "<html lang=\"da\">"));
	assert_null(strstr(m.subject, "\n"));

	f = sample(CHANNEL_SMS, "fee_reminder");
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_string_equal(m.subject, "");
	assert_string_equal(m.html, "");
	assert_null(strchr(m.text, '\n'));

	f = sample(CHANNEL_LETTER, "fee_reminder");
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_string_equal(m.html, "");
	assert_true(strlen(m.subject) > 0);
	talloc_free(ctx);
}

static void same_facts_same_bytes(void **state)
{
	void *ctx = talloc_new(NULL);
	struct message_facts f = sample(CHANNEL_EMAIL, "formal_notice");
	struct message a = { 0 }, b = { 0 };

	(void)state;
	assert_true(compose_message(lib, ctx, &f, &a, NULL));
	assert_true(compose_message(lib, ctx, &f, &b, NULL));
	assert_string_equal(a.text, b.text);
	assert_string_equal(a.html, b.html);
	assert_ptr_not_equal(a.text, b.text);
	talloc_free(ctx);
}

static void html_is_escaped(void **state)
{
	void *ctx = talloc_new(NULL);
	struct message_facts f = sample(CHANNEL_EMAIL, "friendly_reminder");
	struct message m = { 0 };

	(void)state;
	f.debtor_name = "<script>alert(1)</script> & \"Co\"";
	f.creditor.name = "A&B <i>\nX-Evil: 1";
	f.link_url = "https://a.example/p/x?a=1&b=\"2";
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_null(strstr(m.html, "<script>"));
	assert_null(strstr(m.html, "<i>"));
	assert_non_null(strstr(m.html, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Co&quot;"));
	assert_non_null(strstr(m.html, "href=\"https://a.example/p/x?a=1&amp;b=&quot;2\""));
	assert_non_null(strstr(m.text, "<script>alert(1)</script> & \"Co\""));
	assert_string_equal(m.subject, "En lille påmindelse fra A&B <i> X-Evil: 1");
	talloc_free(ctx);
}

static void optional_facts_leave_no_trace(void **state)
{
	void *ctx = talloc_new(NULL);
	struct message_facts f = sample(CHANNEL_EMAIL, "heads_up");
	struct message m = { 0 };

	(void)state;
	f.creditor.account = f.creditor.account_name = f.creditor.email = "";
	f.creditor.company_id = f.creditor.street = f.creditor.postcode = f.creditor.city = "";
	f.reference = f.unsubscribe_url = f.debtor_id = "";
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_null(strstr(m.text, "Bankoverførsel"));
	assert_null(strstr(m.text, "Skriv ved"));
	assert_null(strstr(m.text, "Vil du helst ikke"));
	assert_null(strstr(m.text, ", ."));
	assert_null(strstr(m.text, "\n\n\n"));
	assert_null(strstr(m.html, "Sådan betaler du"));
	assert_non_null(strstr(m.text, "kan du ringe på 70 10 20 30."));

	f.creditor.phone = "";
	f.creditor.email = "hej@a.example";
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_non_null(strstr(m.text, "kan du skrive til hej@a.example."));
	assert_null(strstr(m.text, "ringe"));
	talloc_free(ctx);
}

static void no_fee_no_fee_line(void **state)
{
	static const struct fact_total total[] = { { "DKK", 174500, 204000, 0 } };
	void *ctx = talloc_new(NULL);
	struct message_facts f = sample(CHANNEL_EMAIL, "fee_reminder");
	struct message m = { 0 };

	(void)state;
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_non_null(strstr(m.text, "Gebyr for denne rykker (renteloven § 9 b): 100,00 kr."));
	f.totals = total;
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_null(strstr(m.text, "Gebyr for denne"));
	assert_null(strstr(m.html, "Gebyr for denne"));
	f.channel = CHANNEL_SMS;
	assert_true(compose_message(lib, ctx, &f, &m, NULL));
	assert_null(strstr(m.text, "gebyr"));
	talloc_free(ctx);
}

/* One member taken away at a time. */
static void what_is_required_is_required(void **state)
{
	void *ctx = talloc_new(NULL);
	struct message m = { .text = "before" };

	(void)state;
	for (int i = 0; i < 8; i++) {
		struct message_facts f = sample(CHANNEL_LETTER, "formal_notice");
		struct err err = { 0 };
		const char *says = "";

		switch (i) {
		case 0: f.creditor.account = ""; says = "account is required"; break;
		case 1: f.creditor.account_name = ""; says = "account_name is required"; break;
		case 2: f.deadline = DAY_NONE; says = "deadline is required"; break;
		case 3: f.debtor_name = ""; says = "debtor_name is required"; break;
		case 4: f.link_url = ""; says = "link_url is required"; break;
		case 5: f.creditor.name = " \n "; says = "creditor_name is required"; break;
		case 6: f.lang = "is"; says = "no text: templates/letter/is/formal_notice.warm"; break;
		default: f.creditor.phone = f.creditor.email = "";
			 says = "creditor_contact is required"; break;
		}
		assert_false(compose_message(lib, ctx, &f, &m, &err));
		print_message("# %s\n", err.text);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_non_null(strstr(err.text, says));
		assert_string_equal(m.text, "before");
	}
	talloc_free(ctx);
}

/* A friendly reminder is no notice in law, and an SMS cannot be one. */
static void a_notice_needs_a_notice(void **state)
{
	void *ctx = talloc_new(NULL);
	struct message_facts f = sample(CHANNEL_EMAIL, "friendly_reminder");
	struct message m = { 0 };
	struct err err = { 0 };

	(void)state;
	f.legal_notice = true;
	assert_false(compose_message(lib, ctx, &f, &m, &err));
	assert_non_null(strstr(err.text, "legal notice"));
	f = sample(CHANNEL_SMS, "formal_notice");
	assert_false(compose_message(lib, ctx, &f, &m, NULL));
	f = sample(CHANNEL_CALL, "heads_up");
	assert_false(compose_message(lib, ctx, &f, &m, NULL));
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_by_channel),
		cmocka_unit_test(same_facts_same_bytes),
		cmocka_unit_test(html_is_escaped),
		cmocka_unit_test(optional_facts_leave_no_trace),
		cmocka_unit_test(no_fee_no_fee_line),
		cmocka_unit_test(what_is_required_is_required),
		cmocka_unit_test(a_notice_needs_a_notice),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	secret_start();
	return cmocka_run_group_tests_name("compose", tests, open_library, close_library);
}
