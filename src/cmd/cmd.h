/* cmd.h - what every command has in common: argv in, text out, an exit code.
 *
 * A command is one file, cmd_NAME.c, with one function cmd_NAME() named in the
 * table of main.c.  Its help text stands at the top of that file.
 *
 * Every command knows --help, -C DIR (workspace) and --json; --at TIME where
 * a "now" makes sense.  The exit code is 0 when done, 1 when refused or failed
 * (one clear line on stderr), 2 on wrong usage.
 *
 * Memory:  `ctx` is a talloc context that dies with the command.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

struct cmd {
	void		*ctx;
	const char	*name;
	const char	*help;		/* whole text of --help */
	const char	*workspace;	/* -C, "." else */
	bool		 json;
	bool		 dry_run;
	instant_t	 now;		/* --at, the machine's time else */
	bool		 now_given;
	int		 argc;		/* what is left: options of its own, operands */
	char		**argv;
};

typedef int cmd_fn(struct cmd *);

cmd_fn cmd_diff;
cmd_fn cmd_explain;
cmd_fn cmd_import;
cmd_fn cmd_init;
cmd_fn cmd_plan;
cmd_fn cmd_allocate;
cmd_fn cmd_analyse;
cmd_fn cmd_approve;
cmd_fn cmd_call;
cmd_fn cmd_check;
cmd_fn cmd_preview;
cmd_fn cmd_render;
cmd_fn cmd_receive;
cmd_fn cmd_replay;
cmd_fn cmd_report;
cmd_fn cmd_run;
cmd_fn cmd_send;
cmd_fn cmd_simulate;
cmd_fn cmd_window;
cmd_fn cmd_hold;
cmd_fn cmd_hooks;
cmd_fn cmd_release;
cmd_fn cmd_pause;
cmd_fn cmd_resume;
cmd_fn cmd_resolve;
cmd_fn cmd_soften;
cmd_fn cmd_complaint;
cmd_fn cmd_allow;
cmd_fn cmd_tasks;
cmd_fn cmd_serve;
cmd_fn cmd_work;
cmd_fn cmd_up;
cmd_fn cmd_migrate;
cmd_fn cmd_handover;
cmd_fn cmd_experiment;
cmd_fn cmd_reschedule;

/* The part of cmd_render() that shows a stored text. */
int	cmd_render_stored(struct cmd *);

/* Options of its own, in any order before and between operands:
 * takes "--name VALUE" or "--name=VALUE" out of argv.  NULL: not given. */
const char	*cmd_option(struct cmd *, const char *name);
bool		 cmd_flag(struct cmd *, const char *name);

/* After all options are taken: what is left must be `min`..`max` operands
 * and nothing that looks like an option.  False: usage was printed. */
bool		 cmd_operands(struct cmd *, int min, int max);

/* One line on stderr, EXIT_REFUSED or EXIT_USAGE. */
int		 cmd_fail(struct cmd *, const struct err *);
int		 cmd_usage(struct cmd *, const char *fmt, ...)
		    __attribute__((__format__(__printf__, 2, 3)));

#endif
