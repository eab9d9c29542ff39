/* letter_sheet.c - see letter_sheet.h. */
#include "draw/letter_sheet.h"

#include <stdio.h>
#include <string.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <talloc.h>

#include "base/date.h"
#include "base/err.h"
#include "base/must.h"
#include "draw/face.h"

#define MM (72 / 25.4)
#define A4_WIDTH (210 * MM)
#define A4_HEIGHT (297 * MM)
#define LEFT (25 * MM)
#define WIDTH (165 * MM)
#define FIRST_DOWN (53.5 * MM)		/* of the text on the first page, from the window's top */
#define NEXT_TOP (25 * MM)
#define BOTTOM (A4_HEIGHT - 25 * MM)
#define WINDOW_WIDTH (80 * MM)		/* 85 less what an envelope hides */
#define RETURN_DOWN (12.5 * MM)		/* below the window's top */
#define RECIPIENT_DOWN (17.7 * MM)
#define RECIPIENT_HIGH (27.3 * MM)	/* DIN 5008: the address zone of a window of 45 mm */
#define INSET (5 * MM)
#define CODE (28 * MM)
#define PAYMENT_CODE (34 * MM)		/* it says more, in smaller modules */
#define FOOT (12 * MM)
#define TEXT_POINTS 10.0
#define ADDRESS_POINTS_MIN 8.5		/* what machines and postmen still read */
#define SMALL_POINTS 7.5
#define QUIET 4				/* modules of white around a code (ISO 18004) */

struct sheet {
	cairo_surface_t	*surface;
	cairo_t		*cairo;
	PangoContext	*pango;
	double		 y;
	int		 page;
	int		 pages;		/* 0: they are being counted */
};

/* --- bytes ------------------------------------------------------------------------- */

struct bytes {
	char	*at;
	size_t	 len;
};

static cairo_status_t bytes_put(void *arg, const unsigned char *data, unsigned int len)
{
	struct bytes *b = arg;

	b->at = talloc_realloc(NULL, b->at, char, (unsigned)(b->len + len + 1));
	must(b->at != NULL);
	memcpy(b->at + b->len, data, len);
	b->len += len;
	b->at[b->len] = '\0';
	return CAIRO_STATUS_SUCCESS;
}

/* --- a page -------------------------------------------------------------------------- */

/* Frees the layout. */
static void layout_at(struct sheet *s, double x, double y, PangoLayout *layout, const char *tag)
{
	cairo_tag_begin(s->cairo, tag, NULL);
	cairo_move_to(s->cairo, x, y);
	pango_cairo_show_layout(s->cairo, layout);
	cairo_tag_end(s->cairo, tag);
	g_object_unref(layout);
}

static void text_at(struct sheet *s, double x, double y, double width, const char *text,
    double points, bool bold, const char *tag)
{
	layout_at(s, x, y, face_layout(s->pango, text, points, bold, width), tag);
}

static void mark_at(struct sheet *s, double y, double length)
{
	cairo_set_line_width(s->cairo, 0.4);
	cairo_move_to(s->cairo, 5 * MM, y);
	cairo_line_to(s->cairo, 5 * MM + length, y);
	cairo_stroke(s->cairo);
}

static void page_number(struct sheet *s)
{
	char text[40];

	if (s->pages < 2)
		return;
	(void)snprintf(text, sizeof(text), "%d / %d", s->page, s->pages);
	text_at(s, LEFT, A4_HEIGHT - FOOT, WIDTH, text, SMALL_POINTS, false, "P");
}

static void page_next(struct sheet *s)
{
	page_number(s);
	cairo_show_page(s->cairo);
	s->page++;
	s->y = NEXT_TOP;
}

/* --- what stands on it ------------------------------------------------------------------ */

/* The recipient flush left, whatever way his letters run; NULL: it does not fit, or not all
 * of it can be shown. */
static PangoLayout *recipient_layout(struct sheet *s, const char *text, struct err *err)
{
	double points = TEXT_POINTS;
	bool known = true;

	for (; points >= ADDRESS_POINTS_MIN; points -= 0.5) {
		PangoLayout *layout = face_layout(s->pango, text, points, false, WINDOW_WIDTH - INSET);

		pango_layout_set_auto_dir(layout, FALSE);
		known = pango_layout_get_unknown_glyphs_count(layout) == 0;
		if (known && face_height(layout) <= RECIPIENT_HIGH)
			return layout;
		g_object_unref(layout);
	}
	(void)err_set(err, ERR_INPUT, known ? "the address does not fit the envelope's window" :
	    "the address has letters that no font here has");
	return NULL;
}

static bool put_window(struct sheet *s, const struct letter_sheet *l, struct err *err)
{
	PangoLayout *recipient = recipient_layout(s, l->recipient, err);
	const double x = l->window_left * MM + INSET, top = l->window_top * MM;
	PangoLayout *line = face_layout(s->pango, l->return_line, SMALL_POINTS, false, WINDOW_WIDTH - INSET);
	double y = top + RETURN_DOWN;

	pango_layout_set_ellipsize(line, PANGO_ELLIPSIZE_END);
	pango_layout_set_single_paragraph_mode(line, TRUE);
	cairo_tag_begin(s->cairo, "P", NULL);
	cairo_move_to(s->cairo, x, y);
	pango_cairo_show_layout(s->cairo, line);
	cairo_tag_end(s->cairo, "P");
	y += face_height(line);
	g_object_unref(line);
	cairo_set_line_width(s->cairo, 0.3);
	cairo_move_to(s->cairo, x, y);
	cairo_line_to(s->cairo, x + WINDOW_WIDTH - INSET, y);
	cairo_stroke(s->cairo);
	if (recipient != NULL)
		layout_at(s, x, top + RECIPIENT_DOWN, recipient, "P");
	mark_at(s, 105 * MM, 4 * MM);
	mark_at(s, 148.5 * MM, 6 * MM);
	mark_at(s, 210 * MM, 4 * MM);
	return recipient != NULL;
}

/* One paragraph, which goes on line by line where the page ends. */
static void put_paragraph(struct sheet *s, const char *text, bool bold, const char *tag)
{
	PangoLayout *layout = face_layout(s->pango, text, TEXT_POINTS, bold, WIDTH);
	const int lines = pango_layout_get_line_count(layout);

	cairo_tag_begin(s->cairo, tag, NULL);
	for (int i = 0; i < lines; i++) {
		PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
		PangoRectangle rect;
		double height;

		pango_layout_line_get_extents(line, NULL, &rect);
		height = (double)rect.height / PANGO_SCALE;
		if (s->y + height > BOTTOM) {
			cairo_tag_end(s->cairo, tag);
			page_next(s);
			cairo_tag_begin(s->cairo, tag, NULL);
		}
		cairo_move_to(s->cairo, LEFT, s->y - (double)rect.y / PANGO_SCALE);
		pango_cairo_show_layout_line(s->cairo, line);
		s->y += height;
	}
	cairo_tag_end(s->cairo, tag);
	g_object_unref(layout);
}

static void put_text(struct sheet *s, void *ctx, const char *text)
{
	while (*text != '\0') {
		const size_t len = strcspn(text, "\n");

		if (len == 0)
			s->y += TEXT_POINTS * 0.7;
		else
			put_paragraph(s, talloc_strndup(ctx, text, len), false, "P");
		text += len + (text[len] == '\n');
	}
}

static bool code_at(struct sheet *s, double left, double size, const char *says, struct err *err)
{
	QRcode *code = QRcode_encodeString(says, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	double module;

	if (code == NULL)
		return err_set(err, ERR_INPUT, "what a letter's code is to say is too long");
	module = size / (code->width + 2 * QUIET);
	cairo_tag_begin(s->cairo, "Figure", NULL);
	for (int row = 0; row < code->width; row++)
		for (int column = 0; column < code->width; column++)
			if ((code->data[row * code->width + column] & 1) != 0)
				cairo_rectangle(s->cairo, left + (QUIET + column) * module,
				    s->y + (QUIET + row) * module, module, module);
	cairo_fill(s->cairo);
	cairo_tag_end(s->cairo, "Figure");
	QRcode_free(code);
	return true;
}

/* The way to the page on the left, the bank's on the right, with its name below. */
static bool put_codes(struct sheet *s, const struct letter_sheet *l, struct err *err)
{
	const bool pays = l->payment[0] != '\0';
	const double named = l->link_name[0] != '\0' ? CODE + 2 * SMALL_POINTS : CODE;
	const double high = pays ? PAYMENT_CODE + 2 * SMALL_POINTS : named;
	const double right = LEFT + WIDTH - PAYMENT_CODE;

	if (s->y + high > BOTTOM)
		page_next(s);
	if ((l->link[0] != '\0' && !code_at(s, LEFT, CODE, l->link, err)) ||
	    (pays && !code_at(s, right, PAYMENT_CODE, l->payment, err)))
		return false;
	if (l->link[0] != '\0' && l->link_name[0] != '\0')
		text_at(s, LEFT, s->y + CODE, WIDTH - PAYMENT_CODE - INSET, l->link_name, SMALL_POINTS,
		    false, "P");
	if (pays)
		text_at(s, right, s->y + PAYMENT_CODE, PAYMENT_CODE, "SEPA / EPC QR", SMALL_POINTS, false,
		    "P");
	s->y += high;
	return true;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void set_metadata(struct sheet *s, const struct letter_sheet *l)
{
	char at[INSTANT_TEXT_BYTES];

	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, l->title);
	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_AUTHOR, l->author);
	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATOR, "purr");
	instant_text(l->made_at, at);
	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

/* Once to count the pages, once to draw them. */
static bool draw(void *ctx, const struct letter_sheet *l, int pages, struct bytes *out, int *drawn,
    struct err *err)
{
	struct sheet s = { .y = l->window_top * MM + FIRST_DOWN, .page = 1, .pages = pages };
	bool ok;

	s.surface = cairo_pdf_surface_create_for_stream(bytes_put, out, A4_WIDTH, A4_HEIGHT);
	s.cairo = cairo_create(s.surface);
	s.pango = face_context(s.cairo);
	set_metadata(&s, l);
	cairo_tag_begin(s.cairo, "Document", NULL);
	ok = put_window(&s, l, err);
	put_paragraph(&s, l->title, true, "H1");
	s.y += TEXT_POINTS * 0.7;
	put_text(&s, ctx, l->text);
	ok = ok && ((l->link[0] == '\0' && l->payment[0] == '\0') || put_codes(&s, l, err));
	page_number(&s);
	cairo_tag_end(s.cairo, "Document");
	*drawn = s.page;
	g_object_unref(s.pango);
	cairo_destroy(s.cairo);
	cairo_surface_finish(s.surface);
	ok = ok && (cairo_surface_status(s.surface) == CAIRO_STATUS_SUCCESS ||
	    err_set(err, ERR_SYSTEM, "a letter cannot be drawn: %s",
	    cairo_status_to_string(cairo_surface_status(s.surface))));
	cairo_surface_destroy(s.surface);
	return ok;
}

static int lines_of(const char *text)
{
	int n = 1;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

bool letter_window_is_sound(double left, double top)
{
	return left >= LETTER_WINDOW_LEFT_MIN && left <= LETTER_WINDOW_LEFT_MAX &&
	    top >= LETTER_WINDOW_TOP_MIN && top <= LETTER_WINDOW_TOP_MAX;
}

char *letter_sheet_pdf(void *ctx, const struct letter_sheet *l, size_t *len, struct err *err)
{
	struct bytes first = { NULL, 0 }, out = { NULL, 0 };
	void *tmp = talloc_new(NULL);
	int pages = 0;
	bool ok = letter_window_is_sound(l->window_left, l->window_top) || err_set(err, ERR_REFUSED,
	    "no envelope has its window %g mm from the left and %g mm from the top", l->window_left,
	    l->window_top);

	ok = ok && (lines_of(l->recipient) <= LETTER_LINES_MAX || err_set(err, ERR_INPUT,
	    "an address of more than %d lines does not fit the envelope's window", LETTER_LINES_MAX));
	ok = ok && draw(tmp, l, 0, &first, &pages, err) && draw(tmp, l, pages, &out, &pages, err);
	talloc_free(first.at);
	talloc_free(tmp);
	if (!ok) {
		talloc_free(out.at);
		return NULL;
	}
	*len = out.len;
	return talloc_steal(ctx, out.at);
}
