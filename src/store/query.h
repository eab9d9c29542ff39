/* query.h - one statement of the catalogue, bound and stepped.  For store/
 * only: other folders use the typed calls.
 *
 * Binding is by a format string, a letter for each value:
 *   i  int64_t          t  const char * (NULL binds null)
 *   d  day_t (DAY_NONE binds null)        n  binds null, takes no value
 *   o  instant_t, 0 binds null
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "store/store.h"

#define STATEMENT(name, role, sql) STMT_##name,
enum statement {
#include "store/statements.def"
	STATEMENTS
};
#undef STATEMENT

struct query {
	struct store	*store;
	void		*stmt;
	struct err	*err;
	bool		 failed;
};

/* Runs a statement that returns no rows.  `changed` may be NULL. */
bool	query_run(struct store *, enum statement, struct err *, const char *format, ...);
int64_t	query_changed(const struct store *);
int64_t	query_last_id(const struct store *);

/* for (query_open(...); query_next(&q);) ...; ok = query_close(&q); */
void	query_open(struct query *, struct store *, enum statement, struct err *,
	    const char *format, ...);
bool	query_next(struct query *);
bool	query_close(struct query *);		/* false: an error was recorded */

int64_t		 query_int(const struct query *, int column);
bool		 query_is_null(const struct query *, int column);
const char	*query_text(const struct query *, int column);	/* "" for null */
char		*query_dup(const struct query *, void *ctx, int column);
day_t		 query_day(const struct query *, int column);	/* DAY_NONE for null */

/* Room for one more row in a talloc array, as a pointer to it (must.h, talloc.h). */
#define GROW(ctx, list, count, type) (						\
	*(list) = talloc_realloc((ctx), *(list), type, (unsigned)*(count) + 1),	\
	must(*(list) != NULL), &(*(list))[(*(count))++])

/* Reads one integer of the first row; `fallback` when there is no row. */
bool	query_one_int(struct store *, enum statement, int64_t fallback, int64_t *out,
	    struct err *, const char *format, ...);

#endif
