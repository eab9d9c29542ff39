/* flat_twice.h - which rows repeat a key that stands above them.
 *
 * Two sets of bits find the few keys that may repeat; only those are sorted, so
 * ten million different keys cost a pass and 32 MB.
 *
 * Memory:  a bit per row on `ctx`; NULL when nothing repeats.
 * Threads: pure.
 */
#ifndef MEASURE_FLAT_TWICE_H
#define MEASURE_FLAT_TWICE_H

#include <stddef.h>
#include <stdint.h>

uint8_t	*flat_twice(const void *ctx, const uint64_t *keys, size_t count);

#endif
