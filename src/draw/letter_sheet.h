/* letter_sheet.h - a letter on A4 for an envelope with a window: C5 folded once, C65 or
 * DL folded twice.
 *
 * The window's place is an argument, since envelopes differ; DIN 5008 form B, and most
 * Nordic stocks, have it 20 mm from the left and 45 mm from the top, 85 by 45 mm.  In it
 * stand the return line (small, underlined) and the recipient, in at most LETTER_LINES_MAX
 * lines of 10 points, or a little smaller where long ones are broken; nothing else comes
 * near it.  Below, 8.5 mm under the window, the text: 165 mm wide,
 * 10 points, over as many pages as it takes, with a code to be photographed that leads
 * to the debtor's page, and where there is one a code for a bank's app beside it.  Marks for folding at 105 and 210 mm, for punching at 148.5.
 *
 * The same arguments give the same bytes: the document's time is an argument, fonts are
 * embedded in part (DejaVu Sans), nothing is asked of the machine but them.  Headings and
 * paragraphs are tagged, and the text can be read and searched.
 *
 * Source:  DIN 5008:2020, form B; ISO/IEC 18004 (libqrencode, level M).
 * Units:   millimetres; texts are UTF-8.
 * Memory:  the bytes belong to ctx.
 * Threads: pango's font map is the process's: one thread.
 * Errors:  ERR_INPUT: the recipient does not fit the window, or has letters that no font
 *          here has; a link too long for a code.  ERR_REFUSED: no window can be there.
 */
#ifndef DRAW_LETTER_SHEET_H
#define DRAW_LETTER_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

struct err;

#define LETTER_LINES_MAX 6
#define LETTER_WINDOW_LEFT_MM 20
#define LETTER_WINDOW_TOP_MM 45
#define LETTER_WINDOW_LEFT_MIN 10	/* and what keeps it on the page, and the text below it */
#define LETTER_WINDOW_LEFT_MAX 120
#define LETTER_WINDOW_TOP_MIN 20
#define LETTER_WINDOW_TOP_MAX 90

struct letter_sheet {
	const char	*title;		/* the letter's subject, set in bold */
	const char	*author;	/* the creditor, in the metadata */
	const char	*return_line;	/* one line */
	const char	*recipient;	/* lines, with LF between */
	const char	*text;		/* paragraphs, with LF */
	const char	*link, *link_name;	/* for the code, and below it; "" for none */
	const char	*payment;	/* for a second one beside it; "" for none */
	double		 window_left, window_top;
	instant_t	 made_at;
};

/* Can an envelope have its window there? */
bool	 letter_window_is_sound(double left, double top);
char	*letter_sheet_pdf(void *ctx, const struct letter_sheet *, size_t *len, struct err *);

#endif
