/* mail_line.h - what a line of a reply looks like: mail_words.h's marks (inside net/ only).
 *
 * Threads: pure.
 */
#ifndef NET_MAIL_LINE_H
#define NET_MAIL_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct view	line_trim(struct view);		/* also without U+00A0 */
bool		line_is_quote(struct view);
bool		line_is_rule(struct view);	/* "____", "----- Original message -----" */

/* "Word: value", "*Word:* value". */
bool		line_is_field(struct view, struct view *label, struct view *value);
bool		line_says_from(struct view label);	/* in a language that we write, or near */

bool		line_has(struct view, const char *word);	/* ASCII letters in any case */
bool		line_has_year(struct view);
bool		line_has_hour(struct view);
bool		line_has_wrote(struct view);

bool		line_is_footer(struct view);	/* "Sent from my telephone" */
bool		line_is_closing(struct view);	/* "Kind regards" */

#endif
