/* summary.c - see summary.h. */
#include "engine/summary.h"

#include <inttypes.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/policy.h"
#include "store/history.h"

/* --- what our own reasons mean ------------------------------------------------------ */

static const struct { const char *reason, *says; } own_reasons[] = {
	{ "schedule.gap", "the schedule's gap between two messages" },
	{ "creditor.closed-days", "a closed day of the company's own" },
	{ "contact.pending", "another message was on its way" },
	{ "contact.unknown", "nobody knows whether a message arrived" },
	{ "money.unallocated", "money had come in that fits no invoice" },
	{ "no_channel", "there was no address that may be used" },
	{ DECIDE_UNREACHED, "there was no address for this step, which is passed over" },
	{ "below_minimum", "too little is due to be chased" },
	{ "hold.dispute", "disputed" },
	{ "hold.paid_claimed", "said to be paid" },
	{ "hold.promise", "promised for a day" },
	{ "hold.plan", "a plan for paying in parts is being made" },
	{ "hold.hardship", "the debtor has asked for help" },
	{ "hold.wrong_person", "the wrong person" },
	{ "hold.legal", "with a lawyer or a court" },
	{ "hold.manual", "held by a person" },
	{ "lapses", "its day would be past before it may be sent" },
	{ "paid", "paid meanwhile" },
	{ "expired", "could not be sent in time" },
	{ "changed", "another step was due by then" },
	{ "not_due", "not due any more" },
	{ "nothing_open", "paid meanwhile" },
};

static const char *rule_says(const struct pack *pack, const char *id)
{
	for (size_t i = 0; i < sizeof(own_reasons) / sizeof(own_reasons[0]); i++)
		if (strcmp(own_reasons[i].reason, id) == 0)
			return own_reasons[i].says;
	for (size_t i = 0; pack != NULL && i < pack->hours_count; i++)
		if (strcmp(pack->hours[i].rule.id, id) == 0)
			return pack->hours[i].rule.says;
	for (size_t i = 0; pack != NULL && i < pack->holiday_count; i++)
		if (strcmp(pack->holidays[i].rule.id, id) == 0)
			return pack->holidays[i].rule.says;
	for (size_t i = 0; pack != NULL && i < pack->cap_count; i++)
		if (strcmp(pack->caps[i].rule.id, id) == 0)
			return pack->caps[i].rule.says;
	return "";
}

static const struct pack *first_pack(struct engine *e)
{
	return e->cfg->creditor_count == 0 ? NULL :
	    policy_pack(e->policy, e->cfg->creditors[0].text[CREDITOR_COUNTRY]);
}

const char *summary_says(struct engine *e, const char *reason)
{
	return rule_says(first_pack(e), reason);
}

/* --- counting ------------------------------------------------------------------------- */

static bool add_ledger(struct engine *e, json_t *out, struct err *err)
{
	int64_t debtors, invoices, open, late, handed_over;

	if (!history_count_ledger(e->store, &debtors, &invoices, &open, err) ||
	    !history_count_paid_late(e->store, &late, err) ||
	    !history_count_handed_over(e->store, &handed_over, err))
		return false;
	json_object_set_new(out, "ledger", json_pack("{s:I, s:I, s:I, s:I, s:I}", "debtors",
	    (json_int_t)debtors, "invoices", (json_int_t)invoices, "open", (json_int_t)open,
	    "paid_late", (json_int_t)late, "handed_over", (json_int_t)handed_over));
	return true;
}

static bool is_sent(const char *state)
{
	return strcmp(state, "sent") == 0 || strcmp(state, "delivered") == 0 ||
	    strcmp(state, "bounced") == 0;
}

static json_t *contact_row(json_t *list, const struct contact_count *c)
{
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
		if (strcmp(json_string_value(json_object_get(row, "step")), c->step) == 0 &&
		    strcmp(json_string_value(json_object_get(row, "channel")), c->channel) == 0 &&
		    strcmp(json_string_value(json_object_get(row, "tone")), c->tone) == 0)
			return row;
	row = json_pack("{s:s, s:s, s:s, s:i, s:i}", "step", c->step, "channel", c->channel,
	    "tone", c->tone, "sent", 0, "other", 0);
	json_array_append_new(list, row);
	return row;
}

static bool add_contacts(struct engine *e, void *tmp, json_t *out, struct err *err)
{
	json_t *list = json_array();
	struct contact_count *counts;
	size_t n;

	json_object_set_new(out, "contacts", list);
	if (!history_count_contacts(e->store, tmp, &counts, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *key = is_sent(counts[i].state) ? "sent" : "other";
		json_t *row = contact_row(list, &counts[i]);

		json_object_set_new(row, key, json_integer(counts[i].count +
		    json_integer_value(json_object_get(row, key))));
	}
	return true;
}

static bool add_paid(struct engine *e, void *tmp, json_t *out, struct err *err)
{
	int64_t paid[4] = { 0 };
	struct paid_count *counts;
	size_t n;

	if (!history_count_paid(e->store, tmp, &counts, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		paid[counts[i].messages < 3 ? counts[i].messages : 3] += counts[i].invoices;
	json_object_set_new(out, "paid", json_pack("{s:I, s:I, s:I, s:I}", "before_any_message",
	    (json_int_t)paid[0], "after_1", (json_int_t)paid[1], "after_2", (json_int_t)paid[2],
	    "after_3_or_more", (json_int_t)paid[3]));
	return true;
}

/* Decisions "contact:RULE" were moved by a rule of hours, "wait:REASON" were
 * held; waiting for a step's own day is no deferral. */
static bool add_deferred(struct engine *e, void *tmp, json_t *out, struct err *err)
{
	const struct pack *pack = first_pack(e);
	json_t *list = json_array();
	struct word_count *counts;
	size_t n;

	json_object_set_new(out, "deferred", list);
	if (!history_count_decisions(e->store, tmp, &counts, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *colon = strchr(counts[i].word, ':');
		const char *rule = colon != NULL ? colon + 1 : "";

		if (rule[0] == '\0' || strcmp(rule, "armed") == 0 || strcmp(rule, "not_due") == 0 ||
		    strcmp(rule, "nothing_open") == 0 || strcmp(rule, "hand_over") == 0 ||
		    strcmp(rule, "ladder.climbed") == 0)
			continue;
		json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:I}", "rule", rule, "says",
		    rule_says(pack, rule), "decisions", (json_int_t)counts[i].count, "debtors",
		    (json_int_t)counts[i].debtors));
	}
	return true;
}

static bool add_words(struct engine *e, void *tmp, json_t *out, struct err *err)
{
	json_t *holds = json_array(), *dropped = json_array(), *tasks = json_array();
	struct word_count *w;
	size_t n;

	json_object_set_new(out, "holds", holds);
	json_object_set_new(out, "dropped", dropped);
	json_object_set_new(out, "tasks", tasks);
	if (!history_count_holds(e->store, tmp, &w, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(holds, json_pack("{s:s, s:I, s:I}", "type", w[i].word, "holds",
		    (json_int_t)w[i].count, "debtors", (json_int_t)w[i].debtors));
	if (!history_count_dropped(e->store, tmp, &w, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(dropped, json_pack("{s:s, s:s, s:I}", "reason", w[i].word,
		    "says", rule_says(NULL, w[i].word), "contacts", (json_int_t)w[i].count));
	if (!history_count_tasks(e->store, tmp, &w, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(tasks, json_pack("{s:s, s:I}", "kind", w[i].word, "tasks",
		    (json_int_t)w[i].count));
	return true;
}

bool summary_make(struct engine *e, json_t **out, struct err *err)
{
	void *tmp = talloc_new(NULL);
	json_t *all = json_object();
	const bool ok = add_ledger(e, all, err) && add_contacts(e, tmp, all, err) &&
	    add_paid(e, tmp, all, err) && add_deferred(e, tmp, all, err) &&
	    add_words(e, tmp, all, err);

	talloc_free(tmp);
	if (!ok)
		json_decref(all);
	*out = ok ? all : NULL;
	return ok;
}

/* --- text ---------------------------------------------------------------------------------- */

static int64_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *word(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* One line per step and channel, a column per tone. */
static void put_contact_row(const json_t *list, const char *step, const char *channel,
    struct str *out)
{
	int64_t by_tone[TONES] = { 0 }, sum = 0;
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row) {
		enum tone tone;

		if (strcmp(word(row, "step"), step) != 0 ||
		    strcmp(word(row, "channel"), channel) != 0)
			continue;
		must(tone_parse(word(row, "tone"), &tone));
		by_tone[tone] += number(row, "sent");
		sum += number(row, "sent");
	}
	if (sum == 0)
		return;
	str_printf(out, "  %-18s %-8s", step, channel);
	for (int tone = 0; tone < TONES; tone++)
		str_printf(out, " %8" PRId64, by_tone[tone]);
	str_printf(out, " %8" PRId64 "\n", sum);
}

static bool stands_before(const json_t *list, size_t at, const char *step)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(word(json_array_get(list, i), "step"), step) == 0)
			return true;
	return false;
}

static void put_contacts(const json_t *list, struct str *out)
{
	int64_t sent = 0;
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
		sent += number(row, "sent");
	str_printf(out, "\nMessages sent: %" PRId64 "\n", sent);
	str_printf(out, "  %-18s %-8s", "step", "channel");
	for (int tone = 0; tone < TONES; tone++)
		str_printf(out, " %8s", tone_name((enum tone)tone));
	str_printf(out, " %8s\n", "all");
	json_array_foreach(list, i, row)
		for (int channel = 0; channel < CHANNELS &&
		    !stands_before(list, i, word(row, "step")); channel++)
			put_contact_row(list, word(row, "step"),
			    channel_name((enum channel)channel), out);
}

static void put_list(const json_t *list, const char *title, const char *name,
    const char *count, struct str *out)
{
	json_t *row;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	str_printf(out, "\n%s\n", title);
	json_array_foreach(list, i, row) {
		const char *says = word(row, "says");

		str_printf(out, "  %-18s %8" PRId64 "%s%s\n", word(row, name), number(row, count),
		    says != NULL && says[0] != '\0' ? "  " : "", says != NULL ? says : "");
	}
}

void summary_text(const json_t *all, struct str *out)
{
	const json_t *ledger = json_object_get(all, "ledger");
	const json_t *paid = json_object_get(all, "paid");

	str_printf(out, "Ledger: %" PRId64 " debtors, %" PRId64 " invoices; %" PRId64
	    " paid after their due date, %" PRId64 " still open, %" PRId64
	    " at the end of the ladder (hand-over)\n", number(ledger, "debtors"),
	    number(ledger, "invoices"), number(ledger, "paid_late"), number(ledger, "open"),
	    number(ledger, "handed_over"));
	put_contacts(json_object_get(all, "contacts"), out);
	str_printf(out, "\nInvoices paid\n"
	    "  before any message %8" PRId64 "\n  after one          %8" PRId64 "\n"
	    "  after two          %8" PRId64 "\n  after three or more%8" PRId64 "\n",
	    number(paid, "before_any_message"), number(paid, "after_1"),
	    number(paid, "after_2"), number(paid, "after_3_or_more"));
	put_list(json_object_get(all, "holds"), "Holds (nobody is chased meanwhile)", "type",
	    "holds", out);
	put_list(json_object_get(all, "deferred"), "Moved or held back, by rule (times)", "rule",
	    "decisions", out);
	put_list(json_object_get(all, "dropped"), "Planned and then not sent, after the last look",
	    "reason", "contacts", out);
	put_list(json_object_get(all, "tasks"), "Needs a person", "kind", "tasks", out);
}
