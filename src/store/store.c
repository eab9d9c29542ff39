/* store.c - opening, migrating and transactions of the SQLite store.
 *
 * Data come from the typed calls beside this file and go to purr.db; nothing
 * here knows what a debtor is.
 */
#include "store/store.h"

#include <stdarg.h>
#include <string.h>

#include <sqlite3.h>
#include <talloc.h>

#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"
#include "store/database.h"
#include "store/query.h"

struct store {
	sqlite3		*db;
	sqlite3_stmt	*stmt[STATEMENTS];
	const char	*begun_file;	/* NULL: no transaction */
	int		 begun_line;
	bool		 saved;		/* a savepoint is set */
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
			ok = database_fail(store->db, err, catalogue[i].name);
	}
	talloc_free(tmp);
	return ok;
}

static bool is_of_today(const char *path, int version, struct err *err)
{
	if (version == store_schema_version())
		return true;
	if (version == 0)
		return err_set(err, ERR_REFUSED, "%s: is empty; put a copy of it in its place, or "
		    "begin anew with 'purr init'", path);
	return err_set(err, ERR_REFUSED, "%s: its schema is version %d, this program "
	    "needs %d; run 'purr migrate'", path, version, store_schema_version());
}

struct store *store_open(void *ctx, const char *path, struct store_options options,
    struct err *err)
{
	struct store *store = talloc_zero(ctx, struct store);
	int version;

	must(store != NULL);
	store->db = options.copy ? database_copy(path, err) :
	    database_open(path, SQLITE_OPEN_READWRITE, options.scratch, err);
	if (store->db == NULL) {
		talloc_free(store);
		return NULL;
	}
	talloc_set_destructor(store, store_end);
	if (!database_version(store->db, &version, err) || !is_of_today(path, version, err) ||
	    !prepare_all(store, options.role, err)) {
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
	if (fault_is_dead())
		return err_set(err, ERR_SYSTEM, "died before a transaction");
	if (store->reading)
		store_end_read(store);
	if (!database_exec(store->db, "begin immediate", err))
		return false;
	store->begun_file = file;
	store->begun_line = line;
	return true;
}

bool store_commit(struct store *store, struct err *err)
{
	must(store->begun_file != NULL && !store->saved);
	fault_point("before-commit");
	if (fault_is_dead() || !database_exec(store->db, "commit", err)) {
		store_rollback(store);
		return err_set(err, ERR_SYSTEM, "died before a commit");
	}
	store->begun_file = NULL;
	fault_point("after-commit");
	return !fault_is_dead() || err_set(err, ERR_SYSTEM, "died after a commit");
}

void store_rollback(struct store *store)
{
	if (store->begun_file == NULL)
		return;
	(void)sqlite3_exec(store->db, "rollback", NULL, NULL, NULL);
	store->begun_file = NULL;
	store->saved = false;
}

bool store_savepoint(struct store *store, struct err *err)
{
	must(!store->saved);
	store->saved = query_run(store, STMT_SAVEPOINT_SET, err, "");
	return store->saved;
}

bool store_release(struct store *store, struct err *err)
{
	must(store->saved);
	store->saved = false;
	return query_run(store, STMT_SAVEPOINT_KEEP, err, "");
}

bool store_rollback_to(struct store *store, struct err *err)
{
	must(store->saved);
	return query_run(store, STMT_SAVEPOINT_UNDO, err, "") && store_release(store, err);
}

bool store_in_transaction(const struct store *store)
{
	return store->begun_file != NULL;
}

bool store_begin_read(struct store *store, struct err *err)
{
	if (store->reading || store->begun_file != NULL)
		return true;
	if (!database_exec(store->db, "begin", err))
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
		database_fail(store->db, err, catalogue[which].name);
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
		database_fail(q->store->db, q->err, sqlite3_sql(q->stmt));
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
		database_fail(store->db, err, catalogue[which].name);
	unbind(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE;
}
