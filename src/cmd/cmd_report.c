/* cmd_report.c - purr report tone: what the tone of the reminders did. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/date.h"
#include "base/str.h"
#include "cmd/desk.h"
#include "engine/report_run.h"
#include "measure/tail.h"
#include "measure/tone_report.h"

static const char report_help[] =
"usage: purr report tone [--experiment ID] [--as-of DAY] [--format text|json]\n"
"       [-C DIR] [--at TIME]\n"
"\n"
"Compares the arms of an experiment: the share of the assigned debtors who\n"
"have paid their whole opening balance within the horizon, the money, the\n"
"course over time, each with its uncertainty.  Everybody assigned counts in\n"
"the arm assigned, whether or not a message reached them.\n"
"\n"
"  --experiment ID   which one; may be left out while there is only one\n"
"  --as-of DAY       bookings after that day are not read (2026-11-22);\n"
"                    else the day before --at, the last whole day in UTC\n"
"  --format json     every figure, as docs/measurement.md describes (--json too)\n";

/* False: usage was printed. */
static bool read_day(struct cmd *cmd, day_t *out)
{
	const char *text = cmd_option(cmd, "--as-of"), *at = text;

	*out = instant_utc_day(cmd->now) - 1;
	if (text == NULL || (day_parse_iso(&at, out) && *at == '\0'))
		return true;
	cmd_usage(cmd, "--as-of takes a day like 2026-11-22, not '%s'", text);
	return false;
}

static bool read_format(struct cmd *cmd)
{
	const char *format = cmd_option(cmd, "--format");

	if (format == NULL || strcmp(format, "text") == 0)
		return true;
	cmd->json = strcmp(format, "json") == 0;
	if (!cmd->json)
		cmd_usage(cmd, "--format takes text or json, not '%s'", format);
	return cmd->json;
}

static void print_text(struct cmd *cmd, const json_t *report)
{
	const json_int_t other = json_integer_value(json_object_get(report, "other_currency"));
	struct str text;

	str_init(&text, cmd->ctx, TONE_TEXT_BYTES_MAX);
	tone_report_text(report, &text);
	fputs(text.at, stdout);
	if (other > 0)
		printf("\n%" JSON_INTEGER_FORMAT " assigned debtors who owe in another "
		    "currency are left out.\n", other);
}

int cmd_report(struct cmd *cmd)
{
	struct err err = { 0 };
	const char *experiment;
	struct engine *e;
	json_t *report;
	day_t as_of;

	if (cmd_wants_help(cmd, report_help))
		return EXIT_DONE;
	experiment = cmd_option(cmd, "--experiment");
	if (!read_day(cmd, &as_of) || !read_format(cmd) || !cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if (strcmp(cmd->argv[0], "tone") != 0)
		return cmd_usage(cmd, "there is no report '%s': the one there is, is tone",
		    cmd->argv[0]);
	e = cmd_engine(cmd, STORE_READ);
	if (e == NULL)
		return EXIT_REFUSED;
	tail_start();
	if (!report_tone(e, cmd->ctx, experiment, as_of, false, &report, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json) {
		cmd_print_json(report);
	} else {
		print_text(cmd, report);
		json_decref(report);
	}
	return EXIT_DONE;
}
