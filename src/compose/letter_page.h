/* letter_page.h - a finished letter as pages for an envelope with a window.
 *
 * Memory:  the bytes are a talloc child of ctx.
 * Errors:  ERR_INPUT: its address does not fit the window.
 */
#ifndef COMPOSE_LETTER_PAGE_H
#define COMPOSE_LETTER_PAGE_H

#include "model/message.h"

struct err;

/* Can an envelope have its window there?  False writes where it can, for people. */
bool	letter_page_window(int left_mm, int top_mm, struct err *);
/* Draws the message's pdf and pdf_len; the window's corner in millimetres. */
bool	letter_page_draw(void *ctx, struct message *, int left_mm, int top_mm, struct err *);

#endif
