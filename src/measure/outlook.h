/* outlook.h - what an experiment can find out, before anything is sent.
 *
 * From the creditor's own ledger of the half year that is over: how many debtors
 * would have entered in a week, and how many of them paid in full within the
 * horizon without it.  A debtor would have entered with the first invoice of that
 * time that was still open when the first toned step was due.
 *
 * Source:  power.h; level: the share of the false alarms that the one analysis at the
 *          planned size has, divided by the number of tones (tone_look.h).
 * Units:   debtors in all arms together; shares as fractions.
 * Edges:   fewer than OUTLOOK_DEBTORS_MIN such debtors: no share of their own, the
 *          plan's is taken (own_base false), without a plan one half.  No plan: power,
 *          debtors_wanted and weeks are NAN.
 * Threads: tail_start() once before; pure after that.
 */
#ifndef MEASURE_OUTLOOK_H
#define MEASURE_OUTLOOK_H

#include "measure/books.h"
#include "measure/proportion.h"

#define OUTLOOK_DAYS 182
#define OUTLOOK_DEBTORS_MIN 100
#define OUTLOOK_PERIODS 3
#define OUTLOOK_POWER_WANTED 0.8
#define OUTLOOK_POWER_MIN 0.5

struct outlook_ask {
	unsigned	parties;	/* bit 1 << enum party: who may enter */
	int		step_days;	/* of the first toned step, from the due day */
	int		horizon_days, lag_days;
	size_t		arms;
	int		least_basis_points;	/* of the smallest arm */
	int64_t		planned_debtors;
	double		planned_base, planned_effect;
};

struct outlook {
	struct share	paid;			/* of those who would have entered */
	bool		own_base;
	double		base;
	double		per_week;
	double		alpha;
	double		power;			/* of the plan, on that base */
	double		debtors_wanted;		/* for OUTLOOK_POWER_WANTED */
	double		weeks;			/* until the planned number has entered */
	int		period_weeks[OUTLOOK_PERIODS];
	double		visible[OUTLOOK_PERIODS];	/* smallest difference; NAN: none */
};

struct outlook	outlook_make(const struct books *, const struct outlook_ask *);

#endif
