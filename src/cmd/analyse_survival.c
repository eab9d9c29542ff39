/* analyse_survival.c - purr analyse survival: how fast do the arms pay? */
#include <stdlib.h>

#include "cmd/analyse.h"
#include "cmd/analyse_flat.h"
#include "cmd/desk.h"
#include "measure/analyse_survival.h"
#include "measure/sequence.h"

static const char survival_help[] =
"usage: purr analyse survival --csv FILE [options] --json\n"
"\n"
"Time to payment by arm: cumulative incidence with other exits competing,\n"
"Kaplan-Meier, days outstanding, log-rank, hazard ratio; each arm against the\n"
"reference.  docs/analyse.md names every field.\n"
"\n"
ANALYSE_FLAT_HELP
"  --time COL --status COL   a table of times instead of days; status 0:\n"
"                      censored, 1: the event, 2 and more: another exit\n"
"  --days 14,30,60     days at which the curves are read\n"
"  --tau 30            days over which means are taken\n"
"  --curves            every step of the curves, too\n"
"  --covariates A,B    hazard ratios adjusted for them\n"
"  --cluster COL       the debtor, where rows are debts: errors by debtor\n"
"  --information I     planned 1 / se^2 of the log hazard ratio: limits that hold\n"
"                      at every look; or --rho R, the mixture's own parameter\n"
"  --sequential-alpha 0.01\n";

static bool read_at(struct cmd *cmd, struct survival_options *o)
{
	const char *text = cmd_option(cmd, "--days"), *at;
	char *end;

	text = text == NULL ? "14,30,60" : text;
	for (at = text; *at != '\0'; at = *end == ',' ? end + 1 : end) {
		const long day = strtol(at, &end, 10);

		if (end == at || (*end != ',' && *end != '\0') || day < 0 ||
		    day > FLAT_DAY_SPAN_MAX || o->day_count == SURVIVAL_DAYS_MAX) {
			cmd_usage(cmd, "--days takes up to %d days like 14,30,60, not '%s'",
			    SURVIVAL_DAYS_MAX, text);
			return false;
		}
		o->day[o->day_count++] = (int)day;
	}
	return true;
}

int analyse_survival(struct cmd *cmd)
{
	struct survival_options o = { .alpha = 0.01 };
	struct analyse_flat table;
	struct err err = { 0 };
	double tau = 30, planned = 0;
	json_t *out;
	int code;

	if (cmd_wants_help(cmd, survival_help))
		return EXIT_DONE;
	o.curves = cmd_flag(cmd, "--curves");
	if (!read_at(cmd, &o) || !analyse_real(cmd, "--tau", 1, FLAT_DAY_SPAN_MAX, &tau) ||
	    !analyse_real(cmd, "--rho", 1e-9, 1e15, &o.rho) ||
	    !analyse_real(cmd, "--information", 1e-9, 1e15, &planned) ||
	    !analyse_real(cmd, "--sequential-alpha", 1e-9, 0.5, &o.alpha))
		return EXIT_USAGE;
	if (planned > 0 && o.rho > 0)
		return cmd_usage(cmd, "give --information or --rho, not both");
	if (planned > 0)
		o.rho = sequence_rho(planned, o.alpha);
	o.tau = (int)tau;
	if (o.tau != tau)
		return cmd_usage(cmd, "--tau takes whole days");
	code = analyse_flat_read(cmd, ANALYSE_TIMES | ANALYSE_CLUSTER | ANALYSE_COVARIATES, &table);
	if (code >= 0)
		return code;
	o.level = table.level;
	out = analyse_survival_make(cmd->ctx, &table.flat, &o, &err);
	if (out == NULL)
		return cmd_fail(cmd, &err);
	cmd_print_json(out);
	return EXIT_DONE;
}
