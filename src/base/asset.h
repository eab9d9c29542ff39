/* asset.h - the files that travel inside the program.
 *
 * templates/, schedules/ and the database schema are embedded at build time,
 * so that one binary is a whole installation; `purr init` writes the first two
 * into a workspace, where they are then edited.
 *
 * Memory:  constant; the text behind `at` ends with a NUL that is not counted.
 * Threads: read only.
 */
#ifndef BASE_ASSET_H
#define BASE_ASSET_H

#include <stddef.h>

struct asset {
	const char	*path;		/* "templates/...", "schedules/...", "schema/..." */
	const char	*at, *end;
};

/* Sorted by path; the last has a NULL path. */
extern const struct asset asset_table[];

/* NULL when there is none of that path. */
const struct asset *asset_find(const char *path);

#endif
