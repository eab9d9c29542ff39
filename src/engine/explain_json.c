/* explain_json.c - see explain_json.h; the fields are described in explain.h. */
#include "engine/explain_json.h"

#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/str.h"

#define TRACE_LINE_BYTES_MAX 1024

json_t *instant_json(instant_t at)
{
	char text[INSTANT_TEXT_BYTES];

	return at == 0 || at >= INSTANT_MAX ? json_null() : json_string(instant_text(at, text));
}

json_t *money_json(int64_t minor, const char *currency)
{
	struct str text;
	json_t *out;

	str_init(&text, NULL, 64);
	money_put(&text, minor, currency_exponent(currency));
	out = json_string(text.at);
	str_release(&text);
	return out;
}

static json_t *hold_json(const struct decide_hold *hold)
{
	if (!hold->held)
		return json_null();
	return json_pack("{s:s, s:o}", "type", hold_type_name(hold->type),
	    "until", instant_json(hold->until));
}

json_t *people_json(const struct creditor_record *c, const struct debtor_record *d)
{
	return json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s, s:s, s:s, s:o}}",
	    "creditor", "id", c->external_id, "name", c->name, "zone", c->zone,
	    "debtor", "id", d->external_id, "name", d->name, "party", party_name(d->party),
	    "country", d->country, "language", d->lang, "zone", d->zone, "prefers",
	    d->prefers_given ? json_string(channel_name(d->prefers)) : json_null());
}

/* "told_by" is a list: of "ledger", "address", "telephone"; empty: nothing tells;
 * "register": the one zone of the country, or that of the ledger. */
static json_t *tellers_json(unsigned told_by)
{
	static const struct { unsigned bit; const char *name; } tellers[] = {
		{ ABODE_BY_LEDGER, "ledger" }, { ABODE_BY_ADDRESS, "address" },
		{ ABODE_BY_PHONE, "telephone" },
	};
	json_t *out = json_array();

	for (size_t i = 0; i < sizeof(tellers) / sizeof(tellers[0]); i++)
		if (told_by & tellers[i].bit)
			json_array_append_new(out, json_string(tellers[i].name));
	return out;
}

json_t *place_json(const struct decide_facts *f)
{
	json_t *zones = json_array();

	for (size_t i = 0; i < f->zone_count; i++)
		json_array_append_new(zones, json_pack("{s:s, s:o}", "zone",
		    zone_name(f->zones[i].zone), "told_by", tellers_json(f->zones[i].told_by)));
	if (f->zone_count == 0)
		json_array_append_new(zones, json_pack("{s:s, s:[s]}", "zone",
		    zone_name(f->debtor_zone), "told_by", "register"));
	return json_pack("{s:o, s:o}", "zones", zones, "region",
	    f->region != NULL ? json_string(f->region) : json_null());
}

/* --- cases ----------------------------------------------------------------------- */

static json_t *step_json(const struct schedule *schedule, int step)
{
	return step < 0 ? json_null() : json_string(schedule->steps[step].id);
}

static json_t *invoice_json(const struct decide_case *c, const struct decide_invoice *i,
    const struct invoice_record *r, day_t today)
{
	const struct ladder_next next = ladder_next(c->schedule, &i->place, today);

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "number", r->external_id, "schedule_by", r->schedule_by, "due_on", json_day(r->due_on),
	    "balance", money_json(r->balance_minor, r->currency),
	    "last_step", step_json(c->schedule, i->place.last_step),
	    "last_sent_on", json_day(i->place.last_sent_on),
	    "last_deadline_on", json_day(i->place.last_deadline_on),
	    "next_step", step_json(c->schedule, next.step),
	    "next_due_on", json_day(next.step < 0 ? DAY_NONE : next.due_on),
	    "held", hold_json(&i->hold));
}

json_t *cases_json(const struct dossier *d)
{
	json_t *out = json_array();

	for (size_t i = 0; i < d->case_count; i++) {
		const struct decide_case *c = &d->facts.cases[i];
		json_t *invoices = json_array();

		for (size_t k = 0; k < c->invoice_count; k++)
			json_array_append_new(invoices, invoice_json(c, &c->invoices[k],
			    &d->cases[i].invoices[k], d->today));
		json_array_append_new(out, json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o}",
		    "id", (json_int_t)c->id, "currency", c->currency,
		    "schedule", d->cases[i].record.schedule_name,
		    "schedule_by", d->cases[i].invoices[0].schedule_by,
		    "schedule_hash", c->schedule->hash,
		    "held", hold_json(&c->hold), "invoices", invoices));
	}
	return out;
}

json_t *addresses_json(const struct dossier *d)
{
	json_t *out = json_array();

	for (size_t i = 0; i < d->address_count; i++)
		json_push(out, json_pack("{s:s, s:s, s:b, s:b}",
		    "channel", channel_name(d->addresses[i].channel),
		    "address", d->addresses[i].value, "opted_out", d->addresses[i].opted_out,
		    "bad", d->addresses[i].bad));
	return out;
}

json_t *holds_json(const struct dossier *d)
{
	json_t *out = json_array();

	for (size_t i = 0; i < d->hold_count; i++) {
		const struct hold_record *h = &d->holds[i];

		json_array_append_new(out, json_pack(
		    "{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b}",
		    "id", (json_int_t)h->id, "scope", hold_scope_name(h->scope),
		    "type", hold_type_name(h->type), "owner", h->owner, "reason", h->reason,
		    "from", instant_json(h->from_at), "until", instant_json(h->until_at),
		    "released_at", instant_json(h->released_at), "in_force",
		    h->from_at <= d->facts.now && hold_end(h) > d->facts.now));
	}
	return out;
}

/* --- a decision -------------------------------------------------------------------- */

/* "invoice 17" becomes "invoice 2026-1001": the decision knows ids only. */
static json_t *numbered_json(struct engine *e, void *ctx, const char *text)
{
	static const char word[] = "invoice ";
	const char *at;
	struct str out;
	json_t *made;

	str_init(&out, ctx, TRACE_LINE_BYTES_MAX);
	while ((at = strstr(text, word)) != NULL) {
		struct invoice_record r;
		struct err none = { 0 };
		char *end;
		const long long id = strtoll(at + strlen(word), &end, 10);

		str_putn(&out, text, (size_t)(at - text) + strlen(word));
		text = at + strlen(word);
		if (end != text && ledger_get_invoice(e->store, ctx, id, &r, &none)) {
			str_put(&out, r.external_id);
			text = end;
		}
	}
	str_put(&out, text);
	made = json_string(out.at);
	str_release(&out);
	return made;
}

static json_t *trace_json(struct engine *e, void *ctx, const struct trace *trace)
{
	json_t *out = json_array();

	for (size_t i = 0; i < trace->count; i++) {
		const struct trace_line *line = &trace->lines[i];

		json_array_append_new(out, json_pack("{s:s, s:s, s:o, s:s, s:s}",
		    "rule", line->rule, "answer", trace_answer_name(line->answer),
		    "text", numbered_json(e, ctx, line->text),
		    "source", line->source, "confidence", line->confidence));
	}
	return out;
}

/* What the message adds to the claim, in each currency. */
static json_t *fees_json(const struct decide_facts *facts, const struct decision *d)
{
	json_t *out = json_array();

	for (size_t i = 0; i < d->case_count; i++) {
		const char *currency = facts->cases[d->cases[i].case_index].currency;

		if (d->cases[i].fee_minor > 0)
			must(json_array_append_new(out, json_pack("{s:s, s:o}", "currency", currency,
			    "amount", money_json(d->cases[i].fee_minor, currency))) == 0);
	}
	return out;
}

json_t *decision_json(struct engine *e, void *ctx, const struct decide_facts *facts,
    const struct decision *d, const struct trace *trace)
{
	json_t *out = json_pack("{s:o, s:s, s:s, s:o}", "at", instant_json(facts->now),
	    "result", decide_result_name(d->result), "reason", d->reason,
	    "next_check_at", instant_json(d->next_check_at));

	if (d->result == DECIDE_CONTACT || d->result == DECIDE_HAND_OVER)
		json_put(out, "step", json_string(d->schedule->steps[d->step].id));
	if (d->result == DECIDE_CONTACT) {
		json_put(out, "channel", json_string(channel_name(d->channel)));
		json_put(out, "tone", json_string(tone_name(d->tone)));
		json_put(out, "ripe_at", instant_json(d->ripe_at));
		json_put(out, "deadline_on", json_day(d->deadline_on));
		json_put(out, "fees", fees_json(facts, d));
	}
	json_put(out, "trace", trace_json(e, ctx, trace));
	return out;
}

json_t *contact_json(const struct contact_record *c)
{
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s}",
	    "id", (json_int_t)c->id, "step", c->step, "channel", channel_name(c->channel),
	    "tone", tone_name(c->tone), "state", contact_state_name(c->state),
	    "planned_at", instant_json(c->planned_at), "ripe_at", instant_json(c->ripe_at),
	    "sent_at", instant_json(c->sent_at), "deadline_on", json_day(c->deadline_on),
	    "reason", c->reason);
}
