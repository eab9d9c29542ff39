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
	    .what = SEND_UNKNOWN, .detail = "journal lost" };
	const struct wire_record *record;

	if (!past->found || strcmp(c->boot_id, boot_id) != 0) {
		if (past->found)
			out.detail = "machine restarted";
		return out;
	}
	record = wire_past_find(past, c->id, c->token);
	if (record == NULL) {
		out.what = SEND_LATER;		/* never left */
		out.retry_after_seconds = 1;
		out.detail = "worker died before the wire";
	} else if (!record->this_boot || !record->ended) {
		out.detail = "worker died on the wire";
	} else {
		out.what = record->outcome;
		out.code = record->code;
		out.provider_id = record->provider_id;
		out.detail = "recovered";
	}
	return out;
}

static bool recover_list(struct engine *e, const char *journal_dir, void *ctx,
    const struct armed_contact *list, size_t n, instant_t now, int64_t *recovered,
    struct err *err)
{
	char boot_id[BOOT_ID_BYTES];
	struct wire_past past = { 0 };
	const char *read_of = NULL;
	bool recorded;

	if (n > 0 && !boot_id_read(boot_id, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct outcome outcome;

		if (read_of == NULL || strcmp(read_of, list[i].worker) != 0) {
			if (!wire_journal_read(ctx, wire_journal_path(ctx, journal_dir,
			    list[i].worker), &past, err))
				return false;
			read_of = list[i].worker;
		}
		outcome = judge(&list[i], &past, boot_id);
		if (!outcome_record(e, &outcome, now, &recorded, err))
			return false;
		*recovered += recorded;
	}
	return true;
}

bool recover_run(struct engine *e, const char *journal_dir, const char *worker,
    instant_t now, int64_t *recovered, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct armed_contact *own, *expired;
	size_t own_count, expired_count;
	bool ok = store_begin(e->store, err) &&
	    outbox_armed_by(e->store, tmp, worker, &own, &own_count, err) &&
	    recover_list(e, journal_dir, tmp, own, own_count, now, recovered, err) &&
	    outbox_armed_expired(e->store, tmp, now, &expired, &expired_count, err) &&
	    recover_list(e, journal_dir, tmp, expired, expired_count, now, recovered, err) &&
	    store_commit(e->store, err);

	if (!ok)
		store_rollback(e->store);
	talloc_free(tmp);
	return ok;
}
