/* paper.h - pages of plain paper as PDF: headings, paragraphs and tables, one
 * below the other, with page numbers.
 *
 * The same calls give the same bytes: the time that stands in the document is
 * an argument, fonts are embedded, nothing is asked of the machine but the font
 * (DejaVu Sans; package fonts-dejavu-core).
 *
 * Units:   points of 1/72 inch on A4; texts are UTF-8.
 * Memory:  a paper is a talloc child of the context given; texts are borrowed
 *          during the call.
 * Threads: pango's font map is the process's: one thread.
 * Errors:  ERR_SYSTEM from paper_close(): the file cannot be written.
 */
#ifndef DRAW_PAPER_H
#define DRAW_PAPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

struct err;
struct paper;
struct scene;

#define PAPER_CELLS_MAX 8

struct paper_about {		/* the document's metadata */
	const char	*title, *author, *subject;
	const char	*footer;	/* on each page, beside its number */
	const char	*banner;	/* NULL, or framed on top of each page */
	instant_t	 made_at;
	int		 pages;		/* how many there will be; 0: not said */
};

struct paper_cell {
	const char	*text;
	int		 share;		/* of the width; all of a row are its whole */
	bool		 right;		/* amounts */
};

/* `path` NULL: drawn to nowhere, to count the pages.  The banner is borrowed. */
struct paper	*paper_new(void *ctx, const char *path, const struct paper_about *);

/* Level 1 is the largest of 3; kept with what follows. */
void	paper_heading(struct paper *, int level, const char *text);
/* Wrapped; line breaks are kept. */
void	paper_text(struct paper *, const char *text);
/* The same in a frame of its own and a smaller face: words of somebody else. */
void	paper_quote(struct paper *, const char *text);
/* One row of a table; `strong` for heads and sums. */
void	paper_row(struct paper *, const struct paper_cell *, size_t count, bool strong);
/* A head, which stands again on each page that the rows go on to, until NULL, 0.  The cells
 * are borrowed until then. */
void	paper_head(struct paper *, const struct paper_cell *, size_t count);
/* What follows stays together as far as so many lines of text. */
void	paper_keep(struct paper *, int lines);
void	paper_gap(struct paper *);
void	paper_page(struct paper *);		/* goes on at the top of a new one */
/* A drawing over the whole width, never broken; its title stays with it. */
void	paper_scene(struct paper *, const struct scene *);
/* The same for a heading that stands before it. */
void	paper_room_for(struct paper *, const struct scene *);
int	paper_pages(const struct paper *);	/* so far */

/* Writes the last page; the paper is freed in any case. */
bool	paper_close(struct paper *, struct err *);

#endif
