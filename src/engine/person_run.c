/* person_run.c - see person_run.h. */
#include "engine/person_run.h"

#include <talloc.h>

#include "base/err.h"
#include "base/json_make.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/desk.h"
#include "engine/intake_run.h"
#include "engine/settle_run.h"
#include "store/history.h"

bool person_find(struct engine *e, const char *creditor, const char *debtor, int64_t *debtor_id,
    struct err *err)
{
	int64_t creditor_id;

	if (!intake_creditor(e, creditor, &creditor_id, err) ||
	    !register_find_debtor(e->store, creditor_id, debtor, debtor_id, err))
		return false;
	return *debtor_id != 0 || err_set(err, ERR_INPUT, "there is no debtor '%.60s'", debtor);
}

/* A hold that ends sooner is no peace until the answer. */
static bool is_held(const struct hold_record *holds, size_t n, instant_t until)
{
	for (size_t i = 0; i < n; i++)
		if (holds[i].scope == SCOPE_DEBTOR && hold_end(&holds[i]) >= until)
			return true;
	return false;
}

bool person_peace(struct engine *e, const struct debtor_record *debtor, const char *reason,
    instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct hold_record *holds, h = { .scope = SCOPE_DEBTOR, .creditor_id = debtor->creditor_id,
	    .debtor_id = debtor->id, .type = HOLD_MANUAL, .owner = "debtor", .reason = reason };
	size_t n = 0;
	bool ok = settle_answer_end(e, debtor->creditor_id, now, &h.until_at, err) &&
	    ledger_holds(e->store, tmp, debtor->creditor_id, debtor->id, &holds, &n, err);

	ok = ok && (is_held(holds, n, h.until_at) || settle_hold(e, &h, now, &h.id, err));
	talloc_free(tmp);
	return ok;
}

bool person_complaint(struct engine *e, int64_t debtor_id, const char *who, const char *text,
    instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	const char *words = talloc_asprintf(tmp, "Complaint, written down by %s: %s", who, text);
	struct debtor_record debtor;
	bool ok;

	must(words != NULL);
	ok = register_get_debtor(e->store, tmp, debtor_id, &debtor, err) &&
	    book_event(e, now, "debtor.complained", who, &debtor, 0, 0, err, "{}") &&
	    history_add_task(e->store, debtor.creditor_id, debtor_id, 0, "complaint", words, now,
	    err) && person_peace(e, &debtor, "complained", now, err);
	talloc_free(tmp);
	return ok;
}

static bool open_again(struct engine *e, const struct debtor_record *debtor, int64_t address_id,
    const char *who, const char *reason, instant_t now, struct err *err)
{
	json_t *data = json_pack("{s:I, s:s}", "address", (json_int_t)address_id, "reason", reason);
	char *text = json_line(NULL, data);
	const bool ok = register_mark_works(e->store, address_id, err) &&
	    book_event(e, now, "address.works", who, debtor, 0, 0, err, "%s", text) &&
	    ledger_wake_debtor(e->store, debtor->id, now, err);

	talloc_free(text);
	json_decref(data);
	return ok;
}

bool person_allow(struct engine *e, int64_t debtor_id, enum channel channel, const char *who,
    const char *reason, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct address_record *addresses;
	struct debtor_record debtor;
	size_t n = 0, allowed = 0;
	bool ok = register_get_debtor(e->store, tmp, debtor_id, &debtor, err) &&
	    register_addresses(e->store, tmp, debtor_id, &addresses, &n, err);

	for (size_t i = 0; ok && i < n; i++) {
		if (addresses[i].channel != channel || !(addresses[i].opted_out || addresses[i].bad))
			continue;
		ok = (!addresses[i].bad || open_again(e, &debtor, addresses[i].id, who, reason, now, err)) &&
		    (!addresses[i].opted_out ||
		    settle_opt_in(e, debtor.creditor_id, addresses[i].id, who, reason, now, err));
		allowed++;
	}
	talloc_free(tmp);
	if (ok && allowed == 0)
		return err_set(err, ERR_REFUSED, "nothing of this debtor is closed for %s",
		    channel_name(channel));
	return ok;
}
