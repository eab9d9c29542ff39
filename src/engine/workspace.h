/* workspace.h - a directory becomes a workspace: settings, policy files, keys,
 * database.
 *
 * Everything that is written comes out of the program itself; files that are
 * there already are left as they are.
 */
#ifndef ENGINE_WORKSPACE_H
#define ENGINE_WORKSPACE_H

#include <stdbool.h>

#include "base/clock.h"

struct err;

bool	workspace_make(const char *dir, instant_t now, struct err *);

/* A workspace for a replay or a simulation: its keys come from `seed`, so that
 * the same ledger gives the same links and arms.  `dir` must be empty or not
 * there.  `settings` is the text of its purr.conf; where that is NULL and `like`
 * is a workspace, that one's settings, schedules and templates are taken. */
bool	workspace_make_scratch(const char *dir, const char *like, const char *settings,
	    const char *seed, instant_t now, struct err *);

/* Makes the folders that lead to `path`. */
bool	workspace_make_folders(const char *path, struct err *);

#endif
