/* json_make.c - see json_make.h. */
#include "base/json_make.h"

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
