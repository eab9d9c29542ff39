/* paper.c - see paper.h.
 *
 * Each block is laid out by pango, then put where the page has room; a text
 * that is higher than what is left goes on line by line on the next page.
 */
#include "draw/paper.h"

#include <stdio.h>
#include <string.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "draw/face.h"
#include "draw/scene.h"

#define A4_WIDTH 595.276
#define A4_HEIGHT 841.890
#define MARGIN 56.0
#define FOOT 34.0			/* the footer's line, from the bottom */
#define INDENT 10.0			/* of a quote */
#define CELL_GAP 6.0
#define LINE_HEIGHT 1.3			/* of the face's size, or less */
#define HEADINGS 90.0			/* a section's and a drawing's, two lines each */

enum face { FACE_TEXT, FACE_STRONG, FACE_SMALL, FACE_1, FACE_2, FACE_3, FACES };

static const struct { double points; bool bold; } faces[FACES] = {
	[FACE_TEXT] = { 9.5, false }, [FACE_STRONG] = { 9.5, true }, [FACE_SMALL] = { 8.5, false },
	[FACE_1] = { 18, true }, [FACE_2] = { 13, true }, [FACE_3] = { 10.5, true },
};

struct paper {
	cairo_surface_t		*surface;
	cairo_t			*cairo;
	PangoContext		*pango;
	const char		*footer, *banner;
	double			 top;		/* where a page's first block begins */
	double			 y;		/* where the next block begins */
	int			 page;		/* from 1 */
	int			 pages;
	const struct paper_cell	*head;		/* of the table that is being drawn, or NULL */
	size_t			 head_count;
};

static void page_begin(struct paper *p);

static void set_metadata(struct paper *p, const struct paper_about *about)
{
	char at[INSTANT_TEXT_BYTES];

	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, about->title);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, about->author);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_SUBJECT, about->subject);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "purr");
	instant_text(about->made_at, at);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

static int paper_end(struct paper *p)
{
	g_object_unref(p->pango);
	cairo_destroy(p->cairo);
	cairo_surface_destroy(p->surface);
	return 0;
}

struct paper *paper_new(void *ctx, const char *path, const struct paper_about *about)
{
	struct paper *p = talloc_zero(ctx, struct paper);

	must(p != NULL);
	p->surface = cairo_pdf_surface_create(path, A4_WIDTH, A4_HEIGHT);
	p->cairo = cairo_create(p->surface);
	p->pango = face_context(p->cairo);
	talloc_set_destructor(p, paper_end);
	set_metadata(p, about);
	p->footer = talloc_strdup(p, about->footer);
	p->banner = about->banner;
	p->page = 1;
	p->pages = about->pages;
	cairo_tag_begin(p->cairo, "Document", NULL);
	page_begin(p);
	return p;
}

/* --- laying out ------------------------------------------------------------------ */

static PangoLayout *layout_new(struct paper *p, enum face face, const char *text, double width)
{
	return face_layout(p->pango, text, faces[face].points, faces[face].bold, width);
}

static double bottom(void)
{
	return A4_HEIGHT - MARGIN;
}

static void draw_footer(struct paper *p)
{
	char text[300], of[20] = "";
	PangoLayout *layout;

	if (p->pages > 0)
		(void)snprintf(of, sizeof(of), " of %d", p->pages);
	(void)snprintf(text, sizeof(text), "%.240s - %d%s", p->footer, p->page, of);
	layout = layout_new(p, FACE_SMALL, text, A4_WIDTH - 2 * MARGIN);
	cairo_tag_begin(p->cairo, "P", NULL);
	cairo_move_to(p->cairo, MARGIN, A4_HEIGHT - FOOT);
	pango_cairo_show_layout(p->cairo, layout);
	cairo_tag_end(p->cairo, "P");
	g_object_unref(layout);
}

void paper_page(struct paper *p)
{
	draw_footer(p);
	cairo_show_page(p->cairo);
	p->page++;
	page_begin(p);
}

int paper_pages(const struct paper *p)
{
	return p->page;
}

static void make_room(struct paper *p, double height)
{
	if (p->y + height > bottom() && p->y > p->top)
		paper_page(p);
}

/* The banner, where there is one. */
static void page_begin(struct paper *p)
{
	PangoLayout *layout;
	double height;

	p->y = MARGIN;
	if (p->banner != NULL) {
		layout = layout_new(p, FACE_STRONG, p->banner, A4_WIDTH - 2 * MARGIN - 2 * INDENT);
		height = face_height(layout);
		cairo_set_line_width(p->cairo, 1.5);
		cairo_rectangle(p->cairo, MARGIN, p->y, A4_WIDTH - 2 * MARGIN, height + INDENT);
		cairo_stroke(p->cairo);
		cairo_tag_begin(p->cairo, "P", NULL);
		cairo_move_to(p->cairo, MARGIN + INDENT, p->y + INDENT / 2);
		pango_cairo_show_layout(p->cairo, layout);
		cairo_tag_end(p->cairo, "P");
		g_object_unref(layout);
		p->y += height + 2 * INDENT;
	}
	p->top = p->y;
}

/* Line by line, over as many pages as it takes; tagged for who reads it by ear. */
static void flow(struct paper *p, enum face face, const char *text, double indent, const char *tag)
{
	const double width = A4_WIDTH - 2 * MARGIN - indent;
	PangoLayout *layout = layout_new(p, face, text, width);
	PangoLayoutIter *iter = pango_layout_get_iter(layout);

	cairo_tag_begin(p->cairo, tag, NULL);
	do {
		PangoLayoutLine *line = pango_layout_iter_get_line_readonly(iter);
		PangoRectangle box;
		double height;

		pango_layout_line_get_extents(line, NULL, &box);
		height = (double)box.height / PANGO_SCALE;
		if (p->y + height > bottom()) {
			cairo_tag_end(p->cairo, tag);
			make_room(p, height);
			cairo_tag_begin(p->cairo, tag, NULL);
		}
		cairo_move_to(p->cairo, MARGIN + indent, p->y - (double)box.y / PANGO_SCALE);
		pango_cairo_show_layout_line(p->cairo, line);
		if (indent > 0) {
			cairo_rectangle(p->cairo, MARGIN, p->y, 1.5, height);
			cairo_fill(p->cairo);
		}
		p->y += height;
	} while (pango_layout_iter_next_line(iter));
	cairo_tag_end(p->cairo, tag);
	pango_layout_iter_free(iter);
	g_object_unref(layout);
}

/* --- blocks ---------------------------------------------------------------------- */

void paper_gap(struct paper *p)
{
	p->y += faces[FACE_TEXT].points;
}

void paper_heading(struct paper *p, int level, const char *text)
{
	const enum face face = level == 1 ? FACE_1 : level == 2 ? FACE_2 : FACE_3;

	static const char *const tags[] = { "H1", "H2", "H3" };

	must(level >= 1 && level <= 3);
	if (p->y > p->top)
		p->y += faces[face].points * 0.6;
	make_room(p, faces[face].points * 5);	/* never the last line of a page */
	flow(p, face, text, 0, tags[level - 1]);
	p->y += faces[face].points * 0.3;
}

void paper_text(struct paper *p, const char *text)
{
	flow(p, FACE_TEXT, text, 0, "P");
}

void paper_quote(struct paper *p, const char *text)
{
	flow(p, FACE_SMALL, text, INDENT, "P");
}

static void row_head(struct paper *p)
{
	const struct paper_cell *head = p->head;

	p->head = NULL;
	paper_row(p, head, p->head_count, true);
	p->head = head;
}

void paper_head(struct paper *p, const struct paper_cell *cells, size_t count)
{
	p->head = cells;
	p->head_count = count;
	if (cells != NULL)
		row_head(p);
}

void paper_keep(struct paper *p, int lines)
{
	make_room(p, lines * faces[FACE_TEXT].points * LINE_HEIGHT);
}

void paper_row(struct paper *p, const struct paper_cell *cells, size_t count, bool strong)
{
	PangoLayout *layouts[PAPER_CELLS_MAX];
	double height = 0, x = MARGIN;
	int shares = 0;

	must(count > 0 && count <= PAPER_CELLS_MAX);
	for (size_t i = 0; i < count; i++)
		shares += cells[i].share;
	for (size_t i = 0; i < count; i++) {
		const double width = (A4_WIDTH - 2 * MARGIN) * cells[i].share / shares;

		layouts[i] = layout_new(p, strong ? FACE_STRONG : FACE_TEXT, cells[i].text,
		    width - CELL_GAP);
		pango_layout_set_alignment(layouts[i], cells[i].right ? PANGO_ALIGN_RIGHT :
		    PANGO_ALIGN_LEFT);
		if (face_height(layouts[i]) > height)
			height = face_height(layouts[i]);
	}
	if (p->y + height > bottom() && p->head != NULL) {
		paper_page(p);
		row_head(p);
	}
	make_room(p, height);
	cairo_tag_begin(p->cairo, "P", NULL);
	for (size_t i = 0; i < count; i++) {
		cairo_move_to(p->cairo, x, p->y);
		pango_cairo_show_layout(p->cairo, layouts[i]);
		x += (A4_WIDTH - 2 * MARGIN) * cells[i].share / shares;
		g_object_unref(layouts[i]);
	}
	cairo_tag_end(p->cairo, "P");
	p->y += height + 2;
	if (!strong)
		return;
	cairo_rectangle(p->cairo, MARGIN, p->y - 1.5, A4_WIDTH - 2 * MARGIN, 0.6);
	cairo_fill(p->cairo);
	p->y += 2;
}

/* --- drawings -------------------------------------------------------------------- */

static void scene_ink(struct paper *p, const struct mark *m, double opacity)
{
	const struct paint paint = scene_paint(m);

	cairo_set_source_rgba(p->cairo, paint.red, paint.green, paint.blue, opacity);
	cairo_set_dash(p->cairo, paint.dash, (int)paint.dash_count, 0);
	cairo_set_line_width(p->cairo, m->kind == MARK_LINE ? m->width : 1);
}

static void scene_trace(struct paper *p, const struct point *points, size_t count)
{
	cairo_new_path(p->cairo);
	for (size_t i = 0; i < count; i++)
		cairo_line_to(p->cairo, points[i].x, points[i].y);
}

static void scene_spot_put(struct paper *p, const struct mark *m)
{
	struct point corners[12];
	const size_t count = scene_shape(m, corners);

	if (count > 0) {
		scene_trace(p, corners, count);
		cairo_close_path(p->cairo);
	} else {
		cairo_new_path(p->cairo);
		cairo_arc(p->cairo, m->points[0].x, m->points[0].y, m->width, 0, 2 * G_PI);
	}
	cairo_fill_preserve(p->cairo);
	cairo_set_source_rgb(p->cairo, 0, 0, 0);
	cairo_stroke(p->cairo);
}

static void scene_text_put(struct paper *p, const struct mark *m)
{
	static const double before[] = { [ANCHOR_START] = 0, [ANCHOR_MIDDLE] = 0.5, [ANCHOR_END] = 1 };
	PangoLayout *layout = layout_new(p, m->bold ? FACE_STRONG : FACE_TEXT, m->text, -1);
	PangoFontDescription *font = pango_font_description_copy(
	    pango_layout_get_font_description(layout));
	int width;

	pango_font_description_set_size(font, (int)(m->width * PANGO_SCALE));
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(layout, -1);
	pango_layout_get_size(layout, &width, NULL);
	cairo_move_to(p->cairo, m->points[0].x - before[m->anchor] * width / PANGO_SCALE,
	    m->points[0].y - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
	pango_cairo_show_layout(p->cairo, layout);
	g_object_unref(layout);
}

static void scene_mark_put(struct paper *p, const struct mark *m)
{
	scene_ink(p, m, m->kind == MARK_AREA ? m->opacity : 1);
	switch (m->kind) {
	case MARK_LINE:
		scene_trace(p, m->points, m->count);
		cairo_stroke(p->cairo);
		break;
	case MARK_AREA:
		scene_trace(p, m->points, m->count);
		cairo_close_path(p->cairo);
		cairo_fill(p->cairo);
		break;
	case MARK_SPOT:
		scene_spot_put(p, m);
		break;
	case MARK_TEXT:
		scene_text_put(p, m);
		break;
	}
}

static double scale_of(const struct scene *s)
{
	return (A4_WIDTH - 2 * MARGIN) / s->width;
}

void paper_room_for(struct paper *p, const struct scene *s)
{
	make_room(p, s->height * scale_of(s) + HEADINGS);
}

void paper_scene(struct paper *p, const struct scene *s)
{
	const double scale = scale_of(s);

	make_room(p, s->height * scale + HEADINGS / 2);
	paper_heading(p, 3, s->title);
	cairo_tag_begin(p->cairo, "Figure", NULL);
	cairo_save(p->cairo);
	cairo_translate(p->cairo, MARGIN, p->y);
	cairo_scale(p->cairo, scale, scale);
	for (size_t i = 0; i < s->count; i++)
		scene_mark_put(p, &s->marks[i]);
	cairo_restore(p->cairo);
	cairo_tag_end(p->cairo, "Figure");
	p->y += s->height * scale;
	paper_gap(p);
}

bool paper_close(struct paper *p, struct err *err)
{
	cairo_status_t status;
	bool ok;

	draw_footer(p);
	cairo_tag_end(p->cairo, "Document");
	cairo_show_page(p->cairo);
	cairo_surface_finish(p->surface);
	status = cairo_surface_status(p->surface);
	ok = status == CAIRO_STATUS_SUCCESS && cairo_status(p->cairo) == CAIRO_STATUS_SUCCESS;
	if (!ok)
		err_set(err, ERR_SYSTEM, "the PDF cannot be written: %s",
		    cairo_status_to_string(status));
	talloc_free(p);
	return ok;
}
