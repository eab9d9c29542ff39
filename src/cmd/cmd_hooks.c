/* cmd_hooks.c - purr hooks: what to tell the provider of SMS. */
#include <stdio.h>

#include <jansson.h>

#include "cmd/desk.h"
#include "engine/hook_run.h"

static const char help[] =
"usage: purr hooks [-C DIR] [--json]\n"
"\n"
"Prints the address to which the provider of purr.conf's [sms] is to hand on what\n"
"debtors write.  It holds a secret: whoever knows it can write in a debtor's\n"
"name.  Reports of what became of a message need nothing: each message names\n"
"an address of its own.\n";

int cmd_hooks(struct cmd *cmd)
{
	struct engine *e;
	const char *url;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	e = cmd_engine(cmd, STORE_READ);
	if (e == NULL)
		return EXIT_REFUSED;
	url = hook_inbound_url(e, cmd->ctx);
	if (cmd->json)
		cmd_print_json(json_pack("{s:s, s:s}", "provider", e->cfg->text[CFG_SMS_DRIVER],
		    "inbound", url));
	else if (url[0] == '\0')
		printf("the driver of [sms] is \"file\": nobody calls\n");
	else
		printf("%s\n", url);
	return EXIT_DONE;
}
