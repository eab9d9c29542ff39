/* charset.h - the two encodings in which ledgers are exported.
 *
 * Source:  the Unicode Consortium's mapping of Windows code page 1252
 *          (CP1252.TXT); its five undefined bytes (81 8D 8F 90 9D) are
 *          refused, since a file that holds them is something else.
 * Threads: pure.
 */
#ifndef INTAKE_CHARSET_H
#define INTAKE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum charset { CHARSET_UTF_8, CHARSET_WINDOWS_1252 };

#define CHARSET_GROWTH_MAX 3	/* bytes of UTF-8 for one byte of Windows-1252 */

/* Writes the UTF-8 form of Windows-1252 bytes to `out`, which has room for
 * CHARSET_GROWTH_MAX bytes for each.  False when a byte is undefined. */
bool	windows_1252_decode(struct view, char *out, size_t *out_len);

/* Characters in valid UTF-8. */
size_t	utf8_count(struct view);

/* The longest prefix of at most `bytes_max` that splits no character. */
size_t	utf8_cut(struct view, size_t bytes_max);

/* Whether valid UTF-8 holds a character that has no place in one line of
 * text: C0 and C1 controls, DEL, line and paragraph separators, and the
 * bidirectional overrides that make a text read as another one.  Tab and
 * line breaks count when `breaks` is false. */
bool	utf8_has_control(struct view, bool breaks);

#endif
