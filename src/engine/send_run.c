/* send_run.c - see send_run.h.
 *
 * Data: contact ids from the store, through arm.c, to dispatch/, and back
 * through outcome.c into the store.  The order of commits and bytes is the
 * whole point of this file; change it only with the kill tests at hand.
 */
#include "engine/send_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"
#include "compose/letter_page.h"
#include "dispatch/dispatch.h"
#include "dispatch/wire_journal.h"
#include "engine/arm.h"
#include "engine/breaker.h"
#include "engine/outcome.h"
#include "engine/policy.h"
#include "engine/reconcile_run.h"
#include "engine/recover.h"
#include "engine/wire_settings.h"
#include "model/provider.h"

#define LEASE_TOKEN_BYTES TOKEN_TEXT_BYTES

struct sending {
	struct engine		*engine;
	const char		*worker;
	instant_t		 now;		/* the run's, moved on */
	instant_t		 began;
	int64_t			 began_second;
	bool			 dry;
	struct dispatch		*dispatch;
	struct wire_journal	*journal;
	char			 boot_id[BOOT_ID_BYTES];
	char			 token[LEASE_TOKEN_BYTES];
	struct send_summary	*sum;
	const char		*ways;		/* wire_settings.h */
	struct outbox_mark	 mark;		/* of when the batch was armed */
};

/* One batch: the messages that were armed, and what became of each. */
struct batch {
	void		*ctx;
	struct message	*messages;
	size_t		 count;
	struct outcome	*outcomes;
	size_t		 outcome_count;
	struct sending	*sending;
};

/* Seconds of a clock that only runs: the machine's; a made-up provider's own; a
 * replay's day stands still. */
static int64_t running_second(const struct engine *e)
{
	if (e->provider != NULL)
		return e->provider->elapsed(e->provider->arg);
	return e->scratch ? 0 : clock_tick().ms / 1000;
}

/* A long run moves on with the clock, or its last batches would be judged by
 * the hour at which the first one left. */
static void move_on(struct sending *s)
{
	s->now = s->began + running_second(s->engine) - s->began_second;
}

/* --- arm ------------------------------------------------------------------------ */

static void count_answer(struct send_summary *sum, enum arm_answer answer)
{
	sum->postponed += answer == ARM_POSTPONED;
	sum->dropped += answer == ARM_DROPPED;
}

static bool arm_batch(struct sending *s, struct batch *b, const int64_t *ids, size_t n,
    struct err *err)
{
	uint8_t random[TOKEN_BYTES];
	const struct contact_lease lease = { .worker = s->worker, .token = s->token,
	    .boot_id = s->boot_id, .until = s->now + SEND_LEASE_SECONDS, .ways = s->ways };
	enum arm_answer answer;
	bool ok;

	secret_random(random, sizeof(random));
	token_text(random, s->token);
	/* The journal learns of the batch first: see wire_journal_batch(). */
	ok = s->dry || (wire_journal_batch(s->journal, s->token, err) &&
	    store_begin(s->engine->store, err));
	for (size_t i = 0; ok && i < n; i++) {
		ok = arm_contact(s->engine, b->ctx, ids[i], &lease, s->now, s->dry,
		    &b->messages[b->count], &answer, err);
		if (ok && answer == ARM_ARMED)
			b->count++;
		if (ok && answer == ARM_ARMED && s->dry)
			s->sum->sent++;
		if (ok)
			count_answer(s->sum, answer);
	}
	ok = ok && outbox_mark_now(s->engine->store, &s->mark, err);
	if (!s->dry) {
		fault_point("before-arm");
		ok = ok && store_commit(s->engine->store, err);
		if (!ok)
			store_rollback(s->engine->store);
		fault_point("after-arm");
	}
	return ok;
}

/* --- wire ------------------------------------------------------------------------ */

static void done(void *arg, int64_t contact_id, const struct dispatch_result *r)
{
	struct batch *b = arg;

	must(b->outcome_count < b->count);
	b->outcomes[b->outcome_count++] = (struct outcome){ .contact_id = contact_id,
	    .token = b->sending->token, .what = r->outcome, .code = r->code,
	    .provider_id = talloc_strdup(b->ctx, r->provider_id), .provider = r->provider,
	    .detail = talloc_strdup(b->ctx, r->detail), .at_recipient = r->at_recipient,
	    .retry_after_seconds = r->retry_after_seconds, .at = r->at,
	    .at_once = strcmp(r->detail, DISPATCH_OVERTAKEN) == 0 };
}

/* The last of a batch may wait minutes for its turn: by then its claim may be paid, or its
 * debtor have said stop.  Then it is not sent, and looked at again as a whole. */
static bool may_go(void *arg, int64_t contact_id)
{
	struct sending *s = arg;
	struct err err = { 0 };
	bool overtaken = true;

	return outbox_is_overtaken(s->engine->store, contact_id, &s->mark, &overtaken, &err) &&
	    !overtaken;
}

/* One that cannot be drawn is refused by itself; the others go. */
static bool draw_letter(struct sending *s, struct batch *b, struct message *m)
{
	const struct cfg *cfg = s->engine->cfg;
	struct err trouble = { 0 };

	if (letter_page_draw(b->ctx, m, (int)cfg_int(cfg, CFG_LETTER_WINDOW_LEFT),
	    (int)cfg_int(cfg, CFG_LETTER_WINDOW_TOP), &trouble))
		return true;
	done(b, m->contact_id, &(struct dispatch_result){ .outcome = trouble.kind == ERR_INPUT ?
	    SEND_NEVER : SEND_LATER, .detail = "address", .at = m->date });
	return false;
}

static bool wire_batch(struct sending *s, struct batch *b, struct err *err)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct message *m = &b->messages[i];

		/* Outside the transaction: drawing takes its time. */
		if (m->channel == CHANNEL_LETTER && s->engine->provider == NULL &&
		    !s->engine->scratch && !draw_letter(s, b, &b->messages[i]))
			continue;
		/* A person's task: nothing leaves, and nothing can be in doubt. */
		if (m->channel == CHANNEL_CALL)
			done(b, m->contact_id, &(struct dispatch_result){ .outcome = SEND_TAKEN,
			    .detail = "task", .at = m->date });
		else
			dispatch_submit(s->dispatch, m, done, b);
	}
	return dispatch_drain(s->dispatch, err);
}

/* --- record ----------------------------------------------------------------------- */

static void count_outcome(struct send_summary *sum, enum send_outcome what)
{
	sum->sent += what == SEND_TAKEN;
	sum->later += what == SEND_LATER;
	sum->failed += what == SEND_NEVER;
	sum->unknown += what == SEND_UNKNOWN;
}

static bool record_batch(struct sending *s, struct batch *b, struct err *err)
{
	bool ok = store_begin(s->engine->store, err), recorded;

	for (size_t i = 0; ok && i < b->outcome_count; i++) {
		ok = outcome_record(s->engine, &b->outcomes[i], s->now, &recorded, err);
		if (ok && recorded)
			count_outcome(s->sum, b->outcomes[i].what);
	}
	ok = ok && store_commit(s->engine->store, err);
	if (!ok)
		store_rollback(s->engine->store);
	return ok && wire_journal_reset(s->journal, err);
}

static bool send_batch(struct sending *s, const int64_t *ids, size_t n, struct err *err)
{
	struct batch b = { .ctx = talloc_new(NULL), .sending = s };
	struct err wire = { 0 };
	bool ok;

	b.messages = talloc_zero_array(b.ctx, struct message, (unsigned)n);
	b.outcomes = talloc_zero_array(b.ctx, struct outcome, (unsigned)n);
	must(b.messages != NULL && b.outcomes != NULL);
	ok = arm_batch(s, &b, ids, n, err);
	if (ok && !s->dry && b.count > 0) {
		/* Outcomes are recorded even when the loop itself failed. */
		(void)wire_batch(s, &b, &wire);
		move_on(s);		/* what is written now was not known before */
		ok = record_batch(s, &b, err);
		if (ok && err_is_set(&wire)) {
			*err = wire;
			ok = false;
		}
	}
	talloc_free(b.ctx);
	return ok;
}

/* --- the run ------------------------------------------------------------------------ */

static bool open_wire(struct sending *s, void *ctx, struct err *err)
{
	const char *dir = engine_path(s->engine, ctx, "journal");
	struct dispatch_settings settings = wire_settings(s->engine, ctx);

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return err_set(err, ERR_SYSTEM, "%s: %s", dir, strerror(errno));
	s->journal = wire_journal_open(ctx, dir, s->worker, err);
	if (s->journal == NULL || !boot_id_read(s->boot_id, err) ||
	    !recover_run(s->engine, dir, s->worker, wire_journal_is_new(s->journal), s->now,
	    &s->sum->recovered, err) ||
	    !wire_journal_reset(s->journal, err))
		return false;
	if (s->engine->provider == NULL &&
	    !reconcile_run(s->engine, s->now, &s->sum->reconciled, err))
		return false;
	s->ways = sms_way_names(s->engine, ctx);
	settings.may_go = may_go;
	settings.may_go_arg = s;
	wire_close_unfit(s->engine, &settings, s->sum->closed);
	s->dispatch = dispatch_open(ctx, &settings, s->journal, err);
	return s->dispatch != NULL;
}

bool send_run(struct engine *e, const char *worker, instant_t now, bool dry,
    struct send_summary *sum, struct err *err)
{
	void *ctx;
	struct sending s = { .engine = e, .worker = worker, .now = now, .began = now,
	    .began_second = running_second(e), .dry = dry, .sum = sum };
	const int64_t batch = cfg_int(e->cfg, CFG_PURR_SEND_BATCH);
	int64_t *ids;
	size_t n = 0;
	bool ok;

	*sum = (struct send_summary){ 0 };
	if (batch < 1 || batch > SEND_BATCH_MAX)
		return err_set(err, ERR_INPUT, "%s: send_batch is 1 to %d", e->cfg->path,
		    SEND_BATCH_MAX);
	ctx = talloc_new(NULL);
	ok = dry || (policy_activate(e->policy, e, now, err) && open_wire(&s, ctx, err) &&
	    breaker_allows_send(e, now, err));
	do {
		void *tmp = talloc_new(NULL);

		move_on(&s);
		ok = ok && outbox_ripe(e->store, tmp, s.now, dry ? SEND_BATCH_MAX : (int)batch, &ids, &n, err) &&
		    (n == 0 || send_batch(&s, ids, n, err));
		talloc_free(tmp);
	} while (ok && n == (size_t)batch && !dry && !engine_must_stop(e));
	dispatch_close(s.dispatch);
	wire_journal_close(s.journal);
	talloc_free(ctx);
	return ok;
}
