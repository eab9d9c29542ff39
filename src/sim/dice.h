/* dice.h - chance that comes from the seed alone.
 *
 * Every roll is a pure function of (seed, what it is for, two numbers): it does
 * not matter in which order questions are asked, and a change of one habit
 * leaves the rolls of all others as they were.
 *
 * Source:  G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
 *          generators", OOPSLA 2014 (the finaliser); G. Fowler, L. C. Noll,
 *          K.-P. Vo, FNV-1a (the label).
 * Units:   basis points, 10000 in the whole.
 * Threads: pure.  Integers only, so that every build rolls the same.
 */
#ifndef SIM_DICE_H
#define SIM_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t	seed;
};

uint64_t	dice_roll(const struct dice *, const char *what, int64_t a, int64_t b);

/* Evenly from `least` to `most`, both included. */
int64_t		dice_between(const struct dice *, const char *what, int64_t a, int64_t b,
		    int64_t least, int64_t most);

bool		dice_hits(const struct dice *, const char *what, int64_t a, int64_t b,
		    int basis_points);

/* Index into `weights`, each as likely as its weight; they sum to > 0. */
int		dice_pick(const struct dice *, const char *what, int64_t a, int64_t b,
		    const int *weights, int count);

#endif
