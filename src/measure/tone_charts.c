/* tone_charts.c - see tone_charts.h. */
#include "measure/tone_charts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/chart_forest.h"

#define POINTS_MAX 400
#define ROWS_MAX 32
#define NAME_BYTES 96
#define LEFT 110.0
#define RIGHT 24.0
#define PLOT 330.0
#define LINE 17.0			/* of the table below a curve */
#define TEXT 13.0
#define AT_RISK_MIN 10
#define AT_RISK_ONE_IN 20
#define BAR 15.0

static const json_t *spec_of(const json_t *report, const char *id)
{
	return json_find(json_object_get(report, "charts"), "id", id);
}

static int style_of(const json_t *report, const char *arm)
{
	const json_t *arms = json_object_get(json_object_get(report, "experiment"), "arms"), *item;
	size_t i;

	json_array_foreach(arms, i, item)
		if (strcmp(json_word_of(item, "name"), arm) == 0)
			return (int)i % SCENE_STYLES;
	return 0;
}

static void legend(const struct chart *c, const json_t *report, const json_t *arms)
{
	const json_t *arm;
	double at = 0;
	size_t i;

	json_array_foreach(arms, i, arm)
		chart_legend(c, &at, style_of(report, json_word_of(arm, "arm")),
		    json_word_of(arm, "arm"));
}

/* --- curves ------------------------------------------------------------------------ */

/* Ends where too few are left to say anything. */
static size_t curve_points(const json_t *arm, const char *figure, struct chart_point *out)
{
	const json_int_t watched = json_count_of(arm, "watched");
	const json_int_t least = watched / AT_RISK_ONE_IN > AT_RISK_MIN ?
	    watched / AT_RISK_ONE_IN : AT_RISK_MIN;
	const json_t *point;
	size_t i, n = 0;

	json_array_foreach(json_object_get(arm, "curve"), i, point) {
		const json_t *f = json_object_get(point, figure);
		const bool counted = json_object_get(point, "at_risk") != NULL;

		if (n == POINTS_MAX || isnan(json_number_of(f, "estimate")) ||
		    (counted && json_count_of(point, "at_risk") < least))
			break;
		out[n++] = (struct chart_point){ (double)json_count_of(point, "day"),
		    100 * json_number_of(f, "estimate"), 100 * json_number_of(f, "lower"),
		    100 * json_number_of(f, "upper") };
	}
	return n;
}

static size_t curves_draw(const struct chart *c, const json_t *report, const json_t *arms,
    const char *figure, bool steps)
{
	struct chart_point *points = talloc_array(NULL, struct chart_point, POINTS_MAX);
	const json_t *arm;
	size_t i, drawn = 0;

	must(points != NULL);
	json_array_foreach(arms, i, arm) {
		const size_t n = curve_points(arm, figure, points);

		chart_line(c, points, n, style_of(report, json_word_of(arm, "arm")), steps);
		drawn += n > 1;
	}
	talloc_free(points);
	return drawn;
}

/* Those at risk, under the ticks; the rows of a day add up to all watched. */
static void risk_table(const struct chart *c, const json_t *spec, const json_t *arms)
{
	static const struct { const char *key, *name; } rows[] = {
		{ "open_after", "still unpaid" }, { "paid_so_far", "paid" },
		{ "other_so_far", "other exit" }, { "censored_so_far", "censored" },
	};
	const json_t *ticks = json_object_get(json_object_get(spec, "x"), "ticks"), *arm, *tick;
	double y = c->bottom + 64;
	char text[NAME_BYTES];
	size_t i, k;

	json_array_foreach(arms, i, arm) {
		const json_t *curve = json_object_get(arm, "curve");

		scene_text(c->scene, 4, y, ANCHOR_START, TEXT, true, INK_TEXT, json_word_of(arm, "arm"));
		for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
			y += LINE;
			scene_text(c->scene, 4, y, ANCHOR_START, TEXT, false, INK_TEXT, rows[r].name);
			json_array_foreach(ticks, k, tick) {
				const size_t day = (size_t)lround(json_number_value(tick));

				if (day >= json_array_size(curve))
					continue;
				(void)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
				    json_count_of(json_array_get(curve, day), rows[r].key));
				scene_text(c->scene, chart_x(c, json_number_value(tick)), y,
				    ANCHOR_MIDDLE, TEXT, false, INK_TEXT, text);
			}
		}
		y += LINE + 4;
	}
}

struct scene *tone_chart_incidence(void *ctx, const json_t *report)
{
	const json_t *arms = json_object_get(json_object_get(report, "time"), "arms");
	const json_t *spec = spec_of(report, "incidence");
	const double below = (5 * LINE + 4) * (double)json_array_size(arms) + 14;
	struct chart c;

	if (spec == NULL)
		return NULL;
	c = chart_begin(ctx, spec, PLOT + below, LEFT, RIGHT, below, false);
	legend(&c, report, arms);
	if (curves_draw(&c, report, arms, "paid", true) == 0)
		return NULL;
	risk_table(&c, spec, arms);
	return c.scene;
}

struct scene *tone_chart_recovery(void *ctx, const json_t *report)
{
	const json_t *arms = json_object_get(json_object_get(report, "recovery"), "arms");
	const json_t *spec = spec_of(report, "recovery");
	struct chart c;

	if (spec == NULL)
		return NULL;
	c = chart_begin(ctx, spec, PLOT, 64, RIGHT, 0, false);
	legend(&c, report, arms);
	return curves_draw(&c, report, arms, "rate", true) > 0 ? c.scene : NULL;
}

/* --- rows -------------------------------------------------------------------------- */

static struct forest_row row_of(const json_t *report, const json_t *contrast, double margin)
{
	const json_t *f = json_object_get(contrast, "difference");

	return (struct forest_row){ .name = json_word_of(contrast, "arm"),
	    .estimate = 100 * json_number_of(f, "estimate"), .lower = 100 * json_number_of(f, "lower"),
	    .upper = 100 * json_number_of(f, "upper"), .margin = margin, .pulled = (double)NAN,
	    .style = style_of(report, json_word_of(contrast, "arm")) };
}

struct scene *tone_chart_effect(void *ctx, const json_t *report)
{
	const json_t *contrasts = json_object_get(json_object_get(report, "primary"), "contrasts");
	const double margin = (double)json_count_of(json_object_get(report, "experiment"),
	    "margin_basis_points") / 100;
	const json_t *spec = spec_of(report, "effect"), *c;
	struct forest_row rows[ROWS_MAX];
	size_t i, n = 0;
	bool any = false;

	json_array_foreach(contrasts, i, c)
		if (n < ROWS_MAX) {
			rows[n] = row_of(report, c, margin > 0 ? -margin : (double)NAN);
			any |= !isnan(rows[n++].estimate);
		}
	return spec == NULL || !any ? NULL : chart_forest(ctx, spec, rows, n);
}

struct scene *tone_chart_guardrails(void *ctx, const json_t *report)
{
	const json_t *guards = json_object_get(report, "guardrails"), *g, *c;
	const json_t *spec = spec_of(report, "guardrails");
	static const char end[] = "_by_horizon";
	struct forest_row rows[ROWS_MAX];
	char names[ROWS_MAX][NAME_BYTES];
	size_t i, k, n = 0;
	bool any = false;

	json_array_foreach(guards, i, g)
		json_array_foreach(json_object_get(g, "contrasts"), k, c) {
			const char *metric = json_word_of(g, "metric");
			int len = (int)(strlen(metric) - (sizeof(end) - 1));

			if (n == ROWS_MAX)
				break;
			rows[n] = row_of(report, c, 100 * json_number_of(g, "margin"));
			(void)snprintf(names[n], NAME_BYTES, "%s, %.*s", rows[n].name, len, metric);
			for (char *at = names[n]; *at != '\0'; at++)
				*at = *at == '_' ? '-' : *at;
			rows[n].name = names[n];
			any |= !isnan(rows[n++].estimate);
		}
	return spec == NULL || !any ? NULL : chart_forest(ctx, spec, rows, n);
}

struct scene *tone_chart_segments(void *ctx, const json_t *report)
{
	const json_t *spec = spec_of(report, "segments"), *cut, *item;
	struct forest_row rows[ROWS_MAX];
	char names[ROWS_MAX][NAME_BYTES];
	size_t i, k, n = 0;

	json_array_foreach(json_object_get(report, "segments"), i, cut)
		json_array_foreach(json_object_get(cut, "parts"), k, item) {
			if (n == ROWS_MAX)
				break;
			rows[n] = row_of(report, item, (double)NAN);
			(void)snprintf(names[n], NAME_BYTES, "%s, %.18s", json_word_of(cut, "arm"),
			    json_word_of(item, "segment"));
			rows[n].name = names[n];
			rows[n].style = style_of(report, json_word_of(cut, "arm"));
			rows[n++].pulled = 100 * json_number_of(item, "shrunk");
		}
	return spec == NULL || n == 0 ? NULL : chart_forest(ctx, spec, rows, n);
}

/* --- the flow ------------------------------------------------------------------------ */

struct scene *tone_chart_flow(void *ctx, const json_t *report)
{
	static const struct { const char *key, *name; } stages[] = {
		{ "assigned", "assigned" }, { "exposed", "written to" }, { "delivered", "with a receipt" },
		{ "matured", "matured" }, { "paid_in_part", "paid in part" },
		{ "paid_in_full", "paid in full" },
	};
	const json_t *arms = json_object_get(json_object_get(report, "flow"), "arms"), *arm;
	const size_t rows = sizeof(stages) / sizeof(stages[0]), n = json_array_size(arms);
	const json_t *spec = spec_of(report, "flow");
	const double group = BAR * (double)n + 14;
	char text[NAME_BYTES];
	struct chart c;
	size_t i;

	if (spec == NULL)
		return NULL;
	c = chart_begin(ctx, spec, 90 + group * (double)rows, LEFT, 110, 0, true);
	legend(&c, report, arms);
	json_array_foreach(arms, i, arm)
		for (size_t r = 0; r < rows; r++) {
			const double y = c.top + group * (double)r + BAR * (double)i;
			const json_int_t count = json_count_of(arm, stages[r].key);
			const json_int_t all = json_count_of(arm, "assigned");
			const int style = style_of(report, json_word_of(arm, "arm"));

			if (i == 0)
				scene_text(c.scene, 4, y + group / 2 - 4, ANCHOR_START, TEXT, false,
				    INK_TEXT, stages[r].name);
			scene_bar(c.scene, c.left, y, chart_x(&c, (double)count) - c.left, BAR - 3, style,
			    1);
			scene_spot(c.scene, chart_x(&c, (double)count), y + BAR / 2 - 1.5, 4, style);
			(void)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, count);
			scene_text(c.scene, chart_x(&c, (double)count) + 10, y + BAR - 4, ANCHOR_START,
			    12, false, INK_TEXT, all > 0 ? text : "none");
		}
	return c.scene;
}

/* --- the looks ------------------------------------------------------------------------- */

struct scene *tone_chart_looks(void *ctx, const json_t *report, const char *arm)
{
	const json_t *contrast = json_find(json_object_get(json_object_get(report, "sequential"),
	    "contrasts"), "arm", arm);
	const json_t *look, *crossing = NULL, *spec;
	struct chart_point points[POINTS_MAX];
	char id[NAME_BYTES];
	struct chart c;
	size_t i, n = 0;

	(void)snprintf(id, sizeof(id), "looks-%s", arm);
	spec = spec_of(report, id);
	json_array_foreach(json_object_get(contrast, "looks"), i, look) {
		const double at = json_number_of(look, "estimate");

		if (n == POINTS_MAX || isnan(at) || !json_is_true(json_object_get(look, "judged")))
			continue;
		if (strcmp(json_word_of(look, "on"), json_word_of(contrast, "crossed_on")) == 0)
			crossing = look;
		points[n++] = (struct chart_point){ (double)json_count_of(look, "n"), 100 * at,
		    100 * json_number_of(look, "lower"), 100 * json_number_of(look, "upper") };
	}
	if (spec == NULL || n < 2)
		return NULL;
	c = chart_begin(ctx, spec, PLOT, 64, RIGHT, 0, false);
	scene_line(c.scene, c.left, chart_y(&c, 0), c.right, chart_y(&c, 0), INK_TEXT, false);
	chart_line(&c, points, n, style_of(report, arm), false);
	if (crossing != NULL)
		scene_text(c.scene, chart_x(&c, (double)json_count_of(crossing, "n")), c.top + 12,
		    ANCHOR_MIDDLE, TEXT, true, INK_TEXT, json_word_of(contrast, "crossed_on"));
	return c.scene;
}
