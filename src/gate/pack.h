/* pack.h - a rule pack: the law and the practice of one place, as data.
 *
 * Four kinds of rule are kept apart, because they are asked at different
 * moments and broken in different ways:
 *   contact   may we contact now       hours, holidays, caps, answers
 *   step      may we take this step    age of the claim, spacing, deadlines
 *   charge    may we ask money for it  fees, compensation, interest
 *   content   what must the text hold
 * Every rule names its source, how sure we are of it, whom it binds and from
 * when to when it is valid.  A charge without a value that is valid on the
 * day fails closed: there is none.  Not legal advice.
 *
 * Confidence: A the text was read; B a secondary source; C sources conflict;
 *             M from memory; P our own policy, not law.
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

struct rule {
	const char	*id;			/* "DK-FEE-1" */
	const char	*source;
	const char	*confidence;		/* "A" "B" "C" "M" "P" */
	const char	*says;			/* one line for people */
	const char	*region;		/* "" : the whole place */
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

/* --- step ------------------------------------------------------------------- */

/* A step may be taken `min_age_days` after the due date and `min_gap_days`
 * after the last step; exclusive: that many full days must lie between. */
struct step_rule {
	struct rule	rule;
	const char	*purpose;		/* "reminder", "formal_notice", ... */
	int		 min_age_days, min_gap_days;
	bool		 exclusive;
};

enum count_from { COUNT_FROM_DUE, COUNT_FROM_DISPATCH, COUNT_FROM_RECEIPT };
enum roll { ROLL_NONE, ROLL_NEXT_BANK_DAY, ROLL_NEXT_OPEN_DAY };

struct deadline_rule {
	struct rule	rule;
	const char	*purpose;		/* "formal_notice", "fee_reminder", ... */
	int		 days;			/* at least */
	enum count_from	 count_from;
	bool		 exclusive;		/* full days between: one more */
	enum roll	 roll;			/* when the last day is not a working day */
	int		 min_bank_days;		/* after (presumed) receipt */
	int		 receipt_days;		/* dispatch to presumed receipt */
};

/* --- charge ----------------------------------------------------------------- */

enum fee_kind { FEE_REMINDER, FEE_HANDOVER, FEE_COMPENSATION };

struct fee_rule {
	struct rule		 rule;
	enum fee_kind		 kind;
	char			 currency[CURRENCY_BYTES];
	int64_t			 max_minor;	/* per fee-bearing message */
	int			 max_count;	/* per period of arrears; or UNLIMITED */
	int			 min_gap_days;	/* between fee-bearing messages, dispatch days */
	bool			 gap_exclusive;	/* full days must lie between */
	int			 min_age_days;	/* since the due date */
	bool			 needs_agreement;	/* agreed when the debt arose */
	const struct rule	*count_rule;	/* behind max_count, NULL for none */
	const struct rule	*gap_rule;	/* behind min_gap_days, NULL for none */
};

struct interest_rule {
	struct rule	rule;
	int		rate_bp;		/* hundredths of a percent a year */
};

/* --- content ---------------------------------------------------------------- */

struct content_rule {
	struct rule		 rule;
	const char		*purpose;	/* "" : every message */
	const char *const	*facts;		/* words: "creditor", "deadline", ... */
	size_t			 fact_count;
};

/* --- the whole -------------------------------------------------------------- */

struct pack_region {
	const char	*name;			/* "BY", "CA" */
	const char	*calendar;
};

struct pack {
	const char			*name;		/* "dk" */
	const char			*country;	/* ISO 3166-1 alpha-2 */
	const char			*notice;	/* "Not legal advice ..." */
	const char			*calendar;	/* name of its .ics, no ending */
	const struct pack_region	*regions;
	size_t				 region_count;

	const struct hours_rule		*hours;
	const struct holiday_rule	*holidays;
	const struct cap_rule		*caps;
	const struct answer_rule	*answers;
	const struct step_rule		*steps;
	const struct deadline_rule	*deadlines;
	const struct fee_rule		*fees;
	const struct interest_rule	*interests;
	const struct content_rule	*contents;
	const struct rule		*notes;		/* rules that only explain */
	size_t hours_count, holiday_count, cap_count, answer_count, step_count,
	    deadline_count, fee_count, interest_count, content_count, note_count;
};

/* `name` is the file's path, for errors. */
struct pack	*pack_parse(void *ctx, const char *name, const char *text,
		    size_t len, struct err *);

/* Does a rule bind this debtor on this day?  `region` may be NULL. */
bool		 rule_applies(const struct rule *, enum party, enum role,
		    const char *region, day_t on);

/* Name of the calendar of a region (NULL or unknown: of the whole place). */
const char	*pack_calendar(const struct pack *, const char *region);

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
	pack_fee(const struct pack *, enum party, enum role, const char *currency, day_t on);
const struct fee_rule *
	pack_fee_of_kind(const struct pack *, enum fee_kind, enum party, enum role,
	    const char *currency, day_t on);
const struct interest_rule *
	pack_interest(const struct pack *, enum party, enum role, day_t on);
const struct deadline_rule *
	pack_deadline(const struct pack *, const char *purpose, enum party, enum role, day_t on);
const struct step_rule *
	pack_step(const struct pack *, const char *purpose, enum party, enum role, day_t on);

/* The last day to pay that a message dispatched on a day must give at least;
 * `extra_days` is what the schedule gives beyond the rule.  For COUNT_FROM_DUE
 * pass the due date as `dispatched_on`. */
day_t	deadline_day(const struct deadline_rule *, const struct calendar *,
	    day_t dispatched_on, int extra_days);

#endif
