/* recover.c - see recover.h. */
#include "engine/recover.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "dispatch/wire_journal.h"
#include "engine/outcome.h"
#include "store/outbox.h"

/* What the journal says of one armed contact. */
static struct outcome judge(const struct armed_contact *c, const struct wire_past *past,
    const char *boot_id)
{
	struct outcome out = { .contact_id = c->id, .token = c->token, .provider_id = "",
	    .what = SEND_UNKNOWN, .detail = "journal lost", .at = c->armed_at };
	const struct wire_record *record;
	bool this_boot;

	if (!wire_past_has_batch(past, c->token, &this_boot))
		return out;
	if (!this_boot || strcmp(c->boot_id, boot_id) != 0) {
		out.detail = "machine restarted";
		return out;
	}
	record = wire_past_find(past, c->id, c->token);
	if (record == NULL) {
		out.what = SEND_LATER;		/* never left */
		out.at_once = true;
		out.detail = "worker died before the wire";
	} else if (!record->this_boot || !record->ended) {
		out.detail = "worker died on the wire";
	} else {
		out.what = record->outcome;
		out.code = record->code;
		out.provider_id = record->provider_id;
		out.provider = record->provider;
		out.at_recipient = record->at_recipient;
		out.at = record->at;
		out.detail = record->detail[0] != '\0' ? record->detail : "recovered";
	}
	return out;
}

struct recovering {
	struct engine	*engine;
	const char	*journal_dir;
	instant_t	 now;
	int64_t		*recovered;
	char		 boot_id[BOOT_ID_BYTES];
};

static bool recover_list(struct recovering *r, const struct armed_contact *list, size_t n,
    const struct wire_past *past, struct err *err)
{
	bool recorded;

	for (size_t i = 0; i < n; i++) {
		const struct outcome outcome = judge(&list[i], past, r->boot_id);

		if (!outcome_record(r->engine, &outcome, r->now, &recorded, err))
			return false;
		*r->recovered += recorded;
	}
	return true;
}

/* This worker's own; its journal is open, and so not read when it is new. */
static bool recover_own(struct recovering *r, void *ctx, const char *worker, bool journal_lost,
    struct err *err)
{
	struct wire_past past = { 0 };
	struct armed_contact *list;
	size_t n;

	return outbox_armed_by(r->engine->store, ctx, worker, &list, &n, err) &&
	    (journal_lost || wire_journal_read(ctx, wire_journal_path(ctx, r->journal_dir,
	    worker), &past, err)) && recover_list(r, list, n, &past, err);
}

/* Those whose lease has run out, one worker after the other.  A worker that
 * still holds its journal is slow, not dead: it may be putting the next of
 * them on the wire this very moment. */
static bool recover_expired(struct recovering *r, void *ctx, struct err *err)
{
	struct armed_contact *list;
	size_t n, end;

	if (!outbox_armed_expired(r->engine->store, ctx, r->now, &list, &n, err))
		return false;
	for (size_t i = 0; i < n; i = end) {
		const char *path = wire_journal_path(ctx, r->journal_dir, list[i].worker);
		struct wire_past past = { 0 };

		for (end = i + 1; end < n && strcmp(list[end].worker, list[i].worker) == 0;)
			end++;
		if (wire_journal_is_held(path))
			continue;
		if (!wire_journal_read(ctx, path, &past, err) ||
		    !recover_list(r, &list[i], end - i, &past, err))
			return false;
	}
	return true;
}

bool recover_run(struct engine *e, const char *journal_dir, const char *worker,
    bool journal_lost, instant_t now, int64_t *recovered, struct err *err)
{
	struct recovering r = { .engine = e, .journal_dir = journal_dir, .now = now,
	    .recovered = recovered };
	void *tmp = talloc_new(NULL);
	const bool ok = boot_id_read(r.boot_id, err) && store_begin(e->store, err) &&
	    recover_own(&r, tmp, worker, journal_lost, err) &&
	    recover_expired(&r, tmp, err) && store_commit(e->store, err);

	if (!ok)
		store_rollback(e->store);
	talloc_free(tmp);
	return ok;
}
