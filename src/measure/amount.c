/* amount.c - see amount.h. */
#include "measure/amount.h"

#include <math.h>
#include <stdlib.h>

#include "base/must.h"
#include "measure/tail.h"

#define LOW_BITS 40

__extension__ typedef __int128 wide;

static int amount_order(const void *a, const void *b)
{
	const struct amount_row *x = a, *y = b;

	if (x->owed != y->owed)
		return x->owed < y->owed ? -1 : 1;
	return x->paid < y->paid ? -1 : x->paid > y->paid;
}

void amount_sort(struct amount_row *row, size_t count)
{
	if (count > 0)
		qsort(row, count, sizeof(row[0]), amount_order);
}

static double as_double(wide sum)
{
	const int64_t low = (int64_t)(sum & ((INT64_C(1) << LOW_BITS) - 1));

	return sum <= INT64_MAX ? (double)(int64_t)sum :
	    ldexp((double)(int64_t)(sum >> LOW_BITS), LOW_BITS) + (double)low;
}

struct amount_sums amount_sums(const struct amount_row *row, size_t count)
{
	struct amount_sums s = { .n = (int64_t)count };
	const double n = (double)count;
	wide owed = 0, paid = 0;
	double spread = 0, residual = 0;

	for (size_t i = 0; i < count; i++) {
		must(row[i].owed >= 0 && row[i].paid >= 0);
		owed += row[i].owed;
		paid += row[i].paid;
	}
	s.owed = owed < INT64_MAX ? (int64_t)owed : INT64_MAX;
	s.paid = paid < INT64_MAX ? (int64_t)paid : INT64_MAX;
	s.mean = s.se_mean = s.rate = s.se_rate = (double)NAN;
	if (count > 0)
		s.mean = as_double(paid) / n;
	if (s.owed > 0)
		s.rate = as_double(paid) / as_double(owed);
	if (count < 2)
		return s;
	for (size_t i = 0; i < count; i++) {
		const double gap = (double)row[i].paid - s.mean;
		const double off = (double)row[i].paid - s.rate * (double)row[i].owed;

		spread += gap * gap;
		residual += off * off;
	}
	s.se_mean = sqrt(spread / (n - 1) / n);
	s.se_rate = sqrt(n / (n - 1) * residual) / as_double(owed);
	return s;
}

static struct figure with_limits(struct figure f, double half)
{
	f.lower = f.estimate - half;
	f.upper = f.estimate + half;
	return f;
}

/* A t interval around an estimate whose spread comes from n debtors. */
static struct figure one_arm(const char *method, double estimate, double se,
    int64_t n, double level)
{
	struct figure f = figure_missing(REASON_NOT_MATURED, method);

	f.n = n;
	f.level = level;
	if (n == 0)
		return f;
	f.estimate = estimate;
	f.se = se;
	f.reason = n < 2 ? REASON_TINY_N : se > 0 ? REASON_NONE : REASON_ZERO_VARIANCE;
	return f.reason == REASON_NONE
	    ? with_limits(f, se * student_point((1 - level) / 2, (double)n - 1)) : f;
}

struct figure amount_mean(const struct amount_sums *s, double level)
{
	return one_arm("mean+t", s->mean, s->se_mean, s->n, level);
}

struct figure amount_rate(const struct amount_sums *s, double level)
{
	struct figure f = one_arm("ratio_estimator+t", s->rate, s->se_rate, s->n, level);

	if (s->n > 0 && s->owed == 0) {
		f = figure_missing(REASON_ZERO_DENOMINATOR, f.method);
		f.n = s->n;
		f.level = level;
	}
	return f;
}

struct figure amount_mean_difference(const struct amount_sums *one,
    const struct amount_sums *zero, double level)
{
	struct figure f = figure_missing(REASON_NOT_MATURED, "welch");
	double v1, v0, df;

	f.n = one->n + zero->n;
	f.level = level;
	if (one->n == 0 || zero->n == 0)
		return f;
	f.estimate = one->mean - zero->mean;
	f.reason = REASON_TINY_N;
	if (one->n < 2 || zero->n < 2)
		return f;
	v1 = one->se_mean * one->se_mean;
	v0 = zero->se_mean * zero->se_mean;
	f.se = sqrt(v1 + v0);
	f.reason = REASON_ZERO_VARIANCE;
	if (!(f.se > 0))
		return f;
	f.reason = REASON_NONE;
	df = (v1 + v0) * (v1 + v0) / (v1 * v1 / ((double)one->n - 1) +
	    v0 * v0 / ((double)zero->n - 1));
	f.p = 2 * student_tail(fabs(f.estimate) / f.se, df);
	return with_limits(f, f.se * student_point((1 - level) / 2, df));
}
