/* rate.h - how many messages a channel begins in a second, all workers of this machine
 * together.
 *
 * The hour at which the next may begin stands in a file that they share: milliseconds of
 * the clock that only runs, as text.  One of a boot before may lie far ahead; more than a
 * second is not believed.
 *
 * Threads: none.
 */
#ifndef DISPATCH_RATE_H
#define DISPATCH_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct rate;

/* `dir` NULL: this process alone.  NULL with *err set; per_second > 0. */
struct rate	*rate_open(void *ctx, const char *dir, const char *name, int per_second,
		    struct err *);
/* Milliseconds until the next may begin; 0: now. */
int64_t		 rate_wait(const struct rate *);
void		 rate_take(struct rate *);

#endif
