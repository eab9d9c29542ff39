/* tail.c - see tail.h.  Checks the domain, so that GSL never has to. */
#include "measure/tail.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

void tail_start(void)
{
	(void)gsl_set_error_handler_off();
}

double normal_tail(double z)
{
	return isnan(z) ? NAN : gsl_cdf_ugaussian_Q(z);
}

double normal_two_sided(double z)
{
	return 2 * normal_tail(fabs(z));
}

double normal_point(double tail)
{
	return tail > 0 && tail < 1 ? gsl_cdf_ugaussian_Qinv(tail) : (double)NAN;
}

double chisq_tail(double x, double df)
{
	return x >= 0 && df > 0 ? gsl_cdf_chisq_Q(x, df) : (double)NAN;
}

double student_tail(double t, double df)
{
	return !isnan(t) && df > 0 ? gsl_cdf_tdist_Q(t, df) : (double)NAN;
}

double student_point(double tail, double df)
{
	return tail > 0 && tail < 1 && df > 0 ? gsl_cdf_tdist_Qinv(tail, df)
	    : (double)NAN;
}

double level_z(double level)
{
	return normal_point((1 - level) / 2);
}
