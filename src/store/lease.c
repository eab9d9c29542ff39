/* lease.c - see lease.h.  Each call is a transaction of its own. */
#include "store/lease.h"

#include <stddef.h>

#include "store/query.h"

static bool finish(struct store *s, bool ok, bool *changed, struct err *err)
{
	if (changed != NULL)
		*changed = ok && query_changed(s) == 1;
	ok = ok && store_commit(s, err);
	if (!ok)
		store_rollback(s);
	return ok;
}

bool lease_take(struct store *s, const char *name, const char *holder, const char *token,
    instant_t until, instant_t now, bool *taken, struct err *err)
{
	return finish(s, store_begin(s, err) && query_run(s, STMT_LEASE_TAKE, err, "tttii",
	    name, holder, token, until, now), taken, err);
}

bool lease_renew(struct store *s, const char *name, const char *token, instant_t until,
    bool *held, struct err *err)
{
	return finish(s, store_begin(s, err) && query_run(s, STMT_LEASE_RENEW, err, "tti", name,
	    token, until), held, err);
}

bool lease_drop(struct store *s, const char *name, const char *token, struct err *err)
{
	return finish(s, store_begin(s, err) && query_run(s, STMT_LEASE_DROP, err, "tt", name,
	    token), NULL, err);
}
