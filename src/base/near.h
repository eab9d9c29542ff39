/* near.h - the word that somebody probably meant.
 *
 * Two words are as far apart as the fewest letters to put in, take out, change
 * or swap with their neighbour that make one of the other (Damerau's distance
 * in its restricted form).  A word is near when that is at most a third of its
 * letters.
 *
 * Units:   bytes; meant for settings and closed words, which are ASCII.
 * Memory:  answers borrow from the list.
 * Threads: pure.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stddef.h>

#define NEAR_WORD_BYTES_MAX 48		/* longer words are near to nothing */

/* The nearest of the words, the first of several; NULL when none is near. */
const char	*near_word(const char *given, const char *const *words, size_t count);

#endif
