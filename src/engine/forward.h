/* forward.h - the coming days lived through in a copy: what would be sent if
 * nobody pays and nobody answers.
 *
 * The same plan, the same look before the wire, the same words and the same
 * bookings as in real life (plan_run, arm, outcome); only the wire is left
 * out: each message counts as taken.  Between two passes time jumps to the
 * next instant at which something is due, as if a worker were always there;
 * or passes are made at given times of the day only, as `purr run` from cron
 * makes them.  Approvals count as given, the breaker stops nothing: both are
 * what the look ahead is for.
 *
 * Units:   instants in UTC seconds; days are civil days of the first creditor,
 *          moved_from/moved_to the debtor's.
 * Memory:  what a call-back is given is borrowed for that call.
 */
#ifndef ENGINE_FORWARD_H
#define ENGINE_FORWARD_H

#include "decide/decide.h"
#include "engine/engine.h"
#include "model/message.h"
#include "store/outbox.h"

#define FORWARD_DAYS_MAX 366
#define FORWARD_STEP_SECONDS 60		/* a worker's passes are no closer */
#define FORWARD_RUNS_MAX 24
#define FORWARD_WHY_BYTES 96

struct forward_contact {
	const struct contact_record	*contact;	/* as it was armed */
	const struct message		*message;
	const char			*debtor, *creditor;	/* external ids */
	instant_t			 at;
	day_t				 on;
	int				 sms_parts;	/* 0 but for an SMS */
	const char			*fee, *interest, *compensation;	/* that it adds:
						 * "100.00 DKK", "" for none */
	const char			*subject, *content;	/* the private link taken out */
	day_t				 moved_from, moved_to;	/* DAY_NONE: not moved */
	const char			*why;		/* what closed the day it is moved from */
};

struct forward_options {
	instant_t	from, until;
	int		runs[FORWARD_RUNS_MAX];	/* minutes of the day, ascending */
	size_t		run_count;		/* 0: a worker is always there */
	/* Each may be NULL.  planned: right after its pass, not yet armed. */
	bool		(*planned)(void *arg, const struct contact_record *, struct err *);
	bool		(*sent)(void *arg, const struct forward_contact *, struct err *);
	void		(*progress)(void *arg, instant_t now);
	void		*arg;
};

/* `e` must be a copy (engine_open() with options.copy). */
bool	forward_run(struct engine *, const struct forward_options *, struct err *);

/* Puts open cases on another schedule version (NULL: on none) and looks at all
 * of them anew.  `name`: only those that run on a schedule of that name. */
bool	forward_move(struct engine *, const char *name, const char *to_hash, instant_t now,
	    struct err *);

/* Of the first creditor: the days of a look. */
bool	forward_zone(const struct engine *, const struct zone **, struct err *);

/* The end of a look of so many days: the midnight after the last of them, in
 * the zone of the first creditor. */
bool	forward_until(struct engine *, instant_t from, int days, instant_t *until,
	    struct err *);

/* "08:00,15:30" -> minutes; ERR_INPUT. */
bool	forward_runs_parse(const char *text, struct forward_options *, struct err *);

#endif
