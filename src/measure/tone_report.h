/* tone_report.h - what the tone of the reminders did to repayment.
 *
 * Everybody assigned is compared in the arm assigned (intention to treat).
 * The primary number is the difference in the share of debtors whose whole
 * opening balance is paid within the horizon, over matured debtors only: a
 * debtor counts when assigned_on + horizon + lag <= as_of, whatever the
 * outcome.  One JSON object carries every figure; the text is made from that
 * object and from nothing else.
 *
 * Versions of an experiment's file (weights, eligibility) are epochs: arms are
 * compared within each and the differences combined, never pooled.  With a
 * planned size the rule is the hybrid one: before it, only limits that hold at
 * every look may end the experiment (1 in 100), at it, one analysis at the rest
 * (4 in 100), of the debtors who had matured that day, whatever comes later.
 *
 * Source:  E. B. Wilson, JASA 22 (1927); R. G. Newcombe, Stat. Med. 17 (1998),
 *          method 10; S. Holm, Scand. J. Stat. 6 (1979); O. Aalen,
 *          S. Johansen, Scand. J. Stat. 5 (1978).  Each estimator's own header
 *          says the rest.
 * Units:   civil days; minor units of one currency; shares as fractions
 *          (0..1) in the JSON, per hundred in the text.
 * Edges:   `health` of the JSON withholds the effects ("valid": false) when
 *          the numbers of debtors per arm do not fit the shares (chi-square
 *          below 0.001 with 100 debtors or more), or when more than one row in
 *          a thousand had to be rejected.  Who turned out to be one with another
 *          who was assigned is counted among the assigned, and compared in no
 *          figure.  A figure that does not exist is
 *          null and carries a "reason": not_matured, empty_arm, no_events,
 *          all_events, ratio_undefined, tiny_n, zero_denominator, zero_variance,
 *          beyond_follow_up, withheld.  NaN and infinity never occur.
 * Memory:  tone_report_make() returns a new reference: json_decref() it.
 * Threads: call tail_start() (measure/tail.h) once before; pure after that.
 * Order:   rows may come in any order; the result does not depend on it.
 */
#ifndef MEASURE_TONE_REPORT_H
#define MEASURE_TONE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/str.h"

struct document;

#define TONE_ARMS_MAX 8
#define TONE_EPOCHS_MAX 64
#define TONE_WHOLE 10000		/* basis points */
#define TONE_HELD_OUT (TONE_ARMS_MAX + 1)	/* in place of an arm: kept apart */
#define TONE_HORIZON_DAYS 30
#define TONE_LAG_DAYS 3

/* What a tone must not bring about: non-inferiority against the reference. */
enum tone_guard { GUARD_DISPUTE, GUARD_OPT_OUT, GUARD_HARDSHIP, GUARD_COMPLAINT, TONE_GUARDS };
#define TONE_RATING_MAX 5

/* What was known of a debtor when he was assigned; NAN: nothing. */
enum tone_covariate { COVARIATE_LOG_AMOUNT, COVARIATE_DAYS_OVERDUE, COVARIATE_PAID_ON_TIME,
	COVARIATE_REMINDERS, TONE_COVARIATES };

/* One debtor who was assigned. */
struct tone_row {
	size_t	arm;			/* index into tone_plan.arms, or TONE_HELD_OUT */
	day_t	assigned_on;
	day_t	paid_on;		/* opening balance paid in full, but for what was
					 * credited; DAY_NONE */
	day_t	exit_on;		/* dispute, hand-over, write-off or all of it credited
					 * while still unpaid; DAY_NONE */
	int64_t	opening_minor;		/* owed when assigned, > 0 */
	int64_t	paid_minor_by_h;	/* of it, paid by the horizon's last day */
	/* The same by each day from 0 to the horizon, never more than was owed; NULL:
	 * only the horizon's is known.  Borrowed. */
	const int64_t *paid_minor_by_day;
	size_t	epoch;			/* index into tone_plan.epochs */
	bool	exposed;		/* a toned message was really sent */
	bool	delivered;		/* and a receipt says it arrived */
	bool	softened;		/* one of them in a softer tone, by a person's will */
	bool	merged;			/* is one person with another row: not compared */
	bool	guard[TONE_GUARDS];	/* happened by the horizon's last day */
	int	rating;			/* the answer to "how did we treat you?" by then, 1 to
					 * TONE_RATING_MAX; 0: none */
	double	covariate[TONE_COVARIATES];
	double	cost_minor;		/* messages and tasks by the horizon's last day */
	const char *lang;		/* "da"; NULL: not given */
	const char *unit;		/* its public id; NULL: not given */
};

struct tone_arm {
	const char	*name;		/* "neutral", "warm", "firm" */
	int		 basis_points;	/* its share at assignment */
	const char	*channels;	/* asked for first: "sms email"; NULL or "": the
					 * step's own */
	const char	*levers;	/* what else is its own, in words; NULL or "" */
	const char	*stopped;	/* since when and why, in words; NULL: it is not */
};

/* Debtors assigned under one version of the experiment: its shares and texts. */
struct tone_epoch {
	const char	*hash;			/* of the registered plan; "" for none */
	const char	*texts;			/* of the texts then in force; NULL, "": not known */
	day_t		 from;			/* its first assignment */
	int		 basis_points[TONE_ARMS_MAX];
	int		 holdout_basis_points;
};

/* What was planned before the start; debtors 0: nothing was. */
struct tone_planned {
	int64_t	debtors;		/* matured, in all arms together */
	int	base_basis_points;	/* share paid that was expected */
	int	effect_basis_points;	/* difference to be seen */
	day_t	end_on;			/* the one analysis at the latest; 0: no such day */
};

struct tone_plan {
	const char		*experiment;	/* id */
	const char		*hypothesis;	/* "" for none */
	const char		*currency;	/* of the amounts */
	struct tone_arm		 arms[TONE_ARMS_MAX];
	size_t			 arm_count;	/* >= 2 */
	size_t			 reference;	/* index into arms */
	const char		*programme;	/* that holds debtors out; NULL, "": none does */
	int			 holdout_basis_points;
	int			 horizon_days;	/* 0: TONE_HORIZON_DAYS */
	int			 lag_days;	/* < 0: TONE_LAG_DAYS */
	int			 margin_basis_points;	/* 0: no "equivalent" */
	struct tone_epoch	 epochs[TONE_EPOCHS_MAX];	/* in order */
	size_t			 epoch_count;	/* 0: one, with the arms' shares */
	struct tone_planned	 planned;
	int			 guard_basis_points[TONE_GUARDS];	/* margins; 0: 50 for
								 * complaints, else 100 */
	bool			 costs_known;	/* in the currency of the amounts */
	bool			 plan_changed;	/* a later version has another plan than
						 * this one, which was registered */
	int64_t			 others;	/* assigned, who owe in another currency */
	day_t			 as_of;		/* last day whose bookings are known */
	day_t			 last_booked_on;	/* of any money; 0: not known */
	bool			 no_true_effect;	/* a replayed ledger: payments were
					 * made before any message was written */
};

/* An arm that does harm beyond its margin, by limits that hold whenever one looks. */
struct tone_harm {
	size_t		arm;
	enum tone_guard	guard;
	int64_t		here, here_of, there, there_of;	/* in the arm and in the reference */
};
/* The first guardrail that an arm breaks; how many arms do. */
size_t	tone_harms(const struct tone_plan *, const struct tone_row *, size_t count,
	    struct tone_harm out[TONE_ARMS_MAX]);
const char	*tone_guard_name(enum tone_guard);	/* "disputes" */

/* The result object, described in docs/measurement.md. */
json_t	*tone_report_make(const struct tone_plan *, const struct tone_row *, size_t count);

/* The same as blocks, of which text, HTML and PDF are made (draw/document.h), and
 * as RFC 4180: one row per figure, and one per arm and day of the curves.  Nothing
 * is computed here: what is shown stands in the object. */
struct document	*tone_document(void *ctx, const json_t *report, instant_t made_at);
void		 tone_csv(const json_t *report, struct str *out);
void		 tone_curve_csv(const json_t *report, struct str *out);

/* The rows themselves, as purr analyse reads them (docs/analyse.md), and beside those
 * columns: exit_at_day, epoch, exposed, delivered; without merged ones.  paid_at_day stands also where
 * another exit came before. */
void		 tone_rows_csv(const struct tone_plan *, const struct tone_row *, size_t count,
		    struct str *out);

#endif
