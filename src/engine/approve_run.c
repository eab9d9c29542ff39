/* approve_run.c - see approve_run.h. */
#include "engine/approve_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/fold.h"
#include "base/must.h"
#include "engine/approve_print.h"
#include "engine/book.h"
#include "engine/breaker.h"
#include "engine/policy.h"
#include "store/history.h"
#include "store/run.h"

/* `data` is a JSON object. */
static bool contact_event(struct engine *e, const struct contact_record *c, const char *kind,
    const char *who, instant_t now, const char *data, struct err *err)
{
	const struct debtor_record debtor = { .id = c->debtor_id, .creditor_id = c->creditor_id };

	return book_event(e, now, kind, who, &debtor, c->id, 0, err, "%s", data);
}

/* --- in a plan ------------------------------------------------------------------ */

static bool begin_waiting(struct engine *e, struct approve_pass *pass, instant_t now,
    struct err *err)
{
	struct run_record run = { .kind = RUN_APPROVAL, .at = now };
	bool open;

	return breaker_day(e, now, &run.planned_on, err) &&
	    run_add(e->store, &run, &pass->run, err) &&
	    run_task_is_open(e->store, APPROVE_TASK, &open, err) &&
	    (open || run_add_task(e->store, APPROVE_TASK, "Messages wait for approval: make a "
	    "preview, and have another person approve it.", now, err));
}

bool approve_planned(struct engine *e, struct approve_pass *pass, int64_t contact_id,
    instant_t now, struct err *err)
{
	char ground[HASH_HEX_BYTES];
	struct approve_print print;
	struct contact_record c;
	bool covered = true, ok;
	void *tmp;

	if (e->scratch || !cfg_bool(e->cfg, CFG_APPROVAL_NEEDED))
		return true;
	tmp = talloc_new(NULL);
	approve_ground(e, ground);
	ok = outbox_get(e->store, tmp, contact_id, &c, err) &&
	    approve_print_read(e, &c, &print, err) &&
	    run_preview_covers(e->store, print.hash, print.owed_minor, ground, now, &covered, err);
	if (ok && covered)
		ok = approve_print_keep(e, contact_id, &print, err);
	if (ok && !covered)
		ok = (pass->run != 0 || begin_waiting(e, pass, now, err)) &&
		    run_wait(e->store, contact_id, pass->run, err) &&
		    run_count(e->store, pass->run, ++pass->waiting, err) &&
		    contact_event(e, &c, "contact.waits", "engine", now, "{}", err);
	talloc_free(tmp);
	return ok;
}

static bool expire_one(struct engine *e, int64_t id, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct contact_record c;
	const bool ok = outbox_get(e->store, tmp, id, &c, err) &&
	    outbox_drop(e->store, id, now, "not_approved", err) &&
	    ledger_wake_debtor(e->store, c.debtor_id, now, err) &&
	    contact_event(e, &c, "contact.dropped", "engine", now,
	    "{\"reason\":\"not_approved\"}", err);

	talloc_free(tmp);
	return ok;
}

bool approve_expire(struct engine *e, instant_t now, struct err *err)
{
	void *tmp = talloc_new(NULL);
	int64_t *ids;
	size_t n;
	bool ok = run_waiting(e->store, tmp, now, &ids, &n, err);

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

/* --- persons ---------------------------------------------------------------------- */

bool approve_name_check(const char *who, struct err *err)
{
	const size_t len = who != NULL ? strlen(who) : 0;

	if (len == 0 || len > APPROVE_NAME_BYTES_MAX || who[0] == ' ' || who[len - 1] == ' ' ||
	    !utf8_is_valid(who, len) || strpbrk(who, "\"\\\n\r\t") != NULL)
		return err_set(err, ERR_INPUT, "--by: give the name of a person, of at most %d "
		    "bytes, without quotes", APPROVE_NAME_BYTES_MAX);
	return true;
}

bool approve_same_person(const char *a, const char *b)
{
	return fold_same_name(a, b);
}

/* --- a preview ---------------------------------------------------------------------- */

struct approving {
	struct engine			*engine;
	const struct preview_record	*preview;
	const char			*who;
	instant_t			 now;
	struct approve_answer		*answer;
};

static bool may_approve(const struct approving *a, const char *id, struct err *err)
{
	const struct preview_record *p = a->preview;
	char ground[HASH_HEX_BYTES], at[INSTANT_TEXT_BYTES];

	if (p->id == NULL)
		return err_set(err, ERR_REFUSED, "there is no preview %.40s; 'purr preview --by "
		    "NAME' makes one", id);
	if (p->expires_at <= a->now)
		return err_set(err, ERR_REFUSED, "preview %s has expired at %s; make a new one",
		    p->id, instant_text(p->expires_at, at));
	if (p->approved_at != 0)
		return err_set(err, ERR_REFUSED, "preview %s was approved already, at %s", p->id,
		    instant_text(p->approved_at, at));
	if (approve_same_person(p->author, a->who))
		return err_set(err, ERR_REFUSED, "preview %s was made under that name; somebody "
		    "else must approve it", p->id);
	approve_ground(a->engine, ground);
	if (strcmp(ground, p->policy_hash) != 0)
		return err_set(err, ERR_REFUSED, "schedules, rules, texts or what purr.conf says of "
		    "a creditor have changed since preview %s; make a new one", p->id);
	return true;
}

static bool free_one(const struct approving *a, int64_t id, int64_t *changed, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct approve_print print;
	char data[64];
	struct contact_record c;
	bool has = false, other = false;
	bool ok = outbox_get(a->engine->store, tmp, id, &c, err) &&
	    approve_print_read(a->engine, &c, &print, err);

	if (ok) {
		const struct preview_contact part = { .fingerprint = print.hash,
		    .step = c.step, .debtor_id = c.debtor_id, .owed_minor = print.owed_minor };

		ok = run_preview_has(a->engine->store, a->preview->id, &part, &has, &other, err);
	}
	*changed += other;
	a->answer->freed += has;
	a->answer->waiting += !has;
	(void)snprintf(data, sizeof(data), "{\"preview\":\"%s\"}", a->preview->id);
	if (ok && has)
		ok = run_free(a->engine->store, id, err) &&
		    approve_print_keep(a->engine, id, &print, err) &&
		    contact_event(a->engine, &c, "contact.approved", a->who, a->now, data, err);
	talloc_free(tmp);
	return ok;
}

static bool free_waiting(const struct approving *a, void *tmp, struct err *err)
{
	int64_t *ids, changed = 0;
	size_t n;

	if (!run_waiting(a->engine->store, tmp, INSTANT_MAX, &ids, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!free_one(a, ids[i], &changed, err))
			return false;
	if (changed > 0)
		return err_set(err, ERR_REFUSED, "%" PRId64 " contact(s) are no longer what preview "
		    "%s showed (channel, tone, fee, invoices or amount); make a new one", changed,
		    a->preview->id);
	return a->answer->waiting > 0 ||
	    run_end_tasks(a->engine->store, APPROVE_TASK, a->who, a->now, err);
}

static bool write_approval(const struct approving *a, struct err *err)
{
	char data[128];
	const struct event_new event = { .at = a->now, .kind = "preview.approved",
	    .who = a->who, .data = data };
	bool approved;

	(void)snprintf(data, sizeof(data), "{\"preview\":\"%s\",\"contacts\":%" PRId64
	    ",\"freed\":%" PRId64 "}", a->preview->id, a->preview->contacts, a->answer->freed);
	return run_approve_preview(a->engine->store, a->preview->id, a->now, a->who, &approved,
	    err) && history_add_event(a->engine->store, &event, err);
}

bool approve_preview(struct engine *e, const char *id, const char *who, instant_t now,
    struct approve_answer *answer, struct err *err)
{
	struct preview_record preview;
	const struct approving a = { .engine = e, .preview = &preview, .who = who, .now = now,
	    .answer = answer };
	void *tmp = talloc_new(NULL);
	bool ok;

	*answer = (struct approve_answer){ 0 };
	ok = store_begin(e->store, err) && run_get_preview(e->store, tmp, id, &preview, err) &&
	    may_approve(&a, id, err) && free_waiting(&a, tmp, err) && write_approval(&a, err) &&
	    store_commit(e->store, err);
	if (!ok)
		store_rollback(e->store);
	talloc_free(tmp);
	return ok;
}

/* --- a run that was stopped ----------------------------------------------------------- */

static bool stopped_run(struct engine *e, void *tmp, int64_t id, struct run_record *run,
    struct err *err)
{
	char at[INSTANT_TEXT_BYTES];

	if (!run_get(e->store, tmp, id, run, err))
		return false;
	if (run->id == 0)
		return err_set(err, ERR_REFUSED, "there is no run R-%" PRId64 "; see 'purr approve "
		    "--list'", id);
	if (run->kind == RUN_APPROVAL)
		return err_set(err, ERR_REFUSED, "run R-%" PRId64 " waits for the approval of a "
		    "preview: 'purr preview --by NAME' shows it and gives an id", id);
	if (run->approved_at != 0)
		return err_set(err, ERR_REFUSED, "run R-%" PRId64 " was approved already, at %s",
		    id, instant_text(run->approved_at, at));
	return true;
}

bool approve_stopped(struct engine *e, int64_t run_id, const char *who, instant_t now,
    struct err *err)
{
	char data[96];
	const struct event_new event = { .at = now, .kind = "run.approved", .who = who,
	    .data = data };
	void *tmp = talloc_new(NULL);
	struct run_record run = { 0 };
	bool approved, ok = store_begin(e->store, err) &&
	    stopped_run(e, tmp, run_id, &run, err);

	(void)snprintf(data, sizeof(data), "{\"run\":%" PRId64 ",\"contacts\":%" PRId64 "}",
	    run_id, run.contacts);
	ok = ok && run_approve(e->store, run_id, now, who, &approved, err) &&
	    run_end_tasks(e->store, BREAKER_TASK, who, now, err) &&
	    history_add_event(e->store, &event, err) && store_commit(e->store, err);
	if (!ok)
		store_rollback(e->store);
	talloc_free(tmp);
	return ok;
}

/* --- the list --------------------------------------------------------------------------- */

static json_t *preview_json(const struct preview_record *p)
{
	char made[INSTANT_TEXT_BYTES], expires[INSTANT_TEXT_BYTES];

	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:o}", "id", p->id, "author", p->author,
	    "made_at", instant_text(p->made_at, made), "expires_at",
	    instant_text(p->expires_at, expires), "contacts", (json_int_t)p->contacts,
	    "approved_by", p->approved_at != 0 ? json_string(p->approved_by) : json_null());
}

static json_t *run_json(const struct run_record *r)
{
	char id[32], at[INSTANT_TEXT_BYTES], day[DAY_TEXT_BYTES];

	(void)snprintf(id, sizeof(id), "R-%" PRId64, r->id);
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "id", id, "kind",
	    r->kind == RUN_BREAKER ? "breaker" : "approval", "at", instant_text(r->at, at),
	    "day", day_text(r->planned_on, day), "contacts", (json_int_t)r->contacts,
	    "usual", (json_int_t)r->usual, "allowed", (json_int_t)r->allowed);
}

bool approve_list(struct engine *e, instant_t now, json_t **out, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct preview_record *previews;
	struct run_record *runs;
	json_t *seen = json_array(), *waiting = json_array();
	size_t preview_count = 0, run_count_ = 0, n = 0;
	int64_t *ids;
	day_t today;
	const bool ok = breaker_day(e, now, &today, err) &&
	    run_previews(e->store, tmp, now, &previews, &preview_count, err) &&
	    run_open(e->store, tmp, today - DECIDE_EXPIRY_DAYS, &runs, &run_count_, err) &&
	    run_waiting(e->store, tmp, INSTANT_MAX, &ids, &n, err);

	for (size_t i = 0; ok && i < preview_count; i++)
		json_array_append_new(seen, preview_json(&previews[i]));
	for (size_t i = 0; ok && i < run_count_; i++)
		json_array_append_new(waiting, run_json(&runs[i]));
	*out = json_pack("{s:o, s:o, s:I}", "previews", seen, "runs", waiting, "waiting",
	    (json_int_t)n);
	must(*out != NULL);
	if (!ok) {
		json_decref(*out);
		*out = NULL;
	}
	talloc_free(tmp);
	return ok;
}
