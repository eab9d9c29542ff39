/* dice.c - see dice.h. */
#include "sim/dice.h"

#include "base/must.h"

static uint64_t mix(uint64_t z)
{
	z += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint64_t dice_roll(const struct dice *dice, const char *what, int64_t a, int64_t b)
{
	uint64_t label = 0xCBF29CE484222325u;

	for (const char *c = what; *c != '\0'; c++)
		label = (label ^ (uint8_t)*c) * 0x100000001B3u;
	return mix(mix(mix(mix(dice->seed) ^ label) ^ (uint64_t)a) ^ (uint64_t)b);
}

int64_t dice_between(const struct dice *dice, const char *what, int64_t a, int64_t b,
    int64_t least, int64_t most)
{
	must(least <= most);
	return least + (int64_t)(dice_roll(dice, what, a, b) % (uint64_t)(most - least + 1));
}

bool dice_hits(const struct dice *dice, const char *what, int64_t a, int64_t b,
    int basis_points)
{
	return dice_between(dice, what, a, b, 0, 9999) < basis_points;
}

int dice_pick(const struct dice *dice, const char *what, int64_t a, int64_t b,
    const int *weights, int count)
{
	int64_t sum = 0, at;
	int i = 0;

	for (int k = 0; k < count; k++)
		sum += weights[k];
	at = dice_between(dice, what, a, b, 0, sum - 1);
	while (at >= weights[i])
		at -= weights[i++];
	return i;
}
