/* tables.c - see tables.h: the object. */
#include "measure/tables.h"

#include <math.h>
#include <string.h>

#include "base/json_make.h"
#include "base/must.h"

json_t *tables_new(const char *report, day_t as_of)
{
	json_t *out = json_pack("{s:s, s:i, s:o, s:s, s:[], s:[], s:[], s:{}}", "report", report,
	    "version", 1, "as_of", json_day(as_of), "headline", "", "tables", "charts", "limits",
	    "methods");

	must(out != NULL);
	return out;
}

void tables_headline(json_t *report, const char *text)
{
	json_put(report, "headline", json_string(text));
}

void tables_limit(json_t *report, const char *text)
{
	json_push(json_object_get(report, "limits"), json_string(text));
}

void tables_method(json_t *report, const char *figure, const char *method)
{
	json_put(json_object_get(report, "methods"), figure, json_string(method));
}

void tables_finish(json_t *report)
{
	char hash[HASH_HEX_BYTES];

	json_hash(report, hash);
	json_put(report, "result", json_string(hash));
}

static json_t *add(json_t *list, json_t *item)
{
	must(item != NULL);
	json_push(list, item);
	return item;
}

json_t *tables_add(json_t *report, const char *id, const char *caption)
{
	return add(json_object_get(report, "tables"), json_pack("{s:s, s:s, s:[], s:[]}", "id", id,
	    "caption", caption, "columns", "rows"));
}

void table_column(json_t *table, const char *key, const char *title, const char *unit,
    int exponent)
{
	json_push(json_object_get(table, "columns"), json_pack("{s:s, s:s, s:s, s:i}", "key", key,
	    "title", title, "unit", unit, "exponent", exponent));
}

json_t *table_add(json_t *table)
{
	return add(json_object_get(table, "rows"), json_object());
}

void row_figure(json_t *row, const char *key, const struct figure *f)
{
	json_put(row, key, figure_json(f));
}

/* --- drawings ------------------------------------------------------------------------- */

json_t *chart_add(json_t *report, const char *kind, const char *id, const char *title,
    const char *description, const char *x_label, const char *y_label)
{
	json_t *chart = chart_json(id, title, description, x_label, NULL, y_label, NULL);

	json_put(chart, "kind", json_string(kind));
	json_put(chart, "rows", json_array());
	json_put(chart, "lines", json_array());
	return add(json_object_get(report, "charts"), chart);
}

void chart_row(json_t *chart, const char *name, double estimate, double lower, double upper)
{
	json_push(json_object_get(chart, "rows"), json_pack("{s:s, s:o, s:o, s:o}", "name", name,
	    "estimate", real_json(estimate), "lower", real_json(lower), "upper", real_json(upper)));
}

json_t *chart_line_add(json_t *chart, const char *name)
{
	return add(json_object_get(chart, "lines"), json_pack("{s:s, s:[]}", "name", name, "points"));
}

void chart_point(json_t *line, double x, double y, double lower, double upper)
{
	json_push(json_object_get(line, "points"), json_pack("{s:o, s:o, s:o, s:o}", "x", real_json(x),
	    "y", real_json(y), "lower", real_json(lower), "upper", real_json(upper)));
}

struct range {
	double	lo, hi;
};

static void reach(struct range *r, const json_t *o, const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const double v = json_number_of(o, keys[i]);

		if (!isnan(v)) {
			r->lo = fmin(r->lo, v);
			r->hi = fmax(r->hi, v);
		}
	}
}

static void ticks_put(json_t *axis, const struct range *r, int ticks)
{
	const struct chart_axis a = chart_axis(r->lo, r->hi, ticks);

	json_put(axis, "ticks", chart_ticks(&a));
}

void chart_finish(json_t *chart, int x_ticks, int y_ticks)
{
	static const char *const across[] = { "estimate", "lower", "upper" }, *const at[] = { "x" },
	    *const up[] = { "y", "lower", "upper" };
	const bool lines = strcmp(json_word_of(chart, "kind"), "lines") == 0;
	struct range x = { 0, 1 }, y = { 0, 1 };
	const json_t *item, *point;
	size_t i, k;

	json_array_foreach(json_object_get(chart, "rows"), i, item)
		reach(&x, item, across, 3);
	json_array_foreach(json_object_get(chart, "lines"), i, item)
		json_array_foreach(json_object_get(item, "points"), k, point) {
			reach(&x, point, at, 1);
			reach(&y, point, up, 3);
		}
	ticks_put(json_object_get(chart, "x"), &x, x_ticks);
	if (lines)
		ticks_put(json_object_get(chart, "y"), &y, y_ticks);
}
