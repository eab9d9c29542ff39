/* analyse_power.c - purr analyse power: what can be seen, and with how many? */
#include <math.h>
#include <string.h>

#include "cmd/analyse.h"
#include "cmd/analyse_flat.h"
#include "cmd/desk.h"
#include "measure/analyse_proportions.h"
#include "measure/power.h"

static const char power_help[] =
"usage: purr analyse power [--base 0.30] [--effect 0.03] [--n N] [options] --json\n"
"       purr analyse power --csv FILE [columns] [options] --json\n"
"\n"
"Give two of share in the reference (--base), difference (--effect) and debtors\n"
"per arm (--n); what is missing is worked out: size, power, or the smallest\n"
"visible difference.  With a table, the base rate is that of its reference arm\n"
"and the size what it would bring in 4, 8 and 12 weeks.\n"
"\n"
"  --power 0.8         wanted\n"
"  --alpha 0.05        two-sided, of the whole experiment\n"
"  --arms 2            each of the others is compared with the reference\n"
"  --hybrid            1 part in 5 of alpha is kept for looking early\n"
"  --cluster-size 1    debts per debtor, with --icc their correlation\n"
"  --r2 0              of the variance explained by covariates\n"
"  --hazard-ratio HR   events for a log-rank test, with --share in the arm (0.5)\n"
"\n"
ANALYSE_FLAT_HELP;

struct power_options {
	double	base, effect, n, power, alpha, arms, cluster, icc, r2, ratio, share;
	bool	hybrid;
};

static bool read_options(struct cmd *cmd, struct power_options *o)
{
	const double none = (double)NAN;

	*o = (struct power_options){ none, none, none, 0.8, 0.05, 2, 1, 0, 0, none, 0.5, false };
	o->hybrid = cmd_flag(cmd, "--hybrid");
	return analyse_real(cmd, "--base", 0, 1, &o->base) &&
	    analyse_real(cmd, "--effect", -1, 1, &o->effect) &&
	    analyse_real(cmd, "--n", 1, 1e12, &o->n) &&
	    analyse_real(cmd, "--power", 0.01, 0.9999, &o->power) &&
	    analyse_real(cmd, "--alpha", 1e-6, 0.5, &o->alpha) &&
	    analyse_real(cmd, "--arms", 2, 16, &o->arms) &&
	    analyse_real(cmd, "--cluster-size", 1, 1e6, &o->cluster) &&
	    analyse_real(cmd, "--icc", 0, 1, &o->icc) &&
	    analyse_real(cmd, "--r2", 0, 0.9999, &o->r2) &&
	    analyse_real(cmd, "--hazard-ratio", 1e-3, 1e3, &o->ratio) &&
	    analyse_real(cmd, "--share", 0.001, 0.999, &o->share);
}

/* Of one comparison at the planned end: the hybrid rule keeps a fifth for looks. */
static double final_alpha(const struct power_options *o)
{
	return o->alpha * (o->hybrid ? 0.8 : 1) / (o->arms - 1);
}

static json_t *answer(const struct power_options *o)
{
	const double alpha = final_alpha(o);
	const double inflation = power_inflation(o->cluster, o->icc, o->r2);
	const double size = power_size(o->base, o->effect, alpha, o->power) * inflation;
	const double n = o->n / inflation;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "base", real_json(o->base), "effect", real_json(o->effect), "n", real_json(o->n),
	    "alpha", real_json(o->alpha), "alpha_final", real_json(alpha),
	    "design_effect", real_json(inflation),
	    "n_per_arm", real_json(size), "n_per_arm_ceil", real_json(ceil(size)),
	    "power", real_json(isnan(o->n) ? power_reached(o->base, o->effect, alpha,
	    ceil(size) / inflation) : power_reached(o->base, o->effect, alpha, n)),
	    "smallest_visible", real_json(power_visible(o->base, n, alpha, o->power)),
	    "events", real_json(power_events(o->ratio, o->share, alpha, o->power)));
}

/* --- from a table ----------------------------------------------------------------- */

static void supply(const struct power_options *o, const struct flat *f, json_t *out)
{
	static const int weeks[] = { 4, 8, 12 };
	json_t *list = json_array();
	int32_t first = INT32_MAX, last = INT32_MIN;
	struct flat_row row;
	double count = 0, per_day;

	for (size_t i = 0; i < f->sheet->rows; i++)
		if (flat_row(f, i, &row)) {
			count++;
			first = row.assigned < first ? row.assigned : first;
			last = row.assigned > last ? row.assigned : last;
		}
	per_day = count > 0 ? count / ((double)last - first + 1) : 0;
	for (size_t i = 0; i < sizeof(weeks) / sizeof(weeks[0]); i++) {
		const double n = per_day * 7 * weeks[i] / o->arms;
		const double inflation = power_inflation(o->cluster, o->icc, o->r2);

		json_array_append_new(list, json_pack("{s:i, s:o, s:o, s:o}", "weeks", weeks[i],
		    "n_per_arm", real_json(floor(n)), "smallest_visible",
		    real_json(power_visible(o->base, floor(n) / inflation, final_alpha(o), o->power)),
		    "power", real_json(power_reached(o->base, o->effect, final_alpha(o),
		    floor(n) / inflation))));
	}
	json_object_set_new(out, "entries_per_day", real_json(per_day));
	json_object_set_new(out, "supply", list);
}

static void take_base(struct cmd *cmd, const struct flat *f, struct power_options *o)
{
	const struct proportions_options p = { .horizon = 30, .lag = 3, .level = 0.95 };
	json_t *found = analyse_proportions_make(cmd->ctx, f, &p);
	const json_t *share = json_object_get(json_array_get(json_object_get(found, "arms"),
	    f->reference), "share");

	if (isnan(o->base) && json_is_number(json_object_get(share, "estimate")))
		o->base = json_number_value(json_object_get(share, "estimate"));
	json_decref(found);
}

int analyse_power(struct cmd *cmd)
{
	struct power_options o;
	struct analyse_flat table;
	json_t *out;
	bool has_table = false;

	if (cmd_wants_help(cmd, power_help))
		return EXIT_DONE;
	if (!read_options(cmd, &o))
		return EXIT_USAGE;
	if (o.arms != floor(o.arms))
		return cmd_usage(cmd, "--arms takes a whole number");
	for (int i = 0; i < cmd->argc; i++)
		has_table |= strncmp(cmd->argv[i], "--csv", 5) == 0;
	if (has_table) {
		const int code = analyse_flat_read(cmd, 0, &table);

		if (code >= 0)
			return code;
		take_base(cmd, &table.flat, &o);
	} else if (!cmd_operands(cmd, 0, 0)) {
		return EXIT_USAGE;
	}
	out = answer(&o);
	json_object_set_new(out, "kind", json_string("power"));
	if (has_table)
		supply(&o, &table.flat, out);
	cmd_print_json(out);
	return EXIT_DONE;
}
