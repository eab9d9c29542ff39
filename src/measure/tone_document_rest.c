/* tone_document_rest.c - the later parts of a tone report's document; see tone_writing.h. */
#include "measure/tone_writing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "measure/figure_cell.h"

/* --- by day -------------------------------------------------------------------------------- */

static void incidence_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 3, false }, { "day", 2, true }, { "at risk", 2, true }, { "paid", 6, true },
		{ "other exit", 6, true },
	};
	const json_t *arm, *point;
	char cell[4][CELL_BYTES];
	struct table *few, *all;
	size_t i, k;

	document_heading(w->doc, 1, "When they paid");
	document_text(w->doc, "Cumulative incidence of payment, per 100 debtors. Disputes, "
	    "hand-overs, write-offs and whole credits are a competing exit.");
	chart_put(w, tone_chart_incidence(w->ctx, w->report));
	few = document_table(w->doc, "Paid and other exits by day, per 100 debtors", columns, 5, false);
	all = document_table(w->doc, "The same on each day", columns, 5, true);
	json_array_foreach(list(w, "time", "arms"), i, arm)
		for (int every = 0; every < 2; every++)
			json_array_foreach(json_object_get(arm, every ? "curve" : "at"), k, point)
				table_row(every ? all : few, (const char *[]){ json_word_of(arm, "arm"),
				    count_cell(cell[0], json_count_of(point, "day")),
				    count_cell(cell[1], json_count_of(point, "at_risk")),
				    range_cell(cell[2], json_object_get(point, "paid"), 100, false),
				    range_cell(cell[3], json_object_get(point, "other_exit"), 100, false) });
}

static void recovery_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 3, false }, { "day", 2, true }, { "debtors", 3, true }, { "owed", 4, true },
		{ "paid", 4, true }, { "of 100 owed", 6, true },
	};
	const int exponent = (int)json_count_of(json_array_get(part(w, "finance"), 0), "exponent");
	struct scene *scene = tone_chart_recovery(w->ctx, w->report);
	const json_t *arm, *point;
	char cell[5][CELL_BYTES];
	struct table *t;
	size_t i, k;

	if (scene == NULL)
		return;
	document_heading(w->doc, 1, "Money by day");
	document_chart(w->doc, scene);
	t = document_table(w->doc, "Recovered by day since assignment, of debtors whose day is over",
	    columns, 6, true);
	json_array_foreach(list(w, "recovery", "arms"), i, arm)
		json_array_foreach(json_object_get(arm, "curve"), k, point)
			table_row(t, (const char *[]){ json_word_of(arm, "arm"),
			    count_cell(cell[0], json_count_of(point, "day")),
			    count_cell(cell[1], json_count_of(point, "debtors")),
			    amount_cell(cell[2], json_count_of(point, "owed_minor"), exponent),
			    amount_cell(cell[3], json_count_of(point, "paid_minor"), exponent),
			    range_cell(cell[4], json_object_get(point, "rate"), 100, false) });
}

/* --- guardrails, looks, flow ----------------------------------------------------------------- */

static void guardrails_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "guardrail", 5, false }, { "arm", 4, false }, { "of 100", 7, true },
		{ "difference (90 in 100)", 8, true }, { "margin", 4, true }, { "p no worse", 4, true },
		{ "verdict", 5, false },
	};
	const json_t *g, *arm;
	struct table *t;
	size_t i, k;

	document_heading(w->doc, 1, "What it must not cost");
	chart_put(w, tone_chart_guardrails(w->ctx, w->report));
	t = document_table(w->doc, "Guardrails, per 100 matured debtors, by the horizon", columns, 7, false);
	json_array_foreach(part(w, "guardrails"), i, g)
		json_array_foreach(json_object_get(g, "arms"), k, arm) {
			const char *name = json_word_of(arm, "arm");
			const json_t *by = json_find(json_object_get(g, "contrasts"), "arm", name);
			char cell[6][CELL_BYTES];

			table_row(t, (const char *[]){ name_cell(cell[4], json_word_of(g, "metric")), name,
			    range_cell(cell[0], json_object_get(arm, "share"), 100, false),
			    by == NULL ? "reference" : range_cell(cell[1], json_object_get(by,
			    "difference"), 100, true),
			    number_cell(cell[2], 100 * json_number_of(g, "margin"), 1),
			    by == NULL ? "" : p_cell(cell[3], json_number_of(by, "p_no_worse")),
			    json_is_true(json_object_get(by, "stop")) ? "stop it" :
			    name_cell(cell[5], json_word_of(by, "verdict")) });
		}
}

static bool anyone_answered(const struct writing *w)
{
	const json_t *arm;
	size_t i;

	json_array_foreach(list(w, "satisfaction", "arms"), i, arm)
		if (json_count_of(json_object_get(arm, "answered"), "events") > 0)
			return true;
	return false;
}

static void satisfaction_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 4, false }, { "answered, of 100", 6, true }, { "index", 6, true },
		{ "silent at 0 and at 100", 5, true }, { "difference (90 in 100)", 7, true },
		{ "verdict", 4, false },
	};
	const json_t *arm;
	struct table *t;
	size_t i;

	if (!anyone_answered(w))
		return;
	document_heading(w->doc, 1, "How they say they were treated");
	t = document_table(w->doc, "Satisfaction, 0 to 100, of matured debtors who answered", columns,
	    6, false);
	json_array_foreach(list(w, "satisfaction", "arms"), i, arm) {
		const char *name = json_word_of(arm, "arm");
		const json_t *by = json_find(list(w, "satisfaction", "contrasts"), "arm", name);
		char cell[6][CELL_BYTES], bounds[2 * CELL_BYTES];

		(void)snprintf(bounds, sizeof(bounds), "%s to %s",
		    number_cell(cell[2], json_number_of(arm, "silent_at_0"), 1),
		    number_cell(cell[3], json_number_of(arm, "silent_at_100"), 1));
		table_row(t, (const char *[]){ name,
		    range_cell(cell[0], json_object_get(arm, "answered"), 100, false),
		    range_cell(cell[1], json_object_get(arm, "index"), 1, false), bounds,
		    by == NULL ? "reference" : range_cell(cell[4], json_object_get(by, "difference"),
		    1, true), name_cell(cell[5], json_word_of(by, "verdict")) });
	}
}

static void looks_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 3, false }, { "on", 4, false }, { "debtors", 3, true },
		{ "difference in 100", 7, true }, { "p so far", 3, true }, { "judged", 2, false },
	};
	const json_t *c, *look;
	char cell[3][CELL_BYTES], line[LINE_BYTES];
	struct table *t;
	size_t i, k;

	if (!json_is_object(part(w, "sequential")))
		return;
	document_heading(w->doc, 1, "While it runs");
	(void)snprintf(line, sizeof(line), "Planned: %" JSON_INTEGER_FORMAT " matured debtors; so "
	    "far %" JSON_INTEGER_FORMAT ". The limits hold at every look together.",
	    json_count_of(part(w, "sequential"), "planned_debtors"),
	    json_count_of(part(w, "sequential"), "matured"));
	document_text(w->doc, line);
	json_array_foreach(list(w, "sequential", "contrasts"), i, c)
		chart_put(w, tone_chart_looks(w->ctx, w->report, json_word_of(c, "arm")));
	t = document_table(w->doc, "The looks", columns, 6, true);
	json_array_foreach(list(w, "sequential", "contrasts"), i, c)
		json_array_foreach(json_object_get(c, "looks"), k, look)
			table_row(t, (const char *[]){ json_word_of(c, "arm"), json_word_of(look, "on"),
			    count_cell(cell[0], json_count_of(look, "n")),
			    range_cell(cell[1], look, 100, true),
			    p_cell(cell[2], json_number_of(look, "p")),
			    json_is_true(json_object_get(look, "judged")) ? "yes" : "too few" });
}

static void beside_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 4, false }, { "unadjusted", 7, true }, { "adjusted", 7, true },
		{ "first half", 7, true }, { "second half", 7, true }, { "p", 3, true },
	};
	char cell[5][CELL_BYTES];
	const json_t *item;
	struct table *t;
	size_t i;

	document_heading(w->doc, 1, "Beside it");
	t = document_table(w->doc, "The difference in 100, adjusted for what was known at assignment, and "
	    "in both halves of the enrolment", columns, 6, false);
	json_array_foreach(part(w, "adjusted"), i, item) {
		const json_t *drift = json_find(part(w, "drift"), "arm", json_word_of(item, "arm"));

		table_row(t, (const char *[]){ json_word_of(item, "arm"),
		    range_cell(cell[0], json_object_get(item, "unadjusted"), 100, true),
		    range_cell(cell[1], json_object_get(item, "lin"), 100, true),
		    range_cell(cell[2], json_object_get(drift, "first"), 100, true),
		    range_cell(cell[3], json_object_get(drift, "second"), 100, true),
		    p_cell(cell[4], json_number_of(drift, "p")) });
		if (json_is_true(json_object_get(item, "moved")))
			document_item(w->doc, "Adjusting moves the difference by more than its error: the arms "
			    "were not alike, or something is wrong.");
		if (json_is_true(json_object_get(drift, "moved")))
			document_item(w->doc, "The effect is not the same in both halves: it wears off, or "
			    "something changed.");
	}
}

static void segments_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "by", 5, false }, { "part", 5, false }, { "arm", 4, false }, { "raw", 7, true },
		{ "shrunken", 4, true }, { "do they differ: p", 4, true },
	};
	const json_t *cut, *item;
	char cell[4][CELL_BYTES];
	struct table *t;
	size_t i, k;

	if (json_array_size(part(w, "segments")) == 0)
		return;
	document_heading(w->doc, 1, "In parts");
	document_text(w->doc, "Each part by itself says more about chance than about the part: read the "
	    "shrunken figure.");
	chart_put(w, tone_chart_segments(w->ctx, w->report));
	t = document_table(w->doc, "The difference in 100, by parts that were fixed before", columns, 6,
	    false);
	json_array_foreach(part(w, "segments"), i, cut)
		json_array_foreach(json_object_get(cut, "parts"), k, item)
			table_row(t, (const char *[]){ name_cell(cell[3], json_word_of(cut, "by")), json_word_of(item, "segment"),
			    json_word_of(cut, "arm"),
			    range_cell(cell[0], json_object_get(item, "difference"), 100, true),
			    number_cell(cell[1], 100 * json_number_of(item, "shrunk"), 1),
			    p_cell(cell[2], json_number_of(cut, "p")) });
}

static void flow_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 3, false }, { "assigned", 3, true }, { "exposed", 3, true },
		{ "receipt", 3, true }, { "matured", 3, true }, { "in full", 3, true },
		{ "in part", 3, true }, { "nothing", 3, true },
	};
	static const char *const keys[] = { "assigned", "exposed", "delivered", "matured",
		"paid_in_full", "paid_in_part", "paid_nothing" };
	const json_t *item, *rejected;
	char cell[7][CELL_BYTES], line[LINE_BYTES];
	const char *cells[8], *reason;
	struct table *t;
	int64_t merged = 0;
	size_t i;

	document_heading(w->doc, 1, "Who is counted");
	chart_put(w, tone_chart_flow(w->ctx, w->report));
	t = document_table(w->doc, "Debtors by arm: do not compare arms after delivery", columns, 8,
	    false);
	json_array_foreach(list(w, "flow", "arms"), i, item) {
		cells[0] = json_word_of(item, "arm");
		for (size_t k = 0; k < 7; k++)
			cells[k + 1] = count_cell(cell[k], json_count_of(item, keys[k]));
		table_row(t, cells);
		merged += json_count_of(item, "merged");
	}
	if (merged > 0) {
		(void)snprintf(line, sizeof(line), "%" PRId64 " left out: they turned out to be one person "
		    "with another who was assigned", merged);
		document_item(w->doc, line);
	}
	json_object_foreach((json_t *)list(w, "flow", "rejected"), reason, rejected)
		if (json_integer_value(rejected) > 0) {
			(void)snprintf(line, sizeof(line), "%" JSON_INTEGER_FORMAT " rows rejected: %s",
			    json_integer_value(rejected), reason);
			document_item(w->doc, line);
		}
	if (json_count_of(w->report, "other_currency") > 0) {
		(void)snprintf(line, sizeof(line), "%" JSON_INTEGER_FORMAT " assigned debtors who owe "
		    "in another currency are left out", json_count_of(w->report, "other_currency"));
		document_item(w->doc, line);
	}
}

void tone_course_write(const struct writing *w)
{
	incidence_put(w);
	recovery_put(w);
}

void tone_rest_write(const struct writing *w)
{
	guardrails_put(w);
	satisfaction_put(w);
	beside_put(w);
	segments_put(w);
	looks_put(w);
	flow_put(w);
}
