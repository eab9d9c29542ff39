/* analyse_flat.h - the columns of the flat format, by option: what survival,
 * proportions and money have in common. */
#ifndef CMD_ANALYSE_FLAT_H
#define CMD_ANALYSE_FLAT_H

#include "cmd/cmd.h"
#include "measure/flat.h"

#define ANALYSE_FLAT_HELP							\
	"Columns, each of another name by its option:\n"			\
	"  --debtor debtor_id             --arm arm\n"				\
	"  --assigned assigned_at_day     --paid paid_at_day\n"			\
	"  --censored censored_at_day     --outcome outcome\n"			\
	"  --strata COL        strata or epochs (none else)\n"			\
	"\n"									\
	"  --reference NAME    the arm that the others are compared with\n"	\
	"                      (neutral, else the first in byte order)\n"	\
	"  --as-of DAY         what is later is not known yet (the last day)\n"	\
	"  --level 0.95        of the intervals\n"

enum { ANALYSE_TIMES = 1, ANALYSE_AMOUNTS = 2, ANALYSE_BINARY = 4, ANALYSE_CLUSTER = 8,
	ANALYSE_COVARIATES = 16, ANALYSE_PARTS = 32 };	/* segments, logged propensities */

struct analyse_flat {
	const char	*covariates[FLAT_COVARIATES_MAX];
	size_t		 covariate_count;
	struct flat	 flat;
	struct sheet	*sheet;
	double		 level;
	bool		 binary;	/* a column of 0 and 1 stands for the days */
};

/* Takes the options, reads the file, makes the flat table.  -1: go on; else an
 * exit code, and the message was printed.  No operand may be left. */
int	analyse_flat_read(struct cmd *, int what, struct analyse_flat *);

#endif
