/* assign.h - experiments as data, and which arm a contact unit falls into.
 *
 * An assignment is a keyed hash: it needs no state, an auditor who has the key
 * can recompute it, and two experiments are independent of each other because
 * the experiment's id is part of what is hashed.  The stored assignment
 * nevertheless wins over a recomputed one (it is sticky); a disagreement is an
 * integrity alarm of the caller.
 *
 *     h      = first 8 bytes, big endian, of
 *              HMAC-SHA-256(key, label 1F experiment 1F unit)
 *     bucket = floor(h * 10000 / 2^64)
 *     arm    = the first arm whose cumulative basis points exceed the bucket,
 *              arms in the order of the file
 *
 * Source:  RFC 2104 (HMAC); E. Bakshy, D. Eckles, M. Bernstein, "Designing and
 *          Deploying Online Field Experiments", WWW 2014 (hashing units).
 * Units:   basis points, 10000 in the whole; days.
 * Memory:  an experiment and its texts live on the talloc context given.
 * Threads: pure.
 * Errors:  ERR_INPUT with file, line and JSON pointer for a bad experiment.
 *
 * The file (schedules/experiments/NAME.json):
 *
 *     { "id": "dk-tone", "hypothesis": "...", "schedule": "dk-consumer",
 *       "eligibility": { "party": ["consumer"] },
 *       "arms": [ { "name": "neutral", "tone": "neutral", "basis_points": 3400 },
 *                 { "name": "warm",    "tone": "warm",    "basis_points": 3300 },
 *                 { "name": "firm",    "tone": "firm",    "basis_points": 3300 } ],
 *       "reference": "neutral",
 *       "horizon_days": 30, "lag_days": 3, "margin_basis_points": 300 }
 *
 * "holdout": { "programme": "dk", "basis_points": 500 } keeps one debtor in 20 apart,
 * by a hash of the programme's name and not of the experiment's: who is held out of
 * one experiment of a programme is held out of all, and gets the legal minimum.
 * An arm may also have its own "channels" (an order), "hour", "sender", "plan_offer"
 * and "heads_up": false; there are no words for amounts, waits and what law asks for.
 * "name" of an arm may be left out: it is the tone's name then.  "planned" may
 * say how many debtors were planned for which difference.  A change of shares or
 * eligibility opens an epoch; another set of arms is a new experiment.
 */
#ifndef PLAN_ASSIGN_H
#define PLAN_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "model/word.h"
#include "plan/schedule.h"

struct err;
struct key;

#define ASSIGN_BUCKETS 10000
#define ASSIGN_LABEL_ARM "assign-v1"
#define ASSIGN_LABEL_HOLDOUT "holdout-v1"	/* programme name for experiment */

#define EXPERIMENT_ARMS_MAX 8
#define EXPERIMENT_HOLDOUT EXPERIMENT_ARMS_MAX	/* in place of an arm's index: kept apart */
#define EXPERIMENT_HOLDOUT_NAME "holdout"	/* what an assignment calls it; no arm's name */
#define EXPERIMENT_ID_BYTES_MAX 64
#define EXPERIMENT_HORIZON_DAYS_MAX 365
#define EXPERIMENT_LAG_DAYS_MAX 60
#define EXPERIMENT_DEBTORS_MAX 100000000

/* What a tone must not bring about: "disputes", "opt_outs", "hardship",
 * "complaints". */
#define EXPERIMENT_GUARDS 4

struct experiment_arm {
	const char	*name;
	enum tone	 tone;
	int		 basis_points;		/* 1..10000; they sum to 10000 */
	/* Asked for in this order, of those that a step has; none: the step's own. */
	enum channel	 channels[CHANNELS];
	size_t		 channel_count;
	/* Instead of the schedule's, where the arm says so: */
	int		 hour;			/* SCHEDULE_NO_HOUR: as the schedule has it */
	char		 sender[SCHEDULE_SENDER_BYTES];	/* "": as the schedule has it */
	bool		 plan_offer_given, plan_offer;
	bool		 no_heads_up;		/* no step before the due date */
};

struct experiment {
	const char		*id;
	const char		*hypothesis;
	const char		*schedule;	/* its name; "" for every schedule */
	bool			 party[PARTIES];	/* who may enter */
	struct experiment_arm	 arms[EXPERIMENT_ARMS_MAX];
	size_t			 arm_count;
	size_t			 reference;	/* index into arms */
	const char		*programme;	/* whose hold-out; "": there is none */
	int			 holdout_basis_points;	/* of all, before the arms' shares */
	int			 horizon_days;	/* 30: paid in full by then? */
	int			 lag_days;	/* 3: bookings arrive that late */
	int			 margin_basis_points;	/* smaller: "no difference" */
	/* What was planned before the start; 0 debtors: nothing was. */
	int64_t			 planned_debtors;	/* matured, in all arms */
	int			 planned_base_basis_points;	/* share paid expected */
	int			 planned_effect_basis_points;	/* difference to be seen */
	day_t			 planned_end;	/* of the one analysis, whatever came; DAY_NONE */
	int			 guard_basis_points[EXPERIMENT_GUARDS];	/* margins */
};

/* 0..9999.  The texts are taken verbatim as UTF-8: no trimming, no folding. */
int	assign_bucket(const struct key *, const char *label,
	    const char *experiment, const char *unit);

/* Index into arms. */
size_t	assign_arm(const struct experiment *, int bucket);

/* Both in one: the arm of a unit. */
size_t	assign_unit(const struct experiment *, const struct key *, const char *unit);

/* True: the unit is kept out of every experiment of the programme. */
bool	assign_is_holdout(const struct key *, const char *programme,
	    const char *unit, int basis_points);

bool	experiment_admits(const struct experiment *, enum party, const char *schedule);

/* Is a unit kept out of this experiment by its programme's hold-out? */
bool	experiment_holds_out(const struct experiment *, const struct key *, const char *unit);

/* Index into arms, EXPERIMENT_HOLDOUT, or -1 when there is none of that name. */
int	experiment_arm_index(const struct experiment *, const char *name);
const char	*experiment_arm_name(const struct experiment *, int index);

/* NULL and ERR_INPUT when the text is not a valid experiment. */
struct experiment *experiment_parse(void *ctx, const char *name,
	    const char *text, size_t len, struct err *);

#endif
