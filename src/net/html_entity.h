/* html_entity.h - character references of HTML.
 *
 * Source:  WHATWG HTML, section 13.5; 13.2.5.80 for numbers (128 to 159 are meant as
 *          windows-1252).
 * Threads: pure.
 */
#ifndef NET_HTML_ENTITY_H
#define NET_HTML_ENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* What stands at `at` ("&aring;", "&#229;"); how many bytes of it, 0: it is none. */
size_t		 html_entity(const char *at, const char *end, uint32_t *letter);
/* windows-1252's letter of a byte; U+FFFD for the five that it has not. */
uint32_t	 letter_of_1252(unsigned char byte);
void		 letter_put(struct str *, uint32_t letter);	/* as UTF-8 */

#endif
