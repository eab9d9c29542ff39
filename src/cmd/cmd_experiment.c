/* cmd_experiment.c - purr experiment: what it can find out here, and its start. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "cmd/desk.h"
#include "engine/experiment_run.h"
#include "engine/harm_run.h"
#include "measure/chart.h"
#include "measure/outlook.h"
#include "measure/tail.h"

static const char help[] =
"usage: purr experiment ID [--start --by NAME [--underpowered-ok REASON]]\n"
"       [--as-of DAY] [-C DIR] [--at TIME] [--json]\n"
"       purr experiment ID --stop ARM|--resume ARM --by NAME --reason TEXT ...\n"
"\n"
"Says from your own ledger of the last half year how many debtors would enter an\n"
"experiment in a week, how many of them pay in full without it, the smallest\n"
"difference that could be seen in 4, 8 and 12 weeks, and the power of the size\n"
"that the file plans.  An experiment that plans a size assigns nobody before\n"
"--start: then the file, the expectation and the name are written down, once.  A\n"
"plan that would find out nothing in more than half of all cases is refused\n"
"without a reason.  An experiment that plans no size runs as soon as a schedule\n"
"names it.\n"
"\n"
"An arm that does harm is stopped by the engine: see docs/measurement.md.  A person\n"
"may stop one, too, and let one go on; the engine does not stop that one again.\n"
"Debtors of a stopped arm are written to in the reference's ways, and nobody new\n"
"is taken in.\n"
"\n"
"  --start                 begins it\n"
"  --stop ARM, --resume ARM  stops an arm, or lets it go on\n"
"  --reason TEXT           why\n"
"  --by NAME               who does\n"
"  --underpowered-ok TEXT  why it shall start all the same\n"
"  --as-of DAY             the last day of the ledger that counts; else the day\n"
"                          before --at\n";

static void print_text(const json_t *o, bool started)
{
	const json_t *paid = json_object_get(o, "paid_without"), *item;
	const double power = json_number_of(o, "power");
	size_t i;

	printf("Experiment %s%s\n\n", json_word_of(o, "experiment"), started ? ": started" : "");
	printf("In the last %d days %" JSON_INTEGER_FORMAT " debtors would have entered, %.1f a week.\n",
	    OUTLOOK_DAYS, json_count_of(paid, "n"), json_number_of(o, "entering_per_week"));
	printf("Counted are those whose %" JSON_INTEGER_FORMAT " days, and %" JSON_INTEGER_FORMAT
	    " for the bank, are over.\n", json_count_of(o, "horizon_days"), json_count_of(o, "lag_days"));
	if (json_is_true(json_object_get(o, "own_base")))
		printf("Of 100 of them, %.1f (%.1f to %.1f) paid in full within the horizon.\n",
		    100 * json_number_of(paid, "estimate"), 100 * json_number_of(paid, "lower"),
		    100 * json_number_of(paid, "upper"));
	else
		printf("Too few to know how many pay without it: %.1f of 100 is taken.\n",
		    100 * json_number_of(o, "base"));
	printf("\nWhat could be seen with a chance of 80 in 100:\n");
	json_array_foreach(json_object_get(o, "smallest_difference"), i, item) {
		const double by = 100 * json_number_of(item, "difference");

		printf("  in %2" JSON_INTEGER_FORMAT " weeks, %6.0f debtors: ", json_count_of(item, "weeks"),
		    json_number_of(item, "debtors"));
		if (isnan(by))
			printf("nothing\n");
		else
			printf("%.1f in 100\n", by);
	}
	if (json_count_of(o, "planned_debtors") == 0) {
		printf("\nThe file plans no size: write down \"planned\" before the start.\n");
		return;
	}
	printf("\nPlanned: %" JSON_INTEGER_FORMAT " debtors for a difference of %.1f in 100: a chance of "
	    "%.0f in 100 to see it", json_count_of(o, "planned_debtors"),
	    100 * json_number_of(o, "planned_effect"), 100 * power);
	if (!isnan(json_number_of(o, "weeks")))
		printf("; they enter in %.0f weeks", ceil(json_number_of(o, "weeks")));
	printf(".\n");
	if (power < OUTLOOK_POWER_WANTED)
		printf("That is little: %.0f debtors would give 80 in 100.\n",
		    ceil(json_number_of(o, "debtors_for_80")));
}

/* --stop and --resume. */
static int decide_arm(struct cmd *cmd, const char *stop, const char *resume, const char *who,
    const char *reason)
{
	const char *arm = stop != NULL ? stop : resume;
	struct err err = { 0 };
	struct engine *e;

	if (!cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if ((stop != NULL && resume != NULL) || who == NULL || reason == NULL || reason[0] == '\0')
		return cmd_usage(cmd, "give --stop or --resume, --by and --reason");
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (!harm_decide(e, cmd->argv[0], arm, stop != NULL, who, reason, cmd->now, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json)
		cmd_print_json(json_pack("{s:s, s:s, s:b}", "experiment", cmd->argv[0], "arm", arm,
		    "stopped", stop != NULL));
	else
		printf("%s: the arm %s %s\n", cmd->argv[0], arm, stop != NULL ? "is stopped" : "goes on");
	return EXIT_DONE;
}

int cmd_experiment(struct cmd *cmd)
{
	const char *who, *reason, *stop, *resume, *why;
	struct err err = { 0 };
	json_t *out = NULL;
	struct engine *e;
	bool start, ok;
	day_t as_of;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	start = cmd_flag(cmd, "--start");
	who = cmd_option(cmd, "--by");
	reason = cmd_option(cmd, "--underpowered-ok");
	stop = cmd_option(cmd, "--stop");
	resume = cmd_option(cmd, "--resume");
	why = cmd_option(cmd, "--reason");
	if (!start && reason == NULL && (stop != NULL || resume != NULL))
		return decide_arm(cmd, stop, resume, who, why);
	if (!cmd_as_of(cmd, &as_of) || !cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if (stop != NULL || resume != NULL || why != NULL || start != (who != NULL) || (reason != NULL && (!start || reason[0] == '\0')))
		return cmd_usage(cmd, "--start and --by NAME go together; --underpowered-ok takes the reason "
		    "of a start");
	e = cmd_engine(cmd, start ? STORE_WRITE : STORE_READ);
	if (e == NULL)
		return EXIT_REFUSED;
	tail_start();
	ok = start ? experiment_begin(e, cmd->ctx, cmd->argv[0], as_of, who, reason, cmd->now, &out,
	    &err) : experiment_outlook(e, cmd->ctx, cmd->argv[0], as_of, &out, &err);
	if (!ok) {
		json_decref(out);
		return cmd_fail(cmd, &err);
	}
	if (cmd->json) {
		cmd_print_json(out);
	} else {
		print_text(out, start);
		json_decref(out);
	}
	return EXIT_DONE;
}
