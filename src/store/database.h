/* database.h - the file behind the store: opened, made, migrated, copied (store/
 * only).
 *
 * Memory:  database_open() gives a handle that the caller closes.
 * Errors:  what SQLite says, in front of it what a person can do about it:
 *          a damaged file, a full disk, a file that may not be written.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <stdbool.h>

#include <sqlite3.h>

struct err;

/* Always false.  `what` names what was being done. */
bool	 database_fail(sqlite3 *, struct err *, const char *what);
bool	 database_exec(sqlite3 *, const char *sql, struct err *);

/* scratch: a replay's, not durable against power loss. */
sqlite3	*database_open(const char *path, int flags, bool scratch, struct err *);

/* A copy without a name: in memory, in an unlinked file where that is full. */
sqlite3	*database_copy(const char *path, struct err *);

/* 0: a new, empty database. */
bool	 database_version(sqlite3 *, int *version, struct err *);

#endif
