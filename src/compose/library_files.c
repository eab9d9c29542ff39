/* library_files.c - the texts of a workspace, read from its templates/.
 *
 * The one place of compose/ that touches a disk.  Folders are read in any
 * order: the library sorts.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "compose/library.h"

#define FOLDER_DEPTH_MAX 3	/* templates / channel / language */

static bool add_file(struct library *lib, void *ctx, int folder, const char *name,
    const char *path, struct err *err)
{
	char *text = talloc_array(ctx, char, TEMPLATE_FILE_BYTES_MAX + 2);
	size_t len = 0;
	ssize_t n;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

	must(text != NULL);
	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	while (len <= TEMPLATE_FILE_BYTES_MAX &&
	    (n = read(fd, text + len, TEMPLATE_FILE_BYTES_MAX + 1 - len)) > 0)
		len += (size_t)n;
	(void)close(fd);
	return library_add(lib, path, text, len, err);
}

static bool add_folder(struct library *lib, void *ctx, const char *folder,
    const char *path, int depth, struct err *err);

static bool add_entry(struct library *lib, void *ctx, DIR *dir, const char *name,
    const char *folder, const char *path, int depth, struct err *err)
{
	const char *below = talloc_asprintf(ctx, "%s/%s", path, name);
	const size_t len = strlen(name), suffix = strlen(".mustache");
	struct stat st;

	must(below != NULL);
	if (fstatat(dirfd(dir), name, &st, 0) != 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", below, strerror(errno));
	if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH_MAX)
		return add_folder(lib, ctx, talloc_asprintf(ctx, "%s/%s", folder, name),
		    below, depth + 1, err);
	if (S_ISREG(st.st_mode) && len > suffix &&
	    strcmp(name + len - suffix, ".mustache") == 0)
		return add_file(lib, ctx, dirfd(dir), name, below, err);
	return true;
}

/* Names that begin with a point are an editor's, not ours. */
static bool add_folder(struct library *lib, void *ctx, const char *folder,
    const char *path, int depth, struct err *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool ok = true;

	if (dir == NULL)
		return err_set(err, ERR_INPUT, "%s: %s", folder, strerror(errno));
	while (ok && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			ok = add_entry(lib, ctx, dir, entry->d_name, folder, path, depth, err);
	(void)closedir(dir);
	return ok;
}

bool library_add_directory(struct library *lib, const char *directory, struct err *err)
{
	void *ctx = talloc_new(NULL);
	bool ok = add_folder(lib, ctx, directory, "templates", 1, err);

	talloc_free(ctx);
	return ok;
}

struct library *library_open(void *ctx, const char *workspace, struct err *err)
{
	struct library *lib = library_new(ctx);
	char *folder = talloc_asprintf(lib, "%s/templates", workspace);
	bool ok;

	must(folder != NULL);
	ok = access(folder, F_OK) == 0 ? library_add_directory(lib, folder, err) :
	    library_add_assets(lib, err);
	if (ok && library_close(lib, err))
		return lib;
	talloc_free(lib);
	return NULL;
}
