/* analyse_assign.c - purr analyse assign: recompute which arm each unit falls
 * into, as an auditor who has the key can. */
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "base/secret.h"
#include "cmd/analyse.h"
#include "cmd/analyse_arms.h"
#include "cmd/desk.h"
#include "intake/table.h"
#include "measure/sheet.h"
#include "plan/assign.h"

static const char assign_help[] =
"usage: purr analyse assign --csv FILE --key-file FILE --experiment ID\n"
"       --arms neutral=5000,warm=5000 [options] --json\n"
"\n"
"The arm of each unit of a table, by the keyed hash of src/plan/assign.h, and how\n"
"often a column with the arm says something else.  Identifiers are taken as they\n"
"are, byte by byte.  docs/analyse.md names every field.\n"
"\n"
"  --key-file FILE     64 hexadecimal digits\n"
"  --unit debtor_id    column of the unit\n"
"  --arm arm           column of the arm that was given, where there is one\n"
"  --holdout BP        basis points that are held out, by --experiment as the\n"
"                      programme's name\n";

struct assigning {
	struct cmd		*cmd;
	struct key		 key;
	const char		*experiment, *unit, *arm;
	struct planned_arms	 planned;
	int			 holdout;
	int			 unit_at, arm_at;	/* fields */
	int64_t			 counts[FLAT_ARMS_MAX], compared, differ;
	json_t			*rows;
};

static bool header(void *arg, const struct table_row *row, struct err *err)
{
	struct assigning *a = arg;

	a->unit_at = a->arm_at = -1;
	for (size_t i = 0; i < row->count; i++) {
		if (view_is(row->fields[i], a->unit))
			a->unit_at = (int)i;
		if (view_is(row->fields[i], a->arm))
			a->arm_at = (int)i;
	}
	return a->unit_at >= 0 || err_set(err, ERR_INPUT, "there is no column %s", a->unit);
}

static size_t arm_of(const struct assigning *a, int bucket)
{
	double so_far = 0;
	size_t i = 0;

	while (i + 1 < a->planned.count && (so_far += a->planned.weight[i]) <= bucket)
		i++;
	return i;
}

static bool take_row(void *arg, const struct table_row *row, struct err *err)
{
	struct assigning *a = arg;
	struct view given = { "", 0 };
	char *unit;
	size_t arm;
	int bucket;
	json_t *one;

	if (a->unit_at >= (int)row->count)
		return err_set(err, ERR_INPUT, "line %d is too short", row->line);
	if (a->arm_at >= 0 && a->arm_at < (int)row->count)
		given = row->fields[a->arm_at];
	unit = talloc_strndup(NULL, row->fields[a->unit_at].at, row->fields[a->unit_at].len);
	must(unit != NULL);
	bucket = assign_bucket(&a->key, a->holdout >= 0 ? ASSIGN_LABEL_HOLDOUT : ASSIGN_LABEL_ARM,
	    a->experiment, unit);
	if (a->holdout >= 0) {
		one = json_pack("{s:s, s:i, s:b}", "unit", unit, "bucket", bucket, "holdout",
		    assign_is_holdout(&a->key, a->experiment, unit, a->holdout));
	} else {
		arm = arm_of(a, bucket);
		a->counts[arm]++;
		one = json_pack("{s:s, s:i, s:s}", "unit", unit, "bucket", bucket, "arm",
		    a->planned.name[arm]);
		if (given.len > 0) {
			const bool agrees = view_is(given, a->planned.name[arm]);

			a->compared++;
			a->differ += !agrees;
			json_object_set_new(one, "agrees", json_boolean(agrees));
		}
	}
	must(one != NULL);
	json_array_append_new(a->rows, one);
	talloc_free(unit);
	return true;
}

static int run(struct assigning *a, const char *path)
{
	const struct table_reader reader = { .header = header, .row = take_row, .arg = a };
	const struct table_form form = { .charset = CHARSET_UTF_8, .rows_max = SHEET_ROWS_MAX };
	const struct table_source source = { .path = path };
	json_t *arms = json_array();
	struct err err = { 0 };
	struct table_end end;

	a->rows = json_array();
	if (!table_read(&source, &form, &reader, &end, &err)) {
		json_decref(a->rows);
		json_decref(arms);
		return cmd_fail(a->cmd, &err);
	}
	for (size_t i = 0; a->holdout < 0 && i < a->planned.count; i++)
		json_array_append_new(arms, json_pack("{s:s, s:I}", "arm", a->planned.name[i], "n",
		    a->counts[i]));
	cmd_print_json(json_pack("{s:s, s:s, s:o, s:I, s:I, s:o}", "kind", "assign", "experiment",
	    a->experiment, "arms", arms, "compared", a->compared, "differ", a->differ, "units",
	    a->rows));
	return EXIT_DONE;
}

int analyse_assign(struct cmd *cmd)
{
	struct assigning a = { .cmd = cmd, .holdout = -1 };
	const char *path, *key, *arms;
	struct err err = { 0 };
	double holdout = -1, sum = 0;

	if (cmd_wants_help(cmd, assign_help))
		return EXIT_DONE;
	path = cmd_option(cmd, "--csv");
	key = cmd_option(cmd, "--key-file");
	a.experiment = cmd_option(cmd, "--experiment");
	a.unit = cmd_option(cmd, "--unit");
	a.arm = cmd_option(cmd, "--arm");
	arms = cmd_option(cmd, "--arms");
	a.unit = a.unit != NULL ? a.unit : "debtor_id";
	a.arm = a.arm != NULL ? a.arm : "arm";
	if (!planned_arms_read(cmd, "--arms", arms, &a.planned) ||
	    !analyse_real(cmd, "--holdout", 0, ASSIGN_BUCKETS, &holdout) ||
	    !cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	a.holdout = (int)holdout;
	for (size_t i = 0; i < a.planned.count; i++)
		sum += a.planned.weight[i];
	if (path == NULL || key == NULL || a.experiment == NULL)
		return cmd_usage(cmd, "give --csv FILE, --key-file FILE and --experiment ID");
	if (a.holdout < 0 && sum != ASSIGN_BUCKETS)
		return cmd_usage(cmd, "--arms must share out %d basis points, not %g", ASSIGN_BUCKETS,
		    sum);
	if (!key_read_file(key, &a.key, &err))
		return cmd_fail(cmd, &err);
	return run(&a, path);
}
