/* plan_run.c - see plan_run.h.
 *
 * Data come from the dossier of each debtor, go through decide(), and become
 * rows of decision, contact, assignment.  Nothing is sent here.
 */
#include "engine/plan_run.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/approve_run.h"
#include "engine/book.h"
#include "engine/breaker.h"
#include "engine/call_run.h"
#include "engine/dossier.h"
#include "engine/harm_run.h"
#include "engine/settle_run.h"
#include "store/history.h"

#define TASK_BYTES_MAX 2000

#define PLAN_DEBTOR_BYTES 16384	/* what most need; more is allocated as it comes */

struct planning {
	struct engine		*engine;
	instant_t		 now;
	bool			 dry;
	struct plan_summary	*sum;
	struct approve_pass	 approve;
	struct err		*err;
};

/* --- a contact --------------------------------------------------------------- */

static bool add_assignment(struct planning *p, const struct dossier *d,
    const struct decision *decision, int64_t *id, struct err *err)
{
	const struct experiment *x = d->rules.rules.experiment;
	const struct dossier_case *c = &d->cases[decision->cases[0].case_index];
	struct assignment_new a = { .experiment = x->id,
	    .experiment_hash = d->rules.experiment_hash, .arm = experiment_arm_name(x, decision->arm),
	    .templates_hash = library_hash(policy_library(p->engine->policy)),
	    .unit_id = d->unit_id, .debtor_id = d->debtor.id, .case_id = c->record.id,
	    .bucket = d->facts.bucket, .at = p->now, .on = d->today,
	    .currency = c->record.currency };
	const day_t last = c->invoices[0].due_on <= d->today ? d->today :
	    d->today + DOSSIER_AHEAD_DAYS;
	bool ok;

	/* What is due now is the experiment's outcome; a heads-up comes before
	 * anything is due: then what it speaks of. */
	for (size_t i = 0; i < c->invoice_count && c->invoices[i].due_on <= last; i++)
		a.opening_minor += c->invoices[i].balance_minor;
	ok = history_add_assignment(p->engine->store, &a, id, err);
	for (size_t i = 0; ok && i < c->invoice_count && c->invoices[i].due_on <= last; i++)
		ok = history_add_assignment_invoice(p->engine->store, *id, c->invoices[i].id,
		    c->invoices[i].balance_minor, err);
	return ok && book_event(p->engine, p->now, "unit.assigned", "engine", &d->debtor, 0, 0,
	    err, "{\"experiment\":\"%s\",\"arm\":\"%s\"}", x->id, a.arm);
}

static bool add_contact(struct planning *p, const struct dossier *d,
    const struct decision *decision, int64_t decision_id, struct err *err)
{
	const struct schedule_step *step = &decision->schedule->steps[decision->step];
	struct store *store = p->engine->store;
	struct contact_record record = { .creditor_id = d->debtor.creditor_id,
	    .debtor_id = d->debtor.id, .decision_id = decision_id,
	    .address_id = decision->address_id, .channel = decision->channel,
	    .step = step->id, .template = step->template, .tone = decision->tone,
	    .lang = d->lang, .legal_notice = step->legal_notice,
	    .planned_at = p->now, .ripe_at = decision->ripe_at,
	    .expires_at = decision->expires_at, .deadline_on = decision->deadline_on,
	    .assignment_id = decision->arm >= 0 ? d->assignment_id : 0,
	    .templates_hash = library_hash(policy_library(p->engine->policy)) };
	int64_t id;

	if (decision->assign && !add_assignment(p, d, decision, &record.assignment_id, err))
		return false;
	if (!outbox_add_contact(store, &record, &id, err))
		return false;
	for (size_t i = 0; i < decision->case_count; i++) {
		const struct dossier_case *c = &d->cases[decision->cases[i].case_index];
		const struct contact_case_record part = { .case_id = c->record.id,
		    .invoice_id = c->invoices[decision->cases[i].carrying].id,
		    .step = step->id, .fee_minor = decision->cases[i].fee_minor };

		if (!outbox_add_case(store, id, &part, err))
			return false;
	}
	if (!book_listed_invoices(p->engine, d, decision, id, err) ||
	    !approve_planned(p->engine, &p->approve, id, p->now, err))
		return false;
	p->sum->contacts++;
	return book_event(p->engine, p->now, "contact.planned", "engine", &d->debtor, id, 0, err,
	    "{\"step\":\"%s\",\"channel\":\"%s\"}", step->id, channel_name(decision->channel));
}

/* --- a hand-over ----------------------------------------------------------------- */

/* "F1001 (699.00 DKK)" */
static void put_claim(struct str *out, const struct dossier *d, size_t index, size_t k)
{
	const struct invoice_record *invoice = &d->cases[index].invoices[k];

	str_printf(out, "%s%.60s (", out->len > 0 ? ", " : "", invoice->external_id);
	money_put(out, invoice->balance_minor, currency_exponent(d->facts.cases[index].currency));
	str_printf(out, " %s)", d->facts.cases[index].currency);
}

static bool hand_over(struct planning *p, const struct dossier *d,
    const struct decision *decision, struct err *err)
{
	struct engine *e = p->engine;
	struct str words;
	bool ok;

	str_init(&words, NULL, TASK_BYTES_MAX);
	for (size_t i = 0; i < decision->case_count; i++) {
		const struct decide_case *c = &d->facts.cases[decision->cases[i].case_index];

		for (size_t k = 0; k < c->invoice_count; k++) {
			if (!decide_counts(c, &c->invoices[k], decision->step, d->today))
				continue;
			if (!ledger_set_state(e->store, c->invoices[k].id, INVOICE_HANDED_OVER, err) ||
			    !book_event(e, p->now, "invoice.handed_over", "engine", &d->debtor,
			    0, c->invoices[k].id, err, "{}")) {
				str_release(&words);
				return false;
			}
			p->sum->handed_over++;
			if (words.len < TASK_BYTES_MAX / 2)
				put_claim(&words, d, decision->cases[i].case_index, k);
		}
	}
	str_put(&words, ": the ladder is climbed. purr handover FOLDER writes it out for who collects "
	    "it; purr handover --back INVOICE takes it back.");
	must(str_ok(&words));
	ok = history_add_task(e->store, d->debtor.creditor_id, d->debtor.id, 0, "hand_over", words.at,
	    p->now, err);
	str_release(&words);
	return ok && ledger_close_settled(e->store, d->debtor.id, p->now, err);
}

/* --- one debtor -------------------------------------------------------------------- */

/* Some waits need somebody: nobody can be reached, the country has no rules. */
static bool add_task(struct planning *p, const struct dossier *d,
    const struct decision *decision, struct err *err)
{
	static const struct { const char *reason, *text; } needs[] = {
		{ "no_channel", "For the step that is next there is no address that may be used: it goes by other "
		    "channels than those that are known, or they are closed. See purr explain." },
		{ "pack.missing", "There is no rule pack for the debtor's country." },
		{ DECIDE_APPROVAL, "A step waits for a person to approve it." },
		{ "money.unallocated", "Money has come in that belongs to no invoice yet." },
	};
	bool open;

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (strcmp(decision->reason, needs[i].reason) != 0)
			continue;
		if (!history_task_is_open(p->engine->store, d->debtor.id, needs[i].reason, &open, err))
			return false;
		return open || history_add_task(p->engine->store, d->debtor.creditor_id,
		    d->debtor.id, 0, needs[i].reason, needs[i].text, p->now, err);
	}
	return true;
}

/* An arm without a heads-up is assigned when the others get theirs. */
static bool assign_waiting(struct planning *p, const struct dossier *d,
    const struct decision *decision, struct err *err)
{
	int64_t id;

	return !decision->assign || add_assignment(p, d, decision, &id, err);
}

static bool write_decision(struct planning *p, struct dossier *d,
    const struct decision *decision, struct err *err)
{
	instant_t next = decision->next_check_at;
	int64_t id;

	if (!book_decision(p->engine, d, decision, false, &id, err))
		return false;
	switch (decision->result) {
	case DECIDE_CONTACT:
		if (!add_contact(p, d, decision, id, err))
			return false;
		break;
	case DECIDE_HAND_OVER:
		if (!hand_over(p, d, decision, err))
			return false;
		next = p->now + 1;	/* look again: the rest of the ledger goes on */
		break;
	case DECIDE_WAIT:
		p->sum->waiting++;
		if (!add_task(p, d, decision, err) || !assign_waiting(p, d, decision, err))
			return false;
		break;
	case DECIDE_NOTHING:
		p->sum->nothing++;
		break;
	}
	must(next > p->now);
	return ledger_sleep_until(p->engine->store, d->debtor.id, next, err);
}

static bool plan_debtor(struct planning *p, int64_t debtor_id, struct err *err)
{
	void *tmp = talloc_pool(NULL, PLAN_DEBTOR_BYTES);
	struct decision decision;
	struct dossier *d = dossier_read(p->engine, tmp, debtor_id, 0, PLAN_MARGIN_MINUTES,
	    p->now, err);
	bool ok = d != NULL;

	if (ok) {
		decide(&d->facts, &d->rules.rules, NULL, &decision);
		p->sum->looked_at++;
		if (p->dry) {
			p->sum->contacts += decision.result == DECIDE_CONTACT;
			p->sum->waiting += decision.result == DECIDE_WAIT;
			p->sum->handed_over += decision.result == DECIDE_HAND_OVER;
			p->sum->nothing += decision.result == DECIDE_NOTHING;
		} else {
			ok = write_decision(p, d, &decision, err);
		}
	}
	talloc_free(tmp);
	return ok;
}

static bool leave_to_person(struct planning *p, int64_t debtor_id, const struct err *why)
{
	struct store *store = p->engine->store;
	void *tmp = talloc_new(NULL);
	struct debtor_record debtor;
	bool open;
	const bool ok = register_get_debtor(store, tmp, debtor_id, &debtor, p->err) &&
	    history_task_is_open(store, debtor_id, "plan_failed", &open, p->err) &&
	    (open || history_add_task(store, debtor.creditor_id, debtor_id, 0, "plan_failed",
	    why->text, p->now, p->err)) &&
	    ledger_sleep_until(store, debtor_id, p->now + PLAN_FAILED_SECONDS, p->err);

	talloc_free(tmp);
	return ok;
}

/* Plans one debtor.  Where that fails for a reason of the debtor's own: with `parted`
 * what was begun for him is undone and a person told, without it *troubled is set. */
static bool plan_or_leave(struct planning *p, int64_t debtor_id, bool parted, bool *troubled)
{
	const struct plan_summary before = *p->sum;
	const struct approve_pass approve = p->approve;
	struct store *store = p->engine->store;
	struct err why = { 0 };

	if (parted && !store_savepoint(store, p->err))
		return false;
	if (plan_debtor(p, debtor_id, &why))
		return !parted || store_release(store, p->err);
	*troubled = why.kind == ERR_INPUT || why.kind == ERR_REFUSED;
	if (!*troubled)
		return err_set(p->err, why.kind, "%s", why.text);
	*p->sum = before;
	p->approve = approve;
	p->sum->looked_at++;
	p->sum->failed++;
	return p->dry || (parted && store_rollback_to(store, p->err) &&
	    leave_to_person(p, debtor_id, &why));
}

/* --- the run ----------------------------------------------------------------------- */

/* One transaction, in which each is asked again whether nobody else was faster. */
static bool batch_once(struct planning *p, const int64_t *ids, size_t n, bool parted,
    bool *troubled)
{
	struct store *store = p->engine->store;
	bool ripe = false;
	/* Outside a transaction SQLite would lock and ask for each statement. */
	bool ok = p->dry ? store_begin_read(store, p->err) : store_begin(store, p->err);

	for (size_t i = 0; ok && i < n; i++) {
		ok = ledger_debtor_is_ripe(store, ids[i], p->now, &ripe, p->err);
		if (ok && ripe)
			ok = plan_or_leave(p, ids[i], parted, troubled);
	}
	if (p->dry) {
		store_end_read(store);
		return ok;
	}
	ok = ok && store_commit(store, p->err);
	if (!ok)
		store_rollback(store);
	return ok;
}

/* A savepoint for each debtor costs a fifth of a plan, since SQLite keeps every page
 * that one changes: only the batch in which somebody failed is done over with them. */
static bool plan_batch(struct planning *p, const int64_t *ids, size_t n)
{
	const struct plan_summary before = *p->sum;
	const struct approve_pass approve = p->approve;
	bool troubled = false;

	if (batch_once(p, ids, n, false, &troubled))
		return true;
	if (!troubled)
		return false;
	*p->sum = before;
	p->approve = approve;
	return batch_once(p, ids, n, true, &troubled);
}

static bool pass(struct engine *e, instant_t now, bool dry, struct plan_summary *sum,
    struct err *err)
{
	struct planning p = { .engine = e, .now = now, .dry = dry, .sum = sum, .err = err };
	struct ripe_sweep sweep = { 0 };
	int64_t *ids;
	size_t n = 0;
	bool ok = true;

	*sum = (struct plan_summary){ 0 };
	while (ok && !sweep.over && !engine_must_stop(e)) {
		void *tmp = talloc_new(NULL);

		ok = ledger_debtors_ripe(e->store, tmp, now, &sweep, PLAN_SWEEP_CASES, &ids, &n, err);
		for (size_t i = 0; ok && i < n && !engine_must_stop(e); i += PLAN_BATCH_DEBTORS)
			ok = plan_batch(&p, &ids[i],
			    n - i < PLAN_BATCH_DEBTORS ? n - i : PLAN_BATCH_DEBTORS);
		talloc_free(tmp);
	}
	sum->unapproved = p.approve.waiting;
	return ok;
}

/* Counted before it is written: the first contact must not be planned either. */
static bool is_usual(struct engine *e, instant_t now, struct err *err)
{
	struct plan_summary would;
	bool wants;

	return breaker_wants_count(e, now, &wants, err) &&
	    (!wants || (pass(e, now, true, &would, err) &&
	    breaker_allows_plan(e, now, would.contacts, err)));
}

bool plan_run(struct engine *e, instant_t now, bool dry, struct plan_summary *sum,
    struct err *err)
{
	const int64_t written = store_rows_written(e->store);
	bool ok;

	*sum = (struct plan_summary){ 0 };
	ok = dry || (policy_activate(e->policy, e, now, err) && settle_run(e, now, err) &&
	    call_expire(e, now, err) && approve_expire(e, now, err) && harm_run(e, now, err) &&
	    is_usual(e, now, err));

	ok = ok && pass(e, now, dry, sum, err);
	sum->rows_written = store_rows_written(e->store) - written;
	return ok;
}
