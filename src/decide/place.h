/* place.h - where the debtor may be: the zones that the gate is to ask, and what
 * a trace says of them and of the region.
 *
 * Pure.  See decide.h for units and memory; a trace may be NULL.
 */
#ifndef DECIDE_PLACE_H
#define DECIDE_PLACE_H

#include "decide/decide.h"

/* The zones of a question to the gate, and how many. */
size_t	place_zones(const struct decide_facts *, const struct zone *out[DECIDE_ZONES_MAX]);

/* One line for each zone that is not sure, and one for the region where the pack
 * has some. */
void	place_trace(const struct decide_facts *, const struct pack *, struct trace *);

#endif
