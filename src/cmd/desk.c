/* desk.c - see desk.h. */
#include "cmd/desk.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/must.h"

struct engine *cmd_engine(struct cmd *cmd, enum store_role role)
{
	struct err err = { 0 };
	struct engine *e = engine_open(cmd->ctx, cmd->workspace,
	    (struct store_options){ .role = role }, &err);

	if (e == NULL)
		cmd_fail(cmd, &err);
	return e;
}

bool cmd_wants_help(struct cmd *cmd, const char *text)
{
	cmd->help = text;
	if (!cmd_flag(cmd, "--help"))
		return false;
	fputs(text, stdout);
	return true;
}

const char *cmd_worker(struct cmd *cmd)
{
	const char *name = cmd_option(cmd, "--worker");

	return name != NULL ? name : "main";
}

void cmd_print_json(json_t *value)
{
	must(value != NULL);
	(void)json_dumpf(value, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	fputc('\n', stdout);
	json_decref(value);
}

bool cmd_as_of(struct cmd *cmd, day_t *out)
{
	const char *text = cmd_option(cmd, "--as-of"), *at = text;

	*out = instant_utc_day(cmd->now) - 1;
	if (text == NULL || (day_parse_iso(&at, out) && *at == '\0'))
		return true;
	cmd_usage(cmd, "--as-of takes a day like 2026-11-22, not '%s'", text);
	return false;
}
