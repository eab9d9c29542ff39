/* figure_cell.c - see figure_cell.h. */
#include "measure/figure_cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/chart.h"

#define P_WORDS_MAX 1e-6

const char *range_cell(char out[CELL_BYTES], const json_t *f, double scale, bool plus)
{
	const double e = json_number_of(f, "estimate") * scale + 0.0;
	const double l = json_number_of(f, "lower") * scale + 0.0;
	const double u = json_number_of(f, "upper") * scale + 0.0;

	if (isnan(e))
		(void)snprintf(out, CELL_BYTES, "-");
	else if (isnan(l) || strcmp(json_word_of(f, "reason"), "zero_variance") == 0)
		(void)snprintf(out, CELL_BYTES, plus ? "%+.1f" : "%.1f", e);
	else if (isnan(u))
		(void)snprintf(out, CELL_BYTES, plus ? "%+.1f (%+.1f or more)" : "%.1f (%.1f or more)",
		    e, l);
	else
		(void)snprintf(out, CELL_BYTES, plus ? "%+.1f (%+.1f to %+.1f)" :
		    "%.1f (%.1f to %.1f)", e, l, u);
	return out;
}

const char *p_cell(char out[CELL_BYTES], double p)
{
	if (isnan(p))
		(void)snprintf(out, CELL_BYTES, "-");
	else if (p < P_WORDS_MAX)
		(void)snprintf(out, CELL_BYTES, "below one in a million");
	else if (p < 0.001)
		(void)snprintf(out, CELL_BYTES, "%.1e", p);
	else
		(void)snprintf(out, CELL_BYTES, "%.3f", p);
	return out;
}

const char *count_cell(char out[CELL_BYTES], json_int_t count)
{
	(void)snprintf(out, CELL_BYTES, "%" JSON_INTEGER_FORMAT, count);
	return out;
}

const char *number_cell(char out[CELL_BYTES], double value, int decimals)
{
	if (isnan(value))
		(void)snprintf(out, CELL_BYTES, "-");
	else
		(void)snprintf(out, CELL_BYTES, "%.*f", decimals, value + 0.0);
	return out;
}

const char *amount_cell(char out[CELL_BYTES], json_int_t minor, int exponent)
{
	const json_int_t unit = (json_int_t)llround(pow(10, exponent > 0 ? exponent : 0));

	if (unit == 1)
		return count_cell(out, minor);
	(void)snprintf(out, CELL_BYTES, "%s%" JSON_INTEGER_FORMAT ".%0*" JSON_INTEGER_FORMAT,
	    minor < 0 ? "-" : "", llabs(minor) / unit, exponent, llabs(minor) % unit);
	return out;
}

const char *name_cell(char out[CELL_BYTES], const char *name)
{
	static const char by_horizon[] = "_by_horizon";
	const char *end = strstr(name, by_horizon);

	(void)snprintf(out, CELL_BYTES, "%.*s", end != NULL ? (int)(end - name) : CELL_BYTES, name);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
	return out;
}
