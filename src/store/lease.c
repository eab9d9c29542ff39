/* lease.c - see lease.h. */
#include "store/lease.h"

#include "store/query.h"

bool lease_take(struct store *s, const char *name, const char *holder, const char *token,
    instant_t until, instant_t now, bool *taken, struct err *err)
{
	if (!query_run(s, STMT_LEASE_TAKE, err, "tttii", name, holder, token, until, now))
		return false;
	*taken = query_changed(s) == 1;
	return true;
}

bool lease_renew(struct store *s, const char *name, const char *token, instant_t until,
    bool *held, struct err *err)
{
	if (!query_run(s, STMT_LEASE_RENEW, err, "tti", name, token, until))
		return false;
	*held = query_changed(s) == 1;
	return true;
}

bool lease_drop(struct store *s, const char *name, const char *token, struct err *err)
{
	return query_run(s, STMT_LEASE_DROP, err, "tt", name, token);
}
