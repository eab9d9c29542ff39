/* main.c - the command table: the first file to open.
 *
 * Each command is a file in cmd/; what a whole life of an invoice passes
 * through is in engine/.
 */
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/secret.h"
#include "base/str.h"
#include "cmd/cmd.h"

#define YEAR_MIN 1980		/* as for the days of a ledger */
#define YEAR_MAX 2100

static const struct command {
	const char	*name;
	cmd_fn		*run;
	const char	*does;
} commands[] = {
	{ "check",	cmd_check,	"look settings, schedules, rules and texts over" },
	{ "init",	cmd_init,	"make a workspace: settings, schedules, templates, database" },
	{ "import",	cmd_import,	"read invoices, debtors or payments from a file" },
	{ "preview",	cmd_preview,	"what the coming days would bring, before anything is sent" },
	{ "diff",	cmd_diff,	"who would get something different under another schedule or rules" },
	{ "approve",	cmd_approve,	"say yes to a preview, or to a run that was stopped" },
	{ "plan",	cmd_plan,	"decide whom to contact, one pass" },
	{ "send",	cmd_send,	"send what is due, one pass" },
	{ "run",	cmd_run,	"one plan pass, then one send pass" },
	{ "replay",	cmd_replay,	"live through a past ledger day by day, without sending" },
	{ "simulate",	cmd_simulate,	"live through days with made-up debtors, without sending" },
	{ "explain",	cmd_explain,	"say why, why not and when next, with every rule that was asked" },
	{ "hold",	cmd_hold,	"stop reminders on an invoice, a case or a debtor" },
	{ "release",	cmd_release,	"end a hold" },
	{ "receive",	cmd_receive,	"take e-mail that came in: bounces, and what debtors write" },
	{ "soften",	cmd_soften,	"have one debtor written to warmly, whatever the experiment says" },
	{ "complaint",	cmd_complaint,	"write down what a debtor complains of" },
	{ "allow",	cmd_allow,	"end an opt-out that the debtor has taken back" },
	{ "pause",	cmd_pause,	"stop reminders of a creditor, or of all" },
	{ "resume",	cmd_resume,	"end a pause" },
	{ "reschedule",	cmd_reschedule,	"move running cases to the newest version of their schedule" },
	{ "handover",	cmd_handover,	"write out the claims that climbed their ladder: CSV and PDF" },
	{ "allocate",	cmd_allocate,	"say which invoice a payment is for" },
	{ "resolve",	cmd_resolve,	"say what became of a message of unknown outcome" },
	{ "tasks",	cmd_tasks,	"what needs a person, and what debtors wrote" },
	{ "hooks",	cmd_hooks,	"the address to which a provider hands on what debtors write" },
	{ "call",	cmd_call,	"say what came of a call that purr tasks lists" },
	{ "serve",	cmd_serve,	"the debtors' pages" },
	{ "work",	cmd_work,	"plan and send, minute after minute" },
	{ "up",		cmd_up,		"serve and work, started again when one dies" },
	{ "migrate",	cmd_migrate,	"bring the database to this program's schema" },
	{ "render",	cmd_render,	"turn a template and data into text" },
	{ "experiment",	cmd_experiment,	"what an experiment could find out here, and its start" },
	{ "report",	cmd_report,	"what the tones of an experiment did; recovery, channels, aging and more" },
	{ "analyse",	cmd_analyse,	"the statistics of the reports, on a table of your own" },
	{ "window",	cmd_window,	"may this channel be used now, and if not, when" },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_commands(FILE *out)
{
	fprintf(out, "purr " PURR_VERSION " - payment reminders that people do not dread\n\n"
	    "usage: purr COMMAND [-C WORKSPACE] [--json] ...\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].does);
	fprintf(out, "\n'purr COMMAND --help' tells more.\n");
}

/* Options that every command knows.  Returns -1 to go on, else an exit code. */
static int common_options(struct cmd *cmd)
{
	const char *text;
	struct err err = { 0 };

	cmd->json = cmd_flag(cmd, "--json");
	cmd->dry_run = cmd_flag(cmd, "--dry-run");
	text = cmd_option(cmd, "-C");
	cmd->workspace = text != NULL ? text : ".";
	text = cmd_option(cmd, "--at");
	cmd->now = clock_now();
	if (text != NULL) {
		if (!instant_parse(text, &cmd->now, &err)) {
			fprintf(stderr, "purr %s: %s\n", cmd->name, err.text);
			return EXIT_USAGE;
		}
		if (cmd->now < day_instant_utc(day_from_ymd(YEAR_MIN, 1, 1)) ||
		    cmd->now >= day_instant_utc(day_from_ymd(YEAR_MAX + 1, 1, 1))) {
			fprintf(stderr, "purr %s: --at: a year outside %d to %d\n", cmd->name,
			    YEAR_MIN, YEAR_MAX);
			return EXIT_USAGE;
		}
		cmd->now_given = true;
	}
	return -1;
}

/* What is typed may be kept, and told as JSON. */
static bool is_text(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (!utf8_is_valid(argv[i], strlen(argv[i])))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	struct cmd cmd = { 0 };
	int code;

	if (argc < 2) {
		print_commands(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_commands(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("purr " PURR_VERSION "\n");
		return EXIT_DONE;
	}
	if (!is_text(argc - 1, argv + 1)) {
		fprintf(stderr, "purr: a word of the command is not UTF-8\n");
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		secret_start();
		cmd.ctx = talloc_new(NULL);
		cmd.name = commands[i].name;
		cmd.argc = argc - 2;
		cmd.argv = argv + 2;
		code = common_options(&cmd);
		if (code < 0)
			code = commands[i].run(&cmd);
		talloc_free(cmd.ctx);
		return code;
	}
	fprintf(stderr, "purr: no command '%s'; see purr --help\n", argv[1]);
	return EXIT_USAGE;
}
