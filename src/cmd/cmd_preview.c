/* cmd_preview.c - purr preview: what the coming days would bring. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "cmd/desk.h"
#include "cmd/look.h"
#include "engine/approve_run.h"
#include "engine/preview_run.h"

static const char help[] =
"usage: purr preview [--days N] [--at TIME] [--format text|json|ics] [--list]\n"
"       [--runs HH:MM,...] [--schedule S] [--by NAME] [-C DIR]\n"
"\n"
"What would be sent in the rest of today and the N days after, if nobody pays\n"
"and nobody answers: by day, channel, step and tone; what closed days move; who\n"
"gets no message and why; what it costs; one text of each kind.  It is lived\n"
"through in a copy of the database; nothing is sent and nothing is written.\n"
"\n"
"  --days N       7 where it is not given, at most 366\n"
"  --format F     text, json (also --json), or ics: a calendar\n"
"  --list         in JSON: each message, too\n"
"  --runs TIMES   as if 'purr run' were started at these times only (of the\n"
"                 first creditor's day); else as if 'purr up' were running\n"
"  --schedule S   as if every open case were on this one: a name in schedules/\n"
"                 or a file\n"
"  --by NAME      keep what is shown under an id, so that somebody else can\n"
"                 approve it: 'purr approve'\n";

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_ICS };

static bool format_parse(const struct cmd *cmd, const char *text, enum format *out)
{
	static const char *const names[] = { "text", "json", "ics" };

	*out = cmd->json ? FORMAT_JSON : FORMAT_TEXT;
	if (text == NULL)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0) {
			*out = (enum format)i;
			return true;
		}
	return false;
}

static void print(struct cmd *cmd, enum format format, json_t *preview)
{
	struct str text;

	if (format == FORMAT_JSON) {
		cmd_print_json(preview);
		return;
	}
	str_init(&text, cmd->ctx, PREVIEW_TEXT_BYTES_MAX);
	if (format == FORMAT_ICS)
		preview_ics(preview, &text);
	else
		preview_text(preview, &text);
	fputs(text.at, stdout);
	json_decref(preview);
}

int cmd_preview(struct cmd *cmd)
{
	struct forward_options runs = { 0 };
	struct preview_options options = { .now = cmd->now };
	const char *days, *format_text, *times;
	struct err err = { 0 };
	enum format format;
	json_t *out;
	bool ok;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	days = cmd_option(cmd, "--days");
	format_text = cmd_option(cmd, "--format");
	times = cmd_option(cmd, "--runs");
	options.schedule = cmd_option(cmd, "--schedule");
	options.author = cmd_option(cmd, "--by");
	options.list = cmd_flag(cmd, "--list");
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (!look_days(days, &options.days))
		return cmd_usage(cmd, "--days: give 0 to %d", FORWARD_DAYS_MAX);
	if (!format_parse(cmd, format_text, &format))
		return cmd_usage(cmd, "--format: give text, json or ics");
	if (times != NULL && !forward_runs_parse(times, &runs, &err))
		return cmd_usage(cmd, "--runs: %s", err.text);
	if (options.author != NULL && !approve_name_check(options.author, &err))
		return cmd_usage(cmd, "%s", err.text);
	if (options.author != NULL && (options.schedule != NULL || times != NULL))
		return cmd_usage(cmd, "--by keeps what will be; it does not go with --schedule "
		    "or --runs");
	options.runs = times != NULL ? &runs : NULL;
	options.progress = isatty(STDERR_FILENO) ? look_progress : NULL;
	ok = preview_run(cmd->workspace, &options, &out, &err);
	look_progress_end(options.progress != NULL);
	if (!ok)
		return cmd_fail(cmd, &err);
	print(cmd, format, out);
	return EXIT_DONE;
}
