/* analyse_flat.c - see analyse_flat.h. */
#include "cmd/analyse_flat.h"

#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "cmd/analyse.h"
#include "cmd/sheet_file.h"

enum column {
	COL_ARM, COL_DEBTOR, COL_STRATA, COL_ASSIGNED, COL_PAID, COL_CENSORED, COL_OUTCOME,
	COL_TIME, COL_STATUS, COL_AMOUNT, COL_PAID_MINOR, COL_CLUSTER, COL_SEGMENT, COL_PROPENSITY,
	COLUMNS
};

static const struct {
	const char	*option, *standard;
	enum sheet_kind	 kind;
} columns[COLUMNS] = {
	[COL_ARM] = { "--arm", "arm", SHEET_WORD },
	[COL_DEBTOR] = { "--debtor", "debtor_id", SHEET_KEY },
	[COL_STRATA] = { "--strata", NULL, SHEET_WORD },
	[COL_ASSIGNED] = { "--assigned", "assigned_at_day", SHEET_DAY },
	[COL_PAID] = { "--paid", "paid_at_day", SHEET_DAY },
	[COL_CENSORED] = { "--censored", "censored_at_day", SHEET_DAY },
	[COL_OUTCOME] = { "--outcome", "outcome", SHEET_WORD },
	[COL_TIME] = { "--time", NULL, SHEET_DAY },
	[COL_STATUS] = { "--status", NULL, SHEET_DAY },
	[COL_AMOUNT] = { "--amount", "amount_minor", SHEET_MINOR },
	[COL_PAID_MINOR] = { "--paid-amount", "paid_minor", SHEET_MINOR },
	[COL_CLUSTER] = { "--cluster", NULL, SHEET_KEY },
	[COL_SEGMENT] = { "--segments", NULL, SHEET_WORD },
	[COL_PROPENSITY] = { "--propensity", NULL, SHEET_REAL },
};

/* Which columns a table must have, and which it may have. */
static bool is_wanted(enum column c, const char *const *name, int what, bool *optional)
{
	const bool times = name[COL_TIME] != NULL;

	*optional = c == COL_DEBTOR || c == COL_OUTCOME || c == COL_CENSORED ||
	    (c == COL_ASSIGNED && times);
	switch (c) {
	case COL_ARM:		return true;
	case COL_DEBTOR:	return !times && name[COL_CLUSTER] == NULL;
	case COL_CLUSTER:
	case COL_SEGMENT:
	case COL_PROPENSITY:
	case COL_STRATA:
	case COL_TIME:
	case COL_STATUS:	return name[c] != NULL;
	case COL_ASSIGNED:	return !times || name[COL_PROPENSITY] != NULL;
	case COL_PAID:
	case COL_CENSORED:
	case COL_OUTCOME:	return !times;
	case COL_AMOUNT:
	case COL_PAID_MINOR:	return (what & ANALYSE_AMOUNTS) != 0;
	case COLUMNS:		break;
	}
	return false;
}

static bool day_option(struct cmd *cmd, const char *option, int32_t *out)
{
	const char *text = cmd_option(cmd, option);
	char *end;
	long day;

	if (text == NULL)
		return true;
	day = strtol(text, &end, 10);
	if (*text == '\0' || *end != '\0' || day <= INT32_MIN || day >= INT32_MAX) {
		cmd_usage(cmd, "%s takes a whole number, not '%s'", option, text);
		return false;
	}
	*out = (int32_t)day;
	return true;
}

static struct flat_columns found(const struct sheet *s, const size_t *at)
{
	const struct sheet_column *c[COLUMNS] = { NULL };

	for (int i = 0; i < COLUMNS; i++)
		c[i] = at[i] == SIZE_MAX ? NULL : s->columns[at[i]];
	return (struct flat_columns){ .segment = c[COL_SEGMENT], .propensity = c[COL_PROPENSITY],
	    .arm = c[COL_ARM], .debtor = c[COL_DEBTOR],
	    .strata = c[COL_STRATA], .assigned = c[COL_ASSIGNED], .paid = c[COL_PAID],
	    .censored = c[COL_CENSORED], .outcome = c[COL_OUTCOME], .time = c[COL_TIME],
	    .status = c[COL_STATUS], .amount = c[COL_AMOUNT], .paid_minor = c[COL_PAID_MINOR],
	    .cluster = c[COL_CLUSTER] };
}

/* The names between commas of --covariates; false: usage was printed. */
static bool covariates_name(struct cmd *cmd, struct analyse_flat *out)
{
	const char *text = cmd_option(cmd, "--covariates");

	for (; text != NULL && *text != '\0'; out->covariate_count++) {
		const size_t len = strcspn(text, ",");

		if (len == 0 || out->covariate_count == FLAT_COVARIATES_MAX) {
			cmd_usage(cmd, "--covariates takes 1 to %d columns between commas",
			    FLAT_COVARIATES_MAX);
			return false;
		}
		out->covariates[out->covariate_count] = talloc_strndup(cmd->ctx, text, len);
		must(out->covariates[out->covariate_count] != NULL);
		text += len + (text[len] == ',');
	}
	return true;
}

static int read_table(struct cmd *cmd, const char *path, const char *const *name, int what,
    int32_t as_of, const char *reference, struct analyse_flat *out)
{
	struct sheet_want wants[COLUMNS + FLAT_COVARIATES_MAX];
	struct flat_columns cols;
	struct err err = { 0 };
	size_t at[COLUMNS], count = 0;

	for (int i = 0; i < COLUMNS; i++) {
		bool optional;

		at[i] = SIZE_MAX;
		if (!is_wanted((enum column)i, name, what, &optional))
			continue;
		if (i == COL_STATUS && strcmp(name[COL_STATUS], name[COL_TIME]) == 0) {
			at[i] = at[COL_TIME];		/* a column is read once */
			continue;
		}
		at[i] = count;
		wants[count++] = (struct sheet_want){ .column = name[i], .kind = columns[i].kind,
		    .optional = optional };
	}
	for (size_t i = 0; i < out->covariate_count; i++)
		wants[count + i] = (struct sheet_want){ .column = out->covariates[i],
		    .kind = SHEET_REAL };
	out->sheet = sheet_read(cmd->ctx, path, wants, count + out->covariate_count, &err);
	if (out->sheet == NULL)
		return cmd_fail(cmd, &err);
	cols = found(out->sheet, at);
	for (; cols.covariate_count < out->covariate_count; cols.covariate_count++)
		cols.covariates[cols.covariate_count] = out->sheet->columns[count +
		    cols.covariate_count];
	if (!flat_make(&out->flat, out->sheet, &cols, as_of, reference, &err))
		return cmd_fail(cmd, &err);
	return -1;
}

int analyse_flat_read(struct cmd *cmd, int what, struct analyse_flat *out)
{
	const char *name[COLUMNS], *path = cmd_option(cmd, "--csv");
	const char *reference = cmd_option(cmd, "--reference");
	int32_t as_of = SHEET_NO_DAY;

	*out = (struct analyse_flat){ .level = 0.95 };
	for (int i = 0; i < COLUMNS; i++) {
		const bool taken = i == COL_CLUSTER ? (what & ANALYSE_CLUSTER) != 0 :
		    i == COL_SEGMENT || i == COL_PROPENSITY ? (what & ANALYSE_PARTS) != 0 :
		    (i != COL_TIME && i != COL_STATUS) || (what & ANALYSE_TIMES) != 0;

		name[i] = taken ? cmd_option(cmd, columns[i].option) : NULL;
		if (name[i] == NULL)
			name[i] = columns[i].standard;
	}
	if ((what & ANALYSE_BINARY) != 0 && (name[COL_TIME] = cmd_option(cmd, "--binary")) != NULL) {
		name[COL_STATUS] = name[COL_TIME];
		out->binary = true;
	}
	if ((what & ANALYSE_COVARIATES) != 0 && !covariates_name(cmd, out))
		return EXIT_USAGE;
	if (!day_option(cmd, "--as-of", &as_of) ||
	    !analyse_real(cmd, "--level", 0.5, 0.9999, &out->level) || !cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (path == NULL)
		return cmd_usage(cmd, "give a table with --csv FILE");
	if ((name[COL_TIME] == NULL) != (name[COL_STATUS] == NULL))
		return cmd_usage(cmd, "--time and --status go together");
	return read_table(cmd, path, name, what, as_of, reference, out);
}
