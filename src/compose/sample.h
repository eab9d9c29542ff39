/* sample.h - facts of an invented debtor, to look at texts with.
 *
 * Two kinds: ordinary ones, which the golden files and `purr render` without
 * --data show, and long ones: names, addresses and sums about as long as they
 * come, for limits (SMS parts).
 *
 * Each language speaks of its home: the money and the law of that country.
 *
 * Memory:  borrowed from tables; a sample outlives everything.
 * Errors:  none: a language without samples of its own gets the English ones.
 */
#ifndef COMPOSE_SAMPLE_H
#define COMPOSE_SAMPLE_H

#include <stdbool.h>

#include "model/facts.h"

enum sample_size { SAMPLE_ORDINARY, SAMPLE_LONG };

struct message_facts	sample_facts(enum channel, const char *lang,
			    const char *template, enum tone, enum sample_size);

#endif
