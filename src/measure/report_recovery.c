/* report_recovery.c - see books_reports.h. */
#include "measure/books_reports.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/json_make.h"
#include "base/money.h"
#include "base/must.h"
#include "measure/cluster.h"
#include "measure/tables.h"

#define COHORTS_MAX 240
#define LINES_MAX 6			/* cohorts in the drawing, the latest */
#define LINE_BYTES 200
#define DEBTORS_MIN 30			/* a point is drawn from here on */
#define DEBTORS_ONE_IN 10

static const int days[] = { 0, 7, 14, 30, 60, 90 };
#define DAYS (sizeof(days) / sizeof(days[0]))
#define TABLE_FROM 1			/* the table leaves out day 0, the drawing does not */

/* Invoices of one currency that were due in one month. */
struct cohort {
	int	year, month;
	int64_t	invoices, owed, debtors;
	struct figure	rate[DAYS];
};

/* What was invoiced, less what was credited: who sends goods back owes less. */
static int64_t owed_for(const struct books *b, const struct book_invoice *i)
{
	int64_t sum = 0;

	for (size_t k = i->entry; k < i->entry + i->entry_count; k++)
		if (b->entries[k].sale || b->entries[k].credit)
			sum += b->entries[k].minor;
	return sum;
}

static int64_t paid_by(const struct books *b, const struct book_invoice *i, day_t on,
    int64_t owed)
{
	int64_t sum = 0;

	for (size_t k = i->entry; k < i->entry + i->entry_count; k++)
		if (b->entries[k].payment && b->entries[k].on <= on)
			sum -= b->entries[k].minor;
	return sum < 0 ? 0 : sum > owed ? owed : sum;
}

static bool is_of(const struct cohort *c, const char *currency, const struct book_invoice *i)
{
	const struct ymd d = day_ymd(i->due_on);

	return d.year == c->year && d.month == c->month && strcmp(i->currency, currency) == 0;
}

/* The limits of a share stay inside 0 and 1. */
static struct figure rate_of(struct amount_row *rows, size_t n)
{
	struct amount_sums sums;
	struct figure f;

	amount_sort(rows, n);		/* not the order in which the invoices came */
	sums = amount_sums(rows, n);
	f = amount_rate(&sums, FIGURE_LEVEL);

	f.lower = isnan(f.lower) ? f.lower : fmax(0, f.lower);
	f.upper = isnan(f.upper) ? f.upper : fmin(1, f.upper);
	return f;
}

/* By day t after the due day, over invoices whose day t is over for all of the month. */
static struct figure rate_by(const struct books *b, const char *currency, const struct cohort *c,
    int t, struct cluster_item *items, struct amount_row *rows)
{
	struct figure missing = figure_missing(REASON_NOT_MATURED, "ratio_estimator");
	size_t n = 0;

	for (size_t i = 0; i < b->invoice_count; i++) {
		const struct book_invoice *invoice = &b->invoices[i];
		const int64_t owed = is_of(c, currency, invoice) ? owed_for(b, invoice) : 0;

		if (owed <= 0)
			continue;
		if (invoice->due_on + t + b->lag_days > b->as_of)
			return missing;
		items[n++] = (struct cluster_item){ .key = (uint64_t)invoice->debtor, .m = owed,
		    .y = paid_by(b, invoice, invoice->due_on + t, owed) };
	}
	n = cluster_merge(items, n);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct amount_row){ items[i].m, items[i].y };
	return rate_of(rows, n);
}

static void cohort_fill(const struct books *b, const char *currency, struct cohort *c)
{
	struct cluster_item *items = talloc_array(NULL, struct cluster_item,
	    (unsigned)b->invoice_count + 1);
	struct amount_row *rows = talloc_array(items, struct amount_row,
	    (unsigned)b->invoice_count + 1);

	must(items != NULL && rows != NULL);
	for (size_t d = 0; d < DAYS; d++) {
		c->rate[d] = rate_by(b, currency, c, days[d], items, rows);
		if (c->rate[d].n > c->debtors)
			c->debtors = c->rate[d].n;
	}
	talloc_free(items);
}

static int cohort_order(const void *a, const void *b)
{
	const struct cohort *x = a, *y = b;

	return x->year != y->year ? (x->year > y->year) - (x->year < y->year) :
	    (x->month > y->month) - (x->month < y->month);
}

static size_t cohorts_of(const struct books *b, const char *currency, struct cohort *out)
{
	size_t n = 0;

	for (size_t i = 0; i < b->invoice_count; i++) {
		const struct book_invoice *invoice = &b->invoices[i];
		const int64_t owed = owed_for(b, invoice);
		const struct ymd d = day_ymd(invoice->due_on);
		size_t at = 0;

		if (strcmp(invoice->currency, currency) != 0 || owed <= 0 || invoice->due_on > b->as_of)
			continue;
		while (at < n && (out[at].year != d.year || out[at].month != d.month))
			at++;
		if (at == n && n == COHORTS_MAX)
			continue;
		if (at == n)
			out[n++] = (struct cohort){ .year = d.year, .month = d.month };
		out[at].invoices++;
		out[at].owed += owed;
	}
	qsort(out, n, sizeof(out[0]), cohort_order);
	for (size_t i = 0; i < n; i++)
		cohort_fill(b, currency, &out[i]);
	return n;
}

static void chart_put(json_t *report, const char *currency, const struct cohort *c, size_t n)
{
	char id[LINE_BYTES], title[LINE_BYTES], name[LINE_BYTES];
	double last = (double)NAN;
	json_t *chart;

	for (size_t i = 0; i < n; i++)
		if (!isnan(c[i].rate[3].estimate))
			last = c[i].rate[3].estimate;
	(void)snprintf(id, sizeof(id), "recovery-%s", currency);
	if (isnan(last))
		(void)snprintf(title, sizeof(title), "%s: no month is 30 days past due yet", currency);
	else
		(void)snprintf(title, sizeof(title), "%s: of the latest whole month, %.1f of 100 owed came "
		    "within 30 days", currency, 100 * last);
	chart = chart_add(report, "lines", id, title, "One line per month of the due day: money "
	    "recovered by days since it was due, with its band of 95 in 100.", "days since due",
	    "of 100 owed");
	for (size_t i = n > LINES_MAX ? n - LINES_MAX : 0; i < n; i++) {
		json_t *line;

		(void)snprintf(name, sizeof(name), "%04d-%02d", c[i].year, c[i].month);
		line = chart_line_add(chart, name);
		for (size_t d = 0; d < DAYS; d++) {
			const struct figure *f = &c[i].rate[d];

			if (isnan(f->estimate) || f->n < DEBTORS_MIN || f->n * DEBTORS_ONE_IN < c[i].debtors)
				break;
			chart_point(line, days[d], 100 * f->estimate, 100 * f->lower, 100 * f->upper);
		}
	}
	chart_finish(chart, 9, 6);
}

static void table_put(json_t *report, const char *currency, const struct cohort *c, size_t n)
{
	char text[LINE_BYTES];
	json_t *table;

	(void)snprintf(text, sizeof(text), "Of 100 owed in %s, recovered by day since due, by month of "
	    "the due day", currency);
	table = tables_add(report, currency, text);
	table_column(table, "month", "due in", "text", 0);
	table_column(table, "invoices", "invoices", "count", 0);
	table_column(table, "owed_minor", "owed", "minor", currency_exponent(currency));
	for (size_t d = TABLE_FROM; d < DAYS; d++) {
		char key[LINE_BYTES], title[LINE_BYTES];

		(void)snprintf(key, sizeof(key), "day_%d", days[d]);
		(void)snprintf(title, sizeof(title), "day %d", days[d]);
		table_column(table, key, title, "share", 0);
	}
	for (size_t i = 0; i < n; i++) {
		json_t *row = table_add(table);

		(void)snprintf(text, sizeof(text), "%04d-%02d", c[i].year, c[i].month);
		json_put(row, "month", json_string(text));
		json_put(row, "invoices", json_integer(c[i].invoices));
		json_put(row, "owed_minor", json_integer(c[i].owed));
		for (size_t d = 0; d < DAYS; d++) {
			(void)snprintf(text, sizeof(text), "day_%d", days[d]);
			row_figure(row, text, &c[i].rate[d]);
		}
	}
}

json_t *report_recovery_make(const struct books *b)
{
	const char *currencies[BOOKS_CURRENCIES_MAX];
	const size_t count = books_currencies(b, currencies);
	struct cohort *c = talloc_array(NULL, struct cohort, COHORTS_MAX);
	json_t *report = tables_new("recovery", b->as_of);

	must(c != NULL);
	for (size_t i = 0; i < count; i++) {
		const size_t n = cohorts_of(b, currencies[i], c);

		if (n == 0)
			continue;
		chart_put(report, currencies[i], c, n);
		table_put(report, currencies[i], c, n);
	}
	talloc_free(c);
	tables_headline(report, "Money by value day. What was credited is not owed, write-offs are no "
	    "recovery, fees are not counted.");
	tables_method(report, "rate", "ratio estimator over debtors, pointwise limits of 95 in 100");
	tables_limit(report, "A month is shown for a day only when that day, and three days for the "
	    "bank, are over for all of its invoices.");
	tables_limit(report, "Months differ in who owed, not only in how they were reminded: this is "
	    "no comparison of ways to write.");
	tables_finish(report);
	return report;
}
