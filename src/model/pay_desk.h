/* pay_desk.h - what stands between the debtor's pages and the engine: what a
 * private link shows, and what may be done through it.
 *
 * web/ asks look_up() for every page and act() for every POST; the engine
 * answers both.  look_up() changes nothing, whatever happens: link scanners
 * and mail programs open links before people do.  act() is one transaction,
 * and the same key has one effect, however often it comes.
 *
 * A "no" (link unknown, run out, all paid, day too far) is an ordinary answer;
 * struct err is for the world's trouble only (ERR_RETRY: the page asks the
 * reader to come again; anything else: an operator must look).
 *
 * Units:   instants in UTC seconds; civil days in the creditor's zone; minor
 *          units of the currency beside them.
 * Memory:  whatever the answers point to belongs to `ctx` (the request's
 *          context, freed after the answer was sent) or lives longer.  Texts
 *          are "" where there is nothing, never NULL.
 * Threads: one; called from the server's loop only.
 */
#ifndef MODEL_PAY_DESK_H
#define MODEL_PAY_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/money.h"
#include "model/facts.h"
#include "model/word.h"

struct err;

#define PAY_TEXT_CHARS_MAX 1000		/* what a debtor may write */
#define PAY_TEXT_BYTES_MAX (4 * PAY_TEXT_CHARS_MAX)	/* the same in UTF-8 */
#define PAY_KEY_BYTES 23		/* idempotency key: 22 of base64url and NUL */
#define PAY_REFERENCE_BYTES 32		/* of a receipt, closing NUL included */
#define PAY_RATING_MAX 5			/* very well; 1: very badly */
#define PAY_PARTS_MIN 2
#define PAY_PARTS_MAX 12

/* A fee or interest that is part of what is asked for. */
struct pay_fee {
	enum entry_type	 type;		/* ENTRY_FEE or ENTRY_INTEREST */
	const char	*invoice;	/* invoice number */
	const char	*basis;		/* law or agreement, "" when not known */
	char		 currency[CURRENCY_BYTES];
	int64_t		 amount_minor;
	day_t		 booked_on;
	bool		 compensation;	/* a fee: the fixed sum that the law gives */
};

/* Why nobody is chasing at the moment, as far as the debtor may know. */
struct pay_hold {
	enum hold_type	 type;
	const char	*invoice;	/* number, "" when it covers everything */
	const char	*reference;	/* of the receipt that began it, "" */
	day_t		 since;
	day_t		 until;		/* last quiet day, DAY_NONE: until answered */
};

/* Paid, and nothing was asked for it. */
struct pay_credit {
	char	currency[CURRENCY_BYTES];
	int64_t	minor;
};

/* A claim that left the ladder: the creditor's collector asks for it now. */
struct pay_passed {
	const char	*invoice, *subject;
	char		 currency[CURRENCY_BYTES];
	int64_t		 balance_minor;		/* in our books, today */
	day_t		 on;		/* DAY_NONE: it is to be passed on */
};

struct pay_view {
	bool			 found;		/* else nothing below is set */
	bool			 expired;	/* only facts.lang and facts.creditor are set */
	bool			 all_paid;	/* nothing is open any more */
	bool			 all_passed;	/* what is open left the ladder, all of it ... */
	bool			 all_leaving;	/* ... and nothing of it is with anybody else yet */
	bool			 unsubscribed;	/* facts.channel is switched off already */
	struct message_facts	 facts;		/* as of `now`, not as of the message */
	const struct pay_fee	*fees;
	size_t			 fee_count;
	const struct pay_hold	*holds;
	size_t			 hold_count;
	const struct pay_credit	*credits;	/* where all is paid */
	size_t			 credit_count;
	const struct pay_passed	*passed;
	size_t			 passed_count;
	const char		*collector;	/* who has them now, one line, "" */
	day_t			 promise_first;	/* days that may be promised; DAY_NONE: */
	day_t			 promise_last;	/* none, the page then offers help instead */
	const char		*opening_hours;	/* of the creditor's telephone, "" */
};

enum pay_act {
	PAY_ACT_PAID_CLAIMED,	/* day: when, DAY_NONE if not said; text: note */
	PAY_ACT_PROMISE,	/* day: when it will be paid */
	PAY_ACT_DISPUTE,	/* reason, text */
	PAY_ACT_PARTS,		/* parts: 0 if not said; text */
	PAY_ACT_HELP,		/* text */
	PAY_ACT_UNSUBSCRIBE,	/* the channel of the contact that held the link */
	PAY_ACT_RATE,		/* rating: how the debtor was treated */
	PAY_ACTS
};

enum pay_reason {
	PAY_REASON_NONE,
	PAY_REASON_NOT_MINE,	/* wrong person */
	PAY_REASON_AMOUNT,	/* the amount is wrong */
	PAY_REASON_GOODS,	/* goods or service missing, late or faulty */
	PAY_REASON_CANCELLED,	/* cancelled or sent back */
	PAY_REASON_TWICE,	/* invoiced twice, or credited */
	PAY_REASON_OTHER,
	PAY_REASONS
};

struct pay_action {
	enum pay_act	 kind;
	day_t		 day;
	enum pay_reason	 reason;
	int		 parts;			/* 0, or PAY_PARTS_MIN..MAX */
	int		 rating;		/* 1..PAY_RATING_MAX */
	const char	*text;			/* valid UTF-8, <= PAY_TEXT_BYTES_MAX */
	const char	*lang;			/* the page's language: answer in it */
	char		 key[PAY_KEY_BYTES];	/* same key: same effect, once */
};

/* What became of it. */
enum pay_outcome {
	PAY_DONE,
	PAY_NOT_FOUND,		/* no such link */
	PAY_EXPIRED,
	PAY_ALL_PAID,		/* nothing is open any more */
	PAY_ALL_PASSED,		/* nothing that is ours to settle any more */
	PAY_DAY_REFUSED,	/* the day is outside what may be promised */
	PAY_PROMISE_REFUSED,	/* no (further) promise here: a person must help */
	PAY_OUTCOMES
};

struct pay_receipt {
	enum pay_outcome outcome;
	bool		 repeated;	/* this key was here before; nothing was done again */
	char		 reference[PAY_REFERENCE_BYTES];	/* "" unless PAY_DONE */
	day_t		 quiet_until;	/* no reminders up to and on this day,
					 * DAY_NONE: until a person has answered */
	day_t		 answer_by;	/* a person answers by then, DAY_NONE: none stated */
};

struct pay_desk {
	void	*arg;

	/* `token` is well-formed (token_is_wellformed) and NUL-terminated. */
	bool	(*look_up)(void *arg, void *ctx, const char *token, instant_t now,
		    struct pay_view *out, struct err *);
	bool	(*act)(void *arg, void *ctx, const char *token,
		    const struct pay_action *, instant_t now,
		    struct pay_receipt *out, struct err *);

	/* May be NULL.  ready: for /readyz (database there, schema right).
	 * turn: called when the loop has served what was waiting and is about
	 * to sleep: the place to let go of a read transaction. */
	bool	(*ready)(void *arg, struct err *);
	void	(*turn)(void *arg);
};

/* "paid_claimed", "promise", ...; "not_mine", ...: for events and forms. */
const char	*pay_act_name(enum pay_act);
const char	*pay_reason_name(enum pay_reason);
bool		 pay_reason_parse(const char *, enum pay_reason *);

#endif
