/* flat_twice.c - see flat_twice.h. */
#include "measure/flat_twice.h"

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

/* Rows of one key: all are marked but the one that is kept. */
static void mark(const struct place *run, size_t n, const struct flat_order *order, uint8_t *out)
{
	size_t kept = 0;
	bool clash = false;

	for (size_t i = 1; i < n; i++) {
		clash = clash || order->clash(order->arg, run[0].row, run[i].row);
		if (order->compare(order->arg, run[i].row, run[kept].row) < 0)
			kept = i;
	}
	for (size_t i = 0; i < n; i++)
		if (clash || i != kept)
			(void)bit_take(out, run[i].row);
}

uint8_t *flat_twice(const void *ctx, const uint64_t *keys, size_t count,
    const struct flat_order *order)
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
	for (size_t i = 0, n; i < maybe.count; i += n) {
		for (n = 1; i + n < maybe.count && maybe.at[i + n].key == maybe.at[i].key; n++)
			;
		if (n == 1)
			continue;
		if (out == NULL)
			out = bits_new(ctx, count);
		mark(&maybe.at[i], n, order, out);
	}
	talloc_free(tmp);
	return out;
}
