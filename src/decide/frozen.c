/* frozen.c - see frozen.h: the form, and how it is read again; freeze.c writes.
 *
 *   e edition, 1 when left out
 *   n now   z debtor's zone   cz creditor's zone   p party   w wished channel
 *   a [address id, flags: 1 opted out, 2 bad] for each channel
 *   s [[instant, channel(, 1: another customer at the address)], ...] contacts made    pc pending   uc unknown
 *   l loose money   h hold   m arm   b bucket   g margin minutes
 *   ol debtor's language when it has no texts, left out else
 *   zs [[zone, told by], ...] where the debtor's zone is not sure, left out else
 *   rg region, left out when it is not known    ho held out, so softened,
 *      both left out else    st arms that are stopped, a bit each, left out else
 *   rp channel of the last answer    hb [[tried, reacted, of 1,000 of all], ...] for each
 *      channel    ah hour at which the debtor acts; each left out else
 *   sl [[hold type, last end], ...] holds of single claims in force    pd posting days;
 *      each left out where there is none
 *   c [{ i id, u currency, v schedule's hash, h hold, f fees, fd last fee's day,
 *        o [[id, balance, due, last step, sent, deadline, held until,
 *            hold type, hold's end, principal, charged, approved step,
 *            interest from, interest booked, compensated], ...] }, ...]; the
 *        last four only where one is not -1, none, 0 and 0
 *   A hold is [type, until]; a day that is not there is null.
 *
 * An answer has whole words for keys, and only those that its result needs.
 * What a decision indexes by is read only where it is in its range.
 */
#include "decide/frozen.h"

#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

#define INVOICE_FIELDS 15

static day_t json_day(const json_t *value)
{
	return json_is_integer(value) ? (day_t)json_integer_value(value) : DAY_NONE;
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
		contacts[i].other = json_integer_value(json_array_get(c, 2)) != 0;
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

static bool thaw_habit(struct thawing *t, const json_t *root, struct decide_facts *f)
{
	const json_t *list = json_object_get(root, "hb"), *replied = json_object_get(root, "rp");
	const json_t *hour = json_object_get(root, "ah");

	if ((replied != NULL && !in_range(t, replied, 0, CHANNELS - 1)) ||
	    (hour != NULL && !in_range(t, hour, 0, 23)))
		return false;
	f->acts_given = hour != NULL;
	f->acts_hour = (int)json_integer_value(hour);
	f->replied_given = replied != NULL;
	f->replied = replied != NULL ? (enum channel)json_integer_value(replied) : CHANNEL_EMAIL;
	f->habit_given = list != NULL;
	for (size_t c = 0; list != NULL && c < CHANNELS; c++) {
		const json_t *one = json_array_get(list, c);

		for (size_t k = 0; k < 3; k++)
			if (!in_range(t, json_array_get(one, k), 0, INT32_MAX / 1000))
				return false;
		f->habit[c] = (struct decide_habit){ (int)json_integer_value(json_array_get(one, 0)),
		    (int)json_integer_value(json_array_get(one, 1)),
		    (int)json_integer_value(json_array_get(one, 2)) };
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
	f->held_out = json_is_true(json_object_get(root, "ho"));
	f->softened = json_is_true(json_object_get(root, "so"));
	f->stopped_arms = (unsigned)json_integer_value(json_object_get(root, "st"));
	f->margin_minutes = (int)json_integer_value(json_object_get(root, "g"));
	return true;
}

static bool thaw_standing(struct thawing *t, const json_t *root, struct decide_facts *f)
{
	const json_t *list = json_object_get(root, "sl"), *posting = json_object_get(root, "pd");
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (!in_range(t, json_array_get(one, 0), 0, HOLD_TYPES - 1) ||
		    !in_range(t, json_array_get(one, 1), 0, INSTANT_MAX))
			return false;
		f->standing[json_integer_value(json_array_get(one, 0))] =
		    json_integer_value(json_array_get(one, 1));
	}
	f->posting_days = (int)json_integer_value(posting);
	return posting == NULL || in_range(t, posting, 0, DECIDE_POSTING_DAYS_MAX);
}

static bool thaw_all(struct thawing *t, void *ctx, const json_t *root, struct decide_facts *f)
{
	const json_t *cases = json_object_get(root, "c");

	if (json_array_size(cases) > DECIDE_CASES_MAX)
		return damaged(t);
	if (!thaw_debtor(t, root, f) || !thaw_place(t, ctx, root, f) || !thaw_habit(t, root, f) ||
	    !thaw_contacts(t, ctx, root, f) || !thaw_standing(t, root, f))
		return false;
	f->case_count = json_array_size(cases);
	f->cases = talloc_zero_array(ctx, struct decide_case, (unsigned)f->case_count);
	must(f->cases != NULL);
	for (size_t i = 0; i < f->case_count; i++)
		if (!thaw_case(t, ctx, json_array_get(cases, i), &f->cases[i]))
			return false;
	for (size_t i = 0; f->edition < 4 && i < f->case_count; i++)
		for (size_t k = 0; k < f->cases[i].invoice_count; k++)
			f->cases[i].invoices[k].place.due_alone = true;
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
