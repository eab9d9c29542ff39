/* run.c - see run.h. */
#include "store/run.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "store/history.h"
#include "store/query.h"

static const char *const kinds[] = { [RUN_APPROVAL] = "approval", [RUN_BREAKER] = "breaker" };

/* --- runs ------------------------------------------------------------------- */

static struct run_record run_row(const struct query *q, void *ctx)
{
	return (struct run_record){ .id = query_int(q, 0),
	    .kind = strcmp(query_text(q, 1), kinds[RUN_BREAKER]) == 0 ? RUN_BREAKER :
	    RUN_APPROVAL, .at = query_int(q, 2), .planned_on = (day_t)query_int(q, 3),
	    .contacts = query_int(q, 4), .usual = query_int(q, 5), .allowed = query_int(q, 6),
	    .approved_at = query_int(q, 7), .approved_by = query_dup(q, ctx, 8) };
}

bool run_add(struct store *s, const struct run_record *r, int64_t *id, struct err *err)
{
	if (!query_run(s, STMT_RUN_ADD, err, "tidiii", kinds[r->kind], r->at, r->planned_on,
	    r->contacts, r->usual, r->allowed))
		return false;
	*id = query_last_id(s);
	return true;
}

bool run_get(struct store *s, void *ctx, int64_t id, struct run_record *out, struct err *err)
{
	struct query q;

	*out = (struct run_record){ 0 };
	query_open(&q, s, STMT_RUN_GET, err, "i", id);
	if (query_next(&q))
		*out = run_row(&q, ctx);
	return query_close(&q);
}

bool run_of_day(struct store *s, void *ctx, day_t day, struct run_record *out, struct err *err)
{
	struct query q;

	*out = (struct run_record){ 0 };
	query_open(&q, s, STMT_RUN_OF_DAY, err, "d", day);
	if (query_next(&q))
		*out = run_row(&q, ctx);
	return query_close(&q);
}

bool run_open(struct store *s, void *ctx, day_t from, struct run_record **out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_RUNS_OPEN, err, "d", from);
	while (query_next(&q))
		*GROW(ctx, out, count, struct run_record) = run_row(&q, ctx);
	return query_close(&q);
}

bool run_stopped_again(struct store *s, const struct run_record *r, struct err *err)
{
	return query_run(s, STMT_RUN_STOPPED_AGAIN, err, "iiiii", r->id, r->at, r->contacts,
	    r->usual, r->allowed);
}

bool run_approve(struct store *s, int64_t id, instant_t at, const char *who, bool *approved,
    struct err *err)
{
	if (!query_run(s, STMT_RUN_APPROVE, err, "iit", id, at, who))
		return false;
	*approved = query_changed(s) == 1;
	return true;
}

bool run_count(struct store *s, int64_t id, int64_t contacts, struct err *err)
{
	return query_run(s, STMT_RUN_COUNT, err, "ii", id, contacts);
}

/* --- figures ------------------------------------------------------------------ */

bool run_planned_between(struct store *s, instant_t from, instant_t to, int64_t *out,
    struct err *err)
{
	return query_one_int(s, STMT_PLANNED_BETWEEN, 0, out, err, "ii", from, to);
}

bool run_planned_before(struct store *s, instant_t at, instant_t *out, struct err *err)
{
	return query_one_int(s, STMT_PLANNED_BEFORE, 0, out, err, "i", at);
}

bool run_ripe_since(struct store *s, instant_t now, instant_t since, instant_t *out,
    struct err *err)
{
	return query_one_int(s, STMT_RIPE_SINCE, 0, out, err, "ii", now, since);
}

bool run_ripe_debtors(struct store *s, instant_t now, int64_t *out, struct err *err)
{
	return query_one_int(s, STMT_RIPE_DEBTORS, 0, out, err, "i", now);
}

/* --- contacts that wait --------------------------------------------------------- */

bool run_wait(struct store *s, int64_t contact_id, int64_t run_id, struct err *err)
{
	return query_run(s, STMT_CONTACT_WAIT, err, "ii", contact_id, run_id);
}

bool run_free(struct store *s, int64_t contact_id, struct err *err)
{
	return query_run(s, STMT_CONTACT_FREE, err, "i", contact_id);
}

bool run_free_all(struct store *s, struct err *err)
{
	return query_run(s, STMT_CONTACTS_FREE_ALL, err, "");
}

bool run_waiting(struct store *s, void *ctx, instant_t expires, int64_t **ids, size_t *count,
    struct err *err)
{
	struct query q;

	*ids = NULL;
	*count = 0;
	query_open(&q, s, STMT_CONTACTS_WAITING, err, "i", expires);
	while (query_next(&q))
		*GROW(ctx, ids, count, int64_t) = query_int(&q, 0);
	return query_close(&q);
}

/* --- previews --------------------------------------------------------------------- */

static struct preview_record preview_row(const struct query *q, void *ctx)
{
	return (struct preview_record){ .id = query_dup(q, ctx, 0),
	    .policy_hash = query_dup(q, ctx, 1), .author = query_dup(q, ctx, 2),
	    .made_at = query_int(q, 3), .expires_at = query_int(q, 4),
	    .contacts = query_int(q, 5), .approved_at = query_int(q, 6),
	    .approved_by = query_dup(q, ctx, 7) };
}

bool run_put_preview(struct store *s, const struct preview_record *p, struct err *err)
{
	return query_run(s, STMT_PREVIEW_PUT, err, "tttiii", p->id, p->policy_hash, p->author,
	    p->made_at, p->expires_at, p->contacts);
}

bool run_put_preview_contact(struct store *s, const char *preview_id,
    const struct preview_contact *c, struct err *err)
{
	return query_run(s, STMT_PREVIEW_CONTACT_PUT, err, "ttiti", c->fingerprint, preview_id,
	    c->debtor_id, c->step, c->owed_minor);
}

bool run_get_preview(struct store *s, void *ctx, const char *id, struct preview_record *out,
    struct err *err)
{
	struct query q;

	*out = (struct preview_record){ 0 };
	query_open(&q, s, STMT_PREVIEW_GET, err, "t", id);
	if (query_next(&q))
		*out = preview_row(&q, ctx);
	return query_close(&q);
}

bool run_previews(struct store *s, void *ctx, instant_t now, struct preview_record **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_PREVIEWS_OPEN, err, "i", now);
	while (query_next(&q))
		*GROW(ctx, out, count, struct preview_record) = preview_row(&q, ctx);
	return query_close(&q);
}

bool run_approve_preview(struct store *s, const char *id, instant_t at, const char *who,
    bool *approved, struct err *err)
{
	if (!query_run(s, STMT_PREVIEW_APPROVE, err, "tit", id, at, who))
		return false;
	*approved = query_changed(s) == 1;
	return true;
}

bool run_forget_previews(struct store *s, instant_t now, struct err *err)
{
	return query_run(s, STMT_PREVIEW_FORGET, err, "i", now);
}

bool run_preview_has(struct store *s, const char *preview_id, const struct preview_contact *c,
    bool *has, bool *other, struct err *err)
{
	int64_t same, like;

	if (!query_one_int(s, STMT_PREVIEW_HAS, 0, &same, err, "tti", c->fingerprint, preview_id,
	    c->owed_minor) ||
	    !query_one_int(s, STMT_PREVIEW_HAS_DEBTOR, 0, &like, err, "tit", preview_id,
	    c->debtor_id, c->step))
		return false;
	*has = same != 0;
	*other = like > 0 && same == 0;
	return true;
}

bool run_preview_covers(struct store *s, const char *fingerprint, int64_t owed_minor,
    const char *policy_hash, instant_t now, bool *covers, struct err *err)
{
	int64_t one;

	if (!query_one_int(s, STMT_PREVIEW_COVERS, 0, &one, err, "ttii", fingerprint, policy_hash,
	    now, owed_minor))
		return false;
	*covers = one != 0;
	return true;
}

bool run_approved_as(struct store *s, int64_t contact_id, const char *hash, int64_t owed_minor,
    struct err *err)
{
	return query_run(s, STMT_CONTACT_APPROVED_AS, err, "iti", contact_id, hash, owed_minor);
}

bool run_get_approved_as(struct store *s, int64_t contact_id, char hash[HASH_HEX_BYTES],
    int64_t *owed_minor, struct err *err)
{
	struct query q;

	hash[0] = '\0';
	*owed_minor = 0;
	query_open(&q, s, STMT_CONTACT_GET_APPROVED_AS, err, "i", contact_id);
	if (query_next(&q)) {
		(void)snprintf(hash, HASH_HEX_BYTES, "%s", query_text(&q, 0));
		*owed_minor = query_int(&q, 1);
	}
	return query_close(&q);
}

bool run_preview_allows(struct store *s, const char *policy_hash, instant_t from, instant_t to,
    int64_t *contacts, struct err *err)
{
	return query_one_int(s, STMT_PREVIEW_ALLOWS, 0, contacts, err, "tii", policy_hash, from,
	    to);
}

/* --- tasks of the whole workspace -------------------------------------------------- */

bool run_task_is_open(struct store *s, const char *kind, bool *open, struct err *err)
{
	int64_t count;

	if (!query_one_int(s, STMT_TASK_OF_KIND_OPEN, 0, &count, err, "t", kind))
		return false;
	*open = count > 0;
	return true;
}

bool run_add_task(struct store *s, const char *kind, const char *text, instant_t at,
    struct err *err)
{
	int64_t creditor;

	return query_one_int(s, STMT_CREDITOR_FIRST, 0, &creditor, err, "") &&
	    history_add_task(s, creditor, 0, 0, kind, text, at, err);
}

bool run_end_tasks(struct store *s, const char *kind, const char *who, instant_t at,
    struct err *err)
{
	return query_run(s, STMT_TASKS_OF_KIND_END, err, "tit", kind, at, who);
}
