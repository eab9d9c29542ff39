/* report_promises.c - see books_reports.h. */
#include "measure/books_reports.h"

#include <stdio.h>
#include <string.h>

#include "base/json_make.h"
#include "measure/proportion.h"
#include "measure/tables.h"

#define MONTHS_MAX 240
#define TEXT_BYTES 200

struct month {
	int	year, month;
	int64_t	made, waiting, released, nothing_owed, broken, part;
	struct share kept;
};

/* "made" in the month that it was made in; what came of it is told there, too. */
static void month_add(const struct books *b, const struct book_promise *p, struct month *m)
{
	m->made++;
	if (p->released) {
		m->released++;
	} else if (p->owed_minor == 0) {
		m->nothing_owed++;
	} else if (p->pay_on + b->lag_days > b->as_of) {
		m->waiting++;
	} else {
		m->kept.n++;
		m->kept.x += p->paid_minor >= p->owed_minor;
		m->part += p->paid_minor > 0 && p->paid_minor < p->owed_minor;
		m->broken += p->paid_minor == 0;
	}
}

static size_t months_of(const struct books *b, struct month *out, struct month *all)
{
	size_t n = 0;

	*all = (struct month){ 0 };
	for (size_t i = 0; i < b->promise_count; i++) {
		const struct book_promise *p = &b->promises[i];
		const struct ymd d = day_ymd(p->made_on);

		month_add(b, p, all);
		if (n == 0 || out[n - 1].year != d.year || out[n - 1].month != d.month) {
			if (n == MONTHS_MAX)
				continue;
			out[n++] = (struct month){ .year = d.year, .month = d.month };
		}
		month_add(b, p, &out[n - 1]);
	}
	return n;
}

static void row_put(json_t *table, const char *name, const struct month *m)
{
	const struct figure kept = share_figure(m->kept, FIGURE_LEVEL);
	json_t *row = table_add(table);

	json_put(row, "made_in", json_string(name));
	json_put(row, "made", json_integer(m->made));
	json_put(row, "waiting", json_integer(m->waiting));
	json_put(row, "taken_back", json_integer(m->released + m->nothing_owed));
	json_put(row, "kept", json_integer(m->kept.x));
	json_put(row, "in_part", json_integer(m->part));
	json_put(row, "broken", json_integer(m->broken));
	row_figure(row, "kept_share", &kept);
}

json_t *report_promises_make(const struct books *b)
{
	struct month months[MONTHS_MAX], all;
	const size_t n = months_of(b, months, &all);
	json_t *report = tables_new("promises", b->as_of), *table, *chart;
	const struct figure kept = share_figure(all.kept, FIGURE_LEVEL);
	char text[TEXT_BYTES];

	if (all.kept.n > 0)
		(void)snprintf(text, sizeof(text), "%.1f of 100 promises were kept (%.1f to %.1f)",
		    100 * kept.estimate, 100 * kept.lower, 100 * kept.upper);
	else
		(void)snprintf(text, sizeof(text), "No promise has come due yet");
	tables_headline(report, text);
	table = tables_add(report, "promises", "Promises by the month that they were made in");
	table_column(table, "made_in", "made in", "text", 0);
	table_column(table, "made", "made", "count", 0);
	table_column(table, "waiting", "waiting", "count", 0);
	table_column(table, "taken_back", "taken back", "count", 0);
	table_column(table, "kept", "kept", "count", 0);
	table_column(table, "in_part", "in part", "count", 0);
	table_column(table, "broken", "broken", "count", 0);
	table_column(table, "kept_share", "kept of 100", "share", 0);
	chart = chart_add(report, "rows", "promises", text, "One row per month: promises kept of 100 "
	    "that came due, with the interval of 95 in 100.", "kept of 100", "");
	for (size_t i = 0; i < n; i++) {
		const struct figure f = share_figure(months[i].kept, FIGURE_LEVEL);

		(void)snprintf(text, sizeof(text), "%04d-%02d", months[i].year, months[i].month);
		row_put(table, text, &months[i]);
		if (months[i].kept.n > 0)
			chart_row(chart, text, 100 * f.estimate, 100 * f.lower, 100 * f.upper);
	}
	row_put(table, "all", &all);
	chart_finish(chart, 8, 0);
	tables_method(report, "kept", "what was owed and due when the promise was made is paid by the "
	    "day promised and three days for the bank; Wilson 1927");
	tables_limit(report, "A promise that a newer one replaced, or whose hold was released before "
	    "its day, counts as taken back, and so does one of a debtor who owed nothing.");
	tables_finish(report);
	return report;
}
