/* analyse_arms.h - "neutral=5000,warm=5000": arms and their planned shares. */
#ifndef CMD_ANALYSE_ARMS_H
#define CMD_ANALYSE_ARMS_H

#include "cmd/cmd.h"
#include "measure/flat.h"

struct planned_arms {
	const char	*name[FLAT_ARMS_MAX];
	double		 weight[FLAT_ARMS_MAX];
	size_t		 count;
};

/* False: usage was printed.  NULL: none, count 0. */
bool	planned_arms_read(struct cmd *, const char *option, const char *text,
	    struct planned_arms *);

#endif
