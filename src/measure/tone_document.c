/* tone_document.c - a tone report's JSON object as blocks; see tone_report.h.
 *
 * Nothing is computed here: a number that is shown stands in the object, so that
 * every form of the report shows the same figures.
 */
#include "measure/tone_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "measure/figure_cell.h"
#include "measure/tone_writing.h"

static json_int_t horizon_of(const struct writing *w)
{
	return json_count_of(part(w, "experiment"), "horizon_days");
}

/* --- what comes first --------------------------------------------------------------- */

static void head_put(const struct writing *w)
{
	const char *hypothesis = json_word_of(part(w, "experiment"), "hypothesis");
	char line[LINE_BYTES];

	if (!json_is_true(part(w, "valid")))
		document_banner(w->doc, json_word_of(w->report, "status_text"));
	if (json_is_string(part(w, "replay_note")))
		document_text(w->doc, json_word_of(w->report, "replay_note"));
	(void)snprintf(line, sizeof(line), "Data as of %s. Status: %s; %s.",
	    json_word_of(w->report, "as_of"), json_word_of(w->report, "status"),
	    json_word_of(w->report, "status_text"));
	document_text(w->doc, line);
	if (hypothesis[0] != '\0') {
		(void)snprintf(line, sizeof(line), "Asked: %s", hypothesis);
		document_text(w->doc, line);
	}
}

static void health_put(const struct writing *w)
{
	const json_t *item;
	char line[LINE_BYTES], p[CELL_BYTES];
	size_t i;

	document_heading(w->doc, 1, "Health");
	json_array_foreach(part(w, "health"), i, item) {
		const char *state = json_word_of(item, "state");
		const char *epoch = json_count_of(item, "epoch") > 1 ? " of a later epoch" : "";

		p_cell(p, json_number_of(item, "p"));
		(void)snprintf(line, sizeof(line), "%s%s: %s%s%s%s", json_word_of(item, "check"), epoch,
		    json_word_of(item, "text"), p[0] == '-' ? "" : " (p ", p[0] == '-' ? "" : p,
		    p[0] == '-' ? "" : ")");
		document_state(w->doc, strcmp(state, "red") == 0 ? STATE_RED :
		    strcmp(state, "amber") == 0 ? STATE_AMBER : STATE_GREEN, line);
	}
}

static void sentences_put(const struct writing *w)
{
	char line[LINE_BYTES];
	const json_t *item;
	size_t i;

	document_heading(w->doc, 1, "In words");
	json_array_foreach(list(w, "primary", "contrasts"), i, item) {
		(void)snprintf(line, sizeof(line), "%s [%s]", json_word_of(item, "sentence"),
		    json_word_of(item, "verdict"));
		document_text(w->doc, line);
	}
}

/* --- paid in full ---------------------------------------------------------------------- */

/* One line for each figure of the main table that is missing or not judged. */
static void reasons_put(const struct writing *w)
{
	static const struct { const char *reason, *text; } meaning[] = {
		{ "not_matured", "nobody's days are over yet" },
		{ "empty_arm", "no debtor was assigned" },
		{ "no_events", "nobody has paid in either arm, so there is no p" },
		{ "all_events", "everybody paid, so there is no p" },
		{ "tiny_n", "too few to judge" },
		{ "withheld", "results withheld: a health check is red" },
	};
	char line[LINE_BYTES];
	const json_t *item;
	size_t i;

	json_array_foreach(list(w, "primary", "contrasts"), i, item) {
		const json_t *difference = json_object_get(item, "difference");

		for (size_t k = 0; k < sizeof(meaning) / sizeof(meaning[0]); k++)
			if (strcmp(json_word_of(difference, "reason"), meaning[k].reason) == 0) {
				(void)snprintf(line, sizeof(line), "%s: %s", json_word_of(item, "arm"),
				    meaning[k].text);
				document_item(w->doc, line);
			}
		if (strcmp(json_word_of(difference, "method"), "newcombe10+fisher") == 0) {
			(void)snprintf(line, sizeof(line), "%s: p by Fisher's exact test, since "
			    "numbers are small", json_word_of(item, "arm"));
			document_item(w->doc, line);
		}
	}
}

static void primary_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 4, false }, { "matured", 4, true }, { "paid", 3, true },
		{ "of 100", 7, true }, { "difference", 7, true }, { "p", 3, true },
		{ "p (Holm)", 4, true },
	};
	const json_t *item;
	struct table *t;
	char caption[LINE_BYTES];
	size_t i;

	(void)snprintf(caption, sizeof(caption), "Whole opening balance paid by day %"
	    JSON_INTEGER_FORMAT ", per 100 matured debtors, intervals of 95 in 100", horizon_of(w));
	document_heading(w->doc, 1, "Who paid in full");
	chart_put(w, tone_chart_effect(w->ctx, w->report));
	t = document_table(w->doc, caption, columns, 7, false);
	json_array_foreach(list(w, "flow", "arms"), i, item) {
		const char *arm = json_word_of(item, "arm");
		const json_t *contrast = json_find(list(w, "primary", "contrasts"), "arm", arm);
		const json_t *by = json_object_get(contrast, "difference");
		char cell[6][CELL_BYTES];

		table_row(t, (const char *[]){ arm,
		    count_cell(cell[0], json_count_of(item, "matured")),
		    count_cell(cell[1], json_count_of(item, "paid_in_full")),
		    range_cell(cell[2], json_object_get(json_find(list(w, "primary", "arms"), "arm", arm),
		    "share"), 100, false),
		    contrast == NULL ? "reference" : range_cell(cell[3], by, 100, true),
		    contrast == NULL ? "" : p_cell(cell[4], json_number_of(by, "p")),
		    contrast == NULL ? "" : p_cell(cell[5], json_number_of(by, "p_adjusted")) });
	}
	reasons_put(w);
}

/* --- money ------------------------------------------------------------------------------- */

static void finance_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 4, false }, { "recovered", 7, true }, { "difference", 8, true },
		{ "of 100 owed", 7, true }, { "days unpaid", 7, true }, { "difference", 7, true },
	};
	const json_t *block = json_array_get(part(w, "finance"), 0), *arm;
	const double unit = pow(10, -(double)json_count_of(block, "exponent"));
	char caption[LINE_BYTES];
	struct table *t;
	size_t i;

	(void)snprintf(caption, sizeof(caption), "Recovered per matured debtor in %s, per 100 owed, "
	    "and days unpaid within the first %" JSON_INTEGER_FORMAT, json_word_of(block, "currency"),
	    horizon_of(w));
	document_heading(w->doc, 1, "Money and days");
	t = document_table(w->doc, caption, columns, 6, false);
	json_array_foreach(json_object_get(block, "arms"), i, arm) {
		const char *name = json_word_of(arm, "arm");
		const json_t *by = json_find(json_object_get(block, "contrasts"), "arm", name);
		char cell[5][CELL_BYTES];

		table_row(t, (const char *[]){ name,
		    range_cell(cell[0], json_object_get(arm, "mean_minor"), unit, false),
		    by == NULL ? "reference" : range_cell(cell[1], json_object_get(by, "mean_minor"),
		    unit, true),
		    range_cell(cell[2], json_object_get(arm, "rate"), 100, false),
		    range_cell(cell[3], json_object_get(json_find(list(w, "time", "arms"), "arm", name),
		    "days_outstanding"), 1, false),
		    by == NULL ? "reference" : range_cell(cell[4], json_object_get(json_find(
		    list(w, "time", "contrasts"), "arm", name), "days_outstanding"), 1, true) });
	}
}

/* Where somebody owed more than the cap, the comparison that counts; and whether a few large
 * debtors carry all of this. */
static void large_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 4, false }, { "recovered", 7, true }, { "difference", 8, true },
	};
	const json_t *block = json_array_get(part(w, "finance"), 0), *arm;
	const double unit = pow(10, -(double)json_count_of(block, "exponent"));
	char caption[LINE_BYTES], cell[2][CELL_BYTES];
	struct table *t;
	size_t i;

	if (json_is_true(json_object_get(block, "few_carry_it"))) {
		(void)snprintf(caption, sizeof(caption), "The largest 1 in 100 debtors owe %s of 100 "
		    "owed: one of them can carry these figures; read them beside the share paid in "
		    "full", number_cell(cell[0], 100 * json_number_of(block, "largest_1_percent"), 1));
		document_item(w->doc, caption);
	}
	if (!json_is_integer(json_object_get(block, "cap_minor")))
		return;
	(void)snprintf(caption, sizeof(caption), "The same with every amount cut at %s %s "
	    "(%s of 100 debtors owed no more): the comparison to go by", json_word_of(block, "currency"),
	    number_cell(cell[0], json_number_of(block, "cap_minor") * unit, 2),
	    number_cell(cell[1], 100 * json_number_of(block, "cap_percentile"), 1));
	t = document_table(w->doc, caption, columns, 3, false);
	json_array_foreach(json_object_get(block, "arms"), i, arm) {
		const char *name = json_word_of(arm, "arm");
		const json_t *by = json_find(json_object_get(block, "contrasts"), "arm", name);

		table_row(t, (const char *[]){ name,
		    range_cell(cell[0], json_object_get(arm, "capped_mean_minor"), unit, false),
		    by == NULL ? "reference" : range_cell(cell[1], json_object_get(by,
		    "capped_mean_minor"), unit, true) });
	}
}

/* Where costs are known, in the currency of the amounts. */
static void costs_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "arm", 4, false }, { "cost", 4, true }, { "cost of 100 recovered", 8, true },
		{ "recovered less cost", 8, true }, { "difference", 8, true },
	};
	const json_t *block = json_array_get(part(w, "finance"), 1), *arm;
	const double unit = pow(10, -(double)json_count_of(block, "exponent"));
	char caption[LINE_BYTES];
	struct table *t;
	size_t i;

	if (block == NULL)
		return;
	(void)snprintf(caption, sizeof(caption), "What it cost in %s: messages and tasks within %"
	    JSON_INTEGER_FORMAT " days, and what is left per debtor", json_word_of(block, "currency"),
	    horizon_of(w));
	t = document_table(w->doc, caption, columns, 5, false);
	json_array_foreach(json_object_get(block, "arms"), i, arm) {
		const char *name = json_word_of(arm, "arm");
		const json_t *by = json_find(json_object_get(block, "contrasts"), "arm", name);
		char cell[4][CELL_BYTES];

		table_row(t, (const char *[]){ name,
		    number_cell(cell[0], json_number_of(arm, "cost_minor") * unit, 2),
		    range_cell(cell[1], json_object_get(arm, "cost_ratio"), 100, false),
		    range_cell(cell[2], json_object_get(arm, "net_minor"), unit, false),
		    by == NULL ? "reference" : range_cell(cell[3], json_object_get(by, "net_minor"), unit,
		    true) });
	}
}

/* --- the whole against the hold-out -------------------------------------------------------- */

static void programme_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "group", 4, false }, { "assigned", 3, true }, { "matured", 3, true },
		{ "paid", 3, true }, { "of 100", 7, true },
	};
	const json_t *p = part(w, "programme"), *primary = json_object_get(p, "primary"), *item;
	char line[LINE_BYTES];
	struct table *t;
	size_t i;

	if (!json_is_object(p))
		return;
	document_heading(w->doc, 1, "The whole programme");
	(void)snprintf(line, sizeof(line), "Of 10,000 debtors %" JSON_INTEGER_FORMAT " are held out of "
	    "%s: they get the legal minimum and are in no arm above.",
	    json_count_of(p, "holdout_basis_points"), json_word_of(p, "name"));
	document_text(w->doc, line);
	json_array_foreach(json_object_get(primary, "contrasts"), i, item)
		document_text(w->doc, json_word_of(item, "sentence"));
	t = document_table(w->doc, "Whole opening balance paid, all arms together and those held out",
	    columns, 5, false);
	json_array_foreach(json_object_get(json_object_get(p, "flow"), "arms"), i, item) {
		char cell[4][CELL_BYTES];

		table_row(t, (const char *[]){ json_word_of(item, "arm"),
		    count_cell(cell[0], json_count_of(item, "assigned")),
		    count_cell(cell[1], json_count_of(item, "matured")),
		    count_cell(cell[2], json_count_of(item, "paid_in_full")),
		    range_cell(cell[3], json_object_get(json_find(json_object_get(primary, "arms"),
		    "arm", json_word_of(item, "arm")), "share"), 100, false) });
	}
}

/* --- how it was made ------------------------------------------------------------------------- */

static void plan_put(const struct writing *w)
{
	static const struct column columns[] = {
		{ "epoch", 4, true }, { "from", 5, false }, { "registered plan", 15, false },
		{ "texts", 15, false },
	};
	const json_t *item;
	char cell[CELL_BYTES];
	struct table *t;
	size_t i;

	if (json_array_size(part(w, "epochs")) == 0)
		return;
	document_heading(w->doc, 1, "The registered plan");
	t = document_table(w->doc, "Each change of the experiment's file or of the texts opened "
	    "an epoch", columns, 4, false);
	json_array_foreach(part(w, "epochs"), i, item)
		table_row(t, (const char *[]){ count_cell(cell, json_count_of(item, "epoch")),
		    json_word_of(item, "from"), json_word_of(item, "registered"),
		    json_word_of(item, "texts") });
}

static void methods_put(const struct writing *w)
{
	static const struct column columns[] = { { "figure", 2, false }, { "method", 7, false } };
	const json_t *item;
	const char *name;
	struct table *t;
	size_t i;

	document_heading(w->doc, 1, "Methods and limits");
	t = document_table(w->doc, "Methods", columns, 2, false);
	json_object_foreach((json_t *)part(w, "methods"), name, item)
		table_row(t, (const char *[]){ name, json_string_value(item) });
	json_array_foreach(part(w, "limits"), i, item)
		document_item(w->doc, json_string_value(item));
}

struct document *tone_document(void *ctx, const json_t *report, instant_t made_at)
{
	const char *id = json_word_of(json_object_get(report, "experiment"), "id");
	const json_t *epochs = json_object_get(report, "epochs");
	const char *plan = json_word_of(json_array_get(epochs, json_array_size(epochs) - 1),
	    "registered");
	struct writing w = { .report = report };
	char title[LINE_BYTES], footer[LINE_BYTES];

	(void)snprintf(title, sizeof(title), "Tone report of experiment %s", id);
	(void)snprintf(footer, sizeof(footer), "%s, data as of %s%s%.12s, result %.12s", id,
	    json_word_of(report, "as_of"), plan[0] != '\0' ? ", plan " : "", plan,
	    json_word_of(report, "result"));
	w.doc = document_new(ctx, title, "What the tone of reminders did to repayment", footer, made_at);
	w.ctx = w.doc;
	head_put(&w);
	health_put(&w);
	sentences_put(&w);
	primary_put(&w);
	finance_put(&w);
	large_put(&w);
	costs_put(&w);
	tone_course_write(&w);
	tone_rest_write(&w);
	programme_put(&w);
	plan_put(&w);
	methods_put(&w);
	return w.doc;
}
