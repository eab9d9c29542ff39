/* power.h - how many debtors does an answer need, before anything is sent?
 *
 * Source:  two proportions, normal approximation with pooled variance under no
 *          effect: n = (z_a/2 sqrt(2 p q) + z_b sqrt(p1 q1 + p0 q0))^2 / (p1 - p0)^2
 *          per arm.  Log-rank: D. Schoenfeld, Biometrics 39 (1983) 499,
 *          D = (z_a/2 + z_b)^2 / (pi (1 - pi) ln^2 HR) events.  Clusters: times
 *          1 + (m - 1) ICC; covariates: times 1 - R^2.
 * Units:   fractions; debtors per arm (not rounded); alpha two-sided.
 * Edges:   no effect, a share outside 0..1: NAN.
 * Threads: tail_start() once before; pure after that.
 */
#ifndef MEASURE_POWER_H
#define MEASURE_POWER_H

double	power_size(double base, double effect, double alpha, double power);
double	power_reached(double base, double effect, double alpha, double size);

/* The smallest effect above 0 that is seen with that power; NAN: none up to
 * 1 - base. */
double	power_visible(double base, double size, double alpha, double power);

double	power_events(double hazard_ratio, double share_in_arm, double alpha, double power);

/* What a size is multiplied with. */
double	power_inflation(double mean_cluster, double icc, double r_squared);

#endif
