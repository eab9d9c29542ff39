/* breaker.c - see breaker.h. */
#include "engine/approve_print.h"
#include "engine/breaker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "engine/policy.h"
#include "store/history.h"
#include "store/run.h"

struct asking {
	struct engine		*engine;
	const struct zone	*zone;
	instant_t		 now;
	struct breaker_rule	 rule;
};

/* What is known of one day. */
struct day_figures {
	day_t	day;
	int64_t	contacts;		/* planned on it */
	int64_t	days;			/* compared with */
	int64_t	usual, allowed;
	int64_t	quiet_days;		/* since the last day with contacts */
};

/* --- pure ------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

int64_t breaker_median(int64_t *counts, size_t n)
{
	if (n == 0)
		return 0;
	qsort(counts, n, sizeof(counts[0]), by_size);
	return (counts[(n - 1) / 2] + counts[n / 2]) / 2;
}

int64_t breaker_allowed(const struct breaker_rule *rule, const int64_t *usual)
{
	const int64_t times = usual != NULL ? rule->times * *usual : 0;
	const int64_t more = usual != NULL ? *usual + rule->least : rule->first;

	return times > more ? times : more;
}

/* --- figures ----------------------------------------------------------------- */

static bool begin(struct asking *a, struct engine *e, instant_t now, struct err *err)
{
	*a = (struct asking){ .engine = e, .now = now, .rule = {
	    .times = cfg_int(e->cfg, CFG_BREAKER_TIMES),
	    .least = cfg_int(e->cfg, CFG_BREAKER_LEAST),
	    .first = cfg_int(e->cfg, CFG_BREAKER_FIRST) } };
	a->zone = zone_find(e->cfg->creditor_count > 0 ?
	    e->cfg->creditors[0].text[CREDITOR_ZONE] : "UTC", err);
	return a->zone != NULL;
}

static bool is_off(const struct engine *e)
{
	return e->scratch || cfg_int(e->cfg, CFG_BREAKER_TIMES) == 0;
}

static bool planned_on(const struct asking *a, day_t day, int64_t *contacts, struct err *err)
{
	return run_planned_between(a->engine->store, zone_instant(a->zone, day, 0),
	    zone_instant(a->zone, day + 1, 0), contacts, err);
}

/* The days with contacts before this one, and what follows from them. */
static bool compare(const struct asking *a, struct day_figures *f, struct err *err)
{
	int64_t counts[BREAKER_DAYS];
	day_t before = f->day;
	size_t n = 0;

	while (n < BREAKER_DAYS) {
		instant_t last;

		if (!run_planned_before(a->engine->store, zone_instant(a->zone, before, 0), &last,
		    err))
			return false;
		if (last == 0 || zone_local(a->zone, last).day < f->day - BREAKER_LOOK_BACK_DAYS)
			break;
		before = zone_local(a->zone, last).day;
		if (n == 0)
			f->quiet_days = f->day - before - 1;
		if (!planned_on(a, before, &counts[n++], err))
			return false;
	}
	f->days = (int64_t)n;
	f->usual = breaker_median(counts, n);
	f->allowed = breaker_allowed(&a->rule, n > 0 ? &f->usual : NULL);
	return true;
}

/* What a person has said about that day. */
static bool add_approved(const struct asking *a, struct day_figures *f, bool plan,
    struct err *err)
{
	const instant_t from = plan ? a->now : zone_instant(a->zone, f->day, 0);
	const instant_t to = plan ? a->now + 1 : zone_instant(a->zone, f->day + 1, 0);
	char policy[HASH_HEX_BYTES] = "";
	void *tmp = talloc_new(NULL);
	struct run_record run;
	int64_t seen = 0;
	bool ok;

	if (plan)
		approve_ground(a->engine, policy);
	ok = run_of_day(a->engine->store, tmp, f->day, &run, err) &&
	    run_preview_allows(a->engine->store, policy, from, to, &seen, err);
	if (ok && run.approved_at != 0 && run.contacts + a->rule.least > f->allowed)
		f->allowed = run.contacts + a->rule.least;
	f->allowed += seen;
	talloc_free(tmp);
	return ok;
}

/* --- stopping ------------------------------------------------------------------ */

static bool note_event(const struct asking *a, const struct run_record *r, struct err *err)
{
	char data[160];
	const struct event_new event = { .at = a->now, .kind = "run.stopped", .who = "engine",
	    .data = data };

	(void)snprintf(data, sizeof(data), "{\"run\":%" PRId64 ",\"contacts\":%" PRId64
	    ",\"usual\":%" PRId64 ",\"allowed\":%" PRId64 "}", r->id, r->contacts, r->usual,
	    r->allowed);
	return history_add_event(a->engine->store, &event, err);
}

static bool note_task(const struct asking *a, struct err *err)
{
	bool open;

	return run_task_is_open(a->engine->store, BREAKER_TASK, &open, err) &&
	    (open || run_add_task(a->engine->store, BREAKER_TASK, "Far more people than usual "
	    "would be contacted: look, and approve or hold.", a->now, err));
}

/* Once for the same figures: a worker asks every minute. */
static bool note(const struct asking *a, const struct day_figures *f, struct run_record *r,
    struct err *err)
{
	const bool again = r->id != 0, same = again && r->approved_at == 0 &&
	    r->contacts == f->contacts && r->allowed == f->allowed;

	*r = (struct run_record){ .id = r->id, .kind = RUN_BREAKER, .at = a->now,
	    .planned_on = f->day, .contacts = f->contacts, .usual = f->usual,
	    .allowed = f->allowed };
	if (same)
		return true;
	return (again ? run_stopped_again(a->engine->store, r, err) :
	    run_add(a->engine->store, r, &r->id, err)) && note_event(a, r, err) &&
	    note_task(a, err);
}

static bool refuse(const struct day_figures *f, int64_t run, struct err *err)
{
	char day[DAY_TEXT_BYTES], usual[80], pause[48] = "";

	if (f->days > 0)
		(void)snprintf(usual, sizeof(usual), "%" PRId64 " a day are usual and %" PRId64
		    " allowed", f->usual, f->allowed);
	else
		(void)snprintf(usual, sizeof(usual), "there is no day to compare with and %"
		    PRId64 " are allowed", f->allowed);
	if (f->quiet_days >= BREAKER_QUIET_DAYS)
		(void)snprintf(pause, sizeof(pause), ", after %" PRId64 " days without any",
		    f->quiet_days);
	return err_set(err, ERR_REFUSED, "nothing was planned or sent: %" PRId64 " contacts on "
	    "%s, where %s%s; see 'purr preview', then 'purr approve R-%" PRId64 " --by NAME'",
	    f->contacts, day_text(f->day, day), usual, pause, run);
}

static bool stop(const struct asking *a, const struct day_figures *f, struct err *err)
{
	void *tmp = talloc_new(NULL);
	struct run_record run;
	const bool ok = store_begin(a->engine->store, err) &&
	    run_of_day(a->engine->store, tmp, f->day, &run, err) && note(a, f, &run, err) &&
	    store_commit(a->engine->store, err);

	if (!ok)
		store_rollback(a->engine->store);
	talloc_free(tmp);
	return ok && refuse(f, run.id, err);
}

static bool ask(const struct asking *a, struct day_figures *f, bool plan, struct err *err)
{
	if (f->contacts <= a->rule.least)
		return true;
	if (!compare(a, f, err) || !add_approved(a, f, plan, err))
		return false;
	return f->contacts <= f->allowed || stop(a, f, err);
}

/* --- asking -------------------------------------------------------------------- */

bool breaker_day(struct engine *e, instant_t at, day_t *day, struct err *err)
{
	struct asking a;

	if (!begin(&a, e, at, err))
		return false;
	*day = zone_local(a.zone, at).day;
	return true;
}

bool breaker_wants_count(struct engine *e, instant_t now, bool *wants, struct err *err)
{
	struct day_figures f = { 0 };
	struct asking a;
	int64_t ripe;

	*wants = false;
	if (is_off(e))
		return true;
	if (!begin(&a, e, now, err) || !run_ripe_debtors(e->store, now, &ripe, err))
		return false;
	f.day = zone_local(a.zone, now).day;
	if (ripe == 0)
		return true;
	if (!planned_on(&a, f.day, &f.contacts, err))
		return false;
	if (f.contacts + ripe <= a.rule.least)
		return true;
	if (!compare(&a, &f, err) || !add_approved(&a, &f, true, err))
		return false;
	*wants = f.contacts + ripe > f.allowed;	/* were each of them contacted */
	return true;
}

bool breaker_allows_plan(struct engine *e, instant_t now, int64_t contacts, struct err *err)
{
	struct day_figures f = { 0 };
	struct asking a;

	if (is_off(e) || contacts == 0)
		return true;
	if (!begin(&a, e, now, err))
		return false;
	f.day = zone_local(a.zone, now).day;
	if (!planned_on(&a, f.day, &f.contacts, err))
		return false;
	f.contacts += contacts;
	return ask(&a, &f, true, err);
}

bool breaker_allows_send(struct engine *e, instant_t now, struct err *err)
{
	struct asking a;
	instant_t first = 0;

	if (is_off(e))
		return true;
	if (!begin(&a, e, now, err) || !run_ripe_since(e->store, now, 0, &first, err))
		return false;
	while (first != 0) {
		struct day_figures f = { .day = zone_local(a.zone, first).day };

		if (!planned_on(&a, f.day, &f.contacts, err) || !ask(&a, &f, false, err) ||
		    !run_ripe_since(e->store, now, zone_instant(a.zone, f.day + 1, 0), &first,
		    err))
			return false;
	}
	return true;
}
