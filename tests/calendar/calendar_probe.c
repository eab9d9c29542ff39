/* calendar_probe.c - what a calendar says of each day, for tests to compare.
 *
 *   calendar_probe FILE FIRST_YEAR LAST_YEAR
 *
 * One line a day: date, kind, windows ("08:00-20:00", "-" for none) and, after
 * a tab, the event's name.
 */
#include <stdio.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/err.h"
#include "gate/calendar.h"

static void day_print(const struct calendar *cal, day_t day)
{
	static const char *const kinds[] = { [CALENDAR_ORDINARY] = "ordinary",
	    [CALENDAR_HOLIDAY] = "holiday", [CALENDAR_AS_SUNDAY] = "as_sunday",
	    [CALENDAR_CLOSED] = "closed" };
	const struct calendar_window *w;
	const size_t n = calendar_windows(cal, day, &w);
	char text[DAY_TEXT_BYTES];

	printf("%s %s ", day_text(day, text), kinds[calendar_kind(cal, day)]);
	for (size_t i = 0; i < n; i++)
		printf("%s%02d:%02d-%02d:%02d", i > 0 ? "," : "", w[i].opens / 60,
		    w[i].opens % 60, w[i].closes / 60, w[i].closes % 60);
	printf("%s\t%s\n", n == 0 ? "-" : "", calendar_event_name(cal, day));
}

int main(int argc, char **argv)
{
	void *ctx = talloc_new(NULL);
	char *text = talloc_array(ctx, char, CALENDAR_FILE_BYTES_MAX);
	struct err err = { 0 };
	struct calendar *cal;
	FILE *f;

	if (argc != 4 || (f = fopen(argv[1], "rb")) == NULL)
		return 2;
	cal = calendar_parse(ctx, argv[1], text, fread(text, 1, CALENDAR_FILE_BYTES_MAX, f), &err);
	(void)fclose(f);
	if (cal == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	for (day_t day = day_from_ymd(atoi(argv[2]), 1, 1),
	    end = day_from_ymd(atoi(argv[3]) + 1, 1, 1); day < end; day++)
		day_print(cal, day);
	return talloc_free(ctx) == 0 ? 0 : 1;
}
