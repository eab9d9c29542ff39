/* tone_report.h - what the tone of the reminders did to repayment.
 *
 * Everybody assigned is compared in the arm assigned (intention to treat).
 * The primary number is the difference in the share of debtors whose whole
 * opening balance is paid within the horizon, over matured debtors only: a
 * debtor counts when assigned_on + horizon + lag <= as_of, whatever the
 * outcome.  One JSON object carries every figure; the text is made from that
 * object and from nothing else.
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
 *          a thousand had to be rejected.  A figure that does not exist is
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

#include "base/date.h"
#include "base/str.h"

#define TONE_ARMS_MAX 8
#define TONE_HORIZON_DAYS 30
#define TONE_LAG_DAYS 3
#define TONE_TEXT_BYTES_MAX (64 * 1024)

/* One debtor who was assigned. */
struct tone_row {
	size_t	arm;			/* index into tone_plan.arms */
	day_t	assigned_on;
	day_t	paid_on;		/* opening balance paid in full; DAY_NONE */
	day_t	exit_on;		/* dispute, hand-over or write-off while
					 * still unpaid; DAY_NONE */
	int64_t	opening_minor;		/* owed when assigned, > 0 */
	int64_t	paid_minor_by_h;	/* of it, paid by the horizon's last day */
	bool	exposed;		/* a toned message was really sent */
};

struct tone_arm {
	const char	*name;		/* "neutral", "warm", "firm" */
	int		 basis_points;	/* its share at assignment */
};

struct tone_plan {
	const char		*experiment;	/* id */
	const char		*hypothesis;	/* "" for none */
	const char		*currency;	/* of the amounts */
	struct tone_arm		 arms[TONE_ARMS_MAX];
	size_t			 arm_count;	/* >= 2 */
	size_t			 reference;	/* index into arms */
	int			 horizon_days;	/* 0: TONE_HORIZON_DAYS */
	int			 lag_days;	/* < 0: TONE_LAG_DAYS */
	int			 margin_basis_points;	/* 0: no "equivalent" */
	day_t			 as_of;		/* last day whose bookings are known */
	bool			 no_true_effect;	/* a replayed ledger: payments were
					 * made before any message was written */
};

/* The result object, described in docs/measurement.md. */
json_t	*tone_report_make(const struct tone_plan *, const struct tone_row *, size_t count);

/* The same as plain text of at most TONE_TEXT_BYTES_MAX; nothing is computed here. */
void	 tone_report_text(const json_t *report, struct str *out);

#endif
