/* cmd_analyse.c - purr analyse KIND: the statistics of the reports on any table. */
#include "cmd/analyse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/must.h"
#include "cmd/desk.h"
#include "measure/tail.h"

static const char analyse_help[] =
"usage: purr analyse KIND --csv FILE [options] --json\n"
"\n"
"The statistics of the reports on a table of your own.  'purr analyse KIND\n"
"--help' tells the columns and options of each:\n"
"\n";

static const struct kind {
	const char	*name;
	cmd_fn		*run;
	const char	*does;
} kinds[] = {
	{ "proportions", analyse_proportions,	"which share has paid" },
	{ "power",	analyse_power,	"how many debtors an answer needs" },
	{ "srm",	analyse_srm,	"do the numbers per arm fit the planned shares" },
	{ "assign",	analyse_assign,	"which arm each unit falls into" },
	{ "money",	analyse_money,	"how much of what was owed came in" },
	{ "survival",	analyse_survival,	"how fast do the arms pay" },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

size_t analyse_names(struct cmd *cmd, const char *text, const char ***out)
{
	size_t count = 0;

	*out = NULL;
	while (text != NULL && *text != '\0') {
		const size_t len = strcspn(text, ",");

		*out = talloc_realloc(cmd->ctx, *out, const char *, (unsigned)count + 1);
		must(*out != NULL);
		(*out)[count] = talloc_strndup(cmd->ctx, text, len);
		must((*out)[count] != NULL);
		count++;
		text += len + (text[len] == ',');
	}
	return count;
}

bool analyse_real(struct cmd *cmd, const char *option, double least, double most, double *out)
{
	const char *text = cmd_option(cmd, option);
	char *end;

	if (text == NULL)
		return true;
	errno = 0;
	*out = strtod(text, &end);
	if (errno == 0 && end != text && *end == '\0' && *out >= least && *out <= most)
		return true;
	cmd_usage(cmd, "%s takes a number from %g to %g, not '%s'", option, least, most, text);
	return false;
}

static const char *help_text(struct cmd *cmd)
{
	char *text = talloc_strdup(cmd->ctx, analyse_help);

	for (size_t i = 0; i < KINDS; i++)
		text = talloc_asprintf_append(text, "  %-12s %s\n", kinds[i].name, kinds[i].does);
	must(text != NULL);
	return text;
}

int cmd_analyse(struct cmd *cmd)
{
	const char *name = cmd->argc > 0 ? cmd->argv[0] : "";

	tail_start();
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0) {
			cmd->argc--;
			cmd->argv++;
			return kinds[i].run(cmd);
		}
	if (cmd_wants_help(cmd, help_text(cmd)))
		return EXIT_DONE;
	return cmd_usage(cmd, "give a kind of analysis; 'purr analyse --help' lists them");
}
