/* experiment_run.c - see experiment_run.h. */
#include "engine/experiment_run.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json_make.h"
#include "base/must.h"
#include "engine/books_run.h"
#include "engine/policy.h"
#include "measure/figure.h"
#include "measure/outlook.h"
#include "store/history.h"

/* Days from due to the first toned step of the first schedule that names it; -1: none
 * does. */
static int first_step(const struct policy *policy, const char *id)
{
	const struct schedule *s;

	for (size_t i = 0; (s = policy_schedule_at(policy, i)) != NULL; i++)
		for (int k = 0; strcmp(s->experiment, id) == 0 && k < (int)s->step_count; k++)
			if (s->steps[k].toned && s->steps[k].from == STEP_FROM_DUE && s->steps[k].days >= 0)
				return s->steps[k].days;
	return -1;
}

static struct outlook_ask ask_of(const struct experiment *x, int step_days)
{
	struct outlook_ask ask = { .step_days = step_days, .horizon_days = x->horizon_days,
	    .lag_days = x->lag_days, .arms = x->arm_count,
	    .least_basis_points = x->arms[0].basis_points, .planned_debtors = x->planned_debtors,
	    .planned_base = x->planned_base_basis_points / 10000.0,
	    .planned_effect = x->planned_effect_basis_points / 10000.0 };

	for (size_t i = 0; i < x->arm_count; i++)
		if (x->arms[i].basis_points < ask.least_basis_points)
			ask.least_basis_points = x->arms[i].basis_points;
	for (int p = 0; p < PARTIES; p++)
		ask.parties |= x->party[p] ? 1u << p : 0;
	return ask;
}

static const struct experiment *find(struct engine *e, const char *id, int *step_days,
    struct err *err)
{
	const struct experiment *x = policy_experiment(e->policy, id);

	if (x == NULL) {
		err_set(err, ERR_REFUSED, "there is no experiment \"%.64s\" in schedules/experiments", id);
		return NULL;
	}
	*step_days = first_step(e->policy, id);
	if (*step_days < 0) {
		err_set(err, ERR_REFUSED, "no schedule names the experiment \"%s\" and has a toned step "
		    "after the due day: nobody would enter", id);
		return NULL;
	}
	return x;
}

static json_t *outlook_json(const struct experiment *x, const struct outlook *o)
{
	const struct figure share = share_figure(o->paid, FIGURE_LEVEL);
	json_t *visible = json_array(), *out;

	for (int i = 0; i < OUTLOOK_PERIODS; i++)
		json_push(visible, json_pack("{s:i, s:o, s:o}", "weeks", o->period_weeks[i], "debtors",
		    real_json(o->per_week * o->period_weeks[i]), "difference", real_json(o->visible[i])));
	out = json_pack("{s:s, s:i, s:i, s:o, s:b, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o}",
	    "experiment", x->id, "horizon_days", x->horizon_days, "lag_days", x->lag_days, "paid_without", figure_json(&share), "own_base", o->own_base,
	    "base", real_json(o->base), "entering_per_week", real_json(o->per_week),
	    "alpha", real_json(o->alpha), "planned_debtors", (json_int_t)x->planned_debtors,
	    "planned_effect", real_json(x->planned_effect_basis_points / 10000.0),
	    "power", real_json(o->power), "debtors_for_80", real_json(o->debtors_wanted),
	    "weeks", real_json(o->weeks), "smallest_difference", visible);
	must(out != NULL);
	return out;
}

static bool look(struct engine *e, void *ctx, const struct experiment *x, int step_days,
    day_t as_of, struct outlook *out, struct err *err)
{
	const struct outlook_ask ask = ask_of(x, step_days);
	struct books books;

	if (!books_read(e, ctx, as_of, &books, err))
		return false;
	*out = outlook_make(&books, &ask);
	return true;
}

bool experiment_outlook(struct engine *e, void *ctx, const char *id, day_t as_of, json_t **out,
    struct err *err)
{
	const struct experiment *x;
	struct outlook o;
	int step_days;

	x = find(e, id, &step_days, err);
	if (x == NULL || !look(e, ctx, x, step_days, as_of, &o, err))
		return false;
	*out = outlook_json(x, &o);
	return true;
}

static bool write_down(struct engine *e, const struct experiment_start *start, struct err *err)
{
	const struct event_new event = { .at = start->at, .kind = "experiment.started",
	    .who = start->who, .data = start->plan };
	const bool ok = store_begin(e->store, err) && policy_put(e->policy, e, start->at, err) &&
	    history_start_experiment(e->store, start, err) &&
	    history_add_event(e->store, &event, err) && store_commit(e->store, err);

	if (!ok)
		store_rollback(e->store);
	return ok;
}

bool experiment_begin(struct engine *e, void *ctx, const char *id, day_t as_of, const char *who,
    const char *reason, instant_t now, json_t **out, struct err *err)
{
	const struct experiment *x;
	struct outlook o;
	instant_t at;
	int step_days;

	x = find(e, id, &step_days, err);
	if (x == NULL || !history_experiment_started(e->store, id, &at, err) ||
	    !look(e, ctx, x, step_days, as_of, &o, err))
		return false;
	if (x->planned_debtors == 0)
		return err_set(err, ERR_REFUSED, "experiment %s has no \"planned\" size: write down "
		    "debtors, base_basis_points and effect_basis_points; without them it runs as soon as "
		    "a schedule names it", id);
	if (at != 0)
		return err_set(err, ERR_REFUSED, "experiment %s was started already", id);
	if (o.power < OUTLOOK_POWER_MIN && reason == NULL)
		return err_set(err, ERR_REFUSED, "experiment %s would see a difference of %.1f in 100 with "
		    "a chance of %.0f in 100 only: plan %.0f debtors for 80, or say why it shall start all "
		    "the same with --underpowered-ok REASON", id, 100 * (double)
		    x->planned_effect_basis_points / 10000, 100 * o.power, o.debtors_wanted);
	*out = outlook_json(x, &o);
	return write_down(e, &(struct experiment_start){ .experiment = id,
	    .hash = policy_experiment_hash(e->policy, id), .at = now, .who = who,
	    .underpowered_ok = reason != NULL ? reason : "", .plan = json_line(ctx, *out) }, err);
}
