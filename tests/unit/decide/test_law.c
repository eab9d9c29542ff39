/* test_law.c - what the packs of other countries make of a decision: which day a
 * step may be taken, which fee it may bear, which deadline it gives, which holds
 * stop the whole debtor.  The ladder is Denmark's, its fees in the country's
 * currency.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "decide/charge.h"
#include "decide/law.h"
#include "decide/place.h"
#include "scene.h"

struct land {
	const char		*name, *currency;
	enum role		 role;
	struct pack		*pack;
	struct calendar		*calendar;
	struct schedule		*schedule;
};

/* The example's ladder with fees in another currency, for own claims or not. */
static struct schedule *ladder(const char *currency, enum role role)
{
	char *text = scene_text("schedules/dk-consumer.json", "\"role\": \"own\"",
	    role == ROLE_OWN ? "\"role\": \"own\"" : "\"role\": \"third_party\"");
	struct err err = { 0 };
	struct schedule *s;

	for (char *at = strstr(text, "DKK"); at != NULL; at = strstr(at + 3, "DKK"))
		memcpy(at, currency, 3);
	s = schedule_parse(scene_ctx, "ladder", text, strlen(text), &err);
	assert_false(err_is_set(&err));
	return s;
}

/* `over`: a workspace's own values, NULL for none. */
static struct land land(const char *name, const char *currency, enum role role, const char *over)
{
	struct land l = { .name = name, .currency = currency, .role = role };
	struct err err = { 0 };
	char *text = scene_text(talloc_asprintf(scene_ctx, "schedules/rules/%s.json", name), NULL,
	    NULL);

	if (over != NULL)
		text = pack_overlay(scene_ctx, &(struct pack_text){ name, text, strlen(text) },
		    &(struct pack_text){ "local", over, strlen(over) }, &err);
	if (text != NULL)
		l.pack = pack_parse(scene_ctx, name, text, strlen(text), &err);
	text = scene_text(talloc_asprintf(scene_ctx, "schedules/calendars/%s.ics", name), NULL, NULL);
	l.calendar = calendar_parse(scene_ctx, name, text, strlen(text), &err);
	l.schedule = ladder(currency, role);
	if (err_is_set(&err))
		fail_msg("%s", err.text);
	return l;
}

static void ask(const struct land *l, const char *line, struct trace *trace, struct scene *s,
    struct decision *out)
{
	char *text = talloc_asprintf(scene_ctx, "case:%s %s", l->currency, line);

	scene_read(s, text);
	s->rules = (struct decide_rules){ l->pack, l->calendar, NULL };
	for (size_t i = 0; i < s->facts.case_count; i++)
		s->cases[i].schedule = l->schedule;
	decide(&s->facts, &s->rules, trace, out);
}

/* The scenes' `took:` finds its step in the Danish ladder: the ids are the same. */
struct wanted {
	const char	*says, *line;
	const char	*ripe;		/* local day of the contact, or of the next look */
	int64_t		 fee;
	const char	*deadline;	/* NULL: no contact */
	const char	*rule;		/* that the trace names */
	enum trace_answer answer;
};

static void judge(const struct land *l, const struct wanted *w)
{
	struct decision out;
	struct trace trace;
	struct scene s;
	char text[DAY_TEXT_BYTES];
	bool named = false;

	trace_init(&trace, scene_ctx);
	ask(l, w->line, &trace, &s, &out);
	for (size_t i = 0; i < trace.count; i++)
		named |= strcmp(trace.lines[i].rule, w->rule) == 0 &&
		    trace.lines[i].answer == w->answer;
	if (!named)
		fail_msg("%s: %s: the trace does not say %s so", l->name, w->says, w->rule);
	if ((out.result == DECIDE_CONTACT) != (w->deadline != NULL))
		fail_msg("%s: %s: %s %s", l->name, w->says, decide_result_name(out.result), out.reason);
	day_text(zone_local(s.facts.creditor_zone, w->deadline != NULL ? out.ripe_at :
	    out.next_check_at).day, text);
	if (strcmp(text, w->ripe) != 0)
		fail_msg("%s: %s: on %s", l->name, w->says, text);
	if (w->deadline == NULL)
		return;
	if (out.cases[0].fee_minor != w->fee)
		fail_msg("%s: %s: fee %lld", l->name, w->says, (long long)out.cases[0].fee_minor);
	if (strcmp(day_text(out.deadline_on, text), w->deadline) != 0)
		fail_msg("%s: %s: deadline %s", l->name, w->says, text);
}

#define JUDGE(l, cases) do {							\
	const struct land here_ = l;						\
										\
	for (size_t i_ = 0; i_ < sizeof(cases) / sizeof((cases)[0]); i_++)	\
		judge(&here_, &(cases)[i_]);					\
} while (0)

/* The fee reminder stands ten days after the friendly one; Monday 2026-09-21. */
static void test_norway(void **state)
{
	static const struct wanted cases[] = {
		{ "fourteen days after due, not before", "due:2026-09-08 took:friendly_reminder@2026-09-11",
		  "2026-09-22", 0, NULL, "NO-STEP-3", TRACE_WAIT },
		{ "on the fourteenth day", "due:2026-09-07 took:friendly_reminder@2026-09-11",
		  "2026-09-21", 3750, "2026-10-05", "NO-FEE-2B", TRACE_PASS },
		{ "the notice costs as much, if the deadline before has run out",
		  "due:2026-08-01 took:fee_reminder@2026-09-02 deadline:2026-09-16 fees:1@2026-09-02",
		  "2026-09-21", 3750, "2026-10-05", "NO-FEE-2B", TRACE_PASS },
		{ "no deadline was given: no second fee",
		  "due:2026-08-01 took:fee_reminder@2026-09-02 fees:1@2026-09-02",
		  "2026-09-21", 0, "2026-10-05", "NO-FEE-2B", TRACE_STOP },
		{ "two fees and no third",
		  "due:2026-06-01 took:fee_reminder@2026-09-02 deadline:2026-09-16 fees:2@2026-09-02",
		  "2026-09-21", 0, "2026-10-05", "NO-FEE-6", TRACE_STOP },
		{ "no SMS for a notice: it goes by letter", "none:email due:2026-08-01 "
		  "took:fee_reminder@2026-09-02 deadline:2026-09-16", "2026-09-21", 3750, "2026-10-05",
		  "NO-NOTICE-1", TRACE_PASS },
	};

	(void)state;
	JUDGE(land("no", "NOK", ROLE_OWN, NULL), cases);
}

static void test_sweden(void **state)
{
	static const struct wanted cases[] = {
		{ "a reminder's fee was not agreed", "due:2026-09-01 took:friendly_reminder@2026-09-11",
		  "2026-09-21", 0, "2026-10-01", "SE-FEE-1", TRACE_STOP },
		{ "the collection letter's need not be", "due:2026-08-01 took:fee_reminder@2026-09-07 "
		  "deadline:2026-09-16", "2026-09-21", 10000, "2026-10-01", "SE-FEE-2", TRACE_PASS },
	}, agreed[] = {
		{ "agreed", "due:2026-09-01 took:friendly_reminder@2026-09-11", "2026-09-21", 6000,
		  "2026-10-01", "SE-FEE-1", TRACE_PASS },
		{ "one is all", "due:2026-09-01 took:friendly_reminder@2026-09-11 fees:1@2026-06-01",
		  "2026-09-21", 0, "2026-10-01", "SE-FEE-6", TRACE_STOP },
	};

	(void)state;
	JUDGE(land("se", "SEK", ROLE_OWN, NULL), cases);
	JUDGE(land("se", "SEK", ROLE_OWN, "{\"pack\":\"se\",\"local\":[{\"kind\":\"agreed\","
	    "\"rule\":\"SE-FEE-1\",\"source\":\"our terms, section 8\"}]}"), agreed);
}

static void test_finland(void **state)
{
	static const struct wanted cases[] = {
		{ "day fourteen after the letter before is too early",
		  "due:2026-08-20 took:friendly_reminder@2026-09-07", "2026-09-22", 0, NULL,
		  "FI-STEP-4", TRACE_WAIT },
		{ "day fifteen is the first", "due:2026-08-20 took:friendly_reminder@2026-09-06",
		  "2026-09-21", 500, "2026-10-05", "FI-FEE-1", TRACE_PASS },
		{ "fourteen days after due", "due:2026-09-08 took:friendly_reminder@2026-09-06",
		  "2026-09-22", 0, NULL, "FI-STEP-3", TRACE_WAIT },
		{ "the fee before was on day fourteen",
		  "due:2026-08-20 took:friendly_reminder@2026-09-06 fees:1@2026-09-07",
		  "2026-09-21", 0, "2026-10-05", "FI-FEE-4", TRACE_STOP },
		{ "a business is reminded after ten", "party:business due:2026-08-20 "
		  "took:friendly_reminder@2026-09-11", "2026-09-21", 1200, "2026-10-05", "FI-FEE-9",
		  TRACE_PASS },
	}, agency[] = {
		{ "the lowest band where the principal is not known", "due:2026-08-01 "
		  "took:fee_reminder@2026-09-01", "2026-09-21", 1400, "2026-10-05", "FI-FEE-6",
		  TRACE_PASS },
	};

	(void)state;
	JUDGE(land("fi", "EUR", ROLE_OWN, NULL), cases);
	JUDGE(land("fi", "EUR", ROLE_THIRD_PARTY, NULL), agency);
}

/* Bands by principal, and the bound on everything. */
static void test_total(void **state)
{
	static const struct { int64_t principal, charged, fee; } cases[] = {
		{ 10000, 0, 1400 }, { 10001, 0, 2400 }, { 100000, 0, 2400 }, { 100001, 0, 5000 },
		{ 10000, 4600, 1400 }, { 10000, 4601, 1399 }, { 10000, 6000, 0 },
		{ 10000, 7000, 0 }, { 100000, 11000, 1000 }, { 100001, 20999, 1 },
		{ 0, 5900, 100 },
	};
	const struct land fi = land("fi", "EUR", ROLE_THIRD_PARTY, NULL);
	struct decision out;
	struct scene s;

	(void)state;
	ask(&fi, "due:2026-08-01 took:fee_reminder@2026-09-01", NULL, &s, &out);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s.invoices[0][0].principal_minor = cases[i].principal;
		s.invoices[0][0].charged_minor = cases[i].charged;
		decide(&s.facts, &s.rules, NULL, &out);
		assert_int_equal(out.result, DECIDE_CONTACT);
		if (out.cases[0].fee_minor != cases[i].fee)
			fail_msg("case %zu: %lld", i, (long long)out.cases[0].fee_minor);
	}
}

static void test_germany(void **state)
{
	static const struct wanted cases[] = {
		{ "by e-mail it costs nothing", "due:2026-09-01 took:friendly_reminder@2026-09-11",
		  "2026-09-21", 0, "2026-10-01", "DE-FEE-2", TRACE_STOP },
		{ "a letter costs 2.50", "none:email none:sms due:2026-09-01 "
		  "took:friendly_reminder@2026-09-11", "2026-09-21", 250, "2026-10-01", "DE-FEE-2",
		  TRACE_PASS },
		{ "the first after the due date is free", "none:email none:sms due:2026-09-11 "
		  "took:friendly_reminder@2026-09-11", "2026-09-21", 0, "2026-10-01", "DE-FEE-2",
		  TRACE_STOP },
	};

	(void)state;
	JUDGE(land("de", "EUR", ROLE_OWN, NULL), cases);
}

/* On the due day a step reminds; the day before it tells. */
static void test_purpose(void **state)
{
	struct schedule_step step = { .from = STEP_FROM_DUE, .days = -1 };

	(void)state;
	assert_string_equal(law_purpose(&step, 4), "heads_up");
	step.legal_notice = true;
	assert_string_equal(law_purpose(&step, 4), "formal_notice");
	assert_string_equal(law_purpose(&step, 3), "heads_up");
	step.legal_notice = false;
	step.fee_minor = 1;
	assert_string_equal(law_purpose(&step, 4), "fee_reminder");
	assert_string_equal(law_purpose(&step, 3), "heads_up");
	step.fee_minor = 0;
	step.days = 0;
	assert_string_equal(law_purpose(&step, 4), "reminder");
	step.from = STEP_FROM_PREVIOUS;
	step.days = 1;
	assert_string_equal(law_purpose(&step, 4), "reminder");
}

/* As many zones as there may be. */
static void test_many_zones(void **state)
{
	const struct zone *out[DECIDE_ZONES_MAX];
	struct decide_facts f = { .zone_count = DECIDE_ZONES_MAX };
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < DECIDE_ZONES_MAX; i++)
		f.zones[i].zone = zone_find(i % 2 == 0 ? "Europe/Oslo" : "America/Chicago", &err);
	assert_int_equal(place_zones(&f, out), DECIDE_ZONES_MAX);
	assert_ptr_equal(out[DECIDE_ZONES_MAX - 1], f.zones[DECIDE_ZONES_MAX - 1].zone);
}

/* The shortest gap that a rule can ask for. */
static void test_one_day_apart(void **state)
{
	const struct land dk = land("dk", "DKK", ROLE_OWN, "{\"pack\":\"dk\",\"step\":[{"
	    "\"id\":\"OWN-GAP\",\"kind\":\"age\",\"says\":\"The day after the last step\","
	    "\"source\":\"our policy\",\"confidence\":\"P\",\"party\":[\"consumer\"],"
	    "\"role\":[\"own\"],\"purpose\":\"reminder\",\"min_age_days\":1,\"min_gap_days\":1}]}");
	const struct ladder_place place = { .due_on = scene_day("2026-08-01"), .last_step = -1,
	    .last_sent_on = scene_day("2026-09-21") };
	const day_t day = place.last_sent_on;
	struct decision out;
	struct scene s;

	(void)state;
	ask(&dk, "due:2026-08-01", NULL, &s, &out);
	assert_int_equal(law_step_day(&s.facts, &s.rules, NULL, &s.cases[0], &place, 1, day, day),
	    day + 1);
}

/* A rule on the age alone does not ask when the last step was, and one on both asks for the
 * later day, also where the last step came before the due date. */
static void test_age_and_gap(void **state)
{
#define AGE(more) "{\"pack\":\"dk\",\"step\":[{\"id\":\"OWN-AGE\",\"kind\":\"age\","		\
	"\"says\":\"Not too early\",\"source\":\"our policy\",\"confidence\":\"P\","		\
	"\"party\":[\"consumer\"],\"role\":[\"own\"],\"purpose\":\"reminder\"," more "}]}"
	static const struct { const char *over, *due, *sent, *day, *wanted; } cases[] = {
		{ AGE("\"min_age_days\":14,\"exclusive\":true"), "2026-08-01", "2026-09-21",
		  "2026-09-14", "2026-09-14" },
		{ AGE("\"min_age_days\":14"), "2026-08-01", "2026-09-21", "2026-09-14",
		  "2026-09-14" },
		{ AGE("\"min_age_days\":30,\"min_gap_days\":1"), "2026-09-01", "2026-08-29",
		  "2026-09-05", "2026-10-01" },
		{ AGE("\"min_age_days\":14,\"min_gap_days\":14,\"exclusive\":true"), "2026-09-01",
		  "2026-08-29", "2026-09-08", "2026-09-16" },
		{ AGE("\"min_age_days\":1,\"min_gap_days\":10"), "2026-09-01", "2026-09-11",
		  "2026-09-15", "2026-09-21" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct land dk = land("dk", "DKK", ROLE_OWN, cases[i].over);
		const struct ladder_place place = { .due_on = scene_day(cases[i].due),
		    .last_step = 0, .last_sent_on = scene_day(cases[i].sent) };
		const day_t day = scene_day(cases[i].day);
		char text[DAY_TEXT_BYTES];
		struct decision out;
		struct scene s;

		ask(&dk, "due:2026-08-01", NULL, &s, &out);
		day_text(law_step_day(&s.facts, &s.rules, NULL, &s.cases[0], &place, 1, day, day), text);
		if (strcmp(text, cases[i].wanted) != 0)
			fail_msg("case %zu: %s, not %s", i, text, cases[i].wanted);
	}
}

/* In the third edition too a hold of the law's on any open claim, or on any invoice of it,
 * stopped the others: of several the one that ends last. */
static void test_stops_of_third_edition(void **state)
{
	static const struct { const char *scene, *until; } cases[] = {	/* "": no stop */
		{ "due:2026-08-01 hold:legal@2026-10-01T00:00:00Z due:2026-09-01",
		  "2026-10-01T00:00:00Z" },
		{ "due:2026-08-01 due:2026-09-01 hold:legal@2026-10-01T00:00:00Z",
		  "2026-10-01T00:00:00Z" },
		{ "casehold:legal@2026-10-01T00:00:00Z due:2026-08-01 case:EUR due:2026-09-01",
		  "2026-10-01T00:00:00Z" },
		{ "due:2026-09-01 case:EUR due:2026-08-01 hold:legal@2026-10-01T00:00:00Z",
		  "2026-10-01T00:00:00Z" },
		{ "due:2026-08-01 hold:legal@2026-10-01T00:00:00Z case:EUR due:2026-09-01 "
		  "hold:legal@2026-10-02T00:00:00Z due:2026-09-01", "2026-10-02T00:00:00Z" },
		{ "due:2026-08-01 hold:legal@2026-10-02T00:00:00Z case:EUR due:2026-09-01 "
		  "hold:legal@2026-10-01T00:00:00Z due:2026-09-01", "2026-10-02T00:00:00Z" },
		{ "due:2026-08-01 hold:dispute@2026-10-01T00:00:00Z due:2026-09-01", "" },
	};
	const struct land us = land("us", "USD", ROLE_OWN, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const bool stopped = cases[i].until[0] != '\0';
		struct decision out;
		struct scene s;

		ask(&us, talloc_asprintf(scene_ctx, "edition:3 at:2026-09-21T14:00:00Z %s",
		    cases[i].scene), NULL, &s, &out);
		if (out.result != (stopped ? DECIDE_WAIT : DECIDE_CONTACT) ||
		    (stopped && (strcmp(out.reason, "hold.legal") != 0 ||
		    out.next_check_at != scene_instant(cases[i].until))))
			fail_msg("case %zu: %s %s", i, decide_result_name(out.result), out.reason);
	}
}

/* A hold on one claim, and what it makes of another claim of the debtor. */
static void test_stops(void **state)
{
	static const struct { const char *land, *hold, *reason, *rule; } cases[] = {
		{ "us", "legal", "hold.legal", "US-ATT-1" },
		{ "us", "dispute", "", "US-VAL-2" },
		{ "us", "hardship", "", "" },
		{ "gb", "legal", "hold.legal", "GB-MOR-1" },
		{ "gb", "hardship", "hold.hardship", "GB-MOR-2" },
		{ "fi", "legal", "", "FI-GOOD-2B" },
		{ "dk", "dispute", "", "DK-GOOD-3" },
		{ "dk", "legal", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct land l = land(cases[i].land, "DKK", ROLE_OWN, NULL);
		struct decision out;
		struct trace trace;
		struct scene s;
		bool named = cases[i].rule[0] == '\0';

		trace_init(&trace, scene_ctx);
		ask(&l, talloc_asprintf(scene_ctx, "at:2026-09-21T14:00:00Z due:2026-08-01 hold:%s "
		    "due:2026-09-01", cases[i].hold), &trace, &s, &out);
		for (size_t k = 0; k < trace.count; k++)
			named |= strcmp(trace.lines[k].rule, cases[i].rule) == 0;
		if (!named)
			fail_msg("%s %s: not in the trace", cases[i].land, cases[i].hold);
		assert_int_equal(out.result, cases[i].reason[0] != '\0' ? DECIDE_WAIT : DECIDE_CONTACT);
		if (cases[i].reason[0] != '\0')
			assert_string_equal(out.reason, cases[i].reason);
	}
}

/* What the law says of the debtor holds whatever else is said of the same claim, and when
 * nothing of that claim is owed any more; before edition 4 it did not. */
static void test_stops_stand(void **state)
{
	static const struct { const char *scene, *reason; } cases[] = {
		{ "due:2026-08-01 hold:dispute stands:legal due:2026-09-01", "hold.legal" },
		{ "stands:legal@2026-10-01T00:00:00Z due:2026-08-01 hold:dispute due:2026-09-01",
		    "hold.legal" },
		{ "stands:legal due:2026-09-01", "hold.legal" },
		{ "stands:hardship due:2026-09-01", "" },
		{ "edition:3 stands:legal due:2026-09-01", "" },
	};
	const struct land us = land("us", "USD", ROLE_OWN, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decision out;
		struct scene s;

		ask(&us, talloc_asprintf(scene_ctx, "at:2026-09-21T14:00:00Z %s", cases[i].scene),
		    NULL, &s, &out);
		assert_int_equal(out.result, cases[i].reason[0] != '\0' ? DECIDE_WAIT : DECIDE_CONTACT);
		if (cases[i].reason[0] != '\0')
			assert_string_equal(out.reason, cases[i].reason);
		if (i == 1)
			assert_int_equal(out.next_check_at, scene_instant("2026-10-01T00:00:00Z"));
	}
}

/* Over channels that the law closes nothing goes. */
static void test_never(void **state)
{
	const struct land us = land("us", "USD", ROLE_THIRD_PARTY, NULL);
	const struct land no = land("no", "NOK", ROLE_OWN, NULL);
	struct decision out;
	struct scene s;

	(void)state;
	ask(&us, "at:2026-09-21T14:00:00Z wants:sms due:2026-09-15", NULL, &s, &out);
	assert_int_equal(out.result, DECIDE_CONTACT);
	assert_int_equal(out.channel, CHANNEL_EMAIL);
	ask(&us, "at:2026-09-21T14:00:00Z none:email none:letter due:2026-09-15", NULL, &s, &out);
	assert_int_equal(out.result, DECIDE_WAIT);
	assert_string_equal(out.reason, "no_channel");
	ask(&no, "none:email none:letter due:2026-08-01 took:fee_reminder@2026-09-01 "
	    "deadline:2026-09-15", NULL, &s, &out);
	assert_string_equal(out.reason, "no_channel");
}

/* Several regions may bind one debtor; where none is known all of them do. */
static void test_regions(void **state)
{
	static const struct {
		const char	*region, *now, *rule;	/* that makes it wait; "" : allowed */
		bool		 asks_nyc;
	} cases[] = {
		{ "", "2026-09-21T14:00:00Z", "", false },
		{ "FL CA", "2026-09-21T14:00:00Z", "", false },
		{ "MA", "2026-09-21T14:00:00Z", "US-MA-1A", false },
		{ "NYC MA", "2026-09-21T14:00:00Z", "US-MA-1A", true },
		{ "NYC", "2026-09-21T14:00:00Z", "", true },
		{ NULL, "2026-09-21T14:00:00Z", "US-MA-1A", true },
		{ "NYC", "2026-08-31T14:00:00Z", "", false },	/* in force from 1 September */
		{ "NYC", "2026-09-01T14:00:00Z", "", true },
	};
	const struct land us = land("us", "USD", ROLE_OWN, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const instant_t now = scene_instant(cases[i].now);
		const struct gate_contact sent[] = {
			{ now - 4 * SECONDS_PER_DAY, CHANNEL_SMS, false },
			{ now - 5 * SECONDS_PER_DAY, CHANNEL_CALL, false },
		};
		const struct gate_question q = { .now = now, .zone = zone_find("America/New_York", NULL),
		    .channel = CHANNEL_SMS, .party = PARTY_CONSUMER, .role = ROLE_OWN,
		    .region = cases[i].region, .has_address = true, .sent = sent, .sent_count = 2 };
		struct gate_verdict verdict;
		struct trace trace;
		bool nyc = false;

		trace_init(&trace, scene_ctx);
		gate_ask(us.pack, us.calendar, &q, &trace, &verdict);
		for (size_t k = 0; k < trace.count; k++)
			nyc |= strcmp(trace.lines[k].rule, "US-NYC-1") == 0;
		assert_string_equal(verdict.rule_id, cases[i].rule);
		assert_int_equal(nyc, cases[i].asks_nyc);
		if (verdict.answer == GATE_WAIT)	/* the seventh day after the older of the two */
			assert_int_equal(verdict.retry_at, scene_instant("2026-09-23T12:00:00Z"));
	}
}

/* What of a balance bears interest. */
static void test_base(void **state)
{
	static const char law_order[] = "\"order\": [\"costs\", \"interest\", \"principal\"]";
	static const struct { int64_t balance, principal_first, principal_last; } cases[] = {
		{ 11500, 10000, 10000 },	/* 100.00, fees 10.00, interest 5.00: nothing paid */
		{ 10500, 9000, 10000 },
		{ 10000, 8500, 10000 },
		{ 4000, 2500, 4000 },
		{ 1500, 0, 1500 },
		{ 700, 0, 700 },
		{ 0, 0, 0 },
	};
	const struct pack *usual = land("de", "EUR", ROLE_OWN, NULL).pack;
	char *text = scene_text("schedules/rules/de.json",
	    "\"order\": [\"principal\", \"interest\", \"costs\"]", law_order);
	struct err err = { 0 };
	const struct pack *law = pack_parse(scene_ctx, "law", text, strlen(text), &err);

	(void)state;
	assert_non_null(law);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct charge_owed owed = { cases[i].balance, 10000, 1000, 500 };

		assert_int_equal(charge_base(usual, PARTY_CONSUMER, ROLE_OWN, NULL, &owed, 20000, NULL),
		    cases[i].principal_first);
		assert_int_equal(charge_base(law, PARTY_CONSUMER, ROLE_OWN, NULL, &owed, 20000, NULL),
		    cases[i].principal_last);
	}
}

static void test_compensation(void **state)
{
	const struct pack *gb = land("gb", "GBP", ROLE_OWN, NULL).pack;
	const day_t on = scene_day("2026-11-22");
	struct trace trace;

	(void)state;
	trace_init(&trace, scene_ctx);
	assert_int_equal(charge_compensation(gb, PARTY_BUSINESS, ROLE_OWN, NULL, "GBP", 100000, on, &trace),
	    7000);
	assert_string_equal(trace.lines[0].rule, "GB-COMP-1");
	assert_int_equal(charge_compensation(gb, PARTY_CONSUMER, ROLE_OWN, NULL, "GBP", 100000, on, &trace),
	    0);
	assert_int_equal(trace.lines[1].answer, TRACE_STOP);
}

/* A pack of format 1, as it stands behind old decisions: they come out as then. */
static void test_first_format(void **state)
{
	static const struct wanted cases[] = {
		{ "a reminder's fee", "due:2026-09-01 took:friendly_reminder@2026-09-11",
		  "2026-09-21", 10000, "2026-10-01", "DK-FEE-1", TRACE_PASS },
		{ "is a notice's too", "due:2026-08-01 took:fee_reminder@2026-09-07 "
		  "deadline:2026-09-17", "2026-09-21", 10000, "2026-10-01", "DK-FEE-1", TRACE_PASS },
	};
	static char text[64 * 1024];
	FILE *file = fopen("tests/vectors/rules/dk-format-1.json", "r");
	struct land old = land("dk", "DKK", ROLE_OWN, NULL);
	struct charge_interest ask = { PARTY_CONSUMER, ROLE_OWN, 1000000, scene_day("2024-06-30"),
	    scene_day("2024-07-01"), NULL };
	struct err err = { 0 };
	struct trace trace;

	(void)state;
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	old.pack = pack_parse(scene_ctx, "old", text, strlen(text), &err);
	if (old.pack == NULL)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		judge(&old, &cases[i]);
	trace_init(&trace, scene_ctx);
	assert_int_equal(charge_interest(old.pack, &ask, &trace), 321);	/* one day of 11.75 % */
	assert_string_equal(trace.lines[trace.count - 1].text,
	    "no interest for 1 of 2 days: the pack knows no rate for them");
	ask.until = ask.from;
	trace_init(&trace, scene_ctx);
	assert_int_equal(charge_interest(old.pack, &ask, &trace), 321);
	assert_int_equal(trace.lines[trace.count - 1].answer, TRACE_PASS);
}

/* C and M are provisional, and each trace line of theirs says so. */
static void test_provisional(void **state)
{
	const struct land no = land("no", "NOK", ROLE_OWN, NULL);
	struct decision out;
	struct trace trace;
	struct scene s;
	bool said = false;

	(void)state;
	trace_init(&trace, scene_ctx);
	ask(&no, "due:2026-09-07 took:friendly_reminder@2026-09-11", &trace, &s, &out);
	for (size_t i = 0; i < trace.count; i++)
		said |= strcmp(trace.lines[i].rule, "NO-FEE-2B") == 0 &&
		    strcmp(trace.lines[i].confidence, "C, provisional") == 0;
	assert_true(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_norway),
		cmocka_unit_test(test_sweden),
		cmocka_unit_test(test_finland),
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_germany),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_stops_stand),
		cmocka_unit_test(test_one_day_apart),
		cmocka_unit_test(test_age_and_gap),
		cmocka_unit_test(test_stops_of_third_edition),
		cmocka_unit_test(test_purpose),
		cmocka_unit_test(test_many_zones),
		cmocka_unit_test(test_never),
		cmocka_unit_test(test_regions),
		cmocka_unit_test(test_base),
		cmocka_unit_test(test_compensation),
		cmocka_unit_test(test_first_format),
		cmocka_unit_test(test_provisional),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, scene_start, scene_end);
}
