/* window.h - is a calendar open at an instant, until when, and when next.
 *
 * Open means: the local time at that instant lies in a window of that local
 * day.  The answer walks from one change of the zone's offset to the next, so
 * that it is right on days of 23 and 25 hours and where local times are left
 * out or come twice.  Pure.
 *
 * Units:   instants in UTC seconds, windows half open.
 * Threads: only reads.
 */
#ifndef GATE_WINDOW_H
#define GATE_WINDOW_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/zone.h"
#include "gate/calendar.h"

#define CONTACT_LOOKAHEAD_DAYS_MAX 370	/* no opening within: there is none */

struct window_state {
	bool			 open;
	bool			 opens_again;	/* false: not within the look-ahead */
	instant_t		 next_open;	/* first open instant >= the one asked */
	instant_t		 closes_at;	/* of the window that next_open is in */
	enum calendar_kind	 kind;		/* of the local day asked about */
	const char		*event;		/* what closes (part of) it, "" */
};

void	window_ask(const struct calendar *, const struct zone *, instant_t,
	    struct window_state *out);

/* The same, for a window that must last at least `seconds` more. */
void	window_ask_lasting(const struct calendar *, const struct zone *, instant_t,
	    int32_t seconds, struct window_state *out);

#endif
