/* document_plain.c - a document as text for a terminal; see document.h. */
#include "draw/document.h"

#include <string.h>

/* Letters, not bytes: what a terminal shows in one column each. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xC0) != 0x80;
	return width;
}

static void pad(struct str *out, size_t spaces)
{
	while (spaces-- > 0)
		str_putc(out, ' ');
}

static void cell_put(struct str *out, const char *text, const size_t width, bool right, bool last)
{
	const size_t spaces = width - width_of(text);

	str_put(out, "  ");
	if (right)
		pad(out, spaces);
	str_put(out, text);
	if (!right && !last)
		pad(out, spaces);
}

static void table_put(struct str *out, const struct table *t)
{
	size_t width[DOCUMENT_COLUMNS_MAX];

	for (size_t c = 0; c < t->column_count; c++) {
		width[c] = width_of(t->columns[c].title);
		for (size_t r = 0; r < t->row_count; r++) {
			const size_t w = width_of(t->cells[r * t->column_count + c]);

			width[c] = w > width[c] ? w : width[c];
		}
	}
	str_printf(out, "\n%s\n", t->caption);
	for (size_t c = 0; c < t->column_count; c++)
		cell_put(out, t->columns[c].title, width[c], t->columns[c].right,
		    c + 1 == t->column_count);
	str_putc(out, '\n');
	for (size_t r = 0; r < t->row_count; r++) {
		for (size_t c = 0; c < t->column_count; c++)
			cell_put(out, t->cells[r * t->column_count + c], width[c],
			    t->columns[c].right, c + 1 == t->column_count);
		str_putc(out, '\n');
	}
}

void document_plain(const struct document *d, struct str *out)
{
	str_printf(out, "%s\n", d->title);
	for (size_t i = 0; i < d->count; i++) {
		const struct block *b = &d->blocks[i];

		switch (b->kind) {
		case BLOCK_HEADING:
			str_printf(out, "\n%s\n", b->text);
			break;
		case BLOCK_TEXT:
			str_printf(out, "%s\n", b->text);
			break;
		case BLOCK_BANNER:
			str_printf(out, "\n*** %s ***\n", b->text);
			break;
		case BLOCK_STATE:
			str_printf(out, "  %-6s %s\n", state_word(b->state), b->text);
			break;
		case BLOCK_ITEM:
			str_printf(out, "  - %s\n", b->text);
			break;
		case BLOCK_TABLE:
			if (!b->table->aside)
				table_put(out, b->table);
			break;
		case BLOCK_CHART:
			break;		/* its table says it */
		}
	}
}
