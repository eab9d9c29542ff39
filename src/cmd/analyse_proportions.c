/* analyse_proportions.c - purr analyse proportions: which share of each arm has
 * paid? */
#include "cmd/analyse.h"
#include "cmd/analyse_flat.h"
#include "cmd/desk.h"
#include "measure/analyse_proportions.h"
#include "measure/sequence.h"

static const char proportions_help[] =
"usage: purr analyse proportions --csv FILE [options] --json\n"
"\n"
"The share paid in full within the horizon, among matured debtors; each arm\n"
"against the reference, over strata or epochs where there are some.\n"
"docs/analyse.md names every field.\n"
"\n"
ANALYSE_FLAT_HELP
"  --horizon 30        days within which a payment counts\n"
"  --lag 3             days after which bookings are complete\n"
"  --margin 0.03       test of being no worse by more than that\n"
"  --binary COL        a column of 1 (yes) and 0 instead of days: all count\n"
"  --cluster COL       the debtor, where rows are debts: errors by debtor, too\n"
"  --covariates A,B    known before the assignment: Lin's regression, CUPED\n"
"  --segments COL      the effect in parts, shrunken\n"
"  --propensity COL    logged chance of the arm: weighted scores\n"
"  --floor 0.1         shares for the time to come by the chance to be the best\n"
"  --information I     planned 1 / se^2: limits that hold at every look\n"
"  --rho R             the same by the mixture's own parameter\n"
"  --sequential-alpha 0.01\n";

static bool whole(struct cmd *cmd, const char *option, double most, int *out)
{
	double value = *out;

	if (!analyse_real(cmd, option, 0, most, &value))
		return false;
	*out = (int)value;
	if (*out == value)
		return true;
	cmd_usage(cmd, "%s takes whole days", option);
	return false;
}

int analyse_proportions(struct cmd *cmd)
{
	struct proportions_options o = { .horizon = 30, .lag = 3, .alpha = 0.01 };
	double planned = 0;
	struct analyse_flat table;
	int code;

	if (cmd_wants_help(cmd, proportions_help))
		return EXIT_DONE;
	if (!whole(cmd, "--horizon", FLAT_DAY_SPAN_MAX, &o.horizon) ||
	    !whole(cmd, "--lag", FLAT_DAY_SPAN_MAX, &o.lag) ||
	    !analyse_real(cmd, "--margin", 0, 1, &o.margin) ||
	    !analyse_real(cmd, "--floor", 0, 0.5, &o.floor) ||
	    !analyse_real(cmd, "--rho", 1e-9, 1e15, &o.rho) ||
	    !analyse_real(cmd, "--information", 1e-9, 1e15, &planned) ||
	    !analyse_real(cmd, "--sequential-alpha", 1e-9, 0.5, &o.alpha))
		return EXIT_USAGE;
	if (planned > 0 && o.rho > 0)
		return cmd_usage(cmd, "give --information or --rho, not both");
	if (planned > 0)
		o.rho = sequence_rho(planned, o.alpha);
	code = analyse_flat_read(cmd, ANALYSE_BINARY | ANALYSE_CLUSTER | ANALYSE_COVARIATES |
	    ANALYSE_PARTS, &table);
	if (code >= 0)
		return code;
	o.level = table.level;
	o.binary = table.binary;
	cmd_print_json(analyse_proportions_make(cmd->ctx, &table.flat, &o));
	return EXIT_DONE;
}
