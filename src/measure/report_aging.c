/* report_aging.c - see books_reports.h. */
#include "measure/books_reports.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/json_make.h"
#include "base/money.h"
#include "base/must.h"
#include "measure/tables.h"

#define BUCKETS 5
#define CEI_DAYS 90
#define COUNT_BACK_MONTHS_MAX 36
#define LINE_BYTES 300

static const struct { const char *name; int until; } buckets[BUCKETS] = {
	{ "not due", 0 }, { "1 to 30", 30 }, { "31 to 60", 60 }, { "61 to 90", 90 },
	{ "over 90", INT32_MAX },
};

/* What is known of one currency on one day. */
struct standing {
	int64_t	open, current;			/* in all, and not due yet */
	int64_t	bucket[BUCKETS];
	int64_t	invoices[BUCKETS], debtors[BUCKETS];
};

/* An invoice is there from its own day on, whenever it came to us. */
static day_t day_of(const struct book_invoice *i, const struct book_entry *e)
{
	return e->sale && i->issued_on != DAY_NONE && i->issued_on < e->on ? i->issued_on : e->on;
}

static int64_t balance_on(const struct books *b, const struct book_invoice *i, day_t on)
{
	int64_t sum = 0;

	for (size_t k = i->entry; k < i->entry + i->entry_count; k++)
		if (day_of(i, &b->entries[k]) <= on)
			sum += b->entries[k].minor;
	return sum;
}

static int bucket_of(const struct book_invoice *i, day_t on)
{
	int bucket = 0;

	while (on - i->due_on > buckets[bucket].until)
		bucket++;
	return bucket;
}

static int number_order(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t distinct(int64_t *list, size_t count)
{
	int64_t n = 0;

	if (count > 0)
		qsort(list, count, sizeof(list[0]), number_order);
	for (size_t i = 0; i < count; i++)
		n += i == 0 || list[i] != list[i - 1];
	return n;
}

static struct standing stand(const struct books *b, const char *currency, day_t on)
{
	int64_t *debtors[BUCKETS];
	struct standing s = { 0 };
	void *tmp = talloc_new(NULL);

	for (int k = 0; k < BUCKETS; k++) {
		debtors[k] = talloc_array(tmp, int64_t, (unsigned)b->invoice_count + 1);
		must(debtors[k] != NULL);
	}
	for (size_t i = 0; i < b->invoice_count; i++) {
		const struct book_invoice *invoice = &b->invoices[i];
		const int64_t balance = strcmp(invoice->currency, currency) == 0 ?
		    balance_on(b, invoice, on) : 0;
		const int k = bucket_of(invoice, on);

		if (balance <= 0)
			continue;
		debtors[k][s.invoices[k]++] = invoice->debtor;
		s.bucket[k] += balance;
		s.open += balance;
		s.current += k == 0 ? balance : 0;
	}
	for (int k = 0; k < BUCKETS; k++)
		s.debtors[k] = distinct(debtors[k], (size_t)s.invoices[k]);
	talloc_free(tmp);
	return s;
}

/* Invoiced within (after, until], by the day of the invoice where it is known. */
static int64_t sales(const struct books *b, const char *currency, day_t after, day_t until)
{
	int64_t sum = 0;

	for (size_t i = 0; i < b->invoice_count; i++) {
		const struct book_invoice *invoice = &b->invoices[i];

		for (size_t k = invoice->entry; k < invoice->entry + invoice->entry_count; k++) {
			const struct book_entry *e = &b->entries[k];
			const day_t on = invoice->issued_on != DAY_NONE ? invoice->issued_on : e->on;

			if (e->sale && on > after && on <= until &&
			    strcmp(invoice->currency, currency) == 0)
				sum += e->minor;
		}
	}
	return sum;
}

/* Month by month backwards until the sales cover what is open; NAN: they never do. */
static double count_back(const struct books *b, const char *currency, int64_t open)
{
	day_t until = b->as_of;
	double days = 0;

	for (int month = 0; month < COUNT_BACK_MONTHS_MAX && open > 0; month++) {
		const struct ymd d = day_ymd(until);
		const day_t after = until - d.day;
		const int64_t sold = sales(b, currency, after, until);

		if (sold >= open && sold > 0)
			return days + (double)d.day * (double)open / (double)sold;
		open -= sold;
		days += d.day;
		until = after;
	}
	return open > 0 ? (double)NAN : days;
}

static struct figure effectiveness(const struct books *b, const char *currency,
    const struct standing *end)
{
	const struct standing begin = stand(b, currency, b->as_of - CEI_DAYS);
	const double grown = (double)begin.open +
	    (double)sales(b, currency, b->as_of - CEI_DAYS, b->as_of);
	struct figure f = figure_missing(REASON_ZERO_DENOMINATOR, "collection_effectiveness");

	if (grown - (double)end->current > 0) {
		f.reason = REASON_NONE;
		f.estimate = (grown - (double)end->open) / (grown - (double)end->current);
	}
	return f;
}

static void ages_put(json_t *report, const char *currency, const struct standing *s)
{
	const int exponent = currency_exponent(currency);
	char line[LINE_BYTES];
	json_t *table, *chart;

	(void)snprintf(line, sizeof(line), "Open in %s by days overdue", currency);
	table = tables_add(report, currency, line);
	table_column(table, "days_overdue", "days overdue", "text", 0);
	table_column(table, "invoices", "invoices", "count", 0);
	table_column(table, "debtors", "debtors", "count", 0);
	table_column(table, "open_minor", "open", "minor", exponent);
	table_column(table, "share", "of 100", "share", 0);
	(void)snprintf(line, sizeof(line), "%s: %.1f of 100 open are not due, %.1f are over 90 days old",
	    currency, 100.0 * (double)s->current / (double)s->open,
	    100.0 * (double)s->bucket[BUCKETS - 1] / (double)s->open);
	(void)snprintf(line + LINE_BYTES / 2, LINE_BYTES / 2, "aging-%s", currency);
	chart = chart_add(report, "rows", line + LINE_BYTES / 2, line,
	    "One row per age: its part of what is open.", "of 100 open", "");
	for (int k = 0; k < BUCKETS; k++) {
		const double share = (double)s->bucket[k] / (double)s->open;
		json_t *row = table_add(table);

		json_put(row, "days_overdue", json_string(buckets[k].name));
		json_put(row, "invoices", json_integer(s->invoices[k]));
		json_put(row, "debtors", json_integer(s->debtors[k]));
		json_put(row, "open_minor", json_integer(s->bucket[k]));
		json_put(row, "share", real_json(share));
		chart_row(chart, buckets[k].name, 100 * share, (double)NAN, (double)NAN);
	}
	chart_finish(chart, 8, 0);
}

json_t *report_aging_make(const struct books *b)
{
	const char *currencies[BOOKS_CURRENCIES_MAX];
	const size_t count = books_currencies(b, currencies);
	json_t *report = tables_new("aging", b->as_of), *key;
	char line[LINE_BYTES];

	key = tables_add(report, "key_figures", "Days sales outstanding and collection effectiveness");
	table_column(key, "currency", "currency", "text", 0);
	table_column(key, "dso", "days sales outstanding", "days", 0);
	table_column(key, "cei", "effectiveness of 100", "share", 0);
	for (size_t i = 0; i < count; i++) {
		const struct standing s = stand(b, currencies[i], b->as_of);
		const struct figure cei = effectiveness(b, currencies[i], &s);
		struct figure dso = figure_missing(REASON_BEYOND_FOLLOW_UP, "count_back");
		json_t *row = table_add(key);

		dso.estimate = count_back(b, currencies[i], s.open);
		dso.reason = isnan(dso.estimate) ? REASON_BEYOND_FOLLOW_UP : REASON_NONE;
		json_put(row, "currency", json_string(currencies[i]));
		row_figure(row, "dso", &dso);
		row_figure(row, "cei", &cei);
		if (s.open > 0)
			ages_put(report, currencies[i], &s);
	}
	if (count == 0)
		(void)snprintf(line, sizeof(line), "No invoice is known.");
	else
		(void)snprintf(line, sizeof(line), "What is open by age, in %zu %s.", count,
		    count == 1 ? "currency" : "currencies");
	tables_headline(report, line);
	tables_method(report, "dso", "count-back over calendar months, by the invoice's day");
	tables_method(report, "cei", "(opening + sales - closing) / (opening + sales - closing not "
	    "due), over 90 days");
	tables_limit(report, "Counts of a whole ledger have no sampling error: no intervals.");
	tables_finish(report);
	return report;
}
