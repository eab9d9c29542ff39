/* test_frozen.c - facts frozen, thawed and judged again give the same decision
 * to the last field, for thousands of facts that a seeded generator makes up;
 * and damaged texts are refused.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <jansson.h>

#include "scene.h"
#include "decide/frozen.h"

#define ROUNDS 20000

static uint64_t seed = 11;

static int below(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int)((seed >> 33) % (uint64_t)n);
}

static bool once_in(int n)
{
	return below(n) == 0;
}

static struct decide_hold random_hold(instant_t now)
{
	return (struct decide_hold){ .held = true, .type = (enum hold_type)below(HOLD_TYPES),
	    .until = once_in(3) ? DECIDE_HOLDS_FOREVER : now + 1 + below(2000000) };
}

static void random_invoice(struct decide_case *c, day_t today, instant_t now)
{
	struct decide_invoice *i = &c->invoices[c->invoice_count];
	const int last = below((int)c->schedule->step_count + 3) - 3;
	const day_t due = today - 60 + below(70);

	*i = (struct decide_invoice){ .id = c->id * 100 + (int64_t)c->invoice_count,
	    .balance_minor = 1 + below(400000), .place = { .due_on = due,
	    .last_step = last < 0 ? -1 : last, .last_sent_on = DAY_NONE,
	    .last_deadline_on = DAY_NONE,
	    .held_until = once_in(6) ? today - below(10) : DAY_NONE },
	    .approved_step = once_in(5) ? below((int)c->schedule->step_count) : -1,
	    .interest_from = once_in(2) ? due + below(20) : DAY_NONE };
	if (i->interest_from != DAY_NONE) {
		i->interest_minor = below(3000);
		i->charged_minor = i->interest_minor;
		i->principal_minor = i->balance_minor;
		i->compensated = once_in(2);
	}
	if (i->place.last_step >= 0) {
		i->place.last_sent_on = today - below(40);
		if (once_in(2))
			i->place.last_deadline_on = i->place.last_sent_on + below(20);
	}
	i->principal_minor = i->balance_minor / 2;
	i->charged_minor = i->balance_minor / 7;
	if (once_in(8))
		i->hold = random_hold(now);
	c->invoice_count++;
}

static void random_scene(struct scene *s)
{
	static const char *const zones[] = { "Europe/Copenhagen", "America/New_York",
	    "Asia/Kathmandu", "UTC" };
	static const char *const currencies[] = { "DKK", "EUR", "SEK" };
	const int cases = below(4);
	day_t today;

	scene_read(s, "margin:30");
	s->facts.now = scene_instant("2026-01-01T00:00:00Z") + below(40000000);
	s->facts.debtor_zone = zone_find(zones[below(4)], NULL);
	for (int n = once_in(3) ? 1 + below(3) : 0; n > 0; n--)
		s->facts.zones[s->facts.zone_count++] = (struct decide_zone){
		    zone_find(zones[below(4)], NULL), (unsigned)below(ABODE_TELLERS + 1) };
	s->facts.region = once_in(3) ? "NY NYC" : NULL;
	today = zone_local(s->facts.creditor_zone, s->facts.now).day;
	s->facts.party = (enum party)below(PARTIES);
	s->facts.prefers_given = once_in(3);
	s->facts.prefers = s->facts.prefers_given ? (enum channel)below(CHANNELS) : CHANNEL_EMAIL;
	for (int i = 0; i < CHANNELS; i++)
		s->facts.address[i] = (struct decide_address){ .id = once_in(4) ? 0 : 20 + i,
		    .opted_out = once_in(6), .bad = once_in(6) };
	for (int n = below(5); n > 0; n--)
		s->sent[s->facts.sent_count++] = (struct gate_contact){
		    .at = s->facts.now - (5 - n) * 100000 - below(100000),
		    .channel = (enum channel)below(CHANNELS), .other = once_in(4) };
	s->facts.pending_contact = once_in(30) ? 1 + below(99) : 0;
	s->facts.unknown_contact = once_in(30) ? 1 + below(99) : 0;
	s->facts.loose_money = once_in(30);
	if (once_in(20))
		s->facts.hold = random_hold(s->facts.now);
	for (int i = 0; i < HOLD_TYPES; i++)
		s->facts.standing[i] = once_in(15) ? random_hold(s->facts.now).until : 0;
	s->facts.posting_days = below(3);
	s->facts.softened = once_in(5);
	s->facts.held_out = once_in(5);
	s->facts.stopped_arms = once_in(5) ? (unsigned)below(8) : 0;
	s->facts.replied_given = once_in(4);
	s->facts.replied = s->facts.replied_given ? (enum channel)below(CHANNELS) : CHANNEL_EMAIL;
	s->facts.acts_given = once_in(4);
	s->facts.acts_hour = s->facts.acts_given ? below(24) : 0;
	s->facts.habit_given = once_in(3);
	for (int i = 0; s->facts.habit_given && i < CHANNELS; i++)
		s->facts.habit[i] = (struct decide_habit){ below(40), below(20), below(1001) };
	s->facts.arm = below(5) - 1;
	s->facts.bucket = below(10001) - 1;
	s->facts.margin_minutes = below(60);
	if (once_in(6))
		memcpy(s->facts.other_lang, "pl", sizeof("pl"));
	for (int i = 0; i < cases; i++) {
		struct decide_case *c = &s->cases[i];

		scene_case(s, currencies[i]);
		c->schedule = once_in(4) ? scene_dear : scene_dk;
		if (once_in(12))
			c->hold = random_hold(s->facts.now);
		c->fee_count = below(5);
		c->last_fee_on = once_in(2) ? today - below(30) : DAY_NONE;
		for (int n = 1 + below(3); n > 0; n--)
			random_invoice(c, today, s->facts.now);
	}
}

static const struct schedule *find(void *arg, const char *hash)
{
	(void)arg;
	if (strcmp(hash, scene_dk->hash) == 0)
		return scene_dk;
	return strcmp(hash, scene_dear->hash) == 0 ? scene_dear : NULL;
}

static bool same(const struct decision *a, const struct decision *b)
{
	bool cases = a->case_count == b->case_count;

	for (size_t i = 0; cases && i < a->case_count; i++)
		cases = a->cases[i].case_index == b->cases[i].case_index &&
		    a->cases[i].carrying == b->cases[i].carrying &&
		    a->cases[i].fee_minor == b->cases[i].fee_minor &&
		    a->cases[i].interest_minor == b->cases[i].interest_minor &&
		    a->cases[i].compensation_minor == b->cases[i].compensation_minor;
	return cases && a->result == b->result && strcmp(a->reason, b->reason) == 0 &&
	    a->next_check_at == b->next_check_at && a->schedule == b->schedule &&
	    a->step == b->step && a->channel == b->channel && a->address_id == b->address_id &&
	    a->tone == b->tone && a->arm == b->arm && a->assign == b->assign &&
	    a->ripe_at == b->ripe_at && a->closes_at == b->closes_at &&
	    a->expires_at == b->expires_at && a->deadline_on == b->deadline_on;
}

/* Compact JSON, as a library of JSON writes it. */
static void assert_compact(const char *text)
{
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	char *dump = value != NULL ? json_dumps(value, JSON_COMPACT) : NULL;

	if (dump == NULL || strcmp(dump, text) != 0)
		fail_msg("%s", text);
	free(dump);
	json_decref(value);
}

static void test_same(void **state)
{
	int results[DECIDE_HAND_OVER + 1] = { 0 }, assigned = 0, fees = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct scene s;
		struct decision before, after;
		struct decide_facts *thawed;
		struct err err = { 0 };
		void *ctx = talloc_new(NULL);
		const char *frozen;

		random_scene(&s);
		s.facts.edition = 1 + i % DECIDE_EDITION;
		for (size_t k = 0; k < s.facts.case_count; k++)
			for (size_t n = 0; n < s.cases[k].invoice_count; n++)
				s.cases[k].invoices[n].place.due_alone = s.facts.edition < 4;
		frozen = facts_freeze(ctx, &s.facts);
		thawed = facts_thaw(ctx, frozen, find, NULL, &err);
		assert_non_null(thawed);
		decide(&s.facts, &s.rules, NULL, &before);
		decide(thawed, &s.rules, NULL, &after);
		if (!same(&before, &after) || strcmp(frozen, facts_freeze(ctx, thawed)) != 0)
			fail_msg("round %d: %s", i, frozen);
		assert_compact(frozen);
		assert_compact(decision_freeze(ctx, &s.facts, &before));
		assert_string_equal(decision_freeze(ctx, &s.facts, &before),
		    decision_freeze(ctx, thawed, &after));
		assert_true(after.next_check_at > s.facts.now);
		if (before.result == DECIDE_CONTACT)
			assert_true(before.ripe_at >= s.facts.now &&
			    before.expires_at > before.ripe_at);
		results[before.result]++;
		assigned += before.assign;
		fees += before.case_count > 0 && before.cases[0].fee_minor > 0;
		talloc_free(ctx);
	}
	/* the generator reaches every kind of answer, often */
	for (int i = 0; i <= DECIDE_HAND_OVER; i++)
		assert_true(results[i] > ROUNDS / 100);
	if (assigned <= ROUNDS / 100 || fees <= ROUNDS / 200)
		fail_msg("%d assigned, %d with a fee", assigned, fees);
}

static const struct {
	const char *says, *from, *to;
} damages[] = {
	{ "not JSON", "{\"e\"", "{e" },
	{ "a zone that is none", "\"z\":\"Europe/Copenhagen\"", "\"z\":\"Europe/Atlantis\"" },
	{ "no zone", "\"cz\":", "\"xz\":" },
	{ "a schedule that is gone", "\"v\":\"", "\"v\":\"0" },
	{ "a currency of four letters", "\"u\":\"DKK\"", "\"u\":\"DKKR\"" },
	{ "a zone that it may be in and is none", "[\"UTC\",4]", "[\"UTX\",4]" },
	{ "a zone that nothing can have told", "[\"UTC\",4]", "[\"UTC\",8]" },
	{ "a zone without a name", "[\"UTC\",4]", "[7,4]" },
	{ "a region that is no word", "\"rg\":\"NY\"", "\"rg\":7" },
	{ "a party that is none", "\"p\":0", "\"p\":3" },
	{ "a wished channel that is none", "\"w\":1", "\"w\":4" },
	{ "a contact over a channel that is none", ",2]]", ",9]]" },
	{ "a hold of a kind that is none", "\"h\":[0,", "\"h\":[99," },
	{ "an invoice's hold of a kind that is none", "null,7,", "null,70," },
	{ "a step behind the ladder's end", ",1,20707,", ",99,20707," },
	{ "a margin of days", "\"g\":30", "\"g\":3000" },
	{ "an edition of a newer program", "\"e\":4", "\"e\":5" },
	{ "an edition that is none", "\"e\":4", "\"e\":0" },
	{ "a bucket that is none", "\"b\":-1", "\"b\":10000" },
	{ "an hour that no day has", "\"ah\":9", "\"ah\":24" },
	{ "a yes to a step that is none", ",0,null,0,0]", ",-2,null,0,0]" },
	{ "a yes to a step behind the ladder's end", ",0,null,0,0]", ",99,null,0,0]" },
};

static void test_damaged(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const char *text;
	struct scene s;

	(void)state;
	scene_read(&s, "maybe:Europe/Copenhagen maybe:UTC region:NY wants:sms sent:letter@2026-09-11T10:00:00Z casehold:dispute "
	    "due:2026-09-01 took:friendly_reminder@2026-09-11 hold:manual");
	s.facts.cases[0].invoices[0].approved_step = 0;
	s.facts.acts_given = true;
	s.facts.acts_hour = 9;
	text = facts_freeze(ctx, &s.facts);
	assert_non_null(facts_thaw(ctx, text, find, NULL, &err));
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		const char *at = strstr(text, damages[i].from);

		if (at == NULL)
			fail_msg("%s: not in %s", damages[i].says, text);
		err_clear(&err);
		if (facts_thaw(ctx, talloc_asprintf(ctx, "%.*s%s%s", (int)(at - text), text,
		    damages[i].to, at + strlen(damages[i].from)), find, NULL, &err) != NULL ||
		    err.kind != ERR_INPUT)
			fail_msg("%s: was taken", damages[i].says);
	}
	talloc_free(ctx);
}

/* As programs before a place was asked for froze them: one zone, no region. */
static void test_before_places(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct decide_facts *thawed;
	const char *text;
	struct scene s;

	(void)state;
	scene_read(&s, "due:2026-09-01");
	text = facts_freeze(ctx, &s.facts);
	assert_null(strstr(text, "\"zs\""));
	assert_null(strstr(text, "\"rg\""));
	thawed = facts_thaw(ctx, text, find, NULL, &err);
	assert_non_null(thawed);
	assert_int_equal(thawed->zone_count, 0);
	assert_null(thawed->region);
	talloc_free(ctx);
}

/* Each type's standing hold is written and read back as that type's; none: no word of it. */
static void test_standing(void **state)
{
	void *ctx = talloc_new(NULL);
	struct decide_facts *thawed;
	struct err err = { 0 };
	const char *text;
	struct scene s;

	(void)state;
	scene_read(&s, "due:2026-09-01");
	assert_null(strstr(facts_freeze(ctx, &s.facts), "\"sl\""));
	for (int type = 0; type < HOLD_TYPES; type++) {
		scene_read(&s, "due:2026-09-01");
		s.facts.standing[type] = 1790000000;
		text = facts_freeze(ctx, &s.facts);
		assert_non_null(strstr(text, talloc_asprintf(ctx, "\"sl\":[[%d,1790000000]]", type)));
		thawed = facts_thaw(ctx, text, find, NULL, &err);
		assert_non_null(thawed);
		for (int i = 0; i < HOLD_TYPES; i++)
			assert_int_equal(thawed->standing[i], i == type ? 1790000000 : 0);
	}
	talloc_free(ctx);
}

/* How often a debtor reacted is a number for each channel, and never a negative one. */
static void test_damaged_habit(void **state)
{
	static const char sound[] = "\"hb\":[[5,1,300],[8,6,301],[0,0,302],[2,2,303]]";
	static const struct { const char *from, *to; } bad[] = {
		{ "[5,", "[-4," }, { "[5,", "[\"5\"," }, { "[5,", "[null," }, { ",1,", ",-1," },
		{ ",1,", ",1.5," }, { "300]", "-300]" }, { ",300]", "]" },
		{ "300]", "99999999999]" }, { "[8,", "[-4," }, { "303]", "-1]" },
		{ ",[2,2,303]", "" }, { "[0,0,302]", "7" },
	};
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	const char *text, *hb;
	struct scene s;

	(void)state;
	scene_read(&s, "due:2026-09-01");
	s.facts.habit_given = true;
	s.facts.habit[CHANNEL_EMAIL] = (struct decide_habit){ 5, 1, 300 };
	s.facts.habit[CHANNEL_SMS] = (struct decide_habit){ 8, 6, 301 };
	s.facts.habit[CHANNEL_LETTER] = (struct decide_habit){ 0, 0, 302 };
	s.facts.habit[CHANNEL_CALL] = (struct decide_habit){ 2, 2, 303 };
	text = facts_freeze(ctx, &s.facts);
	hb = strstr(text, sound);
	assert_non_null(hb);
	assert_non_null(facts_thaw(ctx, text, find, NULL, &err));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *at = strstr(hb, bad[i].from);

		assert_non_null(at);
		err_clear(&err);
		if (facts_thaw(ctx, talloc_asprintf(ctx, "%.*s%s%s", (int)(at - text), text, bad[i].to,
		    at + strlen(bad[i].from)), find, NULL, &err) != NULL || err.kind != ERR_INPUT)
			fail_msg("%s for %s was taken", bad[i].to, bad[i].from);
	}
	talloc_free(ctx);
}

/* As programs before the second edition froze them: the answer of then. */
static void test_first_edition(void **state)
{
	void *ctx = talloc_new(NULL);
	struct err err = { 0 };
	struct decide_facts *thawed;
	struct decision then, now;
	const char *text, *at;
	struct scene s;

	(void)state;
	scene_read(&s, "edition:1 due:2026-09-01 owes:2499 due:2026-12-24");
	decide(&s.facts, &s.rules, NULL, &then);
	assert_int_equal(then.result, DECIDE_CONTACT);
	text = facts_freeze(ctx, &s.facts);
	at = strstr(text, "\"e\":1,");
	assert_non_null(at);
	text = talloc_asprintf(ctx, "%.*s%s", (int)(at - text), text, at + 6);
	assert_int_equal(strncmp(text, "{\"n\":", 5), 0);
	thawed = facts_thaw(ctx, text, find, NULL, &err);
	assert_non_null(thawed);
	decide(thawed, &s.rules, NULL, &now);
	assert_true(same(&then, &now));
	thawed->edition = DECIDE_EDITION;
	decide(thawed, &s.rules, NULL, &now);
	assert_int_equal(now.result, DECIDE_WAIT);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_before_places),
		cmocka_unit_test(test_standing),
		cmocka_unit_test(test_damaged_habit),
		cmocka_unit_test(test_first_edition),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, scene_start, scene_end);
}
