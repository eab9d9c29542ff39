/* decide.h - the decision: ladder, holds, arm, channel, gate -> one answer and
 * the list of rules that were asked.
 *
 * One debtor of one creditor at a time, all open cases together, since a
 * debtor gets one message.  The same function serves the live plan, the look
 * right before the wire, the preview, the replay of an old decision.
 *
 * Pure: no clock, no store, no key, no log.  Everything that it reads is in
 * struct decide_facts, which can be frozen to a short text and thawed
 * (frozen.h): that is how an old decision is proved.
 *
 * Units:   instants in UTC seconds; days are civil days in the creditor's
 *          zone, windows are the debtor's; amounts in minor units.
 * Memory:  facts are borrowed; struct decision owns nothing.
 */
#ifndef DECIDE_DECIDE_H
#define DECIDE_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/abode.h"
#include "base/clock.h"
#include "base/zone.h"
#include "gate/gate.h"
#include "plan/assign.h"
#include "plan/ladder.h"
#include "plan/schedule.h"

/* A change of decide() that answers old facts otherwise gets a new edition: what
 * was decided before is still judged as it was then.
 *   1  the schedule's minimum counts everything open
 *   2  ... what the step speaks of (minimum.h)
 *   3  who would be held out, while an arm is stopped, is so at a step without a tone, too;
 *      a step that nobody can be reached for is waited out where it lapses
 *   4  a hold of which the law says that it stops the whole debtor does so whatever else
 *      holds the same claim, and when that claim is paid; a deadline that was given is
 *      waited for by every step; rules on steps are those of the day of dispatch, and a
 *      step is a notice or costs a fee also before the due date;
 *      a deadline of the schedule's ends on a day that the rule lets it end on; a letter's
 *      counts from its posting; a hand-over of charges alone waits for a person's yes */
#define DECIDE_EDITION 4
#define DECIDE_POSTING_DAYS_MAX 10	/* bank days from hand-over to the post */
#define DECIDE_CASES_MAX 16		/* currencies and schedules of one debtor */
#define DECIDE_EXPIRY_DAYS 3		/* a planned contact not sent by then is dropped */
#define DECIDE_HOLDS_FOREVER INSTANT_MAX
#define DECIDE_REASON_BYTES 40
#define DECIDE_UNREACHED "step.no_channel"	/* reason: nothing for this step, which lapses */
#define DECIDE_APPROVAL "step.approval"	/* reason: a person must say yes first */
#define DECIDE_HOUR "schedule.hour"		/* reason: the hour that is asked for */
#define DECIDE_NO_HEADS_UP "experiment.heads_up"	/* reason: the arm has none */
#define DECIDE_LANG_BYTES 4
#define DECIDE_ZONES_MAX ABODE_ZONES_MAX
#define DECIDE_LANG_ELSE "en"		/* where there are no texts in the debtor's own */

/* A hold that is in force, or none (`held` false). */
struct decide_hold {
	bool		held;
	enum hold_type	type;
	instant_t	until;		/* DECIDE_HOLDS_FOREVER: until released */
};

struct decide_invoice {
	int64_t			id;
	int64_t			balance_minor;	/* > 0 */
	int64_t			principal_minor;	/* as invoiced, less credits; 0: not known */
	int64_t			charged_minor;	/* fees, interest, waivers booked so far */
	struct ladder_place	place;
	struct decide_hold	hold;
	int			approved_step;	/* that a person said yes to, -1: none */
	/* Known where a step of the schedule asks for interest or compensation: */
	day_t			interest_from;	/* last day whose interest is booked, else
						 * the due date; DAY_NONE: not known */
	int64_t			interest_minor;	/* booked so far, part of charged_minor */
	bool			compensated;	/* the fixed sum is booked already */
};

struct decide_case {
	int64_t			 id;
	char			 currency[CURRENCY_BYTES];
	const struct schedule	*schedule;
	struct decide_hold	 hold;
	struct decide_invoice	*invoices;	/* open, oldest due first */
	size_t			 invoice_count;
	int			 fee_count;	/* fee-bearing messages in these arrears */
	day_t			 last_fee_on;	/* DAY_NONE for none */
};

struct decide_address {
	int64_t	id;			/* 0: there is none */
	bool	opted_out, bad;
};

/* A zone that the debtor may be in, and what says so. */
struct decide_zone {
	const struct zone	*zone;
	unsigned		 told_by;	/* enum abode_teller, bits; 0: nothing does */
};

/* By a channel: messages to this debtor, those reacted to, and of 1,000 messages to all
 * debtors of the kind those that were (engine/habit.h). */
struct decide_habit {
	int	tried, reacted, permille;
};
#define DECIDE_HABIT_UNKNOWN 300	/* where there is nothing to tell it from */
#define DECIDE_HABIT_WEIGHT 4		/* messages that all others count as */

struct decide_facts {
	int				 edition;	/* DECIDE_EDITION, unless thawed */
	instant_t			 now;
	const struct zone		*debtor_zone, *creditor_zone;
	struct decide_zone		 zones[DECIDE_ZONES_MAX];	/* the debtor may be in
						 * any of them */
	size_t				 zone_count;	/* 0: debtor_zone, for sure */
	const char			*region;	/* see pack.h; NULL: not known */
	enum party			 party;
	bool				 prefers_given;
	enum channel			 prefers;
	bool				 replied_given;
	enum channel			 replied;	/* on which the last answer came */
	bool				 habit_given;	/* some message was reacted to */
	bool				 acts_given;
	int				 acts_hour;	/* 0 to 23, at which the debtor acts */
	struct decide_habit		 habit[CHANNELS];
	struct decide_address		 address[CHANNELS];	/* the best of each channel */
	char				 other_lang[DECIDE_LANG_BYTES];	/* the debtor's,
						 * when it has no texts; "" else */
	const struct gate_contact	*sent;		/* newest first */
	size_t				 sent_count;
	int64_t				 pending_contact;	/* planned or armed, 0: none */
	int64_t				 unknown_contact;	/* waits for a person, 0: none */
	bool				 loose_money;	/* unallocated payment */
	struct decide_hold		 hold;		/* the debtor's or the creditor's */
	instant_t			 standing[HOLD_TYPES];	/* of each type the last end of
						 * those in force, of whatever claim of
						 * the debtor, also a paid one; 0: none */
	int				 posting_days;	/* bank days until a letter is posted */
	int				 arm;		/* index, -1: not assigned */
	bool				 held_out;	/* of the experiment, if not assigned */
	bool				 softened;	/* a person wants the warm tone */
	unsigned			 stopped_arms;	/* of the experiment, a bit each */
	int				 bucket;	/* of the unit; -1: no experiment */
	int				 margin_minutes;
	struct decide_case		*cases;
	size_t				 case_count;
};

/* What the facts are judged by; each names its hash in the store. */
struct decide_rules {
	const struct pack	*pack;		/* NULL: none for this country */
	const struct calendar	*calendar;
	const struct experiment	*experiment;	/* NULL: none */
};

enum decide_result {
	DECIDE_NOTHING,		/* nothing is open, or the ladder is climbed */
	DECIDE_WAIT,		/* for a day, a hold's end, a person, an event */
	DECIDE_CONTACT,		/* plan (or send) this contact */
	DECIDE_HAND_OVER,	/* the case goes to collection */
};

struct decide_step {		/* one case's part in the contact */
	size_t	case_index;
	size_t	carrying;	/* index of the carrying invoice */
	int64_t	fee_minor;
	int64_t	interest_minor, compensation_minor;	/* of all its invoices */
};

struct decision {
	enum decide_result	result;
	char			reason[DECIDE_REASON_BYTES];	/* "not_due", "hold.dispute", a rule's id */
	instant_t		next_check_at;	/* INSTANT_MAX: only an event changes it */
	const struct schedule	*schedule;	/* of the contact or hand-over */
	int			step;
	enum channel		channel;
	int64_t			address_id;
	enum tone		tone;
	bool			arm_stopped;	/* then the reference's ways are spoken in */
	int			arm;		/* >= 0: the arm that chose the tone, or
						 * EXPERIMENT_HOLDOUT */
	bool			assign;		/* the unit is assigned by this decision */
	const char		*sender;	/* who signs; "": the company */
	bool			plan_offer;	/* the words offer to pay in parts */
	bool			minimum;	/* held out: no more than law wants said */
	int			hour;		/* not before; SCHEDULE_NO_HOUR */
	instant_t		ripe_at;	/* == now: may go at once */
	instant_t		closes_at;	/* end of the window, 0: none binds */
	instant_t		expires_at;
	day_t			deadline_on;	/* DAY_NONE: none given */
	day_t			dispatch_on;	/* of ripe_at, for the creditor */
	struct decide_step	cases[DECIDE_CASES_MAX];
	size_t			case_count;
};

void	decide(const struct decide_facts *, const struct decide_rules *, struct trace *,
	    struct decision *);

/* Does a contact for `step` count for this invoice?  (It was old enough.) */
bool	decide_counts(const struct decide_case *, const struct decide_invoice *,
	    int step, day_t today);

const char	*decide_result_name(enum decide_result);

#endif
