/* cmd_approve.c - purr approve: a second person says yes to what a preview
 * showed, or to a run that was stopped. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "cmd/desk.h"
#include "engine/approve_run.h"
#include "engine/approve_step.h"
#include "engine/settle_run.h"

static const char help[] =
"usage: purr approve ID --by NAME [-C DIR] [--at TIME] [--json]\n"
"       purr approve --list [-C DIR] [--at TIME] [--json]\n"
"\n"
"  P-...    a preview that 'purr preview --by' made: what it showed may be sent,\n"
"           and nothing else.  Refused when it has expired, when schedules, rules\n"
"           or texts have changed since, when a message would now be another one,\n"
"           and to the person who made it.\n"
"  R-...    a run that was stopped because it would contact far more people than\n"
"           usual: so many may be contacted on that day\n"
"  case:N   the step of case N that is due and waits, since its schedule asks for\n"
"           approval: this step may be sent (or the claim handed over)\n"
"  --by     who says so; it is kept\n"
"  --list   previews and steps that may be approved, and what waits\n";

static void print_list(const json_t *list)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(list, "previews"), i, one) {
		const char *by = json_string_value(json_object_get(one, "approved_by"));

		printf("%s  %" JSON_INTEGER_FORMAT " contacts, made by %s at %s, until %s%s%s\n",
		    json_string_value(json_object_get(one, "id")),
		    json_integer_value(json_object_get(one, "contacts")),
		    json_string_value(json_object_get(one, "author")),
		    json_string_value(json_object_get(one, "made_at")),
		    json_string_value(json_object_get(one, "expires_at")),
		    by != NULL ? ", approved by " : "", by != NULL ? by : "");
	}
	json_array_foreach(json_object_get(list, "runs"), i, one) {
		const bool breaker = strcmp(json_string_value(json_object_get(one, "kind")),
		    "breaker") == 0;

		printf("%s  %s, %s: %" JSON_INTEGER_FORMAT " contacts",
		    json_string_value(json_object_get(one, "id")),
		    json_string_value(json_object_get(one, "day")),
		    breaker ? "stopped" : "waits for the approval of a preview",
		    json_integer_value(json_object_get(one, "contacts")));
		if (breaker)
			printf("; usual %" JSON_INTEGER_FORMAT ", allowed %" JSON_INTEGER_FORMAT,
			    json_integer_value(json_object_get(one, "usual")),
			    json_integer_value(json_object_get(one, "allowed")));
		printf("\n");
	}
	json_array_foreach(json_object_get(list, "steps"), i, one)
		printf("case:%" JSON_INTEGER_FORMAT "  step %s of schedule %s for %s, due on %s\n",
		    json_integer_value(json_object_get(one, "case")),
		    json_string_value(json_object_get(one, "step")),
		    json_string_value(json_object_get(one, "schedule")),
		    json_string_value(json_object_get(one, "debtor")),
		    json_string_value(json_object_get(one, "due_on")));
	printf("%" JSON_INTEGER_FORMAT " contacts wait for approval\n",
	    json_integer_value(json_object_get(list, "waiting")));
}

static int list(struct cmd *cmd, struct engine *e)
{
	struct err err = { 0 };
	json_t *out, *steps;

	if (!approve_list(e, cmd->now, &out, &err))
		return cmd_fail(cmd, &err);
	if (!approve_step_list(e, cmd->now, &steps, &err)) {
		json_decref(out);
		return cmd_fail(cmd, &err);
	}
	json_object_set_new(out, "steps", steps);
	if (cmd->json) {
		cmd_print_json(out);
		return EXIT_DONE;
	}
	print_list(out);
	json_decref(out);
	return EXIT_DONE;
}

static int approve_case(struct cmd *cmd, struct engine *e, int64_t case_id, const char *who)
{
	char step[SCHEDULE_WORD_BYTES];
	struct err err = { 0 };

	if (!approve_step(e, case_id, who, cmd->now, step, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json)
		cmd_print_json(json_pack("{s:s, s:s, s:s}", "approved", cmd->argv[0], "by", who,
		    "step", step));
	else
		printf("%s approved: step %s may go\n", cmd->argv[0], step);
	return EXIT_DONE;
}

static int approve(struct cmd *cmd, struct engine *e, const char *who)
{
	const char *id = cmd->argv[0];
	struct approve_answer answer = { 0 };
	struct err err = { 0 };
	int64_t run;
	bool ok;

	if (strncmp(id, "case:", 5) == 0 && settle_reference_parse(id + 5, &run))
		return approve_case(cmd, e, run, who);
	if (strncmp(id, "R-", 2) == 0 && settle_reference_parse(id, &run))
		ok = approve_stopped(e, run, who, cmd->now, &err);
	else
		ok = approve_preview(e, id, who, cmd->now, &answer, &err);
	if (!ok)
		return cmd_fail(cmd, &err);
	if (cmd->json)
		cmd_print_json(json_pack("{s:s, s:s, s:I, s:I}", "approved", id, "by", who,
		    "freed", (json_int_t)answer.freed, "waiting", (json_int_t)answer.waiting));
	else if (id[0] == 'R')
		printf("%s approved: the next plan goes on\n", id);
	else
		printf("%s approved: %" PRId64 " contacts are free, %" PRId64 " that it did not "
		    "show still wait\n", id, answer.freed, answer.waiting);
	return EXIT_DONE;
}

int cmd_approve(struct cmd *cmd)
{
	struct err err = { 0 };
	struct engine *e;
	const char *who;
	bool all;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	who = cmd_option(cmd, "--by");
	all = cmd_flag(cmd, "--list");
	if (!cmd_operands(cmd, all ? 0 : 1, all ? 0 : 1))
		return EXIT_USAGE;
	if (!all && !approve_name_check(who, &err))
		return cmd_usage(cmd, "%s", err.text);
	e = cmd_engine(cmd, all ? STORE_READ : STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	return all ? list(cmd, e) : approve(cmd, e, who);
}
