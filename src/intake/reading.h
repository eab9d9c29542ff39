/* reading.h - the rows of one reading while it goes on.
 *
 * Memory:  rows and faults in `keep`, all else in `work`.
 */
#ifndef INTAKE_READING_H
#define INTAKE_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/intake.h"
#include "intake/sheet.h"

/* What the three kinds of rows have in common. */
struct row_kind {
	size_t		  bytes;
	void		(*read)(struct sheet *, void *out);
	const char	*(*id)(const void *row);
	int		(*line)(const void *row);
};

struct reading {
	const struct row_kind	*kind;
	struct sheet		 sheet;
	void			*keep, *work;
	char			*rows;
	size_t			 count, room;
	size_t			 rejected;
	size_t			 blank;		/* rows with nothing in them */
	struct day_guess	 guess;
};

const struct row_kind	*row_kind_of(enum intake_what);

/* Takes out every row whose external id stands in another row as well, and
 * adds a fault for it at its place. */
void	reading_reject_twins(struct reading *);

#endif
