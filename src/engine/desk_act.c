/* desk_act.c - what a debtor does through a private link: one transaction, one
 * effect for each key, and a receipt that is kept.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/desk.h"
#include "engine/desk_link.h"
#include "engine/settle_run.h"
#include "store/history.h"
#include "store/said.h"

#define OWNER "debtor"
#define TASK_BYTES_MAX (PAY_TEXT_BYTES_MAX + 400)

struct acting {
	struct engine			*engine;
	void				*ctx;
	struct desk_link		 link;
	const struct pay_action		*action;
	const char			*text;		/* never NULL */
	instant_t			 now;
	struct pay_receipt		*receipt;
	struct err			*err;
};

/* --- receipts -------------------------------------------------------------------- */

static bool receipt_read(const char *text, struct pay_receipt *out, struct err *err)
{
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const char *reference;
	json_int_t outcome, quiet, answer;
	const bool ok = json != NULL && json_unpack(json, "{s:I, s:s, s:I, s:I}",
	    "outcome", &outcome, "reference", &reference, "quiet_until", &quiet,
	    "answer_by", &answer) == 0;

	if (ok) {
		*out = (struct pay_receipt){ .outcome = (enum pay_outcome)outcome,
		    .repeated = true, .quiet_until = (day_t)quiet, .answer_by = (day_t)answer };
		(void)snprintf(out->reference, sizeof(out->reference), "%s", reference);
	}
	json_decref(json);
	return ok || err_set(err, ERR_SYSTEM, "a stored receipt cannot be read");
}

static bool receipt_keep(struct acting *a)
{
	char text[200];

	(void)snprintf(text, sizeof(text), "{\"outcome\":%d,\"reference\":\"%s\","
	    "\"quiet_until\":%" PRId32 ",\"answer_by\":%" PRId32 "}", (int)a->receipt->outcome,
	    a->receipt->reference, a->receipt->quiet_until, a->receipt->answer_by);
	return outbox_add_submission(a->engine->store, a->action->key, a->link.contact.id,
	    pay_act_name(a->action->kind), text, a->now, a->err);
}

/* --- holds and tasks ---------------------------------------------------------------- */

static void receipt_of_hold(struct acting *a, const struct hold_record *h)
{
	settle_reference('P', h->id, a->receipt->reference);
	a->receipt->quiet_until = desk_quiet_until(a->link.dossier, h);
}

/* Begins a hold on the debtor, unless the same wish is in force already. */
static bool hold(struct acting *a, enum hold_type type, const char *reason, int days)
{
	const struct dossier *d = a->link.dossier;
	const struct hold_record *own = desk_own_hold(d, type, a->now);
	struct hold_record h = { .scope = SCOPE_DEBTOR, .creditor_id = d->debtor.creditor_id,
	    .debtor_id = d->debtor.id, .type = type, .owner = OWNER, .reason = reason,
	    .until_at = days == 0 ? INSTANT_MAX :
	    zone_instant(d->facts.creditor_zone, d->today + days + 1, 0) };

	if (own != NULL) {
		receipt_of_hold(a, own);
		return true;
	}
	if (!settle_hold(a->engine, &h, a->now, &h.id, a->err))
		return false;
	receipt_of_hold(a, &h);
	return true;
}

static bool task(struct acting *a, const char *kind, const char *what)
{
	const struct debtor_record *debtor = &a->link.dossier->debtor;
	const char *text = talloc_asprintf(a->ctx, "%s %s%s%s", a->receipt->reference, what,
	    a->text[0] != '\0' ? " They wrote: " : "", a->text);

	must(text != NULL && strlen(text) < TASK_BYTES_MAX);
	return history_add_task(a->engine->store, debtor->creditor_id, debtor->id,
	    a->link.contact.id, kind, text, a->now, a->err);
}

/* --- the actions --------------------------------------------------------------------- */

static bool act_paid(struct acting *a)
{
	char day[DAY_TEXT_BYTES];
	const char *reason = talloc_asprintf(a->ctx, "%s%s%s", day_text(a->action->day, day),
	    a->action->day != DAY_NONE && a->text[0] != '\0' ? ": " : "",
	    a->text);

	must(reason != NULL);
	return hold(a, HOLD_PAID_CLAIMED, reason, dossier_claim_days(a->link.dossier));
}

static bool act_promise(struct acting *a)
{
	const struct dossier *d = a->link.dossier;
	struct hold_record h;
	day_t first, last;

	if (!desk_promise_days(a->engine, d, a->now, &first, &last, a->err))
		return false;
	if (first == DAY_NONE)
		a->receipt->outcome = PAY_PROMISE_REFUSED;
	else if (a->action->day < first || a->action->day > last)
		a->receipt->outcome = PAY_DAY_REFUSED;
	if (a->receipt->outcome != PAY_DONE)
		return true;
	if (!settle_promise(a->engine, &d->debtor, d->facts.creditor_zone, a->action->day,
	    OWNER, a->now, &h, a->err))
		return false;
	receipt_of_hold(a, &h);
	return true;
}

static bool act_dispute(struct acting *a)
{
	static const char *const says[PAY_REASONS] = {
		[PAY_REASON_NONE] = "Something is wrong.",
		[PAY_REASON_NOT_MINE] = "The debtor says: this is not for me.",
		[PAY_REASON_AMOUNT] = "The debtor says: the amount is wrong.",
		[PAY_REASON_GOODS] = "The debtor says: goods or service are missing, late or faulty.",
		[PAY_REASON_CANCELLED] = "The debtor says: it was cancelled or sent back.",
		[PAY_REASON_TWICE] = "The debtor says: it was invoiced twice, or credited.",
		[PAY_REASON_OTHER] = "The debtor says: something else is wrong.",
	};
	const bool stranger = a->action->reason == PAY_REASON_NOT_MINE;

	return hold(a, stranger ? HOLD_WRONG_PERSON : HOLD_DISPUTE,
	    pay_reason_name(a->action->reason), 0) &&
	    task(a, stranger ? "wrong_person" : "dispute", says[a->action->reason]);
}

static bool act_parts(struct acting *a)
{
	char what[80];

	(void)snprintf(what, sizeof(what), a->action->parts > 0 ?
	    "The debtor asks to pay in %d parts." : "The debtor asks to pay in parts.",
	    a->action->parts);
	return hold(a, HOLD_PLAN, "asked for", DESK_ANSWER_DAYS) && task(a, "parts", what);
}

static bool act_help(struct acting *a)
{
	return hold(a, HOLD_HARDSHIP, "asked for help", DESK_ANSWER_DAYS) &&
	    task(a, "help", "The debtor asks for help.");
}

static bool act_unsubscribe(struct acting *a)
{
	settle_reference('U', a->link.contact.id, a->receipt->reference);
	return settle_opt_out(a->engine, a->link.contact.creditor_id, a->link.contact.address_id,
	    OWNER, a->now, a->err);
}

/* How the debtor was treated: nothing about the claim changes.  The same answer again adds
 * nothing; another one counts from now on, whichever form it came from. */
static bool act_rate(struct acting *a)
{
	const struct rating_record rating = { .contact_id = a->link.contact.id,
	    .debtor_id = a->link.dossier->debtor.id, .at = a->now, .answer = a->action->rating };
	int64_t last;

	if (!said_rating(a->engine->store, rating.contact_id, rating.debtor_id, &last, a->err))
		return false;
	return last == rating.answer || (said_add_rating(a->engine->store, &rating, a->err) &&
	    book_event(a->engine, a->now, "debtor.rated", OWNER, &a->link.dossier->debtor,
	    a->link.contact.id, 0, a->err, "{\"answer\":%d}", rating.answer));
}

static bool act_kind(struct acting *a)
{
	switch (a->action->kind) {
	case PAY_ACT_PAID_CLAIMED:
		return act_paid(a);
	case PAY_ACT_PROMISE:
		return act_promise(a);
	case PAY_ACT_DISPUTE:
		return act_dispute(a);
	case PAY_ACT_PARTS:
		return act_parts(a);
	case PAY_ACT_HELP:
		return act_help(a);
	case PAY_ACT_UNSUBSCRIBE:
		return act_unsubscribe(a);
	case PAY_ACT_RATE:
		return act_rate(a);
	case PAY_ACTS:
		break;
	}
	must(!"an action");
	return false;
}

/* --- the whole ------------------------------------------------------------------------- */

/* Inside the transaction: everything is read again, whatever the page showed. */
static bool act_once(struct acting *a, const char *token)
{
	const bool rates = a->action->kind == PAY_ACT_RATE;
	const bool always = rates || a->action->kind == PAY_ACT_UNSUBSCRIBE;
	char *kept;

	if (!desk_link_read(a->engine, a->ctx, token, a->now, &a->link, a->err))
		return false;
	/* A letter has no button to say no by: the notice that the law asks for needs its way. */
	if (!a->link.found || (a->action->kind == PAY_ACT_UNSUBSCRIBE &&
	    a->link.contact.channel == CHANNEL_LETTER)) {
		a->receipt->outcome = PAY_NOT_FOUND;
		return true;
	}
	if (!outbox_find_submission(a->engine->store, a->ctx, a->action->key, &kept, a->err))
		return false;
	if (kept != NULL)
		return (!rates || act_rate(a)) && receipt_read(kept, a->receipt, a->err);
	if (a->link.expired && !always)
		a->receipt->outcome = PAY_EXPIRED;
	else if (a->link.all_paid && !always)
		a->receipt->outcome = PAY_ALL_PAID;
	else if (a->link.all_passed && !always)
		a->receipt->outcome = PAY_ALL_PASSED;
	if (a->receipt->outcome != PAY_DONE)
		return true;
	if (!act_kind(a))
		return false;
	return a->receipt->outcome != PAY_DONE || (receipt_keep(a) && (rates ||
	    book_event(a->engine, a->now, "link.used", OWNER, &a->link.dossier->debtor,
	    a->link.contact.id, 0, a->err, "{\"action\":\"%s\",\"reference\":\"%s\"}",
	    pay_act_name(a->action->kind), a->receipt->reference)));
}

bool desk_act(void *arg, void *ctx, const char *token, const struct pay_action *action,
    instant_t now, struct pay_receipt *out, struct err *err)
{
	struct engine *e = arg;
	struct acting a = { .engine = e, .ctx = ctx, .action = action, .now = now,
	    .text = action->text != NULL ? action->text : "",
	    .receipt = out, .err = err };
	bool ok;

	*out = (struct pay_receipt){ .outcome = PAY_DONE, .quiet_until = DAY_NONE,
	    .answer_by = DAY_NONE };
	ok = store_begin(e->store, err) && act_once(&a, token) && store_commit(e->store, err);
	if (!ok)
		store_rollback(e->store);
	return ok;
}
