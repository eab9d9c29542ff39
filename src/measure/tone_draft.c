/* tone_draft.c - see tone_draft.h. */
#include "measure/tone_draft.h"

#include <math.h>

#include "base/must.h"
#include "measure/tail.h"

json_t *words_json(struct str *s)
{
	json_t *out = json_string(s->at);

	must(out != NULL && str_ok(s));
	str_release(s);
	return out;
}

json_t *effect_json(const struct draft *d, struct figure f)
{
	if (!d->tally.valid)
		f = figure_missing(REASON_WITHHELD, f.method);
	return figure_json(&f);
}

json_t *limits_json(const struct draft *d, struct limits l, double level)
{
	const double none = (double)NAN;

	return json_pack("{s:o, s:o, s:o}",
	    "lower", real_json(d->tally.valid ? l.lower : none),
	    "upper", real_json(d->tally.valid ? l.upper : none),
	    "level", real_json(level));
}

bool is_reference(const struct draft *d, size_t arm)
{
	return arm == d->plan->reference;
}

struct figure over_epochs(const struct draft *d, size_t arm, int day, contrast_fn *contrast)
{
	const size_t reference = d->plan->reference;
	double weights = 0, sum = 0, var = 0;
	struct figure out = { .level = FIGURE_LEVEL };

	if (d->tally.epochs == 1)
		return contrast(&d->tally, arm, reference, day);
	for (size_t e = 0; e < d->tally.epochs; e++) {
		const struct tone_tally *t = &d->by_epoch[e];
		const double one = (double)t->arm[arm].share.n;
		const double zero = (double)t->arm[reference].share.n;
		const struct figure f = contrast(t, arm, reference, day);
		const double w = one + zero > 0 ? one * zero / (one + zero) : 0;

		if (!(w > 0) || isnan(f.estimate) || isnan(f.se))
			continue;
		out.method = f.method;
		out.n += f.n;
		weights += w;
		sum += w * f.estimate;
		var += w * w * f.se * f.se;
	}
	if (!(weights > 0))
		return figure_missing(REASON_NOT_MATURED, "by_epoch");
	out.estimate = sum / weights;
	out.se = sqrt(var) / weights;
	out.events = -1;
	out.p_adjusted = (double)NAN;
	out.p = out.se > 0 ? 2 * normal_tail(fabs(out.estimate) / out.se) : (double)NAN;
	out.lower = out.estimate - level_z(FIGURE_LEVEL) * out.se;
	out.upper = out.estimate + level_z(FIGURE_LEVEL) * out.se;
	return out;
}
