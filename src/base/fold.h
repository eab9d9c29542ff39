/* fold.h - the same to a person, whatever the keyboard wrote (Unicode TR 31 and UAX 15,
 * through ICU).
 *
 * Names: capitals, the way a letter is composed (NFKC case folding), and white space more or
 * less make no other name: "Åse  Berg" written by one keyboard is "åse berg" of another.
 *
 * Words: as names, and without marks on letters, without what is not seen, and with one space
 * in place of all that is neither letter nor digit; an apostrophe joins.  «Aufhören…»  is
 * "aufhoren".
 *
 * Memory:  what is made is a talloc child of ctx.
 * Threads: pure.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stdbool.h>

#define FOLD_NAME_BYTES_MAX 256		/* longer ones are compared byte by byte */
#define FOLD_WORDS_BYTES_MAX 512	/* longer texts, and what is no UTF-8, have no words: "" */

/* Valid UTF-8, both. */
bool	fold_same_name(const char *a, const char *b);

char	*fold_words(void *ctx, const char *text);
/* No small letter stands in it. */
bool	fold_in_capitals(const char *text);

/* The same text in NFC: a letter and its mark are one where there is such a one.  Valid UTF-8. */
char	*fold_composed(void *ctx, const char *text);

#endif
