/* fold.h - are two names the same to a person?
 *
 * Capitals, the way a letter is composed (NFKC case folding, Unicode TR 31 and UAX 15,
 * through ICU), and white space more or less make no other name: "Åse  Berg" written by one
 * keyboard is "åse berg" of another.
 *
 * Threads: pure.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stdbool.h>

#define FOLD_NAME_BYTES_MAX 256		/* longer ones are compared byte by byte */

/* Valid UTF-8, both. */
bool	fold_same_name(const char *a, const char *b);

#endif
