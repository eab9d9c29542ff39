/* book.c - see book.h. */
#include "engine/book.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/must.h"
#include "decide/claim.h"
#include "decide/frozen.h"
#include "store/history.h"

bool book_event(struct engine *e, instant_t at, const char *kind, const char *who,
    const struct debtor_record *debtor, int64_t contact_id, int64_t invoice_id,
    struct err *err, const char *fmt, ...)
{
	char data[BOOK_DATA_BYTES_MAX];
	const struct event_new event = { .at = at, .kind = kind, .who = who,
	    .creditor_id = debtor->creditor_id, .debtor_id = debtor->id,
	    .contact_id = contact_id, .invoice_id = invoice_id, .data = data };
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(data, sizeof(data), fmt, ap);
	va_end(ap);
	must(n >= 0 && (size_t)n < sizeof(data));
	return history_add_event(e->store, &event, err);
}

bool book_decision(struct engine *e, const struct dossier *d, const struct decision *decision,
    bool armed, int64_t *id, struct err *err)
{
	const char *more = armed ? "armed" : decision->reason;
	char result[2 * DECIDE_REASON_BYTES];
	void *tmp = talloc_new(NULL);
	const struct decision_record record = { .debtor_id = d->debtor.id, .at = d->facts.now,
	    .result = result, .facts = facts_freeze(tmp, &d->facts),
	    .answer = decision_freeze(tmp, &d->facts, decision),
	    .pack_hash = d->rules.pack_hash, .calendar_hash = d->rules.calendar_hash,
	    .experiment_hash = d->rules.experiment_hash, .zone_data = zone_data_version() };
	bool ok;

	(void)snprintf(result, sizeof(result), "%s%s%s", decide_result_name(decision->result),
	    more[0] != '\0' ? ":" : "", more);
	ok = outbox_add_decision(e->store, &record, id, err);
	talloc_free(tmp);
	return ok;
}

static int by_invoice(const void *left, const void *right)
{
	const int64_t a = ((const struct contact_invoice_record *)left)->invoice_id;
	const int64_t b = ((const struct contact_invoice_record *)right)->invoice_id;

	return (a > b) - (a < b);
}

struct contact_invoice_record *book_listed(void *ctx, const struct dossier *d,
    const struct decision *decision, size_t *count)
{
	struct contact_invoice_record *list;
	size_t most = 0;

	*count = 0;
	for (size_t i = 0; i < d->case_count; i++)
		most += d->facts.cases[i].invoice_count;
	list = talloc_array(ctx, struct contact_invoice_record, (unsigned)most);
	must(list != NULL);
	for (size_t i = 0; i < d->case_count; i++) {
		const struct decide_case *c = &d->facts.cases[i];

		for (size_t k = 0; k < c->invoice_count; k++) {
			const struct claim charge = claim_of(&d->facts, &d->rules.rules,
			    decision, c, &c->invoices[k], NULL);
			const struct contact_invoice_record r = {
			    .invoice_id = c->invoices[k].id,
			    .balance_minor = c->invoices[k].balance_minor,
			    .counts = c->schedule == decision->schedule &&
			    decide_counts(c, &c->invoices[k], decision->step, d->today),
			    .interest_minor = charge.interest_minor,
			    .compensation_minor = charge.compensation_minor };

			if (c->invoices[k].hold.held || c->hold.held ||
			    !claim_is_told(&d->facts, decision, c, &c->invoices[k], d->today) ||
			    (!r.counts && c->invoices[k].place.due_on > d->today + DOSSIER_AHEAD_DAYS))
				continue;
			list[(*count)++] = r;
		}
	}
	qsort(list, *count, sizeof(list[0]), by_invoice);
	return list;
}

static bool same_list(const struct contact_invoice_record *a,
    const struct contact_invoice_record *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (a[i].invoice_id != b[i].invoice_id || a[i].counts != b[i].counts ||
		    a[i].balance_minor != b[i].balance_minor ||
		    a[i].interest_minor != b[i].interest_minor ||
		    a[i].compensation_minor != b[i].compensation_minor)
			return false;
	return true;
}

/* Most contacts speak at the last look of what they spoke of when planned. */
bool book_listed_invoices(struct engine *e, const struct dossier *d,
    const struct decision *decision, int64_t contact_id, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_invoice_record *list, *before;
	size_t n, had;
	bool ok = outbox_invoices(e->store, tmp, contact_id, &before, &had, err);

	list = book_listed(tmp, d, decision, &n);
	if (ok && had == n && same_list(list, before, n)) {
		talloc_free(tmp);
		return true;
	}
	ok = ok && (had == 0 || outbox_clear_invoices(e->store, contact_id, err));
	for (size_t i = 0; ok && i < n; i++)
		ok = outbox_put_invoice(e->store, contact_id, &list[i], err);
	talloc_free(tmp);
	return ok;
}
