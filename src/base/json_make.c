/* json_make.c - see json_make.h. */
#include "base/json_make.h"

#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"

void json_put(json_t *object, const char *key, json_t *value)
{
	must(json_object_set_new(object, key, value) == 0);
}

void json_push(json_t *array, json_t *value)
{
	must(json_array_append_new(array, value) == 0);
}

json_t *json_day(day_t day)
{
	char text[DAY_TEXT_BYTES];

	return day == DAY_NONE ? json_null() : json_string(day_text(day, text));
}

void json_hash(const json_t *value, char out[HASH_HEX_BYTES])
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(17));

	must(text != NULL);
	sha256_hex(text, strlen(text), out);
	free(text);
}

void json_pretty(const json_t *value, struct str *out)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_REAL_PRECISION(17));

	must(text != NULL);
	str_put(out, text);
	str_putc(out, '\n');
	free(text);
}

char *json_line(void *ctx, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(17)), *out;

	must(text != NULL);
	out = talloc_strdup(ctx, text);
	free(text);
	must(out != NULL);
	return out;
}
