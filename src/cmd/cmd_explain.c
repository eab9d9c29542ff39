/* cmd_explain.c - purr explain: why, why not, when next. */
#include <stdio.h>

#include <jansson.h>

#include "cmd/desk.h"
#include "engine/explain.h"

static const char explain_help[] =
"usage: purr explain INVOICE|case:ID|contact:ID [--creditor NAME] [--replay]\n"
"       [-C DIR] [--at TIME] [--json]\n"
"       purr explain --replay --all [-C DIR] [--json]\n"
"\n"
"Says where an invoice or a case stands: what is owed, which step comes next,\n"
"every rule that was asked and what it answered, the messages so far, the holds\n"
"with their ends, and what happens next.  Of a message: what it spoke of, and\n"
"the decision behind it, made again with the rules of its day.  Nothing is\n"
"written.\n"
"\n"
"  INVOICE           its number in the ledger, 2026-1001\n"
"  case:ID           as shown for an invoice\n"
"  contact:ID        one message\n"
"  --creditor NAME   where several creditors use the same invoice numbers\n"
"  --replay          makes the stored decision of a message, or all of the\n"
"                    debtor's, again from its stored facts and rules, and\n"
"                    exits with 1 when one differs\n"
"  --all             with --replay: every decision that is stored\n";

/* `what` NULL: all there are. */
static int replay(struct cmd *cmd, struct engine *e, const char *what, const char *creditor)
{
	struct err err = { 0 };
	const json_t *different, *one, *line;
	json_t *out;
	size_t i, k, count;

	if (!(what != NULL ? explain_replay(e, cmd->ctx, what, creditor, &out, &err) :
	    explain_replay_all(e, &out, &err)))
		return cmd_fail(cmd, &err);
	different = json_object_get(out, "different");
	count = json_array_size(different);
	if (cmd->json) {
		json_incref(out);
		cmd_print_json(out);
	} else if (count == 0) {
		printf("same answer: %" JSON_INTEGER_FORMAT " stored decision(s) made again\n",
		    json_integer_value(json_object_get(out, "same")));
	} else {
		json_array_foreach(different, i, one) {
			printf("decision %" JSON_INTEGER_FORMAT " of %s differs\n",
			    json_integer_value(json_object_get(one, "decision")),
			    json_string_value(json_object_get(one, "at")));
			json_array_foreach(json_object_get(one, "differences"), k, line)
				printf("  %s\n", json_string_value(line));
		}
	}
	json_decref(out);
	return count == 0 ? EXIT_DONE : EXIT_REFUSED;
}

int cmd_explain(struct cmd *cmd)
{
	struct err err = { 0 };
	const char *creditor;
	struct engine *e;
	struct str text;
	json_t *out;
	bool again, all;

	if (cmd_wants_help(cmd, explain_help))
		return EXIT_DONE;
	creditor = cmd_option(cmd, "--creditor");
	again = cmd_flag(cmd, "--replay");
	all = cmd_flag(cmd, "--all");
	if (!cmd_operands(cmd, all ? 0 : 1, all ? 0 : 1))
		return EXIT_USAGE;
	if (all && !again)
		return cmd_usage(cmd, "--all goes with --replay");
	e = cmd_engine(cmd, STORE_READ);
	if (e == NULL)
		return EXIT_REFUSED;
	if (again)
		return replay(cmd, e, all ? NULL : cmd->argv[0], creditor);
	if (!explain(e, cmd->ctx, cmd->argv[0], creditor, cmd->now, &out, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json) {
		cmd_print_json(out);
		return EXIT_DONE;
	}
	str_init(&text, cmd->ctx, EXPLAIN_TEXT_BYTES_MAX);
	explain_text(out, &text);
	fputs(text.at, stdout);
	json_decref(out);
	return EXIT_DONE;
}
