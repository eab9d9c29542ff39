/* way_rules.h - can the settings of a channel's providers work?  What stands here is the
 * only word on it: `purr check` asks, and so does who opens a channel.
 *
 * Only what the settings and the files that they name can tell: no provider is asked.
 *
 * Memory:  faults hold their own texts; section and setting are constants.
 */
#ifndef DISPATCH_WAY_RULES_H
#define DISPATCH_WAY_RULES_H

#include "base/err.h"
#include "dispatch/dispatch.h"

#define WAY_FAULTS_MAX 16		/* more of them are left out */

struct way_fault {
	const char	*section, *setting;	/* as in purr.conf */
	bool		 second;		/* of the second provider */
	char		 text[ERR_TEXT_BYTES_MAX];	/* what to write instead */
};

struct way_faults {
	struct way_fault	 list[WAY_FAULTS_MAX];
	size_t			 count;
};

/* Of both providers of the channel; of one that is closed nothing is said. */
void	way_rules(const struct dispatch_settings *, enum channel, struct way_faults *);
/* Of one provider of SMS by itself.  False: *err has the first. */
bool	way_rules_sms(const struct dispatch_way *, struct err *);

/* Can it be the sender of SMS by this driver (NULL, "" and "file": by any)?  NULL: yes;
 * else what to write instead. */
const char	*sms_sender_fault(const char *driver, const char *from);

#endif
