/* markup.c - see markup.h. */
#include "draw/markup.h"

#include <math.h>
#include <stdlib.h>

void markup_put(struct str *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':	str_put(out, "&amp;"); break;
		case '<':	str_put(out, "&lt;"); break;
		case '>':	str_put(out, "&gt;"); break;
		case '"':	str_put(out, "&quot;"); break;
		default:	str_putc(out, *text);
		}
}

void markup_number(struct str *out, double value)
{
	const long hundredths = lround(value * 100), size = labs(hundredths);

	str_printf(out, "%s%ld", hundredths < 0 ? "-" : "", size / 100);
	if (size % 100 != 0)
		str_printf(out, size % 10 == 0 ? ".%ld" : ".%02ld",
		    size % 10 == 0 ? size % 100 / 10 : size % 100);
}
