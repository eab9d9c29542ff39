/* store.c - opening, migrating and transactions of the SQLite store.
 *
 * Data come from the typed calls beside this file and go to purr.db; nothing
 * here knows what a debtor is.
 */
#include "store/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>
#include <talloc.h>

#include "base/asset.h"
#include "base/err.h"
#include "base/must.h"
#include "store/query.h"

#define SCHEMA_VERSIONS_MAX 9999

struct store {
	sqlite3		*db;
	sqlite3_stmt	*stmt[STATEMENTS];
	const char	*begun_file;	/* NULL: no transaction */
	int		 begun_line;
	bool		 reading;
};

static const struct {
	const char	*name;
	enum store_role	 role;
	const char	*sql;
} catalogue[] = {
#define STATEMENT(name, role, sql) { #name, STORE_##role, sql },
#include "store/statements.def"
#undef STATEMENT
};
_Static_assert(sizeof(catalogue) / sizeof(catalogue[0]) == STATEMENTS,
    "a text for each statement");

static bool db_fail(sqlite3 *db, struct err *err, const char *what)
{
	const int code = sqlite3_errcode(db);
	const enum err_kind kind = (code & 0xff) == SQLITE_CONSTRAINT ? ERR_REFUSED :
	    (code & 0xff) == SQLITE_BUSY ? ERR_RETRY : ERR_SYSTEM;

	return err_set(err, kind, "store: %s: %s", what, sqlite3_errmsg(db));
}

static bool db_exec(sqlite3 *db, const char *sql, struct err *err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	return db_fail(db, err, "statement");
}

static sqlite3 *db_open(const char *path, int flags, bool scratch, struct err *err)
{
	sqlite3 *db = NULL;

	/* No 80 KiB in advance for each passing table of a query: they cost more
	 * than the queries.  Only the first call of a process counts. */
	(void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
	if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) {
		err_set(err, ERR_SYSTEM, "%s: %s", path,
		    db != NULL ? sqlite3_errmsg(db) : "out of memory");
		sqlite3_close(db);
		return NULL;
	}
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, STORE_BUSY_MS);
	if (!db_exec(db, scratch ?
	    "pragma journal_mode = wal; pragma synchronous = off;"
	    "pragma foreign_keys = on; pragma cache_size = -65536" :
	    "pragma journal_mode = wal; pragma synchronous = full;"
	    "pragma foreign_keys = on; pragma cache_size = -16384", err)) {
		sqlite3_close(db);
		return NULL;
	}
	return db;
}

/* A database without a name: in memory, in an unlinked file where that is full. */
static sqlite3 *db_copy(const char *path, struct err *err)
{
	sqlite3 *from = db_open(path, SQLITE_OPEN_READWRITE, false, err), *to = NULL;
	sqlite3_backup *backup;

	if (from == NULL || sqlite3_open("", &to) != SQLITE_OK ||
	    (backup = sqlite3_backup_init(to, "main", from, "main")) == NULL ||
	    (sqlite3_backup_step(backup, -1), sqlite3_backup_finish(backup)) != SQLITE_OK ||
	    !db_exec(to, "pragma journal_mode = off; pragma synchronous = off;"
	    "pragma foreign_keys = on; pragma cache_size = -65536", err)) {
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

static int version_of(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	int version = 0;

	if (sqlite3_prepare_v2(db, "select max(version) from schema_version", -1,
	    &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		version = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return version;
}

static bool apply(sqlite3 *db, int version, instant_t now, struct err *err)
{
	char note[96];

	(void)snprintf(note, sizeof(note), "insert into schema_version values (%d, %lld)",
	    version, (long long)now);
	if (!db_exec(db, "begin immediate", err))
		return false;
	if (!db_exec(db, migration(version)->at, err) || !db_exec(db, note, err) ||
	    !db_exec(db, "commit", err)) {
		(void)sqlite3_exec(db, "rollback", NULL, NULL, NULL);
		err_prefix(err, "migration %d", version);
		return false;
	}
	return true;
}

bool store_migrate(const char *path, instant_t now, int *before, int *after, struct err *err)
{
	sqlite3 *db = db_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, false, err);
	bool ok = true;

	if (db == NULL)
		return false;
	*before = version_of(db);
	*after = *before;
	if (*before > store_schema_version())
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
	sqlite3 *db = db_open(path, SQLITE_OPEN_READWRITE, false, err);

	if (db == NULL)
		return false;
	*version = version_of(db);
	sqlite3_close(db);
	return true;
}

bool store_backup(const char *path, const char *to, struct err *err)
{
	sqlite3 *db = db_open(path, SQLITE_OPEN_READWRITE, false, err);
	sqlite3_stmt *stmt = NULL;
	bool ok = db != NULL;

	if (ok && access(to, F_OK) == 0)
		ok = err_set(err, ERR_REFUSED, "%s is there already; move it away first", to);
	if (ok && (sqlite3_prepare_v2(db, "vacuum into ?1", -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_bind_text(stmt, 1, to, -1, SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_DONE))
		ok = db_fail(db, err, "copy");
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return ok;
}

/* --- opening -------------------------------------------------------------- */

static int store_end(struct store *store)
{
	must(store->begun_file == NULL);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(store->stmt[i]);
	must(sqlite3_close(store->db) == SQLITE_OK);
	return 0;
}

/* PostgreSQL numbers parameters as $1; SQLite would take that for a name and
 * number it by its first appearance, so it gets ?1. */
static const char *sqlite_text(void *ctx, const char *sql)
{
	char *text = talloc_strdup(ctx, sql);

	must(text != NULL);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '$')
			*c = '?';
	return text;
}

static bool prepare_all(struct store *store, enum store_role role, struct err *err)
{
	void *tmp = talloc_new(NULL);
	bool ok = true;

	for (int i = 0; ok && i < STATEMENTS; i++) {
		if (catalogue[i].role > role)
			continue;
		if (sqlite3_prepare_v3(store->db, sqlite_text(tmp, catalogue[i].sql), -1,
		    SQLITE_PREPARE_PERSISTENT, &store->stmt[i], NULL) != SQLITE_OK)
			ok = db_fail(store->db, err, catalogue[i].name);
	}
	talloc_free(tmp);
	return ok;
}

struct store *store_open(void *ctx, const char *path, struct store_options options,
    struct err *err)
{
	struct store *store = talloc_zero(ctx, struct store);
	int version;

	must(store != NULL);
	store->db = options.copy ? db_copy(path, err) :
	    db_open(path, SQLITE_OPEN_READWRITE, options.scratch, err);
	if (store->db == NULL) {
		talloc_free(store);
		return NULL;
	}
	talloc_set_destructor(store, store_end);
	version = version_of(store->db);
	if (version != store_schema_version()) {
		err_set(err, ERR_REFUSED, "%s: its schema is version %d, this program "
		    "needs %d; run 'purr migrate'", path, version, store_schema_version());
		talloc_free(store);
		return NULL;
	}
	if (!prepare_all(store, options.role, err)) {
		talloc_free(store);
		return NULL;
	}
	return store;
}

void store_close(struct store *store)
{
	talloc_free(store);
}

/* --- transactions --------------------------------------------------------- */

bool store_begin_at(struct store *store, const char *file, int line, struct err *err)
{
	must(store->begun_file == NULL);
	if (store->reading)
		store_end_read(store);
	if (!db_exec(store->db, "begin immediate", err))
		return false;
	store->begun_file = file;
	store->begun_line = line;
	return true;
}

bool store_commit(struct store *store, struct err *err)
{
	must(store->begun_file != NULL);
	if (!db_exec(store->db, "commit", err)) {
		store_rollback(store);
		return false;
	}
	store->begun_file = NULL;
	return true;
}

void store_rollback(struct store *store)
{
	if (store->begun_file == NULL)
		return;
	(void)sqlite3_exec(store->db, "rollback", NULL, NULL, NULL);
	store->begun_file = NULL;
}

bool store_in_transaction(const struct store *store)
{
	return store->begun_file != NULL;
}

bool store_begin_read(struct store *store, struct err *err)
{
	if (store->reading || store->begun_file != NULL)
		return true;
	if (!db_exec(store->db, "begin", err))
		return false;
	store->reading = true;
	return true;
}

void store_end_read(struct store *store)
{
	if (store->reading)
		(void)sqlite3_exec(store->db, "commit", NULL, NULL, NULL);
	store->reading = false;
}

int64_t store_rows_written(const struct store *store)
{
	return sqlite3_total_changes64(store->db);
}

/* --- statements (query.h) ------------------------------------------------- */

static int bind_next(sqlite3_stmt *stmt, int at, char letter, va_list *ap)
{
	const char *text;
	int64_t number;

	switch (letter) {
	case 'i':
		return sqlite3_bind_int64(stmt, at, va_arg(*ap, int64_t));
	case 'o':
		number = va_arg(*ap, int64_t);
		return number == 0 ? sqlite3_bind_null(stmt, at) :
		    sqlite3_bind_int64(stmt, at, number);
	case 'd':
		number = va_arg(*ap, day_t);
		return number == DAY_NONE ? sqlite3_bind_null(stmt, at) :
		    sqlite3_bind_int64(stmt, at, number);
	case 't':
		text = va_arg(*ap, const char *);
		return text == NULL ? sqlite3_bind_null(stmt, at) :
		    sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT);
	default:
		must(letter == 'n');
		return sqlite3_bind_null(stmt, at);
	}
}

static sqlite3_stmt *bind_all(struct store *store, enum statement which,
    const char *format, va_list *ap)
{
	sqlite3_stmt *stmt = store->stmt[which];
	int at = 0;

	must(stmt != NULL);		/* else: not of this store's role */
	must(!sqlite3_stmt_busy(stmt));
	must(sqlite3_bind_parameter_count(stmt) == (int)strlen(format));
	for (const char *f = format; *f != '\0'; f++)
		must(bind_next(stmt, ++at, *f, ap) == SQLITE_OK);
	return stmt;
}

static void unbind(sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
}

bool query_run(struct store *store, enum statement which, struct err *err,
    const char *format, ...)
{
	sqlite3_stmt *stmt;
	va_list ap;
	int code;

	must(store->begun_file != NULL);
	va_start(ap, format);
	stmt = bind_all(store, which, format, &ap);
	va_end(ap);
	code = sqlite3_step(stmt);
	if (code != SQLITE_DONE)
		db_fail(store->db, err, catalogue[which].name);
	unbind(stmt);
	return code == SQLITE_DONE;
}

int64_t query_changed(const struct store *store)
{
	return sqlite3_changes64(store->db);
}

int64_t query_last_id(const struct store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

void query_open(struct query *q, struct store *store, enum statement which,
    struct err *err, const char *format, ...)
{
	va_list ap;

	*q = (struct query){ .store = store, .err = err };
	va_start(ap, format);
	q->stmt = bind_all(store, which, format, &ap);
	va_end(ap);
}

bool query_next(struct query *q)
{
	const int code = sqlite3_step(q->stmt);

	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE) {
		db_fail(q->store->db, q->err, sqlite3_sql(q->stmt));
		q->failed = true;
	}
	return false;
}

bool query_close(struct query *q)
{
	unbind(q->stmt);
	q->stmt = NULL;
	return !q->failed;
}

int64_t query_int(const struct query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

bool query_is_null(const struct query *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

const char *query_text(const struct query *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, column);

	return text != NULL ? text : "";
}

char *query_dup(const struct query *q, void *ctx, int column)
{
	char *copy = talloc_strdup(ctx, query_text(q, column));

	must(copy != NULL);
	return copy;
}

day_t query_day(const struct query *q, int column)
{
	return query_is_null(q, column) ? DAY_NONE : (day_t)query_int(q, column);
}

bool query_one_int(struct store *store, enum statement which, int64_t fallback,
    int64_t *out, struct err *err, const char *format, ...)
{
	sqlite3_stmt *stmt;
	va_list ap;
	int code;

	va_start(ap, format);
	stmt = bind_all(store, which, format, &ap);
	va_end(ap);
	*out = fallback;
	code = sqlite3_step(stmt);
	if (code == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*out = sqlite3_column_int64(stmt, 0);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		db_fail(store->db, err, catalogue[which].name);
	unbind(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE;
}
