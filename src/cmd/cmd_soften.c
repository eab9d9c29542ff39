/* cmd_soften.c - purr soften: a person has one debtor written to warmly. */
#include <stdio.h>

#include <jansson.h>

#include "base/err.h"
#include "cmd/desk.h"
#include "engine/person_run.h"
#include "engine/soften_run.h"

static const char help[] =
"usage: purr soften --debtor ID --reason TEXT --by NAME [--creditor ID]\n"
"                   [-C DIR] [--at TIME] [--json]\n"
"       purr soften --debtor ID --undo --by NAME ...\n"
"\n"
"From now on every reminder to this debtor has the warm tone, whatever the\n"
"schedule or an experiment says: for somebody who is ill, or has complained.\n"
"What the law wants said stays.  The debtor stays in the arm of an experiment;\n"
"the report says in how many of an arm it was so.\n";

struct wish {
	const char	*debtor, *creditor, *who, *reason;
	bool		 undo;
};

static bool soften(struct cmd *cmd, struct engine *e, const struct wish *w, struct err *err)
{
	int64_t debtor_id;

	return person_find(e, w->creditor != NULL ? w->creditor : "", w->debtor, &debtor_id, err) &&
	    soften_run(e, debtor_id, !w->undo, w->who, w->reason != NULL ? w->reason : "",
	    cmd->now, err);
}

int cmd_soften(struct cmd *cmd)
{
	struct engine *e;
	struct err err = { 0 };
	struct wish w;
	bool ok;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	w = (struct wish){ .debtor = cmd_option(cmd, "--debtor"),
	    .creditor = cmd_option(cmd, "--creditor"), .who = cmd_option(cmd, "--by"),
	    .reason = cmd_option(cmd, "--reason"), .undo = cmd_flag(cmd, "--undo") };
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (w.debtor == NULL || w.who == NULL || (w.reason == NULL && !w.undo))
		return cmd_usage(cmd, "give --debtor, --by and --reason (or --undo)");
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	ok = store_begin(e->store, &err) && soften(cmd, e, &w, &err) &&
	    store_commit(e->store, &err);
	if (!ok) {
		store_rollback(e->store);
		return cmd_fail(cmd, &err);
	}
	if (cmd->json)
		cmd_print_json(json_pack("{s:s, s:b}", "debtor", w.debtor, "softened", !w.undo));
	else
		printf("%s is written to %s\n", w.debtor, w.undo ? "as the schedule and the experiment "
		    "say again" : "warmly from now on");
	return EXIT_DONE;
}
