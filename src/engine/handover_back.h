/* handover_back.h - a person takes a claim back that had left its ladder.
 *
 * It is open again, on hold until the day that is given or somebody releases it: its ladder
 * is climbed, so without a hold it would leave at once.  What was exported of it stays with
 * whoever got it: call them.
 *
 * Errors:  ERR_INPUT: no such invoice, or a day that is past; ERR_REFUSED: it has not left.
 */
#ifndef ENGINE_HANDOVER_BACK_H
#define ENGINE_HANDOVER_BACK_H

#include "base/date.h"
#include "engine/engine.h"

struct handover_back {
	const char	*invoice, *creditor;	/* "" for the only one */
	const char	*who, *reason;
	day_t		 until;			/* last quiet day; DAY_NONE: until released */
	bool		 exported;		/* out: it was written out before */
};

/* One transaction. */
bool	handover_take_back(struct engine *, struct handover_back *, instant_t now, struct err *);

#endif
