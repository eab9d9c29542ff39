/* csv_cell.c - see csv_cell.h. */
#include "measure/csv_cell.h"

#include <string.h>

void csv_text(struct str *out, const char *text)
{
	const bool quoted = strpbrk(text, ",\"\r\n") != NULL;

	str_put(out, quoted ? "\"" : "");
	if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
		str_putc(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			str_putc(out, '"');
		str_putc(out, *text);
	}
	str_put(out, quoted ? "\"" : "");
}

void csv_number(struct str *out, const json_t *value)
{
	str_putc(out, ',');
	if (json_is_integer(value))
		str_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		str_printf(out, "%.17g", json_real_value(value));
}
