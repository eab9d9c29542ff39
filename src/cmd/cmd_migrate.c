/* cmd_migrate.c - purr migrate: the database of an older program, brought to
 * this one's schema; a copy is kept first. */
#include <stdio.h>
#include <unistd.h>

#include <jansson.h>
#include <talloc.h>

#include "base/must.h"
#include "cmd/desk.h"
#include "store/store.h"

static const char help[] =
"usage: purr migrate [-C DIR] [--json]\n"
"\n"
"Brings the database to the schema of this program.  A copy of it is kept\n"
"first, as purr.db.VERSION.backup; end the other processes before.  A database\n"
"that is right already is left as it is.\n";

int cmd_migrate(struct cmd *cmd)
{
	const char *path = talloc_asprintf(cmd->ctx, "%s/purr.db", cmd->workspace);
	const char *backup = "";
	struct err err = { 0 };
	int before, after;

	must(path != NULL);
	if (cmd_wants_help(cmd, help))
		return EXIT_DONE;
	if (!cmd_operands(cmd, 0, 0))
		return EXIT_USAGE;
	if (access(path, F_OK) != 0) {
		err_set(&err, ERR_INPUT, "%s: there is no database; 'purr init' makes one", path);
		return cmd_fail(cmd, &err);
	}
	if (!store_version(path, &before, &err))
		return cmd_fail(cmd, &err);
	if (before < store_schema_version()) {
		backup = talloc_asprintf(cmd->ctx, "%s.%d.backup", path, before);
		if (!store_backup(path, backup, &err))
			return cmd_fail(cmd, &err);
	}
	if (!store_migrate(path, cmd->now, &before, &after, &err))
		return cmd_fail(cmd, &err);
	if (cmd->json)
		cmd_print_json(json_pack("{s:i, s:i, s:s}", "before", before, "after", after,
		    "backup", backup));
	else if (before == after)
		printf("the schema is version %d already\n", after);
	else
		printf("the schema went from version %d to %d; the copy is %s\n", before, after,
		    backup);
	return EXIT_DONE;
}
