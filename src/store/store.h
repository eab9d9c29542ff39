/* store.h - the one place that remembers: opening, transactions, statements.
 *
 * All SQL of purr is the catalogue store/statements.def; every statement is
 * prepared when the store opens, and only those that the opener's role allows.
 * The typed calls of ledger.h, register.h, outbox.h, history.h stand on top of
 * it; other folders use those, never a statement.
 *
 * Writers begin with `begin immediate` (store_begin), so that a read never
 * has to become a write.  Transactions do not nest.
 *
 * Units:   instants in UTC seconds, days since 1970-01-01, minor units.
 * Memory:  a store lives on its talloc context.  Texts from a row are borrowed
 *          until the next row; the typed calls copy them.
 * Threads: one store belongs to one thread (the database takes no locks of its
 *          own); never shared over fork.
 * Errors:  ERR_SYSTEM from the database, ERR_REFUSED when a rule of the schema
 *          said no (the same step twice, an illegal state).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct err;
struct store;

#define STORE_BUSY_MS 10000

enum store_role { STORE_READ, STORE_WRITE };

struct store_options {
	enum store_role	role;
	bool		scratch;	/* a replay's: not durable against power loss */
	bool		copy;		/* of the database, as of now: private, without a
					 * name, gone when it is closed; read only for the
					 * moment of copying */
};

/* Opens the database at `path`; refuses one whose schema is of another
 * version and says what to run.  store_create() makes or migrates. */
struct store	*store_open(void *ctx, const char *path, struct store_options, struct err *);
bool		 store_migrate(const char *path, instant_t now, int *version_before,
		    int *version_after, struct err *);
int		 store_schema_version(void);	/* what this program needs */
/* What the database at `path` has; 0: none. */
bool		 store_version(const char *path, int *version, struct err *);
/* A whole copy, as of one moment, at `to`; ERR_REFUSED when that is there. */
bool		 store_backup(const char *path, const char *to, struct err *);
void		 store_close(struct store *);	/* NULL is fine */

bool		 store_begin_at(struct store *, const char *file, int line, struct err *);
#define		 store_begin(store, err) store_begin_at(store, __FILE__, __LINE__, err)
bool		 store_commit(struct store *, struct err *);
void		 store_rollback(struct store *);	/* nothing to do is fine */
bool		 store_in_transaction(const struct store *);

/* One part of a transaction, which alone can be undone: set a savepoint, then
 * release it, or roll back to it and go on as if nothing had been written
 * since.  They do not nest. */
bool		 store_savepoint(struct store *, struct err *);
bool		 store_release(struct store *, struct err *);
bool		 store_rollback_to(struct store *, struct err *);

/* How many rows the transactions of this store have written so far: the
 * measure of "a second plan at the same instant writes nothing". */
int64_t		 store_rows_written(const struct store *);

/* A read transaction around several reads that must agree. */
bool		 store_begin_read(struct store *, struct err *);
void		 store_end_read(struct store *);

#endif
