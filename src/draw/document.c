/* document.c - see document.h. */
#include "draw/document.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"

static const struct { const char *word, *sign; } states[STATES] = {
	[STATE_GREEN] = { "green", "\xe2\x97\x8f" },
	[STATE_AMBER] = { "amber", "\xe2\x96\xb2" },
	[STATE_RED] = { "red", "\xe2\x96\xa0" },
};

const char *state_word(enum state state)
{
	return states[state].word;
}

const char *state_sign(enum state state)
{
	return states[state].sign;
}

static const char *copy(const void *ctx, const char *text)
{
	const char *out = talloc_strdup(ctx, text);

	must(out != NULL);
	return out;
}

struct document *document_new(void *ctx, const char *title, const char *subject,
    const char *footer, instant_t made_at)
{
	struct document *d = talloc_zero(ctx, struct document);

	must(d != NULL);
	d->title = copy(d, title);
	d->subject = copy(d, subject);
	d->footer = copy(d, footer);
	d->made_at = made_at;
	return d;
}

static struct block *block_add(struct document *d, enum block_kind kind, const char *text)
{
	struct block *b;

	d->blocks = talloc_realloc(d, d->blocks, struct block, (unsigned)d->count + 1);
	must(d->blocks != NULL);
	b = &d->blocks[d->count++];
	*b = (struct block){ .kind = kind, .text = copy(d, text) };
	return b;
}

void document_heading(struct document *d, int level, const char *text)
{
	must(level >= 1 && level <= 3);
	block_add(d, BLOCK_HEADING, text)->level = level;
}

void document_text(struct document *d, const char *text)
{
	block_add(d, BLOCK_TEXT, text);
}

void document_banner(struct document *d, const char *text)
{
	d->banner = block_add(d, BLOCK_BANNER, text)->text;
}

void document_state(struct document *d, enum state state, const char *text)
{
	block_add(d, BLOCK_STATE, text)->state = state;
}

void document_item(struct document *d, const char *text)
{
	block_add(d, BLOCK_ITEM, text);
}

void document_chart(struct document *d, const struct scene *scene)
{
	block_add(d, BLOCK_CHART, scene->title)->scene = scene;
}

struct table *document_table(struct document *d, const char *caption,
    const struct column *columns, size_t count, bool aside)
{
	struct block *b = block_add(d, BLOCK_TABLE, caption);
	struct table *t = talloc_zero(d, struct table);

	must(t != NULL && count > 0 && count <= DOCUMENT_COLUMNS_MAX);
	t->caption = b->text;
	t->column_count = count;
	t->aside = aside;
	for (size_t i = 0; i < count; i++) {
		t->columns[i] = columns[i];
		t->columns[i].title = copy(t, columns[i].title);
	}
	b->table = t;
	return t;
}

void table_row(struct table *t, const char *const *cells)
{
	t->cells = talloc_realloc(t, t->cells, const char *,
	    (unsigned)((t->row_count + 1) * t->column_count));
	must(t->cells != NULL);
	for (size_t i = 0; i < t->column_count; i++)
		t->cells[t->row_count * t->column_count + i] = copy(t, cells[i]);
	t->row_count++;
}
