/* document.h - a report as blocks in order, of which text, HTML and PDF are made, so
 * that every form says the same.
 *
 * HTML is one file that needs nothing beside it: no script, styles in its head, the
 * drawings in its text; it follows the reader's dark mode, forced colours, zoom and
 * printer.  PDF is A4 with embedded fonts and the number of its pages.  The same
 * blocks give the same bytes.
 *
 * Units:   texts are UTF-8.
 * Memory:  a document is a talloc child of the context given; texts are copied,
 *          scenes are borrowed until the document is freed.
 * Threads: document_pdf() uses the process's font map: one thread.
 * Errors:  ERR_SYSTEM from document_pdf(): the file cannot be written.
 */
#ifndef DRAW_DOCUMENT_H
#define DRAW_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/str.h"
#include "draw/scene.h"

struct err;

#define DOCUMENT_COLUMNS_MAX 8
#define DOCUMENT_BYTES_MAX (8u << 20)

enum block_kind { BLOCK_HEADING, BLOCK_TEXT, BLOCK_BANNER, BLOCK_STATE, BLOCK_ITEM, BLOCK_TABLE,
	BLOCK_CHART };

/* A colour never stands alone: each state has a sign and a word. */
enum state { STATE_GREEN, STATE_AMBER, STATE_RED, STATES };

struct column {
	const char	*title;
	int		 share;		/* of the width on paper */
	bool		 right;		/* numbers */
};

struct table {
	const char	*caption;
	struct column	 columns[DOCUMENT_COLUMNS_MAX];
	size_t		 column_count;
	const char	**cells;	/* row by row */
	size_t		 row_count;
	bool		 aside;		/* the data of a drawing: folded away where it can be */
};

struct block {
	enum block_kind		 kind;
	int			 level;		/* of a heading, 1 to 3 */
	enum state		 state;
	const char		*text;
	struct table		*table;
	const struct scene	*scene;
};

struct document {
	const char	*title, *subject;
	const char	*footer;	/* on each page of the PDF */
	const char	*banner;	/* NULL, or what stands on top of each page */
	instant_t	 made_at;	/* in the PDF's metadata */
	struct block	*blocks;
	size_t		 count;
};

struct document	*document_new(void *ctx, const char *title, const char *subject,
		    const char *footer, instant_t made_at);

void	document_heading(struct document *, int level, const char *text);
void	document_text(struct document *, const char *text);
void	document_banner(struct document *, const char *text);
void	document_state(struct document *, enum state, const char *text);
void	document_item(struct document *, const char *text);
void	document_chart(struct document *, const struct scene *);
/* Then row by row, as many texts as it has columns. */
struct table	*document_table(struct document *, const char *caption,
		    const struct column *, size_t count, bool aside);
void	table_row(struct table *, const char *const *cells);

const char	*state_word(enum state);	/* "red" */
const char	*state_sign(enum state);

void	document_plain(const struct document *, struct str *out);
void	document_html(const struct document *, struct str *out);
bool	document_pdf(const struct document *, const char *path, struct err *);

#endif
