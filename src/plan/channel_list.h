/* channel_list.h - an order of channels in a schedule's or an experiment's JSON.
 *
 * Memory: none.  Threads: pure.  Errors: ERR_INPUT with the place: an unknown word, one
 * that stands twice, an empty list.
 */
#ifndef PLAN_CHANNEL_LIST_H
#define PLAN_CHANNEL_LIST_H

#include <stddef.h>

#include "base/json.h"
#include "model/word.h"

/* How many there are; 0 where there is no list. */
size_t	channel_list_read(struct json_at *list, enum channel out[CHANNELS]);

#endif
