/* assign.c - see assign.h.
 *
 * Takes an experiment's file and a key, gives an arm.  What is stored about an
 * assignment, and when it is made, is the plan run's business.
 */
#include "plan/assign.h"

#include <inttypes.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json.h"
#include "base/must.h"
#include "base/secret.h"
#include "plan/channel_list.h"

#define ASSIGN_SEPARATOR "\x1f"		/* ASCII unit separator */

/* --- the hash --------------------------------------------------------------- */

int assign_bucket(const struct key *key, const char *label,
    const char *experiment, const char *unit)
{
	const struct piece piece[] = {
		{ label, strlen(label) }, { ASSIGN_SEPARATOR, 1 },
		{ experiment, strlen(experiment) }, { ASSIGN_SEPARATOR, 1 },
		{ unit, strlen(unit) },
	};
	uint8_t hash[HASH_BYTES];
	uint64_t high = 0, low = 0;

	hmac_sha256(key, piece, sizeof(piece) / sizeof(piece[0]), hash);
	for (size_t i = 0; i < 4; i++) {
		high = high << 8 | hash[i];
		low = low << 8 | hash[4 + i];
	}
	/* The top 64 bits of a 128-bit product, by halves: a remainder would
	 * favour the lower buckets. */
	return (int)((high * ASSIGN_BUCKETS + (low * ASSIGN_BUCKETS >> 32)) >> 32);
}

size_t assign_arm(const struct experiment *e, int bucket)
{
	int end = 0;

	must(bucket >= 0 && bucket < ASSIGN_BUCKETS);
	for (size_t i = 0;; i++) {
		must(i < e->arm_count);		/* the shares sum to ASSIGN_BUCKETS */
		end += e->arms[i].basis_points;
		if (end > bucket)
			return i;
	}
}

size_t assign_unit(const struct experiment *e, const struct key *key, const char *unit)
{
	return assign_arm(e, assign_bucket(key, ASSIGN_LABEL_ARM, e->id, unit));
}

bool assign_is_holdout(const struct key *key, const char *programme,
    const char *unit, int basis_points)
{
	return assign_bucket(key, ASSIGN_LABEL_HOLDOUT, programme, unit) < basis_points;
}

/* --- the experiment --------------------------------------------------------- */

bool experiment_admits(const struct experiment *e, enum party party, const char *schedule)
{
	return e->party[party] &&
	    (e->schedule[0] == '\0' || strcmp(e->schedule, schedule) == 0);
}

bool experiment_holds_out(const struct experiment *e, const struct key *key, const char *unit)
{
	return e->holdout_basis_points > 0 &&
	    assign_is_holdout(key, e->programme, unit, e->holdout_basis_points);
}

const char *experiment_arm_name(const struct experiment *e, int index)
{
	must(index >= 0 && (index == EXPERIMENT_HOLDOUT || (size_t)index < e->arm_count));
	return index == EXPERIMENT_HOLDOUT ? EXPERIMENT_HOLDOUT_NAME : e->arms[index].name;
}

int experiment_arm_index(const struct experiment *e, const char *name)
{
	if (strcmp(name, EXPERIMENT_HOLDOUT_NAME) == 0)
		return EXPERIMENT_HOLDOUT;
	for (size_t i = 0; i < e->arm_count; i++)
		if (strcmp(e->arms[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* Ids and arm names go into hashes, tables and URLs: a small alphabet. */
static bool is_name(const char *text)
{
	const size_t len = strlen(text);

	return len > 0 && len <= EXPERIMENT_ID_BYTES_MAX &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

static const char *copy(void *ctx, const char *text)
{
	char *made = talloc_strdup(ctx, text);

	must(made != NULL);
	return made;
}

static const char *name_read(void *ctx, struct json_at *at, const char *key,
    const char *fallback)
{
	const char *text = fallback == NULL ? json_want_string(at, key)
	    : json_may_string(at, key, fallback);

	if (!err_is_set(at->doc->err) && !is_name(text))
		json_fail(at, "\"%s\" must be 1 to %d of a-z, 0-9, '-', '_' and '.'",
		    key, EXPERIMENT_ID_BYTES_MAX);
	return copy(ctx, text);
}

static void parties_read(struct json_at *root, struct experiment *e)
{
	struct json_at eligibility = json_want_object(root, "eligibility");
	struct json_at list = json_want_array(&eligibility, "party");

	for (size_t i = 0; i < json_length(&list); i++) {
		struct json_at item = json_item(&list, i);
		enum party party;

		if (!party_parse(json_as_string(&item), &party))
			json_fail(&item, "is no party; give consumer, business or public");
		else if (e->party[party])
			json_fail(&item, "stands here twice");
		else
			e->party[party] = true;
	}
	if (json_length(&list) == 0)
		json_fail(&list, "is empty; name at least one party");
	json_close(&eligibility);
}

/* What an arm has instead of the schedule's. */
static void arm_levers_read(struct experiment_arm *arm, struct json_at *at)
{
	arm->hour = schedule_read_hour(at);
	schedule_read_sender(at, arm->sender);
	arm->plan_offer = json_may_bool(at, "plan_offer", false);
	/* It stands there when no fallback is taken. */
	arm->plan_offer_given = arm->plan_offer == json_may_bool(at, "plan_offer", true);
	arm->no_heads_up = !json_may_bool(at, "heads_up", true);
}

/* An order of channels, where the arm has one: it never adds a channel to a step. */
static void arm_channels_read(struct experiment_arm *arm, struct json_at *at)
{
	struct json_at list = json_may_array(at, "channels");

	arm->channel_count = channel_list_read(&list, arm->channels);
}

static void arm_read(struct experiment *e, struct json_at *at)
{
	struct experiment_arm *arm = &e->arms[e->arm_count];

	if (!tone_parse(json_want_string(at, "tone"), &arm->tone))
		json_fail(at, "\"tone\" is unknown; give warm, neutral or firm");
	else
		arm->name = name_read(e, at, "name", tone_name(arm->tone));
	arm->basis_points = (int)json_want_int(at, "basis_points", 1, ASSIGN_BUCKETS);
	arm_channels_read(arm, at);
	arm_levers_read(arm, at);
	json_close(at);
	if (err_is_set(at->doc->err))
		return;
	if (experiment_arm_index(e, arm->name) >= 0)
		json_fail(at, strcmp(arm->name, EXPERIMENT_HOLDOUT_NAME) == 0 ?
		    "\"holdout\" is what those kept apart are called; give the arm another name" :
		    "a second arm of the same name; give it another \"name\"");
	e->arm_count++;
}

static void arms_read(struct json_at *root, struct experiment *e)
{
	struct json_at list = json_want_array(root, "arms");
	const size_t count = json_length(&list);
	int sum = 0;

	if (count < 2 || count > EXPERIMENT_ARMS_MAX)
		json_fail(&list, "has %zu items; give 2 to %d", count, EXPERIMENT_ARMS_MAX);
	for (size_t i = 0; i < count && !err_is_set(root->doc->err); i++) {
		struct json_at item = json_item(&list, i);

		arm_read(e, &item);
		sum += e->arms[i].basis_points;
	}
	if (sum != ASSIGN_BUCKETS)
		json_fail(&list, "the basis_points sum to %d; they must sum to %d",
		    sum, ASSIGN_BUCKETS);
}

static void reference_read(struct json_at *root, struct experiment *e)
{
	const int index = experiment_arm_index(e, json_want_string(root, "reference"));

	if (index < 0)
		json_fail(root, "\"reference\" is not the name of an arm");
	else
		e->reference = (size_t)index;
}

/* Margins of the guardrails; those that are not named have the usual one. */
static void guardrails_read(struct experiment *e, struct json_at *root)
{
	static const struct { const char *name; int usual; } guard[EXPERIMENT_GUARDS] = {
		{ "disputes", 100 }, { "opt_outs", 100 }, { "hardship", 100 }, { "complaints", 50 } };
	struct json_at guards = json_may_object(root, "guardrails");

	for (int g = 0; g < EXPERIMENT_GUARDS; g++)
		e->guard_basis_points[g] = guards.value == NULL ? guard[g].usual :
		    (int)json_may_int(&guards, guard[g].name, 1, ASSIGN_BUCKETS, guard[g].usual);
	if (guards.value != NULL)
		json_close(&guards);
}

static void planned_end_read(struct experiment *e, struct json_at *planned)
{
	const char *text = json_may_string(planned, "end", ""), *at = text;

	e->planned_end = DAY_NONE;
	if (text[0] != '\0' && (!day_parse_iso(&at, &e->planned_end) || *at != '\0'))
		json_fail(planned, "\"end\" must be a day like 2027-03-01");
}

/* "holdout": who is kept apart; may be left out. */
static void holdout_read(struct experiment *e, struct json_at *root)
{
	struct json_at holdout = json_may_object(root, "holdout");

	e->programme = "";
	if (holdout.value == NULL)
		return;
	e->programme = name_read(e, &holdout, "programme", NULL);
	e->holdout_basis_points = (int)json_want_int(&holdout, "basis_points", 1,
	    ASSIGN_BUCKETS / 2);
	json_close(&holdout);
}

/* "planned": how many debtors for which effect; may be left out as a whole. */
static void planned_read(struct experiment *e, struct json_at *root)
{
	struct json_at planned = json_may_object(root, "planned");

	e->planned_end = DAY_NONE;
	if (planned.value == NULL)
		return;
	e->planned_debtors = json_want_int(&planned, "debtors", 1, EXPERIMENT_DEBTORS_MAX);
	e->planned_base_basis_points = (int)json_want_int(&planned, "base_basis_points", 1,
	    ASSIGN_BUCKETS - 1);
	e->planned_effect_basis_points = (int)json_want_int(&planned, "effect_basis_points", 1,
	    ASSIGN_BUCKETS - 1);
	planned_end_read(e, &planned);
	json_close(&planned);
}

struct experiment *experiment_parse(void *ctx, const char *name,
    const char *text, size_t len, struct err *err)
{
	struct err own = { 0 };		/* read below, so never NULL */
	struct experiment *e;
	struct json_doc doc;
	struct json_at root;

	if (!json_doc_parse(&doc, name, text, len, &own)) {
		err_set(err, own.kind, "%s", own.text);
		return NULL;
	}
	e = talloc_zero(ctx, struct experiment);
	must(e != NULL);
	root = json_doc_root(&doc);
	e->id = name_read(e, &root, "id", NULL);
	e->hypothesis = copy(e, json_want_string(&root, "hypothesis"));
	e->schedule = copy(e, json_may_string(&root, "schedule", ""));
	parties_read(&root, e);
	arms_read(&root, e);
	if (!err_is_set(&own))
		reference_read(&root, e);
	e->horizon_days = (int)json_may_int(&root, "horizon_days", 1,
	    EXPERIMENT_HORIZON_DAYS_MAX, 30);
	e->lag_days = (int)json_may_int(&root, "lag_days", 0, EXPERIMENT_LAG_DAYS_MAX, 3);
	e->margin_basis_points = (int)json_may_int(&root, "margin_basis_points", 0,
	    ASSIGN_BUCKETS, 0);
	holdout_read(e, &root);
	planned_read(e, &root);
	guardrails_read(e, &root);
	if (!err_is_set(&own))
		json_close(&root);
	json_doc_release(&doc);
	if (!err_is_set(&own))
		return e;
	err_set(err, own.kind, "%s", own.text);
	talloc_free(e);
	return NULL;
}
