/* zone.h - time zones, read from the system's own TZif files and nothing else.
 *
 * libical and ICU carry rules of their own that age differently; an answer
 * that mixes two of them cannot be explained.  So all zone arithmetic of purr
 * goes through here.
 *
 * Source:  RFC 8536 (TZif, versions 2 to 4, with the POSIX TZ string after the
 *          last transition); RFC 5545 section 3.3.5 for local times that do
 *          not exist or exist twice.
 * Units:   instants in UTC seconds; offsets in seconds east of UTC; local time
 *          as a civil day and a second of that day (0..86399).
 * Memory:  zones are cached for the life of the process; never freed.
 * Threads: zone_find() is not for threads; all else only reads.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/date.h"

struct err;
struct zone;

#define ZONE_NAME_BYTES_MAX 64

struct local_time {
	day_t	day;
	int32_t	second;		/* of the civil day */
};

/* By IANA name ("Europe/Copenhagen").  NULL and ERR_INPUT when the name is
 * not a zone of this machine. */
const struct zone	*zone_find(const char *name, struct err *);
const char		*zone_name(const struct zone *);

int32_t			 zone_offset(const struct zone *, instant_t);
/* The same, and until when that offset holds; INSTANT_FOREVER for always. */
#define INSTANT_FOREVER INT64_MAX
int32_t			 zone_segment(const struct zone *, instant_t, instant_t *until);
struct local_time	 zone_local(const struct zone *, instant_t);

/* A local time to its instant.  In a gap the offset before the gap is used,
 * in an overlap the first of the two (RFC 5545).  `second` may be 86400: the
 * next midnight. */
instant_t		 zone_instant(const struct zone *, day_t, int32_t second);

/* "2025b": the release of the zone data in use, "unknown" when the system
 * does not say.  Stored with every decision. */
const char		*zone_data_version(void);

#endif
