/* scene_svg.c - a scene as an SVG element; see scene.h. */
#include "draw/scene.h"

#include "draw/markup.h"

static void attribute(struct str *out, const char *name, double value)
{
	str_printf(out, " %s=\"", name);
	markup_number(out, value);
	str_putc(out, '"');
}

static void points_put(struct str *out, const char *element, const struct point *p, size_t count)
{
	str_printf(out, "<%s points=\"", element);
	for (size_t i = 0; i < count; i++) {
		str_put(out, i > 0 ? " " : "");
		markup_number(out, p[i].x);
		str_putc(out, ',');
		markup_number(out, p[i].y);
	}
	str_putc(out, '"');
}

static void line_put(struct str *out, const struct mark *m, const struct paint *paint)
{
	points_put(out, "polyline", m->points, m->count);
	str_printf(out, " fill=\"none\" stroke=\"%s\"", paint->hex);
	attribute(out, "stroke-width", m->width);
	for (size_t i = 0; i < paint->dash_count; i++) {
		str_put(out, i == 0 ? " stroke-dasharray=\"" : " ");
		markup_number(out, paint->dash[i]);
	}
	str_put(out, paint->dash_count > 0 ? "\"/>\n" : "/>\n");
}

static void spot_put(struct str *out, const struct mark *m, const struct paint *paint)
{
	struct point corners[12];
	const size_t count = scene_shape(m, corners);

	if (count > 0) {
		points_put(out, "polygon", corners, count);
	} else {
		str_put(out, "<circle");
		attribute(out, "cx", m->points[0].x);
		attribute(out, "cy", m->points[0].y);
		attribute(out, "r", m->width);
	}
	str_printf(out, " fill=\"%s\" stroke=\"currentColor\" stroke-width=\"1\"/>\n", paint->hex);
}

static void text_put(struct str *out, const struct mark *m, const struct paint *paint)
{
	static const char *const anchors[] = {
		[ANCHOR_START] = "start", [ANCHOR_MIDDLE] = "middle", [ANCHOR_END] = "end",
	};

	str_put(out, "<text");
	attribute(out, "x", m->points[0].x);
	attribute(out, "y", m->points[0].y);
	attribute(out, "font-size", m->width);
	str_printf(out, " text-anchor=\"%s\" fill=\"%s\"%s>", anchors[m->anchor], paint->hex,
	    m->bold ? " font-weight=\"bold\"" : "");
	markup_put(out, m->text);
	str_put(out, "</text>\n");
}

static void mark_put(struct str *out, const struct mark *m)
{
	const struct paint paint = scene_paint(m);

	switch (m->kind) {
	case MARK_LINE:
		line_put(out, m, &paint);
		break;
	case MARK_AREA:
		points_put(out, "polygon", m->points, m->count);
		str_printf(out, " fill=\"%s\"", paint.hex);
		attribute(out, "fill-opacity", m->opacity);
		str_put(out, "/>\n");
		break;
	case MARK_SPOT:
		spot_put(out, m, &paint);
		break;
	case MARK_TEXT:
		text_put(out, m, &paint);
		break;
	}
}

void scene_svg(const struct scene *s, struct str *out)
{
	str_put(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
	markup_number(out, s->width);
	str_putc(out, ' ');
	markup_number(out, s->height);
	str_put(out, "\"");
	attribute(out, "width", s->width);
	attribute(out, "height", s->height);
	str_printf(out, " font-family=\"sans-serif\" role=\"img\" aria-labelledby=\"%s-title %s-desc\">\n"
	    "<title id=\"%s-title\">", s->id, s->id, s->id);
	markup_put(out, s->title);
	str_printf(out, "</title>\n<desc id=\"%s-desc\">", s->id);
	markup_put(out, s->description);
	str_put(out, "</desc>\n");
	for (size_t i = 0; i < s->count; i++)
		mark_put(out, &s->marks[i]);
	str_put(out, "</svg>\n");
}
