/* sim_run.c - see sim_run.h.  The machine and its days; what people do is in
 * habit.c and deed.c, what goes wrong in trouble.c.
 */
#include "sim/sim_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"
#include "base/zone.h"
#include "engine/intake_run.h"
#include "engine/plan_run.h"
#include "engine/policy.h"
#include "engine/send_run.h"
#include "engine/workspace.h"
#include "sim/world.h"

#define SECONDS_PER_HOUR 3600
#define AT(hour, minute, second) ((hour) * 3600 + (minute) * 60 + (second))

/* Where windows of the first creditor's place, and of those east and west of
 * it, open and close; the hours at which clocks change; ordinary times. */
static const int32_t steps[] = { AT(0, 10, 0), AT(1, 59, 59), AT(3, 0, 0), AT(7, 59, 59),
    AT(8, 0, 0), AT(8, 31, 0), AT(9, 0, 0), AT(10, 0, 0), AT(11, 17, 0), AT(12, 40, 0),
    AT(14, 0, 0), AT(15, 29, 59), AT(15, 49, 30), AT(16, 0, 0), AT(18, 5, 0), AT(19, 30, 0),
    AT(19, 49, 59), AT(20, 0, 0), AT(21, 0, 0), AT(23, 59, 59) };
#define SIM_STEPS ((int)(sizeof(steps) / sizeof(steps[0])))
#define DESK_STEP 8

static const char *const workers[WORLD_WORKERS] = { "one", "two" };

static instant_t later(instant_t a, instant_t b)
{
	return a > b ? a : b;
}

/* --- the machine ---------------------------------------------------------------- */

bool world_start_machine(struct world *w)
{
	w->machine = talloc_new(w->ctx);
	w->engine = engine_open(w->machine, w->dir, (struct store_options){ .role = STORE_WRITE,
	    .scratch = true }, w->err);
	if (w->engine == NULL)
		return false;
	w->engine->provider = &w->provider;
	return policy_activate(w->engine->policy, w->engine, w->now, w->err);
}

static void stop_machine(struct world *w)
{
	TALLOC_FREE(w->machine);
	w->engine = NULL;
}

/* All state that was not on disk is gone. */
static bool rise_again(struct world *w)
{
	const enum trouble kind = w->death;

	stop_machine(w);
	fault_revive();
	err_clear(w->err);
	w->tally.troubles[kind]++;
	if (kind == TROUBLE_JOURNAL_LOST) {
		const char *path = talloc_asprintf(w->ctx, "%s/journal/%s.wire", w->dir,
		    workers[w->worker]);

		(void)unlink(path);
	}
	if (kind == TROUBLE_OTHER_WORKER)
		w->worker = (w->worker + 1) % WORLD_WORKERS;
	return world_start_machine(w);
}

bool world_pass(struct world *w, struct engine *e, int worker, instant_t now)
{
	struct plan_summary planned;
	struct send_summary sent = { 0 };
	bool ok;

	w->now = now;
	w->now_ms = w->provider_ms;
	w->tally.passes++;
	ok = plan_run(e, now, false, &planned, w->err) &&
	    send_run(e, workers[worker], now, false, &sent, w->err);
	w->tally.recovered += sent.recovered;
	return ok;
}

/* --- a step --------------------------------------------------------------------------- */

/* Does the machine die at this step, and how? */
static bool death_at(const struct world *w, int step, enum trouble *kind)
{
	static const enum trouble deaths[] = { TROUBLE_CRASH_COMMIT, TROUBLE_CRASH_SEND,
	    TROUBLE_JOURNAL_LOST, TROUBLE_OTHER_WORKER };

	for (size_t i = 0; i < sizeof(deaths) / sizeof(deaths[0]); i++) {
		*kind = deaths[i];
		if (trouble_at(w, *kind, w->today, step, SIM_STEPS))
			return true;
	}
	return false;
}

static bool act(struct world *w, struct act *a)
{
	a->at = later(a->at, w->busy_until);
	w->tally.acts[a->kind]++;
	if (deed_do(w, a))
		return true;
	return fault_is_dead() && rise_again(w) && deed_do(w, a);
}

static bool acts_until(struct world *w, instant_t until)
{
	struct act a;

	while (agenda_take(w->agenda, until, &a))
		if (!act(w, &a))
			return false;
	return true;
}

/* One pass at what the machine takes for the time; one more after a death. */
static bool pass(struct world *w, instant_t at, instant_t seen)
{
	const int64_t ms = w->provider_ms;
	bool ok = world_pass(w, w->engine, w->worker, seen);

	if (!ok && fault_is_dead())
		ok = rise_again(w) && world_pass(w, w->engine, w->worker, later(seen,
		    seen + (w->provider_ms - ms) / 1000 + 1));
	w->pass_floor = at + (w->provider_ms - ms) / 1000 + 1;
	w->busy_until = later(w->busy_until, seen + (w->provider_ms - ms) / 1000 + 1);
	return ok;
}

static bool restart(struct world *w)
{
	stop_machine(w);
	return world_start_machine(w);
}

static bool upheavals(struct world *w, int step)
{
	if (trouble_at(w, TROUBLE_SETTINGS, w->today, step, SIM_STEPS) &&
	    !(trouble_change_settings(w) && restart(w)))
		return false;
	if (trouble_at(w, TROUBLE_RESTART, w->today, step, SIM_STEPS)) {
		w->tally.troubles[TROUBLE_RESTART]++;
		return restart(w);
	}
	return true;
}

static bool live_step(struct world *w, int step)
{
	instant_t at = zone_instant(w->zone, w->today, steps[step]), seen;
	enum trouble kind;

	if (death_at(w, step, &kind)) {
		trouble_arm_crash(w, kind, step);
		w->death = kind;
	}
	if (!acts_until(w, at) || (step == DESK_STEP && !deed_desk(w, later(at,
	    w->busy_until)) && !(fault_is_dead() && rise_again(w))))
		return false;
	if (at < w->missed_until)
		return true;
	if (!upheavals(w, step) && !(fault_is_dead() && rise_again(w)))
		return false;
	at = seen = later(at, w->pass_floor);
	if (trouble_at(w, TROUBLE_CLOCK_AHEAD, w->today, step, SIM_STEPS)) {
		seen += SECONDS_PER_HOUR;
		w->tally.troubles[TROUBLE_CLOCK_AHEAD]++;
	}
	if (trouble_at(w, TROUBLE_CLOCK_BACK, w->today, step, SIM_STEPS)) {
		seen -= SECONDS_PER_DAY;
		w->tally.troubles[TROUBLE_CLOCK_BACK]++;
	}
	return pass(w, at, seen);
}

/* Calm at last: what died is recovered, what waited for its lease is sorted. */
static bool come_to_rest(struct world *w)
{
	instant_t at = later(zone_instant(w->zone, w->today + 1, 0),
	    later(w->busy_until, w->pass_floor));

	w->weather = (struct weather){ .flaky_on = DAY_NONE, .slow_on = DAY_NONE };
	fault_revive();
	for (int i = 0; i < 3; i++) {
		at += SEND_LEASE_SECONDS + 60;
		if (!pass(w, at, at))
			return false;
	}
	return true;
}

/* --- the whole ---------------------------------------------------------------------------- */

/* Any season of the years for which rules and calendars are there. */
static day_t first_day(const struct dice *d)
{
	return day_from_ymd(2024, 1, 8) + 7 * (day_t)dice_between(d, "first day", 0, 0, 0, 140);
}

static bool make_workspace(struct world *w)
{
	const struct dice d = { w->options->seed };
	char seed[48], hex[HASH_HEX_BYTES];
	struct key key;

	(void)snprintf(seed, sizeof(seed), "simulation %" PRIu64, w->options->seed);
	sha256_hex(seed, strlen(seed), hex);
	must(key_from_hex(hex, &key, w->err));
	secret_foretell(&key);
	w->first_on = w->today = first_day(&d);
	w->now = day_instant_utc(w->first_on);
	return workspace_make_scratch(w->dir, w->options->like, w->options->like[0] == '\0' ?
	    people_settings(w->ctx) : NULL, seed, w->now, w->err) && world_start_machine(w);
}

static bool make_people(struct world *w)
{
	struct store *store = w->engine->store;
	bool ok;

	people_make(&w->people, w->ctx, w->engine->cfg, w->options->seed, w->options->debtors,
	    w->first_on, w->options->days);
	w->zone = zone_find(w->people.homes[0].zone, w->err);
	ok = w->zone != NULL && store_begin(store, w->err);
	for (size_t i = 0; ok && i < w->people.home_count; i++)
		ok = intake_creditor(w->engine, w->people.homes[i].creditor,
		    &w->people.homes[i].creditor_id, w->err);
	ok = ok && store_commit(store, w->err);
	if (!ok)
		store_rollback(store);
	return ok;
}

bool sim_run(void *ctx, const struct sim_options *options, json_t **out, struct err *err)
{
	struct world *w = talloc_zero(ctx, struct world);
	day_t last;
	bool ok;

	must(w != NULL && options->debtors > 0 && options->days > 0);
	*w = (struct world){ .ctx = w, .options = options, .dir = options->dir,
	    .profile = options->profile, .err = err, .agenda = agenda_new(w),
	    .weather = { .flaky_on = DAY_NONE, .slow_on = DAY_NONE }, .sink = { -1, -1, -1, -1 } };
	w->provider = world_provider(w);
	ok = make_workspace(w) && make_people(w) && world_open_sink(w);
	if (ok)
		habit_begin(w);
	last = w->first_on + options->days - 1;
	for (day_t day = w->first_on; ok && day <= last; day++) {
		w->today = day;
		trouble_morning(w, day);
		for (int step = 0; ok && step < SIM_STEPS; step++)
			ok = live_step(w, step);
		if (options->progress != NULL)
			options->progress(day, last);
	}
	ok = ok && come_to_rest(w) && !err_is_set(err) && audit(w, out);
	stop_machine(w);
	world_close_sink(w);
	talloc_free(w);
	return ok;
}
