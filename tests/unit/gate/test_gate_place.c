/* test_gate_place.c - a debtor whose zone is not sure, and the rules of regions:
 * by hand, and every zone of several asked alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "gate/gate.h"

#define ROUNDS 3000
#define ZONES_MAX 8
#define SENT_MAX 4
#define MINUTE 60

static void *ctx;
static struct pack *us, *de;
static struct calendar *us_days, *de_days[3];	/* the country's, any Land's, Bavaria's */
static uint64_t seed = 11;

static const char *const states[ZONES_MAX] = { "America/New_York", "America/Chicago",
    "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage",
    "America/Adak", "Pacific/Honolulu" };

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

static struct gate_question question(const char *now, const struct zone **zones, size_t count)
{
	return (struct gate_question){ .now = at(now), .channel = CHANNEL_EMAIL, .zones = zones,
	    .zone_count = count, .has_address = true };
}

static size_t zones_find(const char *const *names, size_t count, const struct zone **out)
{
	for (size_t i = 0; i < count; i++)
		assert_non_null(out[i] = zone_find(names[i], NULL));
	return count;
}

static struct gate_verdict ask(const struct gate_question *q)
{
	struct gate_verdict v;

	gate_ask(us, us_days, q, NULL, &v);
	return v;
}

static bool has_text(const struct trace *trace, const char *text)
{
	for (size_t i = 0; i < trace->count; i++)
		if (strstr(trace->lines[i].text, text) != NULL)
			return true;
	return false;
}

/* --- hours ----------------------------------------------------------------------- */

/* Nothing known: 18:00-01:00 UTC in summer, 18:00-02:00 UTC in winter. */
static void test_nowhere(void **state)
{
	static const struct { const char *opens, *last, *closes; } days[] = {
		{ "2026-07-14T18:00:00Z", "2026-07-15T00:59:59Z", "2026-07-15T01:00:00Z" },
		{ "2026-12-08T18:00:00Z", "2026-12-09T01:59:59Z", "2026-12-09T02:00:00Z" },
	};
	const struct zone *zones[ZONES_MAX];

	(void)state;
	zones_find(states, ZONES_MAX, zones);
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct gate_question q = question(days[i].opens, zones, ZONES_MAX);

		assert_int_equal(ask(&q).answer, GATE_ALLOWED);
		assert_int_equal(ask(&q).closes_at, at(days[i].closes));
		q.now--;
		assert_int_equal(ask(&q).answer, GATE_WAIT);
		assert_int_equal(ask(&q).retry_at, at(days[i].opens));
		assert_string_equal(ask(&q).rule_id, "US-TIME-1");
		q.now = at(days[i].last);
		assert_int_equal(ask(&q).answer, GATE_ALLOWED);
		q.now = at(days[i].closes);
		assert_int_equal(ask(&q).answer, GATE_WAIT);
		assert_int_equal(ask(&q).retry_at, at(days[i].opens) + SECONDS_PER_DAY);
	}
}

/* A telephone of New York, an address in California: 11:00-21:00 Eastern. */
static void test_two_zones(void **state)
{
	static const char *const names[] = { "America/Los_Angeles", "America/New_York" };
	const struct zone *zones[2];
	struct gate_question q;
	struct trace trace;
	struct gate_verdict v;

	(void)state;
	zones_find(names, 2, zones);
	q = question("2026-11-24T13:30:00Z", zones, 2);	/* 08:30 Eastern */
	assert_int_equal(ask(&q).answer, GATE_WAIT);
	assert_int_equal(ask(&q).retry_at, at("2026-11-24T16:00:00Z"));
	q.now = at("2026-11-24T16:00:00Z");
	assert_int_equal(ask(&q).answer, GATE_ALLOWED);
	assert_int_equal(ask(&q).closes_at, at("2026-11-25T02:00:00Z"));
	q.margin_minutes = GATE_MARGIN_MINUTES;
	q.now = at("2026-11-25T01:30:00Z");		/* 20:30 Eastern */
	assert_int_equal(ask(&q).retry_at, at("2026-11-25T16:00:00Z"));
	/* closed on Thanksgiving in both */
	q.now = at("2026-11-26T18:00:00Z");
	assert_int_equal(ask(&q).retry_at, at("2026-11-27T16:00:00Z"));
	trace_init(&trace, ctx);
	gate_ask(us, us_days, &q, &trace, &v);
	assert_true(has_text(&trace, ", in America/Los_Angeles: wait"));
	assert_true(has_text(&trace, ", in America/New_York: wait"));
}

/* Eleven hours apart: a window of a few hours is found, and on no day twice. */
static void test_far_apart(void **state)
{
	static const char *const names[] = { "Pacific/Guam", "America/New_York" };
	const struct zone *zones[2];
	struct gate_question q;

	(void)state;
	zones_find(names, 2, zones);
	q = question("2026-12-08T03:00:00Z", zones, 2);
	assert_int_equal(ask(&q).retry_at, at("2026-12-08T22:00:00Z"));
	q.now = at("2026-12-08T22:00:00Z");
	assert_int_equal(ask(&q).closes_at, at("2026-12-09T02:00:00Z"));
}

/* Twelve hours apart, and hours of ten: no time is open in both. */
static void test_never_both(void **state)
{
	static const char *const names[] = { "Europe/Berlin", "Pacific/Auckland" };
	const struct zone *zones[2];
	struct gate_question q;
	struct gate_verdict v;

	(void)state;
	zones_find(names, 2, zones);
	q = question("2026-12-08T10:00:00Z", zones, 2);
	gate_ask(de, de_days[0], &q, NULL, &v);
	assert_int_equal(v.answer, GATE_FORBIDDEN);
	assert_string_equal(v.rule_id, "DE-HOURS-1");
}

/* --- each zone alone ---------------------------------------------------------------- */

/* Whether a question asked in each of its zones alone is allowed in all. */
static bool allowed_alone(const struct gate_question *q, instant_t now, instant_t *closes_at)
{
	*closes_at = INT64_MAX;
	for (size_t i = 0; i < q->zone_count; i++) {
		struct gate_question one = *q;
		struct gate_verdict v;

		one.now = now;
		one.zone = q->zones[i];
		one.zone_count = 0;
		v = ask(&one);
		if (v.answer != GATE_ALLOWED)
			return false;
		if (v.closes_at < *closes_at)
			*closes_at = v.closes_at;
	}
	return true;
}

static void test_strictest_of_all(void **state)
{
	const struct zone *zones[ZONES_MAX];
	struct gate_contact sent[SENT_MAX];
	instant_t closes_at;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct gate_question q = question("2026-01-01T00:00:00Z", zones,
		    1 + random_below(3));
		struct gate_verdict v;

		for (size_t i = 0; i < q.zone_count; i++)
			zones[i] = zone_find(states[random_below(ZONES_MAX)], NULL);
		q.now += (instant_t)random_below(365 * 24 * 60) * MINUTE;
		q.margin_minutes = random_below(2) ? GATE_MARGIN_MINUTES : 0;
		q.channel = random_below(2) ? CHANNEL_SMS : CHANNEL_CALL;
		q.gap_days_min = (int)random_below(4);
		q.region = random_below(2) ? "MA" : "TX";
		q.sent = sent;
		q.sent_count = random_below(SENT_MAX);
		for (size_t i = 0; i < q.sent_count; i++)
			sent[i] = (struct gate_contact){ .channel = CHANNEL_SMS,
			    .at = q.now - (instant_t)(i * 30 + random_below(40)) * 3600 };
		v = ask(&q);
		assert_int_equal(allowed_alone(&q, q.now, &closes_at), v.answer == GATE_ALLOWED);
		if (v.answer == GATE_ALLOWED) {
			assert_int_equal(v.closes_at, closes_at);
			continue;
		}
		assert_int_equal(v.answer, GATE_WAIT);
		/* sent contacts stay where they were: T is asked as seen from now on */
		q.now = v.retry_at;
		assert_int_equal(ask(&q).answer, GATE_ALLOWED);
		assert_true(allowed_alone(&q, v.retry_at, &closes_at));
		assert_false(allowed_alone(&q, v.retry_at - 1, &closes_at));
	}
}

/* --- days ------------------------------------------------------------------------ */

/* A contact of 20:30 in Honolulu is one of the next day in New York: the gap is
 * over only when it is over in both. */
static void test_gap(void **state)
{
	static const char *const names[] = { "Pacific/Honolulu", "America/New_York" };
	struct gate_contact sent = { at("2026-11-24T03:30:00Z"), CHANNEL_EMAIL, false };
	const struct zone *zones[2];
	struct gate_question q;

	(void)state;
	zones_find(names, 2, zones);
	q = question("2026-11-24T18:00:00Z", zones, 1);		/* 23rd there, now the 24th */
	q.sent = &sent;
	q.sent_count = 1;
	q.gap_days_min = 1;
	assert_int_equal(ask(&q).answer, GATE_ALLOWED);
	zones[0] = zones[1];
	q.zone_count = 1;					/* the 23rd, 22:30, too */
	assert_int_equal(ask(&q).answer, GATE_ALLOWED);
	zones_find(names, 2, zones);
	sent.at = at("2026-11-24T06:30:00Z");
	q.zone_count = 1;
	assert_int_equal(ask(&q).answer, GATE_ALLOWED);
	q.zone_count = 2;					/* 01:30 of the 24th in New York */
	assert_int_equal(ask(&q).retry_at, at("2026-11-25T18:00:00Z"));
	assert_string_equal(ask(&q).rule_id, GATE_RULE_GAP);
}

/* --- regions --------------------------------------------------------------------- */

/* What a rule answered; TRACE_NOTE: it was not asked. */
static enum trace_answer answer_of(const struct trace *trace, const char *rule)
{
	for (size_t i = 0; i < trace->count; i++)
		if (strcmp(trace->lines[i].rule, rule) == 0)
			return trace->lines[i].answer;
	return TRACE_NOTE;
}

static void test_regions(void **state)
{
	static const struct {
		const char *region;
		enum channel channel;
		size_t sent;
		enum trace_answer massachusetts, city;
	} cases[] = {
		{ "MA", CHANNEL_SMS, 1, TRACE_PASS, TRACE_NOTE },
		{ "MA", CHANNEL_SMS, 2, TRACE_WAIT, TRACE_NOTE },
		{ "MA", CHANNEL_EMAIL, 2, TRACE_NOTE, TRACE_NOTE },
		{ "NY NYC", CHANNEL_EMAIL, 3, TRACE_NOTE, TRACE_WAIT },
		{ "NY NYC", CHANNEL_SMS, 2, TRACE_NOTE, TRACE_PASS },
		{ "NY", CHANNEL_EMAIL, 3, TRACE_NOTE, TRACE_NOTE },
		{ "TX", CHANNEL_SMS, 3, TRACE_NOTE, TRACE_NOTE },
		{ "MA NY NYC", CHANNEL_SMS, 3, TRACE_WAIT, TRACE_WAIT },
		{ NULL, CHANNEL_SMS, 2, TRACE_WAIT, TRACE_PASS },
		{ NULL, CHANNEL_EMAIL, 3, TRACE_NOTE, TRACE_WAIT },
		{ "", CHANNEL_SMS, 3, TRACE_NOTE, TRACE_NOTE },
	};
	const struct gate_contact sent[] = { { at("2026-11-22T15:00:00Z"), CHANNEL_SMS, false },
	    { at("2026-11-21T15:00:00Z"), CHANNEL_SMS, false },
	    { at("2026-11-20T15:00:00Z"), CHANNEL_LETTER, false } };
	const struct zone *zone = zone_find("America/New_York", NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gate_question q = question("2026-11-24T16:00:00Z", &zone, 1);
		struct gate_verdict v;
		struct trace trace;

		q.region = cases[i].region;
		q.channel = cases[i].channel;
		q.sent = sent;
		q.sent_count = cases[i].sent;
		trace_init(&trace, ctx);
		gate_ask(us, us_days, &q, &trace, &v);
		if (answer_of(&trace, "US-MA-1A") != cases[i].massachusetts ||
		    answer_of(&trace, "US-NYC-1") != cases[i].city)
			fail_msg("case %zu", i);
	}
}

/* Florida and California add notes, and bind no gate: but only there. */
static void test_notes(void **state)
{
	static const char *const ids[] = { "US-FL-1", "US-CA-1" }, *const regions[] = { "FL", "CA" };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		const struct rule *rule = NULL;

		for (size_t i = 0; i < us->note_count; i++)
			if (strcmp(us->notes[i].id, ids[k]) == 0)
				rule = &us->notes[i];
		assert_non_null(rule);
		assert_true(rule_applies(rule, PARTY_CONSUMER, ROLE_OWN, regions[k], 20700));
		assert_false(rule_applies(rule, PARTY_CONSUMER, ROLE_OWN, "TX", 20700));
		assert_false(rule_applies(rule, PARTY_CONSUMER, ROLE_OWN, regions[1 - k], 20700));
		assert_true(rule_applies(rule, PARTY_CONSUMER, ROLE_OWN, "FL CA", 20700));
		assert_true(rule_applies(rule, PARTY_CONSUMER, ROLE_OWN, NULL, 20700));
	}
}

/* Corpus Christi of 2026, a Thursday: in Bavaria, not in Berlin, and where the Land
 * is not known. */
static void test_calendars(void **state)
{
	static const bool shut[3] = { false, true, true };
	const struct zone *zone = zone_find("Europe/Berlin", NULL);
	struct gate_question q = question("2026-06-04T10:00:00Z", &zone, 1);

	(void)state;
	assert_string_equal(pack_calendar(de, "BY"), "de-by");
	assert_string_equal(pack_calendar(de, NULL), "de-any");
	assert_string_equal(pack_calendar(de, ""), "de");
	assert_string_equal(pack_calendar(us, NULL), "us");
	for (size_t i = 0; i < 3; i++) {
		struct gate_verdict v;

		gate_ask(de, de_days[i], &q, NULL, &v);
		assert_int_equal(v.answer, shut[i] ? GATE_WAIT : GATE_ALLOWED);
		assert_string_equal(v.rule_id, shut[i] ? "DE-DAYS-1" : "");
	}
}

/* --- set-up ---------------------------------------------------------------------- */

static struct pack *pack_of(const char *path, struct err *err)
{
	const struct asset *a = asset_find(path);

	return pack_parse(ctx, path, a->at, (size_t)(a->end - a->at), err);
}

static struct calendar *days_of(const char *path, struct err *err)
{
	const struct asset *a = asset_find(path);

	return calendar_parse(ctx, path, a->at, (size_t)(a->end - a->at), err);
}

static int begin(void **state)
{
	struct err err = { 0 };

	(void)state;
	ctx = talloc_new(NULL);
	us = pack_of("schedules/rules/us.json", &err);
	de = pack_of("schedules/rules/de.json", &err);
	us_days = days_of("schedules/calendars/us.ics", &err);
	de_days[0] = days_of("schedules/calendars/de.ics", &err);
	de_days[1] = days_of("schedules/calendars/de-any.ics", &err);
	de_days[2] = days_of("schedules/calendars/de-by.ics", &err);
	if (err_is_set(&err))
		fprintf(stderr, "%s\n", err.text);
	return err_is_set(&err) ? -1 : 0;
}

static int finish(void **state)
{
	(void)state;
	talloc_free(ctx);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_two_zones),
		cmocka_unit_test(test_far_apart),
		cmocka_unit_test(test_never_both),
		cmocka_unit_test(test_strictest_of_all),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_regions),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_calendars),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, finish);
}
