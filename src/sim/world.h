/* world.h - what the parts of a simulation share (sim/ only).
 *
 * The people and what they are about to do are the world's and survive a crash;
 * the engine is the machine's and does not.
 *
 * Memory:  one talloc tree under `ctx`; the engine under `machine`, which is
 *          freed whole when the machine dies.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <jansson.h>

#include "engine/engine.h"
#include "model/pay_desk.h"
#include "model/provider.h"
#include "sim/agenda.h"
#include "sim/people.h"
#include "sim/sim_run.h"

#define WORLD_WORKERS 2

enum trouble {
	TROUBLE_CRASH_COMMIT,	/* dies at a commit, whoever's */
	TROUBLE_CRASH_SEND,	/* dies at a named point of the send */
	TROUBLE_JOURNAL_LOST,	/* the same, and the wire journal is gone */
	TROUBLE_OTHER_WORKER,	/* the same, and another worker goes on */
	TROUBLE_RESTART,	/* stopped in order, started again */
	TROUBLE_OUTAGE,		/* no provider can be reached for hours */
	TROUBLE_FLAKY,		/* a day of refusals and broken connections */
	TROUBLE_SLOW,		/* a day on which each message takes long */
	TROUBLE_NAP,		/* a worker sleeps past its lease on the wire */
	TROUBLE_CLOCK_AHEAD,	/* the clock is an hour ahead for one pass */
	TROUBLE_CLOCK_BACK,	/* a day back */
	TROUBLE_MISSED,		/* nothing runs for days */
	TROUBLE_SETTINGS,	/* purr.conf and a schedule change */
	TROUBLES
};

/* What the wire looks like at the moment. */
struct weather {
	instant_t	down_until;
	day_t		flaky_on, slow_on;
	int		nap_after;	/* messages until the worker falls asleep; 0: never */
};

struct tally {
	int64_t	answers[SEND_OUTCOMES];
	int64_t	acts[ACTS];
	int64_t	replies[PAY_ACTS][PAY_OUTCOMES];
	int64_t	troubles[TROUBLES];
	int64_t	passes, recovered;
};

struct world {
	void			*ctx, *machine;
	const struct sim_options *options;
	const char		*dir;
	const struct profile	*profile;	/* of the ledger */
	struct engine		*engine;
	struct people		 people;
	struct agenda		*agenda;
	struct provider		 provider;
	struct weather		 weather;
	struct tally		 tally;
	day_t			 first_on, today;	/* in the first creditor's zone */
	const struct zone	*zone;
	instant_t		 now;		/* of the pass under way */
	int64_t			 now_ms;	/* the provider's time when it began */
	instant_t		 busy_until;	/* nobody outside acts before this */
	instant_t		 pass_floor;	/* no pass begins before this */
	instant_t		 missed_until;
	enum trouble		 death;		/* that may come, and how */
	int			 worker;
	int64_t			 provider_ms;	/* what its answers have taken */
	int64_t			 asked;		/* messages that it was asked to take */
	int			 sink[CHANNELS];	/* what it took; -1: not open */
	uint8_t			*taken;		/* how often, by contact id */
	int64_t			 taken_room;
	int64_t			 settings_count;
	struct err		*err;
};

/* provider.c: the made-up provider and its sink. */
bool	world_open_sink(struct world *);
void	world_close_sink(struct world *);
struct provider	world_provider(struct world *);
int64_t	world_taken(const struct world *, int64_t contact_id);	/* how often */

/* habit.c: what people do of themselves, and on a message. */
void	habit_begin(struct world *);
void	habit_message(struct world *, const struct message *, instant_t at);
/* The person behind a debtor's id in the store; -1: none. */
bool	habit_person(struct world *, int64_t debtor_id, int32_t *person);

/* deed.c: an act, done to the engine as the outside does it. */
bool	deed_do(struct world *, const struct act *);
/* What the desk does once a day: unknown contacts, money that fits nothing. */
bool	deed_desk(struct world *, instant_t now);

/* trouble.c */
void	trouble_morning(struct world *, day_t day);
bool	trouble_at(const struct world *, enum trouble, day_t day, int step, int steps);
const char	*trouble_name(enum trouble);
void	trouble_arm_crash(struct world *, enum trouble, int step);
bool	trouble_change_settings(struct world *);

/* sim_run.c: the machine. */
bool	world_start_machine(struct world *);
bool	world_pass(struct world *, struct engine *, int worker, instant_t now);

/* audit.c: counts, and the quick list. */
bool	audit(struct world *, json_t **out);

#endif
