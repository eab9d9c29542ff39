/* ways.h - the settings of dispatch.h with their defaults, and the drivers they name;
 * private to dispatch/.
 *
 * Memory:  drivers are children of ctx.
 * Errors:  ERR_INPUT names the setting that is wrong.
 */
#ifndef DISPATCH_WAYS_H
#define DISPATCH_WAYS_H

#include "dispatch/driver.h"

enum lane_name { LANE_EMAIL, LANE_SMS, LANE_LETTER, LANES };

struct ways {
	void		*ctx;
	struct net_loop	*loop;
	struct {
		struct driver	*first, *second;	/* NULL: there is none */
		const char	*none_word;	/* for what has no first */
		int		 per_second;
	} lane[LANES];
};

#define WAY_CONNECTIONS 8

/* Puts the defaults in. */
void	ways_fill(struct dispatch_settings *);
/* And asks the rules (way_rules.h). */
bool	ways_settle(struct dispatch_settings *, struct err *);
struct net_loop_limits	ways_limits(const struct dispatch_settings *);
/* ctx and loop are the caller's. */
bool	ways_open(struct ways *, const struct dispatch_settings *, struct err *);

#endif
