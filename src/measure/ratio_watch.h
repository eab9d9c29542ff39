/* ratio_watch.h - do the numbers per arm fit the planned shares, watched daily?
 *
 * A chi-square that is looked at every day cries wolf; this may be looked at
 * whenever one likes.
 *
 * Source:  M. Lindon, A. Malek, NeurIPS 2022: Bayes factor of a multinomial with
 *          a Dirichlet prior around the planned shares; p = the running minimum
 *          of 1 / BF, at most 1.
 * Edges:   somebody in an arm without a share: p 0.
 * Memory:  by value.  Threads: pure.
 */
#ifndef MEASURE_RATIO_WATCH_H
#define MEASURE_RATIO_WATCH_H

#include <stddef.h>
#include <stdint.h>

#define RATIO_WATCH_CONCENTRATION 1000

struct ratio_watch {
	double	log_bf;		/* at the last look */
	double	p;		/* running minimum; begins at 1 */
};

void	ratio_watch_start(struct ratio_watch *);

/* Counts so far, of all arms; planned shares in any unit. */
void	ratio_watch_look(struct ratio_watch *, const int64_t *counts, const double *weights,
	    size_t arms, double concentration);

#endif
