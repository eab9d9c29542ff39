/* book.c - see book.h. */
#include "engine/book.h"

#include <stdarg.h>
#include <stdio.h>

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

bool book_listed_invoices(struct engine *e, const struct dossier *d,
    const struct decision *decision, int64_t contact_id, struct err *err)
{
	if (!outbox_clear_invoices(e->store, contact_id, err))
		return false;
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
			    (!r.counts && c->invoices[k].place.due_on > d->today + DOSSIER_AHEAD_DAYS))
				continue;
			if (!outbox_put_invoice(e->store, contact_id, &r, err))
				return false;
		}
	}
	return true;
}
