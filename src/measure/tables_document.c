/* tables_document.c - see tables.h: the object as blocks, and as CSV. */
#include "measure/tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "draw/document.h"
#include "measure/chart_forest.h"
#include "measure/csv_cell.h"
#include "measure/figure_cell.h"

#define LINE_BYTES 1400
#define ROWS_MAX 64
#define POINTS_MAX 400
#define PLOT 330.0

/* --- drawings --------------------------------------------------------------------------- */

static struct scene *rows_draw(void *ctx, const json_t *chart)
{
	struct forest_row rows[ROWS_MAX];
	const json_t *item;
	size_t i, n = 0;

	json_array_foreach(json_object_get(chart, "rows"), i, item)
		if (n < ROWS_MAX)
			rows[n++] = (struct forest_row){ .name = json_word_of(item, "name"),
			    .estimate = json_number_of(item, "estimate"),
			    .lower = json_number_of(item, "lower"), .upper = json_number_of(item, "upper"),
			    .margin = (double)NAN, .pulled = (double)NAN, .plain = true,
			    .style = (int)i % SCENE_STYLES };
	return n == 0 ? NULL : chart_forest(ctx, chart, rows, n);
}

static struct scene *lines_draw(void *ctx, const json_t *chart)
{
	struct chart_point *points = talloc_array(ctx, struct chart_point, POINTS_MAX);
	const struct chart c = chart_begin(ctx, chart, PLOT, 64, 24, 0, false);
	const json_t *line, *point;
	size_t i, k, drawn = 0;
	double at = 0;

	must(points != NULL);
	json_array_foreach(json_object_get(chart, "lines"), i, line) {
		size_t n = 0;

		json_array_foreach(json_object_get(line, "points"), k, point)
			if (n < POINTS_MAX)
				points[n++] = (struct chart_point){ json_number_of(point, "x"),
				    json_number_of(point, "y"), json_number_of(point, "lower"),
				    json_number_of(point, "upper") };
		chart_legend(&c, &at, (int)i % SCENE_STYLES, json_word_of(line, "name"));
		chart_line(&c, points, n, (int)i % SCENE_STYLES, false);
		drawn += n > 1;
	}
	talloc_free(points);
	return drawn > 0 ? c.scene : NULL;
}

static void charts_put(struct document *d, const json_t *report)
{
	const json_t *chart;
	size_t i;

	json_array_foreach(json_object_get(report, "charts"), i, chart) {
		struct scene *scene = strcmp(json_word_of(chart, "kind"), "lines") == 0 ?
		    lines_draw(d, chart) : rows_draw(d, chart);

		if (scene != NULL)
			document_chart(d, scene);
	}
}

/* --- tables -------------------------------------------------------------------------------- */

static double scale_of(const json_t *column)
{
	const char *unit = json_word_of(column, "unit");

	if (strcmp(unit, "share") == 0)
		return 100;
	return strcmp(unit, "minor") == 0 ? pow(10, -(double)json_count_of(column, "exponent")) : 1;
}

static const char *cell_text(char out[CELL_BYTES], const json_t *column, const json_t *value)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_object(value))
		return range_cell(out, value, scale_of(column), false);
	if (json_is_integer(value) && strcmp(json_word_of(column, "unit"), "minor") == 0)
		return amount_cell(out, json_integer_value(value), (int)json_count_of(column, "exponent"));
	if (json_is_integer(value))
		return count_cell(out, json_integer_value(value));
	return number_cell(out, json_is_real(value) ? json_real_value(value) * scale_of(column) :
	    (double)NAN, 1);
}

static int width_of(const json_t *column)
{
	const char *unit = json_word_of(column, "unit");

	return strcmp(unit, "count") == 0 ? 3 : strcmp(unit, "minor") == 0 ? 5 :
	    strcmp(unit, "text") == 0 ? 5 : 6;
}

static void table_put(struct document *d, const json_t *source)
{
	const json_t *columns = json_object_get(source, "columns"), *column, *row;
	struct column heads[DOCUMENT_COLUMNS_MAX];
	const size_t count = json_array_size(columns);
	const char *cells[DOCUMENT_COLUMNS_MAX];
	char text[DOCUMENT_COLUMNS_MAX][CELL_BYTES];
	struct table *t;
	size_t i, k;

	must(count > 0 && count <= DOCUMENT_COLUMNS_MAX);
	json_array_foreach(columns, i, column)
		heads[i] = (struct column){ json_word_of(column, "title"), width_of(column),
		    strcmp(json_word_of(column, "unit"), "text") != 0 };
	t = document_table(d, json_word_of(source, "caption"), heads, count, false);
	json_array_foreach(json_object_get(source, "rows"), k, row) {
		json_array_foreach(columns, i, column)
			cells[i] = cell_text(text[i], column,
			    json_object_get(row, json_word_of(column, "key")));
		table_row(t, cells);
	}
}

struct document *tables_document(void *ctx, const json_t *report, instant_t made_at)
{
	const char *name = json_word_of(report, "report"), *as_of = json_word_of(report, "as_of");
	char title[LINE_BYTES], footer[LINE_BYTES];
	const json_t *item;
	struct document *d;
	const char *figure;
	size_t i;

	(void)snprintf(title, sizeof(title), "Report: %s", name);
	(void)snprintf(footer, sizeof(footer), "%s, data as of %s, result %.12s", name, as_of,
	    json_word_of(report, "result"));
	d = document_new(ctx, title, "What the ledger says", footer, made_at);
	(void)snprintf(footer, sizeof(footer), "Data as of %s. %s", as_of,
	    json_word_of(report, "headline"));
	document_text(d, footer);
	charts_put(d, report);
	json_array_foreach(json_object_get(report, "tables"), i, item)
		table_put(d, item);
	document_heading(d, 1, "Methods and limits");
	json_object_foreach((json_t *)json_object_get(report, "methods"), figure, item) {
		(void)snprintf(footer, sizeof(footer), "%s: %s", figure, json_string_value(item));
		document_item(d, footer);
	}
	json_array_foreach(json_object_get(report, "limits"), i, item)
		document_item(d, json_string_value(item));
	return d;
}

/* --- CSV -------------------------------------------------------------------------------------- */

/* What begins a row: its texts, which say which row it is. */
static void label_put(struct str *out, const json_t *columns, const json_t *row)
{
	const json_t *column;
	char label[LINE_BYTES] = "";
	size_t i, len = 0;

	json_array_foreach(columns, i, column) {
		const json_t *value = json_object_get(row, json_word_of(column, "key"));

		if (json_is_string(value) && len < sizeof(label))
			len += (size_t)snprintf(label + len, sizeof(label) - len, "%s%s", len > 0 ? " " : "",
			    json_string_value(value));
	}
	csv_text(out, label);
}

static void value_put(struct str *out, const json_t *value)
{
	static const char *const keys[] = { "n", "events", "estimate", "lower", "upper", "level" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		csv_number(out, json_is_object(value) ? json_object_get(value, keys[i]) :
		    strcmp(keys[i], "estimate") == 0 ? value : NULL);
}

void tables_csv(const json_t *report, struct str *out)
{
	const json_t *table, *row, *column;
	size_t i, k, c;

	str_put(out, "report,table,row,column,n,events,estimate,lower,upper,level,unit,method,reason,"
	    "as_of\r\n");
	json_array_foreach(json_object_get(report, "tables"), i, table)
		json_array_foreach(json_object_get(table, "rows"), k, row)
			json_array_foreach(json_object_get(table, "columns"), c, column) {
				const json_t *value = json_object_get(row, json_word_of(column, "key"));

				if (json_is_string(value))
					continue;
				csv_text(out, json_word_of(report, "report"));
				str_putc(out, ',');
				csv_text(out, json_word_of(table, "id"));
				str_putc(out, ',');
				label_put(out, json_object_get(table, "columns"), row);
				str_putc(out, ',');
				csv_text(out, json_word_of(column, "key"));
				value_put(out, value);
				str_printf(out, ",%s,", json_word_of(column, "unit"));
				csv_text(out, json_word_of(value, "method"));
				str_putc(out, ',');
				csv_text(out, json_word_of(value, "reason"));
				str_printf(out, ",%s\r\n", json_word_of(report, "as_of"));
			}
}
