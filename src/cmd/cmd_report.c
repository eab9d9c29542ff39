/* cmd_report.c - purr report: what the reminders did, and what the ledger says. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "cmd/desk.h"
#include "cmd/report_out.h"
#include "engine/books_run.h"
#include "engine/report_run.h"
#include "measure/books_reports.h"
#include "measure/tables.h"
#include "measure/tail.h"
#include "measure/tone_report.h"

#define ROWS_BYTES_MAX (1u << 30)

static const char report_help[] =
"usage: purr report tone|recovery|channels|service|aging|promises\n"
"       [--experiment ID] [--as-of DAY] [--format FORM] [--out FILE] [-C DIR]\n"
"       [--at TIME]\n"
"\n"
"  tone       compares the arms of an experiment: the share of the assigned\n"
"             debtors who have paid their whole opening balance within the\n"
"             horizon, the money, the course over time, what it must not cost.\n"
"             Everybody assigned counts in the arm assigned, whether or not a\n"
"             message reached them\n"
"  recovery   money recovered by days since due, by month of the due day\n"
"  channels   reach, payment after a message, and cost, by channel\n"
"  service    what people had to do, how soon, and what debtors did alone\n"
"  aging      what is open by age; days sales outstanding; effectiveness\n"
"  promises   days that debtors promised, and what came of them\n"
"\n"
"  --experiment ID   of tone: which one; may be left out while there is one\n"
"  --as-of DAY       bookings after that day are not read (2026-11-22);\n"
"                    else the day before --at, the last whole day in UTC\n"
"  --format FORM     text; json, every figure, as docs/measurement.md describes\n"
"                    (--json too); csv, one row per figure; html or pdf, to hand\n"
"                    on; of tone also curve, one row per arm and day, and rows,\n"
"                    the debtors as purr analyse reads them\n"
"  --out FILE        writes there; a PDF needs it\n";

static const struct report_forms tone_forms = { tone_document, tone_csv, tone_curve_csv };
static const struct report_forms table_forms = { tables_document, tables_csv, NULL };

static const struct {
	const char	*name;
	json_t		*(*make)(const struct books *);
} reports[] = {
	{ "recovery", report_recovery_make }, { "channels", report_channels_make },
	{ "service", report_service_make }, { "aging", report_aging_make },
	{ "promises", report_promises_make },
};
#define REPORTS (sizeof(reports) / sizeof(reports[0]))

/* The index in `reports`; REPORTS: tone; -1: there is none of that name. */
static int report_find(const char *name)
{
	for (size_t i = 0; i < REPORTS; i++)
		if (strcmp(name, reports[i].name) == 0)
			return (int)i;
	return strcmp(name, "tone") == 0 ? (int)REPORTS : -1;
}

int cmd_report(struct cmd *cmd)
{
	struct err err = { 0 };
	const char *experiment;
	struct report_out out;
	struct books books;
	struct engine *e;
	json_t *report;
	day_t as_of;
	int which;

	if (cmd_wants_help(cmd, report_help))
		return EXIT_DONE;
	experiment = cmd_option(cmd, "--experiment");
	if (!cmd_as_of(cmd, &as_of) || !report_out_read(cmd, &out) || !cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	which = report_find(cmd->argv[0]);
	if (which < 0)
		return cmd_usage(cmd, "there is no report '%s': there are tone, recovery, channels, "
		    "service, aging and promises", cmd->argv[0]);
	if (experiment != NULL && which != (int)REPORTS)
		return cmd_usage(cmd, "--experiment goes with the report tone");
	e = cmd_engine(cmd, STORE_READ);
	if (e == NULL)
		return EXIT_REFUSED;
	tail_start();
	if (which == (int)REPORTS && out.format == REPORT_ROWS) {
		struct str rows;

		str_init(&rows, cmd->ctx, ROWS_BYTES_MAX);
		return report_tone_rows(e, cmd->ctx, experiment, as_of, &rows, &err) ?
		    report_out_text(cmd, &out, &rows) : cmd_fail(cmd, &err);
	}
	if (which == (int)REPORTS)
		return report_tone(e, cmd->ctx, experiment, as_of, false, &report, &err) ?
		    report_out_write(cmd, &out, &tone_forms, report) : cmd_fail(cmd, &err);
	return books_read(e, cmd->ctx, as_of, &books, &err) ?
	    report_out_write(cmd, &out, &table_forms, reports[which].make(&books)) :
	    cmd_fail(cmd, &err);
}
