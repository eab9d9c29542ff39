/* workspace.c - see workspace.h. */
#include "engine/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/cfg.h"
#include "base/err.h"
#include "base/must.h"
#include "base/secret.h"
#include "store/store.h"

#define FILE_BYTES_MAX (1024 * 1024)
#define FOLDER_DEPTH_MAX 8

bool workspace_make_folders(const char *path, struct err *err)
{
	char *copy = talloc_strdup(NULL, path);

	must(copy != NULL);
	for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) != 0 && errno != EEXIST) {
			err_set(err, ERR_SYSTEM, "%s: %s", copy, strerror(errno));
			break;
		}
		*slash = '/';
	}
	talloc_free(copy);
	return !err_is_set(err);
}

static bool write_new(const char *path, const char *text, size_t len, mode_t mode,
    struct err *err)
{
	bool ok;
	int fd;

	if (!workspace_make_folders(path, err))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0 && errno == EEXIST)
		return true;
	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	ok = write(fd, text, len) == (ssize_t)len;
	ok = close(fd) == 0 && ok;
	return ok || err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
}

static bool write_assets(void *ctx, const char *dir, struct err *err)
{
	for (const struct asset *a = asset_table; a->path != NULL; a++) {
		if (strncmp(a->path, "schema/", 7) != 0 &&
		    !write_new(talloc_asprintf(ctx, "%s/%s", dir, a->path), a->at,
		    (size_t)(a->end - a->at), 0644, err))
			return false;
	}
	return true;
}

static const char *const key_names[] = { "link.key", "assign.key" };
#define KEYS (sizeof(key_names) / sizeof(key_names[0]))

static bool write_keys(void *ctx, const char *dir, struct err *err)
{
	for (size_t i = 0; i < KEYS; i++) {
		const char *path = talloc_asprintf(ctx, "%s/keys/%s", dir, key_names[i]);

		if (!workspace_make_folders(path, err))
			return false;
		if (access(path, F_OK) != 0 && !key_make_file(path, err))
			return false;
	}
	return true;
}

static bool write_settings(void *ctx, const char *dir, struct err *err)
{
	const char *path = talloc_asprintf(ctx, "%s/purr.conf", dir);
	FILE *file;
	bool ok;

	if (access(path, F_OK) == 0)
		return true;
	file = fopen(path, "wxe");
	if (file == NULL)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	cfg_print_sample(file);
	ok = ferror(file) == 0;
	ok = fclose(file) == 0 && ok;
	return ok || err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
}

static bool make_rest(void *ctx, const char *dir, instant_t now, struct err *err)
{
	int before, after;

	return write_assets(ctx, dir, err) && write_keys(ctx, dir, err) &&
	    write_settings(ctx, dir, err) &&
	    store_migrate(talloc_asprintf(ctx, "%s/purr.db", dir), now, &before, &after, err);
}

bool workspace_make(const char *dir, instant_t now, struct err *err)
{
	void *ctx = talloc_new(NULL);
	const bool ok = make_rest(ctx, dir, now, err);

	talloc_free(ctx);
	return ok;
}

/* --- scratch -------------------------------------------------------------------- */

static bool is_empty(const char *dir, struct err *err)
{
	DIR *handle = opendir(dir);
	const struct dirent *d;
	bool empty = true;

	if (handle == NULL)
		return errno == ENOENT || err_set(err, ERR_INPUT, "%s: %s", dir, strerror(errno));
	while (empty && (d = readdir(handle)) != NULL)
		empty = strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0;
	closedir(handle);
	return empty || err_set(err, ERR_REFUSED,
	    "%s is not empty; it takes a directory of its own", dir);
}

static bool copy_file(void *ctx, const char *from, const char *to, struct err *err)
{
	FILE *file = fopen(from, "re");
	char *text = talloc_size(ctx, FILE_BYTES_MAX);
	size_t n;
	bool ok;

	must(text != NULL);
	if (file == NULL)
		return err_set(err, ERR_INPUT, "%s: %s", from, strerror(errno));
	n = fread(text, 1, FILE_BYTES_MAX, file);
	ok = !ferror(file) && n < FILE_BYTES_MAX;
	fclose(file);
	if (!ok)
		err_set(err, ERR_INPUT, "%s: cannot be read, or is too large", from);
	ok = ok && write_new(to, text, n, 0644, err);
	talloc_free(text);
	return ok;
}

static bool copy_folder(void *ctx, const char *from, const char *to, int depth, struct err *err)
{
	DIR *handle = opendir(from);
	const struct dirent *d;
	bool ok = true;

	if (handle == NULL)
		return errno == ENOENT || err_set(err, ERR_INPUT, "%s: %s", from, strerror(errno));
	while (ok && (d = readdir(handle)) != NULL) {
		const char *a = talloc_asprintf(ctx, "%s/%s", from, d->d_name);
		const char *b = talloc_asprintf(ctx, "%s/%s", to, d->d_name);
		struct stat st;

		if (d->d_name[0] == '.' || stat(a, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH_MAX)
			ok = copy_folder(ctx, a, b, depth + 1, err);
		else if (S_ISREG(st.st_mode))
			ok = copy_file(ctx, a, b, err);
	}
	closedir(handle);
	return ok;
}

static bool copy_policy(void *ctx, const char *like, const char *dir, struct err *err)
{
	static const char *const folders[] = { "schedules", "templates" };
	const char *settings = talloc_asprintf(ctx, "%s/purr.conf", like);

	if (access(settings, F_OK) != 0)
		return true;		/* not a workspace: the program's own policy */
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!copy_folder(ctx, talloc_asprintf(ctx, "%s/%s", like, folders[i]),
		    talloc_asprintf(ctx, "%s/%s", dir, folders[i]), 0, err))
			return false;
	return copy_file(ctx, settings, talloc_asprintf(ctx, "%s/purr.conf", dir), err);
}

static bool seed_keys(void *ctx, const char *dir, const char *seed, struct err *err)
{
	for (size_t i = 0; i < KEYS; i++) {
		const char *text = talloc_asprintf(ctx, "purr replay\x1f%s\x1f%s", key_names[i], seed);
		char hex[HASH_HEX_BYTES];

		sha256_hex(text, strlen(text), hex);
		if (!write_new(talloc_asprintf(ctx, "%s/keys/%s", dir, key_names[i]), hex,
		    strlen(hex), 0600, err))
			return false;
	}
	return true;
}

static bool give_settings(void *ctx, const char *dir, const char *settings, struct err *err)
{
	return settings == NULL || write_new(talloc_asprintf(ctx, "%s/purr.conf", dir), settings,
	    strlen(settings), 0644, err);
}

bool workspace_make_scratch(const char *dir, const char *like, const char *settings,
    const char *seed, instant_t now, struct err *err)
{
	void *ctx = talloc_new(NULL);
	const bool ok = is_empty(dir, err) && give_settings(ctx, dir, settings, err) &&
	    (settings != NULL || copy_policy(ctx, like, dir, err)) &&
	    seed_keys(ctx, dir, seed, err) && make_rest(ctx, dir, now, err);

	talloc_free(ctx);
	return ok;
}
