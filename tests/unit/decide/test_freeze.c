/* test_freeze.c - the text of facts and answers to the byte: decisions of
 * years ago are compared with what is frozen today.  tests/golden/frozen/ has
 * each row's text as it is stored in people's databases; a member that comes new
 * is left out where it says nothing, so that the texts here stay as they are.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "decide/frozen.h"

#define GOLDEN_BYTES_MAX 65536
#define ODD "a \"b\" \\ / \b\f\n\r\t\x01\x0b\x1f\x7f \xc3\xa6\xe2\x82\xac\xf0\x9f\x98\x80"

#define EMPTY { .last_step = -1, .last_sent_on = DAY_NONE, .last_deadline_on = DAY_NONE, \
	.held_until = DAY_NONE }
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct schedule ladder = { .hash = "1f0e", .steps = { { .id = "heads_up" },
	{ .id = "first" }, { .id = ODD } }, .step_count = 3 };
static struct schedule odd = { .hash = ODD, .steps = { { .id = "only" } }, .step_count = 1 };

/* --- facts -------------------------------------------------------------------- */

static struct decide_invoice plain[] = {
	{ .id = 7, .balance_minor = 124900, .place = EMPTY, .approved_step = -1,
	  .interest_from = DAY_NONE },
};

/* Each of the members that are left out when they say nothing, alone; the ends
 * of numbers; a hold without an end, one with it. */
static struct decide_invoice all_kinds[] = {
	{ .id = 1, .balance_minor = 1, .place = EMPTY, .approved_step = 0,
	  .interest_from = DAY_NONE },
	{ .id = 2, .balance_minor = 2, .place = EMPTY, .approved_step = -1,
	  .interest_from = 20700 },
	{ .id = 3, .balance_minor = 3, .place = EMPTY, .approved_step = -1,
	  .interest_from = DAY_NONE, .interest_minor = 5 },
	{ .id = 4, .balance_minor = 4, .place = EMPTY, .approved_step = -1,
	  .interest_from = DAY_NONE, .compensated = true },
	{ .id = 5, .balance_minor = 5, .principal_minor = 6, .charged_minor = -7,
	  .place = { .due_on = -1, .last_step = 2, .last_sent_on = 20701,
	  .last_deadline_on = 20711, .held_until = 20715 }, .approved_step = 2,
	  .interest_from = 0, .interest_minor = -1, .compensated = true,
	  .hold = { .held = true, .type = HOLD_PROMISE, .until = 1789984800 } },
	{ .id = INT64_MAX, .balance_minor = INT64_MIN, .principal_minor = INT64_MAX,
	  .charged_minor = INT64_MIN, .place = { .due_on = INT32_MAX, .last_step = 0,
	  .last_sent_on = 0, .last_deadline_on = DAY_NONE, .held_until = DAY_NONE },
	  .hold = { .held = true, .type = HOLD_DISPUTE, .until = DECIDE_HOLDS_FOREVER },
	  .approved_step = -1, .interest_from = DAY_NONE },
};

static struct decide_case one_case[] = {
	{ .id = 3, .currency = "DKK", .schedule = &ladder, .invoices = plain,
	  .invoice_count = COUNT(plain), .last_fee_on = DAY_NONE },
};

static struct decide_case all_cases[] = {
	{ .id = 1, .currency = "DKK", .schedule = &ladder, .invoices = all_kinds,
	  .invoice_count = COUNT(all_kinds), .fee_count = 3, .last_fee_on = 20650,
	  .hold = { .held = true, .type = HOLD_MANUAL, .until = 1790000000 } },
	{ .id = 2, .currency = "EUR", .schedule = &odd, .last_fee_on = DAY_NONE },
	{ .id = 3, .currency = "", .schedule = &ladder, .invoices = plain,
	  .invoice_count = COUNT(plain), .last_fee_on = 0 },
};

static const struct gate_contact sent[] = {
	{ .at = 1789984799, .channel = CHANNEL_CALL },
	{ .at = 0, .channel = CHANNEL_EMAIL },
};

static const struct {
	const char *says, *zone, *creditor_zone;
	struct decide_facts facts;
} facts_rows[] = {
	{ "zeros", "UTC", "UTC", { 0 } },
	{ "one invoice", "Europe/Copenhagen", "Europe/Copenhagen", { .edition = 2,
	  .now = 1789984800, .address = { [CHANNEL_EMAIL] = { .id = 11 } }, .arm = -1,
	  .bucket = -1, .margin_minutes = 30, .cases = one_case, .case_count = 1 } },
	{ "everything", "America/Argentina/Buenos_Aires", "Asia/Kathmandu", { .edition = 1,
	  .now = INT64_MAX, .party = PARTY_PUBLIC, .prefers_given = true,
	  .prefers = CHANNEL_CALL, .address = { { .id = 11 }, { .id = 12, .opted_out = true },
	  { .id = 13, .bad = true }, { .id = INT64_MAX, .opted_out = true, .bad = true } },
	  .other_lang = "is", .sent = sent, .sent_count = COUNT(sent), .pending_contact = 101,
	  .unknown_contact = 102, .loose_money = true,
	  .hold = { .held = true, .type = HOLD_LEGAL, .until = DECIDE_HOLDS_FOREVER },
	  .arm = 2, .bucket = 9999, .margin_minutes = 59, .cases = all_cases,
	  .case_count = COUNT(all_cases) } },
	{ "another language alone", "UTC", "Europe/Oslo", { .edition = 2, .other_lang = "pl" } },
};

/* --- answers ------------------------------------------------------------------- */

static const struct decide_facts spoken = { .cases = all_cases, .case_count = COUNT(all_cases) };

static const struct {
	const char *says;
	struct decision decision;
} decision_rows[] = {
	{ "nothing", { .result = DECIDE_NOTHING, .next_check_at = INSTANT_MAX, .schedule = &ladder,
	  .case_count = 1 } },
	{ "odd reason", { .result = DECIDE_WAIT, .reason = ODD, .next_check_at = 1789984801 } },
	{ "handed over", { .result = DECIDE_HAND_OVER, .reason = "", .next_check_at = 1,
	  .schedule = &ladder, .step = 2, .cases = { { .case_index = 2 } }, .case_count = 1,
	  .deadline_on = 20720 } },
	{ "without parts", { .result = DECIDE_CONTACT, .reason = "r", .next_check_at = 2,
	  .schedule = &odd, .channel = CHANNEL_LETTER, .tone = TONE_NEUTRAL, .arm = -1,
	  .deadline_on = DAY_NONE } },
	{ "everything", { .result = DECIDE_CONTACT, .reason = "DK-HOURS-1",
	  .next_check_at = 1790000000, .schedule = &ladder, .step = 1, .channel = CHANNEL_SMS,
	  .address_id = 12, .tone = TONE_WARM, .arm = 2, .assign = true,
	  .ripe_at = 1789984800, .closes_at = 1789990000, .expires_at = 1790243200,
	  .deadline_on = 20720, .dispatch_on = 20719, .case_count = 5, .cases = {
	  { .case_index = 0, .carrying = 1, .fee_minor = 10000 },
	  { .case_index = 0, .carrying = 5, .interest_minor = 1 },
	  { .case_index = 2, .fee_minor = 1, .compensation_minor = 31000 },
	  { .case_index = 2, .fee_minor = -1, .interest_minor = -2, .compensation_minor = -3 },
	  { .case_index = 0, .carrying = 4, .fee_minor = INT64_MAX } } } },
};

/* --- against what was recorded ---------------------------------------------------- */

static void compare(void *ctx, const char *name, const char *text)
{
	char *path = talloc_asprintf(ctx, "tests/golden/frozen/%s.txt", name);
	char *golden = talloc_zero_array(ctx, char, GOLDEN_BYTES_MAX + 1);
	FILE *file = fopen(path, "r");
	size_t at = 0;

	if (file == NULL)
		fail_msg("%s is missing", path);
	assert_true(fread(golden, 1, GOLDEN_BYTES_MAX, file) > 0);
	assert_int_equal(fclose(file), 0);
	while (golden[at] != '\0' && golden[at] == text[at])
		at++;
	if (golden[at] != text[at])
		fail_msg("%s, byte %zu: %.60s; now: %.60s", path, at, &golden[at], &text[at]);
}

static void test_facts(void **state)
{
	void *ctx = talloc_new(NULL);
	char *text = talloc_strdup(ctx, "");

	(void)state;
	for (size_t i = 0; i < COUNT(facts_rows); i++) {
		struct decide_facts f = facts_rows[i].facts;

		f.debtor_zone = zone_find(facts_rows[i].zone, NULL);
		f.creditor_zone = zone_find(facts_rows[i].creditor_zone, NULL);
		assert_true(f.debtor_zone != NULL && f.creditor_zone != NULL);
		text = talloc_asprintf_append(text, "# %s\n%s\n", facts_rows[i].says,
		    facts_freeze(ctx, &f));
	}
	compare(ctx, "facts", text);
	talloc_free(ctx);
}

static void test_decisions(void **state)
{
	void *ctx = talloc_new(NULL);
	char *text = talloc_strdup(ctx, "");

	(void)state;
	for (size_t i = 0; i < COUNT(decision_rows); i++)
		text = talloc_asprintf_append(text, "# %s\n%s\n", decision_rows[i].says,
		    decision_freeze(ctx, &spoken, &decision_rows[i].decision));
	compare(ctx, "decisions", text);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_decisions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
