/* approve_step.c - see approve_step.h. */
#include "decide/step_wait.h"
#include "engine/approve_step.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/dossier.h"
#include "store/history.h"

struct waiting {
	int64_t		invoice_id;
	int		step;		/* -1: nothing is left to do */
	day_t		due_on;
	bool		asks;		/* a person must say yes ... */
	bool		approved;	/* ... and has */
};

/* The step of the invoice that carries the case now. */
static struct waiting look(const struct decide_case *c, day_t today)
{
	struct waiting out = { .step = -1 };

	for (size_t i = 0; out.step < 0 && i < c->invoice_count; i++) {
		const struct decide_invoice *invoice = &c->invoices[i];
		const struct ladder_next next = ladder_next(c->schedule, &invoice->place, today);

		if (!invoice->hold.held && next.step >= 0)
			out = (struct waiting){ .invoice_id = invoice->id, .step = next.step,
			    .due_on = next.due_on,
			    .asks = step_wait_asks(&c->schedule->steps[next.step], invoice,
			    DECIDE_EDITION),
			    .approved = invoice->approved_step == next.step };
	}
	return out;
}

static bool waits(const struct waiting *w, day_t today)
{
	return w->step >= 0 && w->asks && !w->approved && w->due_on <= today;
}

static bool book_yes(struct engine *e, const struct dossier *d, const struct decide_case *c,
    const struct waiting *w, const char *who, instant_t now, struct err *err)
{
	const char *step = c->schedule->steps[w->step].id;
	bool fresh;

	return store_begin(e->store, err) &&
	    ledger_approve(e->store, c->id, w->invoice_id, step, who, now, &fresh, err) &&
	    book_event(e, now, "step.approved", who, &d->debtor, 0, w->invoice_id, err,
	    "{\"case\":%" PRId64 ",\"step\":\"%s\"}", c->id, step) &&
	    history_end_tasks(e->store, d->debtor.id, DECIDE_APPROVAL, who, now, err) &&
	    ledger_wake_debtor(e->store, d->debtor.id, now, err) && store_commit(e->store, err);
}

static bool approve(struct engine *e, void *ctx, int64_t case_id, const char *who,
    instant_t now, char step[SCHEDULE_WORD_BYTES], struct err *err)
{
	const struct decide_case *c = NULL;
	struct case_record record;
	struct waiting w;
	struct dossier *d;

	if (!ledger_get_case(e->store, ctx, case_id, &record, err))
		return false;
	d = dossier_read(e, ctx, record.debtor_id, 0, 0, now, err);
	if (d == NULL)
		return false;
	for (size_t i = 0; i < d->case_count; i++)
		if (d->facts.cases[i].id == case_id)
			c = &d->facts.cases[i];
	if (c == NULL)
		return err_set(err, ERR_REFUSED, "nothing is open in case %" PRId64, case_id);
	w = look(c, d->today);
	if (!waits(&w, d->today))
		return err_set(err, ERR_REFUSED, "no step of case %" PRId64 " waits for approval",
		    case_id);
	(void)snprintf(step, SCHEDULE_WORD_BYTES, "%s", c->schedule->steps[w.step].id);
	if (book_yes(e, d, c, &w, who, now, err))
		return true;
	store_rollback(e->store);
	return false;
}

bool approve_step(struct engine *e, int64_t case_id, const char *who, instant_t now,
    char step[SCHEDULE_WORD_BYTES], struct err *err)
{
	void *tmp = talloc_new(NULL);
	const bool ok = approve(e, tmp, case_id, who, now, step, err);

	talloc_free(tmp);
	return ok;
}

/* --- what waits --------------------------------------------------------------------- */

static bool list_debtor(struct engine *e, int64_t debtor_id, instant_t now, json_t *list,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct dossier *d = dossier_read(e, tmp, debtor_id, 0, 0, now, err);
	char day[DAY_TEXT_BYTES];

	for (size_t i = 0; d != NULL && i < d->case_count; i++) {
		const struct decide_case *c = &d->facts.cases[i];
		const struct waiting w = look(c, d->today);

		if (waits(&w, d->today))
			json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:s, s:s}",
			    "case", (json_int_t)c->id, "debtor", d->debtor.external_id,
			    "schedule", c->schedule->name, "step", c->schedule->steps[w.step].id,
			    "due_on", day_text(w.due_on, day)));
	}
	talloc_free(tmp);
	return d != NULL;
}

bool approve_step_list(struct engine *e, instant_t now, json_t **out, struct err *err)
{
	void *tmp = talloc_new(NULL);
	int64_t *ids;
	size_t n;
	bool ok = history_debtors_with_task(e->store, tmp, DECIDE_APPROVAL, &ids, &n, err);

	*out = json_array();
	must(*out != NULL);
	for (size_t i = 0; ok && i < n; i++)
		ok = list_debtor(e, ids[i], now, *out, err);
	if (!ok) {
		json_decref(*out);
		*out = NULL;
	}
	talloc_free(tmp);
	return ok;
}
