/* diff_compare.c - two lists of messages against each other; see diff_run.h. */
#include "engine/diff_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/must.h"

enum change { ADDED, DROPPED, EARLIER, LATER, CHANNEL, TONE, FEE, INTEREST, COMPENSATION,
    DEADLINE, TEXT, CHANGES };

static const char *const names[CHANGES] = { "added", "dropped", "earlier", "later", "channel",
    "tone", "fee", "interest", "compensation", "deadline", "text" };

struct comparing {
	int64_t	totals[CHANGES];
	int64_t	same, debtors, last_debtor;
	json_t	*list;
};

static int by_place(const struct diff_message *a, const struct diff_message *b)
{
	if (a->debtor_id != b->debtor_id)
		return a->debtor_id < b->debtor_id ? -1 : 1;
	return strcmp(a->step, b->step);
}

static int by_time(const void *x, const void *y)
{
	const struct diff_message *a = x, *b = y;
	const int place = by_place(a, b);

	if (place != 0)
		return place;
	return a->at < b->at ? -1 : a->at > b->at;
}

static json_t *message_json(const struct diff_message *m)
{
	char day[DAY_TEXT_BYTES], at[INSTANT_TEXT_BYTES], deadline[DAY_TEXT_BYTES];

	if (m == NULL)
		return json_null();
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "day", day_text(m->on, day), "at",
	    instant_text(m->at, at), "channel", m->channel, "tone", m->tone, "fee", m->fee,
	    "interest", m->interest, "compensation", m->compensation, "deadline_on", m->deadline_on == DAY_NONE ? json_null() :
	    json_string(day_text(m->deadline_on, deadline)));
}

static bool differs(const bool is[CHANGES])
{
	for (int i = 0; i < CHANGES; i++)
		if (is[i])
			return true;
	return false;
}

/* One of the two may be NULL. */
static void compare(struct comparing *c, const struct diff_message *before,
    const struct diff_message *after)
{
	const struct diff_message *one = before != NULL ? before : after;
	bool is[CHANGES] = { [ADDED] = before == NULL, [DROPPED] = after == NULL };
	json_t *changes = json_array();

	if (before != NULL && after != NULL) {
		is[EARLIER] = after->at < before->at;
		is[LATER] = after->at > before->at;
		is[CHANNEL] = strcmp(before->channel, after->channel) != 0;
		is[TONE] = strcmp(before->tone, after->tone) != 0;
		is[FEE] = strcmp(before->fee, after->fee) != 0;
		is[INTEREST] = strcmp(before->interest, after->interest) != 0;
		is[COMPENSATION] = strcmp(before->compensation, after->compensation) != 0;
		is[DEADLINE] = before->deadline_on != after->deadline_on;
		/* Where nothing else explains it: a moved message names other days anyway. */
		is[TEXT] = !differs(is) && strcmp(before->words, after->words) != 0;
	}
	for (int i = 0; i < CHANGES; i++) {
		c->totals[i] += is[i];
		if (is[i])
			json_array_append_new(changes, json_string(names[i]));
	}
	if (json_array_size(changes) == 0) {
		c->same++;
		json_decref(changes);
		return;
	}
	c->debtors += one->debtor_id != c->last_debtor;
	c->last_debtor = one->debtor_id;
	json_array_append_new(c->list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "creditor",
	    one->creditor, "debtor", one->debtor, "step", one->step, "changes", changes,
	    "before", message_json(before), "after", message_json(after)));
}

static void sort(struct diff_message *list, size_t n)
{
	if (n > 0)
		qsort(list, n, sizeof(list[0]), by_time);
}

void diff_compare(struct diff_message *before, size_t before_count, struct diff_message *after,
    size_t after_count, json_t *out)
{
	struct comparing c = { .last_debtor = -1, .list = json_array() };
	json_t *totals = json_object();
	size_t i = 0, k = 0;

	sort(before, before_count);
	sort(after, after_count);
	while (i < before_count || k < after_count) {
		const int order = i == before_count ? 1 : k == after_count ? -1 :
		    by_place(&before[i], &after[k]);

		compare(&c, order <= 0 ? &before[i] : NULL, order >= 0 ? &after[k] : NULL);
		i += order <= 0;
		k += order >= 0;
	}
	for (int n = 0; n < CHANGES; n++)
		json_object_set_new(totals, names[n], json_integer(c.totals[n]));
	must(json_object_update_new(out, json_pack("{s:I, s:I, s:o, s:o}", "same",
	    (json_int_t)c.same, "debtors", (json_int_t)c.debtors, "totals", totals, "list",
	    c.list)) == 0);
}
