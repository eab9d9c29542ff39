/* call_review.c - see call_review.h. */
#include "engine/call_review.h"

#include <talloc.h>

#include "base/err.h"
#include "engine/book.h"
#include "engine/call_run.h"
#include "store/history.h"
#include "store/said.h"

static bool take_back(struct engine *e, int64_t contact_id, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_record c;
	struct debtor_record debtor;
	bool changed = false;
	const bool ok = outbox_get(e->store, tmp, contact_id, &c, err) &&
	    register_get_debtor(e->store, tmp, c.debtor_id, &debtor, err) &&
	    said_bounced(e->store, contact_id, now, SAID_NOT_CALLED, &changed, err) &&
	    book_event(e, now, "contact.bounced", "engine", &debtor, c.id, 0, err,
	    "{\"reason\":\"overtaken\"}") &&
	    history_task_done(e->store, c.debtor_id, contact_id, CALL_TASK, "engine", now, err) &&
	    ledger_wake_debtor(e->store, c.debtor_id, now, err);

	talloc_free(tmp);
	return ok;
}

bool call_review(struct engine *e, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	int64_t *ids;
	size_t n = 0;
	bool ok = said_calls_overtaken(e->store, tmp, now, &ids, &n, err);

	for (size_t i = 0; ok && i < n; i++)
		ok = take_back(e, ids[i], now, err);
	talloc_free(tmp);
	return ok;
}
