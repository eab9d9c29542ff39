/* test_dice.c - rolls are the same for the same question, spread evenly, and
 * independent of each other; the agenda gives acts back in order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "sim/agenda.h"
#include "sim/dice.h"

#define ROLLS 20000

static void same(void **state)
{
	const struct dice a = { 7 }, b = { 8 };

	(void)state;
	assert_true(dice_roll(&a, "x", 1, 2) == dice_roll(&a, "x", 1, 2));
	assert_true(dice_roll(&a, "x", 1, 2) != dice_roll(&b, "x", 1, 2));
	assert_true(dice_roll(&a, "x", 1, 2) != dice_roll(&a, "y", 1, 2));
	assert_true(dice_roll(&a, "x", 1, 2) != dice_roll(&a, "x", 2, 1));
	/* An answer that must not change from one release to the next: seeds are
	 * quoted in reports of faults. */
	assert_int_equal(dice_between(&a, "pinned", 3, 4, 0, 999999), 330001);
}

static void even(void **state)
{
	const struct dice d = { 1 };
	int64_t count[10] = { 0 }, hits = 0;

	(void)state;
	for (int i = 0; i < ROLLS; i++) {
		const int64_t n = dice_between(&d, "even", i, 0, -3, 6);

		assert_in_range(n + 3, 0, 9);
		count[n + 3]++;
		hits += dice_hits(&d, "hits", i, 0, 300);
	}
	for (int i = 0; i < 10; i++)		/* 2000 each, six standard errors */
		assert_in_range(count[i], 1745, 2255);
	assert_in_range(hits, 455, 745);	/* 600 */
}

static void pick(void **state)
{
	static const int weights[] = { 0, 10, 0, 30, 0 };
	const struct dice d = { 2 };
	int count[5] = { 0 };

	(void)state;
	for (int i = 0; i < ROLLS; i++)
		count[dice_pick(&d, "pick", i, 0, weights, 5)]++;
	assert_int_equal(count[0] + count[2] + count[4], 0);
	assert_in_range(count[1], 4600, 5400);	/* a quarter */
}

static void agenda(void **state)
{
	void *ctx = talloc_new(NULL);
	struct agenda *a = agenda_new(ctx);
	const struct dice d = { 3 };
	struct act got, last = { .at = -1 };
	int taken = 0;

	(void)state;
	assert_false(agenda_take(a, INSTANT_MAX, &got));
	for (int i = 0; i < ROLLS; i++)
		agenda_put(a, &(struct act){ .at = dice_between(&d, "at", i, 0, 0, 500), .number = i });
	while (agenda_take(a, 250, &got)) {
		assert_true(got.at <= 250 && (got.at > last.at || got.order > last.order));
		assert_int_equal(got.order, got.number);
		last = got;
		taken++;
	}
	agenda_put(a, &(struct act){ .at = 0, .number = -1 });
	assert_true(agenda_take(a, 250, &got));
	assert_int_equal(got.number, -1);
	while (agenda_take(a, INSTANT_MAX, &got)) {
		assert_true(got.at > 250 && (got.at > last.at || got.order > last.order));
		last = got;
		taken++;
	}
	assert_int_equal(taken, ROLLS);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same), cmocka_unit_test(even), cmocka_unit_test(pick),
		cmocka_unit_test(agenda),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
