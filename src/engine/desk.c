/* desk.c - see desk.h: from a token to the debtor behind it, and the table of
 * calls for web/.  What is shown is in desk_view.c, what is done in desk_act.c.
 */
#include "engine/desk.h"

#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "engine/desk_link.h"
#include "engine/letter.h"
#include "engine/settle_run.h"

#define OWNER "debtor"

/* Nothing open: paid, unless it was handed over. */
static bool read_rest(struct engine *e, void *ctx, struct desk_link *link, struct err *err)
{
	if (!handover_left(e->store, ctx, link->contact.debtor_id, &link->left, &link->left_count,
	    err))
		return false;
	link->all_paid = link->dossier->case_count == 0 && link->left_count == 0;
	link->all_passed = link->dossier->case_count == 0 && link->left_count > 0;
	return true;
}

bool desk_link_read(struct engine *e, void *ctx, const char *token, instant_t now,
    struct desk_link *link, struct err *err)
{
	char hash[HASH_HEX_BYTES];
	instant_t expires_at;
	int64_t contact_id;

	*link = (struct desk_link){ 0 };
	letter_token_hash(token, hash);
	if (!outbox_find_link(e->store, hash, &contact_id, &expires_at, err))
		return false;
	if (contact_id == 0)
		return true;
	link->found = true;
	link->expired = now >= expires_at;
	if (!outbox_get(e->store, ctx, contact_id, &link->contact, err))
		return false;
	link->dossier = dossier_read(e, ctx, link->contact.debtor_id, 0, 0, now, err);
	return link->dossier != NULL && read_rest(e, ctx, link, err);
}

const struct hold_record *desk_own_hold(const struct dossier *d, enum hold_type type,
    instant_t now)
{
	for (size_t i = 0; i < d->hold_count; i++) {
		const struct hold_record *h = &d->holds[i];

		if (h->type == type && h->scope == SCOPE_DEBTOR && h->from_at <= now &&
		    hold_end(h) > now && strcmp(h->owner, OWNER) == 0)
			return h;
	}
	return NULL;
}

bool desk_promise_days(struct engine *e, const struct dossier *d, instant_t now, day_t *first,
    day_t *last, struct err *err)
{
	bool may;

	*first = *last = DAY_NONE;
	if (!settle_may_promise(e, d->debtor.id, now, &may, err))
		return false;
	if (may) {
		*first = d->today;
		*last = d->today + PROMISE_DAYS_MAX;
	}
	return true;
}

day_t desk_quiet_until(const struct dossier *d, const struct hold_record *h)
{
	if (hold_end(h) >= INSTANT_MAX)
		return DAY_NONE;
	return zone_local(d->facts.creditor_zone, hold_end(h) - 1).day;
}

static bool ready(void *arg, struct err *err)
{
	struct engine *e = arg;
	instant_t expires_at;
	int64_t contact_id;

	return outbox_find_link(e->store, "", &contact_id, &expires_at, err);
}

static void turn(void *arg)
{
	struct engine *e = arg;

	store_end_read(e->store);
}

const struct pay_desk *desk_open(void *ctx, struct engine *e)
{
	struct pay_desk *desk = talloc_zero(ctx, struct pay_desk);

	must(desk != NULL);
	*desk = (struct pay_desk){ .arg = e, .look_up = desk_look_up, .act = desk_act,
	    .ready = ready, .turn = turn };
	return desk;
}
