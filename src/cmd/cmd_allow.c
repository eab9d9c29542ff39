/* cmd_allow.c - purr allow: a debtor wants messages by a channel again. */
#include <stdio.h>

#include <jansson.h>

#include "base/err.h"
#include "cmd/desk.h"
#include "engine/person_run.h"

static const char help[] =
"usage: purr allow CHANNEL --debtor ID --reason TEXT --by NAME [--creditor ID]\n"
"                  [-C DIR] [--at TIME] [--json]\n"
"\n"
"Ends an opt-out (CHANNEL: email, sms, letter, call), where the debtor has asked\n"
"for it: say in --reason how and when.  A number or mailbox that was closed because\n"
"messages came back is tried again, too: say why it should work now.  It is for the\n"
"addresses that the debtor has now, and for whoever of the same creditor shares them.\n";

int cmd_allow(struct cmd *cmd)
{
	const char *debtor, *creditor, *who, *reason;
	enum channel channel;
	struct err err = { 0 };
	struct engine *e;
	int64_t id;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	debtor = cmd_option(cmd, "--debtor");
	creditor = cmd_option(cmd, "--creditor");
	who = cmd_option(cmd, "--by");
	reason = cmd_option(cmd, "--reason");
	if (!cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if (debtor == NULL || who == NULL || reason == NULL || reason[0] == '\0' ||
	    !channel_parse(cmd->argv[0], &channel))
		return cmd_usage(cmd, "give a channel, --debtor, --reason and --by");
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (!store_begin(e->store, &err) ||
	    !person_find(e, creditor != NULL ? creditor : "", debtor, &id, &err) ||
	    !person_allow(e, id, channel, who, reason, cmd->now, &err) ||
	    !store_commit(e->store, &err)) {
		store_rollback(e->store);
		return cmd_fail(cmd, &err);
	}
	if (cmd->json)
		cmd_print_json(json_pack("{s:s, s:s}", "debtor", debtor, "channel",
		    channel_name(channel)));
	else
		printf("%s may be written to by %s again\n", debtor, channel_name(channel));
	return EXIT_DONE;
}
