/* pack.h - a rule pack: the law and the practice of one place, as data.
 *
 * Four kinds of rule are kept apart, because they are asked at different
 * moments and broken in different ways:
 *   contact   may we contact now       hours, holidays, caps, answers, channels
 *                                      that are closed, states that stop all
 *   step      may we take this step    age of the claim, spacing, deadlines
 *   charge    may we ask money for it  fees, compensation, interest, in which
 *                                      order money that comes in pays them
 *   content   what must the text hold
 * Every rule names its source, how sure we are of it, whom it binds and from
 * when to when it is valid.  A charge without a value that is valid on the
 * day fails closed: there is none.  Not legal advice.
 *
 * What a workspace knows better (a rate of this half-year, that a fee was
 * agreed) stands in a file of its own, rules/local/NAME.json, and is laid over
 * the pack: pack_overlay().  It may add limits and dated values; it may not
 * raise what the pack calls a hard cap.
 *
 * Confidence: A the text was read; B a secondary source; C sources conflict;
 *             M from memory; P our own policy, not law.  Rules of C and M are
 *             marked provisional, and every trace says so.
 * Regions: a debtor may be bound by several ("NY NYC", separated by blanks).
 *          NULL: nobody knows which, so the rules of all of them bind, and the
 *          holidays of all where the pack names a calendar of them; "": the
 *          place as a whole and no region of it.
 * Units:   amounts in minor units; days are civil days; rates in hundredths
 *          of a percent per year.
 * Memory:  a pack and all its texts are children of the context given; it is
 *          never written again.
 * Threads: pack_parse() allocates; all else only reads.
 * Errors:  ERR_INPUT with file, line, JSON pointer and the way out.
 */
#ifndef GATE_PACK_H
#define GATE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/money.h"
#include "model/word.h"

struct calendar;
struct err;

#define PACK_RULES_MAX 200		/* of one kind */
#define PACK_COUNT_UNLIMITED INT32_MAX

/* Packs of format 1 (no "format" in them) stand in workspaces and behind old
 * decisions.  There a reminder's fee is a notice's too, a rule of C or M need
 * not say that it is provisional, and a rule of interest has one rate. */
#define PACK_FORMAT 2

#define RULE_ID_BYTES_MAX 32	/* it is the reason of decisions, and stands in reports */

struct rule {
	const char	*id;			/* "DK-FEE-1", as long as RULE_ID_BYTES_MAX */
	const char	*source;
	const char	*confidence;		/* "A", "C, provisional": for people */
	char		 grade;			/* 'A' 'B' 'C' 'M' 'P' */
	bool		 hard_cap;		/* no workspace may loosen it */
	const char	*says;			/* one line for people */
	const char	*region;		/* one of the pack's; "" : the whole place */
	unsigned	 parties;		/* bit 1 << enum party */
	unsigned	 roles;			/* bit 1 << enum role */
	day_t		 valid_from;		/* DAY_NONE: always was */
	day_t		 valid_to;		/* last day; DAY_NONE: open */
};

/* --- contact ---------------------------------------------------------------- */

/* Windows bind these channels; which minutes, the calendar says. */
struct hours_rule {
	struct rule	rule;
	unsigned	channels;		/* bit 1 << enum channel */
};

/* Names the rule behind the calendar's holidays or days like Sundays. */
struct holiday_rule {
	struct rule	rule;
	bool		as_sunday;
};

/* At most `max` contacts over `counted` channels in any `days` civil days that
 * end with the day of the contact asked for. */
struct cap_rule {
	struct rule	rule;
	int		max, days;
	unsigned	channels;		/* asked about */
	unsigned	counted;		/* whose contacts count */
};

/* An answer to a debtor who wrote first may set these aside. */
struct answer_rule {
	struct rule	rule;
	bool		skips_hours, skips_caps;
};

/* Not over these channels, whatever the hour. */
struct never_rule {
	struct rule	rule;
	unsigned	channels;
	const char	*purpose;		/* "" : for whatever purpose */
};

/* Behind a hold of this type stands a law.  `whole_debtor`: though only one
 * claim is held, the debtor is not contacted about any other either. */
struct stop_rule {
	struct rule	rule;
	enum hold_type	hold;
	bool		whole_debtor;
};

/* --- step ------------------------------------------------------------------- */

/* A step may be taken `min_age_days` after the due date and `min_gap_days`
 * after the last step; exclusive: that many full days must lie between. */
struct step_rule {
	struct rule	rule;
	const char	*purpose;		/* "reminder", "formal_notice", ... */
	int		 min_age_days, min_gap_days;
	bool		 exclusive;
};

enum count_from { COUNT_FROM_DISPATCH, COUNT_FROM_RECEIPT };
enum roll { ROLL_NONE, ROLL_NEXT_BANK_DAY, ROLL_NEXT_OPEN_DAY };

struct deadline_rule {
	struct rule	rule;
	const char	*purpose;		/* "formal_notice", "fee_reminder", ... */
	unsigned	 channels;		/* of the message */
	int		 days;			/* at least */
	enum count_from	 count_from;
	bool		 exclusive;		/* full days between: one more */
	enum roll	 roll;			/* when the last day is not a working day */
	int		 min_bank_days;		/* after (presumed) receipt */
	int		 receipt_days[CHANNELS];	/* dispatch to presumed receipt */
	int		 receipt_bank_days;	/* and as many bank days after these */
};

/* --- charge ----------------------------------------------------------------- */

enum fee_kind { FEE_REMINDER, FEE_NOTICE, FEE_HANDOVER, FEE_COMPENSATION, FEE_KINDS };

/* Up to this principal (included) at most so much; the last has no end. */
struct band {
	int64_t	up_to_minor;			/* INT64_MAX for the last */
	int64_t	max_minor;
};

struct fee_rule {
	struct rule		 rule;
	unsigned		 kinds;		/* bit 1 << enum fee_kind */
	unsigned		 channels;	/* of messages that may bear it */
	char			 currency[CURRENCY_BYTES];
	int64_t			 max_minor;	/* per fee-bearing message; of bands
						 * the lowest: see fee_cap() */
	const struct band	*bands;
	size_t			 band_count;	/* 0: the same for every principal */
	int			 max_count;	/* per period of arrears; or UNLIMITED */
	int			 min_gap_days;	/* between fee-bearing messages, dispatch days */
	bool			 gap_exclusive;	/* full days must lie between */
	int			 min_age_days;	/* since the due date */
	bool			 needs_agreement;	/* agreed when the debt arose */
	bool			 after_reminder;	/* one must have gone since the due date */
	bool			 after_deadline;	/* the second: of the first must have passed */
	const struct rule	*count_rule;	/* behind max_count, NULL for none */
	const struct rule	*gap_rule;	/* behind min_gap_days, NULL for none */
	const char		*replaces;	/* local values: the rule that they stand for, "" */
};

/* All fees and costs of one claim together. */
struct total_rule {
	struct rule		 rule;
	char			 currency[CURRENCY_BYTES];
	const struct band	*bands;
	size_t			 band_count;
};

/* One half-year's reference rate, as the central bank gave it. */
struct interest_rate {
	day_t		 from, to;		/* both included */
	int		 reference_bp;		/* hundredths of a percent a year */
	const char	*source;
	bool		 local;			/* the workspace's own */
};

enum interest_method {
	INTEREST_FLOATING,	/* each day at the rate of that day */
	INTEREST_FIXED,		/* all days at the rate of the day it begins */
};

struct interest_rule {
	struct rule			 rule;
	enum interest_method		 method;
	int				 margin_bp;	/* on top of the reference */
	int				 year_days;	/* 365 or 360: a day is 1/365 year */
	const struct interest_rate	*rates;
	size_t				 rate_count;
};

/* What money that comes in pays first. */
enum owed { OWED_PRINCIPAL, OWED_INTEREST, OWED_COSTS, OWED_KINDS };

struct allocation_rule {
	struct rule	rule;
	enum owed	order[OWED_KINDS];
};

/* --- content ---------------------------------------------------------------- */

struct content_rule {
	struct rule		 rule;
	const char		*purpose;	/* "" : every message */
	unsigned		 channels;
	const char *const	*facts;		/* words: "creditor", "deadline", ... */
	size_t			 fact_count;
};

/* --- the whole -------------------------------------------------------------- */

struct pack_region {
	const char	*name;			/* "BY", "CA" */
	const char	*calendar;		/* "" : the pack's */
};

enum local_kind { LOCAL_RATE, LOCAL_AMOUNT, LOCAL_AGREED, LOCAL_OFF, LOCAL_RULE };

/* What a workspace laid over the pack. */
struct local_change {
	enum local_kind	 kind;
	const char	*id;		/* of the rule that it is about */
	const char	*source;
	const char	*text;		/* for people */
	bool		 loosens;	/* allows more than the pack by itself */
};

struct pack {
	const char			*name;		/* "dk" */
	const char			*country;	/* ISO 3166-1 alpha-2 */
	const char			*notice;	/* "Not legal advice ..." */
	const char			*calendar;	/* name of its .ics, no ending */
	const char			*calendar_any;	/* where the region is not known; "" :
							 * the same */
	const struct pack_region	*regions;
	size_t				 region_count;

	const struct hours_rule		*hours;
	const struct holiday_rule	*holidays;
	const struct cap_rule		*caps;
	const struct answer_rule	*answers;
	const struct never_rule		*nevers;
	const struct stop_rule		*stops;
	const struct step_rule		*steps;
	const struct deadline_rule	*deadlines;
	const struct fee_rule		*fees;
	const struct total_rule		*totals;
	const struct interest_rule	*interests;
	const struct allocation_rule	*allocations;
	const struct content_rule	*contents;
	const struct rule		*notes;		/* rules that only explain */
	const struct local_change	*changes;
	size_t hours_count, holiday_count, cap_count, answer_count, never_count, stop_count,
	    step_count, deadline_count, fee_count, total_count, interest_count,
	    allocation_count, content_count, note_count, change_count;
};

/* `name` is the file's path, for errors.  A text made by pack_overlay() is read
 * with what was laid over it. */
struct pack	*pack_parse(void *ctx, const char *name, const char *text,
		    size_t len, struct err *);

/* The pack's text with a workspace's own file laid over it: one text, which is
 * what the store keeps and what is hashed.  NULL and an error that names the
 * file with the fault. */
#define PACK_LOCAL_FOLDER "schedules/rules/local/"	/* in a workspace, NAME.json */
struct pack_text {
	const char	*name;			/* path, for errors */
	const char	*text;
	size_t		 len;
};
char		*pack_overlay(void *ctx, const struct pack_text *pack,
		    const struct pack_text *local, struct err *);

/* Does a rule bind this debtor on this day? */
bool		 rule_applies(const struct rule *, enum party, enum role,
		    const char *region, day_t on);

/* Name of the calendar of the first region that has one, else of the place. */
const char	*pack_calendar(const struct pack *, const char *region);

bool		 pack_has_region(const struct pack *, const char *name);
/* The names of all calendars that pack_calendar() may answer, one after another
 * from `*at` on (0 at first); NULL after the last. */
const char	*pack_calendar_next(const struct pack *, size_t *at);

/* Each: the rule that is valid on the day, or NULL.  Where several are, the
 * strictest (lowest amount; longest deadline; latest step). */

/* Whether the calendar's hours bind a channel.  Letters usually have none. */
const struct hours_rule *
	pack_hours(const struct pack *, enum channel, enum party, enum role,
	    const char *region, day_t on);
/* The rule behind a holiday or a day treated like a Sunday. */
const struct holiday_rule *
	pack_holiday(const struct pack *, bool as_sunday, enum party, enum role,
	    const char *region, day_t on);
/* What an answer to a debtor who wrote first may set aside. */
const struct answer_rule *
	pack_answer(const struct pack *, enum party, enum role, const char *region, day_t on);
/* The reminder fee.  NULL: no fee may be charged. */
const struct fee_rule *
	pack_fee(const struct pack *, enum party, enum role, const char *region,
	    const char *currency, day_t on);
const struct fee_rule *
	pack_fee_of_kind(const struct pack *, enum fee_kind, enum party, enum role,
	    const char *region, const char *currency, day_t on);
const struct interest_rule *
	pack_interest(const struct pack *, enum party, enum role, const char *region, day_t on);
/* The rule that closes a channel for a purpose, or NULL. */
const struct never_rule *
	pack_never(const struct pack *, enum channel, const char *purpose, enum party, enum role,
	    const char *region, day_t on);
/* The law behind a hold; one that stops the whole debtor comes before others. */
const struct stop_rule *
	pack_stop(const struct pack *, enum hold_type, enum party, enum role,
	    const char *region, day_t on);
/* The lowest bound on everything that a claim may cost beside its principal. */
const struct total_rule *
	pack_total(const struct pack *, enum party, enum role, const char *region,
	    const char *currency, int64_t principal_minor, day_t on);
const struct allocation_rule *
	pack_allocation(const struct pack *, enum party, enum role, const char *region, day_t on);
/* The deadline that ends last, and the day on which it does, of a message that
 * leaves on a day over a channel. */
const struct deadline_rule *
	pack_deadline(const struct pack *, const struct calendar *, const char *purpose,
	    enum channel, enum party, enum role, const char *region, day_t dispatched_on,
	    day_t *last);
/* The step rules of a purpose that bind, one after another from `*at` on (0 at
 * first); NULL after the last.  A step keeps to all of them. */
const struct step_rule *
	pack_step_next(const struct pack *, size_t *at, const char *purpose, enum party,
	    enum role, const char *region, day_t on);

/* What the band of a principal allows; the lowest of all where it is not known
 * (0). */
int64_t	band_cap(const struct band *, size_t count, int64_t principal_minor);
int64_t	fee_cap(const struct fee_rule *, int64_t principal_minor);

/* The yearly rate of a day, reference and margin together; -1: none is known. */
int	interest_rate_bp(const struct interest_rule *, day_t on);

/* What has no value that is valid on the day, and for that reason is not
 * charged: the rule of each, one after another from `*at` on. */
const struct rule	*pack_missing_next(const struct pack *, size_t *at, day_t on);

/* The last day to pay that a message dispatched on a day over a channel must
 * give at least. */
day_t	deadline_day(const struct deadline_rule *, const struct calendar *,
	    enum channel, day_t dispatched_on);
/* The first day from `day` on which a deadline of this rule may end. */
day_t	deadline_roll(const struct deadline_rule *, const struct calendar *, day_t day);

/* When what is handed to the post, or to who prints it, leaves: so many bank days later; with
 * 0 on that day itself, or the next bank day. */
day_t	pack_posted_on(const struct calendar *, day_t handed_on, int bank_days);

#endif
