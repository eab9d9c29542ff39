/* sizes.c - see sizes.h. */
#include "measure/sizes.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *left, const void *right)
{
	const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

struct sizes sizes_look(int64_t *owed, size_t count)
{
	struct sizes s = { .cap = INT64_MAX, .largest_1_percent = (double)NAN };
	const size_t largest = (count + 99) / 100;
	double all = 0, large = 0;

	if (count == 0)
		return s;
	qsort(owed, count, sizeof(owed[0]), by_size);
	s.cap = owed[(size_t)ceil(SIZES_CAP_PERCENTILE * (double)count) - 1];
	s.cuts = owed[count - 1] > s.cap;
	for (size_t i = 0; i < count; i++) {
		all += (double)owed[i];
		large += i >= count - largest ? (double)owed[i] : 0;
	}
	if (all > 0)
		s.largest_1_percent = large / all;
	s.few_carry_it = s.largest_1_percent > SIZES_LARGE_SHARE;
	return s;
}

struct amount_row sizes_cut(const struct amount_row *row, int64_t cap)
{
	return (struct amount_row){ row->owed < cap ? row->owed : cap,
	    row->paid < cap ? row->paid : cap };
}
