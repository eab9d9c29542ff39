/* explain_text.c - the object of explain() for a person to read: plain
 * sentences, and each rule with where it comes from.  Nothing is decided here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/must.h"
#include "base/zone.h"
#include "engine/choice.h"
#include "engine/explain.h"

#define MOMENT_BYTES 20		/* 2026-09-22T08:00:00Z */

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value != NULL ? value : "";
}

static bool has(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return value != NULL && !json_is_null(value);
}

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const struct zone *zone_of(const json_t *root)
{
	return zone_find(text(json_object_get(root, "debtor"), "zone"), NULL);
}

/* "2026-09-22 08:00" */
static void put_local(struct str *out, const struct zone *zone, instant_t at)
{
	const struct local_time local = zone_local(zone, at);
	char day[DAY_TEXT_BYTES];

	str_printf(out, "%s %02d:%02d", day_text(local.day, day), (int)(local.second / 3600),
	    (int)(local.second / 60 % 60));
}

/* An instant of the object in the debtor's zone. */
static void put_moment(struct str *out, const json_t *root, const json_t *object,
    const char *key)
{
	const struct zone *zone = zone_of(root);
	instant_t at;

	if (zone == NULL || !instant_parse(text(object, key), &at, NULL))
		str_put(out, text(object, key));
	else
		put_local(out, zone, at);
}

/* A line of the trace: the moments in it, which stand there in UTC, become
 * those of the debtor's zone, as all others on the page. */
static void put_line(struct str *out, const json_t *root, const char *line)
{
	const struct zone *zone = zone_of(root);
	char at[MOMENT_BYTES + 1];
	instant_t when;

	while (*line != '\0') {
		(void)snprintf(at, sizeof(at), "%s", line);
		if (zone != NULL && strlen(at) == MOMENT_BYTES && at[MOMENT_BYTES - 1] == 'Z' &&
		    instant_parse(at, &when, NULL)) {
			put_local(out, zone, when);
			line += MOMENT_BYTES;
		} else {
			str_putc(out, *line++);
		}
	}
}

/* "America/Chicago and America/Denver, both at once; region TX" */
static void put_place(const json_t *place, struct str *out)
{
	const json_t *zones = json_object_get(place, "zones"), *zone;
	const size_t n = json_array_size(zones);
	size_t i;

	json_array_foreach(zones, i, zone)
		str_printf(out, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " and ", text(zone, "zone"));
	if (n > 1)
		str_put(out, ", all at once");
	if (has(place, "region"))
		str_printf(out, "; region %s", text(place, "region"));
}

static void put_head(const json_t *root, struct str *out)
{
	const json_t *debtor = json_object_get(root, "debtor");
	const json_t *creditor = json_object_get(root, "creditor");

	str_printf(out, "%s\n  debtor    %s (%s), %s in %s\n  creditor  %s (%s)\n"
	    "  seen      ", text(root, "asked"), text(debtor, "id"), text(debtor, "name"),
	    text(debtor, "party"), text(debtor, "country"), text(creditor, "id"),
	    text(creditor, "name"));
	put_moment(out, root, root, "at");
	str_put(out, "; hours are those of ");
	put_place(json_object_get(root, "place"), out);
	str_putc(out, '\n');
}

/* --- what is owed ----------------------------------------------------------------- */

static void put_held(struct str *out, const json_t *root, const json_t *object)
{
	const json_t *held = json_object_get(object, "held");

	if (!json_is_object(held))
		return;
	str_printf(out, "\n      on hold (%s) until ", text(held, "type"));
	if (has(held, "until"))
		put_moment(out, root, held, "until");
	else
		str_put(out, "somebody releases it");
}

static void put_invoice(struct str *out, const json_t *root, const json_t *i,
    const char *currency)
{
	str_printf(out, "    %s, due %s, owes %s %s\n      ", text(i, "number"),
	    text(i, "due_on"), text(i, "balance"), currency);
	if (has(i, "last_step"))
		str_printf(out, "last step: %s, sent %s", text(i, "last_step"),
		    text(i, "last_sent_on"));
	else
		str_put(out, "no step taken yet");
	if (has(i, "last_deadline_on"))
		str_printf(out, ", gave until %s", text(i, "last_deadline_on"));
	if (has(i, "next_step"))
		str_printf(out, "; next: %s, on %s at the earliest", text(i, "next_step"),
		    text(i, "next_due_on"));
	else
		str_put(out, "; no step is left");
	put_held(out, root, i);
	str_putc(out, '\n');
}

static void put_cases(const json_t *root, struct str *out)
{
	const json_t *cases = json_object_get(root, "cases"), *c, *i;
	size_t at, k;

	str_put(out, "\nOpen\n");
	if (json_array_size(cases) == 0)
		str_put(out, "  nothing\n");
	json_array_foreach(cases, at, c) {
		str_printf(out, "  case:%" JSON_INTEGER_FORMAT " in %s, on schedule %s (version "
		    "%.8s)", number(c, "id"), text(c, "currency"), text(c, "schedule"),
		    text(c, "schedule_hash"));
		choice_put(out, text(c, "schedule_by"));
		put_held(out, root, c);
		str_putc(out, '\n');
		json_array_foreach(json_object_get(c, "invoices"), k, i)
			put_invoice(out, root, i, text(c, "currency"));
	}
}

/* --- the decision ------------------------------------------------------------------ */

static const char *answer_word(const char *answer)
{
	static const struct { const char *answer, *word; } words[] = {
		{ "pass", "yes" }, { "wait", "not yet" }, { "stop", "no" }, { "note", "note" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].answer, answer) == 0)
			return words[i].word;
	return answer;
}

static const char *confidence_words(const char *letter)
{
	switch (letter[0]) {
	case 'A':	return "the text of the rule was read";
	case 'B':	return "from a secondary source";
	case 'C':	return "sources conflict";
	case 'M':	return "from memory";
	case 'P':	return "our own policy, not law";
	default:	return "";
	}
}

static void put_trace(const json_t *root, const json_t *trace, struct str *out)
{
	const json_t *line;
	size_t at;

	json_array_foreach(trace, at, line) {
		const char *source = text(line, "source");
		const char *sure = confidence_words(text(line, "confidence"));

		str_printf(out, "  %-7s  %s: ", answer_word(text(line, "answer")),
		    text(line, "rule"));
		put_line(out, root, text(line, "text"));
		str_putc(out, '\n');
		if (sure[0] != '\0')
			str_printf(out, "           source: %s (%s: %s)\n", source,
			    text(line, "confidence"), sure);
		else if (source[0] != '\0')
			str_printf(out, "           from: %s\n", source);
	}
}

static void put_answer(const json_t *root, const json_t *d, struct str *out)
{
	const char *result = text(d, "result"), *reason = text(d, "reason");
	const json_t *fee;
	size_t i;

	if (strcmp(result, "contact") == 0) {
		str_printf(out, "contact: step %s by %s, tone %s, to be sent ", text(d, "step"),
		    text(d, "channel"), text(d, "tone"));
		put_moment(out, root, d, "ripe_at");
		if (has(d, "deadline_on"))
			str_printf(out, ", to be paid by %s", text(d, "deadline_on"));
		json_array_foreach(json_object_get(d, "fees"), i, fee)
			str_printf(out, ", with a fee of %s %s", text(fee, "amount"),
			    text(fee, "currency"));
	} else {
		str_put(out, strcmp(result, "hand_over") == 0 ? "hand over" : result);
		if (reason[0] != '\0' && strcmp(reason, result) != 0)
			str_printf(out, " (%s)", reason);
	}
	str_putc(out, '\n');
}

/* --- what was sent, what is held --------------------------------------------------------- */

static void put_contact(const json_t *root, const json_t *c, struct str *out)
{
	const bool sent = has(c, "sent_at");

	str_printf(out, "  contact:%" JSON_INTEGER_FORMAT "  ", number(c, "id"));
	put_moment(out, root, c, sent ? "sent_at" : "ripe_at");
	str_printf(out, "  %s by %s, tone %s: %s", text(c, "step"), text(c, "channel"),
	    text(c, "tone"), text(c, "state"));
	if (text(c, "reason")[0] != '\0')
		str_printf(out, " (%s)", text(c, "reason"));
	str_putc(out, '\n');
}

static void put_contacts(const json_t *root, struct str *out)
{
	const json_t *list = json_object_get(root, "contacts"), *c;
	size_t at;

	str_put(out, "\nMessages so far\n");
	if (json_array_size(list) == 0)
		str_put(out, "  none\n");
	json_array_foreach(list, at, c)
		put_contact(root, c, out);
}

/* Where a message can go; who has left an address is told before any step is due. */
static void put_addresses(const json_t *root, struct str *out)
{
	const json_t *list = json_object_get(root, "addresses"), *a;
	size_t at;

	str_put(out, "\nAddresses\n");
	if (json_array_size(list) == 0)
		str_put(out, "  none\n");
	json_array_foreach(list, at, a) {
		str_printf(out, "  %s: ", text(a, "channel"));
		for (const char *p = text(a, "address"); *p != '\0'; p++)
			str_put(out, *p == '\n' ? ", " : (char[]){ *p, '\0' });
		str_put(out, json_is_true(json_object_get(a, "opted_out")) ? " (does not want it)" :
		    json_is_true(json_object_get(a, "bad")) ? " (does not work)" : "");
		str_putc(out, '\n');
	}
}

static void put_holds(const json_t *root, struct str *out)
{
	const json_t *list = json_object_get(root, "holds"), *h;
	size_t at;

	str_put(out, "\nHolds\n");
	if (json_array_size(list) == 0)
		str_put(out, "  none\n");
	json_array_foreach(list, at, h) {
		str_printf(out, "  %s on the %s, by %s, from ", text(h, "type"),
		    text(h, "scope"), text(h, "owner"));
		put_moment(out, root, h, "from");
		str_put(out, has(h, "released_at") ? ", released " : " until ");
		if (has(h, "released_at"))
			put_moment(out, root, h, "released_at");
		else if (has(h, "until"))
			put_moment(out, root, h, "until");
		else
			str_put(out, "somebody releases it");
		str_put(out, json_is_true(json_object_get(h, "in_force")) ? "" : " (over)");
		if (text(h, "reason")[0] != '\0')
			str_printf(out, ": %s", text(h, "reason"));
		str_putc(out, '\n');
	}
}

/* --- one message -------------------------------------------------------------------------- */

static void put_message(const json_t *root, const json_t *c, struct str *out)
{
	const json_t *i;
	size_t at;

	str_put(out, "\nMessage\n");
	put_contact(root, c, out);
	str_put(out, "  planned ");
	put_moment(out, root, c, "planned_at");
	str_printf(out, ", text %s in %s, tries: %" JSON_INTEGER_FORMAT "\n", text(c, "template"),
	    text(c, "language"), number(c, "attempts"));
	json_array_foreach(json_object_get(c, "listed"), at, i)
		str_printf(out, "  spoke of %s, owing %s %s%s\n", text(i, "number"),
		    text(i, "balance"), text(i, "currency"),
		    json_is_true(json_object_get(i, "counts")) ? "; the step counts for it" :
		    "; too young for the step");
}

static void put_sameness(const json_t *d, struct str *out)
{
	const json_t *line;
	size_t at;

	if (json_is_true(json_object_get(d, "same"))) {
		str_put(out, "  Made again from what is stored, the decision is the same.\n");
		return;
	}
	str_put(out, "  Made again from what is stored, the decision DIFFERS:\n");
	json_array_foreach(json_object_get(d, "differences"), at, line)
		str_printf(out, "    %s\n", json_string_value(line));
}

void explain_text(const json_t *root, struct str *out)
{
	const json_t *contact = json_object_get(root, "contact");
	const json_t *decision = json_object_get(root, "decision");
	const json_t *invoice = json_object_get(root, "invoice");

	put_head(root, out);
	if (contact != NULL) {
		put_message(root, contact, out);
		str_printf(out, "\nDecided on ");
		put_moment(out, root, decision, "at");
		str_put(out, ": ");
	} else {
		if (text(invoice, "says")[0] != '\0')
			str_printf(out, "\n%s\n", text(invoice, "says"));
		put_cases(root, out);
		put_addresses(root, out);
		str_put(out, "\nDecision of this moment: ");
	}
	put_answer(root, decision, out);
	put_trace(root, json_object_get(decision, "trace"), out);
	if (contact != NULL) {
		put_sameness(decision, out);
	} else {
		put_contacts(root, out);
		put_holds(root, out);
	}
	str_printf(out, "\n%s: %s\n", contact != NULL ? "So" : "Next", text(root, "next"));
}
