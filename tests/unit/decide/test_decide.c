/* test_decide.c - every reason a decision can have, one line each, with the
 * Danish pack, calendar, schedule and experiment that travel in the program.
 *
 * September 2026: the 21st is a Monday, Copenhagen is at +02:00.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scene.h"

#define NEVER "9999-12-31T23:59:59Z"

/* --- waiting, and nothing to do ------------------------------------------------ */

static const struct {
	const char *says, *scene, *answer, *until;	/* until: next_check_at */
} waits[] = {
	{ "nothing is open", "at:2026-09-21T10:00:00Z", "nothing:nothing_open", NEVER },
	{ "a step before its day waits for the first second of that day",
	  "due:2026-09-20", "wait:not_due", "2026-09-23T22:00:00Z" },
	{ "a second before midnight it is still not due",
	  "at:2026-09-23T21:59:59Z due:2026-09-20", "wait:not_due", "2026-09-23T22:00:00Z" },
	{ "a heads-up has lapsed on the due date; the reminder's day is waited for",
	  "due:2026-09-21", "wait:not_due", "2026-09-24T22:00:00Z" },
	{ "of two cases the sooner is waited for",
	  "due:2026-09-20 case:EUR due:2026-09-19", "wait:not_due", "2026-09-22T22:00:00Z" },

	{ "the debtor is held until a day", "due:2026-09-01 debtorhold:promise@2026-09-30T22:00:00Z",
	  "wait:hold.promise", "2026-09-30T22:00:00Z" },
	{ "the debtor is held until released", "due:2026-09-01 debtorhold:dispute",
	  "wait:hold.dispute", NEVER },
	{ "the case is held", "due:2026-09-01 casehold:plan@2026-10-05T00:00:00Z",
	  "wait:hold.plan", "2026-10-05T00:00:00Z" },
	{ "the only invoice is held", "due:2026-09-01 hold:paid_claimed@2026-09-25T00:00:00Z",
	  "wait:hold.paid_claimed", "2026-09-25T00:00:00Z" },
	{ "all invoices are held: the first release",
	  "due:2026-09-01 hold:manual due:2026-09-02 hold:dispute@2026-09-26T00:00:00Z "
	  "due:2026-09-03 hold:manual@2026-09-28T00:00:00Z",
	  "wait:hold.dispute", "2026-09-26T00:00:00Z" },
	{ "held, the other climbed: the hold is what is waited for",
	  "due:2026-08-01 hold:manual due:2026-08-02 took:hand_over@2026-09-20",
	  "wait:hold.manual", NEVER },
	{ "not due, but looked at when the older one's hold ends",
	  "due:2026-09-01 hold:manual@2026-09-22T12:00:00Z due:2026-09-20",
	  "wait:not_due", "2026-09-22T12:00:00Z" },

	{ "a contact of which nobody knows whether it arrived", "due:2026-09-01 unknown:8",
	  "wait:contact.unknown", NEVER },
	{ "a contact on its way", "due:2026-09-01 pending:7", "wait:contact.pending", NEVER },
	{ "money that belongs to no invoice", "due:2026-09-01 loose:1",
	  "wait:money.unallocated", NEVER },
	{ "a hold is told before all of these",
	  "due:2026-09-01 loose:1 pending:7 unknown:8 debtorhold:legal", "wait:hold.legal", NEVER },

	{ "less than the schedule's minimum", "due:2026-09-01 owes:2499",
	  "wait:below_minimum", NEVER },
	{ "held money does not count for the minimum",
	  "due:2026-09-01 owes:2000 due:2026-09-02 hold:dispute@2026-09-30T00:00:00Z",
	  "wait:below_minimum", "2026-09-30T00:00:00Z" },
	{ "what is due later does not make a small arrear worth a reminder: until it is overdue",
	  "due:2026-09-01 owes:2499 due:2026-12-24", "wait:below_minimum", "2026-12-24T23:00:00Z" },
	{ "what is due today is not overdue",
	  "due:2026-09-01 owes:2000 due:2026-09-21 owes:500", "wait:below_minimum",
	  "2026-09-21T22:00:00Z" },
	{ "the next of several", "due:2026-09-01 owes:2000 due:2026-09-23 owes:1 due:2026-10-23",
	  "wait:below_minimum", "2026-09-23T22:00:00Z" },
	{ "what is held does not wake it by falling due",
	  "due:2026-09-01 owes:2000 due:2026-09-23 hold:dispute@2026-10-05T00:00:00Z",
	  "wait:below_minimum", "2026-10-05T00:00:00Z" },
	{ "a heads-up of too little: when another comes into its look-ahead",
	  "due:2026-09-24 owes:2000 due:2026-09-26 owes:2000", "wait:below_minimum",
	  "2026-09-22T22:00:00Z" },
	{ "... or on the due date, from which it is a reminder",
	  "due:2026-09-23 owes:2000 due:2026-12-24 owes:2000", "wait:below_minimum",
	  "2026-09-22T22:00:00Z" },
	{ "a small amount that is not due yet waits for its day like any other",
	  "due:2026-09-20 owes:2000", "wait:not_due", "2026-09-23T22:00:00Z" },
	{ "edition 1 counted everything open, before anything was due",
	  "edition:1 due:2026-09-20 owes:2000", "wait:below_minimum", NEVER },

	{ "too soon after the last contact: then, and in the open hours",
	  "due:2026-09-01 sent:email@2026-09-18T08:00:00Z", "wait:schedule.gap",
	  "2026-09-23T06:00:00Z" },
	{ "three in seven days", "due:2026-09-01 sent:email@2026-09-18T10:00:00Z "
	  "sent:email@2026-09-18T09:00:00Z sent:sms@2026-09-18T08:00:00Z",
	  "wait:DK-FREQ-2", "2026-09-25T06:00:00Z" },
	{ "a heads-up that would be past when the hours open",
	  "at:2026-09-20T10:00:00Z due:2026-09-21", "wait:lapses", "2026-09-20T22:00:00Z" },
	{ "nobody can be reached", "due:2026-09-01 none:email bad:sms optout:letter",
	  "wait:no_channel", NEVER },
	{ "nobody can be reached for a step that lapses: it is waited out",
	  "due:2026-09-24 none:email none:sms", "wait:step.no_channel", "2026-09-23T22:00:00Z" },
	{ "edition 2 waited for ever", "edition:2 due:2026-09-24 none:email none:sms", "wait:no_channel", NEVER },
	{ "a country without a rule pack", "due:2026-09-01 nopack:1", "wait:pack.missing", NEVER },

	{ "a hold that ended: two days later", "due:2026-09-01 free:2026-09-20",
	  "wait:not_due", "2026-09-21T22:00:00Z" },
	{ "ten days after the previous step", "due:2026-09-01 took:friendly_reminder@2026-09-12",
	  "wait:not_due", "2026-09-21T22:00:00Z" },
	{ "ten full days after it, where the pack says full",
	  "pack:full due:2026-09-01 took:friendly_reminder@2026-09-11",
	  "wait:not_due", "2026-09-21T22:00:00Z" },
	{ "three days after the deadline that the last step gave",
	  "due:2026-08-01 took:fee_reminder@2026-09-08 deadline:2026-09-18",
	  "wait:not_due", "2026-09-21T22:00:00Z" },
	{ "the ladder is climbed", "due:2026-08-01 took:hand_over@2026-09-20",
	  "nothing:ladder.climbed", NEVER },
	{ "one case climbed, the other held until released: that is a wait",
	  "due:2026-08-01 took:hand_over@2026-09-20 case:EUR due:2026-09-01 casehold:manual",
	  "wait:hold.manual", NEVER },
	{ "the same the other way round",
	  "casehold:manual due:2026-09-01 case:EUR due:2026-08-01 took:hand_over@2026-09-20",
	  "wait:hold.manual", NEVER },
};

static const char *answer_text(const struct decision *d, char out[96])
{
	(void)snprintf(out, 96, "%s:%s", decide_result_name(d->result), d->reason);
	return out;
}

static void test_waits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		char text[96], until[INSTANT_TEXT_BYTES];
		struct decision d;
		struct scene s;

		scene_read(&s, waits[i].scene);
		decide(&s.facts, &s.rules, NULL, &d);
		if (strcmp(answer_text(&d, text), waits[i].answer) != 0 ||
		    strcmp(instant_text(d.next_check_at, until), waits[i].until) != 0)
			fail_msg("%s: %s until %s", waits[i].says, text, until);
	}
}

/* --- contacts ------------------------------------------------------------------- */

static const struct {
	const char	*says, *scene, *step;
	enum channel	 channel;
	const char	*ripe, *reason;		/* ripe "": now */
} contacts[] = {
	{ "a heads-up three days before the due date, by SMS", "due:2026-09-24",
	  "heads_up", CHANNEL_SMS, "", "" },
	{ "a heads-up a day before it, late", "due:2026-09-22", "heads_up", CHANNEL_SMS, "", "" },
	{ "a reminder on its day", "due:2026-09-17", "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "a reminder long after its day: late, not lost", "due:2026-06-01",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "exactly the minimum", "due:2026-09-01 owes:2500",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "the minimum, of two that are overdue", "due:2026-09-01 owes:1250 due:2026-09-20 owes:1250",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "a heads-up of two in its look-ahead", "due:2026-09-23 owes:1250 due:2026-09-24 owes:1250",
	  "heads_up", CHANNEL_SMS, "", "" },
	{ "edition 1 counted what is due later",
	  "edition:1 due:2026-09-01 owes:2499 due:2026-12-24",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "the debtor's own wish comes first", "due:2026-09-01 wants:letter",
	  "friendly_reminder", CHANNEL_LETTER, "", "" },
	{ "a wish that the step does not allow is passed over", "due:2026-09-01 wants:call",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "opted out of e-mail: the next channel", "due:2026-09-01 optout:email",
	  "friendly_reminder", CHANNEL_SMS, "", "" },
	{ "opted out of the wish: the step's first", "due:2026-09-01 wants:sms optout:sms",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "bad e-mail, no number: a letter", "due:2026-09-01 bad:email none:sms",
	  "friendly_reminder", CHANNEL_LETTER, "", "" },
	{ "a letter has no hours", "at:2026-09-20T23:00:00Z due:2026-09-01 none:email none:sms",
	  "friendly_reminder", CHANNEL_LETTER, "", "" },
	{ "in the evening: planned for the morning", "at:2026-09-21T20:00:00Z due:2026-09-01",
	  "friendly_reminder", CHANNEL_EMAIL, "2026-09-22T06:00:00Z", "DK-HOURS-1" },
	{ "inside the margin before closing: the morning",
	  "at:2026-09-21T17:30:01Z due:2026-09-01",
	  "friendly_reminder", CHANNEL_EMAIL, "2026-09-22T06:00:00Z", "DK-HOURS-1" },
	{ "the same moment without a margin: now", "at:2026-09-21T17:30:01Z due:2026-09-01 margin:0",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "on Christmas Eve: after the holidays", "at:2026-12-24T10:00:00Z due:2026-12-01",
	  "friendly_reminder", CHANNEL_EMAIL, "2026-12-28T07:00:00Z", "DK-HOURS-3" },
	{ "the gap is over on its day", "due:2026-09-01 sent:email@2026-09-16T20:00:00Z",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
	{ "a fee reminder ten days after the last", "due:2026-09-01 took:friendly_reminder@2026-09-11",
	  "fee_reminder", CHANNEL_EMAIL, "", "" },
	{ "the grace after the deadline is over",
	  "due:2026-08-01 took:fee_reminder@2026-09-07 deadline:2026-09-17",
	  "formal_notice", CHANNEL_EMAIL, "", "" },
	{ "the hold's end and two days are over", "due:2026-09-01 free:2026-09-19",
	  "friendly_reminder", CHANNEL_EMAIL, "", "" },
};

static void test_contacts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(contacts) / sizeof(contacts[0]); i++) {
		char text[96], ripe[INSTANT_TEXT_BYTES];
		struct decision d;
		struct scene s;

		scene_read(&s, contacts[i].scene);
		decide(&s.facts, &s.rules, NULL, &d);
		if (d.result != DECIDE_CONTACT ||
		    strcmp(d.schedule->steps[d.step].id, contacts[i].step) != 0 ||
		    d.channel != contacts[i].channel || d.address_id != 11 + (int)d.channel ||
		    strcmp(d.reason, contacts[i].reason) != 0 ||
		    d.next_check_at != INSTANT_MAX ||
		    strcmp(instant_text(d.ripe_at, ripe), contacts[i].ripe[0] != '\0' ?
		    contacts[i].ripe : instant_text(s.facts.now, text)) != 0)
			fail_msg("%s: %s step %d channel %d at %s", contacts[i].says,
			    answer_text(&d, text), d.step, (int)d.channel, ripe);
	}
}

/* --- money and deadlines ----------------------------------------------------------- */

static const struct {
	const char	*says, *scene;
	int64_t		 fee;
	const char	*deadline;
} charges[] = {
	{ "a friendly reminder costs nothing and gives no deadline", "due:2026-09-01", 0, "" },
	{ "a fee, and ten days", "due:2026-09-01 took:friendly_reminder@2026-09-11",
	  10000, "2026-10-01" },
	{ "the pack's cap lowers what the schedule asks",
	  "on:dear due:2026-09-01 took:friendly_reminder@2026-09-11", 10000, "2026-10-01" },
	{ "a deadline on a Sunday moves to the next bank day",
	  "at:2026-09-24T10:00:00Z due:2026-09-01 took:friendly_reminder@2026-09-11",
	  10000, "2026-10-05" },
	{ "planned for tomorrow, the days count from tomorrow",
	  "at:2026-09-21T20:00:00Z due:2026-09-01 took:friendly_reminder@2026-09-11",
	  10000, "2026-10-02" },
	{ "the third fee", "due:2026-09-01 took:friendly_reminder@2026-09-11 fees:2@2026-09-11",
	  10000, "2026-10-01" },
	{ "no fourth fee", "due:2026-09-01 took:friendly_reminder@2026-09-11 fees:3@2026-06-01",
	  0, "2026-10-01" },
	{ "no second fee within ten days",
	  "due:2026-09-01 took:friendly_reminder@2026-09-11 fees:1@2026-09-12", 0, "2026-10-01" },
	{ "no fee in a currency that the schedule does not name",
	  "case:EUR due:2026-09-01 took:friendly_reminder@2026-09-11", 0, "2026-10-01" },
	{ "no fee from a public body: no rule is valid",
	  "party:public due:2026-09-01 took:friendly_reminder@2026-09-11", 0, "2026-10-01" },
	{ "no fee where only charges are left",
	  "due:2026-09-01 owes:10000 charged:10000 took:friendly_reminder@2026-09-11", 0, "2026-10-01" },
	{ "one where a little of the claim is left, too",
	  "due:2026-09-01 owes:10001 charged:10000 took:friendly_reminder@2026-09-11", 10000, "2026-10-01" },
	{ "a formal notice", "due:2026-08-01 took:fee_reminder@2026-09-07 deadline:2026-09-17 "
	  "fees:1@2026-09-07", 10000, "2026-10-01" },
};

static void test_charges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(charges) / sizeof(charges[0]); i++) {
		char deadline[DAY_TEXT_BYTES];
		struct decision d;
		struct scene s;

		scene_read(&s, charges[i].scene);
		decide(&s.facts, &s.rules, NULL, &d);
		assert_int_equal(d.result, DECIDE_CONTACT);
		if (d.case_count != 1 || d.cases[0].fee_minor != charges[i].fee ||
		    strcmp(day_text(d.deadline_on, deadline), charges[i].deadline) != 0)
			fail_msg("%s: fee %" PRId64 ", deadline %s", charges[i].says,
			    d.cases[0].fee_minor, deadline);
	}
}

/* --- tone ------------------------------------------------------------------------ */

static const struct {
	const char	*says, *scene;
	enum tone	 tone;
	int		 arm;
	bool		 assign;
} tones[] = {
	{ "assigned now, first arm", "due:2026-09-01 bucket:3399", TONE_NEUTRAL, 0, true },
	{ "assigned now, second arm", "due:2026-09-01 bucket:3400", TONE_WARM, 1, true },
	{ "assigned now, last arm", "due:2026-09-01 bucket:9999", TONE_FIRM, 2, true },
	{ "assigned before: sticky, whatever the bucket says", "due:2026-09-01 bucket:0 arm:2",
	  TONE_FIRM, 2, false },
	{ "a business is not admitted: the schedule's tone", "party:business due:2026-09-01 bucket:0",
	  TONE_WARM, -1, false },
	{ "no bucket: no experiment", "due:2026-09-01", TONE_WARM, -1, false },
	{ "a person has it softened: warm, in the same arm", "due:2026-09-01 arm:2 softened:1",
	  TONE_WARM, 2, false },
	{ "the arm is stopped: the reference's tone, in the same arm", "due:2026-09-01 arm:2 stopped:4",
	  TONE_NEUTRAL, 2, false },
	{ "another arm is stopped: nothing changes for this one", "due:2026-09-01 arm:2 stopped:2",
	  TONE_FIRM, 2, false },
	{ "stopped and softened: warm", "due:2026-09-01 arm:2 stopped:4 softened:1", TONE_WARM, 2, false },
	{ "an arm is stopped: nobody is taken in", "due:2026-09-01 bucket:9999 stopped:2", TONE_WARM, -1,
	  false },
	{ "held out: the neutral words", "due:2026-09-01 bucket:9999 apart:1", TONE_NEUTRAL,
	  EXPERIMENT_HOLDOUT, true },
	{ "held out as assigned, whatever is stopped", "due:2026-09-01 arm:8 stopped:4", TONE_NEUTRAL,
	  EXPERIMENT_HOLDOUT, false },
	{ "held out, not assigned, an arm is stopped: the neutral words, in no arm",
	  "due:2026-09-01 bucket:9999 apart:1 stopped:4", TONE_NEUTRAL, -1, false },
	{ "an arm that the experiment lost: assigned anew", "due:2026-09-01 bucket:9999 arm:7",
	  TONE_FIRM, 2, true },
};

static void test_tones(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++) {
		struct decision d;
		struct scene s;

		scene_read(&s, tones[i].scene);
		decide(&s.facts, &s.rules, NULL, &d);
		assert_int_equal(d.result, DECIDE_CONTACT);
		if (d.tone != tones[i].tone || d.arm != tones[i].arm || d.assign != tones[i].assign)
			fail_msg("%s: %s arm %d%s", tones[i].says, tone_name(d.tone), d.arm,
			    d.assign ? " assigned" : "");
	}
}

/* --- who carries, who joins --------------------------------------------------------- */

static const struct {
	const char	*says, *scene;
	enum decide_result result;
	const char	*step;
	size_t		 cases;		/* in the contact */
	size_t		 first_case, carrying;
} joined[] = {
	{ "the oldest carries", "due:2026-09-01 due:2026-09-02", DECIDE_CONTACT,
	  "friendly_reminder", 1, 0, 0 },
	{ "the oldest is held: the next one carries", "due:2026-09-01 hold:dispute due:2026-09-02",
	  DECIDE_CONTACT, "friendly_reminder", 1, 0, 1 },
	{ "a climbed invoice does not block the younger one",
	  "due:2026-07-01 took:hand_over@2026-09-01 due:2026-09-02",
	  DECIDE_CONTACT, "friendly_reminder", 1, 0, 1 },
	{ "two currencies, the same step: one contact",
	  "due:2026-09-01 case:EUR due:2026-09-02", DECIDE_CONTACT, "friendly_reminder", 2, 0, 0 },
	{ "two currencies, different steps: the one further up goes",
	  "due:2026-09-12 case:EUR due:2026-08-01 took:friendly_reminder@2026-09-01",
	  DECIDE_CONTACT, "fee_reminder", 1, 1, 0 },
	{ "one case held: the other goes alone",
	  "due:2026-09-01 casehold:dispute case:EUR due:2026-09-02",
	  DECIDE_CONTACT, "friendly_reminder", 1, 1, 0 },
	{ "two schedules are not mixed in one contact",
	  "due:2026-09-01 case:EUR on:dear due:2026-09-02",
	  DECIDE_CONTACT, "friendly_reminder", 1, 0, 0 },
	{ "hand-over after the formal notice, its deadline and the grace",
	  "due:2026-07-01 took:formal_notice@2026-09-06 deadline:2026-09-16", DECIDE_HAND_OVER,
	  "hand_over", 1, 0, 0 },
	{ "hand-over needs no rule pack",
	  "nopack:1 due:2026-07-01 took:formal_notice@2026-09-06 deadline:2026-09-16",
	  DECIDE_HAND_OVER, "hand_over", 1, 0, 0 },
};

static void test_joined(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(joined) / sizeof(joined[0]); i++) {
		char text[96];
		struct decision d;
		struct scene s;

		scene_read(&s, joined[i].scene);
		decide(&s.facts, &s.rules, NULL, &d);
		if (d.result != joined[i].result ||
		    strcmp(d.schedule->steps[d.step].id, joined[i].step) != 0 ||
		    d.case_count != joined[i].cases ||
		    d.cases[0].case_index != joined[i].first_case ||
		    d.cases[0].carrying != joined[i].carrying)
			fail_msg("%s: %s, %zu cases", joined[i].says, answer_text(&d, text),
			    d.case_count);
	}
}

/* --- what a step counts for --------------------------------------------------------- */

static void test_counts(void **state)
{
	const day_t today = scene_day("2026-09-21");
	const char *line = "due:2026-09-01 due:2026-09-17 due:2026-09-18 due:2026-09-01 hold:dispute "
	    "due:2026-09-01 took:friendly_reminder@2026-09-06";
	const bool friendly[] = { true, true, false, false, false };
	struct scene s;

	(void)state;
	scene_read(&s, line);
	for (size_t i = 0; i < s.cases[0].invoice_count; i++)
		if (decide_counts(&s.cases[0], &s.cases[0].invoices[i],
		    schedule_step_index(scene_dk, "friendly_reminder"), today) != friendly[i])
			fail_msg("invoice %zu", i);
}

/* --- where the debtor may be ------------------------------------------------------- */

static bool says(const struct trace *trace, const char *rule, const char *text)
{
	for (size_t i = 0; i < trace->count; i++)
		if (strcmp(trace->lines[i].rule, rule) == 0 &&
		    strstr(trace->lines[i].text, text) != NULL)
			return true;
	return false;
}

/* Noon in Copenhagen is six in the morning in New York. */
static void test_two_zones(void **state)
{
	struct trace trace;
	struct decision d;
	struct scene s;

	(void)state;
	scene_read(&s, "maybe:Europe/Copenhagen maybe:America/New_York none:email due:2026-09-01");
	trace_init(&trace, scene_ctx);
	decide(&s.facts, &s.rules, &trace, &d);
	assert_int_equal(d.result, DECIDE_CONTACT);
	assert_int_equal(d.ripe_at, scene_instant("2026-09-21T12:00:00Z"));
	assert_true(says(&trace, "place.zone", "America/New_York is asked by the telephone's"));
	assert_false(says(&trace, "place.region", ""));	/* Denmark has none */
	s.facts.now = scene_instant("2026-09-21T12:00:00Z");
	decide(&s.facts, &s.rules, NULL, &d);
	assert_int_equal(d.closes_at, scene_instant("2026-09-21T18:00:00Z"));
}

/* --- the trace ------------------------------------------------------------------- */

/* A trace changes nothing, names each rule, and says why at least once. */
static void test_traces(void **state)
{
	(void)state;
	for (size_t i = 1; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct decision with, without;
		struct trace trace;
		struct scene s;
		void *ctx = talloc_new(NULL);
		bool told = false;

		scene_read(&s, waits[i].scene);
		trace_init(&trace, ctx);
		memset(&with, 0, sizeof(with));
		memset(&without, 0, sizeof(without));
		decide(&s.facts, &s.rules, &trace, &with);
		decide(&s.facts, &s.rules, NULL, &without);
		assert_string_equal(with.reason, without.reason);
		assert_int_equal(with.next_check_at, without.next_check_at);
		for (size_t k = 0; k < trace.count; k++) {
			assert_true(trace.lines[k].rule[0] != '\0');
			assert_true(trace.lines[k].text[0] != '\0');
			told = told || trace.lines[k].answer == TRACE_WAIT ||
			    trace.lines[k].answer == TRACE_STOP;
		}
		if (!told && with.result == DECIDE_WAIT)
			fail_msg("%s: the trace does not say why", waits[i].says);
		talloc_free(ctx);
	}
}

/* Whom a hold is on is said in words, and by number where there are several. */
static void test_hold_told(void **state)
{
	struct trace trace;
	struct decision d;
	struct scene s;
	char text[64];

	(void)state;
	scene_read(&s, "due:2026-09-01 debtorhold:dispute");
	trace_init(&trace, scene_ctx);
	decide(&s.facts, &s.rules, &trace, &d);
	assert_true(says(&trace, "hold", "the debtor or the whole creditor is on hold (dispute)"));
	scene_read(&s, "due:2026-09-01 hold:manual");
	trace_init(&trace, scene_ctx);
	decide(&s.facts, &s.rules, &trace, &d);
	(void)snprintf(text, sizeof(text), "invoice %d is on hold (manual)",
	    (int)s.facts.cases[0].invoices[0].id);
	assert_true(says(&trace, "hold", text));
}

/* Steps that are passed over are told, and only those. */
static void test_lapsed_told(void **state)
{
	struct trace trace;
	struct decision d;
	struct scene s;

	(void)state;
	scene_read(&s, "due:2026-09-01");
	trace_init(&trace, scene_ctx);
	decide(&s.facts, &s.rules, &trace, &d);
	assert_true(says(&trace, "ladder.lapsed", "1 step(s) of case"));
	scene_read(&s, "due:2026-09-22");
	trace_init(&trace, scene_ctx);
	decide(&s.facts, &s.rules, &trace, &d);
	assert_int_equal(d.result, DECIDE_CONTACT);
	assert_false(says(&trace, "ladder.lapsed", ""));
}

/* An arm's channels come first, behind the debtor's own wish; what the step lacks is not
 * added. */
static void test_arm_channels(void **state)
{
	static const char text[] = "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":"
	    "[\"consumer\"]},\"arms\":[{\"tone\":\"warm\",\"basis_points\":5000,\"channels\":"
	    "[\"call\",\"sms\"]},{\"tone\":\"firm\",\"basis_points\":5000}],\"reference\":\"warm\"}";
	static const struct { const char *line; enum channel channel; } cases[] = {
		{ "due:2026-09-01 arm:0", CHANNEL_SMS },
		{ "due:2026-09-01 arm:1", CHANNEL_EMAIL },
		{ "due:2026-09-01 arm:0 wants:email", CHANNEL_EMAIL },
		{ "due:2026-09-01", CHANNEL_EMAIL },
	};
	struct err err = { 0 };
	const struct experiment *e = experiment_parse(scene_ctx, "x.json", text, strlen(text), &err);

	(void)state;
	assert_string_equal(err.text, "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decision d;
		struct scene s;

		scene_read(&s, cases[i].line);
		s.rules.experiment = e;
		decide(&s.facts, &s.rules, NULL, &d);
		assert_int_equal(d.result, DECIDE_CONTACT);
		if (d.channel != cases[i].channel)
			fail_msg("%s: %s", cases[i].line, channel_name(d.channel));
	}
}

/* A step before the due date is passed over by an arm without one, and for who is held
 * out; who is stopped in such an arm has the reference's, and a later step is nobody's. */
static void test_heads_up(void **state)
{
	static const char text[] = "{\"id\":\"a\",\"hypothesis\":\"h\",\"eligibility\":{\"party\":"
	    "[\"consumer\"]},\"arms\":[{\"tone\":\"warm\",\"basis_points\":5000},{\"tone\":\"firm\","
	    "\"basis_points\":5000,\"heads_up\":false}],\"reference\":\"warm\"}";
	static const struct { const char *line; enum decide_result result; } cases[] = {
		{ "due:2026-09-24 arm:0", DECIDE_CONTACT },
		{ "due:2026-09-24 arm:1", DECIDE_WAIT },
		{ "due:2026-09-24 arm:1 stopped:2", DECIDE_CONTACT },
		{ "due:2026-09-24 arm:8", DECIDE_WAIT },
		{ "due:2026-09-24", DECIDE_CONTACT },
		{ "due:2026-09-01 arm:1", DECIDE_CONTACT },
		{ "due:2026-09-01 arm:8", DECIDE_CONTACT },
	};
	struct err err = { 0 };
	const struct experiment *e = experiment_parse(scene_ctx, "x.json", text, strlen(text), &err);

	(void)state;
	assert_string_equal(err.text, "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decision d;
		struct scene s;

		scene_read(&s, cases[i].line);
		s.rules.experiment = e;
		decide(&s.facts, &s.rules, NULL, &d);
		if (d.result != cases[i].result || (d.result == DECIDE_WAIT &&
		    strcmp(d.reason, DECIDE_NO_HEADS_UP) != 0))
			fail_msg("%s: %d %s", cases[i].line, (int)d.result, d.reason);
	}
}

/* While an arm is stopped, who would be held out is so at each step, in no arm. */
static void test_untoned_heads_up(void **state)
{
	static const struct { const char *line; enum decide_result result; } cases[] = {
		{ "due:2026-09-24 bucket:1 apart:1", DECIDE_CONTACT },	/* not taken in yet */
		{ "due:2026-09-24 bucket:1 apart:1 stopped:2", DECIDE_WAIT },
		{ "due:2026-09-24 bucket:1 stopped:2", DECIDE_CONTACT },
		{ "due:2026-09-24 bucket:1 apart:1 arm:0 stopped:2", DECIDE_CONTACT },
		{ "party:business due:2026-09-24 bucket:1 apart:1 stopped:2", DECIDE_CONTACT },
		{ "edition:2 due:2026-09-24 bucket:1 apart:1 stopped:2", DECIDE_CONTACT },
	};

	(void)state;
	scene_dk->steps[0].toned = false;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decision d;
		struct scene s;

		scene_read(&s, cases[i].line);
		decide(&s.facts, &s.rules, NULL, &d);
		if (d.result != cases[i].result || d.arm >= 1)
			fail_msg("%s: %d %s", cases[i].line, (int)d.result, d.reason);
	}
	scene_dk->steps[0].toned = true;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arm_channels),
		cmocka_unit_test(test_heads_up),
		cmocka_unit_test(test_untoned_heads_up),
		cmocka_unit_test(test_lapsed_told),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_contacts),
		cmocka_unit_test(test_charges),
		cmocka_unit_test(test_tones),
		cmocka_unit_test(test_joined),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_two_zones),
		cmocka_unit_test(test_traces),
		cmocka_unit_test(test_hold_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, scene_start, scene_end);
}
