/* cmd_handover.c - purr handover: claims that climbed their ladder, written out
 * for whoever collects them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/date.h"
#include "cmd/desk.h"
#include "engine/handover_run.h"

static const char help[] =
"usage: purr handover DIR [--since DAY] [--again] [--by NAME] [--dry-run] [-C DIR]\n"
"                     [--at TIME] [--json]\n"
"\n"
"Writes the claims that were handed over and are still owed into the folder\n"
"DIR: claims.csv with one row per invoice, and case-N.pdf for each case with the\n"
"statement of account, every message as it was sent, and what happened and why.\n"
"A claim is written once.\n"
"\n"
"  --since    only what left the ladder on that day (UTC) or later\n"
"  --again    also what was written before\n"
"  --dry-run  say how many, write nothing\n";

int cmd_handover(struct cmd *cmd)
{
	struct handover_request ask = { .who = "operator", .dry = cmd->dry_run };
	struct handover_summary sum;
	const char *since, *who;
	struct err err = { 0 };
	struct engine *e;
	day_t day;

	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	ask.again = cmd_flag(cmd, "--again");
	since = cmd_option(cmd, "--since");
	who = cmd_option(cmd, "--by");
	if (!cmd_operands(cmd, 1, 1))
		return EXIT_USAGE;
	if (since != NULL) {
		const char *at = since;

		if (!day_parse_iso(&at, &day) || *at != '\0')
			return cmd_usage(cmd, "--since is a day such as 2026-11-01, not '%s'", since);
		ask.since = day_instant_utc(day);
	}
	ask.dir = cmd->argv[0];
	ask.who = who != NULL ? who : ask.who;
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
