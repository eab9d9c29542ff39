/* test_claim.c - interest and compensation of a contact, worked out by hand; the
 * working day and the yes that a step waits for; tone and language.
 *
 * The pack is Denmark's with a rate of 10.00 % for 2026: 36500.00 bear 10.00 a
 * day.  Monday 21 September 2026 is "now".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "decide/charge.h"
#include "decide/claim.h"
#include "decide/step_wait.h"
#include "scene.h"

static struct pack *rated, *bare;
static struct schedule *held;		/* the example, its second step for approval */

static int start(void **state)
{
	static const char local[] = "{ \"pack\": \"dk\", \"local\": [ { \"kind\": \"rate\", "
	    "\"rule\": \"DK-INT-1\", \"from\": \"2026-01-01\", \"to\": \"2026-12-31\", \"reference_bp\": 200, "
	    "\"source\": \"made up\" } ] }";
	struct err err = { 0 };
	char *text;

	if (scene_start(state) != 0)
		return -1;
	text = scene_text("schedules/rules/dk.json", NULL, NULL);
	bare = pack_parse(scene_ctx, "dk", text, strlen(text), &err);
	text = pack_overlay(scene_ctx, &(struct pack_text){ "dk", text, strlen(text) },
	    &(struct pack_text){ "local", local, strlen(local) }, &err);
	if (text != NULL)
		rated = pack_parse(scene_ctx, "dk", text, strlen(text), &err);
	text = scene_text("schedules/dk-consumer.json", "\"days\": 4,",
	    "\"days\": 4, \"approval\": true,");
	held = schedule_parse(scene_ctx, "held", text, strlen(text), &err);
	if (err_is_set(&err))
		fprintf(stderr, "%s\n", err.text);
	return err_is_set(&err) ? -1 : 0;
}

/* The first invoice of a scene, as known to a schedule that asks for claims. */
static struct decide_invoice *claim(struct scene *s, int64_t principal, day_t booked_until,
    int64_t booked)
{
	struct decide_invoice *i = &s->cases[0].invoices[0];

	i->balance_minor = principal + booked;
	i->principal_minor = principal;
	i->interest_from = booked_until == DAY_NONE ? i->place.due_on : booked_until;
	i->interest_minor = i->charged_minor = booked;
	return i;
}

#define DUE_SEP_1 "party:business on:dear due:2026-09-01 took:friendly_reminder@2026-09-08"

static const struct {
	const char	*says, *scene, *booked_until;	/* "": nothing is booked */
	int64_t		 principal, booked;
	bool		 compensated, rate;
	int64_t		 interest, compensation;
} claims[] = {
	{ "20 days of 10.00, and 310.00 once", DUE_SEP_1, "", 3650000, 0, false, true, 20000, 31000 },
	{ "the compensation is asked for once", DUE_SEP_1, "", 3650000, 0, true, true, 20000, 0 },
	{ "only what is not booked yet", DUE_SEP_1, "2026-09-11", 3650000, 10000, true, true, 10000, 0 },
	{ "20 days of 40.00 are 21.9: rounded down", DUE_SEP_1, "", 4000, 0, true, true, 21, 0 },
	{ "no rate for the days: no interest", DUE_SEP_1, "", 3650000, 0, false, false, 0, 31000 },
	{ "a consumer owes interest, never the compensation",
	  "on:dear due:2026-09-01 took:friendly_reminder@2026-09-08", "", 3650000, 0, false, true,
	  20000, 0 },
	{ "a step that asks for neither", "party:business on:dear due:2026-09-01", "", 3650000, 0, false,
	  true, 0, 0 },
};

static void test_claims(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		struct decision d;
		struct scene s;

		scene_read(&s, claims[i].scene);
		s.rules.pack = claims[i].rate ? rated : bare;
		claim(&s, claims[i].principal, claims[i].booked_until[0] == '\0' ? DAY_NONE :
		    scene_day(claims[i].booked_until), claims[i].booked)->compensated =
		    claims[i].compensated;
		decide(&s.facts, &s.rules, NULL, &d);
		if (d.result != DECIDE_CONTACT || d.cases[0].interest_minor != claims[i].interest ||
		    d.cases[0].compensation_minor != claims[i].compensation)
			fail_msg("%s: %s %s, interest %lld, compensation %lld", claims[i].says,
			    decide_result_name(d.result), d.reason,
			    (long long)d.cases[0].interest_minor,
			    (long long)d.cases[0].compensation_minor);
	}
}

/* Of two cases the one that does not take part bears nothing. */
static void test_part(void **state)
{
	struct decision d;
	struct scene s;

	(void)state;
	scene_read(&s, DUE_SEP_1 " case:EUR on:dear due:2026-09-01 "
	    "took:friendly_reminder@2026-09-20");
	s.rules.pack = rated;
	claim(&s, 3650000, DAY_NONE, 0);
	s.cases[1].invoices[0].principal_minor = 3650000;
	s.cases[1].invoices[0].interest_from = s.cases[1].invoices[0].place.due_on;
	decide(&s.facts, &s.rules, NULL, &d);
	assert_int_equal(d.case_count, 1);
	assert_int_equal(claim_of(&s.facts, &s.rules, &d, &s.cases[0], &s.cases[0].invoices[0],
	    NULL).interest_minor, 20000);
	assert_int_equal(claim_of(&s.facts, &s.rules, &d, &s.cases[1], &s.cases[1].invoices[0],
	    NULL).interest_minor, 0);
}

/* Of two invoices of a case the one that had the step before bears nothing again. */
static void test_had_it(void **state)
{
	struct decide_invoice *had;
	struct decision d;
	struct scene s;

	(void)state;
	scene_read(&s, DUE_SEP_1 " due:2026-09-01 took:fee_reminder@2026-09-10");
	s.rules.pack = rated;
	claim(&s, 3650000, DAY_NONE, 0);
	had = &s.cases[0].invoices[1];
	had->balance_minor = had->principal_minor = 3650000;
	had->interest_from = had->place.due_on;
	decide(&s.facts, &s.rules, NULL, &d);
	assert_int_equal(d.result, DECIDE_CONTACT);
	assert_int_equal(d.cases[0].interest_minor, 20000);
	assert_int_equal(claim_of(&s.facts, &s.rules, &d, &s.cases[0], had, NULL).interest_minor, 0);
}

/* The first case is held: what is said to the debtor claims nothing of it, though its
 * step would be as old. */
static void test_held_case(void **state)
{
	struct decision d;
	struct scene s;

	(void)state;
	scene_read(&s, DUE_SEP_1 " casehold:dispute case:EUR on:dear due:2026-09-01 "
	    "took:friendly_reminder@2026-09-08");
	s.rules.pack = rated;
	for (size_t i = 0; i < 2; i++) {
		struct decide_invoice *invoice = &s.cases[i].invoices[0];

		invoice->balance_minor = invoice->principal_minor = 3650000;
		invoice->interest_from = invoice->place.due_on;
	}
	decide(&s.facts, &s.rules, NULL, &d);
	assert_int_equal(d.result, DECIDE_CONTACT);
	assert_int_equal(d.case_count, 1);
	assert_int_equal(d.cases[0].case_index, 1);
	assert_int_equal(claim_of(&s.facts, &s.rules, &d, &s.cases[0], &s.cases[0].invoices[0],
	    NULL).interest_minor, 0);
	assert_int_equal(claim_of(&s.facts, &s.rules, &d, &s.cases[1], &s.cases[1].invoices[0],
	    NULL).interest_minor, 20000);
}

static void test_working_day(void **state)
{
	static const struct { const char *from, *to; } days[] = {
		{ "2026-09-18", "2026-09-18" },		/* a Friday */
		{ "2026-09-19", "2026-09-21" },		/* Saturday and Sunday */
		{ "2026-12-24", "2026-12-28" },		/* Christmas, then a weekend */
		{ "2027-03-25", "2027-03-30" },		/* Maundy Thursday to Easter Monday */
	};
	struct schedule_step step = { .id = "one", .working_day = true };

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		assert_int_equal(step_wait_day(&step, scene_calendar, scene_day(days[i].from), NULL),
		    scene_day(days[i].to));
	assert_int_equal(step_wait_day(&step, NULL, scene_day("2026-12-24"), NULL),
	    scene_day("2026-12-24"));
	step.working_day = false;
	assert_int_equal(step_wait_day(&step, scene_calendar, scene_day("2026-12-24"), NULL),
	    scene_day("2026-12-24"));
}

static void test_approval(void **state)
{
	struct decision d;
	struct scene s;

	(void)state;
	scene_read(&s, "due:2026-09-14");
	s.cases[0].schedule = held;
	decide(&s.facts, &s.rules, NULL, &d);
	assert_int_equal(d.result, DECIDE_WAIT);
	assert_string_equal(d.reason, DECIDE_APPROVAL);
	assert_true(d.next_check_at == INSTANT_MAX);
	s.cases[0].invoices[0].approved_step = 0;	/* to another step */
	decide(&s.facts, &s.rules, NULL, &d);
	assert_string_equal(d.reason, DECIDE_APPROVAL);
	s.cases[0].invoices[0].approved_step = 1;
	decide(&s.facts, &s.rules, NULL, &d);
	assert_int_equal(d.result, DECIDE_CONTACT);
	/* not due yet: that is what it waits for */
	scene_read(&s, "due:2026-09-20");
	s.cases[0].schedule = held;
	decide(&s.facts, &s.rules, NULL, &d);
	assert_string_equal(d.reason, "not_due");
}

/* Says the trace of a decision this rule? */
static bool says(const struct scene *s, const char *rule, struct decision *d)
{
	struct trace trace;
	bool found = false;

	trace_init(&trace, scene_ctx);
	decide(&s->facts, &s->rules, &trace, d);
	for (size_t i = 0; i < trace.count; i++)
		found |= strcmp(trace.lines[i].rule, rule) == 0;
	return found;
}

static void test_language(void **state)
{
	struct decision d;
	struct scene s;

	(void)state;
	scene_read(&s, "due:2026-09-14");
	assert_false(says(&s, "text.language", &d));
	memcpy(s.facts.other_lang, "fi", 3);
	assert_true(says(&s, "text.language", &d));
	assert_int_equal(d.result, DECIDE_CONTACT);
}

/* An arm chooses the tone on the schedules that name its experiment only. */
static void test_experiment(void **state)
{
	struct schedule plain = *held;
	struct decision d;
	struct scene s;

	(void)state;
	plain.experiment[0] = '\0';
	plain.tone = TONE_NEUTRAL;
	scene_read(&s, "arm:2 due:2026-09-20 case:EUR due:2026-09-01");
	s.cases[1].schedule = &plain;
	s.cases[1].invoices[0].approved_step = 1;
	assert_false(says(&s, "tone", &d));
	assert_ptr_equal(d.schedule, &plain);
	assert_int_equal(d.arm, -1);
	assert_int_equal(d.tone, TONE_NEUTRAL);
	scene_read(&s, "arm:2 due:2026-09-20 case:EUR due:2026-09-01");
	assert_true(says(&s, "tone", &d));
	assert_int_equal(d.arm, 2);
}

/* Charges and nothing else are left, to the last minor unit. */
static void test_charges_alone(void **state)
{
	static const struct { int64_t charged, balance; bool alone; } cases[] = {
		{ 1, 1, true }, { 2, 1, true }, { 1, 2, false }, { 0, 0, false }, { 0, 1, false },
		{ -1, -1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct decide_invoice invoice = { .charged_minor = cases[i].charged,
		    .balance_minor = cases[i].balance };

		if (charge_is_all_left(&invoice) != cases[i].alone)
			fail_msg("case %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_had_it),
		cmocka_unit_test(test_held_case),
		cmocka_unit_test(test_working_day),
		cmocka_unit_test(test_approval),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_experiment),
		cmocka_unit_test(test_charges_alone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, scene_end);
}
