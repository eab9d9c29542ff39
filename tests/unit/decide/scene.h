/* scene.h - the facts of a decision written in one line.
 *
 *   at:INSTANT             now (2026-09-21T10:00:00Z, a Monday, when left out)
 *   case:EUR               begins a case; the first one, in DKK, need not be said
 *   on:dear                the case's schedule: dk (dk-consumer) or dear (fees of
 *                          250.00; its first fee comes with interest and
 *                          compensation)
 *   due:DAY                begins an invoice of the case, of 1249.00
 *   owes:MINOR charged:MINOR   its balance, and what of it are charges
 *   took:STEP@DAY          its last step and when that was sent
 *   deadline:DAY           that this step gave
 *   free:DAY               a hold on it ended then
 *   hold:TYPE[@INSTANT]    it is held (until then, else until released)
 *   casehold: debtorhold:  the same for the case, for the debtor
 *   stands:TYPE[@INSTANT]  a hold on some claim, of which nothing need be open
 *   fees:N@DAY             fee-bearing messages of the case and the last one's day
 *   sent:CHANNEL@INSTANT   a contact that was made, newest first
 *   optout:CHANNEL bad:CHANNEL none:CHANNEL    of the addresses 11, 12, 13, 14
 *   wants:CHANNEL party:PARTY arm:N bucket:N margin:MINUTES
 *   maybe:ZONE             the debtor may be there, by the telephone (several add up)
 *   region:WORD            of the debtor, not known when left out
 *   pending:ID unknown:ID loose:1 softened:1 apart:1 stopped:BITS (arms)
 *   edition:N              of the decision, the newest when left out
 *   nopack:1 pack:full     no rule pack; one whose gap counts full days
 *
 * Policies are the ones embedded in the program.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "decide/decide.h"

#define SCENE_INVOICES_MAX 6
#define SCENE_SENT_MAX 16

struct scene {
	struct decide_facts	facts;
	struct decide_rules	rules;
	struct decide_case	cases[DECIDE_CASES_MAX];
	struct decide_invoice	invoices[DECIDE_CASES_MAX][SCENE_INVOICES_MAX];
	struct gate_contact	sent[SCENE_SENT_MAX];
};

static void *scene_ctx;
static struct schedule *scene_dk, *scene_dear;
static struct pack *scene_pack, *scene_full_pack;
static struct calendar *scene_calendar;
static struct experiment *scene_experiment;

/* The asset with the first `from` replaced by `to`. */
static char *scene_text(const char *path, const char *from, const char *to)
{
	const struct asset *a = asset_find(path);
	const char *at;

	assert_non_null(a);
	at = from != NULL ? strstr(a->at, from) : NULL;
	if (from == NULL)
		return talloc_strdup(scene_ctx, a->at);
	assert_non_null(at);
	return talloc_asprintf(scene_ctx, "%.*s%s%s", (int)(at - a->at), a->at, to,
	    at + strlen(from));
}

static int scene_start(void **state)
{
	struct err err = { 0 };
	char *text;

	(void)state;
	secret_start();
	scene_ctx = talloc_new(NULL);
	text = scene_text("schedules/dk-consumer.json", NULL, NULL);
	scene_dk = schedule_parse(scene_ctx, "dk", text, strlen(text), &err);
	text = scene_text("schedules/dk-consumer.json", "\"minor\": 10000, \"currency\": \"DKK\" },",
	    "\"minor\": 25000, \"currency\": \"DKK\" }, \"interest\": true, \"compensation\": true,");
	scene_dear = schedule_parse(scene_ctx, "dear", text, strlen(text), &err);
	text = scene_text("schedules/rules/dk.json", NULL, NULL);
	scene_pack = pack_parse(scene_ctx, "pack", text, strlen(text), &err);
	text = scene_text("schedules/rules/dk.json", "\"min_gap_days\": 10",
	    "\"min_gap_days\": 10, \"exclusive\": true");
	scene_full_pack = pack_parse(scene_ctx, "full", text, strlen(text), &err);
	text = scene_text("schedules/calendars/dk.ics", NULL, NULL);
	scene_calendar = calendar_parse(scene_ctx, "calendar", text, strlen(text), &err);
	text = scene_text("schedules/experiments/dk-tone.json", NULL, NULL);
	scene_experiment = experiment_parse(scene_ctx, "experiment", text, strlen(text), &err);
	if (err_is_set(&err))
		fprintf(stderr, "%s\n", err.text);
	return err_is_set(&err) ? -1 : 0;
}

static int scene_end(void **state)
{
	(void)state;
	talloc_free(scene_ctx);
	return 0;
}

static instant_t scene_instant(const char *text)
{
	instant_t t;

	assert_true(instant_parse(text, &t, NULL));
	return t;
}

static day_t scene_day(const char *text)
{
	day_t day;

	assert_true(day_parse_iso(&text, &day));
	return day;
}

static enum channel scene_channel(const char *text)
{
	enum channel channel;

	assert_true(channel_parse(text, &channel));
	return channel;
}

static struct decide_hold scene_hold(char *text)
{
	struct decide_hold hold = { .held = true, .until = DECIDE_HOLDS_FOREVER };
	char *until = strchr(text, '@');

	if (until != NULL) {
		*until = '\0';
		hold.until = scene_instant(until + 1);
	}
	assert_true(hold_type_parse(text, &hold.type));
	return hold;
}

static struct decide_hold scene_stands(struct decide_facts *f, struct decide_hold hold)
{
	if (hold.until > f->standing[hold.type])
		f->standing[hold.type] = hold.until;
	return hold;
}

static void scene_case(struct scene *s, const char *currency)
{
	struct decide_case *c = &s->cases[s->facts.case_count];

	assert_true(s->facts.case_count < DECIDE_CASES_MAX);
	*c = (struct decide_case){ .id = (int64_t)s->facts.case_count + 1,
	    .schedule = scene_dk, .invoices = s->invoices[s->facts.case_count],
	    .last_fee_on = DAY_NONE };
	memcpy(c->currency, currency, CURRENCY_BYTES);
	s->facts.case_count++;
}

/* Words about the whole debtor; false: it is none of these. */
static bool scene_debtor_word(struct scene *s, const char *key, char *value)
{
	struct decide_facts *f = &s->facts;

	if (strcmp(key, "at") == 0)
		f->now = scene_instant(value);
	else if (strcmp(key, "debtorhold") == 0)
		f->hold = scene_hold(value);
	else if (strcmp(key, "stands") == 0)
		(void)scene_stands(f, scene_hold(value));
	else if (strcmp(key, "posting") == 0)
		f->posting_days = atoi(value);
	else if (strcmp(key, "optout") == 0)
		f->address[scene_channel(value)].opted_out = true;
	else if (strcmp(key, "bad") == 0)
		f->address[scene_channel(value)].bad = true;
	else if (strcmp(key, "none") == 0)
		f->address[scene_channel(value)].id = 0;
	else if (strcmp(key, "party") == 0)
		assert_true(party_parse(value, &f->party));
	else if (strcmp(key, "arm") == 0)
		f->arm = atoi(value);
	else if (strcmp(key, "bucket") == 0)
		f->bucket = atoi(value);
	else if (strcmp(key, "margin") == 0)
		f->margin_minutes = atoi(value);
	else if (strcmp(key, "pending") == 0)
		f->pending_contact = atoi(value);
	else if (strcmp(key, "unknown") == 0)
		f->unknown_contact = atoi(value);
	else if (strcmp(key, "loose") == 0)
		f->loose_money = true;
	else if (strcmp(key, "softened") == 0)
		f->softened = true;
	else if (strcmp(key, "apart") == 0)
		f->held_out = true;
	else if (strcmp(key, "stopped") == 0)
		f->stopped_arms = (unsigned)atoi(value);
	else if (strcmp(key, "edition") == 0)
		f->edition = atoi(value);
	else if (strcmp(key, "region") == 0)
		f->region = talloc_strdup(scene_ctx, value);
	else if (strcmp(key, "maybe") == 0)
		f->zones[f->zone_count++] = (struct decide_zone){ zone_find(value, NULL),
		    ABODE_BY_PHONE };
	else if (strcmp(key, "nopack") == 0)
		s->rules.pack = NULL;
	else if (strcmp(key, "pack") == 0)
		s->rules.pack = scene_full_pack;
	else
		return false;
	return true;
}

static bool scene_wish_word(struct scene *s, const char *key, char *value)
{
	struct decide_facts *f = &s->facts;
	char *at = strchr(value, '@');

	if (strcmp(key, "wants") == 0) {
		f->prefers_given = true;
		f->prefers = scene_channel(value);
		return true;
	}
	if (strcmp(key, "sent") != 0)
		return false;
	assert_non_null(at);
	assert_true(f->sent_count < SCENE_SENT_MAX);
	*at = '\0';
	s->sent[f->sent_count++] = (struct gate_contact){ .at = scene_instant(at + 1),
	    .channel = scene_channel(value) };
	return true;
}

/* Words about the case and the invoice that were begun last. */
static bool scene_case_word(struct scene *s, const char *key, char *value)
{
	struct decide_case *c = &s->cases[s->facts.case_count - 1];
	struct decide_invoice *i = c->invoice_count > 0 ? &c->invoices[c->invoice_count - 1] : NULL;
	char *at = strchr(value, '@');

	if (strcmp(key, "on") == 0) {
		c->schedule = strcmp(value, "dear") == 0 ? scene_dear : scene_dk;
	} else if (strcmp(key, "casehold") == 0) {
		c->hold = scene_stands(&s->facts, scene_hold(value));
	} else if (strcmp(key, "fees") == 0) {
		c->fee_count = atoi(value);
		c->last_fee_on = scene_day(at + 1);
	} else if (strcmp(key, "due") == 0) {
		assert_true(c->invoice_count < SCENE_INVOICES_MAX);
		i = &c->invoices[c->invoice_count++];
		*i = (struct decide_invoice){ .id = c->id * 100 + (int64_t)c->invoice_count,
		    .balance_minor = 124900, .place = { .due_on = scene_day(value),
		    .last_step = -1, .last_sent_on = DAY_NONE, .last_deadline_on = DAY_NONE,
		    .held_until = DAY_NONE }, .approved_step = -1, .interest_from = DAY_NONE };
	} else if (i == NULL) {
		return false;
	} else if (strcmp(key, "owes") == 0) {
		i->balance_minor = atoi(value);
	} else if (strcmp(key, "charged") == 0) {
		i->charged_minor = atoi(value);
	} else if (strcmp(key, "took") == 0) {
		*at = '\0';
		i->place.last_step = schedule_step_index(c->schedule, value);
		assert_true(i->place.last_step >= 0);
		i->place.last_sent_on = scene_day(at + 1);
	} else if (strcmp(key, "deadline") == 0) {
		i->place.last_deadline_on = scene_day(value);
	} else if (strcmp(key, "free") == 0) {
		i->place.held_until = scene_day(value);
	} else if (strcmp(key, "hold") == 0) {
		i->hold = scene_stands(&s->facts, scene_hold(value));
	} else {
		return false;
	}
	return true;
}

static void scene_read(struct scene *s, const char *line)
{
	char *text = talloc_strdup(scene_ctx, line), *rest = NULL;

	*s = (struct scene){ .rules = { scene_pack, scene_calendar, scene_experiment } };
	s->facts.edition = DECIDE_EDITION;
	s->facts.now = scene_instant("2026-09-21T10:00:00Z");
	s->facts.debtor_zone = s->facts.creditor_zone = zone_find("Europe/Copenhagen", NULL);
	s->facts.party = PARTY_CONSUMER;
	s->facts.arm = s->facts.bucket = -1;
	s->facts.margin_minutes = 30;
	s->facts.sent = s->sent;
	s->facts.cases = s->cases;
	for (int i = 0; i < CHANNELS; i++)
		s->facts.address[i].id = 11 + i;
	for (char *word = strtok_r(text, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(word, ':');

		assert_non_null(value);
		*value++ = '\0';
		if (strcmp(word, "case") == 0) {
			scene_case(s, value);
			continue;
		}
		if (scene_debtor_word(s, word, value) || scene_wish_word(s, word, value))
			continue;
		if (s->facts.case_count == 0)
			scene_case(s, "DKK");
		if (!scene_case_word(s, word, value))
			fail_msg("what is %s:%s?", word, value);
	}
	talloc_free(text);
}

#endif
