/* desk.h - what commands that open a workspace share. */
#ifndef CMD_DESK_H
#define CMD_DESK_H

#include "base/date.h"
#include "cmd/cmd.h"
#include "engine/engine.h"

/* Opens the -C workspace; NULL: an error was printed. */
struct engine	*cmd_engine(struct cmd *, enum store_role);

/* --help: prints `text` and returns true. */
bool		 cmd_wants_help(struct cmd *, const char *text);

/* The worker's name: --worker NAME, else "main". */
const char	*cmd_worker(struct cmd *);

/* --as-of DAY, else the day before now in UTC, the last whole one.  False: usage was
 * printed. */
bool		 cmd_as_of(struct cmd *, day_t *out);

/* Writes one JSON document and a line end to stdout; takes the reference. */
struct json_t;
void		 cmd_print_json(struct json_t *);

#endif
