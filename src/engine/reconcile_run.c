/* reconcile_run.c - see reconcile_run.h. */
#include "engine/reconcile_run.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "dispatch/inquiry.h"
#include "engine/letter.h"
#include "engine/outcome.h"
#include "engine/receipt_run.h"
#include "engine/wire_settings.h"
#include "store/handover.h"
#include "store/outbox.h"

#define BATCH 100
#define PROOF_SECONDS 3600		/* by then a provider lists what it has taken */
#define PROOF_TIMES 2

struct reconciling {
	struct engine		*engine;
	void			*ctx;
	instant_t		 now;
	struct doubt_record	*doubts;
	size_t			 count;
	struct inquiry		*asked[SMS_WAYS];	/* one for each doubt; NULL: the way
							 * was not asked */
	int64_t			*settled;
	struct err		*err;
};

static bool may_ask(const struct engine *e, int way)
{
	return sms_way_is_real(e, way) && inquiry_can_ask(sms_way_driver(e, way));
}

/* May it be with this way, as far as anybody knows? */
static bool is_of(const struct engine *e, const struct doubt_record *d, int way)
{
	return sms_way_is_real(e, way) &&
	    (d->provider[0] == '\0' || strcmp(d->provider, sms_way_driver(e, way)) == 0);
}

static bool is_time(const struct doubt_record *d, instant_t now)
{
	static const int64_t after[] = { 120, 900, 3600, 4 * 3600, 16 * 3600 };

	return d->times < (int64_t)(sizeof(after) / sizeof(after[0])) &&
	    now >= d->armed_at + after[d->times];
}

static bool find_doubts(struct reconciling *r)
{
	struct doubt_record *all;
	size_t n;

	if (!outbox_in_doubt(r->engine->store, r->ctx,
	    r->now - (instant_t)RECONCILE_DAYS_MAX * SECONDS_PER_DAY, &all, &n, r->err))
		return false;
	r->doubts = talloc_array(r->ctx, struct doubt_record, (unsigned)n + 1);
	must(r->doubts != NULL);
	for (size_t i = 0; i < n && r->count < BATCH; i++)
		if (is_time(&all[i], r->now))
			r->doubts[r->count++] = all[i];
	return true;
}

static void prepare(struct reconciling *r, const struct doubt_record *d, struct inquiry *out)
{
	char token[TOKEN_TEXT_BYTES];

	letter_token(r->engine, d->contact_id, LINK_GENERATION, token);
	*out = (struct inquiry){ .contact_id = d->contact_id, .to = d->to, .since = d->armed_at,
	    .mark = talloc_asprintf(r->ctx, "/p/%s", token), .provider_id = "" };
	must(out->mark != NULL);
}

/* One way: all doubts that may have been with it. */
static bool ask_way(struct reconciling *r, int way)
{
	const struct dispatch_way settings = sms_way_settings(r->engine, r->ctx, way);
	const struct dispatch_settings all = wire_settings(r->engine, r->ctx);
	struct inquiry *list = talloc_zero_array(r->ctx, struct inquiry, (unsigned)r->count + 1);
	size_t *of = talloc_array(r->ctx, size_t, (unsigned)r->count + 1), n = 0;
	struct err trouble = { 0 };

	must(list != NULL && of != NULL);
	r->asked[way] = talloc_zero_array(r->ctx, struct inquiry, (unsigned)r->count + 1);
	must(r->asked[way] != NULL);
	for (size_t i = 0; i < r->count; i++)
		if (is_of(r->engine, &r->doubts[i], way)) {
			of[n] = i;
			prepare(r, &r->doubts[i], &list[n++]);
		}
	/* Settings that are wrong are told where messages are sent. */
	if (n > 0 && !inquiry_ask(r->ctx, &settings, &all, list, n, &trouble))
		return trouble.kind == ERR_INPUT || err_set(r->err, trouble.kind, "%s", trouble.text);
	for (size_t i = 0; i < n; i++)
		r->asked[way][of[i]] = list[i];
	return true;
}

static const char *state_word(enum inquiry_answer answer)
{
	return answer == INQUIRY_DELIVERED ? "delivered" : answer == INQUIRY_FAILED ? "failed" :
	    "on_its_way";
}

/* True in *there: a provider has it. */
static bool take_found(struct reconciling *r, size_t i, bool *there)
{
	*there = false;
	for (int way = 0; way < SMS_WAYS && !*there; way++) {
		const struct inquiry *q = r->asked[way] == NULL ? NULL : &r->asked[way][i];
		struct receipt_record said;

		if (q == NULL || q->answer <= INQUIRY_NOT_THERE)
			continue;
		*there = true;
		said = (struct receipt_record){ .contact_id = r->doubts[i].contact_id,
		    .provider = sms_way_driver(r->engine, way), .provider_id = q->provider_id,
		    .state = state_word(q->answer), .code = "asked", .said_at = r->now,
		    .taken_at = r->now };
		if (!receipt_take(r->engine, &said, r->now, r->err))
			return false;
	}
	return true;
}

/* Does a way that may have had it, by its name of then, say that it is not there? */
static bool denies(const struct reconciling *r, size_t i, const char *name)
{
	for (int way = 0; way < SMS_WAYS; way++)
		if (strcmp(sms_way_name(r->engine, r->ctx, way), name) == 0)
			return r->asked[way] != NULL &&
			    r->asked[way][i].answer == INQUIRY_NOT_THERE;
	return false;			/* the settings know it no more: it cannot be asked */
}

static bool is_driver_of(const char *driver, const char *name)
{
	return strncmp(name, driver, strlen(driver)) == 0 && name[strlen(driver)] == ':';
}

/* Every way that may have had it says that it is not there.  What counts is what stood in
 * the settings then: another account at the same provider knows nothing of it. */
static bool is_nowhere(const struct reconciling *r, size_t i)
{
	const struct doubt_record *d = &r->doubts[i];
	bool nowhere = d->times + 1 >= PROOF_TIMES && r->now >= d->armed_at + PROOF_SECONDS, any = false;
	char *names = talloc_strdup(r->ctx, d->ways), *rest = names, *name;

	must(names != NULL);
	while ((name = strsep(&rest, " ")) != NULL) {
		if (name[0] == '\0' || (d->provider[0] != '\0' && !is_driver_of(d->provider, name)))
			continue;
		any = true;
		nowhere &= denies(r, i, name);
	}
	return any && nowhere;
}

/* It is found by its link: a text of the creditor's own may have none. */
static bool has_mark(struct reconciling *r, int64_t contact_id, bool *out)
{
	const char *subject, *text;

	if (!handover_get_text(r->engine->store, r->ctx, contact_id, &subject, &text, r->err))
		return false;
	*out = strstr(text, "/p/") != NULL;
	return true;
}

static bool settle(struct reconciling *r, size_t i)
{
	const int64_t id = r->doubts[i].contact_id;
	bool there, marked, resolved = false;

	if (!outbox_asked(r->engine->store, id, r->now, r->err) || !take_found(r, i, &there) ||
	    !has_mark(r, id, &marked))
		return false;
	if (!there && marked && is_nowhere(r, i) &&
	    !outcome_resolve(r->engine, id, false, "provider", r->now, &resolved, r->err))
		return false;
	*r->settled += there || resolved;
	return true;
}

static bool settle_all(struct reconciling *r)
{
	bool ok = store_begin(r->engine->store, r->err);

	for (size_t i = 0; ok && i < r->count; i++)
		ok = settle(r, i);
	ok = ok && store_commit(r->engine->store, r->err);
	if (!ok)
		store_rollback(r->engine->store);
	return ok;
}

bool reconcile_run(struct engine *e, instant_t now, int64_t *settled, struct err *err)
{
	struct reconciling r = { .engine = e, .now = now, .settled = settled, .err = err };
	bool ok = true;

	*settled = 0;
	if (!may_ask(e, SMS_FIRST) && !may_ask(e, SMS_SECOND))
		return true;
	r.ctx = talloc_new(NULL);
	ok = find_doubts(&r);
	for (int way = 0; ok && r.count > 0 && way < SMS_WAYS; way++)
		if (may_ask(e, way))
			ok = ask_way(&r, way);
	ok = ok && (r.count == 0 || settle_all(&r));
	talloc_free(r.ctx);
	return ok;
}
