/* document_html.c - a document as one HTML file; see document.h. */
#include "draw/document.h"

#include "draw/markup.h"

static const char head[] =
"<meta charset=\"utf-8\">\n"
"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
"<meta name=\"color-scheme\" content=\"light dark\">\n"
"<style>\n"
":root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --line: #767676;\n"
"  --soft: #f2f2f2; }\n"
"@media (prefers-color-scheme: dark) {\n"
"  :root { --ink: #ececec; --paper: #121212; --line: #8c8c8c; --soft: #242424; }\n"
"}\n"
"body { margin: 0; color: var(--ink); background: var(--paper);\n"
"  font: 1rem/1.5 system-ui, sans-serif; }\n"
"main { max-width: 46rem; margin: 0 auto; padding: 1rem; }\n"
"h1 { font-size: 1.6rem; line-height: 1.25; }\n"
"h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); }\n"
"svg { display: block; width: 100%; height: auto; min-width: 34rem; color: var(--ink); }\n"
".wide { overflow-x: auto; margin: 1rem 0; }\n"
"table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }\n"
"caption { text-align: left; font-weight: bold; padding: .3rem 0; }\n"
"th, td { text-align: left; padding: .25rem .6rem .25rem 0; vertical-align: top; }\n"
"td.n, th.n { text-align: right; white-space: nowrap; }\n"
"thead th { border-bottom: 1px solid var(--line); }\n"
"tbody th { font-weight: normal; }\n"
".banner { border: 3px solid; padding: .6rem .8rem; font-weight: bold; }\n"
".strip { list-style: none; padding: 0; }\n"
".strip li { background: var(--soft); margin: .2rem 0; padding: .3rem .6rem; }\n"
".strip b { display: inline-block; min-width: 5.2rem; }\n"
"summary { cursor: pointer; padding: .4rem 0; }\n"
"@media print { body { font-size: 10pt; } .wide { overflow: visible; }\n"
"  svg { min-width: 0; break-inside: avoid; } }\n"
"</style>\n";

/* Which list is open while blocks are written. */
enum list { LIST_NONE, LIST_STRIP, LIST_ITEMS };

static void list_switch(struct str *out, enum list *open, enum list wanted)
{
	if (*open == wanted)
		return;
	if (*open != LIST_NONE)
		str_put(out, "</ul>\n");
	if (wanted != LIST_NONE)
		str_put(out, wanted == LIST_STRIP ? "<ul class=\"strip\">\n" : "<ul>\n");
	*open = wanted;
}

static void element_put(struct str *out, const char *name, const char *text)
{
	str_printf(out, "<%s>", name);
	markup_put(out, text);
	str_printf(out, "</%s>\n", name);
}

static void cell_put(struct str *out, const struct table *t, size_t column, const char *text,
    const char *scope)
{
	const char *name = scope != NULL ? "th" : "td";

	str_printf(out, "<%s", name);
	if (scope != NULL)
		str_printf(out, " scope=\"%s\"", scope);
	str_put(out, t->columns[column].right ? " class=\"n\">" : ">");
	markup_put(out, text);
	str_printf(out, "</%s>", name);
}

static void table_put(struct str *out, const struct table *t)
{
	if (t->aside) {
		str_put(out, "<details>\n<summary>");
		markup_put(out, t->caption);
		str_put(out, "</summary>\n");
	}
	str_put(out, "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
	markup_put(out, t->caption);
	str_put(out, "\">\n<table>\n<caption>");
	markup_put(out, t->caption);
	str_put(out, "</caption>\n<thead>\n<tr>");
	for (size_t c = 0; c < t->column_count; c++)
		cell_put(out, t, c, t->columns[c].title, "col");
	str_put(out, "</tr>\n</thead>\n<tbody>\n");
	for (size_t r = 0; r < t->row_count; r++) {
		str_put(out, "<tr>");
		for (size_t c = 0; c < t->column_count; c++)
			cell_put(out, t, c, t->cells[r * t->column_count + c],
			    c == 0 ? "row" : NULL);
		str_put(out, "</tr>\n");
	}
	str_put(out, "</tbody>\n</table>\n</div>\n");
	if (t->aside)
		str_put(out, "</details>\n");
}

static void chart_put(struct str *out, const struct scene *scene)
{
	str_put(out, "<figure class=\"wide\" tabindex=\"0\">\n");
	scene_svg(scene, out);
	str_put(out, "<figcaption>");
	markup_put(out, scene->title);
	str_put(out, "</figcaption>\n</figure>\n");
}

static void block_put(struct str *out, const struct block *b)
{
	static const char *const headings[] = { "", "h2", "h3", "h4" };

	switch (b->kind) {
	case BLOCK_HEADING:
		element_put(out, headings[b->level], b->text);
		break;
	case BLOCK_TEXT:
		element_put(out, "p", b->text);
		break;
	case BLOCK_BANNER:
		str_put(out, "<p class=\"banner\">");
		markup_put(out, b->text);
		str_put(out, "</p>\n");
		break;
	case BLOCK_STATE:
		str_printf(out, "<li><b>%s %s</b> ", state_sign(b->state), state_word(b->state));
		markup_put(out, b->text);
		str_put(out, "</li>\n");
		break;
	case BLOCK_ITEM:
		element_put(out, "li", b->text);
		break;
	case BLOCK_TABLE:
		table_put(out, b->table);
		break;
	case BLOCK_CHART:
		chart_put(out, b->scene);
		break;
	}
}

void document_html(const struct document *d, struct str *out)
{
	enum list open = LIST_NONE;

	str_put(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
	str_put(out, head);
	element_put(out, "title", d->title);
	str_put(out, "</head>\n<body>\n<main>\n");
	element_put(out, "h1", d->title);
	for (size_t i = 0; i < d->count; i++) {
		const enum block_kind kind = d->blocks[i].kind;

		list_switch(out, &open, kind == BLOCK_STATE ? LIST_STRIP :
		    kind == BLOCK_ITEM ? LIST_ITEMS : LIST_NONE);
		block_put(out, &d->blocks[i]);
	}
	list_switch(out, &open, LIST_NONE);
	str_put(out, "</main>\n</body>\n</html>\n");
}
