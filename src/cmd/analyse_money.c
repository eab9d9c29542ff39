/* analyse_money.c - purr analyse money: how much of what was owed came in? */
#include "cmd/analyse.h"
#include "cmd/analyse_flat.h"
#include "cmd/desk.h"
#include "measure/analyse_money.h"

static const char money_help[] =
"usage: purr analyse money --csv FILE [options] --json\n"
"\n"
"Money recovered per debtor and per unit owed, among matured debtors; each arm\n"
"against the reference, as it is and capped.  docs/analyse.md names every field.\n"
"\n"
ANALYSE_FLAT_HELP
"  --amount amount_minor   --paid-amount paid_minor\n"
"  --horizon 30  --lag 3   who has matured\n"
"  --cluster COL           the debtor, where rows are debts: they are added up\n";

int analyse_money(struct cmd *cmd)
{
	double horizon = 30, lag = 3;
	struct analyse_flat table;
	int code;

	if (cmd_wants_help(cmd, money_help))
		return EXIT_DONE;
	if (!analyse_real(cmd, "--horizon", 0, FLAT_DAY_SPAN_MAX, &horizon) ||
	    !analyse_real(cmd, "--lag", 0, FLAT_DAY_SPAN_MAX, &lag))
		return EXIT_USAGE;
	code = analyse_flat_read(cmd, ANALYSE_AMOUNTS | ANALYSE_CLUSTER, &table);
	if (code >= 0)
		return code;
	cmd_print_json(analyse_money_make(cmd->ctx, &table.flat, (int)horizon, (int)lag,
	    table.level));
	return EXIT_DONE;
}
