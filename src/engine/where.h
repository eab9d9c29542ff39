/* where.h - where a debtor is, by the register: the region whose rules bind, and
 * the time zones that are asked.
 *
 * Outside the United States a debtor has one zone and the region that the ledger
 * names.  There both follow from the address and the telephones: base/abode.h.
 *
 * Memory:  texts belong to the context given.
 */
#ifndef ENGINE_WHERE_H
#define ENGINE_WHERE_H

#include "decide/decide.h"
#include "store/register.h"

/* As pack.h wants it; NULL: not known. */
const char	*where_region(void *ctx, const struct debtor_record *);

/* Sets debtor_zone, zones and region of the facts; false: no such zone here. */
bool		 where_fill(void *ctx, const struct debtor_record *,
		    const struct address_record *, size_t count, struct decide_facts *,
		    struct err *);

#endif
