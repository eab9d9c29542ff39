/* audit.c - a simulation's answer: counts, and the engine's own quick list.
 *
 * The quick list looks at the store's own rules and counts at the sink.  It is
 * no proof: the judge of a store is a program of its own (tests/check/judge.py).
 */
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "sim/world.h"
#include "store/audit.h"
#include "store/history.h"

static void violate(json_t *list, const char *rule, const char *subject, int64_t id)
{
	json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "rule", rule, "subject", subject,
	    "id", (json_int_t)id));
}

static bool add_rules(struct world *w, void *tmp, json_t *list)
{
	for (int rule = 0; rule < AUDIT_RULES; rule++) {
		int64_t *ids;
		size_t n;

		if (!audit_list(w->engine->store, tmp, (enum audit_rule)rule, w->now, &ids, &n, w->err))
			return false;
		for (size_t i = 0; i < n; i++)
			violate(list, audit_rule_name((enum audit_rule)rule),
			    audit_rule_subject((enum audit_rule)rule), ids[i]);
	}
	return true;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* Never more than once at the sink, and what is there is known to have left. */
static bool add_sink(struct world *w, void *tmp, json_t *list)
{
	static const char *const left[] = { "sent", "delivered", "bounced", NULL };
	static const char *const may_have_left[] = { "sent", "delivered", "bounced", "unknown", NULL };
	struct audit_contact *contacts;
	size_t n;

	if (!audit_contacts(w->engine->store, tmp, &contacts, &n, w->err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const int64_t taken = world_taken(w, contacts[i].id);

		if (taken > 1)
			violate(list, "taken_twice", "contact", contacts[i].id);
		if (taken == 0 && is_one_of(contacts[i].state, left))
			violate(list, "sent_not_taken", "contact", contacts[i].id);
		if (taken > 0 && !is_one_of(contacts[i].state, may_have_left))
			violate(list, "taken_not_sent", "contact", contacts[i].id);
	}
	return true;
}

static void add(json_t *object, const char *key, int64_t count)
{
	json_object_set_new(object, key, json_integer(count +
	    json_integer_value(json_object_get(object, key))));
}

static bool add_contacts(struct world *w, void *tmp, json_t *out)
{
	json_t *states = json_object(), *channels = json_object(), *steps = json_object(),
	    *tones = json_object();
	struct contact_count *counts;
	int64_t sum = 0;
	size_t n;

	json_object_set_new(out, "states", states);
	json_object_set_new(out, "channels", channels);
	json_object_set_new(out, "steps", steps);
	json_object_set_new(out, "tones", tones);
	if (!history_count_contacts(w->engine->store, tmp, &counts, &n, w->err))
		return false;
	for (size_t i = 0; i < n; i++) {
		sum += counts[i].count;
		add(states, counts[i].state, counts[i].count);
		add(channels, counts[i].channel, counts[i].count);
		add(steps, counts[i].step, counts[i].count);
		add(tones, counts[i].tone, counts[i].count);
	}
	json_object_set_new(out, "contacts", json_integer(sum));
	return true;
}

static void add_tally(const struct tally *t, json_t *out)
{
	json_t *answers = json_object(), *acts = json_object(), *faults = json_object(),
	    *replies = json_object();
	static const char *const outcomes[PAY_OUTCOMES] = { "done", "not_found", "expired",
	    "all_paid", "day_refused", "promise_refused" };

	for (int i = 0; i < SEND_OUTCOMES; i++)
		add(answers, send_outcome_name((enum send_outcome)i), t->answers[i]);
	for (int i = 0; i < ACTS; i++)
		add(acts, act_name((enum act_kind)i), t->acts[i]);
	for (int i = 0; i < TROUBLES; i++)
		if (t->troubles[i] > 0)
			add(faults, trouble_name((enum trouble)i), t->troubles[i]);
	for (int i = 0; i < PAY_ACTS; i++) {
		json_t *one = json_object();

		for (int k = 0; k < PAY_OUTCOMES; k++)
			if (t->replies[i][k] > 0)
				add(one, outcomes[k], t->replies[i][k]);
		json_object_set_new(replies, pay_act_name((enum pay_act)i), one);
	}
	add(out, "passes", t->passes);
	add(out, "recovered", t->recovered);
	json_object_set_new(out, "answers", answers);
	json_object_set_new(out, "acts", acts);
	json_object_set_new(out, "replies", replies);
	json_object_set_new(out, "faults", faults);
}

bool audit(struct world *w, json_t **out)
{
	const struct sim_options *o = w->options;
	char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
	void *tmp = talloc_new(NULL);
	json_t *violations = json_array();
	int64_t decisions, debtors, invoices, open;
	bool ok;

	*out = json_pack("{s:I, s:i, s:i, s:b, s:s, s:s, s:o}", "seed", (json_int_t)o->seed,
	    "debtors", (int)o->debtors, "days", o->days, "with_faults", o->faults, "first_day",
	    day_text(w->first_on, first), "last_day",
	    day_text(w->first_on + o->days - 1, last), "violations", violations);
	must(*out != NULL);
	ok = audit_decision_count(w->engine->store, &decisions, w->err) &&
	    history_count_ledger(w->engine->store, &debtors, &invoices, &open, w->err) &&
	    add_rules(w, tmp, violations) && add_sink(w, tmp, violations) &&
	    add_contacts(w, tmp, *out);
	if (ok) {
		add(*out, "invoices", invoices);
		add(*out, "open_invoices", open);
		add(*out, "decisions", decisions);
		add_tally(&w->tally, *out);
	} else {
		json_decref(*out);
		*out = NULL;
	}
	talloc_free(tmp);
	return ok;
}
