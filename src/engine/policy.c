/* policy.c - see policy.h.
 *
 * A policy is a list of texts with their hashes (policy_version.h), each parsed
 * once.  The files come first in the list (policy_load.c); versions that only the
 * store still has are added when somebody asks for them.
 */
#include "engine/policy.h"

#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/policy_version.h"
#include "store/history.h"

/* --- finding ------------------------------------------------------------------ */

static struct version *find_hash(struct policy *p, struct engine *e,
    enum policy_kind kind, const char *hash, struct err *err)
{
	struct version *v;
	char *text;

	for (v = p->versions; v != NULL; v = v->next)
		if (v->kind == kind && strcmp(v->hash, hash) == 0)
			return v;
	if (!history_get_policy(e->store, p, hash, &text, err))
		return NULL;
	if (text == NULL) {
		err_set(err, ERR_INPUT, "version %.12s of a %s is not in the store", hash,
		    policy_kinds[kind].kind);
		return NULL;
	}
	v = version_add(p, kind, hash, text, hash, false, err);
	talloc_free(text);
	return v;
}

const struct schedule *policy_schedule(const struct policy *p, const char *name,
    struct err *err)
{
	const struct version *v = version_named(p, POLICY_SCHEDULE, name);

	if (v == NULL) {
		err_set(err, ERR_INPUT, "there is no schedules/%s.json", name);
		return NULL;
	}
	return v->parsed;
}

const struct segment *policy_segment(const struct policy *p, const struct segment_question *q)
{
	return p->segments == NULL ? NULL : segments_find(p->segments, q);
}

const struct schedule *policy_schedule_version(struct policy *p, struct engine *e,
    const char *hash, struct err *err)
{
	const struct version *v = find_hash(p, e, POLICY_SCHEDULE, hash, err);

	return v != NULL ? v->parsed : NULL;
}

static const struct version *pack_of_country(const struct policy *p, const char *country)
{
	for (const struct version *v = p->versions; v != NULL; v = v->next)
		if (v->kind == POLICY_PACK && v->from_file &&
		    strcmp(((const struct pack *)v->parsed)->country, country) == 0)
			return v;
	return NULL;
}

const struct pack *policy_pack(const struct policy *p, const char *country)
{
	const struct version *v = pack_of_country(p, country);

	return v != NULL ? v->parsed : NULL;
}

bool policy_rules_for(const struct policy *p, const char *country, const char *region,
    const struct schedule *schedule, const char *closed_days, struct policy_rules *out,
    struct err *err)
{
	const struct version *pack = pack_of_country(p, country);
	struct version *calendar = pack == NULL ? NULL : version_calendar_of(p,
	    pack_calendar(pack->parsed, region), closed_days);
	const struct version *experiment = schedule == NULL || schedule->experiment[0] == '\0' ?
	    NULL : version_named(p, POLICY_EXPERIMENT, schedule->experiment);

	*out = (struct policy_rules){ .pack_hash = "", .calendar_hash = "",
	    .experiment_hash = "" };
	if (pack != NULL && calendar != NULL) {
		out->rules.pack = pack->parsed;
		out->rules.calendar = version_calendar(calendar, err);
		if (out->rules.calendar == NULL)
			return false;
		out->pack_hash = pack->hash;
		out->calendar_hash = calendar->hash;
	}
	if (experiment != NULL) {
		out->rules.experiment = experiment->parsed;
		out->experiment_hash = experiment->hash;
	}
	return true;
}

bool policy_rules_version(struct policy *p, struct engine *e, const char *pack_hash,
    const char *calendar_hash, const char *experiment_hash, struct policy_rules *out,
    struct err *err)
{
	const struct version *pack, *experiment;
	struct version *calendar;

	*out = (struct policy_rules){ .pack_hash = pack_hash, .calendar_hash = calendar_hash,
	    .experiment_hash = experiment_hash };
	if (experiment_hash[0] != '\0') {
		experiment = find_hash(p, e, POLICY_EXPERIMENT, experiment_hash, err);
		if (experiment == NULL)
			return false;
		out->rules.experiment = experiment->parsed;
	}
	if (pack_hash[0] == '\0')
		return true;
	pack = find_hash(p, e, POLICY_PACK, pack_hash, err);
	calendar = find_hash(p, e, POLICY_CALENDAR, calendar_hash, err);
	if (pack == NULL || calendar == NULL)
		return false;
	out->rules.pack = pack->parsed;
	out->rules.calendar = version_calendar(calendar, err);
	return out->rules.calendar != NULL;
}

const struct experiment *policy_experiment_version(struct policy *p, struct engine *e,
    const char *hash, struct err *err)
{
	const struct version *v = find_hash(p, e, POLICY_EXPERIMENT, hash, err);

	return v != NULL ? v->parsed : NULL;
}

/* --- another version, to look at -------------------------------------------------- */

bool policy_overlay(struct policy *p, enum policy_kind kind, const char *name,
    const char *path, const char **hash, struct err *err)
{
	void *tmp = talloc_new(p);
	const struct version *old = version_named(p, kind, name);
	const char *text = policy_read_file(tmp, path, err);
	struct version *v = text == NULL ? NULL :
	    version_add(p, kind, name, text, path, true, err);
	bool ok = v != NULL && (kind != POLICY_CALENDAR || version_calendar(v, err) != NULL);

	if (ok && kind == POLICY_PACK && old != NULL && strcmp(
	    ((const struct pack *)v->parsed)->country,
	    ((const struct pack *)old->parsed)->country) != 0)
		ok = err_set(err, ERR_INPUT, "%s: a pack of another country than %s", path, name);
	if (ok)
		*hash = v->hash;
	talloc_free(tmp);
	return ok;
}

const char *policy_file_hash(const struct policy *p, enum policy_kind kind, const char *name)
{
	const struct version *v = version_named(p, kind, name);

	return v != NULL ? v->hash : NULL;
}

bool policy_kind_of(const struct policy *p, const char *name, enum policy_kind *kind)
{
	static const enum policy_kind order[] = { POLICY_SCHEDULE, POLICY_PACK, POLICY_CALENDAR };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		*kind = order[i];
		if (version_named(p, order[i], name) != NULL)
			return true;
	}
	return false;
}

void policy_hash(const struct policy *p, char out[HASH_HEX_BYTES])
{
	char joined[2 * HASH_HEX_BYTES];

	(void)snprintf(out, HASH_HEX_BYTES, "%s", library_hash(p->library));
	for (const struct version *v = p->versions; v != NULL; v = v->next) {
		if (!v->from_file)
			continue;
		(void)snprintf(joined, sizeof(joined), "%s%s", out, v->hash);
		sha256_hex(joined, strlen(joined), out);
	}
}

const struct library *policy_library(const struct policy *p)
{
	return p->library;
}

static const struct version *experiment_of_id(const struct policy *p, const char *id)
{
	for (const struct version *v = p->versions; v != NULL; v = v->next)
		if (v->kind == POLICY_EXPERIMENT && v->from_file &&
		    strcmp(((const struct experiment *)v->parsed)->id, id) == 0)
			return v;
	return NULL;
}

const struct experiment *policy_experiment(const struct policy *p, const char *id)
{
	const struct version *v = experiment_of_id(p, id);

	return v != NULL ? v->parsed : NULL;
}

const char *policy_experiment_hash(const struct policy *p, const char *id)
{
	const struct version *v = experiment_of_id(p, id);

	return v != NULL ? v->hash : NULL;
}

static const void *in_the_files(const struct policy *p, enum policy_kind kind, size_t index)
{
	for (const struct version *v = p->versions; v != NULL; v = v->next)
		if (v->kind == kind && v->from_file && index-- == 0)
			return v->parsed;
	return NULL;
}

const struct schedule *policy_schedule_at(const struct policy *p, size_t index)
{
	return in_the_files(p, POLICY_SCHEDULE, index);
}

const struct experiment *policy_experiment_at(const struct policy *p, size_t index)
{
	return in_the_files(p, POLICY_EXPERIMENT, index);
}

/* --- activation ----------------------------------------------------------------- */

/* Closed days are kept inside the calendars that they were joined to. */
static bool is_kept(const struct version *v)
{
	return v->kind != POLICY_CLOSED_DAYS;
}

static bool all_known(struct policy *p, struct engine *e, bool *known, struct err *err)
{
	if (!history_has_policy(e->store, library_hash(p->library), known, err))
		return false;
	for (const struct version *v = p->versions; v != NULL && *known; v = v->next)
		if (is_kept(v) && !history_has_policy(e->store, v->hash, known, err))
			return false;
	return true;
}

/* What is kept must be right: a calendar is compiled before that. */
static bool keep(struct engine *e, struct version *v, instant_t now, struct err *err)
{
	bool known;

	if (!history_has_policy(e->store, v->hash, &known, err))
		return false;
	return known || ((v->kind != POLICY_CALENDAR || version_calendar(v, err) != NULL) &&
	    history_put_policy(e->store, v->hash, policy_kinds[v->kind].kind, v->name, v->text, now, err));
}

bool policy_put(struct policy *p, struct engine *e, instant_t now, struct err *err)
{
	char *templates = library_content(p->library, p);
	bool ok = history_put_policy(e->store, library_hash(p->library), "templates",
	    "templates", templates, now, err);

	for (struct version *v = p->versions; ok && v != NULL; v = v->next)
		ok = !is_kept(v) || keep(e, v, now, err);
	talloc_free(templates);
	return ok;
}

bool policy_activate(struct policy *p, struct engine *e, instant_t now, struct err *err)
{
	bool known = true, ok;

	if (p->activated)
		return true;
	if (!all_known(p, e, &known, err))
		return false;
	ok = known || (store_begin(e->store, err) && policy_put(p, e, now, err) &&
	    store_commit(e->store, err));
	if (!ok)
		store_rollback(e->store);
	p->activated = ok;
	return ok;
}
