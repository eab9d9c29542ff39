/* multiplicity.h - p-values for a family of comparisons.
 *
 * Source:  S. Holm, Scand. J. Stat. 6 (1979) 65: step-down, no assumption
 *          about dependence.  Intervals cannot be had from Holm's p-values;
 *          simultaneous ones use Bonferroni's level.
 * Edges:   a missing p (NAN) leaves the family and stays missing.
 * Threads: pure.
 */
#ifndef MEASURE_MULTIPLICITY_H
#define MEASURE_MULTIPLICITY_H

#include <stddef.h>

#define FAMILY_MAX 64

/* adjusted[i] >= p[i], at most 1; count <= FAMILY_MAX. */
void	holm_adjust(const double *p, size_t count, double *adjusted);

/* Level of each of `count` intervals that together hold `level`. */
double	bonferroni_level(double level, size_t count);

#endif
