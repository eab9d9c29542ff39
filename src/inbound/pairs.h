/* pairs.h - a query or a form as a provider sends it: names may come again, and new ones
 * come unannounced.  (The debtor's own forms are read strictly, by web/form.h.)
 *
 * Source:  WHATWG URL standard, section 5 (application/x-www-form-urlencoded).
 * Memory:  names and values belong to the given talloc context.
 */
#ifndef INBOUND_PAIRS_H
#define INBOUND_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#define PAIRS_MAX 128

struct pair {
	const char	*name, *value;
};

struct pairs {
	struct pair	at[PAIRS_MAX];
	size_t		count;
};

/* False: more than PAIRS_MAX, a zero byte, or not UTF-8. */
bool		 pairs_read(struct pairs *, void *ctx, const char *at, size_t len);
const char	*pairs_value(const struct pairs *, const char *name);	/* the first; "" for none */

#endif
