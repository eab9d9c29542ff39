/* preview_run.c - see preview_run.h.
 *
 * What forward.c tells message by message is counted here in JSON rows that are
 * found again by a key; what nobody was told of is read from the copy at the
 * end.
 */
#include "engine/preview_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/money.h"
#include "base/must.h"
#include "engine/approve_print.h"
#include "engine/approve_run.h"
#include "engine/policy.h"
#include "engine/summary.h"
#include "store/outlook.h"
#include "store/run.h"

#define KEY_BYTES_MAX 256
#define PREVIEW_ID_DIGITS 12
#define CENTS 100

struct fingerprint {
	char	hash[HASH_HEX_BYTES];
	char	step[SCHEDULE_WORD_BYTES];
	int64_t	debtor_id, owed_minor;
};

struct looking {
	void				*ctx;
	struct engine			*engine;	/* the copy */
	const struct preview_options	*options;
	struct forward_options		 forward;
	struct outlook_mark		 mark;
	json_t				*by_day, *moved, *samples, *list;
	json_t				*day_keys, *moved_keys, *sample_keys;	/* key -> row */
	int64_t				*debtors;
	size_t				 contacts;
	int64_t				 units[CHANNELS];
	instant_t			 expires_at;
	struct fingerprint		*prints;
	size_t				 print_count;
};

/* --- counting ------------------------------------------------------------------- */

/* The row of that key in `list`; NULL: it is new, and `fresh` becomes it. */
static json_t *row_of(json_t *keys, json_t *list, const char *key)
{
	json_t *row = json_object_get(keys, key);

	if (row == NULL) {
		row = json_object();
		json_object_set_new(keys, key, row);
		json_array_append(list, row);
	}
	return row;
}

static void add(json_t *row, const char *name, int64_t n)
{
	json_object_set_new(row, name, json_integer(n +
	    json_integer_value(json_object_get(row, name))));
}

static void count_day(struct looking *l, const struct forward_contact *f)
{
	char key[KEY_BYTES_MAX], day[DAY_TEXT_BYTES];
	json_t *row;

	(void)snprintf(key, sizeof(key), "%s|%s|%s|%s", day_text(f->on, day), f->contact->step,
	    channel_name(f->contact->channel), tone_name(f->contact->tone));
	row = row_of(l->day_keys, l->by_day, key);
	if (json_object_size(row) == 0)
		json_object_update_new(row, json_pack("{s:s, s:s, s:s, s:s}", "day", day, "step",
		    f->contact->step, "channel", channel_name(f->contact->channel), "tone",
		    tone_name(f->contact->tone)));
	add(row, "contacts", 1);
}

static void count_move(struct looking *l, const struct forward_contact *f)
{
	char key[KEY_BYTES_MAX], from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES];
	json_t *row;

	if (f->moved_from == DAY_NONE)
		return;
	(void)snprintf(key, sizeof(key), "%s|%s|%s", day_text(f->moved_from, from),
	    day_text(f->moved_to, to), f->why);
	row = row_of(l->moved_keys, l->moved, key);
	if (json_object_size(row) == 0)
		json_object_update_new(row, json_pack("{s:s, s:s, s:s}", "from", from, "to", to,
		    "why", f->why));
	add(row, "contacts", 1);
}

static void keep_sample(struct looking *l, const struct forward_contact *f)
{
	char key[KEY_BYTES_MAX];
	json_t *row;

	(void)snprintf(key, sizeof(key), "%s|%s|%s", f->contact->step,
	    channel_name(f->contact->channel), f->contact->lang);
	row = row_of(l->sample_keys, l->samples, key);
	if (json_object_size(row) > 0)
		return;
	json_object_update_new(row, json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "step",
	    f->contact->step, "channel", channel_name(f->contact->channel), "language",
	    f->contact->lang, "tone", tone_name(f->contact->tone), "sms_parts", f->sms_parts,
	    "subject", f->message->subject, "text", f->message->text));
}

static void keep_line(struct looking *l, const struct forward_contact *f)
{
	char day[DAY_TEXT_BYTES], at[INSTANT_TEXT_BYTES], deadline[DAY_TEXT_BYTES];

	json_array_append_new(l->list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}",
	    "creditor", f->creditor, "debtor", f->debtor, "step", f->contact->step, "channel",
	    channel_name(f->contact->channel), "tone", tone_name(f->contact->tone), "day",
	    day_text(f->on, day), "at", instant_text(f->at, at), "fee", f->fee, "interest", f->interest,
	    "compensation", f->compensation, "deadline_on",
	    f->contact->deadline_on == DAY_NONE ? json_null() :
	    json_string(day_text(f->contact->deadline_on, deadline))));
}

static bool sent(void *arg, const struct forward_contact *f, struct err *err)
{
	struct looking *l = arg;

	(void)err;
	count_day(l, f);
	count_move(l, f);
	keep_sample(l, f);
	if (l->options->list)
		keep_line(l, f);
	l->units[f->contact->channel] += f->contact->channel == CHANNEL_SMS ? f->sms_parts : 1;
	if ((l->contacts & (l->contacts - 1)) == 0)	/* 0 and powers of two: room for as many */
		l->debtors = talloc_realloc(l->ctx, l->debtors, int64_t,
		    (unsigned)(2 * l->contacts + 1));
	must(l->debtors != NULL);
	l->debtors[l->contacts++] = f->contact->debtor_id;
	return true;
}

static int by_number(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static int64_t different(int64_t *ids, size_t n)
{
	int64_t count = 0;

	if (n > 0)
		qsort(ids, n, sizeof(ids[0]), by_number);
	for (size_t i = 0; i < n; i++)
		count += i == 0 || ids[i] != ids[i - 1];
	return count;
}

/* --- what an approval would free -------------------------------------------------- */

static bool keep_print(struct looking *l, const struct contact_record *c, struct err *err)
{
	struct approve_print print;
	struct fingerprint *p;

	l->prints = talloc_realloc(l->ctx, l->prints, struct fingerprint,
	    (unsigned)l->print_count + 1);
	must(l->prints != NULL);
	p = &l->prints[l->print_count++];
	p->debtor_id = c->debtor_id;
	(void)snprintf(p->step, sizeof(p->step), "%s", c->step);
	if (!approve_print_read(l->engine, c, &print, err))
		return false;
	memcpy(p->hash, print.hash, sizeof(p->hash));
	p->owed_minor = print.owed_minor;
	return true;
}

static bool planned(void *arg, const struct contact_record *c, struct err *err)
{
	struct looking *l = arg;

	return c->planned_at >= l->expires_at || keep_print(l, c, err);
}

/* Those that wait already are part of what is looked at. */
static bool keep_waiting(struct looking *l, struct err *err)
{
	struct contact_record c;
	int64_t *ids;
	size_t n;

	if (!run_waiting(l->engine->store, l->ctx, INSTANT_MAX, &ids, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!outbox_get(l->engine->store, l->ctx, ids[i], &c, err) ||
		    (c.expires_at > l->options->now && !keep_print(l, &c, err)))
			return false;
	return true;
}

static int by_hash(const void *a, const void *b)
{
	return strcmp(((const struct fingerprint *)a)->hash,
	    ((const struct fingerprint *)b)->hash);
}

/* "P-" and the start of a hash over what was shown, by which policy, to whom. */
static void make_id(struct looking *l, const char *policy, char out[HASH_HEX_BYTES])
{
	char hash[HASH_HEX_BYTES], joined[2 * HASH_HEX_BYTES], *head;

	if (l->print_count > 0)
		qsort(l->prints, l->print_count, sizeof(l->prints[0]), by_hash);
	head = talloc_asprintf(l->ctx, "%s|%s|%" PRId64, policy, l->options->author,
	    l->options->now);
	must(head != NULL);
	sha256_hex(head, strlen(head), hash);
	for (size_t i = 0; i < l->print_count; i++) {
		(void)snprintf(joined, sizeof(joined), "%s%s", hash, l->prints[i].hash);
		sha256_hex(joined, strlen(joined), hash);
	}
	(void)snprintf(out, HASH_HEX_BYTES, "P-%.*s", PREVIEW_ID_DIGITS, hash);
}

static bool write_preview(struct looking *l, struct engine *e, const struct preview_record *p,
    struct err *err)
{
	char data[128];
	const struct event_new event = { .at = p->made_at, .kind = "preview.made",
	    .who = p->author, .data = data };

	(void)snprintf(data, sizeof(data), "{\"preview\":\"%s\",\"contacts\":%" PRId64 "}", p->id,
	    p->contacts);
	if (!run_forget_previews(e->store, p->made_at, err) || !run_put_preview(e->store, p, err))
		return false;
	for (size_t i = 0; i < l->print_count; i++) {
		const struct preview_contact c = { .fingerprint = l->prints[i].hash,
		    .step = l->prints[i].step, .debtor_id = l->prints[i].debtor_id,
		    .owed_minor = l->prints[i].owed_minor };

		if (!run_put_preview_contact(e->store, p->id, &c, err))
			return false;
	}
	return history_add_event(e->store, &event, err);
}

/* In the workspace itself: the only thing that is written there. */
static bool keep_preview(struct looking *l, const char *dir, json_t **out, struct err *err)
{
	char policy[HASH_HEX_BYTES], id[HASH_HEX_BYTES], expires[INSTANT_TEXT_BYTES];
	struct preview_record p = { .id = id, .policy_hash = policy,
	    .author = l->options->author, .made_at = l->options->now,
	    .expires_at = l->expires_at, .contacts = (int64_t)l->print_count };
	struct engine *e = engine_open(l->ctx, dir, (struct store_options){
	    .role = STORE_WRITE }, err);
	bool ok;

	*out = NULL;
	if (e == NULL)
		return false;
	approve_ground(l->engine, policy);
	make_id(l, policy, id);
	ok = store_begin(e->store, err) && write_preview(l, e, &p, err) &&
	    store_commit(e->store, err);
	if (!ok)
		store_rollback(e->store);
	engine_close(e);
	*out = json_pack("{s:s, s:s, s:I, s:s}", "id", id, "expires_at",
	    instant_text(p.expires_at, expires), "contacts", (json_int_t)p.contacts, "author",
	    p.author);
	return ok;
}

/* --- what nobody was told of ---------------------------------------------------------- */

static const struct { const char *result, *reason, *says; } own[] = {
	{ "", "not_looked_at", "nothing has been decided yet" },
	{ "contact:", "planned_later", "a message is planned for a later day" },
	{ "hand_over:", "handed_over", "the ladder is climbed; handed over" },
	{ "wait:not_due", "not_due", "no step falls due in these days" },
	{ "wait:nothing_open", "nothing_open", "nothing is open" },
	{ "nothing:nothing_open", "nothing_open", "nothing is open" },
	{ "nothing:ladder.climbed", "ladder.climbed", "the ladder is climbed" },
	{ "wait:ladder.climbed", "ladder.climbed", "the ladder is climbed" },
	{ "wait:contact.pending", "planned_later", "a message is planned for a later day" },
	{ "wait:" DECIDE_APPROVAL, DECIDE_APPROVAL, "a step waits for a person's yes: 'purr approve "
	    "--list'" },
	{ "wait:pack.missing", "pack.missing", "there are no rules for the debtor's country" },
};

static void add_held(struct looking *l, json_t *keys, json_t *list, const struct word_count *w)
{
	const char *colon = strchr(w->word, ':');
	const char *reason = colon != NULL ? colon + 1 : w->word;
	const char *says = summary_says(l->engine, reason);
	json_t *row;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		const size_t len = strlen(own[i].result);
		const bool whole = len == 0 || own[i].result[len - 1] != ':';

		if (strncmp(w->word, own[i].result, len) != 0 || (whole && w->word[len] != '\0'))
			continue;
		reason = own[i].reason;
		says = own[i].says;
	}
	row = row_of(keys, list, reason);
	if (json_object_size(row) == 0)
		json_object_update_new(row, json_pack("{s:s, s:s}", "reason", reason, "says", says));
	add(row, "debtors", w->debtors);
}

static bool held_json(struct looking *l, json_t **out, struct err *err)
{
	json_t *keys = json_object();
	struct word_count *words;
	size_t n;
	const bool ok = outlook_quiet(l->engine->store, l->ctx, l->options->now, &words, &n, err);

	*out = json_array();
	for (size_t i = 0; ok && i < n; i++)
		add_held(l, keys, *out, &words[i]);
	json_decref(keys);
	return ok;
}

static bool handed_over_json(struct looking *l, const struct zone *zone, json_t **out,
    struct err *err)
{
	json_t *keys = json_object(), *row;
	struct handed_over *list;
	char day[DAY_TEXT_BYTES];
	size_t n;
	const bool ok = outlook_handed_over(l->engine->store, l->ctx, l->mark.event, &list, &n, err);

	*out = json_array();
	for (size_t i = 0; ok && i < n; i++) {
		(void)day_text(zone_local(zone, list[i].at).day, day);
		row = row_of(keys, *out, day);
		json_object_set_new(row, "day", json_string(day));
		add(row, "debtors", 1);
		add(row, "invoices", list[i].invoices);
	}
	json_decref(keys);
	return ok;
}

/* --- cost ---------------------------------------------------------------------------- */

/* Millionths, rounded to two decimals, half up. */
static char *cost_text(void *ctx, int64_t millionths)
{
	const int64_t unit = CFG_PRICE_UNIT / CENTS, cents = (millionths + unit / 2) / unit;
	char *text = talloc_asprintf(ctx, "%" PRId64 ".%02" PRId64, cents / CENTS, cents % CENTS);

	must(text != NULL);
	return text;
}

static json_t *cost_json(struct looking *l)
{
	static const struct { enum channel channel; enum cfg_key key; const char *unit; } of[] = {
		{ CHANNEL_EMAIL, CFG_COST_EMAIL, "message" },
		{ CHANNEL_SMS, CFG_COST_SMS_PART, "part" },
		{ CHANNEL_LETTER, CFG_COST_LETTER, "letter" },
	};
	json_t *channels = json_array();
	int64_t total = 0;

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		const int64_t units = l->units[of[i].channel];
		const int64_t cost = units * cfg_price(l->engine->cfg, of[i].key);

		total += cost;
		if (units > 0)
			json_array_append_new(channels, json_pack("{s:s, s:s, s:I, s:s, s:s}",
			    "channel", channel_name(of[i].channel), "unit", of[i].unit, "units",
			    (json_int_t)units, "price", l->engine->cfg->text[of[i].key], "cost",
			    cost_text(l->ctx, cost)));
	}
	return json_pack("{s:s, s:s, s:o}", "currency", l->engine->cfg->text[CFG_COST_CURRENCY],
	    "total", cost_text(l->ctx, total), "channels", channels);
}

/* --- the whole ------------------------------------------------------------------------- */

static bool put_on_schedule(struct looking *l, struct err *err)
{
	const char *wanted = l->options->schedule;
	const char *hash = policy_file_hash(l->engine->policy, POLICY_SCHEDULE, wanted);

	return (hash != NULL || policy_overlay(l->engine->policy, POLICY_SCHEDULE, "preview",
	    wanted, &hash, err)) &&
	    forward_move(l->engine, NULL, hash, l->options->now, err);
}

static void progress(void *arg, instant_t now)
{
	const struct looking *l = arg;

	l->options->progress(l->options->arg, now);
}

static bool look(struct looking *l, struct err *err)
{
	const struct preview_options *o = l->options;

	if (o->runs != NULL)
		l->forward = *o->runs;
	l->forward.from = o->now;
	l->forward.arg = l;
	l->forward.sent = sent;
	l->forward.planned = o->author != NULL ? planned : NULL;
	l->forward.progress = o->progress != NULL ? progress : NULL;
	if (!forward_until(l->engine, o->now, o->days, &l->forward.until, err) ||
	    !outlook_mark(l->engine->store, &l->mark, err) ||
	    (o->schedule != NULL && !put_on_schedule(l, err)) ||
	    (o->author != NULL && !keep_waiting(l, err)))
		return false;
	return forward_run(l->engine, &l->forward, err);
}

static bool answer(struct looking *l, const char *dir, json_t **out, struct err *err)
{
	char from[INSTANT_TEXT_BYTES], until[INSTANT_TEXT_BYTES];
	json_t *held = NULL, *handed = NULL, *approval = NULL;
	const struct zone *zone;
	const bool ok = forward_zone(l->engine, &zone, err) && held_json(l, &held, err) &&
	    handed_over_json(l, zone, &handed, err) &&
	    (l->options->author == NULL || keep_preview(l, dir, &approval, err));

	if (!ok) {
		json_decref(held);
		json_decref(handed);
		json_decref(approval);
		return false;
	}
	*out = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:O, s:O, s:o, s:o, s:o, s:O, s:o}",
	    "zone", zone_name(zone), "from", instant_text(l->options->now, from), "until",
	    instant_text(l->forward.until, until), "assumes", "nobody pays and nobody answers",
	    "contacts", (json_int_t)l->contacts, "debtors",
	    (json_int_t)different(l->debtors, l->contacts), "by_day", l->by_day, "moved",
	    l->moved, "held", held, "handed_over", handed, "cost", cost_json(l), "samples",
	    l->samples, "approval", approval != NULL ? approval : json_null());
	must(*out != NULL);
	if (l->options->list)
		json_object_set(*out, "list", l->list);
	return true;
}

bool preview_run(const char *dir, const struct preview_options *options, json_t **out,
    struct err *err)
{
	struct looking l = { .ctx = talloc_new(NULL), .options = options,
	    .by_day = json_array(), .moved = json_array(), .samples = json_array(),
	    .list = json_array(), .day_keys = json_object(), .moved_keys = json_object(),
	    .sample_keys = json_object() };
	bool ok;

	*out = NULL;
	l.engine = engine_open(l.ctx, dir, (struct store_options){ .role = STORE_WRITE,
	    .copy = true }, err);
	if (l.engine != NULL)
		l.expires_at = options->now + 3600 * cfg_int(l.engine->cfg, CFG_APPROVAL_HOURS);
	ok = l.engine != NULL && look(&l, err) && answer(&l, dir, out, err);
	json_decref(l.by_day);
	json_decref(l.moved);
	json_decref(l.samples);
	json_decref(l.list);
	json_decref(l.day_keys);
	json_decref(l.moved_keys);
	json_decref(l.sample_keys);
	talloc_free(l.ctx);
	return ok;
}
