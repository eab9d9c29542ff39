/* chart_forest.c - see chart_forest.h. */
#include "measure/chart_forest.h"

#include <math.h>
#include <stdio.h>

#define ROW 34.0
#define NAMES 170.0
#define NUMBERS 170.0
#define NUMBER_BYTES 64
#define TEXT 13.0

static void row_draw(const struct chart *c, const struct forest_row *r, double y)
{
	char text[NUMBER_BYTES] = "no figure";

	scene_text(c->scene, 4, y + 5, ANCHOR_START, TEXT, false, INK_TEXT, r->name);
	if (!isnan(r->margin))
		scene_line(c->scene, chart_x(c, r->margin), y - ROW / 2, chart_x(c, r->margin),
		    y + ROW / 2, INK_TEXT, true);
	if (!isnan(r->lower) && !isnan(r->upper)) {
		scene_stroke(c->scene, chart_x(c, r->lower), y, chart_x(c, r->upper), y, r->style,
		    isnan(r->pulled) ? 3 : 1);
		(void)snprintf(text, sizeof(text), r->plain ? "%.1f (%.1f to %.1f)" :
		    "%+.1f (%+.1f to %+.1f)", r->estimate + 0.0, r->lower + 0.0, r->upper + 0.0);
	} else if (!isnan(r->estimate)) {
		(void)snprintf(text, sizeof(text), r->plain ? "%.1f" : "%+.1f", r->estimate + 0.0);
	}
	if (!isnan(r->estimate))
		scene_spot(c->scene, chart_x(c, r->estimate), y, isnan(r->pulled) ? 6 : 3.5, r->style);
	if (!isnan(r->pulled))
		scene_stroke(c->scene, chart_x(c, r->pulled), y - 9, chart_x(c, r->pulled), y + 9, r->style,
		    4);
	scene_text(c->scene, SCENE_WIDTH - 4, y + 5, ANCHOR_END, TEXT, false, INK_TEXT, text);
}

struct scene *chart_forest(void *ctx, const json_t *spec, const struct forest_row *rows,
    size_t count)
{
	const struct chart c = chart_begin(ctx, spec, 100 + ROW * (double)count, NAMES, NUMBERS, 0,
	    true);

	scene_line(c.scene, chart_x(&c, 0), c.top - 6, chart_x(&c, 0), c.bottom, INK_TEXT, false);
	for (size_t i = 0; i < count; i++)
		row_draw(&c, &rows[i], c.top + ROW * ((double)i + 0.5));
	return c.scene;
}
