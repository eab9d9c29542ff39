/* analyse.h - the kinds of purr analyse, one file each: options of its own,
 * a sheet, one call into measure/, one JSON document (cmd_print_json()). */
#ifndef CMD_ANALYSE_H
#define CMD_ANALYSE_H

#include "cmd/cmd.h"
#include "measure/sheet.h"

cmd_fn analyse_proportions;
cmd_fn analyse_assign;
cmd_fn analyse_money;
cmd_fn analyse_power;
cmd_fn analyse_srm;
cmd_fn analyse_survival;

/* "a,b,c" -> names; 0 for NULL or "". */
size_t	analyse_names(struct cmd *, const char *text, const char ***out);

/* A real from an option; false: usage was printed.  Not given: *out stays. */
bool	analyse_real(struct cmd *, const char *option, double least, double most, double *out);

#endif
