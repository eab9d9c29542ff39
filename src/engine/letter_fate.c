/* letter_fate.c - see letter_fate.h. */
#include "engine/letter_fate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "engine/receipt_run.h"
#include "engine/settle_run.h"
#include "store/history.h"
#include "store/outbox.h"

#define TASK_STUCK "letter_stuck"
#define REASON_STUCK "a letter is not printed"

static const char *const said_states[] = {
	[LETTER_STUCK] = "on_its_way", [LETTER_POSTED] = "on_its_way",
	[LETTER_DELIVERED] = "delivered", [LETTER_RETURNED] = "dead",
};

static bool hold_and_tell(struct engine *e, void *ctx, const struct contact_record *c,
    const char *provider, const struct letter_report *report, instant_t now, struct err *err)
{
	struct hold_record hold = { .scope = SCOPE_DEBTOR, .creditor_id = c->creditor_id,
	    .debtor_id = c->debtor_id, .type = HOLD_MANUAL, .owner = provider,
	    .reason = REASON_STUCK, .until_at = INSTANT_MAX };
	const char *words = report->words[0] != '\0' ? report->words : report->code;
	char *text = talloc_asprintf(ctx, "%s does not print letter %s: %s. Reminders are held. Mend it "
	    "there, and they go on when it is posted; or delete it there, and say so: "
	    "purr resolve %" PRId64 " --not-sent", provider, report->letter_id, words, c->id);

	must(text != NULL);
	return settle_hold(e, &hold, now, &hold.id, err) &&
	    history_add_task(e->store, c->creditor_id, c->debtor_id, c->id, TASK_STUCK, text, now, err);
}

/* Whatever became of it, it lies there no longer. */
static bool go_on(struct engine *e, void *ctx, const struct contact_record *c, const char *who,
    instant_t now, struct err *err)
{
	struct hold_record *holds;
	bool released;
	size_t n;

	if (!ledger_holds(e->store, ctx, c->creditor_id, c->debtor_id, &holds, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (holds[i].scope == SCOPE_DEBTOR && hold_end(&holds[i]) > now &&
		    strcmp(holds[i].reason, REASON_STUCK) == 0 &&
		    !settle_release(e, holds[i].id, who, now, &released, err))
			return false;
	return history_task_done(e->store, c->debtor_id, c->id, TASK_STUCK, who, now, err);
}

bool letter_fate_take(struct engine *e, const char *provider, const struct letter_report *report,
    instant_t now, struct err *err)
{
	struct receipt_record said = { .provider = provider, .provider_id = report->letter_id,
	    .state = said_states[report->state], .code = report->code,
	    .said_at = report->at > 0 ? report->at : now, .taken_at = now };
	void *tmp = talloc_new(NULL);
	struct contact_record c;
	bool added = false;
	bool ok = outbox_find_letter(e->store, provider, report->letter_id, &said.contact_id, err);

	if (ok && said.contact_id != 0 && report->state == LETTER_STUCK) {
		/* It may be stuck again once it was mended: each time counts. */
		said.code = talloc_asprintf(tmp, "%s#%s", report->code, report->event_id);
		must(said.code != NULL);
		ok = outbox_get(e->store, tmp, said.contact_id, &c, err) &&
		    said_add_receipt(e->store, &said, &added, err) &&
		    (!added || c.state != CONTACT_SENT ||
		    hold_and_tell(e, tmp, &c, provider, report, now, err));
	} else if (ok && said.contact_id != 0) {
		ok = receipt_take(e, &said, now, err) &&
		    outbox_get(e->store, tmp, said.contact_id, &c, err) &&
		    go_on(e, tmp, &c, provider, now, err);
	}
	talloc_free(tmp);
	return ok;
}

bool letter_fate_never(struct engine *e, int64_t contact_id, const char *who, instant_t now,
    bool *resolved, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_record c;
	bool open = false;
	bool ok = outbox_get(e->store, tmp, contact_id, &c, err) &&
	    history_task_is_open(e->store, c.debtor_id, TASK_STUCK, &open, err);

	*resolved = ok && open && c.state == CONTACT_SENT && c.channel == CHANNEL_LETTER;
	if (*resolved)
		ok = receipt_never_left(e, contact_id, who, now, err) && go_on(e, tmp, &c, who, now, err);
	talloc_free(tmp);
	return ok;
}
