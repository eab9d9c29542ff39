/* test_ladder.c - which step is next and from which day on, as tables; and a
 * walk over every day, which must take each step once and in order.
 *
 * Days count from the due date, which is day 1000.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan/ladder.h"

#define DUE 1000
#define NO DAY_NONE

static struct schedule schedule;

enum { EARLY, LATE, FEE, NOTICE, OUT, STEPS };

static int start(void **state)
{
	static const struct schedule_step steps[STEPS] = {
		[EARLY] = { .id = "early", .from = STEP_FROM_DUE, .days = -3, .lapse_days = 0 },
		[LATE] = { .id = "late", .from = STEP_FROM_DUE, .days = 4,
		    .lapse_days = STEP_NEVER_LAPSES },
		[FEE] = { .id = "fee", .from = STEP_FROM_PREVIOUS, .days = 10,
		    .lapse_days = STEP_NEVER_LAPSES },
		[NOTICE] = { .id = "notice", .from = STEP_FROM_PREVIOUS, .days = 10,
		    .lapse_days = STEP_NEVER_LAPSES, .grace_days = 3 },
		[OUT] = { .id = "out", .from = STEP_FROM_PREVIOUS, .days = 14,
		    .lapse_days = STEP_NEVER_LAPSES, .grace_days = 4, .handover = true },
	};

	(void)state;
	memcpy(schedule.steps, steps, sizeof(steps));
	schedule.step_count = STEPS;
	schedule.resume_days = 2;
	return 0;
}

static const struct {
	const char	*says;
	int		 last;
	day_t		 sent, deadline, held_until, today;	/* NO: none; else from DUE */
	int		 step;
	day_t		 due;					/* from DUE */
	int		 lapsed;
} places[] = {
	{ "long before", -1, NO, NO, NO, -20, EARLY, -3, 0 },
	{ "on the day of the heads-up", -1, NO, NO, NO, -3, EARLY, -3, 0 },
	{ "a day before the due date it is late, not lost", -1, NO, NO, NO, -1, EARLY, -3, 0 },
	{ "on the due date it has lapsed", -1, NO, NO, NO, 0, LATE, 4, 1 },
	{ "long after, the first reminder is still the first", -1, NO, NO, NO, 300, LATE, 4, 1 },
	{ "the heads-up was sent", EARLY, -3, NO, NO, -2, LATE, 4, 0 },
	{ "ten days after the first reminder", LATE, 4, NO, NO, 5, FEE, 14, 0 },
	{ "ten days after it was really sent", LATE, 40, NO, NO, 41, FEE, 50, 0 },
	{ "the deadline's grace ends later than the days", FEE, 14, 30, NO, 15, NOTICE, 34, 0 },
	{ "the days end later than the grace", FEE, 14, 18, NO, 15, NOTICE, 24, 0 },
	{ "the day after deadline and grace, not before", FEE, 14, 20, NO, 15, NOTICE, 24, 0 },
	{ "no deadline given", NOTICE, 24, NO, NO, 25, OUT, 38, 0 },
	{ "the last step taken: climbed", OUT, 40, NO, NO, 41, -1, NO, 0 },
	{ "a hold that ended before changes nothing", -1, NO, NO, 1, 2, LATE, 4, 1 },
	{ "a hold that ended later: its end and two days", -1, NO, NO, 10, 11, LATE, 12, 1 },
	{ "a hold that ended on the eve", -1, NO, NO, 3, 4, LATE, 5, 1 },
	{ "a hold's end counts against the previous step's days too", LATE, 4, NO, 20, 21, FEE, 22, 0 },
	{ "a hold does not bring a lapsed step back", -1, NO, NO, -1, 1, LATE, 4, 1 },
};

static day_t from_due(day_t day)
{
	return day == NO ? NO : DUE + day;
}

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct ladder_place place = { .due_on = DUE, .last_step = places[i].last,
		    .last_sent_on = from_due(places[i].sent),
		    .last_deadline_on = from_due(places[i].deadline),
		    .held_until = from_due(places[i].held_until) };
		const struct ladder_next next = ladder_next(&schedule, &place,
		    from_due(places[i].today));

		if (next.step != places[i].step || next.due_on != from_due(places[i].due) ||
		    next.lapsed != places[i].lapsed)
			fail_msg("%s: step %d on %d, %d lapsed", places[i].says, next.step,
			    next.due_on == NO ? -1 : (int)(next.due_on - DUE), next.lapsed);
	}
}

/* A previous step that lapsed: the days count from the due date. */
static void test_all_lapsed(void **state)
{
	const struct ladder_place place = { .due_on = DUE, .last_step = -1, .last_sent_on = NO,
	    .last_deadline_on = NO, .held_until = NO };
	struct schedule two = schedule;
	struct ladder_next next;

	(void)state;
	two.steps[LATE] = two.steps[FEE];
	two.step_count = 2;
	next = ladder_next(&two, &place, DUE + 1);
	assert_int_equal(next.step, 1);
	assert_int_equal(next.due_on, DUE + 10);
}

/* A step that counts from the due date waits for the day that was given to pay by, and for
 * its own grace; what was decided before that was so is judged as it was. */
static void test_deadline_heeded(void **state)
{
	struct ladder_place place = { .due_on = DUE, .last_step = FEE, .last_sent_on = DUE + 30,
	    .last_deadline_on = DUE + 40, .held_until = NO };
	struct schedule own = schedule;

	(void)state;
	own.steps[NOTICE].from = STEP_FROM_DUE;
	own.steps[NOTICE].days = 28;
	own.steps[NOTICE].grace_days = 2;
	assert_int_equal(ladder_next(&own, &place, DUE + 31).due_on, DUE + 43);
	place.due_alone = true;
	assert_int_equal(ladder_next(&own, &place, DUE + 31).due_on, DUE + 28);
	place.due_alone = false;
	place.last_deadline_on = NO;
	assert_int_equal(ladder_next(&own, &place, DUE + 31).due_on, DUE + 28);
}

/* Day after day, whenever the worker happens to look: each step is taken once,
 * in order, never before its day, and the gaps are kept. */
static void test_walk(void **state)
{
	(void)state;
	for (int every = 1; every <= 45; every++) {
		struct ladder_place place = { .due_on = DUE, .last_step = -1,
		    .last_sent_on = NO, .last_deadline_on = NO, .held_until = NO };
		int taken = 0;

		for (day_t today = DUE - 30; today < DUE + 400; today += every) {
			const struct ladder_next next = ladder_next(&schedule, &place, today);

			if (next.step < 0 || next.due_on > today)
				continue;
			assert_true(next.step > place.last_step);
			if (schedule.steps[next.step].from == STEP_FROM_PREVIOUS)
				assert_true(today >= place.last_sent_on +
				    schedule.steps[next.step].days);
			place.last_step = next.step;
			place.last_sent_on = today;
			place.last_deadline_on = today + 10;
			taken++;
		}
		assert_int_equal(place.last_step, OUT);
		assert_true(taken == STEPS || (every > 3 && taken == STEPS - 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_all_lapsed),
		cmocka_unit_test(test_deadline_heeded),
		cmocka_unit_test(test_walk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, NULL);
}
