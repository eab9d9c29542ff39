/* policy_load.c - a policy from the files of a workspace; see policy.h. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/policy_version.h"

#define POLICY_FILE_BYTES_MAX (1024 * 1024)
#define SEGMENTS_FILE "segments.json"
#define SCHEMA_ENDING ".schema.json"	/* beside what it describes */

/* --- reading the files ------------------------------------------------------- */

const char *policy_read_file(void *ctx, const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	char *text;
	size_t n;

	if (file == NULL) {
		err_set(err, ERR_INPUT, "%s: %s", path, strerror(errno));
		return NULL;
	}
	text = talloc_size(ctx, POLICY_FILE_BYTES_MAX + 1);
	must(text != NULL);
	n = fread(text, 1, POLICY_FILE_BYTES_MAX, file);
	text[n] = '\0';
	if (ferror(file))
		err_set(err, ERR_INPUT, "%s: cannot be read", path);
	else if (n == POLICY_FILE_BYTES_MAX)
		err_set(err, ERR_INPUT, "%s: larger than %d bytes", path,
		    POLICY_FILE_BYTES_MAX - 1);
	else if (strlen(text) != n)
		err_set(err, ERR_INPUT, "%s: holds a NUL byte", path);
	fclose(file);
	return err_is_set(err) ? NULL : text;
}

static enum policy_kind filtering;	/* of the scandir() under way */

/* Beside the schedules lie the segments and the forms of all these files. */
static int has_ending(const struct dirent *d)
{
	const size_t len = strlen(d->d_name), end = strlen(policy_kinds[filtering].ending);

	return d->d_name[0] != '.' && len > end && strstr(d->d_name, SCHEMA_ENDING) == NULL &&
	    strcmp(d->d_name, SEGMENTS_FILE) != 0 &&
	    strcmp(d->d_name + len - end, policy_kinds[filtering].ending) == 0;
}

/* A pack's text with the workspace's own values in it, where there are some: what
 * is hashed and kept, so that an old decision finds them again. */
static const char *lay_over(const struct engine *e, void *ctx, const char *shown,
    const char *name, const char *text, struct err *err)
{
	const char *path = talloc_asprintf(ctx, PACK_LOCAL_FOLDER "%s.json", name);
	const struct pack_text pack = { shown, text, strlen(text) };
	struct pack_text local = { .name = path };

	if (access(engine_path(e, ctx, path), F_OK) != 0)
		return text;
	local.text = policy_read_file(ctx, engine_path(e, ctx, path), err);
	if (local.text == NULL)
		return NULL;
	local.len = strlen(local.text);
	return pack_overlay(ctx, &pack, &local, err);
}

static bool load_one(struct policy *p, const struct engine *e, enum policy_kind kind,
    const char *file, struct err *err)
{
	void *tmp = talloc_new(p);
	const char *shown = talloc_asprintf(tmp, "%s/%s", policy_kinds[kind].folder, file);
	const char *text = policy_read_file(tmp, engine_path(e, tmp, shown), err);
	const char *name = talloc_strndup(tmp, file, strlen(file) - strlen(policy_kinds[kind].ending));
	bool ok;

	if (text != NULL && kind == POLICY_PACK)
		text = lay_over(e, tmp, shown, name, text, err);
	ok = text != NULL && version_add(p, kind, name, text, shown, true, err) != NULL;
	talloc_free(tmp);
	return ok;
}

static bool load_kind(struct policy *p, const struct engine *e, enum policy_kind kind,
    struct err *err)
{
	struct dirent **files = NULL;
	char *folder = engine_path(e, p, policy_kinds[kind].folder);
	bool ok = true;
	int n;

	filtering = kind;
	n = scandir(folder, &files, has_ending, alphasort);
	if (n < 0 && errno != ENOENT)
		ok = err_set(err, ERR_INPUT, "%s: %s", folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		ok = ok && load_one(p, e, kind, files[i]->d_name, err);
		free(files[i]);
	}
	free(files);
	talloc_free(folder);
	return ok;
}

static bool load_segments(struct policy *p, const struct engine *e, struct err *err)
{
	static const char shown[] = "schedules/" SEGMENTS_FILE;
	void *tmp = talloc_new(p);
	const char *path = engine_path(e, tmp, shown);
	const char *text;

	if (access(path, F_OK) == 0) {
		text = policy_read_file(tmp, path, err);
		p->segments = text == NULL ? NULL :
		    segments_parse(p, shown, text, strlen(text), err);
	}
	talloc_free(tmp);
	return !err_is_set(err);
}

/* --- closed days of a creditor ------------------------------------------------ */

/* Adds a calendar of a pack with the closed days of a setting behind it. */
static bool join_one(struct policy *p, const struct version *calendar,
    const struct cfg_creditor *creditor, struct err *err)
{
	void *tmp = talloc_new(p);
	const char *words = creditor->text[CREDITOR_CLOSED_DAYS], *word;
	const char *name = version_joined_name(tmp, calendar->name, words), *text = calendar->text;
	bool ok = true;

	while (ok && (word = cfg_word(tmp, &words)) != NULL) {
		const struct version *closed = version_named(p, POLICY_CLOSED_DAYS, word);

		if (closed == NULL)
			ok = err_set(err, ERR_INPUT, "purr.conf: [creditor %s]: there is no "
			    "schedules/closed/%s.ics", creditor->id, word);
		else
			text = calendar_join(tmp, text, closed->text);
	}
	ok = ok && version_add(p, POLICY_CALENDAR, name, text, name, true, err) != NULL;
	talloc_free(tmp);
	return ok;
}

/* Those of every region too. */
static bool join_pack(struct policy *p, const struct pack *pack,
    const struct cfg_creditor *creditor, struct err *err)
{
	const char *name;
	size_t at = 0;
	bool ok = true;

	while (ok && (name = pack_calendar_next(pack, &at)) != NULL) {
		const struct version *calendar = version_named(p, POLICY_CALENDAR, name);

		if (calendar != NULL &&
		    version_calendar_of(p, name, creditor->text[CREDITOR_CLOSED_DAYS]) == NULL)
			ok = join_one(p, calendar, creditor, err);
	}
	return ok;
}

static bool join_closed_days(struct policy *p, const struct cfg *cfg, struct err *err)
{
	const struct version *packs = p->versions;
	bool ok = true;

	for (size_t i = 0; i < cfg->creditor_count; i++) {
		const struct cfg_creditor *creditor = &cfg->creditors[i];

		if (creditor->text[CREDITOR_CLOSED_DAYS][0] == '\0')
			continue;
		for (const struct version *v = packs; v != NULL && ok; v = v->next)
			if (v->kind == POLICY_PACK)
				ok = join_pack(p, v->parsed, creditor, err);
	}
	return ok;
}

struct policy *policy_load(void *ctx, const struct engine *e, struct err *err)
{
	struct policy *p = talloc_zero(ctx, struct policy);
	bool ok = true;

	must(p != NULL);
	for (int kind = 0; kind < POLICY_KINDS && ok; kind++)
		ok = load_kind(p, e, (enum policy_kind)kind, err);
	ok = ok && load_segments(p, e, err) && join_closed_days(p, e->cfg, err);
	p->library = library_new(p);
	ok = ok && library_add_directory(p->library, engine_path(e, p, "templates"), err) &&
	    library_close(p->library, err);
	if (!ok) {
		talloc_free(p);
		return NULL;
	}
	return p;
}
