/* test_settle.c - holds, promises, opt-outs and the private link, in a scratch
 * workspace; days and instants worked out by hand. */
#include "scratch.h"

#include "engine/desk.h"
#include "engine/letter.h"
#include "engine/settle_run.h"
#include "model/pay_desk.h"
#include "store/history.h"
#include "store/lease.h"

#define HOUR 3600
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static instant_t at(const char *text)
{
	struct err err = { 0 };
	instant_t out;

	assert_true(instant_parse(text, &out, &err));
	return out;
}

static day_t on(const char *text)
{
	day_t out;

	assert_true(day_parse_iso(&text, &out));
	return out;
}

static struct debtor_record debtor_of(struct scratch *s, const char *external)
{
	struct debtor_record out = { 0 };
	int64_t creditor, id;

	scratch_ok(s, register_find_creditor(s->engine->store, "demo", &creditor, &s->err));
	scratch_ok(s, register_find_debtor(s->engine->store, creditor, external, &id, &s->err));
	scratch_ok(s, register_get_debtor(s->engine->store, s->ctx, id, &out, &s->err));
	return out;
}

static enum contact_state newest(struct scratch *s, const struct debtor_record *debtor, int64_t *id)
{
	struct contact_record c;

	*id = 0;
	for (int64_t i = 1; i < 50; i++) {
		struct err none = { 0 };

		if (!outbox_get(s->engine->store, s->ctx, i, &c, &none))
			break;
		if (c.debtor_id == debtor->id)
			*id = i;
	}
	assert_true(*id != 0);
	scratch_ok(s, outbox_get(s->engine->store, s->ctx, *id, &c, &s->err));
	return c.state;
}

static int setup(void **state)
{
	struct scratch *s = talloc_zero(NULL, struct scratch);

	scratch_make(s, NULL);
	scratch_invoice(s, "F1", "K1", "k1@kunde.example", on("2026-09-15"), 124900,
	    at("2026-09-20T10:00:00Z"));
	scratch_invoice(s, "F2", "K2", "k2@kunde.example", on("2026-09-15"), 50000,
	    at("2026-09-20T10:00:00Z"));
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scratch *s = *state;

	scratch_drop(s);
	talloc_free(s);
	return 0;
}

/* --- words and leases ------------------------------------------------------------ */

static void test_reference(void **state)
{
	static const struct { const char *text; int64_t id; } cases[] = {
		{ "P-000123", 123 }, { "123", 123 }, { "P-1", 1 }, { "0", 0 }, { "", 0 },
		{ "P-", 0 }, { "p-12", 0 }, { "12x", 0 }, { "-12", 0 }, { "P--12", 0 },
		{ "9999999999999999999", 0 }, { "P-1234567", 1234567 },
	};
	char text[SETTLE_REFERENCE_BYTES];
	int64_t id;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const bool ok = settle_reference_parse(cases[i].text, &id);

		assert_int_equal(ok, cases[i].id != 0);
		if (ok)
			assert_int_equal(id, cases[i].id);
	}
	settle_reference('P', 123, text);
	assert_string_equal(text, "P-000123");
	settle_reference('P', 12345678, text);
	assert_string_equal(text, "P-12345678");
}

static void test_lease(void **state)
{
	static const struct { const char *holder, *token; instant_t now; bool taken; } steps[] = {
		{ "boot-a", "t1", 1000, true },
		{ "boot-b", "t2", 1059, false },	/* until 1060 */
		{ "boot-a", "t3", 1010, true },		/* the same machine */
		{ "boot-b", "t4", 1070, true },		/* has run out */
		{ "boot-a", "t5", 1071, false },
	};
	struct scratch *s = *state;
	bool done;

	for (size_t i = 0; i < COUNT(steps); i++) {
		scratch_ok(s, lease_take(s->engine->store, "n", steps[i].holder, steps[i].token,
		    steps[i].now + 60, steps[i].now, &done, &s->err));
		assert_int_equal(done, steps[i].taken);
	}
	scratch_ok(s, lease_renew(s->engine->store, "n", "t1", 5000, &done, &s->err));
	assert_false(done);
	scratch_ok(s, lease_drop(s->engine->store, "n", "t1", &s->err));
	scratch_ok(s, lease_renew(s->engine->store, "n", "t4", 5000, &done, &s->err));
	assert_true(done);
}

/* --- holds ------------------------------------------------------------------------- */

static void test_hold_drops_what_it_covers(void **state)
{
	struct scratch *s = *state;
	const struct debtor_record k1 = debtor_of(s, "K1"), k2 = debtor_of(s, "K2");
	struct plan_summary sum;
	struct invoice_record f2;
	int64_t id, contact;
	struct hold_record hold = { .scope = SCOPE_INVOICE, .creditor_id = k1.creditor_id,
	    .debtor_id = k1.id, .type = HOLD_MANUAL, .owner = "Ida", .reason = "",
	    .until_at = INSTANT_MAX };
	const instant_t now = at("2026-09-20T18:00:00Z");	/* Sunday: planned, not sent */

	scratch_ok(s, plan_run(s->engine, now, false, &sum, &s->err));
	assert_int_equal(sum.contacts, 2);
	scratch_ok(s, ledger_find_invoice(s->engine->store, s->ctx, k1.creditor_id, "F2", &f2, &s->err));
	scratch_ok(s, store_begin(s->engine->store, &s->err));
	hold.invoice_id = f2.id;		/* not one of K1's: nothing to drop there */
	scratch_ok(s, settle_hold(s->engine, &hold, now, &id, &s->err));
	assert_int_equal(newest(s, &k1, &contact), CONTACT_PLANNED);
	hold.debtor_id = k2.id;
	scratch_ok(s, settle_hold(s->engine, &hold, now, &id, &s->err));
	assert_int_equal(newest(s, &k2, &contact), CONTACT_DROPPED);
	hold = (struct hold_record){ .scope = SCOPE_CREDITOR, .creditor_id = k1.creditor_id,
	    .type = HOLD_MANUAL, .owner = "Ida", .reason = "", .until_at = now + 24 * HOUR };
	scratch_ok(s, settle_hold(s->engine, &hold, now, &id, &s->err));
	assert_int_equal(newest(s, &k1, &contact), CONTACT_PLANNED);
	scratch_ok(s, store_commit(s->engine->store, &s->err));
	assert_int_equal(scratch_pass(s, at("2026-09-21T10:00:00Z")), 0);
	assert_int_equal(newest(s, &k1, &contact), CONTACT_DROPPED);	/* by the last look */
}

static void test_hold_must_last(void **state)
{
	struct scratch *s = *state;
	const struct debtor_record k1 = debtor_of(s, "K1");
	const struct hold_record hold = { .scope = SCOPE_DEBTOR, .creditor_id = k1.creditor_id,
	    .debtor_id = k1.id, .type = HOLD_MANUAL, .owner = "Ida", .reason = "",
	    .until_at = 1000 };
	int64_t id;

	scratch_ok(s, store_begin(s->engine->store, &s->err));
	assert_false(settle_hold(s->engine, &hold, 1000, &id, &s->err));
	assert_int_equal(s->err.kind, ERR_INPUT);
	store_rollback(s->engine->store);
}

static void test_ends_are_noticed_once(void **state)
{
	struct scratch *s = *state;
	const struct debtor_record k1 = debtor_of(s, "K1");
	struct hold_record hold = { .scope = SCOPE_DEBTOR, .creditor_id = k1.creditor_id,
	    .debtor_id = k1.id, .type = HOLD_PAID_CLAIMED, .owner = "debtor", .reason = "",
	    .until_at = 2000 };
	int64_t id, rows;
	bool open;

	scratch_ok(s, store_begin(s->engine->store, &s->err));
	scratch_ok(s, settle_hold(s->engine, &hold, 1000, &id, &s->err));
	hold.until_at = 3000;
	scratch_ok(s, settle_hold(s->engine, &hold, 1000, &id, &s->err));
	scratch_ok(s, store_commit(s->engine->store, &s->err));
	rows = store_rows_written(s->engine->store);
	scratch_ok(s, settle_run(s->engine, 1999, &s->err));
	assert_int_equal(store_rows_written(s->engine->store), rows);
	scratch_ok(s, settle_run(s->engine, 2000, &s->err));
	scratch_ok(s, history_task_is_open(s->engine->store, k1.id, "claim_unpaid", &open, &s->err));
	assert_true(open);
	rows = store_rows_written(s->engine->store);
	scratch_ok(s, settle_run(s->engine, 2500, &s->err));
	assert_int_equal(store_rows_written(s->engine->store), rows);
	scratch_ok(s, settle_run(s->engine, 3000, &s->err));	/* no second task */
	assert_int_equal(store_rows_written(s->engine->store), rows + 2);
}

/* --- promises ------------------------------------------------------------------------ */

static void test_promise_ends_at_local_midnight(void **state)
{
	static const struct { const char *made, *pay_on, *until; } cases[] = {
		{ "2026-09-21T10:00:00Z", "2026-10-01", "2026-10-04T22:00:00Z" },	/* summer */
		{ "2026-10-20T10:00:00Z", "2026-10-21", "2026-10-24T22:00:00Z" },	/* the night before */
		{ "2026-10-20T10:00:00Z", "2026-10-22", "2026-10-25T23:00:00Z" },	/* clocks went back */
		{ "2026-12-20T10:00:00Z", "2026-12-30", "2027-01-02T23:00:00Z" },
	};
	struct scratch *s = *state;
	const struct debtor_record k1 = debtor_of(s, "K1");
	const struct zone *zone = zone_find("Europe/Copenhagen", &s->err);
	struct hold_record hold;
	day_t promised;

	for (size_t i = 0; i < COUNT(cases); i++) {
		scratch_ok(s, store_begin(s->engine->store, &s->err));
		scratch_ok(s, settle_promise(s->engine, &k1, zone, on(cases[i].pay_on), "debtor",
		    at(cases[i].made), &hold, &s->err));
		scratch_ok(s, ledger_promise_of(s->engine->store, hold.id, &promised, &s->err));
		store_rollback(s->engine->store);
		assert_int_equal(hold.until_at, at(cases[i].until));
		assert_int_equal(promised, on(cases[i].pay_on));
	}
}

static void test_promises_are_limited(void **state)
{
	struct scratch *s = *state;
	const struct debtor_record k1 = debtor_of(s, "K1");
	const struct zone *zone = zone_find("Europe/Copenhagen", &s->err);
	const instant_t first = at("2026-09-21T10:00:00Z");
	struct hold_record hold;
	bool may;

	scratch_ok(s, store_begin(s->engine->store, &s->err));
	for (int i = 0; i < PROMISES_MAX; i++) {
		const instant_t now = first + i * 24 * HOUR;

		scratch_ok(s, settle_may_promise(s->engine, k1.id, now, &may, &s->err));
		assert_true(may);
		scratch_ok(s, settle_promise(s->engine, &k1, zone, on("2026-10-01"), "debtor", now,
		    &hold, &s->err));
	}
	scratch_ok(s, settle_may_promise(s->engine, k1.id, first + 60 * 24 * HOUR - 1, &may, &s->err));
	assert_false(may);
	scratch_ok(s, settle_may_promise(s->engine, k1.id, first + 60 * 24 * HOUR, &may, &s->err));
	assert_true(may);
	scratch_ok(s, store_commit(s->engine->store, &s->err));
}

/* --- the link -------------------------------------------------------------------------- */

static void test_look_up_on_a_store_for_reading(void **state)
{
	struct scratch *s = *state;
	const instant_t now = at("2026-09-21T12:00:00Z");
	char token[TOKEN_TEXT_BYTES];
	const struct pay_desk *desk;
	struct pay_view view;

	assert_int_equal(scratch_pass(s, at("2026-09-21T10:00:00Z")), 2);
	letter_token(s->engine, 1, LINK_GENERATION, token);
	scratch_open(s, STORE_READ);
	desk = desk_open(s->ctx, s->engine);
	scratch_ok(s, desk->ready(desk->arg, &s->err));
	scratch_ok(s, desk->look_up(desk->arg, s->ctx, token, now, &view, &s->err));
	desk->turn(desk->arg);
	assert_true(view.found && !view.expired && !view.all_paid && !view.unsubscribed);
	assert_int_equal(view.facts.totals[0].due_minor, 124900);
	assert_string_equal(view.facts.invoices[0].number, "F1");
	assert_int_equal(view.promise_first, on("2026-09-21"));
	assert_int_equal(view.promise_last, on("2026-10-21"));
	assert_int_equal(view.hold_count + view.fee_count, 0);
	scratch_ok(s, desk->look_up(desk->arg, s->ctx, "AAAAAAAAAAAAAAAAAAAAAA", now, &view, &s->err));
	assert_false(view.found);
	scratch_ok(s, desk->look_up(desk->arg, s->ctx, token, at("2027-01-19T10:00:00Z"), &view,
	    &s->err));
	assert_true(view.found && view.expired);	/* 120 days to the second */
	assert_int_equal(view.facts.invoice_count + view.facts.total_count, 0);
	assert_string_equal(view.facts.debtor_name, "");
	desk->turn(desk->arg);
}

static void test_same_key_same_receipt(void **state)
{
	struct scratch *s = *state;
	const struct pay_desk *desk = desk_open(s->ctx, s->engine);
	struct pay_action action = { .kind = PAY_ACT_DISPUTE, .day = DAY_NONE,
	    .reason = PAY_REASON_GOODS, .text = "\"kaputt\"\n", .lang = "en",
	    .key = "KKKKKKKKKKKKKKKKKKKKKK" };
	struct pay_receipt first, second;
	char token[TOKEN_TEXT_BYTES];
	const instant_t now = at("2026-09-21T12:00:00Z");
	int64_t rows;

	assert_int_equal(scratch_pass(s, at("2026-09-21T10:00:00Z")), 2);
	letter_token(s->engine, 2, LINK_GENERATION, token);
	scratch_ok(s, desk->act(desk->arg, s->ctx, token, &action, now, &first, &s->err));
	assert_true(first.outcome == PAY_DONE && !first.repeated);
	assert_int_equal(first.quiet_until, DAY_NONE);
	rows = store_rows_written(s->engine->store);
	scratch_ok(s, desk->act(desk->arg, s->ctx, token, &action, now + HOUR, &second, &s->err));
	assert_int_equal(store_rows_written(s->engine->store), rows);
	assert_true(second.outcome == PAY_DONE && second.repeated);
	assert_string_equal(second.reference, first.reference);
	assert_int_equal(second.quiet_until, first.quiet_until);
	scratch_ok(s, desk->act(desk->arg, s->ctx, "AAAAAAAAAAAAAAAAAAAAAA", &action, now, &second,
	    &s->err));
	assert_int_equal(second.outcome, PAY_NOT_FOUND);
}

static void test_one_mailbox_one_no(void **state)
{
	struct scratch *s = *state;
	struct address_record *addresses;
	size_t n;
	struct debtor_record twin;
	const instant_t now = at("2026-09-21T12:00:00Z");

	scratch_invoice(s, "F3", "K3", "k1@kunde.example", on("2026-09-15"), 1000, now);
	twin = debtor_of(s, "K3");
	scratch_ok(s, register_addresses(s->engine->store, s->ctx, debtor_of(s, "K1").id,
	    &addresses, &n, &s->err));
	assert_int_equal(addresses[0].channel, CHANNEL_EMAIL);
	scratch_ok(s, store_begin(s->engine->store, &s->err));
	scratch_ok(s, settle_opt_out(s->engine, twin.creditor_id, addresses[0].id, "debtor", now,
	    &s->err));
	scratch_ok(s, store_commit(s->engine->store, &s->err));
	scratch_ok(s, register_addresses(s->engine->store, s->ctx, twin.id, &addresses, &n, &s->err));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(addresses[i].opted_out, addresses[i].channel == CHANNEL_EMAIL);
	scratch_invoice(s, "F4", "K4", "k1@kunde.example", on("2026-09-15"), 1000, now);
	twin = debtor_of(s, "K4");
	scratch_ok(s, register_addresses(s->engine->store, s->ctx, twin.id, &addresses, &n, &s->err));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(addresses[i].opted_out, addresses[i].channel == CHANNEL_EMAIL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference),
		TEST(test_lease),
		TEST(test_hold_drops_what_it_covers),
		TEST(test_hold_must_last),
		TEST(test_ends_are_noticed_once),
		TEST(test_promise_ends_at_local_midnight),
		TEST(test_promises_are_limited),
		TEST(test_look_up_on_a_store_for_reading),
		TEST(test_same_key_same_receipt),
		TEST(test_one_mailbox_one_no),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
