/* sequence.h - an interval and a p that hold however often one looks.
 *
 * An ordinary interval that is looked at daily misses the truth at some look in
 * a third of all experiments.  These may be read whenever one likes, and one
 * may stop on them; they are wider for it.
 *
 * Source:  normal mixture, H. Robbins, Ann. Math. Stat. 41 (1970) 1397; S. Howard,
 *          A. Ramdas, J. McAuliffe, J. Sekhon, Ann. Stat. 49 (2021) 1055: with
 *          V = 1 / se^2 and z = estimate / se,
 *              ln e = ln(rho / (V + rho)) / 2 + z^2 V / (V + rho) / 2
 *              p    = min(1, 1 / e)
 *              CS   = estimate +- se sqrt((1 + rho/V) (ln(1 + V/rho) + 2 ln(1/alpha)))
 *          rho = I / (-W(-alpha^2 / e) - 1), W the lower branch of Lambert's
 *          function, is narrowest at the planned information I.  Rare harms:
 *          Beta(1, 1) mixture of a binomial, exact at any n.
 * Units:   information is 1 / se^2 of the estimate.
 * Edges:   no spread (se not above 0): NAN.
 * Threads: tail_start() once before; pure after that.
 */
#ifndef MEASURE_SEQUENCE_H
#define MEASURE_SEQUENCE_H

#include "measure/proportion.h"

struct sequence {
	double	information;
	double	log_e, p;		/* p of this look; keep the smallest */
	double	lower, upper;
};

double		sequence_rho(double planned_information, double alpha);
struct sequence	sequence_look(double estimate, double se, double rho, double alpha);

/* Limits of a share that hold at every n. */
struct limits	rare_limits(struct share, double alpha);

#endif
