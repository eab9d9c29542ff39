/* json_look.h - reading an object where what is not there says nothing: reports, and
 * what a provider has answered.
 *
 * Memory:  borrowed from the object.
 * Threads: pure.
 */
#ifndef BASE_JSON_LOOK_H
#define BASE_JSON_LOOK_H

#include <jansson.h>

/* What a member says: NAN, 0 or "" where there is none of that type. */
double		 json_number_of(const json_t *, const char *key);
json_int_t	 json_count_of(const json_t *, const char *key);
const char	*json_word_of(const json_t *, const char *key);
/* The member of a list whose `key` is this word; NULL. */
const json_t	*json_find(const json_t *list, const char *key, const char *word);

#endif
