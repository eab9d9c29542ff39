/* policy_version.c - see policy_version.h. */
#include "engine/policy_version.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"

const struct policy_kind_files policy_kinds[POLICY_KINDS] = {
	[POLICY_SCHEDULE] = { "schedule", "schedules", ".json" },
	[POLICY_PACK] = { "pack", "schedules/rules", ".json" },
	[POLICY_CALENDAR] = { "calendar", "schedules/calendars", ".ics" },
	[POLICY_CLOSED_DAYS] = { "closed days", "schedules/closed", ".ics" },
	[POLICY_EXPERIMENT] = { "experiment", "schedules/experiments", ".json" },
};

static const void *parse(struct version *v, struct err *err)
{
	const char *shown = v->shown;
	const size_t len = strlen(v->text);

	switch (v->kind) {
	case POLICY_SCHEDULE:
		return schedule_parse(v, shown, v->text, len, err);
	case POLICY_PACK:
		return pack_parse(v, shown, v->text, len, err);
	case POLICY_CALENDAR:
		return calendar_parse(v, shown, v->text, len, err);
	case POLICY_CLOSED_DAYS:
		return calendar_parse_closed(v, shown, v->text, len, err);
	case POLICY_EXPERIMENT:
		return experiment_parse(v, shown, v->text, len, err);
	case POLICY_KINDS:
		break;
	}
	return NULL;
}

struct version *version_add(struct policy *p, enum policy_kind kind, const char *name,
    const char *text, const char *shown, bool from_file, struct err *err)
{
	struct version *v = talloc_zero(p, struct version);

	must(v != NULL);
	v->kind = kind;
	v->name = talloc_strdup(v, name);
	v->text = talloc_strdup(v, text);
	v->shown = talloc_strdup(v, shown);
	must(v->name != NULL && v->text != NULL && v->shown != NULL);
	v->from_file = from_file;
	sha256_hex(text, strlen(text), v->hash);
	if (kind != POLICY_CALENDAR && (v->parsed = parse(v, err)) == NULL) {
		talloc_free(v);
		return NULL;
	}
	v->next = p->versions;
	p->versions = v;
	return v;
}

const struct calendar *version_calendar(struct version *v, struct err *err)
{
	must(v->kind == POLICY_CALENDAR);
	if (v->parsed == NULL)
		v->parsed = parse(v, err);
	return v->parsed;
}

struct version *version_named(const struct policy *p, enum policy_kind kind,
    const char *name)
{
	for (struct version *v = p->versions; v != NULL; v = v->next)
		if (v->kind == kind && v->from_file && strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

char *version_joined_name(void *ctx, const char *calendar, const char *closed_days)
{
	char *name = talloc_asprintf(ctx, "%s %s", calendar, closed_days);

	must(name != NULL);
	return name;
}

struct version *version_calendar_of(const struct policy *p, const char *name,
    const char *closed_days)
{
	struct version *v;
	char *joined;

	if (closed_days[0] == '\0')
		return version_named(p, POLICY_CALENDAR, name);
	joined = version_joined_name(NULL, name, closed_days);
	v = version_named(p, POLICY_CALENDAR, joined);
	talloc_free(joined);
	return v;
}
