/* harm_run.c - see harm_run.h. */
#include "engine/harm_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json_make.h"
#include "base/must.h"
#include "engine/policy.h"
#include "engine/tone_rows.h"
#include "measure/tail.h"
#include "store/harm.h"
#include "store/history.h"

#define ENGINE "engine"
#define REASON_BYTES 200
#define ALWAYS INT64_MAX

static bool find(struct store *s, void *ctx, const char *experiment, const char *arm,
    struct arm_stop *out, struct err *err)
{
	struct arm_stop *list;
	size_t n;

	*out = (struct arm_stop){ .arm = "" };
	if (!harm_stops(s, ctx, experiment, ALWAYS, &list, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].arm, arm) == 0)
			*out = list[i];
	return true;
}

static bool write_down(struct engine *e, const char *experiment, const struct arm_stop *a,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	json_t *data = json_pack("{s:s, s:s, s:s}", "experiment", experiment, "arm", a->arm,
	    "reason", a->reason);
	const struct event_new event = { .at = a->at, .who = a->who,
	    .kind = a->stopped ? "arm.stopped" : "arm.resumed", .data = json_line(tmp, data) };
	const bool ok = harm_add_stop(e->store, experiment, a, err) &&
	    history_add_event(e->store, &event, err);

	json_decref(data);
	talloc_free(tmp);
	return ok;
}

/* --- the engine's own look --------------------------------------------------------------- */

static bool stop_harmful(struct engine *e, void *ctx, const struct tone_plan *plan,
    const struct tone_harm *h, instant_t now, struct err *err)
{
	const char *arm = plan->arms[h->arm].name;
	char reason[REASON_BYTES];
	struct arm_stop last;
	int64_t creditor, times;

	(void)snprintf(reason, sizeof(reason), "%s: %" PRId64 " of %" PRId64 " debtors against "
	    "%" PRId64 " of %" PRId64, tone_guard_name(h->guard), h->here, h->here_of, h->there,
	    h->there_of);
	if (!find(e->store, ctx, plan->experiment, arm, &last, err) ||
	    !harm_stopped_by(e->store, plan->experiment, arm, ENGINE, &times, err))
		return false;
	if (last.stopped || times > 0)
		return true;
	return write_down(e, plan->experiment, &(struct arm_stop){ .arm = arm, .stopped = true,
	    .at = now, .who = ENGINE, .reason = reason }, err) &&
	    harm_creditor(e->store, plan->experiment, &creditor, err) &&
	    history_add_task(e->store, creditor, 0, 0, "arm_stopped", talloc_asprintf(ctx,
	    "Experiment %s: the arm %s was stopped, since it does harm (%s). End the experiment, or "
	    "let the arm go on: purr experiment %s --resume %s --by NAME --reason TEXT",
	    plan->experiment, arm, reason, plan->experiment, arm), now, err);
}

static bool look(struct engine *e, void *ctx, const char *experiment, day_t today, instant_t now,
    struct err *err)
{
	struct tone_harm harms[TONE_ARMS_MAX];
	struct tone_rows all;
	size_t n;
	bool ok;

	if (!tone_rows_read_guards(e, ctx, experiment, today - 1, &all, err))
		return false;
	n = tone_harms(&all.plan, all.rows, all.count, harms);
	ok = store_begin(e->store, err);
	for (size_t i = 0; ok && i < n; i++)
		ok = stop_harmful(e, ctx, &all.plan, &harms[i], now, err);
	ok = ok && harm_look(e->store, experiment, today, err) && store_commit(e->store, err);
	if (!ok)
		store_rollback(e->store);
	return ok;
}

/* Today, and once somebody's outcome can be known. */
static bool is_due(struct engine *e, const struct experiment *x, day_t today, bool *due,
    struct err *err)
{
	day_t looked, first;

	*due = false;
	if (!harm_looked_on(e->store, x->id, &looked, err))
		return false;
	if (looked == today)
		return true;
	if (!harm_first_on(e->store, x->id, &first, err))
		return false;
	*due = first != DAY_NONE && first + x->horizon_days + x->lag_days < today;
	return true;
}

bool harm_run(struct engine *e, instant_t now, struct err *err)
{
	const day_t today = instant_utc_day(now);
	const struct experiment *x;
	bool ok = true, due;

	tail_start();
	for (size_t i = 0; ok && (x = policy_experiment_at(e->policy, i)) != NULL; i++) {
		void *tmp = talloc_new(NULL);

		ok = is_due(e, x, today, &due, err) && (!due || look(e, tmp, x->id, today, now, err));
		talloc_free(tmp);
	}
	return ok;
}

/* --- a person's word ------------------------------------------------------------------------ */

static bool is_sound(const struct experiment *x, const char *id, const char *arm, bool stop,
    struct err *err)
{
	int index;

	if (x == NULL)
		return err_set(err, ERR_REFUSED, "there is no experiment \"%.64s\" in "
		    "schedules/experiments", id);
	index = experiment_arm_index(x, arm);
	if (index < 0 || index == EXPERIMENT_HOLDOUT)
		return err_set(err, ERR_REFUSED, "experiment %s has no arm \"%.64s\"", id, arm);
	if (stop && (size_t)index == x->reference)
		return err_set(err, ERR_REFUSED, "%s is the reference: the others are written to in its "
		    "ways when they are stopped; end the experiment instead", arm);
	return true;
}

bool harm_decide(struct engine *e, const char *experiment, const char *arm, bool stop,
    const char *who, const char *reason, instant_t now, struct err *err)
{
	const struct experiment *x = policy_experiment(e->policy, experiment);
	void *tmp = talloc_new(NULL);
	struct arm_stop last;
	bool ok = is_sound(x, experiment, arm, stop, err);

	if (ok && strcmp(who, ENGINE) == 0)
		ok = err_set(err, ERR_REFUSED, "\"%s\" is how purr signs: give a person's name", ENGINE);
	ok = ok && store_begin(e->store, err);
	if (ok) {
		ok = find(e->store, tmp, experiment, arm, &last, err);
		if (ok && last.stopped == stop)
			ok = err_set(err, ERR_REFUSED, stop ? "arm %s is stopped already" :
			    "arm %s is not stopped", arm);
		ok = ok && write_down(e, experiment, &(struct arm_stop){ .arm = arm, .stopped = stop,
		    .at = now, .who = who, .reason = reason }, err) && store_commit(e->store, err);
		if (!ok)
			store_rollback(e->store);
	}
	talloc_free(tmp);
	return ok;
}

bool harm_stopped_arms(struct engine *e, const struct experiment *x, unsigned *out,
    struct err *err)
{
	void *tmp = talloc_new(NULL);
	const char **names;
	size_t n;
	const bool ok = harm_stopped(e->store, tmp, x->id, &names, &n, err);

	*out = 0;
	for (size_t i = 0; i < n; i++) {
		const int arm = experiment_arm_index(x, names[i]);

		if (arm >= 0 && (size_t)arm < x->arm_count)
			*out |= 1u << arm;
	}
	talloc_free(tmp);
	return ok;
}
