/* json_look.c - see json_look.h. */
#include "base/json_look.h"

#include <math.h>
#include <string.h>

double json_number_of(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

json_int_t json_count_of(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

const char *json_word_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text == NULL ? "" : text;
}

const json_t *json_find(const json_t *list, const char *key, const char *word)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_word_of(item, key), word) == 0)
			return item;
	return NULL;
}
