/* stratified.h - a difference of shares over strata or epochs.
 *
 * Where the planned shares changed on the way, arms pooled over the epochs
 * differ because the epochs do; here each epoch is compared in itself.
 *
 * Source:  N. Mantel, W. Haenszel weights w = n1 n0 / (n1 + n0); variance from
 *          the weighted binomial variances; T. Sato, Biometrics 45 (1989) 1323,
 *          where a cell of a stratum is below 5; Cochran-Mantel-Haenszel
 *          chi-square without correction for the test; post-stratified by the
 *          sizes of the strata.
 * Edges:   strata with an empty arm say nothing and drop out.  None left:
 *          everything missing (empty_arm).
 * Threads: pure.
 */
#ifndef MEASURE_STRATIFIED_H
#define MEASURE_STRATIFIED_H

#include <stddef.h>

#include "measure/proportion.h"

struct stratified {
	struct figure	difference;	/* Mantel-Haenszel; p: CMH */
	double		se_binomial, se_sato;
	double		chisq;		/* CMH, one degree of freedom */
	struct figure	weighted;	/* post-stratified */
	size_t		strata;		/* that could be compared */
};

struct stratified	stratified_difference(const struct share *one,
			    const struct share *zero, size_t strata, double level);

#endif
