/* outlook.c - see outlook.h. */
#include "measure/outlook.h"

#include <math.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/power.h"
#include "measure/tone_look.h"

#define WEEK 7.0
#define BASE_UNKNOWN 0.5		/* the share that needs most debtors */

/* An invoice with which its debtor would have entered. */
struct entrant {
	int64_t	debtor;
	day_t	on;
	bool	paid;
};

static int entrant_order(const void *a, const void *b)
{
	const struct entrant *x = a, *y = b;

	return x->debtor != y->debtor ? (x->debtor > y->debtor) - (x->debtor < y->debtor) :
	    (x->on > y->on) - (x->on < y->on);
}

/* What an invoice owes at the end of a day, charges aside. */
static int64_t owed_on(const struct books *b, const struct book_invoice *i, day_t on)
{
	int64_t sum = 0;

	for (size_t k = i->entry; k < i->entry + i->entry_count; k++)
		if (b->entries[k].on <= on && !b->entries[k].charge)
			sum += b->entries[k].minor;
	return sum;
}

static size_t entrants_of(const struct books *b, const struct outlook_ask *ask, struct entrant *out)
{
	const day_t last = b->as_of - ask->horizon_days - ask->lag_days;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < b->invoice_count; i++) {
		const struct book_invoice *invoice = &b->invoices[i];
		const day_t on = invoice->due_on + ask->step_days;

		if ((ask->parties >> invoice->party & 1) == 0 || on > last || on <= last - OUTLOOK_DAYS ||
		    owed_on(b, invoice, on) <= 0)
			continue;
		out[n++] = (struct entrant){ invoice->debtor, on,
		    owed_on(b, invoice, on + ask->horizon_days) <= 0 };
	}
	qsort(out, n, sizeof(out[0]), entrant_order);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || out[kept - 1].debtor != out[i].debtor)
			out[kept++] = out[i];
	return kept;
}

struct outlook outlook_make(const struct books *b, const struct outlook_ask *ask)
{
	static const int weeks[OUTLOOK_PERIODS] = { 4, 8, 12 };
	struct entrant *entrants = talloc_array(NULL, struct entrant, (unsigned)b->invoice_count + 1);
	const double least = ask->least_basis_points / 10000.0;
	struct outlook out = { .base = ask->planned_debtors > 0 ? ask->planned_base : BASE_UNKNOWN,
	    .alpha = TONE_ALPHA_FINAL / (double)(ask->arms - 1) };
	size_t n;

	must(entrants != NULL && ask->arms >= 2);
	n = entrants_of(b, ask, entrants);
	for (size_t i = 0; i < n; i++)
		out.paid.x += entrants[i].paid;
	out.paid.n = (int64_t)n;
	talloc_free(entrants);
	out.per_week = (double)n / (OUTLOOK_DAYS / WEEK);
	out.own_base = n >= OUTLOOK_DEBTORS_MIN && out.paid.x > 0 && out.paid.x < out.paid.n;
	if (out.own_base)
		out.base = (double)out.paid.x / (double)n;
	out.power = out.debtors_wanted = out.weeks = (double)NAN;
	if (ask->planned_debtors > 0) {
		out.power = power_reached(out.base, ask->planned_effect, out.alpha,
		    (double)ask->planned_debtors * least);
		out.debtors_wanted = power_size(out.base, ask->planned_effect, out.alpha,
		    OUTLOOK_POWER_WANTED) / least;
		if (out.per_week > 0)
			out.weeks = (double)ask->planned_debtors / out.per_week;
	}
	for (int i = 0; i < OUTLOOK_PERIODS; i++) {
		out.period_weeks[i] = weeks[i];
		out.visible[i] = power_visible(out.base, out.per_week * weeks[i] * least, out.alpha,
		    OUTLOOK_POWER_WANTED);
	}
	return out;
}
