/* cmd_init.c - purr init [DIR]: makes a workspace. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>

#include "base/asset.h"
#include "base/cfg.h"
#include "base/must.h"
#include "base/secret.h"
#include "cmd/desk.h"
#include "store/store.h"

static const char help[] =
"usage: purr init [DIR]\n"
"\n"
"Makes a workspace in DIR (default: the -C directory): purr.conf, schedules/,\n"
"templates/, keys/ and the database purr.db.  Files that are there already are\n"
"left as they are, so that init is safe to repeat.\n";

/* Makes the folders that lead to `path`. */
static bool make_folders(const char *path, struct err *err)
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

static bool write_new(const char *path, const char *text, size_t len, struct err *err)
{
	bool ok;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0 && errno == EEXIST)
		return true;
	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	ok = write(fd, text, len) == (ssize_t)len;
	ok = close(fd) == 0 && ok;
	return ok || err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
}

static bool write_assets(struct cmd *cmd, const char *dir, struct err *err)
{
	for (const struct asset *a = asset_table; a->path != NULL; a++) {
		const char *path = talloc_asprintf(cmd->ctx, "%s/%s", dir, a->path);

		if (strncmp(a->path, "schema/", 7) == 0)
			continue;
		if (!make_folders(path, err) ||
		    !write_new(path, a->at, (size_t)(a->end - a->at), err))
			return false;
	}
	return true;
}

static bool write_keys(struct cmd *cmd, const char *dir, struct err *err)
{
	static const char *const names[] = { "link.key", "assign.key" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = talloc_asprintf(cmd->ctx, "%s/keys/%s", dir, names[i]);

		if (!make_folders(path, err))
			return false;
		if (access(path, F_OK) != 0 && !key_make_file(path, err))
			return false;
	}
	return true;
}

static bool write_settings(struct cmd *cmd, const char *dir, struct err *err)
{
	const char *path = talloc_asprintf(cmd->ctx, "%s/purr.conf", dir);
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

int cmd_init(struct cmd *cmd)
{
	int before, after;
	struct err err = { 0 };
	const char *dir;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	if (!cmd_operands(cmd, 0, 1))
		return EXIT_USAGE;
	dir = cmd->argc == 1 ? cmd->argv[0] : cmd->workspace;
	if (!write_assets(cmd, dir, &err) || !write_keys(cmd, dir, &err) ||
	    !write_settings(cmd, dir, &err) ||
	    !store_migrate(talloc_asprintf(cmd->ctx, "%s/purr.db", dir), cmd->now, &before,
	    &after, &err))
		return cmd_fail(cmd, &err);
	printf("workspace %s is ready; look at purr.conf first, then run 'purr check'\n", dir);
	return EXIT_DONE;
}
