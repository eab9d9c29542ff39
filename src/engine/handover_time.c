/* handover_time.c - see handover_time.h. */
#include "engine/handover_time.h"

#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "engine/decided.h"
#include "store/handover.h"
#include "store/history.h"
#include "store/outbox.h"

#define EVENTS_MAX 2000			/* newest first; older ones are left out */

struct timing {
	struct engine		*engine;
	void			*ctx;
	const struct zone	*zone;
	struct handover_case	*out;
	struct handover_moment	*list;
	struct said_words	*words;		/* the debtor's, oldest first */
	size_t			 word_count, words_told;
	struct err		*err;
};

/* Is the event about what is handed over, or about the debtor as a whole? */
static bool concerns(const struct handover_case *c, const struct event_record *e)
{
	bool found = e->contact_id == 0 && e->invoice_id == 0;

	for (size_t i = 0; e->invoice_id != 0 && i < c->invoice_count; i++)
		found |= c->invoices[i].id == e->invoice_id;
	for (size_t i = 0; e->contact_id != 0 && i < c->message_count; i++)
		found |= c->messages[i].contact_id == e->contact_id;
	return found;
}

static const char *number_of(const struct handover_case *c, int64_t invoice_id)
{
	for (size_t i = 0; i < c->invoice_count; i++)
		if (c->invoices[i].id == invoice_id)
			return c->invoices[i].number;
	return "";
}

/* NULL: not for people outside. */
static const char *says(const char *kind)
{
	static const struct { const char *kind, *says; } words[] = {
		{ "invoice.imported", "entered the ledger" },
		{ "invoice.changed", "changed in the ledger" },
		{ "invoice.closed", "left the ledger" },
		{ "invoice.handed_over", "handed over: the ladder is climbed" },
		{ "invoice.taken_back", "taken back by a person" },
		{ "contact.sent", "message sent" },
		{ "contact.unknown", "message sent; nobody knows whether it arrived" },
		{ "contact.failed", "message could not be sent" },
		{ "hold.added", "set on hold" },
		{ "hold.released", "hold released" },
		{ "hold.ended", "hold ended" },
		{ "hold.prolonged", "hold prolonged: nobody had answered" },
		{ "promise.made", "payment promised" },
		{ "link.used", "the debtor answered on the payment page" },
		{ "debtor.wrote", "the debtor wrote" },
		{ "debtor.complained", "the debtor complained" },
		{ "address.opted_out", "the debtor wants no more messages at an address" },
		{ "payment.booked", "payment booked" },
		{ "payment.allocated", "payment placed by a person" },
		{ "payment.returned", "payment paid back" },
		{ "charge.waived", "compensation waived: the debtor is a consumer" },
		{ "case.rescheduled", "moved to another version of the schedule" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].kind, kind) == 0)
			return words[i].says;
	return NULL;
}

/* The words of the event's data that a reader can use. */
static char *details(void *ctx, const char *data)
{
	static const char *const keys[] = { "type", "pay_on", "action", "until", "schedule" };
	json_t *root = json_loads(data, 0, NULL);
	char *out = talloc_strdup(ctx, "");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = json_string_value(json_object_get(root, keys[i]));

		if (value != NULL && value[0] != '\0')
			out = talloc_asprintf_append(out, "; %s %s", keys[i], value);
	}
	must(out != NULL);
	json_decref(root);
	return out;
}

/* "step one of schedule shop, carried by invoice F1": of the part that is of
 * this case. */
static const char *step_words(struct timing *t, const struct decided *d)
{
	for (size_t i = 0; i < d->again.case_count; i++) {
		const struct decide_step *part = &d->again.cases[i];
		const struct decide_case *c = &d->facts->cases[part->case_index];

		if (c->id == t->out->id)
			return talloc_asprintf(t->ctx, "step %s of schedule %s, carried by "
			    "invoice %s", d->again.schedule->steps[d->again.step].id,
			    d->again.schedule->name,
			    number_of(t->out, c->invoices[part->carrying].id));
	}
	return "";
}

/* Why it was sent: the step, then each rule of law or policy that was asked. */
static bool add_reasons(struct timing *t, int64_t contact_id, struct handover_moment *m)
{
	struct contact_record contact;
	struct decided decided;
	const char **lines;

	if (!outbox_get(t->engine->store, t->ctx, contact_id, &contact, t->err) ||
	    !decided_again(t->engine, t->ctx, contact.decision_id, &decided, t->err))
		return false;
	lines = talloc_zero_array(t->ctx, const char *, (unsigned)decided.trace.count + 1);
	must(lines != NULL);
	lines[m->reason_count++] = step_words(t, &decided);
	for (size_t i = 0; i < decided.trace.count; i++) {
		const struct trace_line *line = &decided.trace.lines[i];

		if (line->confidence[0] == '\0')
			continue;
		lines[m->reason_count++] = talloc_asprintf(t->ctx, "%s (%s): %s", line->rule,
		    trace_answer_name(line->answer), line->text);
	}
	m->reasons = lines;
	return true;
}

const char *handover_when(void *ctx, const struct zone *zone, instant_t at)
{
	const struct local_time local = zone_local(zone, at);
	char day[DAY_TEXT_BYTES];

	return talloc_asprintf(ctx, "%s %02d:%02d", day_text(local.day, day),
	    (int)(local.second / 3600), (int)(local.second / 60 % 60));
}

/* The debtor's own words, in their place among the events. */
static void add_words(struct timing *t, instant_t until)
{
	for (; t->words_told < t->word_count && t->words[t->words_told].at <= until;
	    t->words_told++)
		t->list[t->out->moment_count++] = (struct handover_moment){
		    .at = handover_when(t->ctx, t->zone, t->words[t->words_told].at),
		    .text = t->words[t->words_told].text };
}

static bool add_moment(struct timing *t, const struct event_record *e)
{
	const char *number = number_of(t->out, e->invoice_id), *what = says(e->kind);
	struct handover_moment *m = &t->list[t->out->moment_count];

	if (what == NULL || !concerns(t->out, e))
		return true;
	t->out->moment_count++;
	*m = (struct handover_moment){ .at = handover_when(t->ctx, t->zone, e->at), .text = talloc_asprintf(t->ctx, "%s%s%s%s, by %s", number[0] != '\0' ? number : "",
	    number[0] != '\0' ? ": " : "", what, details(t->ctx, e->data), e->who) };
	return strcmp(e->kind, "contact.sent") != 0 || add_reasons(t, e->contact_id, m);
}

bool handover_time_read(struct engine *e, void *ctx, const struct debtor_record *debtor,
    const struct zone *zone, struct handover_case *out, struct err *err)
{
	struct timing t = { .engine = e, .ctx = ctx, .zone = zone, .out = out, .err = err };
	struct event_record *events;
	size_t n;
	bool ok = history_events(e->store, ctx, debtor->id, EVENTS_MAX, &events, &n, err) &&
	    handover_words(e->store, ctx, debtor->id, &t.words, &t.word_count, err);

	if (!ok)
		return false;
	t.list = talloc_zero_array(ctx, struct handover_moment, (unsigned)(n + t.word_count) + 1);
	must(t.list != NULL);
	out->moments = t.list;
	for (size_t i = n; ok && i > 0; i--) {
		add_words(&t, events[i - 1].at - 1);
		ok = add_moment(&t, &events[i - 1]);
	}
	add_words(&t, INSTANT_MAX);
	return ok;
}
