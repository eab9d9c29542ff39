/* vector.h - what the tests of measure/ share: reference numbers as jansson
 * trees, and a comparison by relative error. */
#ifndef TESTS_UNIT_MEASURE_VECTOR_H
#define TESTS_UNIT_MEASURE_VECTOR_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#define VECTOR_DIR "tests/vectors/stats/"

static inline json_t *vector_load(const char *path)
{
	json_error_t at;
	json_t *root = json_load_file(path, JSON_DECODE_INT_AS_REAL, &at);

	if (root == NULL)
		fail_msg("%s:%d: %s", path, at.line, at.text);
	return root;
}

/* A number, or one that is written as a string to carry more digits. */
static inline double vector_real(const json_t *v)
{
	if (json_is_string(v))
		return strtod(json_string_value(v), NULL);
	return json_is_number(v) ? json_number_value(v) : (double)NAN;
}

static inline double vector_at(const json_t *o, const char *key)
{
	return vector_real(json_object_get(o, key));
}

/* Missing on one side must be missing on the other. */
static inline void near(double got, double wanted, double tolerance, const char *what)
{
	const double room = tolerance * fmax(fabs(wanted), 1e-300);

	if (isnan(wanted) ? isnan(got) : fabs(got - wanted) <= room)
		return;
	fail_msg("%s: got %.17g, wanted %.17g, off by %.3g", what, got, wanted,
	    fabs(got - wanted) / fabs(wanted));
}

/* For a number that is a difference of two of size `scale`. */
static inline void near_scale(double got, double wanted, double tolerance, double scale,
    const char *what)
{
	if (isnan(wanted) ? isnan(got) : fabs(got - wanted) <= tolerance * scale)
		return;
	fail_msg("%s: got %.17g, wanted %.17g", what, got, wanted);
}

#endif
