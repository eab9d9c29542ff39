/* flat_twice.c - see flat_twice.h. */
#include "measure/flat_twice.h"

#include <stdbool.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/must.h"

struct place {
	uint64_t	key;
	size_t		row;
};

struct places {
	struct place	*at;
	size_t		 count, room;
};

static bool bit_take(uint8_t *bits, uint64_t at)
{
	const bool was = (bits[at / 8] >> at % 8 & 1) != 0;

	bits[at / 8] |= (uint8_t)(1U << at % 8);
	return was;
}

static uint8_t *bits_new(const void *ctx, uint64_t bits)
{
	uint8_t *out = talloc_zero_array(ctx, uint8_t, (unsigned)(bits / 8 + 1));

	must(out != NULL);
	return out;
}

static void place_add(void *ctx, struct places *p, uint64_t key, size_t row)
{
	if (p->count == p->room) {
		p->room = p->room == 0 ? 1024 : 2 * p->room;
		p->at = talloc_realloc(ctx, p->at, struct place, (unsigned)p->room);
		must(p->at != NULL);
	}
	p->at[p->count++] = (struct place){ key, row };
}

static int by_key(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

uint8_t *flat_twice(const void *ctx, const uint64_t *keys, size_t count)
{
	void *tmp = talloc_new(NULL);
	struct places maybe = { 0 };
	uint8_t *seen, *again, *out = NULL;
	uint64_t bits = 1024;

	while (bits < 8 * (uint64_t)count)
		bits *= 2;
	seen = bits_new(tmp, bits);
	again = bits_new(tmp, bits);
	for (size_t i = 0; i < count; i++)
		if (bit_take(seen, keys[i] & (bits - 1)))
			(void)bit_take(again, keys[i] & (bits - 1));
	for (size_t i = 0; i < count; i++) {
		const uint64_t bit = keys[i] & (bits - 1);

		if ((again[bit / 8] >> bit % 8 & 1) != 0)
			place_add(tmp, &maybe, keys[i], i);
	}
	if (maybe.count > 0)
		qsort(maybe.at, maybe.count, sizeof(maybe.at[0]), by_key);
	for (size_t i = 1; i < maybe.count; i++)
		if (maybe.at[i].key == maybe.at[i - 1].key) {
			if (out == NULL)
				out = bits_new(ctx, count);
			(void)bit_take(out, maybe.at[i].row);
		}
	talloc_free(tmp);
	return out;
}
