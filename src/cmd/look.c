/* look.c - see look.h. */
#include "cmd/look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forward.h"

#define DIGITS_MAX 3

bool look_days(const char *text, int *days)
{
	const char *at = text;
	int n = 0;

	*days = LOOK_DAYS_STANDARD;
	if (text == NULL)
		return true;
	for (; *at >= '0' && *at <= '9' && at - text < DIGITS_MAX; at++)
		n = n * 10 + (*at - '0');
	*days = n;
	return at > text && *at == '\0' && n <= FORWARD_DAYS_MAX;
}

void look_progress(void *arg, instant_t now)
{
	char text[INSTANT_TEXT_BYTES];

	(void)arg;
	fprintf(stderr, "\r%s", instant_text(now, text));
}

void look_progress_end(bool shown)
{
	if (shown)
		fputs("\n", stderr);
}
