/* incidence.h - cumulative incidence of payment, with other exits competing.
 *
 * Disputes, hand-overs and write-offs end the reminding.  To treat them as
 * censored would overstate the share that pays, so the curve is that of Aalen
 * and Johansen.  With everyone observed to day t it equals the plain share
 * paid by t.
 *
 * Days are whole, so debtors are counted by (day, kind) and the curve is one
 * sweep over the days: O(debtors + days).
 *
 * Source:  O. Aalen, S. Johansen, Scand. J. Stat. 5 (1978) 141.  Variance:
 *          delta method as in G. Dinse, M. Larson, Biometrika 73 (1986) 379,
 *          with d_j events among n_j at risk and S_j- the share still there:
 *          Var F(t) = sum [F(t)-F_j]^2 d_j / (n_j (n_j - d_j))
 *                   + sum S_j-^2 (n_j - d_kj) d_kj / n_j^3
 *                   - 2 sum [F(t)-F_j] S_j- d_kj / n_j^2.
 *          Limits on ln(-ln F): F^exp(-+ z se / (F ln F)).
 *          Mean days: tau minus the area under the curve of payment to tau;
 *          variance by P. K. Andersen, Stat. Med. 32 (2013) 5278.
 * Units:   days since assignment; day 0 is valid; events come before
 *          censorings of the same day.
 * Edges:   F = 0 or 1: Wilson's limits where nobody was censored before, none
 *          else.  Beyond the last day anyone was watched the curve exists only
 *          if nobody was left; else everything missing (beyond_follow_up).
 *          Nobody at all: empty_arm.
 * Invariant: the sum of the incidences plus the share still there is 1.
 * Memory:  counts live on the talloc context given.
 * Threads: pure.
 */
#ifndef MEASURE_INCIDENCE_H
#define MEASURE_INCIDENCE_H

#include <stdint.h>

#include "measure/figure.h"

#define INCIDENCE_DAYS_MAX 20000

enum exit_kind { EXIT_CENSORED, EXIT_PAID, EXIT_OTHER, EXIT_KINDS };

struct incidence {
	int	 days;			/* room: day 0 .. days - 1 */
	int	 last_day;		/* last with anybody leaving, -1 for none */
	int64_t	 n;
	int64_t	*left[EXIT_KINDS];	/* how many left on each day, by kind */
};

void		 incidence_init(struct incidence *, void *ctx, int days);
void		 incidence_add(struct incidence *, int day, enum exit_kind);
/* Adds the counts of another, of as many days. */
void		 incidence_join(struct incidence *, const struct incidence *);

/* Share that left by this kind up to and with this day; `events` counts them. */
struct figure	 incidence_at(const struct incidence *, enum exit_kind, int day,
		    double level);

/* Mean days unpaid within the first tau days; exits count as unpaid. */
struct figure	 days_outstanding(const struct incidence *, int tau, double level);

/* one - zero, with the combined standard error and a z test.  No error in either: the
 * limits are the estimate, no p (zero_variance). */
struct figure	 figure_difference(const struct figure *one, const struct figure *zero);

double		 incidence_remaining(const struct incidence *, int day);	/* S(day) */
int64_t		 incidence_at_risk(const struct incidence *, int day);	/* before its events */

#endif
