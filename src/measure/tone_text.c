/* tone_text.c - a tone report's JSON object as plain text; see tone_report.h.
 *
 * Nothing is computed here: a number that is printed stands in the object, so
 * that every form of the report shows the same figures.
 */
#include "measure/tone_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define CELL_BYTES 64
#define P_WORDS_MAX 1e-6

static const char *word(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text == NULL ? "" : text;
}

static double number(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static int64_t count(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* Nothing stands where a number does not exist: a dash. */
static void range_put(char out[CELL_BYTES], const json_t *f, double scale,
    const char *form)
{
	const double e = number(f, "estimate"), l = number(f, "lower"), u = number(f, "upper");
	char piece[3][CELL_BYTES / 4];
	const double value[] = { e, l, u };

	for (size_t i = 0; i < 3; i++)
		if (form[0] == '+')
			(void)snprintf(piece[i], sizeof(piece[i]), "%+.1f", value[i] * scale + 0.0);
		else
			(void)snprintf(piece[i], sizeof(piece[i]), "%.1f", value[i] * scale + 0.0);
	if (isnan(e))
		(void)snprintf(out, CELL_BYTES, "-");
	else if (isnan(l))
		(void)snprintf(out, CELL_BYTES, "%s", piece[0]);
	else
		(void)snprintf(out, CELL_BYTES, "%s (%s to %s)", piece[0], piece[1], piece[2]);
}

static void p_put(char out[CELL_BYTES], double p)
{
	if (isnan(p))
		(void)snprintf(out, CELL_BYTES, "-");
	else if (p < P_WORDS_MAX)
		(void)snprintf(out, CELL_BYTES, "below one in a million");
	else if (p < 0.001)
		(void)snprintf(out, CELL_BYTES, "%.1e", p);
	else
		(void)snprintf(out, CELL_BYTES, "%.3f", p);
}

/* The member of an array whose "arm" is this. */
static const json_t *of_arm(const json_t *array, const char *arm)
{
	const json_t *item;
	size_t i;

	json_array_foreach(array, i, item)
		if (strcmp(word(item, "arm"), arm) == 0)
			return item;
	return NULL;
}

static void head_put(struct str *out, const json_t *report)
{
	const json_t *experiment = json_object_get(report, "experiment");
	const char *hypothesis = word(experiment, "hypothesis");

	str_printf(out, "Tone report of experiment %s, data as of %s\n",
	    word(experiment, "id"), word(report, "as_of"));
	if (hypothesis[0] != '\0')
		str_printf(out, "Asked: %s\n", hypothesis);
	str_printf(out, "Status: %s; %s.\n", word(report, "status"),
	    word(report, "status_text"));
	if (json_is_string(json_object_get(report, "replay_note")))
		str_printf(out, "\n%s\n", word(report, "replay_note"));
}

static void health_put(struct str *out, const json_t *report)
{
	const json_t *item;
	char p[CELL_BYTES];
	size_t i;

	str_put(out, "\nHealth\n");
	json_array_foreach(json_object_get(report, "health"), i, item) {
		str_printf(out, "  %-6s %-13s %s", word(item, "state"), word(item, "check"),
		    word(item, "text"));
		p_put(p, number(item, "p"));
		if (strcmp(p, "-") != 0)
			str_printf(out, " (p %s)", p);
		str_putc(out, '\n');
	}
}

static void sentences_put(struct str *out, const json_t *report)
{
	const json_t *primary = json_object_get(report, "primary"), *item;
	size_t i;

	str_putc(out, '\n');
	json_array_foreach(json_object_get(primary, "contrasts"), i, item)
		str_printf(out, "%s [%s]\n", word(item, "sentence"), word(item, "verdict"));
}

static void primary_row(struct str *out, const json_t *report, const json_t *flow)
{
	const json_t *primary = json_object_get(report, "primary");
	const char *arm = word(flow, "arm");
	const json_t *share = json_object_get(of_arm(json_object_get(primary, "arms"), arm),
	    "share");
	const json_t *contrast = of_arm(json_object_get(primary, "contrasts"), arm);
	const json_t *difference = json_object_get(contrast, "difference");
	char paid[CELL_BYTES], by[CELL_BYTES], p[CELL_BYTES];

	range_put(paid, share, 100, "");
	range_put(by, difference, 100, "+");
	p_put(p, number(difference, "p_adjusted"));
	str_printf(out, "  %-10s %8" PRId64 " %8" PRId64 " %8" PRId64 "  %-21s  %-22s %s\n",
	    arm, count(flow, "assigned"), count(flow, "exposed"), count(flow, "matured"),
	    paid, contrast == NULL ? "reference" : by, contrast == NULL ? "" : p);
}

static void primary_put(struct str *out, const json_t *report)
{
	const json_t *experiment = json_object_get(report, "experiment");
	const json_t *flow = json_object_get(json_object_get(report, "flow"), "arms"), *item;
	const int64_t horizon = count(experiment, "horizon_days");
	size_t i;

	str_printf(out, "\nWhole opening balance paid by day %" PRId64
	    " (per 100 matured debtors, 95 %% intervals)\n", horizon);
	str_printf(out, "  %-10s %8s %8s %8s  %-21s  %-22s %s\n", "arm", "assigned",
	    "exposed", "matured", "paid", "difference", "p (Holm)");
	json_array_foreach(flow, i, item)
		primary_row(out, report, item);
}

static void time_put(struct str *out, const json_t *report)
{
	const json_t *arms = json_object_get(json_object_get(report, "time"), "arms");
	const json_t *arm, *point;
	char cell[CELL_BYTES];
	size_t i, k;

	str_put(out, "\nCumulative incidence of payment (per 100 debtors; disputes, "
	    "hand-overs and write-offs are a competing exit)\n");
	json_array_foreach(arms, i, arm) {
		str_printf(out, "  %-10s", word(arm, "arm"));
		json_array_foreach(json_object_get(arm, "at"), k, point) {
			range_put(cell, json_object_get(point, "paid"), 100, "");
			str_printf(out, " day %2" PRId64 ": %-21s", count(point, "day"), cell);
		}
		str_putc(out, '\n');
	}
	str_put(out, "\nOther exits (per 100 debtors), and debtors still at risk on the day\n");
	json_array_foreach(arms, i, arm) {
		str_printf(out, "  %-10s", word(arm, "arm"));
		json_array_foreach(json_object_get(arm, "at"), k, point) {
			range_put(cell, json_object_get(point, "other_exit"), 100, "");
			str_printf(out, " day %2" PRId64 ": %s, %" PRId64 " at risk;",
			    count(point, "day"), cell, count(point, "at_risk"));
		}
		str_putc(out, '\n');
	}
}

static void days_put(struct str *out, const json_t *report)
{
	const json_t *time = json_object_get(report, "time"), *arm;
	char cell[CELL_BYTES], by[CELL_BYTES];
	size_t i;

	str_printf(out, "\nDays unpaid within the first %" PRId64 "\n", count(time, "tau"));
	json_array_foreach(json_object_get(time, "arms"), i, arm) {
		const json_t *contrast = of_arm(json_object_get(time, "contrasts"),
		    word(arm, "arm"));

		range_put(cell, json_object_get(arm, "days_outstanding"), 1, "");
		range_put(by, json_object_get(contrast, "days_outstanding"), 1, "+");
		str_printf(out, "  %-10s %-21s  %s\n", word(arm, "arm"), cell,
		    contrast == NULL ? "reference" : by);
	}
}

static void finance_put(struct str *out, const json_t *report)
{
	const json_t *block = json_array_get(json_object_get(report, "finance"), 0), *arm;
	const int64_t exponent = count(block, "exponent");
	const double unit = pow(10, -(double)(exponent > 0 ? exponent : 0));
	char mean[CELL_BYTES], by[CELL_BYTES], rate[CELL_BYTES];
	size_t i;

	str_printf(out, "\nRecovered per matured debtor in %s, and per 100 owed\n",
	    word(block, "currency"));
	json_array_foreach(json_object_get(block, "arms"), i, arm) {
		const json_t *contrast = of_arm(json_object_get(block, "contrasts"),
		    word(arm, "arm"));

		range_put(mean, json_object_get(arm, "mean_minor"), unit, "");
		range_put(by, json_object_get(contrast, "mean_minor"), unit, "+");
		range_put(rate, json_object_get(arm, "rate"), 100, "");
		str_printf(out, "  %-10s %-27s  %-30s %s\n", word(arm, "arm"), mean,
		    contrast == NULL ? "reference" : by, rate);
	}
}

/* One line for each figure of the main table that is missing or not judged. */
static void reasons_put(struct str *out, const json_t *report)
{
	static const struct { const char *reason, *text; } meaning[] = {
		{ "not_matured", "nobody's days are over yet" },
		{ "empty_arm", "no debtor was assigned" },
		{ "no_events", "nobody has paid in either arm, so there is no p" },
		{ "all_events", "everybody paid, so there is no p" },
		{ "tiny_n", "too few to judge" },
		{ "withheld", "results withheld: a health check is red" },
	};
	const json_t *primary = json_object_get(report, "primary"), *item;
	size_t i;

	json_array_foreach(json_object_get(primary, "contrasts"), i, item) {
		const json_t *difference = json_object_get(item, "difference");

		for (size_t k = 0; k < sizeof(meaning) / sizeof(meaning[0]); k++)
			if (strcmp(word(difference, "reason"), meaning[k].reason) == 0)
				str_printf(out, "  %s: %s\n", word(item, "arm"),
				    meaning[k].text);
		if (strcmp(word(difference, "method"), "newcombe10+fisher") == 0)
			str_printf(out, "  %s: p by Fisher's exact test, since numbers "
			    "are small\n", word(item, "arm"));
	}
}

static void limits_put(struct str *out, const json_t *report)
{
	const json_t *item;
	size_t i;

	str_put(out, "\nLimits\n");
	json_array_foreach(json_object_get(report, "limits"), i, item)
		str_printf(out, "  - %s\n", json_string_value(item));
}

void tone_report_text(const json_t *report, struct str *out)
{
	head_put(out, report);
	health_put(out, report);
	sentences_put(out, report);
	primary_put(out, report);
	reasons_put(out, report);
	time_put(out, report);
	days_put(out, report);
	finance_put(out, report);
	limits_put(out, report);
}
