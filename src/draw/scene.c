/* scene.c - see scene.h. */
#include "draw/scene.h"

#include <math.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"

#define SHAPES 6
#define TEXT_SIZE_MIN 12.0

/* Colours that those who see red and green alike tell apart; each has its dash and
 * its shape, so that a grey print does, too. */
static const struct {
	const char	*hex;
	double		 red, green, blue;
	double		 dash[6];
	size_t		 dash_count;
	bool		 pale;			/* below 3:1 on white */
} styles[SCENE_STYLES] = {
	{ "#0072B2", 0x00 / 255.0, 0x72 / 255.0, 0xB2 / 255.0, { 0 }, 0, false },
	{ "#E69F00", 0xE6 / 255.0, 0x9F / 255.0, 0x00 / 255.0, { 9, 4 }, 2, true },
	{ "#009E73", 0x00 / 255.0, 0x9E / 255.0, 0x73 / 255.0, { 2, 3 }, 2, false },
	{ "#D55E00", 0xD5 / 255.0, 0x5E / 255.0, 0x00 / 255.0, { 9, 3, 2, 3 }, 4, false },
	{ "#CC79A7", 0xCC / 255.0, 0x79 / 255.0, 0xA7 / 255.0, { 14, 4 }, 2, true },
	{ "#56B4E9", 0x56 / 255.0, 0xB4 / 255.0, 0xE9 / 255.0, { 5, 2 }, 2, true },
	{ "#6B6B6B", 0x6B / 255.0, 0x6B / 255.0, 0x6B / 255.0, { 9, 3, 2, 3, 2, 3 }, 6, false },
	{ "#A05195", 0xA0 / 255.0, 0x51 / 255.0, 0x95 / 255.0, { 4, 6 }, 2, false },
};

struct scene *scene_new(void *ctx, const char *id, const char *title,
    const char *description, double height)
{
	struct scene *s = talloc_zero(ctx, struct scene);

	must(s != NULL && height > 0);
	s->width = SCENE_WIDTH;
	s->height = height;
	s->id = talloc_strdup(s, id);
	s->title = talloc_strdup(s, title);
	s->description = talloc_strdup(s, description);
	must(s->id != NULL && s->title != NULL && s->description != NULL);
	return s;
}

static struct mark *mark_add(struct scene *s, enum mark_kind kind, const struct point *points,
    size_t count)
{
	struct mark *m;

	if ((s->count & (s->count - 1)) == 0) {		/* room doubles at each power of two */
		s->marks = talloc_realloc(s, s->marks, struct mark,
		    (unsigned)(s->count == 0 ? 1 : 2 * s->count));
		must(s->marks != NULL);
	}
	m = &s->marks[s->count++];
	*m = (struct mark){ .kind = kind, .count = count };
	m->points = talloc_memdup(s, points, count * sizeof(*points));
	must(m->points != NULL);
	for (size_t i = 0; i < count; i++)
		must(isfinite(points[i].x) && isfinite(points[i].y));
	return m;
}

void scene_line(struct scene *s, double x1, double y1, double x2, double y2, enum ink ink,
    bool dashed)
{
	const struct point ends[] = { { x1, y1 }, { x2, y2 } };
	struct mark *m = mark_add(s, MARK_LINE, ends, 2);

	m->ink = ink;
	m->dash = dashed ? DASH_PLAIN : DASH_NONE;
	m->width = 1;
}

void scene_path(struct scene *s, const struct point *points, size_t count, int style)
{
	must(style >= 0 && style < SCENE_STYLES);
	for (int pass = styles[style].pale ? 0 : 1; pass < 2; pass++) {
		struct mark *m = mark_add(s, MARK_LINE, points, count);

		m->ink = pass == 0 ? INK_TEXT : INK_STYLE;
		m->style = style;
		m->dash = DASH_OF_STYLE;
		m->width = pass == 0 ? 3.5 : 2;
	}
}

void scene_stroke(struct scene *s, double x1, double y1, double x2, double y2, int style,
    double width)
{
	const struct point ends[] = { { x1, y1 }, { x2, y2 } };

	must(style >= 0 && style < SCENE_STYLES);
	for (int pass = styles[style].pale ? 0 : 1; pass < 2; pass++) {
		struct mark *m = mark_add(s, MARK_LINE, ends, 2);

		m->ink = pass == 0 ? INK_TEXT : INK_STYLE;
		m->style = style;
		m->width = width + (pass == 0 ? 1.5 : 0);
	}
}

void scene_area(struct scene *s, const struct point *points, size_t count, int style,
    double opacity)
{
	struct mark *m = mark_add(s, MARK_AREA, points, count);

	m->ink = INK_STYLE;
	m->style = style;
	m->opacity = opacity;
}

void scene_bar(struct scene *s, double x, double y, double width, double height, int style,
    double opacity)
{
	const struct point corners[] = { { x, y }, { x + width, y }, { x + width, y + height },
	    { x, y + height } };

	scene_area(s, corners, 4, style, opacity);
}

void scene_spot(struct scene *s, double x, double y, double half, int style)
{
	const struct point at = { x, y };
	struct mark *m = mark_add(s, MARK_SPOT, &at, 1);

	must(style >= 0 && style < SCENE_STYLES);
	m->ink = INK_STYLE;
	m->style = style;
	m->width = half;
	m->opacity = 1;
}

void scene_text(struct scene *s, double x, double y, enum anchor anchor, double size, bool bold,
    enum ink ink, const char *text)
{
	const struct point at = { x, y };
	struct mark *m = mark_add(s, MARK_TEXT, &at, 1);

	must(size >= TEXT_SIZE_MIN);
	m->ink = ink;
	m->anchor = anchor;
	m->width = size;
	m->bold = bold;
	m->text = talloc_strdup(s, text);
	must(m->text != NULL);
}

struct paint scene_paint(const struct mark *m)
{
	struct paint out = { .hex = "currentColor", .current = true };

	if (m->ink == INK_GRID)
		out = (struct paint){ 0x8C / 255.0, 0x8C / 255.0, 0x8C / 255.0, .hex = "#8C8C8C" };
	else if (m->ink == INK_STYLE)
		out = (struct paint){ styles[m->style].red, styles[m->style].green,
		    styles[m->style].blue, .hex = styles[m->style].hex };
	if (m->dash == DASH_OF_STYLE) {
		memcpy(out.dash, styles[m->style].dash, sizeof(out.dash));
		out.dash_count = styles[m->style].dash_count;
	} else if (m->dash == DASH_PLAIN) {
		out.dash[0] = out.dash[1] = 4;
		out.dash_count = 2;
	}
	return out;
}

/* Corners of the shapes behind the circle, as parts of the half width. */
static const struct { size_t count; struct point at[12]; } shapes[SHAPES] = {
	{ 0, { { 0, 0 } } },
	{ 4, { { -0.9, -0.9 }, { 0.9, -0.9 }, { 0.9, 0.9 }, { -0.9, 0.9 } } },
	{ 3, { { 0, -1.15 }, { 1.1, 0.85 }, { -1.1, 0.85 } } },
	{ 4, { { 0, -1.3 }, { 1.3, 0 }, { 0, 1.3 }, { -1.3, 0 } } },
	{ 3, { { 0, 1.15 }, { 1.1, -0.85 }, { -1.1, -0.85 } } },
	{ 12, { { -0.4, -1.2 }, { 0.4, -1.2 }, { 0.4, -0.4 }, { 1.2, -0.4 }, { 1.2, 0.4 },
	    { 0.4, 0.4 }, { 0.4, 1.2 }, { -0.4, 1.2 }, { -0.4, 0.4 }, { -1.2, 0.4 },
	    { -1.2, -0.4 }, { -0.4, -0.4 } } },
};

size_t scene_shape(const struct mark *m, struct point out[12])
{
	const size_t shape = (size_t)m->style % SHAPES;

	for (size_t i = 0; i < shapes[shape].count; i++)
		out[i] = (struct point){ m->points[0].x + shapes[shape].at[i].x * m->width,
		    m->points[0].y + shapes[shape].at[i].y * m->width };
	return shapes[shape].count;
}
