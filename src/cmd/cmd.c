/* cmd.c - see cmd.h. */
#include "cmd/cmd.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void take_out(struct cmd *cmd, int at, int count)
{
	for (int i = at; i + count < cmd->argc; i++)
		cmd->argv[i] = cmd->argv[i + count];
	cmd->argc -= count;
}

const char *cmd_option(struct cmd *cmd, const char *name)
{
	const size_t len = strlen(name);

	for (int i = 0; i < cmd->argc; i++) {
		char *arg = cmd->argv[i];

		if (strcmp(arg, "--") == 0)
			break;
		if (strcmp(arg, name) == 0 && i + 1 < cmd->argc) {
			char *value = cmd->argv[i + 1];

			take_out(cmd, i, 2);
			return value;
		}
		if (strncmp(arg, name, len) == 0 && arg[len] == '=') {
			take_out(cmd, i, 1);
			return arg + len + 1;
		}
	}
	return NULL;
}

bool cmd_flag(struct cmd *cmd, const char *name)
{
	for (int i = 0; i < cmd->argc && strcmp(cmd->argv[i], "--") != 0; i++) {
		if (strcmp(cmd->argv[i], name) == 0) {
			take_out(cmd, i, 1);
			return true;
		}
	}
	return false;
}

bool cmd_operands(struct cmd *cmd, int min, int max)
{
	int i = 0;

	while (i < cmd->argc && strcmp(cmd->argv[i], "--") != 0) {
		if (cmd->argv[i][0] == '-' && cmd->argv[i][1] != '\0') {
			cmd_usage(cmd, "unknown option, or its value is missing: %s",
			    cmd->argv[i]);
			return false;
		}
		i++;
	}
	if (i < cmd->argc)
		take_out(cmd, i, 1);
	if (cmd->argc < min)
		cmd_usage(cmd, "something is missing");
	else if (cmd->argc > max)
		cmd_usage(cmd, "one word too many: %s", cmd->argv[max]);
	return cmd->argc >= min && cmd->argc <= max;
}

int cmd_fail(struct cmd *cmd, const struct err *err)
{
	(void)cmd;
	fprintf(stderr, "purr: %s\n", err->text);
	return EXIT_REFUSED;
}

int cmd_usage(struct cmd *cmd, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "purr %s: ", cmd->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; see purr %s --help\n", cmd->name);
	return EXIT_USAGE;
}
