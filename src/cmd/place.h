/* place.h - a rule pack with its calendar, by name, for the commands.
 *
 * Read from DIR/schedules where the workspace has one, else from what travels
 * inside the program.  Each is read once.
 *
 * Memory:  children of the context given to place_shelf_init().
 * Errors:  ERR_INPUT: no such pack or region, or its file is wrong.
 */
#ifndef CMD_PLACE_H
#define CMD_PLACE_H

#include "gate/calendar.h"
#include "gate/pack.h"

struct err;

#define PLACES_MAX 64

struct place {
	char			 name[32];	/* as asked for: "dk" */
	char			 region[32];	/* "" for the whole place */
	const struct pack	*pack;
	const struct calendar	*calendar;
};

struct place_shelf {
	void		*ctx;
	const char	*workspace;
	bool		 embedded;		/* no DIR/schedules */
	struct place	 places[PLACES_MAX];
	size_t		 count;
};

void			 place_shelf_init(struct place_shelf *, void *ctx,
			    const char *workspace);
const struct place	*place_find(struct place_shelf *, const char *name,
			    const char *region, struct err *);

#endif
