/* tone_rows.c - see tone_rows.h.
 *
 * Reads only what is stored: no file of the workspace decides a number here,
 * and the experiment is taken by the hash that the assignments name.
 */
#include "engine/tone_rows.h"

#include <math.h>
#include <string.h>

#include <talloc.h>

#include "base/cfg.h"
#include "base/err.h"
#include "base/money.h"
#include "base/must.h"
#include "base/zone.h"
#include "engine/policy.h"
#include "engine/tone_merged.h"
#include "engine/tone_outcome.h"
#include "store/harm.h"
#include "store/history.h"
#include "store/said.h"

struct reporting {
	struct engine			*engine;
	void				*ctx;		/* dies with the report */
	void				*tmp;		/* dies with the assignment */
	const struct experiment		*experiment;	/* as it was registered */
	const struct experiment		*newest;	/* that anybody was assigned by */
	day_t				 as_of;
	bool				 guards_only;
	bool				 plan_changed;	/* since it was registered */
	struct err			*err;
};

/* --- one assignment ---------------------------------------------------------------- */

/* What happened to anyone of the unit by the horizon's last day. */
static bool fill_guards(struct reporting *r, const struct assignment_record *a,
    const struct zone *zone, struct tone_row *row)
{
	struct store *store = r->engine->store;
	instant_t at[TONE_GUARDS];

	if (!history_unit_first_hold(store, a->debtor_id, "dispute", a->at, &at[GUARD_DISPUTE],
	    r->err) ||
	    !history_unit_first_hold(store, a->debtor_id, "hardship", a->at, &at[GUARD_HARDSHIP],
	    r->err) ||
	    !history_unit_first_opt_out(store, a->debtor_id, a->at, &at[GUARD_OPT_OUT], r->err) ||
	    !history_unit_first_complaint(store, a->debtor_id, a->at, &at[GUARD_COMPLAINT], r->err))
		return false;
	for (int g = 0; g < TONE_GUARDS; g++) {
		const day_t day = tone_day_known(zone, r->as_of, at[g]);

		row->guard[g] = day != DAY_NONE && day <= a->on + r->experiment->horizon_days;
	}
	return true;
}

/* The last answer to how they were treated, as far as it is known by then. */
static bool fill_rating(struct reporting *r, const struct assignment_record *a,
    const struct zone *zone, struct tone_row *row)
{
	const day_t horizon = a->on + r->experiment->horizon_days;
	const day_t last = horizon < r->as_of ? horizon : r->as_of;
	int64_t answer;

	if (!said_unit_rating(r->engine->store, a->debtor_id, a->at, zone_instant(zone, last + 1, 0),
	    &answer, r->err))
		return false;
	row->rating = (int)answer;
	return true;
}

/* Messages and tasks by the horizon's last day, at the prices of purr.conf. */
static bool fill_cost(struct reporting *r, const struct assignment_record *a, struct tone_row *row)
{
	static const enum cfg_key prices[CHANNELS] = { [CHANNEL_EMAIL] = CFG_COST_EMAIL,
		[CHANNEL_SMS] = CFG_COST_SMS_PART, [CHANNEL_LETTER] = CFG_COST_LETTER,
		[CHANNEL_CALL] = CFG_COST_TASK };
	const struct cfg *cfg = r->engine->cfg;
	struct assignment_touch touch;
	double cost;

	if (!history_assignment_touch(r->engine->store, a->id,
	    (int64_t)(r->experiment->horizon_days + 1) * SECONDS_PER_DAY, &touch, r->err))
		return false;
	cost = (double)(touch.tasks * cfg_price(cfg, CFG_COST_TASK));
	for (int c = 0; c < CHANNELS; c++)
		cost += (double)(touch.sent[c] * cfg_price(cfg, prices[c]));
	row->cost_minor = cost * pow(10, currency_exponent(a->currency)) / CFG_PRICE_UNIT;
	return true;
}

static bool fill_past(struct reporting *r, const struct assignment_record *a, struct tone_row *row)
{
	const double none = (double)NAN;
	struct assignment_past past;

	if (!history_assignment_past(r->engine->store, r->ctx, a->id, &past, r->err))
		return false;
	row->unit = past.public_id;
	row->lang = past.lang;
	row->covariate[COVARIATE_LOG_AMOUNT] = row->opening_minor > 0 ?
	    log((double)row->opening_minor) : none;
	row->covariate[COVARIATE_DAYS_OVERDUE] = past.due_on == DAY_NONE ? none :
	    (double)(a->on - past.due_on);
	row->covariate[COVARIATE_PAID_ON_TIME] = past.earlier == 0 ? none :
	    (double)past.on_time / (double)past.earlier;
	row->covariate[COVARIATE_REMINDERS] = (double)past.reminders;
	return true;
}

static bool fill_row(struct reporting *r, const struct assignment_record *a,
    struct tone_row *row)
{
	const struct zone *zone = zone_find(a->zone, r->err);
	const struct tone_following f = { .store = r->engine->store, .tmp = r->tmp, .zone = zone,
	    .as_of = r->as_of, .horizon_days = r->experiment->horizon_days, .err = r->err };
	const int arm = experiment_arm_index(r->experiment, a->arm);
	int64_t *by_day = talloc_zero_array(r->ctx, int64_t,
	    (unsigned)r->experiment->horizon_days + 1);

	must(by_day != NULL);
	/* An arm that the experiment does not have: the report rejects the row. */
	*row = (struct tone_row){ .arm = arm == EXPERIMENT_HOLDOUT ? TONE_HELD_OUT :
	    arm >= 0 ? (size_t)arm : TONE_ARMS_MAX,
	    .assigned_on = a->on, .paid_on = DAY_NONE, .exit_on = DAY_NONE,
	    .paid_minor_by_day = by_day, .delivered = a->delivered,
	    .softened = a->softened };
	if (zone == NULL)
		return false;
	row->exposed = tone_day_known(zone, r->as_of, a->exposed_at) != DAY_NONE;
	return fill_guards(r, a, zone, row) && fill_rating(r, a, zone, row) &&
	    tone_outcome_read(&f, a, by_day, row) && fill_past(r, a, row) && fill_cost(r, a, row);
}

/* --- the experiment and its epochs ---------------------------------------------------- */

/* What may not be another one once it has begun. */
static bool same_plan(const struct experiment *a, const struct experiment *b)
{
	return a->horizon_days == b->horizon_days && a->lag_days == b->lag_days &&
	    a->margin_basis_points == b->margin_basis_points &&
	    strcmp(a->arms[a->reference].name, b->arms[b->reference].name) == 0 &&
	    a->planned_debtors == b->planned_debtors && a->planned_end == b->planned_end &&
	    a->planned_base_basis_points == b->planned_base_basis_points &&
	    a->planned_effect_basis_points == b->planned_effect_basis_points &&
	    memcmp(a->guard_basis_points, b->guard_basis_points,
	    sizeof(a->guard_basis_points)) == 0;
}

/* The experiment as it was registered, and as it is used now. */
static bool find_registered(struct reporting *r, const struct experiment_used *used)
{
	struct engine *e = r->engine;
	const char *hash;

	r->newest = r->experiment = policy_experiment_version(e->policy, e, used->hash, r->err);
	if (r->newest == NULL || !history_experiment_registered(e->store, r->ctx, used->id, &hash,
	    r->err))
		return false;
	if (hash[0] == '\0' || strcmp(hash, used->hash) == 0)
		return true;
	r->experiment = policy_experiment_version(e->policy, e, hash, r->err);
	r->plan_changed = r->experiment != NULL && !same_plan(r->experiment, r->newest);
	return r->experiment != NULL;
}

static bool find_experiment(struct reporting *r, const char *id)
{
	const struct experiment_used *used = NULL;
	struct experiment_used *list;
	size_t n;

	if (!history_experiments(r->engine->store, r->ctx, &list, &n, r->err))
		return false;
	for (size_t i = 0; i < n && used == NULL; i++)
		if (id == NULL || strcmp(list[i].id, id) == 0)
			used = &list[i];
	if (used == NULL && id == NULL)
		return err_set(r->err, ERR_REFUSED, "nobody has been assigned to an experiment yet");
	if (used == NULL)
		return err_set(r->err, ERR_REFUSED, "nobody has been assigned in an experiment "
		    "\"%.64s\"", id);
	if (id == NULL && n > 1)
		return err_set(r->err, ERR_REFUSED, "several experiments have been run (%s, %s%s): "
		    "say which with --experiment ID", list[0].id, list[1].id, n > 2 ? ", ..." : "");
	return find_registered(r, used);
}

/* The currency of most assignments; of two with as many, the first in the
 * alphabet. */
static const char *main_currency(void *ctx, const struct assignment_record *list, size_t n)
{
	struct counted { const char *currency; size_t count; } *kinds = NULL, best = { "", 0 };
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < count && strcmp(kinds[k].currency, list[i].currency) != 0)
			k++;
		if (k == count) {
			kinds = talloc_realloc(ctx, kinds, struct counted, (unsigned)++count);
			must(kinds != NULL);
			kinds[k] = (struct counted){ list[i].currency, 0 };
		}
		kinds[k].count++;
	}
	for (size_t k = 0; k < count; k++)
		if (kinds[k].count > best.count || (kinds[k].count == best.count &&
		    strcmp(kinds[k].currency, best.currency) < 0))
			best = kinds[k];
	return best.currency;
}

/* What an arm has of its own beside the tone and the channels, in words. */
static const char *lever_words(void *ctx, const struct experiment_arm *arm)
{
	char *words = talloc_strdup(ctx, "");

	if (arm->hour != SCHEDULE_NO_HOUR)
		words = talloc_asprintf_append(words, ", not before %02d:00", arm->hour);
	if (arm->sender[0] != '\0')
		words = talloc_asprintf_append(words, ", signed by %s", arm->sender);
	if (arm->plan_offer_given)
		words = talloc_asprintf_append(words, ", %s", arm->plan_offer ?
		    "an offer to pay in parts" : "no offer to pay in parts");
	if (arm->no_heads_up)
		words = talloc_asprintf_append(words, ", no heads-up");
	must(words != NULL);
	return words[0] == '\0' ? words : words + 2;
}

static const char *channel_words(void *ctx, const struct experiment_arm *arm)
{
	char *words = talloc_strdup(ctx, "");

	for (size_t i = 0; i < arm->channel_count; i++)
		words = talloc_asprintf_append(words, "%s%s", i > 0 ? " " : "",
		    channel_name(arm->channels[i]));
	must(words != NULL);
	return words;
}

/* The arm as it speaks now, for what a reader must know of it. */
static const struct experiment_arm *arm_now(const struct reporting *r, size_t i)
{
	const int at = experiment_arm_index(r->newest, r->experiment->arms[i].name);

	return at >= 0 ? &r->newest->arms[at] : &r->experiment->arms[i];
}

static void fill_plan(struct reporting *r, const char *currency, bool no_true_effect,
    struct tone_plan *plan)
{
	const struct experiment *x = r->experiment;

	*plan = (struct tone_plan){ .experiment = x->id, .hypothesis = x->hypothesis,
	    .currency = currency, .arm_count = x->arm_count, .reference = x->reference,
	    .horizon_days = x->horizon_days, .lag_days = x->lag_days,
	    .programme = x->programme, .holdout_basis_points = x->holdout_basis_points,
	    .margin_basis_points = x->margin_basis_points, .as_of = r->as_of,
	    .no_true_effect = no_true_effect, .planned = { x->planned_debtors,
	    x->planned_base_basis_points, x->planned_effect_basis_points,
	    x->planned_end == DAY_NONE ? 0 : x->planned_end } };
	_Static_assert((int)EXPERIMENT_GUARDS == TONE_GUARDS, "in the same order");
	memcpy(plan->guard_basis_points, x->guard_basis_points, sizeof(plan->guard_basis_points));
	must(x->arm_count <= TONE_ARMS_MAX);
	for (size_t i = 0; i < x->arm_count; i++)
		plan->arms[i] = (struct tone_arm){ .name = x->arms[i].name,
		    .basis_points = x->arms[i].basis_points,
		    .channels = channel_words(r->ctx, arm_now(r, i)),
		    .levers = lever_words(r->ctx, arm_now(r, i)) };
}

/* The epoch of a version of the experiment and of the texts; a new one begins with its
 * first debtor. */
static bool find_epoch(struct reporting *r, struct tone_plan *plan,
    const struct assignment_record *a, size_t *out)
{
	const struct experiment *x;
	struct tone_epoch *epoch;

	for (*out = 0; *out < plan->epoch_count; ++*out)
		if (strcmp(plan->epochs[*out].hash, a->experiment_hash) == 0 &&
		    strcmp(plan->epochs[*out].texts, a->templates_hash) == 0)
			return true;
	if (plan->epoch_count == TONE_EPOCHS_MAX && r->guards_only) {
		*out = TONE_EPOCHS_MAX - 1;	/* no report, but harm is looked for */
		return true;
	}
	if (plan->epoch_count == TONE_EPOCHS_MAX)
		return err_set(r->err, ERR_REFUSED, "experiment %s or its texts were changed more than %d "
		    "times while it ran: it is no experiment any more; begin a new one", plan->experiment,
		    TONE_EPOCHS_MAX);
	x = policy_experiment_version(r->engine->policy, r->engine, a->experiment_hash, r->err);
	if (x == NULL)
		return false;
	epoch = &plan->epochs[plan->epoch_count++];
	*epoch = (struct tone_epoch){ .hash = a->experiment_hash, .texts = a->templates_hash,
	    .from = a->on, .holdout_basis_points = x->holdout_basis_points };
	for (size_t i = 0; i < plan->arm_count; i++) {
		const int arm = experiment_arm_index(x, plan->arms[i].name);

		epoch->basis_points[i] = arm < 0 ? 0 : x->arms[arm].basis_points;
	}
	return true;
}

/* As much as tells whether a tone harms. */
static bool fill_guard_row(struct reporting *r, const struct assignment_record *a,
    struct tone_row *row)
{
	const struct zone *zone = zone_find(a->zone, r->err);
	const int arm = experiment_arm_index(r->experiment, a->arm);

	*row = (struct tone_row){ .arm = arm == EXPERIMENT_HOLDOUT ? TONE_HELD_OUT :
	    arm >= 0 ? (size_t)arm : TONE_ARMS_MAX, .assigned_on = a->on, .paid_on = DAY_NONE,
	    .exit_on = DAY_NONE, .opening_minor = 1 };
	return zone != NULL && (a->on + r->experiment->horizon_days + r->experiment->lag_days >
	    r->as_of || fill_guards(r, a, zone, row));
}

static bool gather(struct reporting *r, bool no_true_effect, struct tone_rows *out)
{
	struct assignment_record *list;
	const char *currency;
	bool ok = true, *merged = NULL;
	size_t n;

	*out = (struct tone_rows){ .count = 0 };
	if (!history_assignments(r->engine->store, r->ctx, r->experiment->id, &list, &n, r->err))
		return false;
	if (!r->guards_only && !tone_merged_find(r->engine->store, r->ctx, r->experiment->id, list, n,
	    &merged, r->err))
		return false;
	currency = main_currency(r->ctx, list, n);
	fill_plan(r, currency, no_true_effect, &out->plan);
	out->plan.plan_changed = r->plan_changed;
	out->plan.costs_known = strcmp(currency, r->engine->cfg->text[CFG_COST_CURRENCY]) == 0;
	out->rows = talloc_array(r->ctx, struct tone_row, (unsigned)n + 1);
	must(out->rows != NULL);
	for (size_t i = 0; ok && i < n; i++) {
		struct tone_row *row = &out->rows[out->count];

		if (list[i].on > r->as_of)
			continue;		/* nobody knew of it yet */
		if (!r->guards_only && strcmp(list[i].currency, currency) != 0) {
			out->plan.others++;
			continue;
		}
		r->tmp = talloc_new(r->ctx);
		ok = (r->guards_only ? fill_guard_row(r, &list[i], row) : fill_row(r, &list[i], row)) &&
		    find_epoch(r, &out->plan, &list[i], &row->epoch);
		row->merged = merged != NULL && merged[i];
		out->count++;
		talloc_free(r->tmp);
	}
	return ok;
}

static bool fill_freshness(struct reporting *r, struct tone_plan *plan)
{
	instant_t at = 0;

	if (!history_last_booking(r->engine->store, day_instant_utc(r->as_of + 1), &at, r->err))
		return false;
	plan->last_booked_on = at == 0 ? 0 : instant_utc_day(at);
	return true;
}

static bool fill_stopped(struct reporting *r, struct tone_plan *plan)
{
	struct arm_stop *list;
	size_t n = 0;

	if (!harm_stops(r->engine->store, r->ctx, plan->experiment, day_instant_utc(r->as_of + 1), &list, &n,
	    r->err))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t a = 0; a < plan->arm_count; a++)
			if (list[i].stopped && strcmp(list[i].arm, plan->arms[a].name) == 0) {
				char day[DAY_TEXT_BYTES];

				plan->arms[a].stopped = talloc_asprintf(r->ctx, "since %s by %s (%s)",
				    day_text(instant_utc_day(list[i].at), day), list[i].who, list[i].reason);
				must(plan->arms[a].stopped != NULL);
			}
	return true;
}

bool tone_rows_read(struct engine *e, void *ctx, const char *experiment, day_t as_of,
    bool no_true_effect, struct tone_rows *out, struct err *err)
{
	struct reporting r = { .engine = e, .ctx = ctx, .as_of = as_of, .err = err };
	bool ok;

	if (!store_begin_read(e->store, err))
		return false;
	ok = find_experiment(&r, experiment) &&
	    gather(&r, no_true_effect, out) && fill_freshness(&r, &out->plan) &&
	    fill_stopped(&r, &out->plan);
	store_end_read(e->store);
	return ok;
}

bool tone_rows_read_guards(struct engine *e, void *ctx, const char *experiment, day_t as_of,
    struct tone_rows *out, struct err *err)
{
	struct reporting r = { .engine = e, .ctx = ctx, .as_of = as_of, .guards_only = true,
	    .err = err };

	bool ok;

	if (!store_begin_read(e->store, err))
		return false;
	ok = find_experiment(&r, experiment) && gather(&r, false, out);
	store_end_read(e->store);
	return ok;
}
