/* cmd_simulate.c - purr simulate: the engine among made-up debtors. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <talloc.h>

#include "base/date.h"
#include "base/env.h"
#include "cmd/desk.h"
#include "intake/profile.h"
#include "sim/sim_run.h"

#define SEED_MAX INT64_MAX

static const char help[] =
"usage: purr simulate --debtors N --days D --seed S [--faults]\n"
"                     [--workspace DIR] [-C DIR] [--json]\n"
"\n"
"Lives through D days with N made-up debtors who pay, promise, object, opt out\n"
"or do nothing, in a scratch workspace that cannot send.  Import, plan, send,\n"
"settle and the private links are the live ones; people, provider and clock come\n"
"from the seed, and the same seed gives the same answer on every machine.\n"
"\n"
"  --debtors N       1 to 1000000\n"
"  --days D          1 to 1000\n"
"  --seed S          a number\n"
"  --faults          the machine also dies and starts again, providers refuse and\n"
"                    delay, clocks step, days are missed, settings change\n"
"  --workspace DIR   makes the workspace there (new or empty) and keeps it; else in\n"
"                    the temporary directory, and its place is told\n"
"  -C DIR            the settings, schedules and texts of that workspace are used;\n"
"                    where DIR is new or empty, the workspace is made there\n"
"\n"
"Exits with 1 when the engine's own quick list of violations is not empty.\n"
"docs/simulate.md tells what is made up, and how to judge the workspace.\n";

/* Only what rows in memory need: balances come from payments. */
static const char profile_text[] = "{ \"name\": \"simulation\", \"what\": \"invoices\", "
    "\"balance\": \"payments\", \"date\": \"yyyy-mm-dd\", \"decimal_mark\": \".\", \"columns\": { "
    "\"external_id\": { \"column\": \"id\" }, \"debtor\": { \"column\": \"debtor\" }, "
    "\"amount\": { \"column\": \"amount\" }, \"currency\": { \"column\": \"currency\" }, "
    "\"due_on\": { \"column\": \"due\" } } }";

static bool number_of(struct cmd *cmd, const char *name, int64_t most, int64_t *out)
{
	const char *text = cmd_option(cmd, name);
	char *end;

	errno = 0;
	*out = text != NULL ? strtoll(text, &end, 10) : -1;
	return text != NULL && text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
	    *out <= most;
}

static void progress(day_t today, day_t last)
{
	char text[DAY_TEXT_BYTES];

	fprintf(stderr, "\r%s%s", day_text(today, text), today == last ? "\n" : "");
}

static bool is_workspace(struct cmd *cmd)
{
	const char *settings = talloc_asprintf(cmd->ctx, "%s/purr.conf", cmd->workspace);

	return access(settings, F_OK) == 0;
}

/* --workspace, else a -C that is no workspace yet, else a new folder. */
static bool choose_dir(struct cmd *cmd, struct sim_options *o, struct err *err)
{
	const char *tmp = env_text("TMPDIR");
	char *dir;

	o->like = is_workspace(cmd) ? cmd->workspace : "";
	if (o->dir != NULL)
		return true;
	if (o->like[0] == '\0' && strcmp(cmd->workspace, ".") != 0) {
		o->dir = cmd->workspace;
		return true;
	}
	dir = talloc_asprintf(cmd->ctx, "%s/purr-simulate-XXXXXX",
	    tmp != NULL && tmp[0] != '\0' ? tmp : P_tmpdir);
	o->dir = mkdtemp(dir);
	return o->dir != NULL || err_set(err, ERR_SYSTEM, "%s: cannot be made", dir);
}

static void print_counts(const json_t *out, const char *key)
{
	const char *name;
	json_t *value;

	printf("%s\n", key);
	json_object_foreach(json_object_get(out, key), name, value)
		if (json_is_integer(value))
			printf("  %-20s %8" JSON_INTEGER_FORMAT "\n", name, json_integer_value(value));
}

static void print_text(const struct sim_options *o, const json_t *out)
{
	static const char *const lists[] = { "steps", "channels", "states", "answers", "acts",
	    "faults" };
	const json_t *violations = json_object_get(out, "violations"), *one;
	size_t i;

	printf("Simulation of %d days, %s to %s: %d debtors, %" JSON_INTEGER_FORMAT
	    " invoices, %" JSON_INTEGER_FORMAT " contacts\n", o->days,
	    json_string_value(json_object_get(out, "first_day")),
	    json_string_value(json_object_get(out, "last_day")), (int)o->debtors,
	    json_integer_value(json_object_get(out, "invoices")),
	    json_integer_value(json_object_get(out, "contacts")));
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		print_counts(out, lists[i]);
	printf("violations: %zu\n", json_array_size(violations));
	json_array_foreach(violations, i, one)
		printf("  %s %s %" JSON_INTEGER_FORMAT "\n",
		    json_string_value(json_object_get(one, "rule")),
		    json_string_value(json_object_get(one, "subject")),
		    json_integer_value(json_object_get(one, "id")));
}

static int live(struct cmd *cmd, struct sim_options *o)
{
	struct err err = { 0 };
	bool violated;
	json_t *out;

	o->profile = profile_parse(cmd->ctx, "simulation", profile_text, strlen(profile_text), &err);
	if (o->profile == NULL || !choose_dir(cmd, o, &err) || !sim_run(cmd->ctx, o, &out, &err))
		return cmd_fail(cmd, &err);
	violated = json_array_size(json_object_get(out, "violations")) > 0;
	if (cmd->json) {
		cmd_print_json(out);
	} else {
		print_text(o, out);
		printf("The workspace is kept in %s\n", o->dir);
		json_decref(out);
	}
	return violated ? EXIT_REFUSED : EXIT_DONE;
}

int cmd_simulate(struct cmd *cmd)
{
	struct sim_options o = { .progress = isatty(STDERR_FILENO) ? progress : NULL };
	int64_t debtors, days, seed;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	o.faults = cmd_flag(cmd, "--faults");
	o.dir = cmd_option(cmd, "--workspace");
	if (!number_of(cmd, "--debtors", SIM_DEBTORS_MAX, &debtors) || debtors < 1)
		return cmd_usage(cmd, "--debtors N: a number from 1 to %d", SIM_DEBTORS_MAX);
	if (!number_of(cmd, "--days", SIM_DAYS_MAX, &days) || days < 1)
		return cmd_usage(cmd, "--days D: a number from 1 to %d", SIM_DAYS_MAX);
	if (!number_of(cmd, "--seed", SEED_MAX, &seed))
		return cmd_usage(cmd, "--seed S: a number");
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	o.debtors = (int32_t)debtors;
	o.days = (int)days;
	o.seed = (uint64_t)seed;
	return live(cmd, &o);
}
