/* figure.c - see figure.h. */
#include "measure/figure.h"

#include <math.h>

#include "base/must.h"

const char *reason_name(enum reason reason)
{
	switch (reason) {
	case REASON_NONE:		break;
	case REASON_NOT_MATURED:	return "not_matured";
	case REASON_EMPTY_ARM:		return "empty_arm";
	case REASON_NO_EVENTS:		return "no_events";
	case REASON_ALL_EVENTS:		return "all_events";
	case REASON_RATIO_UNDEFINED:	return "ratio_undefined";
	case REASON_TINY_N:		return "tiny_n";
	case REASON_ZERO_VARIANCE:	return "zero_variance";
	case REASON_ZERO_DENOMINATOR:	return "zero_denominator";
	case REASON_BEYOND_FOLLOW_UP:	return "beyond_follow_up";
	case REASON_WITHHELD:		return "withheld";
	case REASON_NOT_REACHED:	return "not_reached";
	case REASON_NO_EVENTS_IN_ARM:	return "no_events_in_arm";
	case REASON_MONOTONE:		return "monotone_likelihood";
	case REASON_PROPENSITY_MISSING:	return "propensity_missing";
	case REASON_NOT_RECORDED:	return "not_recorded";
	case REASON_SEVERAL_EPOCHS:	return "several_epochs";
	}
	must(reason == REASON_NONE);
	return "";
}

struct figure figure_missing(enum reason reason, const char *method)
{
	const double none = (double)NAN;

	return (struct figure){ .estimate = none, .lower = none, .upper = none,
	    .se = none, .p = none, .p_adjusted = none, .n = -1, .events = -1,
	    .method = method, .reason = reason };
}

json_t *real_json(double value)
{
	/* A minus before a zero would make equal results differ in print. */
	return isfinite(value) ? json_real(value + 0.0) : json_null();
}

static json_t *count_json(int64_t count)
{
	return count >= 0 ? json_integer(count) : json_null();
}

json_t *figure_json(const struct figure *f)
{
	json_t *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}",
	    "estimate", real_json(f->estimate),
	    "lower", real_json(f->lower),
	    "upper", real_json(f->upper),
	    "level", real_json(f->level > 0 ? f->level : FIGURE_LEVEL),
	    "se", real_json(f->se),
	    "p", real_json(f->p),
	    "p_adjusted", real_json(f->p_adjusted),
	    "n", count_json(f->n),
	    "events", count_json(f->events),
	    "method", f->method,
	    "reason", f->reason == REASON_NONE ? json_null()
	        : json_string(reason_name(f->reason)));

	must(out != NULL);
	return out;
}
