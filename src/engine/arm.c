/* arm.c - see arm.h. */
#include "engine/arm.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/str.h"
#include "base/zone.h"
#include "engine/approve_print.h"
#include "engine/book.h"
#include "engine/letter.h"
#include "engine/send_run.h"
#include "model/sms.h"
#include "store/handover.h"
#include "store/history.h"

#define ARM_WORDS_BYTES_MAX (256 * 1024)
#define ARM_AGAIN_SECONDS 3600	/* look again at what could not be made */

struct arming {
	struct engine			*engine;
	void				*ctx;
	const struct contact_record	*contact;
	const struct contact_lease	*lease;
	instant_t			 now;
	bool				 dry;
};

static bool drop(struct arming *a, const char *reason, enum arm_answer *answer,
    struct err *err)
{
	const struct debtor_record debtor = { .id = a->contact->debtor_id,
	    .creditor_id = a->contact->creditor_id };

	*answer = ARM_DROPPED;
	return a->dry || (
	    outbox_drop(a->engine->store, a->contact->id, a->now, reason, err) &&
	    ledger_wake_debtor(a->engine->store, debtor.id, a->now, err) &&
	    book_event(a->engine, a->now, "contact.dropped", "engine", &debtor,
	    a->contact->id, 0, err, "{\"reason\":\"%s\"}", reason));
}

/* Too old to send.  That nobody would take it is for a person to know. */
static bool expire(struct arming *a, enum arm_answer *answer, struct err *err)
{
	const struct contact_record *c = a->contact;

	if (!a->dry && c->attempt > 0 && !history_add_task(a->engine->store, c->creditor_id,
	    c->debtor_id, c->id, "not_taken", "The provider did not take this message as long "
	    "as it could be sent.", a->now, err))
		return false;
	return drop(a, "expired", answer, err);
}

static bool postpone(struct arming *a, instant_t ripe_at, const char *reason,
    enum arm_answer *answer, struct err *err)
{
	*answer = ARM_POSTPONED;
	return a->dry || outbox_postpone(a->engine->store, a->contact->id, ripe_at, reason, err);
}

/* Does the step still say what was planned?  A newer version of the schedule may have made
 * a notice of it, or a fee. */
static bool same_words(const struct contact_record *c, const struct schedule_step *step)
{
	return strcmp(step->id, c->step) == 0 && strcmp(step->template, c->template) == 0 &&
	    step->legal_notice == c->legal_notice;
}

/* Is the decision of now still the contact that was planned? */
static bool same_contact(const struct contact_record *c, const struct dossier *d,
    const struct decision *decision, const struct contact_case_record *parts, size_t n)
{
	if (!same_words(c, &decision->schedule->steps[decision->step]) ||
	    decision->channel != c->channel || decision->address_id != c->address_id ||
	    decision->tone != c->tone || decision->case_count != n ||
	    strcmp(d->lang, c->lang) != 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct decide_step *part = &decision->cases[i];
		const struct decide_case *now = &d->facts.cases[part->case_index];

		if (now->id != parts[i].case_id ||
		    now->invoices[part->carrying].id != parts[i].invoice_id ||
		    part->fee_minor > parts[i].fee_minor)
			return false;
	}
	return true;
}

static bool put_link(struct arming *a, const struct decision *decision, struct err *err)
{
	const instant_t life = (instant_t)decision->schedule->link_days * SECONDS_PER_DAY;
	char token[TOKEN_TEXT_BYTES], hash[HASH_HEX_BYTES];

	letter_token(a->engine, a->contact->id, LINK_GENERATION, token);
	letter_token_hash(token, hash);
	return outbox_put_link(a->engine->store, hash, a->contact->id, LINK_GENERATION,
	    a->engine->link_key.id, a->now, a->now + life, err);
}

/* What a collector or a court will ask for: the words as they leave, without
 * the link, which is the debtor's alone. */
static bool put_words(struct arming *a, const struct message *m, struct err *err)
{
	char token[TOKEN_TEXT_BYTES];
	const char *at = m->text, *found;
	struct str words;
	bool ok;

	letter_token(a->engine, a->contact->id, LINK_GENERATION, token);
	str_init(&words, a->ctx, ARM_WORDS_BYTES_MAX);
	while ((found = strstr(at, token)) != NULL) {
		str_putn(&words, at, (size_t)(found - at));
		str_put(&words, "(private)");
		at = found + strlen(token);
	}
	str_put(&words, at);
	ok = handover_put_text(a->engine->store, a->contact->id,
	    m->subject != NULL ? m->subject : "", words.at, err);
	str_release(&words);
	return ok;
}

static bool put_parts(struct arming *a, const struct message *m, struct err *err)
{
	struct sms_size size;

	return m->channel != CHANNEL_SMS || !sms_measure(m->text, strlen(m->text), &size) ||
	    outbox_set_parts(a->engine->store, a->contact->id, (int)size.parts, err);
}

/* Writes what was decided now: decision, fees, balances, link, lease. */
static bool write_armed(struct arming *a, struct dossier *d, const struct decision *decision,
    const struct message *message, struct err *err)
{
	struct store *store = a->engine->store;
	int64_t decision_id;
	bool armed = false;

	if (!book_decision(a->engine, d, decision, true, &decision_id, err))
		return false;
	for (size_t i = 0; i < decision->case_count; i++)
		if (!outbox_set_case_fee(store, a->contact->id,
		    d->cases[decision->cases[i].case_index].record.id,
		    decision->cases[i].fee_minor, err))
			return false;
	if (!book_listed_invoices(a->engine, d, decision, a->contact->id, err) ||
	    !put_link(a, decision, err) || !put_words(a, message, err) ||
	    !put_parts(a, message, err) ||
	    !outbox_arm(store, a->contact->id, a->now, a->lease, decision->deadline_on,
	    decision_id, decision->arm >= 0 ? d->assignment_id : 0,
	    library_hash(policy_library(a->engine->policy)), &armed, err))
		return false;
	must(armed);		/* we read it as planned in this transaction */
	return true;
}

/* One message that cannot be made must not stop everybody else's: it waits, a
 * person is told, and in the end it expires. */
static bool wait_for_person(struct arming *a, const char *kind, const struct err *why,
    enum arm_answer *answer, struct err *err)
{
	const struct contact_record *c = a->contact;
	bool open;

	if (!a->dry && (!history_task_is_open(a->engine->store, c->debtor_id, kind, &open, err) ||
	    (!open && !history_add_task(a->engine->store, c->creditor_id, c->debtor_id, c->id,
	    kind, why->text, a->now, err))))
		return false;
	return postpone(a, a->now + ARM_AGAIN_SECONDS, kind, answer, err);
}

/* A message speaks of its day, in the creditor's zone: what is overdue and what
 * is not yet, a deadline so many days from the dispatch.  It leaves on that day. */
static instant_t day_ends_at(const struct dossier *d)
{
	return zone_instant(d->facts.creditor_zone, d->today + 1, 0);
}

/* Within the margin before the day's end it waits for the next, and is made anew. */
static instant_t ripe_at(const struct dossier *d, const struct decision *decision,
    instant_t now)
{
	const instant_t ends = day_ends_at(d);

	return decision->ripe_at <= now && now + (instant_t)SEND_MARGIN_MINUTES * 60 >= ends ?
	    ends : decision->ripe_at;
}

static bool arm(struct arming *a, struct dossier *d, const struct decision *decision,
    struct message *out, enum arm_answer *answer, struct err *err)
{
	const instant_t ends = day_ends_at(d);
	struct err text = { 0 };

	*answer = ARM_ARMED;
	if (a->dry)
		return true;
	if (letter_make(a->engine, a->ctx, d, a->contact, decision, a->now, out, &text)) {
		if (out->dead_at == 0 || out->dead_at > ends)
			out->dead_at = ends;
		return write_armed(a, d, decision, out, err);
	}
	return text.kind == ERR_INPUT ? wait_for_person(a, "no_text", &text, answer, err) :
	    err_set(err, text.kind, "%s", text.text);
}

/* Is it what a person said yes to, where a person must? */
static bool still_approved(struct arming *a, struct dossier *d, const struct decision *decision,
    bool *still, struct err *err)
{
	struct contact_case_record cases[DECIDE_CASES_MAX];
	struct approve_parts parts = { .cases = cases, .case_count = decision->case_count };
	struct approve_print print;

	*still = true;
	if (!cfg_bool(a->engine->cfg, CFG_APPROVAL_NEEDED))
		return true;
	for (size_t i = 0; i < decision->case_count; i++) {
		const struct decide_step *part = &decision->cases[i];
		const struct decide_case *c = &d->facts.cases[part->case_index];

		cases[i] = (struct contact_case_record){ .case_id = c->id,
		    .invoice_id = c->invoices[part->carrying].id, .fee_minor = part->fee_minor };
	}
	parts.invoices = book_listed(d, d, decision, &parts.invoice_count);
	approve_print_make(a->contact, &parts, &print);
	return approve_print_holds(a->engine, a->contact->id, &print, still, err);
}

static bool look_again(struct arming *a, struct dossier *d, struct message *out,
    enum arm_answer *answer, struct err *err)
{
	const struct contact_record *c = a->contact;
	struct contact_case_record *parts;
	struct decision decision;
	instant_t ripe;
	bool still;
	size_t n;

	if (!outbox_cases(a->engine->store, d, c->id, &parts, &n, err))
		return false;
	decide(&d->facts, &d->rules.rules, NULL, &decision);
	if (decision.result != DECIDE_CONTACT)
		return drop(a, d->case_count == 0 ? "paid" : decision.reason, answer, err);
	if (!same_contact(c, d, &decision, parts, n))
		return drop(a, "changed", answer, err);
	if (!still_approved(a, d, &decision, &still, err))
		return false;
	if (!still)
		return drop(a, "changed", answer, err);
	ripe = ripe_at(d, &decision, a->now);
	if (ripe > a->now && ripe < c->expires_at)
		return postpone(a, ripe, ripe != decision.ripe_at ? "day_ends" : decision.reason,
		    answer, err);
	if (ripe > a->now)
		return expire(a, answer, err);
	return arm(a, d, &decision, out, answer, err);
}

/* Reads everything anew and looks at it. */
static bool read_again(struct arming *a, struct message *out, enum arm_answer *answer,
    struct err *err)
{
	struct dossier *d = dossier_read(a->engine, a->ctx, a->contact->debtor_id,
	    a->contact->id, SEND_MARGIN_MINUTES, a->now, err);

	return d != NULL && look_again(a, d, out, answer, err);
}

bool arm_contact(struct engine *e, void *ctx, int64_t contact_id,
    const struct contact_lease *lease, instant_t now, bool dry, struct message *out,
    enum arm_answer *answer, struct err *err)
{
	struct contact_record contact;
	struct arming a = { .engine = e, .ctx = ctx, .contact = &contact, .lease = lease,
	    .now = now, .dry = dry };
	struct err why = { 0 };

	if (!outbox_get(e->store, ctx, contact_id, &contact, err))
		return false;
	*answer = ARM_GONE;
	if (contact.state != CONTACT_PLANNED || contact.waits_for != 0)
		return true;
	if (now >= contact.expires_at)
		return expire(&a, answer, err);
	if (!dry && !store_savepoint(e->store, err))
		return false;
	if (read_again(&a, out, answer, &why))
		return dry || store_release(e->store, err);
	if (why.kind != ERR_INPUT && why.kind != ERR_REFUSED)
		return err_set(err, why.kind, "%s", why.text);
	return (dry || store_rollback_to(e->store, err)) &&
	    wait_for_person(&a, "send_failed", &why, answer, err);
}
