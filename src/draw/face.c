/* face.c - see face.h. */
#include "draw/face.h"

#define FONT "DejaVu Sans"

PangoContext *face_context(cairo_t *cairo)
{
	PangoContext *pango = pango_cairo_create_context(cairo);
	cairo_font_options_t *plain = cairo_font_options_create();

	cairo_font_options_set_hint_metrics(plain, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_hint_style(plain, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_antialias(plain, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(pango, plain);
	pango_cairo_context_set_resolution(pango, 72);
	cairo_font_options_destroy(plain);
	return pango;
}

PangoLayout *face_layout(PangoContext *pango, const char *text, double points, bool bold,
    double width)
{
	PangoLayout *layout = pango_layout_new(pango);
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family_static(font, FONT);
	pango_font_description_set_size(font, (int)(points * PANGO_SCALE));
	pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_text(layout, text, -1);
	return layout;
}

double face_height(PangoLayout *layout)
{
	int height;

	pango_layout_get_size(layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}
