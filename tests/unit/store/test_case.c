/* test_case.c - which debtors are to be looked at, in what order, and that a
 * sweep over them comes to an end. */
#include "scene.h"

/* A debtor of an address of his own (or the one given), whose case sleeps until then. */
static int64_t sleeper(struct scene *s, const char *number, const char *email, instant_t until)
{
	const struct debtor_row row = { .external_id = number, .name = "Kunde", .lang = "da",
	    .country = "DK", .zone = "Europe/Copenhagen", .email = email, .phone = "",
	    .street = "", .postcode = "", .city = "", .region = "", .schedule = "",
	    .segment = "" };
	enum row_effect effect;
	int64_t id, ladder;

	done(s, register_put_debtor(s->store, s->creditor, &row, &id, &effect, &s->err));
	done(s, ledger_add_case(s->store, s->creditor, id, "DKK", "s1", "p1", NOW, &ladder,
	    &s->err));
	done(s, ledger_sleep_until(s->store, id, until, &s->err));
	return id;
}

static void swept_by_number(void **state)
{
	struct scene *s = *state;
	struct ripe_sweep sweep = { 0 };
	int64_t late, soon, sooner, second, *ids;
	size_t n;

	done(s, store_begin(s->store, &s->err));
	done(s, ledger_sleep_until(s->store, s->debtor, NOW + 9, &s->err));
	late = sleeper(s, "K2", "k2@kunde.example", NOW + 1);
	soon = sleeper(s, "K3", "k3@kunde.example", NOW - 1);
	sooner = sleeper(s, "K4", "k4@kunde.example", NOW - 2);
	done(s, ledger_add_case(s->store, s->creditor, soon, "EUR", "s1", "p1", NOW - 1, &second,
	    &s->err));
	done(s, ledger_debtors_ripe(s->store, s, NOW, &sweep, 9, &ids, &n, &s->err));
	assert_true(n == 2 && ids[0] == soon && ids[1] == sooner && sweep.over);
	sweep = (struct ripe_sweep){ 0 };
	done(s, ledger_debtors_ripe(s->store, s, NOW + 1, &sweep, 2, &ids, &n, &s->err));
	assert_true(n == 2 && ids[0] == soon && ids[1] == sooner && !sweep.over);
	done(s, ledger_debtors_ripe(s->store, s, NOW + 1, &sweep, 2, &ids, &n, &s->err));
	assert_true(n == 1 && ids[0] == late && sweep.over);
	store_rollback(s->store);
}

/* By the case that is due first, also where the sweep's mark lies between two. */
static void each_once(void **state)
{
	struct scene *s = *state;
	struct ripe_sweep sweep = { 0 };
	int64_t two, one, later, *ids;
	size_t n;

	done(s, store_begin(s->store, &s->err));
	done(s, ledger_sleep_until(s->store, s->debtor, NOW + 9, &s->err));
	two = sleeper(s, "K2", "k2@kunde.example", NOW - 5);
	one = sleeper(s, "K3", "k3@kunde.example", NOW - 3);
	done(s, ledger_add_case(s->store, s->creditor, two, "EUR", "s1", "p1", NOW - 1, &later,
	    &s->err));
	done(s, ledger_debtors_ripe(s->store, s, NOW, &sweep, 1, &ids, &n, &s->err));
	assert_true(n == 1 && ids[0] == two && !sweep.over);
	done(s, ledger_debtors_ripe(s->store, s, NOW, &sweep, 1, &ids, &n, &s->err));
	assert_true(n == 1 && ids[0] == one && !sweep.over);
	done(s, ledger_debtors_ripe(s->store, s, NOW, &sweep, 1, &ids, &n, &s->err));
	assert_true(n == 0 && sweep.over);
	store_rollback(s->store);
}

static void looked_at_meanwhile(void **state)
{
	struct scene *s = *state;
	bool ripe;

	done(s, ledger_debtor_is_ripe(s->store, s->debtor, NOW, &ripe, &s->err));
	assert_true(ripe);
	done(s, store_begin(s->store, &s->err));
	done(s, ledger_sleep_until(s->store, s->debtor, NOW + 1, &s->err));
	done(s, ledger_debtor_is_ripe(s->store, s->debtor, NOW, &ripe, &s->err));
	assert_false(ripe);
	store_rollback(s->store);
}

static void woken_with_their_address(void **state)
{
	struct scene *s = *state;
	int64_t twin, other;
	bool ripe;

	done(s, store_begin(s->store, &s->err));
	done(s, ledger_sleep_until(s->store, s->debtor, NOW + 100, &s->err));
	twin = sleeper(s, "K2", "k@kunde.example", NOW + 100);
	other = sleeper(s, "K3", "k3@kunde.example", NOW + 100);
	done(s, ledger_wake_debtor(s->store, s->debtor, NOW + 5, &s->err));
	done(s, ledger_debtor_is_ripe(s->store, s->debtor, NOW + 5, &ripe, &s->err));
	assert_true(ripe);
	done(s, ledger_debtor_is_ripe(s->store, twin, NOW + 5, &ripe, &s->err));
	assert_true(ripe);
	done(s, ledger_debtor_is_ripe(s->store, other, NOW + 5, &ripe, &s->err));
	assert_false(ripe);
	store_rollback(s->store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_drop)
	const struct CMUnitTest tests[] = {
		TEST(swept_by_number), TEST(each_once), TEST(looked_at_meanwhile),
		TEST(woken_with_their_address),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
