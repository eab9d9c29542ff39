/* pack_local.c - a workspace's own values, laid over a pack (see pack.h).
 *
 *   { "kind": "rate",   "rule": ID, "from": DAY, "to": DAY, "reference_bp": N }
 *   { "kind": "amount", "rule": ID, "from": DAY, "to": DAY, "max_minor": N }
 *   { "kind": "agreed", "rule": ID }
 *   { "kind": "off",    "rule": ID }
 *
 * each with a "source".  A rate or amount stands for the pack's on its days.
 * What is law is not switched off; what the pack calls a hard cap is not
 * raised; where another value of a law is raised, the change says so.
 */
#include "gate/pack_read.h"

#include <inttypes.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"

/* One value as it was written. */
struct value {
	const char	*id, *source;
	day_t		 from, to;		/* both included */
};

static struct local_change *change_add(struct reader *r, enum local_kind kind,
    const struct value *v)
{
	struct local_change *c = &r->changes[r->pack->change_count++];

	*c = (struct local_change){ .kind = kind, .id = v->id, .source = v->source };
	return c;
}

static void days_read(struct json_at *at, struct value *v)
{
	v->from = read_day(at, "from", json_want_string(at, "from"));
	v->to = read_day(at, "to", json_want_string(at, "to"));
	if (v->to < v->from)
		json_fail(at, "'to' lies before 'from'; swap them");
}

static bool overlaps(const struct value *v, day_t from, day_t to)
{
	return v->from <= (to == DAY_NONE ? v->from : to) && v->to >= from;
}

/* --- rates ---------------------------------------------------------------------- */

static struct interest_rule *find_interest(struct reader *r, const char *id)
{
	for (size_t i = 0; i < r->pack->interest_count; i++)
		if (strcmp(r->interests[i].rule.id, id) == 0)
			return &r->interests[i];
	return NULL;
}

static bool raises_rate(const struct interest_rule *rule, const struct value *v, int bp)
{
	for (size_t i = 0; i < rule->rate_count; i++)
		if (!rule->rates[i].local && bp > rule->rates[i].reference_bp &&
		    overlaps(v, rule->rates[i].from, rule->rates[i].to))
			return true;
	return false;
}

static void local_rate(struct reader *r, struct json_at *at, struct value *v)
{
	struct interest_rule *rule = find_interest(r, v->id);
	const int bp = (int)json_want_int(at, "reference_bp", -10000, 10000);
	char from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES];
	struct interest_rate *rates;
	struct local_change *change;

	days_read(at, v);
	if (rule == NULL) {
		json_fail(at, "the pack has no rule of interest '%.40s'; see the ids in "
		    "schedules/rules/%s.json", v->id, r->pack->name);
		return;
	}
	change = change_add(r, LOCAL_RATE, v);
	change->loosens = raises_rate(rule, v, bp);
	change->text = talloc_asprintf(r->pack, "reference rate %d.%02d %% from %s to %s",
	    bp / 100, (bp < 0 ? -bp : bp) % 100, day_text(v->from, from), day_text(v->to, to));
	if (change->loosens && rule->rule.hard_cap)
		json_fail(at, "%s gives a lower rate for these days and is a hard cap; remove "
		    "this, or give the pack's rate", v->id);
	rates = talloc_zero_array(r->pack, struct interest_rate, (unsigned)rule->rate_count + 1);
	must(rates != NULL && change->text != NULL);
	for (size_t i = 0; i < rule->rate_count; i++)
		rates[i] = rule->rates[i];
	rates[rule->rate_count++] = (struct interest_rate){ .from = v->from, .to = v->to,
	    .reference_bp = bp, .source = v->source, .local = true };
	rule->rates = rates;
}

/* --- amounts -------------------------------------------------------------------- */

static struct fee_rule *find_fee(struct reader *r, const char *id)
{
	for (size_t i = 0; i < r->pack->fee_count; i++)
		if (strcmp(r->fees[i].rule.id, id) == 0)
			return &r->fees[i];
	return NULL;
}

static void local_amount(struct reader *r, struct json_at *at, struct value *v)
{
	const struct fee_rule *fee = find_fee(r, v->id);
	const int64_t most = json_want_int(at, "max_minor", 0, MONEY_MINOR_MAX);
	char from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES];
	struct local_change *change;
	struct fee_rule *own;

	days_read(at, v);
	if (fee == NULL || fee->band_count > 0) {
		json_fail(at, "the pack has no fee '%.40s' of one amount; see the ids in "
		    "schedules/rules/%s.json", v->id, r->pack->name);
		return;
	}
	change = change_add(r, LOCAL_AMOUNT, v);
	change->loosens = fee->rule.grade != 'P' && most > fee->max_minor &&
	    overlaps(v, fee->rule.valid_from, fee->rule.valid_to == DAY_NONE ? v->to :
	    fee->rule.valid_to);
	change->text = talloc_asprintf(r->pack, "at most %" PRId64 " %s (in minor units) from "
	    "%s to %s", most, fee->currency, day_text(v->from, from), day_text(v->to, to));
	must(change->text != NULL);
	if (change->loosens && fee->rule.hard_cap)
		json_fail(at, "%s allows %" PRId64 " for these days and is a hard cap; give no "
		    "more", v->id, fee->max_minor);
	own = &r->fees[r->pack->fee_count++];
	*own = *fee;
	own->rule.source = v->source;
	own->rule.valid_from = v->from;
	own->rule.valid_to = v->to;
	own->max_minor = most;
	own->replaces = fee->rule.id;
}

static void local_agreed(struct reader *r, struct json_at *at, struct value *v)
{
	struct fee_rule *fee = find_fee(r, v->id);
	struct local_change *change;

	if (fee == NULL || !fee->needs_agreement) {
		json_fail(at, "the pack has no fee '%.40s' that must be agreed; remove this, or "
		    "mend the id", v->id);
		return;
	}
	fee->needs_agreement = false;
	change = change_add(r, LOCAL_AGREED, v);
	change->text = "was agreed when the debts arose";
}

/* --- switching off ---------------------------------------------------------------- */

#define ALL_OF(member, count) { r->member, r->pack->count, sizeof(*r->member) }

/* A rule of whatever kind; each record begins with its struct rule. */
static struct rule *find_rule(struct reader *r, const char *id)
{
	const struct { void *at; size_t count, size; } lists[] = {
		ALL_OF(hours, hours_count), ALL_OF(caps, cap_count),
		ALL_OF(answers, answer_count), ALL_OF(nevers, never_count),
		ALL_OF(stops, stop_count), ALL_OF(steps, step_count),
		ALL_OF(deadlines, deadline_count), ALL_OF(fees, fee_count),
		ALL_OF(totals, total_count), ALL_OF(interests, interest_count),
		ALL_OF(allocations, allocation_count), ALL_OF(contents, content_count),
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t k = 0; k < lists[i].count; k++) {
			struct rule *rule = (struct rule *)(void *)
			    ((char *)lists[i].at + k * lists[i].size);

			if (strcmp(rule->id, id) == 0)
				return rule;
		}
	return NULL;
}

static void local_off(struct reader *r, struct json_at *at, struct value *v)
{
	struct rule *rule = find_rule(r, v->id);
	struct local_change *change;

	if (rule == NULL) {
		json_fail(at, "the pack has no rule '%.40s' that can be switched off; see the ids "
		    "in schedules/rules/%s.json", v->id, r->pack->name);
		return;
	}
	if (rule->grade != 'P')
		json_fail(at, "%s is not policy but law (confidence %s): it cannot be switched "
		    "off; remove this", v->id, rule->confidence);
	change = change_add(r, LOCAL_OFF, v);
	change->loosens = true;
	change->text = talloc_asprintf(r->pack, "is switched off: %s", rule->says);
	must(change->text != NULL);
	rule->parties = 0;
}

/* --- the whole -------------------------------------------------------------------- */

void pack_local_read(struct reader *r, struct json_at *list)
{
	static const char *const kinds[] = { "rate", "amount", "agreed", "off", NULL };

	for (size_t i = 0; i < json_length(list); i++) {
		struct json_at item = json_item(list, i);
		struct value v = { .id = read_text(r, &item, "rule"),
		    .source = read_text(r, &item, "source") };

		switch ((enum local_kind)read_word(&item, "kind", kinds)) {
		case LOCAL_RATE:
			local_rate(r, &item, &v);
			break;
		case LOCAL_AMOUNT:
			local_amount(r, &item, &v);
			break;
		case LOCAL_AGREED:
			local_agreed(r, &item, &v);
			break;
		case LOCAL_OFF:
		case LOCAL_RULE:
			local_off(r, &item, &v);
			break;
		}
		json_close(&item);
	}
}
