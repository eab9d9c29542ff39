/* near.c - see near.h. */
#include "base/near.h"

#include <string.h>

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Row by row through the table of both words' beginnings. */
static int distance(const char *a, size_t m, const char *b, size_t n)
{
	int rows[3][NEAR_WORD_BYTES_MAX + 1] = { 0 };
	int *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= n; j++)
		last[j] = (int)j;
	for (size_t i = 1; i <= m; i++) {
		int *spare = before;

		row[0] = (int)i;
		for (size_t j = 1; j <= n; j++) {
			row[j] = least(least(last[j], row[j - 1]) + 1,
			    last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[n];
}

const char *near_word(const char *given, const char *const *words, size_t count)
{
	const size_t len = strlen(given);
	const char *nearest = NULL;
	int best = 0;

	for (size_t i = 0; i < count; i++) {
		const size_t other = strlen(words[i]);
		int far;

		if (len > NEAR_WORD_BYTES_MAX || other > NEAR_WORD_BYTES_MAX)
			continue;
		far = distance(given, len, words[i], other);
		if (far <= (int)(other / 3) && (nearest == NULL || far < best)) {
			nearest = words[i];
			best = far;
		}
	}
	return nearest;
}
