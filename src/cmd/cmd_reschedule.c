/* cmd_reschedule.c - purr reschedule: running cases move to the newest version
 * of their schedule, because somebody says so. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "cmd/desk.h"
#include "engine/intake_run.h"
#include "engine/reschedule_run.h"
#include "engine/settle_run.h"
#include "store/register.h"

static const char help[] =
"usage: purr reschedule SCHEDULE --all | --case ID | --debtor ID [--creditor ID]\n"
"                       [--by NAME] [--dry-run] [-C DIR] [--at TIME] [--json]\n"
"\n"
"Moves running cases on SCHEDULE to the version that stands in its file.\n"
"Without this they stay on the version they began with.  Steps that were taken\n"
"are not taken again: they are known by their id, or by \"was\" in the new\n"
"version.  Says for each case which step is next, before and after; --dry-run\n"
"says it and changes nothing.\n";

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value != NULL ? value : "";
}

static void print_next(const json_t *next)
{
	if (json_is_object(next))
		printf("%s from %s", text(next, "step"), text(next, "due_on"));
	else
		printf("no step");
}

static void print_text(const json_t *out, bool dry)
{
	const json_t *c;
	size_t i;

	json_array_foreach(json_object_get(out, "cases"), i, c) {
		printf("case:%" JSON_INTEGER_FORMAT " of %s in %s: ",
		    json_integer_value(json_object_get(c, "case")), text(c, "debtor"),
		    text(c, "currency"));
		if (!json_is_true(json_object_get(c, "moved"))) {
			printf("left; %s\n", text(c, "reason"));
			continue;
		}
		print_next(json_object_get(c, "before"));
		printf(" -> ");
		print_next(json_object_get(c, "after"));
		printf("\n");
	}
	printf("%" JSON_INTEGER_FORMAT " cases %s to version %.8s, %" JSON_INTEGER_FORMAT
	    " left\n", json_integer_value(json_object_get(out, "moved")),
	    dry ? "would move" : "moved", text(out, "version"),
	    json_integer_value(json_object_get(out, "left")));
}

static bool find_debtor(struct engine *e, const char *creditor, const char *external,
    int64_t *id, struct err *err)
{
	const struct cfg_creditor *settings = intake_settings(e,
	    creditor != NULL ? creditor : "", err);
	int64_t creditor_id;

	if (settings == NULL ||
	    !register_find_creditor(e->store, settings->id, &creditor_id, err) ||
	    !register_find_debtor(e->store, creditor_id, external, id, err))
		return false;
	return *id != 0 || err_set(err, ERR_INPUT, "there is no debtor '%.60s'", external);
}

int cmd_reschedule(struct cmd *cmd)
{
	struct reschedule_request ask = { .dry = cmd->dry_run, .who = "operator" };
	const char *case_id, *debtor, *creditor, *who;
	struct err err = { 0 };
	struct engine *e;
	json_t *out;
	bool all;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	all = cmd_flag(cmd, "--all");
	case_id = cmd_option(cmd, "--case");
	debtor = cmd_option(cmd, "--debtor");
	creditor = cmd_option(cmd, "--creditor");
	who = cmd_option(cmd, "--by");
	if (!cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if (all + (case_id != NULL) + (debtor != NULL) != 1)
		return cmd_usage(cmd, "give one of --all, --case ID and --debtor ID");
	if (case_id != NULL && !settle_reference_parse(case_id, &ask.case_id))
		return cmd_usage(cmd, "'%s' is not the number of a case", case_id);
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	ask.schedule = cmd->argv[0];
	ask.who = who != NULL ? who : ask.who;
	if ((debtor != NULL && !find_debtor(e, creditor, debtor, &ask.debtor_id, &err)) ||
	    !reschedule_run(e, &ask, cmd->now, &out, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json) {
		cmd_print_json(out);
		return EXIT_DONE;
	}
	print_text(out, ask.dry);
	json_decref(out);
	return EXIT_DONE;
}
