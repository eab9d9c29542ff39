/* power.c - see power.h. */
#include "measure/power.h"

#include <math.h>
#include <stdbool.h>

#include "measure/tail.h"

#define HALVINGS 200

struct spread {
	double	none, some;		/* of the difference times sqrt(n) */
	bool	sound;
};

static struct spread spread_of(double base, double effect)
{
	const double one = base + effect, mean = (one + base) / 2;

	return (struct spread){ .none = sqrt(2 * mean * (1 - mean)),
	    .some = sqrt(one * (1 - one) + base * (1 - base)),
	    .sound = base >= 0 && base <= 1 && one >= 0 && one <= 1 && effect != 0 };
}

double power_size(double base, double effect, double alpha, double power)
{
	const struct spread s = spread_of(base, effect);
	const double root = normal_point(alpha / 2) * s.none + normal_point(1 - power) * s.some;

	return s.sound ? root * root / (effect * effect) : (double)NAN;
}

double power_reached(double base, double effect, double alpha, double size)
{
	const struct spread s = spread_of(base, effect);
	const double z = (fabs(effect) * sqrt(size) - normal_point(alpha / 2) * s.none) / s.some;

	return s.sound && size > 0 ? normal_tail(-z) : (double)NAN;
}

double power_visible(double base, double size, double alpha, double power)
{
	double low = 0, high = 1 - base;

	if (!(base >= 0 && base < 1) || !(power_size(base, high, alpha, power) <= size))
		return (double)NAN;
	for (int i = 0; i < HALVINGS; i++) {
		const double middle = (low + high) / 2;

		if (power_size(base, middle, alpha, power) > size)
			low = middle;
		else
			high = middle;
	}
	return high;
}

double power_events(double hazard_ratio, double share, double alpha, double power)
{
	const double z = normal_point(alpha / 2) + normal_point(1 - power);
	const double log_ratio = log(hazard_ratio);

	return hazard_ratio > 0 && log_ratio != 0 && share > 0 && share < 1 ?
	    z * z / (share * (1 - share) * log_ratio * log_ratio) : (double)NAN;
}

double power_inflation(double mean_cluster, double icc, double r_squared)
{
	return (1 + (mean_cluster - 1) * icc) * (1 - r_squared);
}
