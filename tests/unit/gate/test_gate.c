/* test_gate.c - the gate: cases, and properties over random questions that
 * are checked by counting anew, minute by minute where it must be minimal.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/err.h"
#include "base/json.h"
#include "gate/gate.h"

#define ROUNDS 20000
#define SENT_MAX 8

static void *ctx;
static struct pack *dk;
static struct calendar *cal, *shut;	/* shut: with closed days of a company */
static uint64_t seed = 7;

static uint64_t random_below(uint64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % n;
}

static instant_t at(const char *text)
{
	instant_t t;

	assert_true(instant_parse(text, &t, NULL));
	return t;
}

static struct gate_question question(const char *now)
{
	return (struct gate_question){ .now = at(now), .channel = CHANNEL_SMS,
	    .zone = zone_find("Europe/Copenhagen", NULL), .has_address = true,
	    .margin_minutes = GATE_MARGIN_MINUTES };
}

static struct gate_verdict ask(const struct gate_question *q)
{
	struct gate_verdict v;

	gate_ask(dk, cal, q, NULL, &v);
	return v;
}

/* --- cases ------------------------------------------------------------------ */

static const struct {
	const char		*says, *now;
	enum channel		 channel;
	int			 gap;
	const char		*sent[4];
	enum gate_answer	 answer;
	const char		*then, *rule;	/* retry_at or closes_at, "" for none */
} cases[] = {
	{ "a Monday morning", "2026-11-23T09:00:00Z", CHANNEL_SMS, 0, { 0 },
	  GATE_ALLOWED, "2026-11-23T19:00:00Z", "" },
	{ "a second before opening", "2026-11-23T06:59:59Z", CHANNEL_SMS, 0, { 0 },
	  GATE_WAIT, "2026-11-23T07:00:00Z", "DK-HOURS-1" },
	{ "at opening", "2026-11-23T07:00:00Z", CHANNEL_SMS, 0, { 0 },
	  GATE_ALLOWED, "2026-11-23T19:00:00Z", "" },
	{ "the last second before the margin", "2026-11-23T18:29:59Z", CHANNEL_SMS, 0, { 0 },
	  GATE_ALLOWED, "2026-11-23T19:00:00Z", "" },
	{ "in the margin", "2026-11-23T18:30:00Z", CHANNEL_SMS, 0, { 0 },
	  GATE_WAIT, "2026-11-24T07:00:00Z", "DK-HOURS-1" },
	{ "Christmas Eve, a Thursday", "2026-12-24T10:00:00Z", CHANNEL_EMAIL, 0, { 0 },
	  GATE_WAIT, "2026-12-28T07:00:00Z", "DK-HOURS-3" },
	{ "Good Friday", "2026-04-03T10:00:00Z", CHANNEL_CALL, 0, { 0 },
	  GATE_WAIT, "2026-04-04T07:00:00Z", "DK-HOURS-2" },
	{ "a letter has no hours", "2026-12-24T23:00:00Z", CHANNEL_LETTER, 0, { 0 },
	  GATE_ALLOWED, "", "" },
	{ "one a day: the next morning", "2026-11-23T12:00:00Z", CHANNEL_SMS, 0,
	  { "2026-11-23T08:00:00Z" }, GATE_WAIT, "2026-11-24T07:00:00Z", "DK-FREQ-1" },
	{ "one a day binds letters: at midnight", "2026-11-23T12:00:00Z", CHANNEL_LETTER, 0,
	  { "2026-11-23T08:00:00Z" }, GATE_WAIT, "2026-11-23T23:00:00Z", "DK-FREQ-1" },
	{ "yesterday by the debtor's clock, today in UTC", "2026-06-24T07:00:00Z", CHANNEL_SMS,
	  0, { "2026-06-23T21:59:59Z" }, GATE_ALLOWED, "2026-06-24T18:00:00Z", "" },
	{ "today by the debtor's clock, yesterday in UTC", "2026-06-24T07:00:00Z", CHANNEL_SMS,
	  0, { "2026-06-23T22:00:00Z" }, GATE_WAIT, "2026-06-25T06:00:00Z", "DK-FREQ-1" },
	{ "three in seven days", "2026-11-27T09:00:00Z", CHANNEL_SMS, 0,
	  { "2026-11-26T09:00:00Z", "2026-11-25T09:00:00Z", "2026-11-23T09:00:00Z" },
	  GATE_WAIT, "2026-11-30T07:00:00Z", "DK-FREQ-2" },
	{ "three, the oldest a week ago", "2026-11-27T09:00:00Z", CHANNEL_SMS, 0,
	  { "2026-11-26T09:00:00Z", "2026-11-25T09:00:00Z", "2026-11-20T09:00:00Z" },
	  GATE_ALLOWED, "2026-11-27T19:00:00Z", "" },
	{ "the order of contacts does not matter", "2026-11-27T09:00:00Z", CHANNEL_SMS, 0,
	  { "2026-11-23T09:00:00Z", "2026-11-26T09:00:00Z", "2026-11-25T09:00:00Z" },
	  GATE_WAIT, "2026-11-30T07:00:00Z", "DK-FREQ-2" },
	{ "the schedule's gap", "2026-11-27T09:00:00Z", CHANNEL_SMS, 7,
	  { "2026-11-23T22:00:00Z" }, GATE_WAIT, "2026-11-30T07:00:00Z", "schedule.gap" },
	{ "the gap is over", "2026-11-30T09:00:00Z", CHANNEL_SMS, 7,
	  { "2026-11-23T22:00:00Z" }, GATE_ALLOWED, "2026-11-30T19:00:00Z", "" },
	{ "the gap ends on a Sunday", "2026-11-24T09:00:00Z", CHANNEL_SMS, 7,
	  { "2026-11-22T12:00:00Z" }, GATE_WAIT, "2026-11-30T07:00:00Z", "schedule.gap" },
	{ "a contact in the future counts as of today", "2026-11-23T09:00:00Z", CHANNEL_SMS, 2,
	  { "2027-11-23T09:00:00Z" }, GATE_WAIT, "2026-11-25T07:00:00Z", "schedule.gap" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_question q = question(cases[i].now);
		struct gate_contact sent[4];
		struct gate_verdict v;
		instant_t then;

		q.channel = cases[i].channel;
		q.gap_days_min = cases[i].gap;
		q.sent = sent;
		for (; q.sent_count < 4 && cases[i].sent[q.sent_count] != NULL; q.sent_count++)
			sent[q.sent_count] = (struct gate_contact){
			    at(cases[i].sent[q.sent_count]), CHANNEL_EMAIL, false };
		v = ask(&q);
		then = cases[i].then[0] == '\0' ? 0 : at(cases[i].then);
		if (v.answer != cases[i].answer || strcmp(v.rule_id, cases[i].rule) != 0 ||
		    v.retry_at != (v.answer == GATE_WAIT ? then : 0) ||
		    v.closes_at != (v.answer == GATE_ALLOWED ? then : 0))
			fail_msg("%s: answer %d, retry %" PRId64 ", closes %" PRId64
			    ", rule %s; wanted %" PRId64, cases[i].says, (int)v.answer,
			    v.retry_at, v.closes_at, v.rule_id, then);
	}
}

static void test_forbidden(void **state)
{
	struct gate_question q = question("2026-11-23T09:00:00Z");
	struct gate_verdict v;
	struct pack bare = *dk;

	(void)state;
	q.has_address = false;
	v = ask(&q);
	assert_int_equal(v.answer, GATE_FORBIDDEN);
	assert_string_equal(v.rule_id, GATE_RULE_ADDRESS);
	q.has_address = true;
	q.address_bad = true;
	assert_string_equal(ask(&q).rule_id, GATE_RULE_ADDRESS);
	q.address_bad = false;
	q.opted_out = true;
	v = ask(&q);
	assert_int_equal(v.answer, GATE_FORBIDDEN);
	assert_string_equal(v.rule_id, GATE_RULE_OPT_OUT);
	/* who opted out is not written to in that channel, whoever began */
	q.debtor_initiated = true;
	assert_int_equal(ask(&q).answer, GATE_FORBIDDEN);
	/* a pack without hours fails closed, but for letters */
	q = question("2026-11-23T09:00:00Z");
	bare.hours_count = 0;
	gate_ask(&bare, cal, &q, NULL, &v);
	assert_int_equal(v.answer, GATE_FORBIDDEN);
	assert_string_equal(v.rule_id, GATE_RULE_NO_HOURS);
	q.channel = CHANNEL_LETTER;
	gate_ask(&bare, cal, &q, NULL, &v);
	assert_int_equal(v.answer, GATE_ALLOWED);
	/* nothing opens after the calendar's end */
	q = question("2062-11-23T09:00:00Z");
	assert_int_equal(ask(&q).answer, GATE_FORBIDDEN);
	assert_string_equal(ask(&q).rule_id, "DK-HOURS-1");
}

static void test_answer_to_a_debtor(void **state)
{
	const struct gate_contact sent = { at("2026-11-22T22:00:00Z"), CHANNEL_SMS, false };
	struct gate_question q = question("2026-11-22T22:30:00Z");	/* Sunday night */
	struct gate_verdict v;
	struct pack bare = *dk;

	(void)state;
	q.sent = &sent;
	q.sent_count = 1;
	q.gap_days_min = 7;
	q.debtor_initiated = true;
	v = ask(&q);
	assert_int_equal(v.answer, GATE_ALLOWED);
	assert_int_equal(v.closes_at, 0);
	/* without the rule an answer is a contact like any other */
	bare.answer_count = 0;
	gate_ask(&bare, cal, &q, NULL, &v);
	assert_int_equal(v.answer, GATE_WAIT);
	q.debtor_initiated = false;
	assert_int_equal(ask(&q).answer, GATE_WAIT);
}

static void test_trace(void **state)
{
	const struct gate_contact sent = { at("2026-12-24T08:00:00Z"), CHANNEL_SMS, false };
	struct gate_question q = question("2026-12-24T10:00:00Z");
	struct gate_verdict v;
	struct trace trace;

	(void)state;
	q.sent = &sent;
	q.sent_count = 1;
	q.gap_days_min = 3;
	trace_init(&trace, ctx);
	gate_ask(dk, cal, &q, &trace, &v);
	/* each rule once, with its own answer */
	assert_int_equal(trace.count, 4);
	assert_string_equal(trace.lines[0].rule, GATE_RULE_GAP);
	assert_int_equal(trace.lines[0].answer, TRACE_WAIT);
	assert_non_null(strstr(trace.lines[0].text, "2026-12-26T23:00:00Z"));
	assert_string_equal(trace.lines[1].rule, "DK-FREQ-1");
	assert_int_equal(trace.lines[1].answer, TRACE_WAIT);
	assert_string_equal(trace.lines[2].rule, "DK-FREQ-2");
	assert_int_equal(trace.lines[2].answer, TRACE_PASS);
	assert_string_equal(trace.lines[3].rule, "DK-HOURS-3");
	assert_string_equal(trace.lines[3].confidence, "P");
	assert_non_null(strstr(trace.lines[3].text, "Juleaftensdag"));
	assert_non_null(strstr(trace.lines[3].text, "2026-12-28T07:00:00Z"));
	assert_string_equal(v.rule_id, "DK-HOURS-3");
}

/* --- properties ------------------------------------------------------------- */

static const char *const zones[] = { "Europe/Copenhagen", "America/Nuuk",
	"America/New_York", "Asia/Beirut", "Pacific/Auckland", "America/St_Johns" };

static void random_question(struct gate_question *q, struct gate_contact *sent)
{
	instant_t until;

	*q = (struct gate_question){ .has_address = true };
	q->zone = zone_find(zones[random_below(sizeof(zones) / sizeof(zones[0]))], NULL);
	q->now = day_instant_utc(day_from_ymd(2004, 1, 1)) +
	    (instant_t)random_below(UINT64_C(40) * 365 * SECONDS_PER_DAY);
	if (random_below(2) == 0) {	/* around a change of clocks */
		(void)zone_segment(q->zone, q->now, &until);
		if (until < q->now + 400 * (instant_t)SECONDS_PER_DAY)
			q->now = until - SECONDS_PER_DAY +
			    (instant_t)random_below(2 * SECONDS_PER_DAY);
	}
	if (random_below(4) == 0)
		q->now -= q->now % 1800;
	q->channel = (enum channel)random_below(CHANNELS);
	q->gap_days_min = (int)random_below(3) == 0 ? (int)random_below(10) : 0;
	q->margin_minutes = (int)random_below(3) * 30;
	q->sent = sent;
	q->sent_count = random_below(SENT_MAX + 1);
	for (size_t i = 0; i < q->sent_count; i++)
		sent[i] = (struct gate_contact){ q->now -
		    (instant_t)random_below(9 * SECONDS_PER_DAY),
		    (enum channel)random_below(CHANNELS), false };
}

/* The contract once more, written down plainly for the Danish pack. */
static bool is_allowed(const struct gate_question *q, instant_t when)
{
	const struct local_time local = zone_local(q->zone, when);
	int today = 0, week = 0;
	const struct calendar_window *w;
	size_t n;

	for (size_t i = 0; i < q->sent_count; i++) {
		const int ago = local.day - zone_local(q->zone, q->sent[i].at).day;

		if (ago < q->gap_days_min)
			return false;
		today += ago == 0;
		week += ago >= 0 && ago < 7;
	}
	if (today >= 1 || week >= 3)
		return false;
	if (q->channel == CHANNEL_LETTER)
		return true;
	n = calendar_windows(cal, local.day, &w);
	for (size_t i = 0; i < n; i++)
		if (local.second >= w[i].opens * 60 &&
		    local.second < (w[i].closes - q->margin_minutes) * 60)
			return true;
	return false;
}

static void test_properties(void **state)
{
	int waits = 0, allowed = 0, long_waits = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct gate_contact sent[SENT_MAX];
		struct gate_question q, later;
		struct gate_verdict v, w;

		random_question(&q, sent);
		v = ask(&q);
		assert_int_equal(v.answer == GATE_ALLOWED, is_allowed(&q, q.now));
		if (v.answer == GATE_ALLOWED) {
			allowed++;
			assert_true(q.channel == CHANNEL_LETTER ? v.closes_at == 0
			    : v.closes_at - q.margin_minutes * 60 > q.now);
			continue;
		}
		assert_int_equal(v.answer, GATE_WAIT);
		assert_true(v.retry_at > q.now);
		assert_true(v.rule_id[0] != '\0');
		waits++;
		long_waits += v.retry_at > q.now + 3 * SECONDS_PER_DAY;
		/* allowed then, and at no time before */
		later = q;
		later.now = v.retry_at;
		w = ask(&later);
		assert_int_equal(w.answer, GATE_ALLOWED);
		later.now = v.retry_at - 1;
		w = ask(&later);
		assert_int_equal(w.answer, GATE_WAIT);
		assert_int_equal(w.retry_at, v.retry_at);
		for (instant_t t = v.retry_at - 1; t > q.now; t -= 1800)
			if (is_allowed(&q, t))
				fail_msg("%s: %" PRId64 " was allowed before %" PRId64,
				    zone_name(q.zone), t, v.retry_at);
		if (!is_allowed(&q, v.retry_at))
			fail_msg("%s: %" PRId64 " is not allowed", zone_name(q.zone),
			    v.retry_at);
	}
	assert_true(waits > ROUNDS / 4 && allowed > ROUNDS / 50 && long_waits > ROUNDS / 50);
}

/* A rule that ends lets go on its last day's end, not later. */
static void test_rule_that_ends(void **state)
{
	struct cap_rule caps[1] = { dk->caps[1] };
	struct gate_contact sent[3] = { { at("2026-11-24T09:00:00Z"), CHANNEL_SMS, false },
	    { at("2026-11-24T09:00:00Z"), CHANNEL_SMS, false }, { at("2026-11-24T09:00:00Z"), CHANNEL_SMS, false } };
	struct gate_question q = question("2026-11-25T09:00:00Z");
	struct gate_verdict v;
	struct pack pack = *dk;

	(void)state;
	pack.caps = caps;
	pack.cap_count = 1;
	q.sent = sent;
	q.sent_count = 3;
	gate_ask(&pack, cal, &q, NULL, &v);
	assert_int_equal(v.retry_at, at("2026-12-01T07:00:00Z"));
	caps[0].rule.valid_to = day_from_ymd(2026, 11, 26);
	gate_ask(&pack, cal, &q, NULL, &v);
	assert_int_equal(v.retry_at, at("2026-11-27T07:00:00Z"));
	caps[0].rule.valid_to = day_from_ymd(2026, 11, 24);
	gate_ask(&pack, cal, &q, NULL, &v);
	assert_int_equal(v.answer, GATE_ALLOWED);
}

/* Wednesday 25 November and Christmas Day: the one by its own rule, the other
 * by the pack's. */
static void test_closed_days(void **state)
{
	static const struct { const char *now, *then, *rule; } waits[] = {
		{ "2026-11-25T09:00:00Z", "2026-11-26T07:00:00Z", GATE_RULE_CLOSED_DAYS },
		{ "2026-12-25T09:00:00Z", "2026-12-28T07:00:00Z", "DK-HOURS-2" },
		{ "2026-11-24T19:00:00Z", "2026-11-26T07:00:00Z", "DK-HOURS-1" },
	};
	struct gate_question day = question("2026-11-25T09:00:00Z");
	const char *said = "";
	struct trace trace;
	struct gate_verdict v;

	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		const struct gate_question q = question(waits[i].now);

		gate_ask(dk, shut, &q, NULL, &v);
		assert_int_equal(v.answer, GATE_WAIT);
		assert_int_equal(v.retry_at, at(waits[i].then));
		assert_string_equal(v.rule_id, waits[i].rule);
	}
	trace_init(&trace, ctx);
	gate_ask(dk, shut, &day, &trace, &v);
	for (size_t i = 0; i < trace.count; i++)
		if (strcmp(trace.lines[i].rule, GATE_RULE_CLOSED_DAYS) == 0)
			said = trace.lines[i].text;
	assert_string_equal(said, "Flytning: wait until 2026-11-26T07:00:00Z");
}

static const char closed[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Flytning\r\n"
    "DTSTART;VALUE=DATE:20261125\r\nRDATE;VALUE=DATE:20261225\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n";

static int begin(void **state)
{
	static char text[CALENDAR_FILE_BYTES_MAX];
	const char *joined;
	struct err err = { 0 };
	size_t len;
	FILE *f;

	(void)state;
	ctx = talloc_new(NULL);
	f = fopen("schedules/rules/dk.json", "rb");
	assert_non_null(f);
	dk = pack_parse(ctx, "dk.json", text, fread(text, 1, sizeof(text), f), &err);
	fclose(f);
	f = fopen("schedules/calendars/dk.ics", "rb");
	assert_non_null(f);
	len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[len] = '\0';
	cal = calendar_parse(ctx, "dk.ics", text, len, &err);
	joined = calendar_join(ctx, text, closed);
	shut = calendar_parse(ctx, "joined", joined, strlen(joined), &err);
	return err_is_set(&err);
}

static int finish(void **state)
{
	(void)state;
	return talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_answer_to_a_debtor),
		cmocka_unit_test(test_trace),
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_rule_that_ends),
		cmocka_unit_test(test_closed_days),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, finish);
}
