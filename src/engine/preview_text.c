/* preview_text.c - a preview as text; see preview_run.h.  Decides nothing. */
#include "engine/preview_run.h"

#include <string.h>

#include "base/date.h"
#include "model/word.h"

#define SAMPLE_INDENT "    "

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

static json_int_t number_of(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

static const char *weekday_of(const char *text)
{
	static const char *const names[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	day_t day;

	return day_parse_iso(&text, &day) ? names[day_weekday(day)] : "";
}

/* Messages of the rows that have these words; NULL: any. */
static json_int_t sum_of(const json_t *rows, const char *day, const char *step,
    const char *channel, const char *tone)
{
	json_int_t sum = 0;
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if ((day == NULL || strcmp(day, text_of(row, "day")) == 0) &&
		    (step == NULL || strcmp(step, text_of(row, "step")) == 0) &&
		    (channel == NULL || strcmp(channel, text_of(row, "channel")) == 0) &&
		    (tone == NULL || strcmp(tone, text_of(row, "tone")) == 0))
			sum += number_of(row, "contacts");
	return sum;
}

static void put_days(const json_t *rows, struct str *out)
{
	const char *last = "";
	const json_t *row;
	size_t i;

	str_put(out, "\n  day              email      sms   letter      all\n");
	json_array_foreach(rows, i, row) {
		const char *day = text_of(row, "day");

		if (strcmp(day, last) == 0)
			continue;
		last = day;
		str_printf(out, "  %s %s", day, weekday_of(day));
		for (int c = CHANNEL_EMAIL; c <= CHANNEL_LETTER; c++)
			str_printf(out, " %8" JSON_INTEGER_FORMAT, sum_of(rows, day, NULL,
			    channel_name((enum channel)c), NULL));
		str_printf(out, " %8" JSON_INTEGER_FORMAT "\n", sum_of(rows, day, NULL, NULL, NULL));
	}
}

/* Is row `at` the first of its step and channel? */
static bool is_first(const json_t *rows, size_t at)
{
	const json_t *self = json_array_get(rows, at), *row;

	for (size_t i = 0; i < at; i++) {
		row = json_array_get(rows, i);
		if (strcmp(text_of(row, "step"), text_of(self, "step")) == 0 &&
		    strcmp(text_of(row, "channel"), text_of(self, "channel")) == 0)
			return false;
	}
	return true;
}

static void put_steps(const json_t *rows, struct str *out)
{
	const json_t *row;
	size_t i;

	str_printf(out, "\n  %-20s %-8s %8s %8s %8s %8s\n", "step", "channel", "warm", "neutral",
	    "firm", "all");
	json_array_foreach(rows, i, row) {
		const char *step = text_of(row, "step"), *channel = text_of(row, "channel");

		if (!is_first(rows, i))
			continue;
		str_printf(out, "  %-20s %-8s", step, channel);
		for (int t = 0; t < TONES; t++)
			str_printf(out, " %8" JSON_INTEGER_FORMAT, sum_of(rows, NULL, step, channel,
			    tone_name((enum tone)t)));
		str_printf(out, " %8" JSON_INTEGER_FORMAT "\n", sum_of(rows, NULL, step, channel,
		    NULL));
	}
}

static void put_lists(const json_t *preview, struct str *out)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(preview, "moved"), i, row) {
		str_put(out, i == 0 ? "\nMoved from closed days (messages)\n" : "");
		str_printf(out, "  %s %s to %s %s %8" JSON_INTEGER_FORMAT "  %s\n",
		    text_of(row, "from"), weekday_of(text_of(row, "from")), text_of(row, "to"),
		    weekday_of(text_of(row, "to")), number_of(row, "contacts"),
		    text_of(row, "why"));
	}
	json_array_foreach(json_object_get(preview, "held"), i, row) {
		str_put(out, i == 0 ? "\nNo message in these days (people)\n" : "");
		str_printf(out, "  %-20s %8" JSON_INTEGER_FORMAT "  %s\n", text_of(row, "reason"),
		    number_of(row, "debtors"), text_of(row, "says"));
	}
	json_array_foreach(json_object_get(preview, "handed_over"), i, row) {
		str_put(out, i == 0 ? "\nHanded over\n" : "");
		str_printf(out, "  %s %8" JSON_INTEGER_FORMAT " people, %" JSON_INTEGER_FORMAT
		    " invoices\n", text_of(row, "day"), number_of(row, "debtors"),
		    number_of(row, "invoices"));
	}
}

static void put_cost(const json_t *cost, struct str *out)
{
	const json_t *row;
	size_t i;

	str_printf(out, "\nCost: %s %s", text_of(cost, "total"), text_of(cost, "currency"));
	json_array_foreach(json_object_get(cost, "channels"), i, row)
		str_printf(out, "%s%s: %" JSON_INTEGER_FORMAT "%s at %s each", i == 0 ? " (" : ", ",
		    text_of(row, "channel"), number_of(row, "units"),
		    strcmp(text_of(row, "unit"), "part") == 0 ? " parts" : "",
		    text_of(row, "price"));
	str_put(out, json_array_size(json_object_get(cost, "channels")) > 0 ? ")\n" : "\n");
}

static void put_indented(struct str *out, const char *text)
{
	str_put(out, SAMPLE_INDENT);
	for (; *text != '\0' && (*text != '\n' || text[1] != '\0'); text++) {
		str_putc(out, *text);
		if (*text == '\n' && text[1] != '\n')
			str_put(out, SAMPLE_INDENT);
	}
	str_put(out, "\n");
}

static void put_samples(const json_t *samples, struct str *out)
{
	const json_t *row;
	size_t i;

	json_array_foreach(samples, i, row) {
		str_printf(out, "\nFor instance: %s by %s, in %s, %s", text_of(row, "step"),
		    text_of(row, "channel"), text_of(row, "language"), text_of(row, "tone"));
		if (number_of(row, "sms_parts") > 0)
			str_printf(out, ", %" JSON_INTEGER_FORMAT " part(s)",
			    number_of(row, "sms_parts"));
		str_put(out, "\n");
		if (text_of(row, "subject")[0] != '\0')
			put_indented(out, text_of(row, "subject"));
		put_indented(out, text_of(row, "text"));
	}
}

void preview_text(const json_t *preview, struct str *out)
{
	const json_t *rows = json_object_get(preview, "by_day");
	const json_t *approval = json_object_get(preview, "approval");

	str_printf(out, "From %s until %s, if %s:\n%" JSON_INTEGER_FORMAT " messages to %"
	    JSON_INTEGER_FORMAT " people\n", text_of(preview, "from"), text_of(preview, "until"),
	    text_of(preview, "assumes"), number_of(preview, "contacts"),
	    number_of(preview, "debtors"));
	if (json_array_size(rows) > 0) {
		put_days(rows, out);
		put_steps(rows, out);
	}
	put_lists(preview, out);
	put_cost(json_object_get(preview, "cost"), out);
	put_samples(json_object_get(preview, "samples"), out);
	if (json_is_object(approval))
		str_printf(out, "\nTo approve the %" JSON_INTEGER_FORMAT " that are planned until %s, "
		    "somebody else than %s gives:\n  purr approve %s --by NAME\n",
		    number_of(approval, "contacts"), text_of(approval, "expires_at"),
		    text_of(approval, "author"), text_of(approval, "id"));
}
