/* call_run.c - see call_run.h. */
#include "engine/call_run.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/desk.h"
#include "engine/dossier.h"
#include "engine/receipt_run.h"
#include "engine/settle_run.h"
#include "store/handover.h"
#include "store/history.h"
#include "store/said.h"

#define OPERATOR "operator"

static const struct {
	const char	*name, *state;		/* of the receipt */
} outcomes[CALL_OUTCOMES] = {
	[CALL_REACHED] = { "reached", "delivered" },
	[CALL_VOICEMAIL] = { "voicemail", "delivered" },
	[CALL_UNREACHABLE] = { "unreachable", "failed" },
	[CALL_NOT_RECEIVED] = { "not_received", "delivered" },
	[CALL_DISPUTE] = { "dispute", "delivered" },
	[CALL_PAID] = { "paid", "delivered" },
	[CALL_PROMISE] = { "promise", "delivered" },
	[CALL_WRONG_PERSON] = { "wrong_person", "dead" },
};

const char *call_outcome_name(enum call_outcome outcome)
{
	must(outcome < CALL_OUTCOMES);
	return outcomes[outcome].name;
}

bool call_outcome_parse(const char *name, enum call_outcome *out)
{
	for (int i = 0; i < CALL_OUTCOMES; i++)
		if (strcmp(outcomes[i].name, name) == 0) {
			*out = (enum call_outcome)i;
			return true;
		}
	return false;
}

/* --- the task ------------------------------------------------------------------------ */

bool call_task(struct engine *e, const struct contact_record *c, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct address_record address;
	const char *subject, *words, *text;
	bool ok = register_get_address(e->store, tmp, c->address_id, &address, err) &&
	    handover_get_text(e->store, tmp, c->id, &subject, &words, err);

	if (ok) {
		text = talloc_asprintf(tmp, "Call %s, then say what came of it: purr call %lld "
		    "--outcome reached, voicemail, unreachable, not_received, dispute, paid, "
		    "promise or wrong_person. Say in your own words (%s, %s):\n%s", address.value,
		    (long long)c->id, c->lang, tone_name(c->tone), words);
		must(text != NULL);
		ok = history_add_task(e->store, c->creditor_id, c->debtor_id, c->id, CALL_TASK, text,
		    now, err);
	}
	talloc_free(tmp);
	return ok;
}

/* --- what came of it ------------------------------------------------------------------- */

struct telling {
	struct engine		*engine;
	void			*ctx;
	const struct call_word	*word;
	struct contact_record	 contact;
	struct dossier		*dossier;
	instant_t		 now;
	struct err		*err;
};

static bool hold(struct telling *t, enum hold_type type, int days)
{
	const struct debtor_record *debtor = &t->dossier->debtor;
	struct hold_record h = { .scope = SCOPE_DEBTOR, .creditor_id = debtor->creditor_id,
	    .debtor_id = debtor->id, .type = type, .owner = t->word->who,
	    .reason = t->word->note[0] != '\0' ? t->word->note : "said on the telephone",
	    .until_at = days == 0 ? INSTANT_MAX :
	    zone_instant(t->dossier->facts.creditor_zone, t->dossier->today + days + 1, 0) };

	return settle_hold(t->engine, &h, t->now, &h.id, t->err);
}

static bool task(struct telling *t, const char *kind, const char *what)
{
	const struct debtor_record *debtor = &t->dossier->debtor;
	const char *text = talloc_asprintf(t->ctx, "%s%s%s", what,
	    t->word->note[0] != '\0' ? " They said: " : "", t->word->note);

	must(text != NULL);
	return history_add_task(t->engine->store, debtor->creditor_id, debtor->id, t->contact.id,
	    kind, text, t->now, t->err);
}

static bool promise(struct telling *t)
{
	struct hold_record h;

	if (t->word->on == DAY_NONE || t->word->on < t->dossier->today ||
	    t->word->on > t->dossier->today + PROMISE_DAYS_MAX)
		return err_set(t->err, ERR_INPUT, "a promise names a day, today to %d days ahead",
		    PROMISE_DAYS_MAX);
	return settle_promise(t->engine, &t->dossier->debtor, t->dossier->facts.creditor_zone,
	    t->word->on, t->word->who, t->now, &h, t->err);
}

static bool follow(struct telling *t)
{
	switch (t->word->outcome) {
	case CALL_NOT_RECEIVED:
		return hold(t, HOLD_MANUAL, DESK_ANSWER_DAYS) &&
		    task(t, "not_received", "The invoice never came: send it again.");
	case CALL_DISPUTE:
		return hold(t, HOLD_DISPUTE, 0) &&
		    task(t, "dispute", "On the telephone the debtor said that something is wrong.");
	case CALL_PAID:
		return hold(t, HOLD_PAID_CLAIMED, dossier_claim_days(t->dossier));
	case CALL_PROMISE:
		return promise(t);
	case CALL_WRONG_PERSON:
		return register_mark_strangers(t->engine->store, t->contact.address_id, t->now, t->err) &&
		    hold(t, HOLD_WRONG_PERSON, 0) &&
		    task(t, "wrong_person", "The number is somebody else's: who is the debtor?");
	case CALL_REACHED:
	case CALL_VOICEMAIL:
	case CALL_UNREACHABLE:
	case CALL_OUTCOMES:
		break;
	}
	return true;
}

static bool receipt(struct engine *e, int64_t contact_id, const char *state, const char *code,
    instant_t now, struct err *err)
{
	const struct receipt_record said = { .contact_id = contact_id, .provider = OPERATOR,
	    .provider_id = "", .state = state, .code = code, .said_at = now, .taken_at = now };

	return receipt_take(e, &said, now, err);
}

bool call_told(struct engine *e, int64_t contact_id, const struct call_word *word,
    instant_t now, struct err *err)
{
	struct telling t = { .engine = e, .ctx = talloc_new(NULL), .word = word, .now = now,
	    .err = err };
	bool ok = outbox_get(e->store, t.ctx, contact_id, &t.contact, err);

	if (ok && (t.contact.channel != CHANNEL_CALL || t.contact.state != CONTACT_SENT))
		ok = err_set(err, ERR_REFUSED, "contact:%lld is no call that waits for a word",
		    (long long)contact_id);
	ok = ok && receipt(e, contact_id, outcomes[word->outcome].state,
	    call_outcome_name(word->outcome), now, err);
	if (ok) {
		t.dossier = dossier_read(e, t.ctx, t.contact.debtor_id, 0, 0, now, err);
		ok = t.dossier != NULL && follow(&t) && history_task_done(e->store,
		    t.contact.debtor_id, contact_id, CALL_TASK, word->who, now, err);
	}
	talloc_free(t.ctx);
	return ok;
}

/* --- what nobody did ------------------------------------------------------------------------ */

static bool expire_one(struct engine *e, int64_t contact_id, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_record c;
	const bool ok = outbox_get(e->store, tmp, contact_id, &c, err) &&
	    receipt(e, contact_id, "failed", SAID_NOT_CALLED, now, err) &&
	    history_task_done(e->store, c.debtor_id, contact_id, CALL_TASK, "engine", now, err);

	talloc_free(tmp);
	return ok;
}

bool call_expire(struct engine *e, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	int64_t *ids;
	size_t n = 0;
	bool ok = said_calls_before(e->store, tmp, now - (instant_t)CALL_DAYS_MAX * SECONDS_PER_DAY,
	    &ids, &n, err);

	if (ok && n > 0) {
		ok = store_begin(e->store, err);
		for (size_t i = 0; ok && i < n; i++)
			ok = expire_one(e, ids[i], now, err);
		ok = ok && store_commit(e->store, err);
		if (!ok)
			store_rollback(e->store);
	}
	talloc_free(tmp);
	return ok;
}
