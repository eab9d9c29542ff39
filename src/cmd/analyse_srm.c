/* analyse_srm.c - purr analyse srm: do the numbers per arm fit the plan? */
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "cmd/analyse.h"
#include "cmd/analyse_arms.h"
#include "cmd/desk.h"
#include "cmd/sheet_file.h"
#include "measure/allocation.h"
#include "measure/figure.h"
#include "measure/ratio_watch.h"

static const char srm_help[] =
"usage: purr analyse srm --csv FILE [options] --json\n"
"\n"
"Sample ratio mismatch: the debtors per arm against the planned shares, at once\n"
"(chi-square) and watched day by day (Bayes factor), in all and by epoch.\n"
"docs/analyse.md names every field.\n"
"\n"
"  --arm arm           column of the arm\n"
"  --assigned assigned_at_day   column of the day; without it nothing is watched\n"
"  --epoch COL         column of the epoch (none else)\n"
"  --weights neutral=5000,warm=5000   planned shares (equal ones)\n"
"  --concentration 1000   of the prior that is watched with\n";

struct watching {
	const struct sheet_column	*arm, *day, *epoch;
	struct planned_arms		 planned;
	int				*arm_of;	/* by word; -1: none */
	double				 concentration;
	const struct sheet		*sheet;
	int64_t				 rejected;
};

static int word_order(const void *a, const void *b, void *data)
{
	const char *const *words = data;

	return strcmp(words[*(const uint32_t *)a], words[*(const uint32_t *)b]);
}

/* The codes of a column's words in byte order, not in the order of the rows. */
static uint32_t *in_order(struct cmd *cmd, const struct sheet_column *c)
{
	uint32_t *out = talloc_array(cmd->ctx, uint32_t, (unsigned)c->word_count + 1);

	must(out != NULL);
	for (size_t i = 0; i < c->word_count; i++)
		out[i] = (uint32_t)i;
	qsort_r(out, c->word_count, sizeof(out[0]), word_order, (void *)c->words);
	return out;
}

/* Arms that the plan does not name have no share: anybody in one is a leak. */
static bool match_arms(struct cmd *cmd, struct watching *w, bool given)
{
	const uint32_t *order = in_order(cmd, w->arm);

	w->arm_of = talloc_array(cmd->ctx, int, (unsigned)w->arm->word_count + 1);
	must(w->arm_of != NULL);
	for (size_t k = 0; k < w->arm->word_count; k++) {
		const size_t i = order[k];
		size_t a = 0;

		w->arm_of[i] = -1;
		if (w->arm->words[i][0] == '\0')
			continue;
		while (a < w->planned.count && strcmp(w->planned.name[a], w->arm->words[i]) != 0)
			a++;
		if (a == FLAT_ARMS_MAX)
			return false;
		if (a == w->planned.count) {
			w->planned.name[a] = w->arm->words[i];
			w->planned.weight[a] = given ? 0 : 1;
			w->planned.count++;
		}
		w->arm_of[i] = (int)a;
	}
	return w->planned.count > 0;
}

static bool is_of(const struct watching *w, size_t row, int epoch)
{
	return epoch < 0 || w->epoch->code[row] == (uint32_t)epoch;
}

static json_t *watched(const struct watching *w, int epoch)
{
	struct ratio_watch watch;
	int32_t first = INT32_MAX, last = INT32_MIN;
	int64_t *counts, so_far[FLAT_ARMS_MAX] = { 0 };
	int looks = 0;

	for (size_t i = 0; i < w->sheet->rows; i++)
		if (w->day->day[i] != SHEET_NO_DAY && is_of(w, i, epoch)) {
			first = w->day->day[i] < first ? w->day->day[i] : first;
			last = w->day->day[i] > last ? w->day->day[i] : last;
		}
	if (first > last || (int64_t)last - first > FLAT_DAY_SPAN_MAX)
		return json_null();
	counts = talloc_zero_array(NULL, int64_t, (unsigned)((last - first + 1) * FLAT_ARMS_MAX));
	must(counts != NULL);
	for (size_t i = 0; i < w->sheet->rows; i++) {
		const int arm = w->arm_of[w->arm->code[i]];

		if (arm >= 0 && w->day->day[i] != SHEET_NO_DAY && is_of(w, i, epoch))
			counts[(w->day->day[i] - first) * FLAT_ARMS_MAX + arm]++;
	}
	ratio_watch_start(&watch);
	for (int day = 0; day <= last - first; day++) {
		for (size_t a = 0; a < w->planned.count; a++)
			so_far[a] += counts[(size_t)day * FLAT_ARMS_MAX + a];
		ratio_watch_look(&watch, so_far, w->planned.weight, w->planned.count,
		    w->concentration);
		looks++;
	}
	talloc_free(counts);
	return json_pack("{s:i, s:o, s:o, s:o, s:b}", "looks", looks, "concentration",
	    real_json(w->concentration), "log_bf", real_json(watch.log_bf), "p", real_json(watch.p),
	    "flag", watch.p < ALLOCATION_P_MIN);
}

static void check(struct watching *w, int epoch, json_t *out)
{
	int64_t observed[FLAT_ARMS_MAX] = { 0 };
	json_t *arms = json_array();
	struct allocation a;
	double weights = 0;

	for (size_t i = 0; i < w->sheet->rows; i++) {
		const int arm = w->arm_of[w->arm->code[i]];

		if (arm >= 0 && is_of(w, i, epoch))
			observed[arm]++;
		else if (arm < 0 && epoch < 0)
			w->rejected++;
	}
	a = allocation_check(observed, w->planned.weight, w->planned.count);
	for (size_t i = 0; i < w->planned.count; i++)
		weights += w->planned.weight[i];
	for (size_t i = 0; i < w->planned.count; i++)
		json_array_append_new(arms, json_pack("{s:s, s:I, s:o, s:o}", "arm",
		    w->planned.name[i], "n", observed[i], "share",
		    real_json(w->planned.weight[i] / weights), "expected",
		    real_json((double)a.n * w->planned.weight[i] / weights)));
	json_object_set_new(out, "n", json_integer(a.n));
	json_object_set_new(out, "arms", arms);
	json_object_set_new(out, "chisq", real_json(a.chisq));
	json_object_set_new(out, "df", json_integer(a.df));
	json_object_set_new(out, "p", real_json(a.p));
	json_object_set_new(out, "leak", json_boolean(a.leak));
	json_object_set_new(out, "flag", json_boolean(a.broken));
	json_object_set_new(out, "sequential", w->day == NULL ? json_null() : watched(w, epoch));
}

static json_t *answer(struct cmd *cmd, struct watching *w)
{
	const uint32_t *order = w->epoch == NULL ? NULL : in_order(cmd, w->epoch);
	json_t *out = json_pack("{s:s, s:I}", "kind", "srm", "rows", (json_int_t)w->sheet->rows);
	json_t *epochs = json_array();

	check(w, -1, out);
	for (size_t i = 0; w->epoch != NULL && i < w->epoch->word_count; i++) {
		json_t *one = json_pack("{s:s}", "epoch", w->epoch->words[order[i]]);

		check(w, (int)order[i], one);
		json_array_append_new(epochs, one);
	}
	json_object_set_new(out, "epochs", epochs);
	json_object_set_new(out, "rejected", json_integer(w->rejected));
	return out;
}

int analyse_srm(struct cmd *cmd)
{
	struct watching w = { .concentration = RATIO_WATCH_CONCENTRATION };
	const char *path, *arm, *day, *epoch, *weights;
	struct err err = { 0 };
	struct sheet *s;

	if (cmd_wants_help(cmd, srm_help))
		return EXIT_DONE;
	path = cmd_option(cmd, "--csv");
	arm = cmd_option(cmd, "--arm");
	day = cmd_option(cmd, "--assigned");
	epoch = cmd_option(cmd, "--epoch");
	weights = cmd_option(cmd, "--weights");
	if (!planned_arms_read(cmd, "--weights", weights, &w.planned) ||
	    !analyse_real(cmd, "--concentration", 1, 1e9, &w.concentration) ||
	    !cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (path == NULL)
		return cmd_usage(cmd, "give a table with --csv FILE");
	{
		const struct sheet_want wants[] = {
			{ arm != NULL ? arm : "arm", SHEET_WORD, false },
			{ day != NULL ? day : "assigned_at_day", SHEET_DAY, day == NULL },
			{ epoch != NULL ? epoch : "", SHEET_WORD, false },
		};

		s = sheet_read(cmd->ctx, path, wants, epoch != NULL ? 3 : 2, &err);
	}
	if (s == NULL)
		return cmd_fail(cmd, &err);
	w.sheet = s;
	w.arm = s->columns[0];
	w.day = s->columns[1];
	w.epoch = epoch != NULL ? s->columns[2] : NULL;
	if (!match_arms(cmd, &w, weights != NULL)) {
		(void)err_set(&err, ERR_INPUT, "%s: no arm, or more than %d", path, FLAT_ARMS_MAX);
		return cmd_fail(cmd, &err);
	}
	cmd_print_json(answer(cmd, &w));
	return EXIT_DONE;
}
