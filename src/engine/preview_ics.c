/* preview_ics.c - a preview as a calendar: one all-day event for each day with
 * messages.
 *
 * Source:  RFC 5545: 3.1 (lines end in CRLF and are folded at 75 octets),
 *          3.3.11 (escaping), 3.6.1 (VEVENT); an event of one day needs no end.
 */
#include "engine/preview_run.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#define LINE_OCTETS_MAX 75
#define LINE_BYTES_MAX (64 * 1024)

/* One property; an escape or a character of several bytes is not torn apart. */
static void put_line(struct str *out, const char *name, const char *value)
{
	size_t used = strlen(name) + 1;

	str_printf(out, "%s:", name);
	for (const char *c = value; *c != '\0';) {
		size_t len = *c == '\\' && c[1] != '\0' ? 2 : 1;

		while (((unsigned char)c[len] & 0xc0) == 0x80)
			len++;
		if (used + len > LINE_OCTETS_MAX) {
			str_put(out, "\r\n ");
			used = 1;
		}
		str_putn(out, c, len);
		used += len;
		c += len;
	}
	str_put(out, "\r\n");
}

static void put_escaped(struct str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("\\;,", *text) != NULL)
			str_putc(out, '\\');
		str_putc(out, *text);
	}
}

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text != NULL ? text : "";
}

/* 2026-09-21T08:00:00Z -> 20260921T080000Z; a day likewise. */
static void put_stamp(struct str *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text != '-' && *text != ':')
			str_putc(out, *text);
}

/* What one day has: the sum, and a line for each step, channel and tone. */
static json_int_t describe(const json_t *rows, const char *day, struct str *out)
{
	json_int_t sum = 0;
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		const json_int_t n = json_integer_value(json_object_get(row, "contacts"));

		if (strcmp(text_of(row, "day"), day) != 0)
			continue;
		str_printf(out, "%s%" JSON_INTEGER_FORMAT " ", sum > 0 ? "\\n" : "", n);
		put_escaped(out, text_of(row, "step"));
		str_printf(out, " by %s\\, %s", text_of(row, "channel"), text_of(row, "tone"));
		sum += n;
	}
	return sum;
}

static void put_event(const json_t *preview, const char *day, struct str *out)
{
	char summary[64];
	struct str text;
	json_int_t sum;

	str_init(&text, out->ctx, LINE_BYTES_MAX);
	str_put(out, "BEGIN:VEVENT\r\n");
	str_printf(&text, "preview-%s-", day);
	put_stamp(&text, text_of(preview, "from"));
	str_put(&text, "@purr");
	put_line(out, "UID", text.at);
	str_clear(&text);
	put_stamp(&text, text_of(preview, "from"));
	put_line(out, "DTSTAMP", text.at);
	str_clear(&text);
	put_stamp(&text, day);
	put_line(out, "DTSTART;VALUE=DATE", text.at);
	str_clear(&text);
	sum = describe(json_object_get(preview, "by_day"), day, &text);
	(void)snprintf(summary, sizeof(summary), "%" JSON_INTEGER_FORMAT " payment reminders", sum);
	put_line(out, "SUMMARY", summary);
	put_line(out, "DESCRIPTION", text.at);
	put_line(out, "TRANSP", "TRANSPARENT");
	str_put(out, "END:VEVENT\r\n");
	str_release(&text);
}

void preview_ics(const json_t *preview, struct str *out)
{
	const char *last = "";
	const json_t *row;
	size_t i;

	str_put(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//purr//preview//EN\r\n");
	json_array_foreach(json_object_get(preview, "by_day"), i, row) {
		if (strcmp(text_of(row, "day"), last) == 0)
			continue;
		last = text_of(row, "day");
		put_event(preview, last, out);
	}
	str_put(out, "END:VCALENDAR\r\n");
}
