/* schedule.h - a finance team's policy: an ordered ladder of steps.
 *
 * Read from schedules/NAME.json (docs/schedules.md tells how to write one).
 * A version is never changed once used: the store keeps it by its SHA-256 and
 * a running case stays on the version it began with.
 *
 * Units:   days are civil days in the creditor's zone; amounts minor units.
 * Memory:  a parsed schedule lives on the given talloc context and is never
 *          written again.
 */
#ifndef PLAN_SCHEDULE_H
#define PLAN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/money.h"
#include "base/secret.h"
#include "model/word.h"

struct err;
struct json_at;

#define SCHEDULE_STEPS_MAX 16
#define SCHEDULE_WORD_BYTES 32		/* ids and names, closing NUL included */
#define SCHEDULE_DAYS_MAX 3650
#define SCHEDULE_SENDER_BYTES 64	/* a person's name, closing NUL included */
#define SCHEDULE_NO_HOUR (-1)
#define STEP_NEVER_LAPSES SCHEDULE_DAYS_MAX

enum step_from {
	STEP_FROM_DUE,		/* days after the invoice's due date, negative: before */
	STEP_FROM_PREVIOUS,	/* days after the previous step was delivered, or
				 * sent where no receipt came */
};

struct schedule_step {
	char		id[SCHEDULE_WORD_BYTES];
	char		was[SCHEDULE_WORD_BYTES];	/* its id in an older version, "" */
	char		template[SCHEDULE_WORD_BYTES];	/* "" for a hand-over */
	enum step_from	from;
	int		days;
	bool		working_day;	/* no bank day for the debtor: the next one */
	int		lapse_days;	/* after due: from this day on the step is past */
	int		grace_days;	/* after the previous step's deadline */
	enum channel	channels[CHANNELS];	/* allowed, in order of choice */
	size_t		channel_count;
	bool		toned;		/* an experiment's arm chooses the tone */
	bool		legal_notice;
	bool		handover;	/* no message: the case goes to collection */
	bool		approval;	/* waits until a person has said yes */
	bool		interest;	/* shows and books the interest that has run */
	bool		compensation;	/* asks for the fixed sum that the law gives */
	int64_t		fee_minor;	/* asked for; the pack's cap may lower it */
	char		fee_currency[CURRENCY_BYTES];
	int		deadline_days;	/* given to the debtor, 0: none */
};

struct schedule {
	char			name[SCHEDULE_WORD_BYTES];
	char			hash[HASH_HEX_BYTES];
	char			pack[SCHEDULE_WORD_BYTES];
	char			experiment[SCHEDULE_WORD_BYTES];	/* "" for none */
	enum role		role;
	enum tone		tone;		/* outside an experiment */
	int			hour;		/* not before, by the debtor's clock, where the
						 * window allows; SCHEDULE_NO_HOUR */
	char			sender[SCHEDULE_SENDER_BYTES];	/* who signs; "": the company */
	bool			plan_offer;	/* the words offer to pay in parts */
	int			gap_days_min;	/* between any two contacts */
	int			resume_days;	/* after a hold's end */
	int			claim_days;	/* hold after "already paid" */
	int			link_days;	/* life of a link */
	struct { char currency[CURRENCY_BYTES]; int64_t minor; } min_amount[8];
	size_t			min_amount_count;
	struct schedule_step	steps[SCHEDULE_STEPS_MAX];
	size_t			step_count;
};

/* "hour" and "sender" of a schedule, or of an experiment's arm, where they stand there. */
int		 schedule_read_hour(struct json_at *);
void		 schedule_read_sender(struct json_at *, char out[SCHEDULE_SENDER_BYTES]);

/* `name` is shown in errors (the file's path). */
struct schedule	*schedule_parse(void *ctx, const char *name, const char *text,
		    size_t len, struct err *);

/* Index of the step that has that id, or had it in an older version; or -1. */
int		 schedule_step_index(const struct schedule *, const char *id);

/* Below this a balance is not chased (0 when the schedule says nothing). */
int64_t		 schedule_min_amount(const struct schedule *, const char *currency);

#endif
