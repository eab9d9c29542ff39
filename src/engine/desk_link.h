/* desk_link.h - a token, and everything that stands behind it (engine/ only).
 *
 * Memory:  as the dossier: children of the context given.
 */
#ifndef ENGINE_DESK_LINK_H
#define ENGINE_DESK_LINK_H

#include "engine/dossier.h"
#include "store/handover.h"

struct desk_link {
	bool			 found;
	bool			 expired;
	bool			 all_paid;	/* nothing is open ... */
	bool			 all_passed;	/* ... here, but something elsewhere */
	struct handover_left	*left;		/* what was passed on and is still owed */
	size_t			 left_count;
	struct contact_record	 contact;
	struct dossier		*dossier;
};

bool	desk_link_read(struct engine *, void *ctx, const char *token, instant_t now,
	    struct desk_link *, struct err *);

/* The hold of a type that the debtor began and that is in force, or NULL. */
const struct hold_record	*desk_own_hold(const struct dossier *, enum hold_type,
				    instant_t now);

/* First and last day that may be promised; DAY_NONE: none. */
bool	desk_promise_days(struct engine *, const struct dossier *, instant_t now,
	    day_t *first, day_t *last, struct err *);

/* The last quiet day of a hold, DAY_NONE: until released. */
day_t	desk_quiet_until(const struct dossier *, const struct hold_record *);

/* pay_desk's two calls: desk_view.c and desk_act.c; `arg` is the engine. */
struct pay_view;
struct pay_action;
struct pay_receipt;
bool	desk_look_up(void *arg, void *ctx, const char *token, instant_t now,
	    struct pay_view *, struct err *);
bool	desk_act(void *arg, void *ctx, const char *token, const struct pay_action *,
	    instant_t now, struct pay_receipt *, struct err *);

#endif
