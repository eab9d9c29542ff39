/* decided.c - see decided.h. */
#include "engine/decided.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "decide/frozen.h"

struct finding {
	struct engine	*engine;
	struct err	*err;
};

static const struct schedule *find_schedule(void *arg, const char *hash)
{
	struct finding *f = arg;

	return policy_schedule_version(f->engine->policy, f->engine, hash, f->err);
}

static void differ(void *ctx, struct decided *d, char *line)
{
	must(line != NULL);
	d->differences = talloc_realloc(ctx, d->differences, const char *,
	    (unsigned)d->difference_count + 1);
	must(d->differences != NULL);
	d->differences[d->difference_count++] = line;
}

static char *value_text(void *ctx, const json_t *value)
{
	char *dump = value == NULL ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	char *text = talloc_strdup(ctx, dump != NULL ? dump : "nothing");

	must(text != NULL);
	free(dump);
	return text;
}

static void compare(void *ctx, struct decided *d, json_t *stored, json_t *again)
{
	const char *key;
	json_t *value;

	json_object_foreach(stored, key, value)
		if (!json_equal(value, json_object_get(again, key)))
			differ(ctx, d, talloc_asprintf(ctx, "%s was %s and is now %s", key,
			    value_text(ctx, value), value_text(ctx, json_object_get(again, key))));
	json_object_foreach(again, key, value)
		if (json_object_get(stored, key) == NULL)
			differ(ctx, d, talloc_asprintf(ctx, "%s was nothing and is now %s", key,
			    value_text(ctx, value)));
	if (d->difference_count > 0 && strcmp(d->record.zone_data, zone_data_version()) != 0)
		differ(ctx, d, talloc_asprintf(ctx, "the system's time zone data were %s and "
		    "are now %s", d->record.zone_data, zone_data_version()));
}

static bool compare_answers(void *ctx, struct decided *d, struct err *err)
{
	json_t *stored = json_loads(d->record.answer, JSON_REJECT_DUPLICATES, NULL);
	json_t *again = json_loads(decision_freeze(ctx, d->facts, &d->again), 0, NULL);

	must(again != NULL);
	if (json_is_object(stored))
		compare(ctx, d, stored, again);
	else
		err_set(err, ERR_INPUT, "the stored answer of a decision is damaged");
	json_decref(stored);
	json_decref(again);
	return !err_is_set(err);
}

bool decided_again(struct engine *e, void *ctx, int64_t decision_id, struct decided *out,
    struct err *err)
{
	struct finding finding = { .engine = e, .err = err };

	*out = (struct decided){ 0 };
	if (!outbox_get_decision(e->store, ctx, decision_id, &out->record, err) ||
	    !policy_rules_version(e->policy, e, out->record.pack_hash,
	    out->record.calendar_hash, out->record.experiment_hash, &out->rules, err))
		return false;
	out->facts = facts_thaw(ctx, out->record.facts, find_schedule, &finding, err);
	if (out->facts == NULL)
		return false;
	trace_init(&out->trace, ctx);
	decide(out->facts, &out->rules.rules, &out->trace, &out->again);
	return compare_answers(ctx, out, err);
}
