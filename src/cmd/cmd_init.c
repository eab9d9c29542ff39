/* cmd_init.c - purr init [DIR]: makes a workspace. */
#include <stdio.h>

#include "cmd/desk.h"
#include "engine/workspace.h"

static const char help[] =
"usage: purr init [DIR]\n"
"\n"
"Makes a workspace in DIR (default: the -C directory): purr.conf, schedules/,\n"
"templates/, keys/ and the database purr.db.  Files that are there already are\n"
"left as they are, so that init is safe to repeat.\n";

int cmd_init(struct cmd *cmd)
{
	struct err err = { 0 };
	const char *dir;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	if (!cmd_operands(cmd, 0, 1))
		return EXIT_USAGE;
	dir = cmd->argc == 1 ? cmd->argv[0] : cmd->workspace;
	if (!workspace_make(dir, cmd->now, &err))
		return cmd_fail(cmd, &err);
	printf("workspace %s is ready; look at purr.conf first, then run 'purr check'\n", dir);
	return EXIT_DONE;
}
