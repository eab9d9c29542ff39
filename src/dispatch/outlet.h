/* outlet.h - one provider of a channel: how much may be under way there, and whether it is
 * asked at all.
 *
 * How many messages are under way at once begins with the provider's connections, halves
 * when it is in trouble (cannot be reached, 421, 429, 503, or nobody knows what it did),
 * once for all that were under way then, and grows back by one for each round that goes
 * well: additive increase, multiplicative decrease (Chiu and Jain 1989).  It is left alone
 * after DISPATCH_DOWN_STREAK ends in a row at which it did not answer, or not clearly, and
 * until the hour that it asked for (Retry-After).
 *
 * Threads: none.
 */
#ifndef DISPATCH_OUTLET_H
#define DISPATCH_OUTLET_H

#include <stdbool.h>

#include "base/clock.h"

struct dispatch_result;
struct driver;

struct outlet {
	struct driver	*driver;	/* NULL: there is none */
	int		 under_way;
	double		 window;	/* how many may be */
	int		 forgiven;	/* ends whose trouble has shrunk it already */
	int		 streak;	/* without a clear answer, one after the other */
	instant_t	 peace_until;	/* it asked for it; 0 */
};

struct outlet	outlet_make(struct driver *);
/* A new batch: a provider that was down may show once whether it is up again. */
void		outlet_wake(struct outlet *);
bool		outlet_is_open(const struct outlet *, instant_t now);
bool		outlet_has_room(const struct outlet *);
void		outlet_begin(struct outlet *);
/* `unreached`: the provider, not the recipient, was the trouble. */
void		outlet_end(struct outlet *, const struct dispatch_result *, bool unreached,
		    instant_t now);

/* The provider's trouble, and surely not taken. */
bool		outlet_is_trouble(const struct dispatch_result *, bool unreached);

#endif
