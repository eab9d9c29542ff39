/* json_make.h - building a JSON object; a failure is a bug or a lack of memory.
 *
 * Memory:  a value given is taken; a returned one is a new reference.
 * Threads: pure.
 */
#ifndef BASE_JSON_MAKE_H
#define BASE_JSON_MAKE_H

#include <jansson.h>

#include "base/date.h"
#include "base/secret.h"
#include "base/str.h"

void	 json_put(json_t *object, const char *key, json_t *value);
void	 json_push(json_t *array, json_t *value);
json_t	*json_day(day_t);		/* null for DAY_NONE */
/* SHA-256 of the value, members sorted, numbers in full precision. */
void	 json_hash(const json_t *, char out[HASH_HEX_BYTES]);
/* On one line; a talloc child of the context. */
char	*json_line(void *ctx, const json_t *);
/* As a person reads it, with a line break at the end. */
void	 json_pretty(const json_t *, struct str *out);

#endif
