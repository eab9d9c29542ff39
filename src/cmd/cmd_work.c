/* cmd_work.c - purr work: plan and send, minute after minute. */
#include <stdio.h>

#include "cmd/desk.h"
#include "engine/worker.h"

static const char help[] =
"usage: purr work [-C DIR] [--worker NAME] [--once] [--at TIME]\n"
"\n"
"Plans and sends every minute until SIGTERM or SIGINT; SIGUSR1 starts the next\n"
"pass at once.  Several workers may run side by side under different names.\n"
"What a worker that died left behind is sorted out when one of its name starts.\n"
"\n"
"  --worker NAME   name of this worker (main)\n"
"  --once          one pass, then end\n"
"  --at TIME       with --once: take this for the present\n"
"\n"
"Settings, schedules and templates are read at the start; start the worker\n"
"again after a change.\n";

int cmd_work(struct cmd *cmd)
{
	struct worker_options options = { .log = stderr };
	struct err err = { 0 };
	struct engine *e;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	options.name = cmd_worker(cmd);
	options.once = cmd_flag(cmd, "--once");
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (cmd->now_given && !options.once)
		return cmd_usage(cmd, "--at stands still; it needs --once");
	options.now = cmd->now_given ? cmd->now : 0;
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	return worker_run(e, &options, &err) ? EXIT_DONE : cmd_fail(cmd, &err);
}
