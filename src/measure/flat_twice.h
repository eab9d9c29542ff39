/* flat_twice.h - which rows repeat the key of another.
 *
 * Of rows with one key one is kept, the least in the caller's order of what they say, so that
 * the order of the file does not matter; none is where two of them contradict each other.
 *
 * Two sets of bits find the few keys that may repeat; only those are sorted, so
 * ten million different keys cost a pass and 32 MB.
 *
 * Memory:  a bit per row on `ctx`; NULL when nothing repeats.
 * Threads: pure.
 */
#ifndef MEASURE_FLAT_TWICE_H
#define MEASURE_FLAT_TWICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flat_order {
	/* Below 0: row a is kept rather than b; 0: they say the same. */
	int		(*compare)(const void *arg, size_t a, size_t b);
	bool		(*clash)(const void *arg, size_t a, size_t b);
	const void	*arg;
};

uint8_t	*flat_twice(const void *ctx, const uint64_t *keys, size_t count,
	    const struct flat_order *);

#endif
