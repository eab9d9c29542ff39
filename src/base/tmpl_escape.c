/* tmpl_escape.c - what one byte becomes in each kind of text. */
#include "base/tmpl_node.h"

#include <stddef.h>

#define TO(text) { .at = (text), .len = sizeof(text) - 1 }

/* The four that the Mustache specification names. */
static const struct escape html = {
	.class_of = { ['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4 },
	.to = { [1] = TO("&amp;"), [2] = TO("&lt;"), [3] = TO("&gt;"), [4] = TO("&quot;") },
};

/* A line must stay one: a name with a line end in it must not start a new
 * header of a message. */
static const struct escape line = {
	.class_of = {
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, [0x7f] = 1,
	},
	.to = { [1] = TO(" ") },
};

/* RFC 5545 section 3.3.11; a carriage return is left out, since the line feed
 * behind it says all. */
static const struct escape ics = {
	.class_of = { ['\\'] = 1, [';'] = 2, [','] = 3, ['\n'] = 4, ['\r'] = 5 },
	.to = { [1] = TO("\\\\"), [2] = TO("\\;"), [3] = TO("\\,"), [4] = TO("\\n"),
	    [5] = TO("") },
};

const struct escape *escape_of(enum tmpl_kind kind)
{
	switch (kind) {
	case TMPL_HTML:
		return &html;
	case TMPL_LINE:
		return &line;
	case TMPL_ICS:
		return &ics;
	case TMPL_TEXT:
	case TMPL_SMS:
		break;
	}
	return NULL;
}

void escape_put(struct str *out, const struct escape *e, struct view text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		const uint8_t class = e->class_of[(unsigned char)text.at[i]];

		if (class == 0)
			continue;
		str_putn(out, text.at + from, i - from);
		str_putn(out, e->to[class].at, e->to[class].len);
		from = i + 1;
	}
	str_putn(out, text.at + from, text.len - from);
}
