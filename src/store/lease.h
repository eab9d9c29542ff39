/* lease.h - a name that one process holds at a time, until an instant.
 *
 * `holder` says on whose behalf: a lease of the same holder may be taken over
 * before it has run out (the caller has made sure, by a lock of the machine's
 * own, that the former process is gone).
 *
 * Each call is a transaction of its own.
 *
 * Units, memory, errors: as store.h.
 */
#ifndef STORE_LEASE_H
#define STORE_LEASE_H

#include "store/store.h"

/* *taken false: another holder has it, and it has not run out. */
bool	lease_take(struct store *, const char *name, const char *holder, const char *token,
	    instant_t until, instant_t now, bool *taken, struct err *);
/* *held false: somebody else has taken it meanwhile. */
bool	lease_renew(struct store *, const char *name, const char *token, instant_t until,
	    bool *held, struct err *);
bool	lease_drop(struct store *, const char *name, const char *token, struct err *);

#endif
