/* tone_titles.c - what each drawing of a tone report finds, and how far its axes go:
 * the "charts" of the object; see tone_draft.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "measure/chart.h"
#include "measure/tone_draft.h"

#define TITLE_BYTES 400
#define TICKS 6
#define DAY_TICKS 7

/* "neutral 61.2, warm 63.0 of 100": one figure of each arm. */
static void arms_put(char out[TITLE_BYTES], const json_t *arms, double (*of)(const json_t *))
{
	const json_t *arm;
	size_t i, len = strlen(out);

	json_array_foreach(arms, i, arm) {
		const double value = of(arm);

		len += (size_t)snprintf(out + len, TITLE_BYTES - len, "%s%s ", i > 0 ? ", " : "",
		    json_word_of(arm, "arm"));
		len += (size_t)(isnan(value) ? snprintf(out + len, TITLE_BYTES - len, "unknown") :
		    snprintf(out + len, TITLE_BYTES - len, "%.1f", value));
		must(len < TITLE_BYTES);
	}
	(void)snprintf(out + len, TITLE_BYTES - len, " of 100");
}

static double last_paid(const json_t *arm)
{
	const json_t *at = json_object_get(arm, "at");

	return 100 * json_number_of(json_object_get(json_array_get(at, json_array_size(at) - 1),
	    "paid"), "estimate");
}

static double last_rate(const json_t *arm)
{
	const json_t *curve = json_object_get(arm, "curve");

	return 100 * json_number_of(json_object_get(json_array_get(curve,
	    json_array_size(curve) - 1), "rate"), "estimate");
}

/* The highest upper limit (or estimate) of `figure` in all curves, per 100. */
static double highest(const json_t *arms, const char *figure)
{
	const json_t *arm, *point;
	double top = 1;
	size_t i, k;

	json_array_foreach(arms, i, arm)
		json_array_foreach(json_object_get(arm, "curve"), k, point) {
			const json_t *f = json_object_get(point, figure);

			top = fmax(top, 100 * fmax(json_number_of(f, "estimate"),
			    json_number_of(f, "upper")));
		}
	return fmin(top, 100);
}

static json_t *curve_json(const json_t *report, const char *block, const char *figure,
    const char *verb, const char *y_label, double (*of)(const json_t *))
{
	const json_t *arms = json_object_get(json_object_get(report, block), "arms");
	const int horizon = (int)json_count_of(json_object_get(report, "experiment"),
	    "horizon_days");
	const struct chart_axis x = chart_axis(0, horizon, DAY_TICKS);
	const struct chart_axis y = chart_axis(0, highest(arms, figure), TICKS);
	char title[TITLE_BYTES];

	(void)snprintf(title, sizeof(title), "%s by day %d: ", verb, horizon);
	arms_put(title, arms, of);
	return chart_json(strcmp(block, "time") == 0 ? "incidence" : block, title,
	    "One line per tone over the days since assignment, with its band of 95 in 100; "
	    "the table beside it holds each figure.", "days since assignment", &x, y_label, &y);
}

/* Widens the range by what a difference reaches, per 100. */
static void reach(const json_t *f, double *lo, double *hi)
{
	const double values[] = { json_number_of(f, "estimate"), json_number_of(f, "lower"),
		json_number_of(f, "upper") };

	for (size_t i = 0; i < 3; i++)
		if (!isnan(values[i])) {
			*lo = fmin(*lo, 100 * values[i]);
			*hi = fmax(*hi, 100 * values[i]);
		}
}

static void effect_title(const json_t *report, char title[TITLE_BYTES])
{
	const json_t *contrasts = json_object_get(json_object_get(report, "primary"), "contrasts");
	const json_t *c;
	size_t i, len = 0;

	if (!json_is_true(json_object_get(report, "valid"))) {
		(void)snprintf(title, TITLE_BYTES, "Effects withheld: a health check is red");
		return;
	}
	json_array_foreach(contrasts, i, c) {
		const json_t *d = json_object_get(c, "difference");
		const double by = 100 * json_number_of(d, "estimate");

		len += (size_t)snprintf(title + len, TITLE_BYTES - len, "%s%s ", i > 0 ? "; " : "",
		    json_word_of(c, "arm"));
		len += (size_t)(isnan(by) ? snprintf(title + len, TITLE_BYTES - len, "no figure yet") :
		    snprintf(title + len, TITLE_BYTES - len, "%+.1f in 100 (%+.1f to %+.1f)", by + 0.0,
		    100 * json_number_of(d, "lower") + 0.0, 100 * json_number_of(d, "upper") + 0.0));
		must(len < TITLE_BYTES);
	}
}

static json_t *effect_chart_json(const json_t *report)
{
	const json_t *contrasts = json_object_get(json_object_get(report, "primary"), "contrasts");
	const double margin = (double)json_count_of(json_object_get(report, "experiment"),
	    "margin_basis_points") / 100;
	double lo = -fmax(1, margin), hi = 1;
	struct chart_axis x;
	char title[TITLE_BYTES] = "";
	const json_t *c;
	size_t i;

	json_array_foreach(contrasts, i, c)
		reach(json_object_get(c, "difference"), &lo, &hi);
	x = chart_axis(lo, hi, TICKS + 2);
	effect_title(report, title);
	return chart_json("effect", title, "One row per tone: the difference to the reference in "
	    "debtors who pay in full, with its interval of 95 in 100; the line is no difference, "
	    "the dashed one the margin.", "more debtors in 100 who pay in full", &x, "", NULL);
}

static json_t *guardrails_chart_json(const json_t *report)
{
	const json_t *guards = json_object_get(report, "guardrails"), *g, *c;
	double lo = -1, hi = 1;
	int fails = 0, open = 0;
	char title[TITLE_BYTES];
	struct chart_axis x;
	size_t i, k;

	json_array_foreach(guards, i, g)
		json_array_foreach(json_object_get(g, "contrasts"), k, c) {
			const char *verdict = json_word_of(c, "verdict");

			reach(json_object_get(c, "difference"), &lo, &hi);
			hi = fmax(hi, 100 * json_number_of(g, "margin"));
			fails += strcmp(verdict, "worse") == 0;
			open += strcmp(verdict, "not_shown") == 0;
		}
	x = chart_axis(lo, hi, TICKS + 2);
	(void)snprintf(title, sizeof(title), fails > 0 ? "A guardrail fails" : open > 0 ?
	    "No guardrail fails; not every one is shown to hold" : "Every guardrail holds");
	return chart_json("guardrails", title, "One row per guardrail and tone: the difference to "
	    "the reference with its interval of 90 in 100; it should end before the dashed margin.",
	    "more debtors in 100", &x, "", NULL);
}

static json_t *segments_chart_json(const json_t *report)
{
	const json_t *cuts = json_object_get(report, "segments"), *cut, *item;
	double lo = -1, hi = 1, least = 1;
	char title[TITLE_BYTES];
	struct chart_axis x;
	size_t i, k;

	json_array_foreach(cuts, i, cut) {
		const double p = json_number_of(cut, "p");

		least = isnan(p) ? least : fmin(least, p);
		json_array_foreach(json_object_get(cut, "parts"), k, item)
			reach(json_object_get(item, "difference"), &lo, &hi);
	}
	x = chart_axis(lo, hi, TICKS + 2);
	(void)snprintf(title, sizeof(title), least * fmax(1, (double)json_array_size(cuts)) < 0.05 ?
	    "The effect is not the same in all parts" : "No sign that the parts differ");
	return chart_json("segments", title, "One row per part and tone: thin, the difference in that "
	    "part with its interval of 95 in 100; thick, the same pulled towards all of them.",
	    "more debtors in 100 who pay in full", &x, "", NULL);
}

static json_t *flow_chart_json(const json_t *report)
{
	const json_t *arms = json_object_get(json_object_get(report, "flow"), "arms"), *arm;
	struct chart_axis x;
	double most = 1;
	size_t i;

	json_array_foreach(arms, i, arm)
		most = fmax(most, (double)json_count_of(arm, "assigned"));
	x = chart_axis(0, most, TICKS);
	return chart_json("flow", "From assignment to payment; arms must not be compared after "
	    "delivery", "Bars per tone: debtors assigned, written to, with a receipt, matured, "
	    "paid in part, paid in full.", "debtors", &x, "", NULL);
}

static void looks_push(json_t *out, const json_t *report)
{
	const json_t *contrasts = json_object_get(json_object_get(report, "sequential"),
	    "contrasts"), *c, *look;
	size_t i, k;

	json_array_foreach(contrasts, i, c) {
		const json_t *looks = json_object_get(c, "looks");
		const char *crossed = json_word_of(c, "crossed_on");
		double lo = -1, hi = 1;
		char id[TITLE_BYTES], title[TITLE_BYTES];
		struct chart_axis x, y;

		json_array_foreach(looks, k, look)
			if (json_is_true(json_object_get(look, "judged")))
				reach(look, &lo, &hi);
		x = chart_axis(0, fmax(1, (double)json_count_of(json_object_get(report, "sequential"),
		    "planned_debtors")), TICKS);
		y = chart_axis(lo, hi, TICKS);
		(void)snprintf(id, sizeof(id), "looks-%s", json_word_of(c, "arm"));
		(void)snprintf(title, sizeof(title), crossed[0] == '\0' ?
		    "%s: limits that hold at every look do not exclude 0" :
		    "%s: limits that hold at every look excluded 0 on %s", json_word_of(c, "arm"),
		    crossed);
		must(json_array_append_new(out, chart_json(id, title, "The difference to the reference "
		    "at each look with limits that hold at all of them together.",
		    "matured debtors of both arms", &x, "difference in 100", &y)) == 0);
	}
}

/* Where a health check is red no title says what was found, but for the flow's. */
static void withhold_titles(json_t *charts)
{
	json_t *chart;
	size_t i;

	json_array_foreach(charts, i, chart)
		if (strcmp(json_word_of(chart, "id"), "flow") != 0)
			json_put(chart, "title", json_string("Withheld: a health check is red"));
}

json_t *tone_charts_json(const json_t *report)
{
	json_t *out = json_array();

	json_push(out, effect_chart_json(report));
	json_push(out, curve_json(report, "time", "paid", "Paid in full", "debtors in 100", last_paid));
	json_push(out, curve_json(report, "recovery", "rate", "Recovered", "of 100 owed", last_rate));
	json_push(out, guardrails_chart_json(report));
	json_push(out, segments_chart_json(report));
	json_push(out, flow_chart_json(report));
	looks_push(out, report);
	if (!json_is_true(json_object_get(report, "valid")))
		withhold_titles(out);
	return out;
}
