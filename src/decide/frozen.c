/* frozen.c - see frozen.h.
 *
 *   e edition, 1 when left out
 *   n now   z debtor's zone   cz creditor's zone   p party   w wished channel
 *   a [address id, flags: 1 opted out, 2 bad] for each channel
 *   s [[instant, channel], ...] contacts made    pc pending   uc unknown
 *   l loose money   h hold   m arm   b bucket   g margin minutes
 *   ol debtor's language when it has no texts, left out else
 *   zs [[zone, told by], ...] where the debtor's zone is not sure, left out else
 *   rg region, left out when it is not known
 *   c [{ i id, u currency, v schedule's hash, h hold, f fees, fd last fee's day,
 *        o [[id, balance, due, last step, sent, deadline, held until,
 *            hold type, hold's end, principal, charged, approved step,
 *            interest from, interest booked, compensated], ...] }, ...]; the
 *        last four only where one is not -1, none, 0 and 0
 *   A hold is [type, until]; a day that is not there is null.
 *
 * An answer has whole words for keys, and only those that its result needs.
 */
#include "decide/frozen.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define INVOICE_FIELDS 15

static json_t *day_json(day_t day)
{
	return day == DAY_NONE ? json_null() : json_integer(day);
}

static day_t json_day(const json_t *value)
{
	return json_is_integer(value) ? (day_t)json_integer_value(value) : DAY_NONE;
}

static json_t *hold_json(const struct decide_hold *hold)
{
	if (!hold->held)
		return json_null();
	return json_pack("[i, I]", (int)hold->type, (json_int_t)hold->until);
}

static struct decide_hold json_hold(const json_t *value)
{
	struct decide_hold hold = { 0 };

	if (json_array_size(value) == 2) {
		hold.held = true;
		hold.type = (enum hold_type)json_integer_value(json_array_get(value, 0));
		hold.until = json_integer_value(json_array_get(value, 1));
	}
	return hold;
}

static json_t *invoice_json(const struct decide_invoice *invoice)
{
	const struct ladder_place *p = &invoice->place;

	json_t *out = json_pack("[I, I, i, i, o, o, o, i, I, I, I]", (json_int_t)invoice->id,
	    (json_int_t)invoice->balance_minor, p->due_on, p->last_step,
	    day_json(p->last_sent_on), day_json(p->last_deadline_on),
	    day_json(p->held_until), invoice->hold.held ? (int)invoice->hold.type : -1,
	    (json_int_t)invoice->hold.until, (json_int_t)invoice->principal_minor,
	    (json_int_t)invoice->charged_minor);

	if (invoice->approved_step < 0 && invoice->interest_from == DAY_NONE &&
	    invoice->interest_minor == 0 && !invoice->compensated)
		return out;
	json_array_append_new(out, json_integer(invoice->approved_step));
	json_array_append_new(out, day_json(invoice->interest_from));
	json_array_append_new(out, json_integer(invoice->interest_minor));
	json_array_append_new(out, json_integer(invoice->compensated));
	return out;
}

static json_t *case_json(const struct decide_case *c)
{
	json_t *invoices = json_array();

	for (size_t i = 0; i < c->invoice_count; i++)
		json_array_append_new(invoices, invoice_json(&c->invoices[i]));
	return json_pack("{s:I, s:s, s:s, s:o, s:i, s:o, s:o}", "i", (json_int_t)c->id,
	    "u", c->currency, "v", c->schedule->hash, "h", hold_json(&c->hold),
	    "f", c->fee_count, "fd", day_json(c->last_fee_on), "o", invoices);
}

/* Takes the reference. */
static char *text_of(void *ctx, json_t *all)
{
	char *dump, *text;

	must(all != NULL);
	dump = json_dumps(all, JSON_COMPACT);
	must(dump != NULL);
	text = talloc_strdup(ctx, dump);
	must(text != NULL);
	free(dump);
	json_decref(all);
	return text;
}

static json_t *parts_json(const struct decide_facts *f, const struct decision *d)
{
	json_t *parts = json_array();

	for (size_t i = 0; i < d->case_count; i++) {
		const struct decide_case *c = &f->cases[d->cases[i].case_index];

		json_t *part = json_pack("[I, I, I]", (json_int_t)c->id,
		    (json_int_t)c->invoices[d->cases[i].carrying].id,
		    (json_int_t)d->cases[i].fee_minor);

		if (d->cases[i].interest_minor != 0 || d->cases[i].compensation_minor != 0) {
			json_array_append_new(part, json_integer(d->cases[i].interest_minor));
			json_array_append_new(part, json_integer(d->cases[i].compensation_minor));
		}
		json_array_append_new(parts, part);
	}
	return parts;
}

char *decision_freeze(void *ctx, const struct decide_facts *f, const struct decision *d)
{
	json_t *all = json_pack("{s:s, s:s, s:I}", "result", decide_result_name(d->result),
	    "reason", d->reason, "next_check_at", (json_int_t)d->next_check_at);

	if (d->result == DECIDE_CONTACT || d->result == DECIDE_HAND_OVER) {
		json_object_set_new(all, "step", json_string(d->schedule->steps[d->step].id));
		json_object_set_new(all, "parts", parts_json(f, d));
	}
	if (d->result == DECIDE_CONTACT)
		must(json_object_update_new(all, json_pack(
		    "{s:s, s:I, s:s, s:i, s:b, s:I, s:I, s:I, s:o}",
		    "channel", channel_name(d->channel), "address", (json_int_t)d->address_id,
		    "tone", tone_name(d->tone), "arm", d->arm, "assign", d->assign,
		    "ripe_at", (json_int_t)d->ripe_at, "closes_at", (json_int_t)d->closes_at,
		    "expires_at", (json_int_t)d->expires_at,
		    "deadline_on", day_json(d->deadline_on))) == 0);
	return text_of(ctx, all);
}

static json_t *zones_json(const struct decide_facts *f)
{
	json_t *out = json_array();

	for (size_t i = 0; i < f->zone_count; i++)
		json_array_append_new(out, json_pack("[s, i]", zone_name(f->zones[i].zone),
		    (int)f->zones[i].told_by));
	return out;
}

char *facts_freeze(void *ctx, const struct decide_facts *f)
{
	json_t *addresses = json_array(), *sent = json_array(), *cases = json_array(), *all;

	for (int i = 0; i < CHANNELS; i++)
		json_array_append_new(addresses, json_pack("[I, i]",
		    (json_int_t)f->address[i].id, (f->address[i].opted_out ? 1 : 0) |
		    (f->address[i].bad ? 2 : 0)));
	for (size_t i = 0; i < f->sent_count; i++)
		json_array_append_new(sent, json_pack("[I, i]",
		    (json_int_t)f->sent[i].at, (int)f->sent[i].channel));
	for (size_t i = 0; i < f->case_count; i++)
		json_array_append_new(cases, case_json(&f->cases[i]));
	all = json_pack("{s:i, s:I, s:s, s:s, s:i, s:i, s:o, s:o, s:I, s:I, s:b, s:o, s:i, s:i, s:i, s:o}",
	    "e", f->edition, "n", (json_int_t)f->now, "z", zone_name(f->debtor_zone),
	    "cz", zone_name(f->creditor_zone), "p", (int)f->party,
	    "w", f->prefers_given ? (int)f->prefers : -1, "a", addresses, "s", sent,
	    "pc", (json_int_t)f->pending_contact, "uc", (json_int_t)f->unknown_contact,
	    "l", f->loose_money, "h", hold_json(&f->hold), "m", f->arm, "b", f->bucket,
	    "g", f->margin_minutes, "c", cases);
	if (f->other_lang[0] != '\0')
		json_object_set_new(all, "ol", json_string(f->other_lang));
	if (f->zone_count > 0)
		json_object_set_new(all, "zs", zones_json(f));
	if (f->region != NULL)
		json_object_set_new(all, "rg", json_string(f->region));
	return text_of(ctx, all);
}

/* --- thawing: what a decision indexes by must be in its range -------------------- */

struct thawing {
	frozen_schedule_fn	*find;
	void			*arg;
	struct err		*err;
};

static bool damaged(struct thawing *t)
{
	return err_set(t->err, ERR_INPUT, "the stored facts of a decision are damaged");
}

static bool in_range(struct thawing *t, const json_t *value, int64_t min, int64_t max)
{
	const int64_t n = json_integer_value(value);

	return (json_is_integer(value) && n >= min && n <= max) || damaged(t);
}

/* [type, until], or null for none. */
static bool thaw_hold(struct thawing *t, const json_t *value, struct decide_hold *out)
{
	*out = json_hold(value);
	return !out->held || in_range(t, json_array_get(value, 0), 0, HOLD_TYPES - 1);
}

static bool thaw_invoice(struct thawing *t, const json_t *value,
    const struct schedule *schedule, struct decide_invoice *out)
{
	const json_t *v[INVOICE_FIELDS];
	int hold;

	for (size_t i = 0; i < INVOICE_FIELDS; i++)
		v[i] = json_array_get(value, i);
	if (!in_range(t, v[2], INT32_MIN / 2, INT32_MAX / 2) ||
	    !in_range(t, v[3], -1, (int64_t)schedule->step_count - 1) ||
	    !in_range(t, v[7], -1, HOLD_TYPES - 1))
		return false;
	out->id = json_integer_value(v[0]);
	out->balance_minor = json_integer_value(v[1]);
	out->place.due_on = json_day(v[2]);
	out->place.last_step = (int)json_integer_value(v[3]);
	out->place.last_sent_on = json_day(v[4]);
	out->place.last_deadline_on = json_day(v[5]);
	out->place.held_until = json_day(v[6]);
	hold = (int)json_integer_value(v[7]);
	out->hold.held = hold >= 0;
	out->hold.type = hold >= 0 ? (enum hold_type)hold : HOLD_DISPUTE;
	out->hold.until = json_integer_value(v[8]);
	out->principal_minor = json_integer_value(v[9]);	/* 0 in decisions before these */
	out->charged_minor = json_integer_value(v[10]);		/* were asked for */
	out->approved_step = -1;
	out->interest_from = DAY_NONE;
	if (v[11] == NULL)
		return true;
	if (!in_range(t, v[11], -1, (int64_t)schedule->step_count - 1))
		return false;
	out->approved_step = (int)json_integer_value(v[11]);
	out->interest_from = json_day(v[12]);
	out->interest_minor = json_integer_value(v[13]);
	out->compensated = json_integer_value(v[14]) != 0;
	return true;
}

static bool thaw_case(struct thawing *t, void *ctx, const json_t *value,
    struct decide_case *out)
{
	const json_t *list = json_object_get(value, "o");
	const char *currency = json_string_value(json_object_get(value, "u"));
	const char *hash = json_string_value(json_object_get(value, "v"));

	if (currency == NULL || hash == NULL || strlen(currency) != CURRENCY_BYTES - 1)
		return damaged(t);
	out->id = json_integer_value(json_object_get(value, "i"));
	memcpy(out->currency, currency, CURRENCY_BYTES);
	out->schedule = t->find(t->arg, hash);
	if (out->schedule == NULL)
		return err_set(t->err, ERR_INPUT, "schedule version %.12s is not in the store", hash);
	if (!thaw_hold(t, json_object_get(value, "h"), &out->hold))
		return false;
	out->fee_count = (int)json_integer_value(json_object_get(value, "f"));
	out->last_fee_on = json_day(json_object_get(value, "fd"));
	out->invoice_count = json_array_size(list);
	out->invoices = talloc_zero_array(ctx, struct decide_invoice,
	    (unsigned)out->invoice_count);
	must(out->invoices != NULL);
	for (size_t i = 0; i < out->invoice_count; i++)
		if (!thaw_invoice(t, json_array_get(list, i), out->schedule, &out->invoices[i]))
			return false;
	return true;
}

static bool thaw_contacts(struct thawing *t, void *ctx, const json_t *root,
    struct decide_facts *f)
{
	const json_t *addresses = json_object_get(root, "a"), *sent = json_object_get(root, "s");
	struct gate_contact *contacts;

	for (size_t i = 0; i < CHANNELS; i++) {
		const json_t *a = json_array_get(addresses, i);
		const int flags = (int)json_integer_value(json_array_get(a, 1));

		f->address[i].id = json_integer_value(json_array_get(a, 0));
		f->address[i].opted_out = (flags & 1) != 0;
		f->address[i].bad = (flags & 2) != 0;
	}
	f->sent_count = json_array_size(sent);
	contacts = talloc_zero_array(ctx, struct gate_contact, (unsigned)f->sent_count);
	must(contacts != NULL);
	for (size_t i = 0; i < f->sent_count; i++) {
		const json_t *c = json_array_get(sent, i);

		if (!in_range(t, json_array_get(c, 1), 0, CHANNELS - 1))
			return false;
		contacts[i].at = json_integer_value(json_array_get(c, 0));
		contacts[i].channel = (enum channel)json_integer_value(json_array_get(c, 1));
	}
	f->sent = contacts;
	return true;
}

/* Decisions before these were asked for have neither: one zone that is sure, and
 * a region that is not known. */
static bool thaw_place(struct thawing *t, void *ctx, const json_t *root,
    struct decide_facts *f)
{
	const json_t *zones = json_object_get(root, "zs"), *region = json_object_get(root, "rg");

	if (json_array_size(zones) > DECIDE_ZONES_MAX ||
	    (region != NULL && !json_is_string(region)))
		return damaged(t);
	f->zone_count = json_array_size(zones);
	for (size_t i = 0; i < f->zone_count; i++) {
		const json_t *z = json_array_get(zones, i);
		const char *name = json_string_value(json_array_get(z, 0));

		if (name == NULL || !in_range(t, json_array_get(z, 1), 0, ABODE_TELLERS))
			return damaged(t);
		f->zones[i].zone = zone_find(name, t->err);
		f->zones[i].told_by = (unsigned)json_integer_value(json_array_get(z, 1));
		if (f->zones[i].zone == NULL)
			return false;
	}
	if (region != NULL) {
		f->region = talloc_strdup(ctx, json_string_value(region));
		must(f->region != NULL);
	}
	return true;
}

/* Whose zones, who, and what is not about a case. */
static bool thaw_debtor(struct thawing *t, const json_t *root, struct decide_facts *f)
{
	const char *zone = json_string_value(json_object_get(root, "z"));
	const char *creditor_zone = json_string_value(json_object_get(root, "cz"));
	const int wished = (int)json_integer_value(json_object_get(root, "w"));
	const json_t *edition = json_object_get(root, "e");

	const char *other = json_string_value(json_object_get(root, "ol"));

	if (zone == NULL || creditor_zone == NULL ||
	    (other != NULL && strlen(other) >= DECIDE_LANG_BYTES))
		return damaged(t);
	memcpy(f->other_lang, other != NULL ? other : "", other != NULL ? strlen(other) + 1 : 1);
	f->debtor_zone = zone_find(zone, t->err);
	f->creditor_zone = zone_find(creditor_zone, t->err);
	if (f->debtor_zone == NULL || f->creditor_zone == NULL ||
	    !in_range(t, json_object_get(root, "p"), 0, PARTIES - 1) ||
	    !in_range(t, json_object_get(root, "w"), -1, CHANNELS - 1) ||
	    !in_range(t, json_object_get(root, "b"), -1, ASSIGN_BUCKETS - 1) ||
	    !in_range(t, json_object_get(root, "g"), 0, GATE_MARGIN_MINUTES_MAX) ||
	    !thaw_hold(t, json_object_get(root, "h"), &f->hold))
		return false;
	if (!in_range(t, json_object_get(root, "n"), 0, INSTANT_MAX) ||
	    (edition != NULL && !in_range(t, edition, 1, DECIDE_EDITION)))
		return false;
	f->edition = edition != NULL ? (int)json_integer_value(edition) : 1;
	f->now = json_integer_value(json_object_get(root, "n"));
	f->party = (enum party)json_integer_value(json_object_get(root, "p"));
	f->prefers_given = wished >= 0;
	f->prefers = wished >= 0 ? (enum channel)wished : CHANNEL_EMAIL;
	f->pending_contact = json_integer_value(json_object_get(root, "pc"));
	f->unknown_contact = json_integer_value(json_object_get(root, "uc"));
	f->loose_money = json_is_true(json_object_get(root, "l"));
	f->arm = (int)json_integer_value(json_object_get(root, "m"));
	f->bucket = (int)json_integer_value(json_object_get(root, "b"));
	f->margin_minutes = (int)json_integer_value(json_object_get(root, "g"));
	return true;
}

static bool thaw_all(struct thawing *t, void *ctx, const json_t *root, struct decide_facts *f)
{
	const json_t *cases = json_object_get(root, "c");

	if (json_array_size(cases) > DECIDE_CASES_MAX)
		return damaged(t);
	if (!thaw_debtor(t, root, f) || !thaw_place(t, ctx, root, f) ||
	    !thaw_contacts(t, ctx, root, f))
		return false;
	f->case_count = json_array_size(cases);
	f->cases = talloc_zero_array(ctx, struct decide_case, (unsigned)f->case_count);
	must(f->cases != NULL);
	for (size_t i = 0; i < f->case_count; i++)
		if (!thaw_case(t, ctx, json_array_get(cases, i), &f->cases[i]))
			return false;
	return true;
}

struct decide_facts *facts_thaw(void *ctx, const char *text, frozen_schedule_fn *find,
    void *arg, struct err *err)
{
	struct decide_facts *f = talloc_zero(ctx, struct decide_facts);
	struct thawing t = { .find = find, .arg = arg, .err = err };
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	bool ok;

	must(f != NULL);
	ok = root != NULL ? thaw_all(&t, f, root, f) : damaged(&t);
	json_decref(root);
	if (ok)
		return f;
	talloc_free(f);
	return NULL;
}
