/* The rule of a planned experiment, looked at on each of sixty days: how often it
 * cries wolf where there is nothing, in one epoch and over a ramp; how often it sees
 * what is there; what an ordinary test at each look would have said.
 *
 * Bounds: three standard errors of so many experiments.
 */
#include "vector.h"

#include <string.h>

#include <talloc.h>

#include "measure/tail.h"
#include "measure/tone_report.h"

#ifdef PURR_SANITIZED
#define EXPERIMENTS 200			/* its memory is looked at, not its rates */
#else
#define EXPERIMENTS 2000
#endif
#define DAYS 60
#define PER_DAY 40			/* debtors assigned */
#define DEBTORS (DAYS * PER_DAY)
#define HORIZON 10
#define SEED UINT64_C(20261126)

/* xorshift64*, 53 bits. */
static double dice(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (double)((*state * UINT64_C(0x2545F4914F6CDD1D)) >> 11) / 9007199254740992.0;
}

struct world {
	double	base, effect;
	double	drift;			/* of the base, from the second half on */
	int	first_share;		/* of arm one in the first half, basis points */
};

static struct tone_plan plan_of(const struct world *w)
{
	struct tone_plan plan = { .experiment = "rule", .hypothesis = "", .currency = "DKK",
	    .arms = { { "neutral", 5000, NULL, NULL, NULL }, { "warm", 5000, NULL, NULL, NULL } }, .arm_count = 2,
	    .horizon_days = HORIZON, .lag_days = 0, .as_of = DAYS + HORIZON,
	    .planned = { DEBTORS, (int)lround(w->base * 10000), 500, 0 } };

	if (w->first_share == 5000)
		return plan;
	plan.epoch_count = 2;
	plan.epochs[0] = (struct tone_epoch){ .hash = "1", .from = 0,
	    .basis_points = { 10000 - w->first_share, w->first_share } };
	plan.epochs[1] = (struct tone_epoch){ .hash = "2", .from = DAYS / 2,
	    .basis_points = { 5000, 5000 } };
	return plan;
}

static void draw(const struct world *w, uint64_t *state, struct tone_row *row)
{
	for (size_t i = 0; i < DEBTORS; i++) {
		const int day = (int)(i / PER_DAY);
		const bool late = day >= DAYS / 2;
		const double share = late ? 0.5 : w->first_share / 10000.0;
		const size_t arm = dice(state) < share;
		const double rate = w->base + (late ? w->drift : 0) + (arm == 1 ? w->effect : 0);

		row[i] = (struct tone_row){ .arm = arm, .assigned_on = day, .exit_on = DAY_NONE,
		    .paid_on = dice(state) < rate ? day + (int)(dice(state) * HORIZON) : DAY_NONE,
		    .opening_minor = 10000, .epoch = late && w->first_share != 5000 };
	}
}

/* Does an ordinary test at any day's end say "p < 0.05"? */
static bool naive_alarm(const struct tone_row *row)
{
	double n[2] = { 0, 0 }, x[2] = { 0, 0 };

	for (size_t i = 0; i < DEBTORS; i++) {
		n[row[i].arm]++;
		x[row[i].arm] += row[i].paid_on != DAY_NONE;
		if ((i + 1) % PER_DAY == 0 && i > 10 * PER_DAY) {
			const double p = (x[0] + x[1]) / (n[0] + n[1]);
			const double se = sqrt(p * (1 - p) * (1 / n[0] + 1 / n[1]));

			if (fabs(x[1] / n[1] - x[0] / n[0]) > 1.959963984540054 * se)
				return true;
		}
	}
	return false;
}

struct tally {
	int	stopped, decided, naive, better;
};

static struct tally run(const struct world *w)
{
	const struct tone_plan plan = plan_of(w);
	struct tone_row *row = talloc_array(NULL, struct tone_row, DEBTORS);
	struct tally t = { 0, 0, 0, 0 };
	uint64_t state = SEED;

	for (int k = 0; k < EXPERIMENTS; k++) {
		const char *verdict, *status;
		json_t *report;

		draw(w, &state, row);
		report = tone_report_make(&plan, row, DEBTORS);
		status = json_string_value(json_object_get(report, "status"));
		verdict = json_string_value(json_object_get(json_array_get(json_object_get(
		    json_object_get(report, "primary"), "contrasts"), 0), "verdict"));
		if (!json_is_true(json_object_get(report, "valid"))) {
			json_decref(report);	/* one in a thousand, by its own rule */
			continue;
		}
		t.stopped += strcmp(status, "stopped early") == 0;
		t.better += strncmp(verdict, "better", 6) == 0;
		t.decided += strncmp(verdict, "better", 6) == 0 || strcmp(verdict, "worse") == 0;
		t.naive += naive_alarm(row);
		json_decref(report);
	}
	talloc_free(row);
	return t;
}

static double most(double rate)
{
	return EXPERIMENTS * (rate + 3 * sqrt(rate * (1 - rate) / EXPERIMENTS));
}

static void test_nothing(void **state)
{
	const struct tally t = run(&(struct world){ .base = 0.3, .first_share = 5000 });

	(void)state;
	print_message("# no effect: %d of %d stopped early, %d decided; an ordinary test each day: %d\n",
	    t.stopped, EXPERIMENTS, t.decided, t.naive);
	assert_true(t.stopped <= most(0.01));
	assert_true(t.decided <= most(0.05));
	assert_true(t.decided > EXPERIMENTS / 100);	/* it is no rule that never speaks */
	assert_true(t.naive > EXPERIMENTS / 5);		/* so the test can fail */
}

static void test_ramp(void **state)
{
	const struct tally t = run(&(struct world){ .base = 0.2, .drift = 0.2, .first_share = 1000 });

	(void)state;
	print_message("# ramp with a drift: %d stopped early, %d decided; pooled each day: %d\n",
	    t.stopped, t.decided, t.naive);
	assert_true(t.stopped <= most(0.01));
	assert_true(t.decided <= most(0.05));
	assert_true(t.naive > EXPERIMENTS / 2);
}

/* Five points with 1,200 in each arm: 4 % at the end, so some 73 in 100 by the
 * formula, and early stops beside. */
static void test_effect(void **state)
{
	const struct tally t = run(&(struct world){ .base = 0.3, .effect = 0.05,
	    .first_share = 5000 });

	(void)state;
	print_message("# five points: %d stopped early, %d better of %d\n", t.stopped, t.better,
	    EXPERIMENTS);
	assert_true(fabs((double)t.better / EXPERIMENTS - 0.71) < 0.03 + 3 * sqrt(0.21 / EXPERIMENTS));
	assert_true(t.stopped > EXPERIMENTS / 20);
	assert_true(t.decided - t.better <= 1 + EXPERIMENTS / 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_ramp),
		cmocka_unit_test(test_effect),
	};

	tail_start();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("tone_rule", tests, NULL, NULL);
}
