/* cmd_diff.c - purr diff: who would get something different, and what. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "cmd/desk.h"
#include "cmd/look.h"
#include "engine/diff_run.h"

static const char help[] =
"usage: purr diff SCHEDULE NEW [--days N] [--at TIME] [--format text|json|csv]\n"
"       [-C DIR]\n"
"\n"
"Who would get something different, and what, if NEW took the place of SCHEDULE:\n"
"the coming days are lived through twice, in copies, as in 'purr preview'.\n"
"Totals first, then each message that is added, dropped, earlier, later, by\n"
"another channel, in another tone, with another fee or deadline.\n"
"\n"
"  SCHEDULE       a name in schedules/; or of a rule pack or a calendar\n"
"  NEW            a file with the other version, or the name of another schedule\n"
"  --days N       7 where it is not given, at most 366\n"
"  --format F     text, json (also --json), csv\n"
"\n"
"Running cases stay on the version that they began with; the look puts those of\n"
"SCHEDULE on NEW, whatever version they run on.\n";

static void print(struct cmd *cmd, const char *format, json_t *diff)
{
	struct str text;

	if (strcmp(format, "json") == 0) {
		cmd_print_json(diff);
		return;
	}
	str_init(&text, cmd->ctx, DIFF_TEXT_BYTES_MAX);
	if (strcmp(format, "csv") == 0)
		diff_csv(diff, &text);
	else
		diff_text(diff, &text);
	fputs(text.at, stdout);
	json_decref(diff);
}

int cmd_diff(struct cmd *cmd)
{
	struct diff_options options = { .now = cmd->now };
	const char *days, *format;
	struct err err = { 0 };
	json_t *out;
	bool ok;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	days = cmd_option(cmd, "--days");
	format = cmd_option(cmd, "--format");
	if (!cmd_operands(cmd, 2, 2))
		return EXIT_USAGE;
	if (!look_days(days, &options.days))
		return cmd_usage(cmd, "--days: give 0 to %d", FORWARD_DAYS_MAX);
	if (format == NULL)
		format = cmd->json ? "json" : "text";
	if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0 &&
	    strcmp(format, "csv") != 0)
		return cmd_usage(cmd, "--format: give text, json or csv");
	options.of = cmd->argv[0];
	options.new = cmd->argv[1];
	options.progress = isatty(STDERR_FILENO) ? look_progress : NULL;
	ok = diff_run(cmd->workspace, &options, &out, &err);
	look_progress_end(options.progress != NULL);
	if (!ok)
		return cmd_fail(cmd, &err);
	print(cmd, format, out);
	return EXIT_DONE;
}
