/* diff_text.c - a difference as text and as CSV; see diff_run.h.  Decides
 * nothing. */
#include "engine/diff_run.h"

#include <string.h>

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

static void put_changes(const json_t *row, const char *between, struct str *out)
{
	const json_t *word;
	size_t i;

	json_array_foreach(json_object_get(row, "changes"), i, word)
		str_printf(out, "%s%s", i > 0 ? between : "", json_string_value(word));
}

static void put_message(const json_t *m, struct str *out)
{
	if (!json_is_object(m)) {
		str_put(out, "nothing");
		return;
	}
	str_put(out, text_of(m, "at"));
	if (text_of(m, "channel")[0] != '\0')
		str_printf(out, " %s %s", text_of(m, "channel"), text_of(m, "tone"));
	if (text_of(m, "fee")[0] != '\0')
		str_printf(out, ", fee %s", text_of(m, "fee"));
	if (text_of(m, "interest")[0] != '\0')
		str_printf(out, ", interest %s", text_of(m, "interest"));
	if (text_of(m, "compensation")[0] != '\0')
		str_printf(out, ", compensation %s", text_of(m, "compensation"));
	if (text_of(m, "deadline_on")[0] != '\0')
		str_printf(out, ", to pay by %s", text_of(m, "deadline_on"));
}

void diff_text(const json_t *diff, struct str *out)
{
	const json_t *list = json_object_get(diff, "list"), *count, *row;
	const char *name;
	size_t i;

	str_printf(out, "%s %s against %s, from %s until %s,\nif nobody pays and nobody answers:\n",
	    text_of(diff, "kind"), text_of(diff, "of"), text_of(diff, "new"),
	    text_of(diff, "from"), text_of(diff, "until"));
	str_printf(out, "%" JSON_INTEGER_FORMAT " people would get something different; %"
	    JSON_INTEGER_FORMAT " messages stay as they are\n",
	    json_integer_value(json_object_get(diff, "debtors")),
	    json_integer_value(json_object_get(diff, "same")));
	/* json_object_foreach casts const away */
	for (void *at = json_object_iter(json_object_get(diff, "totals")); at != NULL;
	    at = json_object_iter_next(json_object_get(diff, "totals"), at)) {
		name = json_object_iter_key(at);
		count = json_object_iter_value(at);
		if (json_integer_value(count) > 0)
			str_printf(out, "  %-12s %8" JSON_INTEGER_FORMAT "\n", name,
			    json_integer_value(count));
	}
	json_array_foreach(list, i, row) {
		str_printf(out, "%s%s %s: ", i == 0 ? "\n" : "", text_of(row, "debtor"),
		    text_of(row, "step"));
		put_changes(row, ", ", out);
		str_put(out, "\n  before  ");
		put_message(json_object_get(row, "before"), out);
		str_put(out, "\n  after   ");
		put_message(json_object_get(row, "after"), out);
		str_put(out, "\n");
	}
}

/* RFC 4180; what a spreadsheet would take for a formula is kept from it. */
static void put_cell(struct str *out, const char *text, bool last)
{
	const bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;

	if (!formula && strpbrk(text, ",\"\r\n") == NULL) {
		str_put(out, text);
	} else {
		str_put(out, formula ? "\"'" : "\"");
		for (; *text != '\0'; text++) {
			if (*text == '"')
				str_putc(out, '"');
			str_putc(out, *text);
		}
		str_putc(out, '"');
	}
	str_put(out, last ? "\r\n" : ",");
}

static void put_message_cells(const json_t *m, bool last, struct str *out)
{
	static const char *const names[] = { "at", "channel", "tone", "fee", "interest",
	    "compensation", "deadline_on" };
	const size_t n = sizeof(names) / sizeof(names[0]);

	for (size_t i = 0; i < n; i++)
		put_cell(out, text_of(m, names[i]), last && i == n - 1);
}

void diff_csv(const json_t *diff, struct str *out)
{
	const json_t *row;
	struct str changes;
	size_t i;

	str_put(out, "creditor,debtor,step,changes,before_at,before_channel,before_tone,before_fee,"
	    "before_interest,before_compensation,before_deadline,after_at,after_channel,after_tone,"
	    "after_fee,after_interest,after_compensation,after_deadline\r\n");
	str_init(&changes, out->ctx, 1024);
	json_array_foreach(json_object_get(diff, "list"), i, row) {
		put_cell(out, text_of(row, "creditor"), false);
		put_cell(out, text_of(row, "debtor"), false);
		put_cell(out, text_of(row, "step"), false);
		str_clear(&changes);
		put_changes(row, " ", &changes);
		put_cell(out, changes.at, false);
		put_message_cells(json_object_get(row, "before"), false, out);
		put_message_cells(json_object_get(row, "after"), true, out);
	}
	str_release(&changes);
}
