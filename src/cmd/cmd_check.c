/* cmd_check.c - purr check: does everything that a finance team edits hold? */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <talloc.h>

#include "base/date.h"
#include "base/must.h"
#include "cmd/cmd.h"
#include "compose/library.h"
#include "compose/lint.h"
#include "engine/check_run.h"

static const char help[] =
"usage: purr check [--verbose] [-C DIR] [--json] [--at TIME]\n"
"\n"
"Looks over what a finance team edits in the workspace (what travels in the\n"
"program, where it has none).  Schedules, rule packs, calendars, closed days,\n"
"experiments and purr.conf: each by itself, and what they say of each other.\n"
"Texts: variables, the same facts in every tone, threats and shouting, legal\n"
"content of formal notices, SMS parts, readability (LIX).  One line for each\n"
"problem, FILE:LINE: text; exit code 1 when there is one.  Lines that begin with\n"
"note: are for you to know: fees and rates of a rule pack without a value for\n"
"today (nothing is charged then) and how to set them, what schedules/rules/local/\n"
"lays over a pack, what a file of closed days closes.  --at TIME asks for another\n"
"day.\n"
"\n"
"  --verbose   LIX, SMS parts and size of every text; also the notes about countries in which\n"
"              nobody is so far\n"
"  --json      {\"problems\": [...], \"notices\": [...], \"texts\": [...], \"policy\": {counts}}\n";

struct tally {
	bool	 verbose;
	json_t	*problems, *notices, *texts;
	int	 lix_max, parts_max;
	struct check_counts counts;
};

static void take_policy_problem(void *arg, const char *path, int line, const char *text)
{
	struct tally *tally = arg;
	json_t *row = json_pack("{s:s, s:i, s:s}", "path", path, "line", line, "text", text);

	must(row != NULL && json_array_append_new(tally->problems, row) == 0);
}

static void take_notice(void *arg, const char *path, const char *text, bool aside)
{
	struct tally *tally = arg;
	json_t *row = json_pack("{s:s, s:s, s:b}", "path", path, "text", text, "aside", aside);

	must(row != NULL && json_array_append_new(tally->notices, row) == 0);
}

static void take_problem(void *arg, const struct lint_problem *p)
{
	struct tally *tally = arg;
	json_t *row = json_pack("{s:s, s:i, s:s}", "path", p->path, "line", p->line,
	    "text", p->text);

	must(row != NULL && json_array_append_new(tally->problems, row) == 0);
}

static void take_figures(void *arg, const struct lint_figures *f)
{
	struct tally *tally = arg;
	json_t *row = json_pack("{s:s, s:i, s:i, s:I, s:I}", "path", f->path, "lix", f->lix,
	    "sms_parts", f->sms_parts, "text_bytes", (json_int_t)f->text_bytes,
	    "html_bytes", (json_int_t)f->html_bytes);

	must(row != NULL && json_array_append_new(tally->texts, row) == 0);
	tally->lix_max = f->lix > tally->lix_max ? f->lix : tally->lix_max;
	tally->parts_max = f->sms_parts > tally->parts_max ? f->sms_parts : tally->parts_max;
}

/* line 0: it is about the whole file. */
static void print_problem(const char *path, json_int_t line, const char *text)
{
	if (line > 0)
		printf("%s:%" JSON_INTEGER_FORMAT ": %s\n", path, line, text);
	else
		printf("%s: %s\n", path, text);
}

/* What concerns countries in which nobody is so far is told in one line. */
static void print_notices(const struct tally *tally)
{
	size_t i, aside = 0;
	json_t *row;

	json_array_foreach(tally->notices, i, row) {
		if (!tally->verbose && json_is_true(json_object_get(row, "aside"))) {
			aside++;
			continue;
		}
		printf("note: %s: %s\n", json_string_value(json_object_get(row, "path")),
		    json_string_value(json_object_get(row, "text")));
	}
	if (aside > 0)
		printf("note: %zu more notes are about countries in which nobody is so far; "
		    "--verbose names them\n", aside);
}

static void print_rows(const struct tally *tally)
{
	size_t i;
	json_t *row;

	json_array_foreach(tally->problems, i, row)
		print_problem(json_string_value(json_object_get(row, "path")),
		    json_integer_value(json_object_get(row, "line")),
		    json_string_value(json_object_get(row, "text")));
	print_notices(tally);
	if (tally->verbose)
		json_array_foreach(tally->texts, i, row)
			printf("%-58s LIX %2lld  SMS parts %lld  text %lld  html %lld\n",
			    json_string_value(json_object_get(row, "path")),
			    (long long)json_integer_value(json_object_get(row, "lix")),
			    (long long)json_integer_value(json_object_get(row, "sms_parts")),
			    (long long)json_integer_value(json_object_get(row, "text_bytes")),
			    (long long)json_integer_value(json_object_get(row, "html_bytes")));
	if (!tally->counts.settings)
		printf("settings: there is no purr.conf here, so this is no workspace\n");
	printf("policy: schedules %zu, rule packs %zu, calendars %zu, experiments %zu, "
	    "creditors %zu\n", tally->counts.schedules, tally->counts.packs,
	    tally->counts.calendars, tally->counts.experiments, tally->counts.creditors);
	printf("templates: texts %zu, LIX at most %d, SMS parts at most %d\n",
	    json_array_size(tally->texts), tally->lix_max, tally->parts_max);
	printf("problems: %zu\n", json_array_size(tally->problems));
}

static int print_tally(const struct cmd *cmd, const struct tally *tally)
{
	if (cmd->json) {
		const struct check_counts *n = &tally->counts;
		json_t *answer = json_pack("{s:O, s:O, s:O, s:{s:I, s:I, s:I, s:I, s:I}}",
		    "problems", tally->problems, "notices", tally->notices,
		    "texts", tally->texts, "policy",
		    "schedules", (json_int_t)n->schedules, "packs", (json_int_t)n->packs,
		    "calendars", (json_int_t)n->calendars,
		    "experiments", (json_int_t)n->experiments,
		    "creditors", (json_int_t)n->creditors);

		must(answer != NULL);
		(void)json_dumpf(answer, stdout, JSON_COMPACT);
		(void)fputc('\n', stdout);
		json_decref(answer);
	} else {
		print_rows(tally);
	}
	return json_array_size(tally->problems) == 0 ? EXIT_DONE : EXIT_REFUSED;
}

int cmd_check(struct cmd *cmd)
{
	struct tally tally = { 0 };
	const struct lint_sink sink = { take_problem, take_figures, &tally };
	const struct check_sink policy_sink = { take_policy_problem, take_notice, &tally };
	struct err err = { 0 };
	struct library *lib;
	int code;

	cmd->help = help;
	if (cmd_flag(cmd, "--help")) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	tally.verbose = cmd_flag(cmd, "--verbose");
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (access(cmd->workspace, F_OK) != 0) {
		err_set(&err, ERR_INPUT, "%s: %s", cmd->workspace, strerror(errno));
		return cmd_fail(cmd, &err);
	}
	lib = library_open(cmd->ctx, cmd->workspace, &err);
	if (lib == NULL)
		return cmd_fail(cmd, &err);
	tally.problems = json_array();
	tally.notices = json_array();
	tally.texts = json_array();
	check_run(cmd->workspace, lib, instant_utc_day(cmd->now), &policy_sink,
	    &tally.counts);
	lint_library(lib, cmd->ctx, &sink);
	code = print_tally(cmd, &tally);
	json_decref(tally.problems);
	json_decref(tally.notices);
	json_decref(tally.texts);
	return code;
}
