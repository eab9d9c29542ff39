/* window_line.h - one line of `purr window --from`: a flat JSON object.
 *
 * There may be millions of them, so the usual line (no escapes in what is
 * asked for) is read in place; any other goes through jansson first.
 *
 * Memory:  `id` points into the line, or into text owned by the reader until
 *          the next line.
 */
#ifndef CMD_WINDOW_LINE_H
#define CMD_WINDOW_LINE_H

#include "base/clock.h"
#include "base/str.h"

struct err;

#define WINDOW_LINE_BYTES_MAX 4096
#define WINDOW_WORD_BYTES 72

struct window_line {
	struct view	id;			/* as it stood; "null" for none */
	char		pack[WINDOW_WORD_BYTES];
	char		channel[WINDOW_WORD_BYTES];
	char		zone[WINDOW_WORD_BYTES];
	char		at[WINDOW_WORD_BYTES];
	char		party[WINDOW_WORD_BYTES];	/* "" when not given */
	char		role[WINDOW_WORD_BYTES];
	char		region[WINDOW_WORD_BYTES];
};

/* False and ERR_INPUT: not such a line; `id` is set as far as it was found.
 * `spare` holds the text of a line that had to be rewritten. */
bool	window_line_read(struct view, struct str *spare, struct window_line *,
	    struct err *);

#endif
