/* gate.h - the one place that says whether a debtor may be contacted now.
 *
 * Every path (scheduled, manual, reply, bulk) asks here, when a contact is
 * planned and again right before the wire.  Holds are not asked here: they are
 * the decision's (decide/), before the gate.
 *
 * Asked in this order: address, opt-out, channels that the pack closes, the
 * schedule's gap, the pack's caps, the hours.  Letters have no hours.  An answer to a debtor who wrote first
 * follows the pack's answer rule where it has one.
 *
 * Where a debtor's zone is not sure, all zones that it may be are asked, and
 * the strictest answer wins: open is what is open in every one of them.
 *
 * Pure: no clock, no store, no log.  A NULL trace costs nothing.
 * Units:   instants in UTC seconds; gaps and caps count civil days in the
 *          debtor's zone.
 * Threads: only reads.
 */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/zone.h"
#include "gate/calendar.h"
#include "gate/pack.h"
#include "model/trace.h"
#include "model/word.h"

#define GATE_MARGIN_MINUTES 30		/* usual margin, see below */
#define GATE_GAP_DAYS_MAX 366
#define GATE_MARGIN_MINUTES_MAX 720

/* A contact that was made, or may have been. */
struct gate_contact {
	instant_t	at;
	enum channel	channel;
	bool		other;		/* of another customer at the same address */
};

struct gate_question {
	instant_t			 now;
	const struct zone		*zone;		/* the debtor's */
	const struct zone *const	*zones;		/* all that it may be; */
	size_t				 zone_count;	/* 0: `zone`, for sure */
	enum channel			 channel;
	enum party			 party;
	enum role			 role;
	const char			*region;	/* states, Land (see pack.h); NULL:
							 * not known */
	const char			*purpose;	/* "formal_notice", ...; NULL: none
							 * that a rule speaks of */
	bool				 has_address, opted_out, address_bad;
	const struct gate_contact	*sent;		/* to this debtor by this creditor, */
	size_t				 sent_count;	/* newest first */
	int				 gap_days_min;	/* the schedule's: days between any
							 * two contacts, 0 for none */
	bool				 debtor_initiated; /* an answer */
	int				 margin_minutes; /* stop this long before closing */
};

enum gate_answer { GATE_ALLOWED, GATE_WAIT, GATE_FORBIDDEN };

struct gate_verdict {
	enum gate_answer	 answer;
	instant_t		 retry_at;	/* WAIT: first instant that everything
						 * asked allows; 0 else */
	instant_t		 closes_at;	/* ALLOWED: end of the open window;
						 * 0 where no hours bind */
	const char		*rule_id;	/* WAIT: the rule that waits longest;
						 * FORBIDDEN: the one that says no;
						 * ALLOWED: "" */
};

/* rule_id of what is not in a pack */
#define GATE_RULE_ADDRESS	"gate.address"		/* none, or known bad */
#define GATE_RULE_OPT_OUT	"gate.opt-out"
#define GATE_RULE_GAP		"schedule.gap"
#define GATE_RULE_CLOSED_DAYS	"creditor.closed-days"	/* its own, see calendar.h */
#define GATE_RULE_NO_HOURS	"gate.no-hours"		/* the pack has none: fails closed */

void	gate_ask(const struct pack *, const struct calendar *,
	    const struct gate_question *, struct trace *, struct gate_verdict *);

#endif
