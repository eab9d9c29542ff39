/* flat.h - a table of debtors in the flat exchange format, row by row.
 *
 *   debtor_id, arm, assigned_at_day, paid_at_day, censored_at_day,
 *   amount_minor, paid_minor, outcome
 *
 * paid_at_day: paid in full; empty until then.  censored_at_day: the last day
 * of follow-up of who has not paid, the snapshot or the day of another exit.
 * outcome: paid, open, disputed, transferred, written_off.
 *
 * A row is read as known on the as-of day: what is later has not happened yet.
 * Rows that cannot be right are rejected, and counted by reason and arm; more
 * than one in FLAT_REJECTED_ONE_IN forbids a verdict (`valid` false).  Of a debtor who stands
 * there twice one row is kept, whatever the order of the file; of one who stands there in two
 * arms, none.
 *
 * Or a table of times (time, status): status 0 censored, 1 the event, more:
 * another exit.  Then nobody is "assigned", and only flat_row.time and .kind
 * mean something.
 *
 * Units:   whole days on one axis, minor units.
 * Memory:  borrows the sheet; marks and names are talloc children of it.
 * Threads: a flat table that was made is not written to any more.
 */
#ifndef MEASURE_FLAT_H
#define MEASURE_FLAT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "measure/incidence.h"
#include "measure/sheet.h"

struct err;

#define FLAT_ARMS_MAX 16
#define FLAT_COVARIATES_MAX 16
#define FLAT_DAY_SPAN_MAX (INCIDENCE_DAYS_MAX - 1)
#define FLAT_REJECTED_ONE_IN 1000
#define FLAT_MINOR_MAX 1000000000000000000	/* 10^18: beyond it an amount is a slip */

enum flat_fault {
	FLAT_NO_ARM, FLAT_NO_DEBTOR, FLAT_DUPLICATE, FLAT_NO_DAY, FLAT_PAID_TOO_EARLY,
	FLAT_CENSORED_TOO_EARLY, FLAT_OUTCOME, FLAT_AMOUNT, FLAT_TOO_LONG, FLAT_FAULTS
};

/* The columns; NULL where the table or the analysis has none. */
struct flat_columns {
	const struct sheet_column	*debtor, *arm, *strata;
	const struct sheet_column	*assigned, *paid, *censored, *outcome;
	const struct sheet_column	*time, *status;		/* instead of those */
	const struct sheet_column	*amount, *paid_minor;	/* both or none */
	const struct sheet_column	*cluster;	/* rows of one debtor belong together */
	const struct sheet_column	*segment;	/* a word: a part looked at by itself */
	const struct sheet_column	*propensity;	/* logged: of the row's own arm */
	const struct sheet_column	*covariates[FLAT_COVARIATES_MAX];
	size_t				 covariate_count;
};

struct flat {
	const struct sheet	*sheet;
	struct flat_columns	 col;
	const char		*arms[FLAT_ARMS_MAX];	/* in byte order */
	size_t			 arm_count, reference;
	const char		**strata;		/* in byte order; one "" for none */
	size_t			 strata_count;
	int32_t			 as_of;
	int64_t			 rejected[FLAT_FAULTS][FLAT_ARMS_MAX + 1];	/* last: no arm */
	int64_t			 rejected_rows;
	int64_t			 later;		/* assigned after the as-of day */
	bool			 valid;
	/* of its own */
	uint8_t			*arm_of, *duplicate;	/* by word; a bit per row */
	uint32_t		*stratum_of;		/* by word */
	uint8_t			*outcome_of;		/* by word */
};

struct flat_row {
	size_t		arm, stratum;
	int32_t		assigned;
	int32_t		time;		/* days from the assignment to `kind` */
	enum exit_kind	kind;
	int64_t		owed, paid;	/* 0 without those columns */
	uint64_t	cluster;	/* 0 without that column */
};

/* `as_of` SHEET_NO_DAY: the last day of the rows that are not rejected.  `reference` NULL: "neutral",
 * else the first arm.  ERR_INPUT: no row, too many arms, no such reference. */
bool	flat_make(struct flat *, struct sheet *, const struct flat_columns *,
	    int32_t as_of, const char *reference, struct err *);

/* False: rejected, or not assigned yet on the as-of day. */
bool	flat_row(const struct flat *, size_t at, struct flat_row *);

const char	*flat_fault_name(enum flat_fault);

/* { rows, rejected: { REASON: { ARM: n } }, later, valid, as_of, reference } into `out`. */
void	flat_json(const struct flat *, json_t *out);

#endif
