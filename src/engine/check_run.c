/* check_run.c - see check_run.h.
 *
 * A list of texts, each parsed by the stage that owns it; the questions that
 * concern two of them stand at the end, those about purr.conf in check_settings.c.
 */
#include "engine/check_run.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/cfg.h"
#include "base/err.h"
#include "base/locale.h"
#include "base/must.h"
#include "base/zone.h"
#include "compose/library.h"
#include "engine/check_files.h"
#include "engine/check_pack.h"
#include "gate/calendar.h"
#include "gate/pack.h"
#include "plan/assign.h"
#include "plan/schedule.h"
#include "plan/segment.h"

#define CHECK_FILE_BYTES_MAX (1024 * 1024)

#define SEGMENTS_PATH "schedules/segments.json"

static const struct {
	const char *folder, *ending;
} kinds[CHECKED_KINDS] = {
	[CHECKED_SCHEDULE] = { "schedules/", ".json" },
	[CHECKED_PACK] = { "schedules/rules/", ".json" },
	[CHECKED_CALENDAR] = { "schedules/calendars/", ".ics" },
	[CHECKED_CLOSED_DAYS] = { "schedules/closed/", ".ics" },
	[CHECKED_EXPERIMENT] = { "schedules/experiments/", ".json" },
	[CHECKED_SEGMENTS] = { "schedules/", ".json" },		/* one file: SEGMENTS_PATH */
};

__attribute__((__format__(__printf__, 4, 0)))
static void tell(struct check *c, const char *path, int line, const char *fmt, va_list ap)
{
	char *text = talloc_vasprintf(c->ctx, fmt, ap);

	must(text != NULL);
	c->sink->problem(c->sink->arg, path, line, text);
}

void check_tell(struct check *c, const char *path, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(c, path, 0, fmt, ap);
	va_end(ap);
}

void check_tell_at(struct check *c, const char *path, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(c, path, line, fmt, ap);
	va_end(ap);
}

void check_tell_error(struct check *c, const char *path, const struct err *err)
{
	const size_t len = strlen(path);
	const char *text = err->text;
	long line = 0;

	if (strncmp(text, path, len) == 0 && text[len] == ':') {
		char *end;

		text += len + 1;
		line = strtol(text, &end, 10);
		if (end != text && *end == ':')
			text = end + 1;
		text += strspn(text, " ");
	}
	c->sink->problem(c->sink->arg, path, (int)line, text);
}

/* --- reading ----------------------------------------------------------------------- */

/* NULL when it cannot be read, which is told. */
static char *read_text(struct check *c, const char *path, size_t *len)
{
	char *text = talloc_size(c->ctx, CHECK_FILE_BYTES_MAX + 1);
	FILE *file = fopen(talloc_asprintf(c->ctx, "%s/%s", c->dir, path), "re");
	bool ok;

	must(text != NULL);
	if (file == NULL) {
		check_tell(c, path, "%s", strerror(errno));
		return NULL;
	}
	*len = fread(text, 1, CHECK_FILE_BYTES_MAX, file);
	text[*len] = '\0';
	ok = !ferror(file) && *len < CHECK_FILE_BYTES_MAX;
	fclose(file);
	if (ok)
		return text;
	check_tell(c, path, "cannot be read, or is larger than %d bytes", CHECK_FILE_BYTES_MAX);
	return NULL;
}

/* With the workspace's own values laid over it, where there are some. */
static const struct pack *parse_pack(struct check *c, const struct checked *f, const char *text,
    size_t len, struct err *err)
{
	const char *path = talloc_asprintf(c->ctx, PACK_LOCAL_FOLDER "%s.json", f->name);
	const struct pack_text base = { f->path, text, len };
	struct pack_text local = { .name = path };

	if (access(talloc_asprintf(c->ctx, "%s/%s", c->dir, path), F_OK) != 0)
		return pack_parse(c->ctx, f->path, text, len, err);
	local.text = read_text(c, path, &local.len);
	text = local.text == NULL ? NULL : pack_overlay(c->ctx, &base, &local, err);
	return text == NULL ? NULL : pack_parse(c->ctx, f->path, text, strlen(text), err);
}

static const void *parse(struct check *c, const struct checked *f, const char *text, size_t len,
    struct err *err)
{
	switch (f->kind) {
	case CHECKED_SCHEDULE:
		c->counts->schedules++;
		return schedule_parse(c->ctx, f->path, text, len, err);
	case CHECKED_PACK:
		c->counts->packs++;
		return parse_pack(c, f, text, len, err);
	case CHECKED_CALENDAR:
		c->counts->calendars++;
		return calendar_parse(c->ctx, f->path, text, len, err);
	case CHECKED_CLOSED_DAYS:
		return calendar_parse_closed(c->ctx, f->path, text, len, err);
	case CHECKED_EXPERIMENT:
		c->counts->experiments++;
		return experiment_parse(c->ctx, f->path, text, len, err);
	case CHECKED_SEGMENTS:
		return segments_parse(c->ctx, f->path, text, len, err);
	case CHECKED_KINDS:
		break;
	}
	return NULL;
}

/* False: not a file of this kind. */
static bool is_of_kind(enum checked_kind kind, const char *path)
{
	const size_t folder = strlen(kinds[kind].folder), len = strlen(path);
	const size_t ending = strlen(kinds[kind].ending);

	if (strstr(path, ".schema.json") != NULL ||
	    (strcmp(path, SEGMENTS_PATH) == 0) != (kind == CHECKED_SEGMENTS))
		return false;
	return len > folder + ending && strncmp(path, kinds[kind].folder, folder) == 0 &&
	    strchr(path + folder, '/') == NULL && path[folder] != '.' &&
	    strstr(path, ".schema.json") == NULL &&
	    strcmp(path + len - ending, kinds[kind].ending) == 0;
}

/* The file that an error names: the workspace's own values, or the file itself. */
static const char *err_path(struct check *c, const struct err *err, const char *path)
{
	const char *end = strchr(err->text, ':');

	return end == NULL || strncmp(err->text, PACK_LOCAL_FOLDER, strlen(PACK_LOCAL_FOLDER)) != 0 ?
	    path : talloc_strndup(c->ctx, err->text, (size_t)(end - err->text));
}

static void add_file(struct check *c, enum checked_kind kind, const char *path,
    const char *text, size_t len)
{
	struct checked *f = talloc_zero(c->ctx, struct checked);
	const size_t folder = strlen(kinds[kind].folder);
	struct err_later later = { .count = 0 };
	struct err err = { .later = &later };

	must(f != NULL);
	f->kind = kind;
	f->path = talloc_strdup(f, path);
	f->name = talloc_strndup(f, path + folder,
	    strlen(path) - folder - strlen(kinds[kind].ending));
	f->parsed = parse(c, f, text, len, &err);
	if (err_is_set(&err))
		check_tell_error(c, err_path(c, &err, path), &err);
	for (int i = 0; i < later.count; i++) {
		(void)snprintf(err.text, sizeof(err.text), "%s", later.text[i]);
		check_tell_error(c, err_path(c, &err, path), &err);
	}
	f->next = c->files;
	c->files = f;
}

static void add_assets(struct check *c)
{
	for (const struct asset *a = asset_table; a->path != NULL; a++)
		for (int kind = 0; kind < CHECKED_KINDS; kind++)
			if (is_of_kind((enum checked_kind)kind, a->path))
				add_file(c, (enum checked_kind)kind, a->path, a->at,
				    (size_t)(a->end - a->at));
}

static void read_one(struct check *c, enum checked_kind kind, const char *path)
{
	size_t len;
	char *text = read_text(c, path, &len);

	if (text != NULL)
		add_file(c, kind, path, text, len);
	talloc_free(text);
}

static void read_folder(struct check *c, enum checked_kind kind)
{
	struct dirent **entries = NULL;
	const int n = scandir(talloc_asprintf(c->ctx, "%s/%s", c->dir, kinds[kind].folder),
	    &entries, NULL, alphasort);

	if (n < 0 && errno != ENOENT)
		check_tell(c, kinds[kind].folder, "%s", strerror(errno));
	for (int i = 0; i < n; i++) {
		const char *path = talloc_asprintf(c->ctx, "%s%s", kinds[kind].folder,
		    entries[i]->d_name);

		if (is_of_kind(kind, path))
			read_one(c, kind, path);
		free(entries[i]);
	}
	free(entries);
}

/* --- what they say of each other ------------------------------------------------------- */

const struct checked *check_find(const struct check *c, enum checked_kind kind,
    const char *name)
{
	for (const struct checked *f = c->files; f != NULL; f = f->next)
		if (f->kind == kind && strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static bool has_text(const struct check *c, enum channel channel, const char *template,
    enum tone tone)
{
	if (channel == CHANNEL_CALL)	/* a person speaks, the letter's words */
		channel = CHANNEL_LETTER;
	for (size_t i = 0; locale_langs[i] != NULL; i++)
		if (library_has(c->library, channel, locale_langs[i], template, tone))
			return true;
	return false;
}

/* Must a text of this purpose name a deadline, says the pack? */
static const struct rule *deadline_asked(const struct pack *pack, const char *purpose)
{
	for (size_t i = 0; i < pack->content_count; i++)
		for (size_t k = 0; k < pack->contents[i].fact_count; k++)
			if (strcmp(pack->contents[i].purpose, purpose) == 0 &&
			    strcmp(pack->contents[i].facts[k], "deadline") == 0)
				return &pack->contents[i].rule;
	return NULL;
}

/* Is it about a country in which nobody is? */
static bool is_aside(const struct check *c, const struct pack *pack)
{
	return c->countries != NULL &&
	    strstr(c->countries, talloc_asprintf(c->ctx, " %s ", pack->country)) == NULL;
}

static void check_step(struct check *c, const struct checked *f, const struct schedule *s,
    const struct schedule_step *step, const struct pack *pack)
{
	const char *purpose = step->legal_notice ? "formal_notice" :
	    step->fee_minor > 0 ? "fee_reminder" : "reminder";
	const struct rule *rule = pack == NULL || step->handover || step->deadline_days > 0 ?
	    NULL : deadline_asked(pack, purpose);

	if (rule != NULL)
		check_tell(c, f->path, "step %s gives no deadline, which %s asks for (%s): add "
		    "\"deadline_days\"", step->id, rule->id, rule->says);
	for (size_t i = 0; i < step->channel_count; i++)
		if (!has_text(c, step->channels[i], step->template, s->tone))
			check_tell(c, f->path, "step %s: there is no text templates/%s/LANGUAGE/%s.%s."
			    "mustache", step->id, channel_name(step->channels[i]),
			    step->template, tone_name(s->tone));
	if (pack != NULL)
		check_pack_contents(c->ctx, pack, s, step, f->path, c->library, c->sink);
	if (pack != NULL && !step->handover)
		check_pack_fee(c->ctx, pack, s, step, f->path, is_aside(c, pack), c->sink);
}

/* An arm without a heads-up passes a step over until it lapses: it has to. */
static void check_heads_up(struct check *c, const struct checked *f, const struct schedule *s,
    const struct experiment *x)
{
	bool without = false;

	for (size_t i = 0; i < x->arm_count; i++)
		without |= x->arms[i].no_heads_up;
	for (size_t i = 0; without && i < s->step_count; i++)
		if (s->steps[i].toned && s->steps[i].from == STEP_FROM_DUE && s->steps[i].days < 0 &&
		    s->steps[i].lapse_days == STEP_NEVER_LAPSES)
			check_tell(c, f->path, "step %s never lapses, so the arm of %s without a "
			    "heads-up gets it, too: add \"lapses_days_after_due\": 0",
			    s->steps[i].id, x->id);
}

static void check_schedule(struct check *c, const struct checked *f)
{
	const struct schedule *s = f->parsed;
	const struct checked *pack = check_find(c, CHECKED_PACK, s->pack);
	const struct checked *experiment = s->experiment[0] == '\0' ? NULL :
	    check_find(c, CHECKED_EXPERIMENT, s->experiment);

	if (pack == NULL)
		check_tell(c, f->path, "there is no rule pack schedules/rules/%s.json", s->pack);
	if (s->experiment[0] != '\0' && experiment == NULL)
		check_tell(c, f->path, "there is no schedules/experiments/%s.json", s->experiment);
	if (experiment != NULL && experiment->parsed != NULL) {
		const struct experiment *x = experiment->parsed;

		if (x->schedule[0] != '\0' && strcmp(x->schedule, s->name) != 0)
			check_tell(c, f->path, "its experiment %s is for the schedule %s only",
			    s->experiment, x->schedule);
		check_heads_up(c, f, s, x);
	}
	for (size_t i = 0; i < s->step_count; i++)
		check_step(c, f, s, &s->steps[i], pack != NULL ? pack->parsed : NULL);
}

static void check_segments(struct check *c, const struct checked *f)
{
	const struct segments *all = f->parsed;

	for (size_t i = 0; i < all->count; i++)
		if (check_find(c, CHECKED_SCHEDULE, all->list[i].schedule) == NULL)
			check_tell(c, f->path, "segment %s: there is no schedules/%s.json",
			    all->list[i].name, all->list[i].schedule);
}

static void check_pack(struct check *c, const struct checked *f)
{
	const struct pack *pack = f->parsed;
	const char *calendar;
	size_t at = 0;

	while ((calendar = pack_calendar_next(pack, &at)) != NULL)
		if (check_find(c, CHECKED_CALENDAR, calendar) == NULL)
			check_tell(c, f->path, "there is no schedules/calendars/%s.ics", calendar);
	for (const struct checked *g = f->next; g != NULL; g = g->next)
		if (g->kind == CHECKED_PACK && g->parsed != NULL &&
		    strcmp(((const struct pack *)g->parsed)->country, pack->country) == 0)
			check_tell(c, f->path, "is for country %s, as %s is: only one can bind",
			    pack->country, g->path);
	check_pack_values(c->ctx, pack, f->path, c->today, is_aside(c, pack), c->sink);
}

/* A workspace's own values for a pack that is not there bind nobody. */
static void check_own_values(struct check *c)
{
	struct dirent **entries = NULL;
	const int n = scandir(talloc_asprintf(c->ctx, "%s/" PACK_LOCAL_FOLDER, c->dir), &entries,
	    NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name, *end = strrchr(name, '.');

		if (name[0] != '.' && (end == NULL || strcmp(end, ".json") != 0 ||
		    check_find(c, CHECKED_PACK, talloc_strndup(c->ctx, name, (size_t)(end - name))) == NULL))
			check_tell(c, talloc_asprintf(c->ctx, PACK_LOCAL_FOLDER "%s", name), "belongs to no "
			    "pack; name it as the file in schedules/rules/ that it is laid over");
		free(entries[i]);
	}
	free(entries);
}

void check_run(const char *dir, const struct library *library, day_t today,
    const struct check_sink *sink, struct check_counts *counts)
{
	struct check c = { .ctx = talloc_new(NULL), .dir = dir, .library = library,
	    .today = today, .sink = sink, .counts = counts };

	*counts = (struct check_counts){ 0 };
	if (access(talloc_asprintf(c.ctx, "%s/schedules", dir), F_OK) != 0)
		add_assets(&c);
	else
		for (int kind = 0; kind < CHECKED_KINDS; kind++)
			read_folder(&c, (enum checked_kind)kind);
	check_settings(&c);
	for (const struct checked *f = c.files; f != NULL; f = f->next) {
		if (f->parsed != NULL && f->kind == CHECKED_SCHEDULE)
			check_schedule(&c, f);
		if (f->parsed != NULL && f->kind == CHECKED_SEGMENTS)
			check_segments(&c, f);
		if (f->parsed != NULL && f->kind == CHECKED_PACK)
			check_pack(&c, f);
	}
	check_own_values(&c);
	talloc_free(c.ctx);
}
