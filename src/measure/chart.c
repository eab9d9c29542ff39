/* chart.c - see chart.h. */
#include "measure/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/json_make.h"
#include "base/must.h"

#define TEXT 13.0
#define TICK_BYTES 32
#define TOP 34.0			/* above the plot: the legend */
#define BAND 0.18
#define SPOT 4.5
#define LEGEND_LINE 28.0
#define LEGEND_LETTER 7.6		/* the widest face that a reader may have */

/* --- axes -------------------------------------------------------------------------- */

struct chart_axis chart_axis(double lo, double hi, int ticks)
{
	static const double round[] = { 1, 2, 5, 10 };
	double unit, step;
	size_t i = 0;

	must(isfinite(lo) && isfinite(hi) && ticks > 0);
	if (hi <= lo)
		hi = lo + 1;
	unit = pow(10, floor(log10((hi - lo) / ticks)));
	do
		step = round[i] * unit;
	while (i++ < 3 && ceil(hi / step) - floor(lo / step) > ticks);
	return (struct chart_axis){ .lo = floor(lo / step) * step, .hi = ceil(hi / step) * step,
	    .step = step };
}

json_t *chart_ticks(const struct chart_axis *a)
{
	json_t *ticks = json_array();
	const int count = a == NULL ? 0 : (int)lround((a->hi - a->lo) / a->step) + 1;

	for (int i = 0; i < count; i++)
		json_push(ticks, json_real(a->lo + i * a->step + 0.0));
	return ticks;
}

static json_t *axis_json(const char *label, const struct chart_axis *a)
{
	json_t *out = json_pack("{s:s, s:o}", "label", label, "ticks", chart_ticks(a));

	must(out != NULL);
	return out;
}

json_t *chart_json(const char *id, const char *title, const char *description,
    const char *x_label, const struct chart_axis *x, const char *y_label,
    const struct chart_axis *y)
{
	json_t *out = json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", id, "title", title,
	    "description", description, "x", axis_json(x_label, x), "y", axis_json(y_label, y));

	must(out != NULL);
	return out;
}

static struct chart_axis axis_of(const json_t *spec)
{
	const json_t *ticks = json_object_get(spec, "ticks");
	const size_t n = json_array_size(ticks);
	struct chart_axis a = { 0, 1, 1 };

	if (n < 2)
		return a;
	a.lo = json_number_value(json_array_get(ticks, 0));
	a.hi = json_number_value(json_array_get(ticks, n - 1));
	a.step = (a.hi - a.lo) / (double)(n - 1);
	return a;
}

double chart_x(const struct chart *c, double x)
{
	return c->left + (x - c->x.lo) / (c->x.hi - c->x.lo) * (c->right - c->left);
}

double chart_y(const struct chart *c, double y)
{
	return c->bottom - (y - c->y.lo) / (c->y.hi - c->y.lo) * (c->bottom - c->top);
}

static void tick_text(double value, double step, char out[TICK_BYTES])
{
	(void)snprintf(out, TICK_BYTES, "%.*f", step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9),
	    value + 0.0);
}

static void axes_draw(const struct chart *c, const json_t *spec, bool flat)
{
	const json_t *x = json_object_get(spec, "x"), *y = json_object_get(spec, "y");
	char text[TICK_BYTES];
	const json_t *tick;
	size_t i;

	json_array_foreach(json_object_get(x, "ticks"), i, tick) {
		const double at = chart_x(c, json_number_value(tick));

		tick_text(json_number_value(tick), c->x.step, text);
		scene_line(c->scene, at, c->bottom, at, c->bottom + 5, INK_TEXT, false);
		scene_text(c->scene, at, c->bottom + 19, ANCHOR_MIDDLE, TEXT, false, INK_TEXT, text);
	}
	scene_line(c->scene, c->left, c->bottom, c->right, c->bottom, INK_TEXT, false);
	scene_text(c->scene, (c->left + c->right) / 2, c->bottom + 38, ANCHOR_MIDDLE, TEXT, false,
	    INK_TEXT, json_word_of(x, "label"));
	if (flat)
		return;
	json_array_foreach(json_object_get(y, "ticks"), i, tick) {
		const double at = chart_y(c, json_number_value(tick));

		tick_text(json_number_value(tick), c->y.step, text);
		scene_line(c->scene, c->left, at, c->right, at, INK_GRID, i > 0);
		scene_text(c->scene, c->left - 8, at + 4, ANCHOR_END, TEXT, false, INK_TEXT, text);
	}
	scene_text(c->scene, 4, c->top - 8, ANCHOR_START, TEXT, false, INK_TEXT,
	    json_word_of(y, "label"));
}

struct chart chart_begin(void *ctx, const json_t *spec, double height, double left,
    double right, double below, bool flat)
{
	struct chart c = { .left = left, .right = SCENE_WIDTH - right, .top = TOP + (flat ? 0 : 22),
	    .bottom = height - 46 - below,
	    .x = axis_of(json_object_get(spec, "x")), .y = axis_of(json_object_get(spec, "y")) };

	c.scene = scene_new(ctx, json_word_of(spec, "id"), json_word_of(spec, "title"),
	    json_word_of(spec, "description"), height);
	axes_draw(&c, spec, flat);
	return c;
}

/* --- lines --------------------------------------------------------------------------- */

void chart_legend(const struct chart *c, double *at, int style, const char *name)
{
	const struct point line[] = { { c->left + *at, 16 }, { c->left + *at + LEGEND_LINE, 16 } };

	scene_path(c->scene, line, 2, style);
	scene_spot(c->scene, c->left + *at + LEGEND_LINE / 2, 16, SPOT, style);
	scene_text(c->scene, c->left + *at + LEGEND_LINE + 5, 20, ANCHOR_START, TEXT, false, INK_TEXT,
	    name);
	*at += LEGEND_LINE + 18 + LEGEND_LETTER * (double)strlen(name);
}

static size_t step_path(const struct chart *c, const struct chart_point *p, size_t count,
    bool steps, int which, struct point *out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const double value = which == 0 ? p[i].y : which < 0 ? p[i].lower : p[i].upper;

		if (isnan(value))
			continue;
		if (steps && n > 0) {
			out[n] = (struct point){ chart_x(c, p[i].x), out[n - 1].y };
			n++;
		}
		out[n++] = (struct point){ chart_x(c, p[i].x), chart_y(c, value) };
	}
	return n;
}

static void band_draw(const struct chart *c, const struct chart_point *p, size_t count,
    int style, bool steps, struct point *room)
{
	const size_t low = step_path(c, p, count, steps, -1, room);
	const size_t high = step_path(c, p, count, steps, 1, room + low);

	for (size_t i = 0; i < high / 2; i++) {		/* back along the upper edge */
		const struct point swap = room[low + i];

		room[low + i] = room[low + high - 1 - i];
		room[low + high - 1 - i] = swap;
	}
	if (low > 1 && high > 1)
		scene_area(c->scene, room, low + high, style, BAND);
}

void chart_line(const struct chart *c, const struct chart_point *p, size_t count, int style,
    bool steps)
{
	struct point *room = talloc_array(NULL, struct point, (unsigned)(4 * count + 4));
	size_t n;

	must(room != NULL);
	band_draw(c, p, count, style, steps, room);
	n = step_path(c, p, count, steps, 0, room);
	if (n > 1)
		scene_path(c->scene, room, n, style);
	if (n > 0)
		scene_spot(c->scene, room[n - 1].x, room[n - 1].y, SPOT, style);
	talloc_free(room);
}
