/* cmd_complaint.c - purr complaint: what a debtor complains of is written down. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "cmd/desk.h"
#include "engine/desk.h"
#include "engine/person_run.h"

#define TEXT_BYTES_MAX 4000

static const char help[] =
"usage: purr complaint --debtor ID --text TEXT --by NAME [--creditor ID]\n"
"                      [-C DIR] [--at TIME] [--json]\n"
"\n"
"A complaint that came by telephone, by letter or in a shop.  It becomes a task,\n"
"and no reminder goes to the debtor before somebody has had the time to answer.\n"
"Reports count it, and an experiment whose tone brings about more complaints than\n"
"its reference is told, or stopped.\n";

int cmd_complaint(struct cmd *cmd)
{
	const char *debtor, *creditor, *who, *text;
	struct err err = { 0 };
	struct engine *e;
	int64_t id;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	debtor = cmd_option(cmd, "--debtor");
	creditor = cmd_option(cmd, "--creditor");
	who = cmd_option(cmd, "--by");
	text = cmd_option(cmd, "--text");
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (debtor == NULL || who == NULL || text == NULL || text[0] == '\0' ||
	    strlen(text) > TEXT_BYTES_MAX)
		return cmd_usage(cmd, "give --debtor, --by and --text (at most %d bytes)",
		    TEXT_BYTES_MAX);
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (!store_begin(e->store, &err) ||
	    !person_find(e, creditor != NULL ? creditor : "", debtor, &id, &err) ||
	    !person_complaint(e, id, who, text, cmd->now, &err) || !store_commit(e->store, &err)) {
		store_rollback(e->store);
		return cmd_fail(cmd, &err);
	}
	if (cmd->json)
		cmd_print_json(json_pack("{s:s}", "debtor", debtor));
	else
		printf("%s: the complaint is a task, and nobody reminds them for %d days: answer before\n",
		    debtor, DESK_ANSWER_DAYS);
	return EXIT_DONE;
}
