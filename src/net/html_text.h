/* html_text.h - what a person reads of an e-mail in HTML, as plain text.
 *
 * No renderer: tags are dropped, blocks and <br> end lines, white space is one blank (but
 * in <pre>), entities become their letters; head, script, style, title and comments are
 * left out.  What is quoted (<blockquote>, and the line that Gmail puts above one) has
 * "> " before each line, as in a plain message; <hr> is a line of underscores.
 *
 * Any bytes are taken: what is no tag is text, and what never ends is passed over.
 *
 * Source:  WHATWG HTML, sections 13.2.5 (tags, comments) and 13.5 (character references;
 *          those of Latin-1 and of typography).
 * Units:   UTF-8 in and out, lines end in LF.
 * Threads: pure.
 */
#ifndef NET_HTML_TEXT_H
#define NET_HTML_TEXT_H

#include <stddef.h>

#include "base/str.h"

void	html_text(const char *html, size_t len, struct str *out);

#endif
