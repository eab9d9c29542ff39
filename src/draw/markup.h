/* markup.h - texts inside HTML and SVG.
 *
 * Memory:  none.  Threads: pure.  Errors: none.
 */
#ifndef DRAW_MARKUP_H
#define DRAW_MARKUP_H

#include "base/str.h"

/* As character data or inside a double-quoted attribute. */
void	markup_put(struct str *, const char *text);
/* A coordinate with at most two decimals, and none that say nothing. */
void	markup_number(struct str *, double);

#endif
