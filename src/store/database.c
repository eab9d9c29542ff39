/* database.c - see database.h. */
#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/err.h"
#include "store/store.h"

#define SCHEMA_VERSIONS_MAX 9999

/* What a person can do about it, or NULL. */
static const char *advice(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return "the database is damaged; put a copy of it in its place";
	case SQLITE_FULL:
		return "the disk is full; make room and begin again";
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return "the database may not be written by this user";
	default:
		return NULL;
	}
}

bool database_fail(sqlite3 *db, struct err *err, const char *what)
{
	const int code = sqlite3_errcode(db);
	const char *name = sqlite3_db_filename(db, "main");
	const char *slash = name != NULL ? strrchr(name, '/') : NULL;
	const enum err_kind kind = (code & 0xff) == SQLITE_CONSTRAINT ? ERR_REFUSED :
	    (code & 0xff) == SQLITE_BUSY ? ERR_RETRY : ERR_SYSTEM;

	if (advice(code) != NULL)
		return err_set(err, kind, "%s: %s (%s)", slash != NULL ? slash + 1 : "store",
		    advice(code), sqlite3_errmsg(db));
	return err_set(err, kind, "store: %s: %s", what, sqlite3_errmsg(db));
}

bool database_exec(sqlite3 *db, const char *sql, struct err *err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	return database_fail(db, err, "statement");
}

sqlite3 *database_open(const char *path, int flags, bool scratch, struct err *err)
{
	sqlite3 *db = NULL;

	/* What a savepoint may have to undo stays in memory: a part is small, and
	 * is set many times a second.  Only the first call of a process counts. */
	(void)sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
	/* No 80 KiB in advance for each passing table of a query: they cost more
	 * than the queries. */
	(void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
	/* No lock for each malloc and each call: a store belongs to one thread. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		err_set(err, ERR_SYSTEM, "%s: %s", path,
		    db != NULL ? sqlite3_errmsg(db) : "out of memory");
		sqlite3_close(db);
		return NULL;
	}
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, STORE_BUSY_MS);
	if (!database_exec(db, scratch ?
	    "pragma journal_mode = wal; pragma synchronous = off;"
	    "pragma foreign_keys = on; pragma cache_size = -65536" :
	    "pragma journal_mode = wal; pragma synchronous = full;"
	    "pragma foreign_keys = on; pragma cache_size = -16384", err)) {
		sqlite3_close(db);
		return NULL;
	}
	return db;
}

sqlite3 *database_copy(const char *path, struct err *err)
{
	sqlite3 *from = database_open(path, SQLITE_OPEN_READWRITE, false, err), *to = NULL;
	sqlite3_backup *backup;

	if (from == NULL || sqlite3_open_v2("", &to, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	    (backup = sqlite3_backup_init(to, "main", from, "main")) == NULL ||
	    (sqlite3_backup_step(backup, -1), sqlite3_backup_finish(backup)) != SQLITE_OK ||
	    !database_exec(to, "pragma journal_mode = memory; pragma synchronous = off;"
	    "pragma foreign_keys = on; pragma cache_size = -262144", err)) {
		err_set(err, ERR_SYSTEM, "%s: cannot be copied: %s", path, sqlite3_errmsg(to));
		sqlite3_close(to);
		to = NULL;
	}
	sqlite3_close(from);
	return to;
}

/* --- migrations ----------------------------------------------------------- */

/* The migration of a version, found by its file name "schema/NNNN_...". */
static const struct asset *migration(int version)
{
	char prefix[24];

	(void)snprintf(prefix, sizeof(prefix), "schema/%04d_", version);
	for (const struct asset *a = asset_table; a->path != NULL; a++)
		if (strncmp(a->path, prefix, strlen(prefix)) == 0)
			return a;
	return NULL;
}

int store_schema_version(void)
{
	int version = 0;

	while (version < SCHEMA_VERSIONS_MAX && migration(version + 1) != NULL)
		version++;
	return version;
}

/* One whole number; no row and null: 0. */
static bool db_int(sqlite3 *db, const char *sql, int *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	*out = 0;
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE || database_fail(db, err, "version");
}

bool database_version(sqlite3 *db, int *version, struct err *err)
{
	int tables;

	*version = 0;
	return db_int(db, "select count(*) from sqlite_schema where name = 'schema_version'",
	    &tables, err) && (tables == 0 ||
	    db_int(db, "select max(version) from schema_version", version, err));
}

/* Names, addresses and debts lie in it: for nobody's eyes but its owner's. */
static bool make_file(const char *path, struct err *err)
{
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	(void)close(fd);
	return true;
}

static bool apply(sqlite3 *db, int version, instant_t now, struct err *err)
{
	char note[96];

	(void)snprintf(note, sizeof(note), "insert into schema_version values (%d, %lld)",
	    version, (long long)now);
	if (!database_exec(db, "begin immediate", err))
		return false;
	if (!database_exec(db, migration(version)->at, err) || !database_exec(db, note, err) ||
	    !database_exec(db, "commit", err)) {
		(void)sqlite3_exec(db, "rollback", NULL, NULL, NULL);
		err_prefix(err, "migration %d", version);
		return false;
	}
	return true;
}

bool store_migrate(const char *path, instant_t now, int *before, int *after, struct err *err)
{
	sqlite3 *db = make_file(path, err) ? database_open(path, SQLITE_OPEN_READWRITE, false, err) :
	    NULL;
	bool ok;

	if (db == NULL)
		return false;
	ok = database_version(db, before, err);
	*after = *before;
	if (ok && *before > store_schema_version())
		ok = err_set(err, ERR_REFUSED, "%s: its schema is version %d, newer than "
		    "this program's %d; use the newer program", path, *before,
		    store_schema_version());
	while (ok && *after < store_schema_version()) {
		ok = apply(db, *after + 1, now, err);
		if (ok)
			(*after)++;
	}
	sqlite3_close(db);
	return ok;
}

bool store_version(const char *path, int *version, struct err *err)
{
	sqlite3 *db = database_open(path, SQLITE_OPEN_READWRITE, false, err);
	bool ok;

	if (db == NULL)
		return false;
	ok = database_version(db, version, err);
	sqlite3_close(db);
	return ok;
}

bool store_backup(const char *path, const char *to, struct err *err)
{
	sqlite3 *db = database_open(path, SQLITE_OPEN_READWRITE, false, err);
	sqlite3_stmt *stmt = NULL;
	bool ok = db != NULL, made;

	if (ok && access(to, F_OK) == 0)
		ok = err_set(err, ERR_REFUSED, "%s is there already; move it away first", to);
	ok = made = ok && make_file(to, err);
	if (ok && (sqlite3_prepare_v2(db, "vacuum into ?1", -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_bind_text(stmt, 1, to, -1, SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_DONE))
		ok = database_fail(db, err, "copy");
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	if (made && !ok)
		(void)unlink(to);	/* no copy is better than half of one */
	return ok;
}
