/* shrink.h - the effect in parts of the debtors, pulled towards what all have in common.
 *
 * Parts are few and small: each by itself says more about chance than about the part.
 *
 * Source:  R. C. Paule, J. Mandel, J. Res. NBS 87 (1982) 377 for the spread tau^2 between
 *          parts, not below 0; C. N. Morris, JASA 78 (1983) 47: B mu + (1 - B) d with
 *          B = s^2 / (s^2 + tau^2), variance (1 - B) s^2 + B^2 var(mu).
 * Edges:   fewer than two parts with an error above 0: everything NAN.
 * Threads: pure.
 */
#ifndef MEASURE_SHRINK_H
#define MEASURE_SHRINK_H

#include <stddef.h>

#define SHRINK_PARTS_MAX 64

struct shrink_part {
	double	estimate, se;			/* given */
	double	factor, shrunk, shrunk_se;	/* made */
};

struct shrink {
	size_t	parts;
	double	fixed_mean;
	double	q, p;			/* do the parts differ? chi-square, parts - 1 */
	double	i2;
	double	tau2, mu, mu_se;
};

struct shrink	shrink_make(struct shrink_part *, size_t count);

#endif
