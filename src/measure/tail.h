/* tail.h - tails and quantiles of the normal, chi-square and t distributions.
 *
 * Upper tails only: 1 - P loses every digit where a p-value gets interesting.
 * Below about 1e-300 a tail is 0; print it as "< 1e-300".
 *
 * Source:  GNU Scientific Library 2.7, gsl_cdf_*_Q and gsl_cdf_*_Qinv.
 * Edges:   NAN for an argument that is NAN or outside the domain.
 * Threads: tail_start() once for the process; pure after that.
 */
#ifndef MEASURE_TAIL_H
#define MEASURE_TAIL_H

/* GSL's default is to abort on a domain error; this turns that off. */
void	tail_start(void);

double	normal_tail(double z);			/* P(Z > z) */
double	normal_two_sided(double z);		/* P(|Z| > |z|) */
double	normal_point(double tail);		/* z with P(Z > z) = tail */
double	chisq_tail(double x, double df);
double	student_tail(double t, double df);
double	student_point(double tail, double df);

/* The z of a two-sided interval: level 0.95 gives 1.9599... */
double	level_z(double level);

#endif
