/* tables.h - a report of tables and drawings as one JSON object, and its other forms.
 *
 * The object: {report, version, as_of, headline, tables: [{id, caption, columns: [{key,
 * title, unit, exponent}], rows: [{key: value}]}], charts, limits[], methods{}, result}.
 * A value is a text, a whole number, or a figure (figure.h) with its interval.  A chart
 * carries its own rows or lines, so that a drawing needs nothing else.
 *
 * Units:   "text", "count", "minor" (with the currency's exponent), "share" (a fraction,
 *          shown per 100), "days", "hours", "number".
 * Memory:  the functions return borrowed references into the report.
 * Threads: pure.
 */
#ifndef MEASURE_TABLES_H
#define MEASURE_TABLES_H

#include <jansson.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/str.h"
#include "measure/chart.h"
#include "measure/figure.h"

struct document;

json_t	*tables_new(const char *report, day_t as_of);		/* a new reference */
void	 tables_headline(json_t *report, const char *text);
void	 tables_limit(json_t *report, const char *text);
void	 tables_method(json_t *report, const char *figure, const char *method);
/* The hash of everything else; the report is finished. */
void	 tables_finish(json_t *report);

json_t	*tables_add(json_t *report, const char *id, const char *caption);
void	 table_column(json_t *table, const char *key, const char *title, const char *unit,
	    int exponent);
json_t	*table_add(json_t *table);		/* a row, to be filled */
void	 row_figure(json_t *row, const char *key, const struct figure *);

/* kind "rows": points with intervals, or bars from 0; "lines": curves.  Values are as
 * they are shown. */
json_t	*chart_add(json_t *report, const char *kind, const char *id, const char *title,
	    const char *description, const char *x_label, const char *y_label);
void	 chart_row(json_t *chart, const char *name, double estimate, double lower, double upper);
json_t	*chart_line_add(json_t *chart, const char *name);
void	 chart_point(json_t *line, double x, double y, double lower, double upper);
/* The axes, when everything is in it. */
void	 chart_finish(json_t *chart, int x_ticks, int y_ticks);

struct document	*tables_document(void *ctx, const json_t *report, instant_t made_at);
/* One row per table, row and column: RFC 4180. */
void		 tables_csv(const json_t *report, struct str *out);

#endif
