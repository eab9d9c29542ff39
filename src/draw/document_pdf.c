/* document_pdf.c - a document on A4; see document.h.
 *
 * Drawn twice: the first time to nowhere, to learn how many pages there are.
 */
#include "draw/document.h"

#include <stdio.h>

#include <talloc.h>

#include "draw/paper.h"

#define LINE_BYTES 600
#define KEEP_TABLE 7			/* caption, head and a row of two lines each, and a gap */
#define KEEP_HEADING 3

static void table_put(struct paper *p, const struct table *t)
{
	struct paper_cell head[DOCUMENT_COLUMNS_MAX], cells[DOCUMENT_COLUMNS_MAX];

	paper_keep(p, KEEP_TABLE);
	paper_gap(p);
	paper_heading(p, 3, t->caption);
	for (size_t c = 0; c < t->column_count; c++)
		cells[c] = head[c] = (struct paper_cell){ .text = t->columns[c].title,
		    .share = t->columns[c].share, .right = t->columns[c].right };
	paper_head(p, head, t->column_count);
	for (size_t r = 0; r < t->row_count; r++) {
		for (size_t c = 0; c < t->column_count; c++)
			cells[c].text = t->cells[r * t->column_count + c];
		paper_row(p, cells, t->column_count, false);
	}
	paper_head(p, NULL, 0);
}

static void block_put(struct paper *p, const struct block *b)
{
	char line[LINE_BYTES];

	switch (b->kind) {
	case BLOCK_HEADING:
		paper_heading(p, b->level == 1 ? 2 : 3, b->text);
		break;
	case BLOCK_TEXT:
		paper_text(p, b->text);
		paper_gap(p);
		break;
	case BLOCK_BANNER:
		break;			/* the paper puts it on each page */
	case BLOCK_STATE:
		(void)snprintf(line, sizeof(line), "%s %s: %s", state_sign(b->state),
		    state_word(b->state), b->text);
		paper_text(p, line);
		break;
	case BLOCK_ITEM:
		(void)snprintf(line, sizeof(line), "\xe2\x80\xa2 %s", b->text);
		paper_text(p, line);
		break;
	case BLOCK_TABLE:
		table_put(p, b->table);
		break;
	case BLOCK_CHART:
		paper_scene(p, b->scene);
		break;
	}
}

/* How many pages it took; path NULL: to nowhere. */
static bool draw(const struct document *d, const char *path, int pages, int *took,
    struct err *err)
{
	const struct paper_about about = { .title = d->title, .author = "purr",
	    .subject = d->subject, .footer = d->footer, .banner = d->banner,
	    .made_at = d->made_at, .pages = pages };
	struct paper *p = paper_new(NULL, path, &about);

	paper_heading(p, 1, d->title);
	for (size_t i = 0; i < d->count; i++) {
		const struct block *next = i + 1 < d->count ? &d->blocks[i + 1] : NULL;

		if (d->blocks[i].kind == BLOCK_HEADING && next != NULL) {
			if (next->kind == BLOCK_CHART)
				paper_room_for(p, next->scene);
			else if (next->kind == BLOCK_TABLE)
				paper_keep(p, KEEP_HEADING + KEEP_TABLE);
		}
		block_put(p, &d->blocks[i]);
	}
	*took = paper_pages(p);
	return paper_close(p, err);
}

bool document_pdf(const struct document *d, const char *path, struct err *err)
{
	int pages;

	return draw(d, NULL, 0, &pages, err) && draw(d, path, pages, &pages, err);
}
