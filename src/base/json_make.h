/* json_make.h - building a JSON object; a failure is a bug or a lack of memory.
 *
 * Memory:  a value given is taken; a returned one is a new reference.
 * Threads: pure.
 */
#ifndef BASE_JSON_MAKE_H
#define BASE_JSON_MAKE_H

#include <jansson.h>

#include "base/date.h"

void	 json_put(json_t *object, const char *key, json_t *value);
void	 json_push(json_t *array, json_t *value);
json_t	*json_day(day_t);		/* null for DAY_NONE */

#endif
