/* cmd_report.c - purr report tone: what the tone of the reminders did. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/date.h"
#include "cmd/desk.h"
#include "cmd/report_out.h"
#include "engine/report_run.h"
#include "measure/tail.h"
#include "measure/tone_report.h"

static const char report_help[] =
"usage: purr report tone [--experiment ID] [--as-of DAY] [--format FORM]\n"
"       [--out FILE] [-C DIR] [--at TIME]\n"
"\n"
"Compares the arms of an experiment: the share of the assigned debtors who\n"
"have paid their whole opening balance within the horizon, the money, the\n"
"course over time, each with its uncertainty.  Everybody assigned counts in\n"
"the arm assigned, whether or not a message reached them.\n"
"\n"
"  --experiment ID   which one; may be left out while there is only one\n"
"  --as-of DAY       bookings after that day are not read (2026-11-22);\n"
"                    else the day before --at, the last whole day in UTC\n"
"  --format FORM     text; json, every figure, as docs/measurement.md describes\n"
"                    (--json too); csv, one row per figure; curve, one row per arm\n"
"                    and day; html or pdf, to hand on\n"
"  --out FILE        writes there; a PDF needs it\n";

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

static const struct report_forms tone_forms = { tone_document, tone_csv, tone_curve_csv };

int cmd_report(struct cmd *cmd)
{
	struct err err = { 0 };
	const char *experiment;
	struct engine *e;
	struct report_out out;
	json_t *report;
	day_t as_of;

	if (cmd_wants_help(cmd, report_help))
		return EXIT_DONE;
	experiment = cmd_option(cmd, "--experiment");
	if (!read_day(cmd, &as_of) || !report_out_read(cmd, &out) || !cmd_operands(cmd, 1, 1))
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
	return report_out_write(cmd, &out, &tone_forms, report);
}
