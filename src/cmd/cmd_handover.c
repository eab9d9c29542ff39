/* cmd_handover.c - purr handover: claims that climbed their ladder, written out
 * for whoever collects them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/date.h"
#include "cmd/desk.h"
#include "engine/handover_back.h"
#include "engine/handover_run.h"

static const char help[] =
"usage: purr handover DIR [--since DAY] [--again] [--by NAME] [--dry-run] [-C DIR]\n"
"                     [--at TIME] [--json]\n"
"       purr handover --back INVOICE [--until DAY] [--reason TEXT] [--by NAME] ...\n"
"\n"
"Writes the claims that were handed over and are still owed into the folder\n"
"DIR: claims.csv with one row per invoice, and case-N.pdf for each case with the\n"
"statement of account, every message as it was sent, and what happened and why.\n"
"A claim is written once; one that is on hold is not.\n"
"\n"
"  --since    only what left the ladder on that day (UTC) or later\n"
"  --again    also what was written before\n"
"  --dry-run  say how many, write nothing\n"
"  --back     takes a claim back: it is open again, and on hold until the end of\n"
"             --until, or until somebody releases it\n";

static bool day_option(struct cmd *cmd, const char *name, const char *text, day_t *day)
{
	const char *at = text;

	*day = DAY_NONE;
	if (text == NULL || (day_parse_iso(&at, day) && *at == '\0'))
		return true;
	cmd_usage(cmd, "%s is a day such as 2026-11-01, not '%s'", name, text);
	return false;
}

static int take_back(struct cmd *cmd, const char *invoice, const char *who)
{
	const char *reason = cmd_option(cmd, "--reason"), *creditor = cmd_option(cmd, "--creditor");
	struct handover_back ask = { .invoice = invoice, .who = who,
	    .creditor = creditor != NULL ? creditor : "", .reason = reason != NULL ? reason : "taken back" };
	struct err err = { 0 };
	struct engine *e;

	if (!day_option(cmd, "--until", cmd_option(cmd, "--until"), &ask.until) ||
	    !cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (!handover_take_back(e, &ask, cmd->now, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json)
		cmd_print_json(json_pack("{s:s, s:b}", "invoice", invoice, "exported", ask.exported));
	else
		printf("%s is open again, and on hold%s\n", invoice, ask.exported ?
		    "; it was written out before: tell who got it" : "");
	return EXIT_DONE;
}

int cmd_handover(struct cmd *cmd)
{
	struct handover_request ask = { .who = "operator", .dry = cmd->dry_run };
	struct handover_summary sum;
	const char *since, *who, *back;
	struct err err = { 0 };
	struct engine *e;
	day_t day;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	ask.again = cmd_flag(cmd, "--again");
	since = cmd_option(cmd, "--since");
	who = cmd_option(cmd, "--by");
	back = cmd_option(cmd, "--back");
	ask.who = who != NULL ? who : ask.who;
	if (back != NULL)
		return take_back(cmd, back, ask.who);
	if (!cmd_operands(cmd, 1, 1) || !day_option(cmd, "--since", since, &day))
		return EXIT_USAGE;
	if (since != NULL)
		ask.since = day_instant_utc(day);
	ask.dir = cmd->argv[0];
	e = cmd_engine(cmd, STORE_WRITE);
	if (e == NULL)
		return EXIT_REFUSED;
	if (!handover_run(e, &ask, cmd->now, &sum, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json)
		cmd_print_json(json_pack("{s:I, s:I, s:s}", "cases", (json_int_t)sum.cases,
		    "invoices", (json_int_t)sum.invoices, "folder",
		    ask.dry || sum.cases == 0 ? "" : ask.dir));
	else if (sum.cases == 0)
		printf("nothing to hand over\n");
	else
		printf("%" PRId64 " invoices in %" PRId64 " cases%s%s\n", sum.invoices, sum.cases,
		    ask.dry ? " would be written" : ", written to ", ask.dry ? "" : ask.dir);
	return EXIT_DONE;
}
