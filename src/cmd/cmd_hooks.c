/* cmd_hooks.c - purr hooks: what to tell the providers. */
#include <stdio.h>

#include <jansson.h>

#include "base/json_make.h"
#include "cmd/desk.h"
#include "engine/hook_run.h"
#include "engine/wire_settings.h"

static const char help[] =
"usage: purr hooks [-C DIR] [--json]\n"
"\n"
"Prints the address to which each provider of purr.conf's [sms] and [sms_second] is\n"
"to hand on what debtors write.  It holds a secret: whoever knows it can write in a debtor's\n"
"name.  Reports of what became of a message need nothing: each message names\n"
"an address of its own.  So it does for the print house of [letter] that tells what\n"
"became of a letter: make a webhook of each kind there with that address, and put\n"
"its key into the secret_file of [letter].\n";

int cmd_hooks(struct cmd *cmd)
{
	struct engine *e;
	const char *letters;
	bool any = false;
	json_t *out;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	e = cmd_engine(cmd, STORE_READ);
	if (e == NULL)
		return EXIT_REFUSED;
	out = json_array();
	for (int way = 0; way < SMS_WAYS; way++) {
		const char *url = hook_inbound_url(e, cmd->ctx, way);

		if (url[0] == '\0')
			continue;
		any = true;
		if (cmd->json)
			json_push(out, json_pack("{s:s, s:s}", "provider", sms_way_driver(e, way),
			    "inbound", url));
		else
			printf("%s\n", url);
	}
	letters = hook_letter_url(e, cmd->ctx);
	if (letters[0] != '\0') {
		any = true;
		if (cmd->json)
			json_push(out, json_pack("{s:s, s:s}", "provider",
			    e->cfg->text[CFG_LETTER_DRIVER], "letters", letters));
		else
			printf("%s\n", letters);
	}
	if (cmd->json) {
		cmd_print_json(out);
		return EXIT_DONE;
	}
	json_decref(out);
	if (!any)
		printf("no provider of purr.conf calls\n");
	return EXIT_DONE;
}
