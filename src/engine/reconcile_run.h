/* reconcile_run.h - messages in doubt: their provider is asked, where it can be asked.
 *
 * After two minutes, a quarter of an hour, one, four and sixteen hours; what the provider
 * still has is a receipt like one that it sent by itself.  What it does not have, an hour
 * and more after it would have left and for the second time, has not left: its step is
 * free.  What stays in doubt is a person's (purr resolve), and its provider's own report
 * settles it whenever it comes.
 *
 * "Not there" must be said by every provider that may have it, with the account that stood
 * in the settings when it was armed: another account knows nothing of it.  Where one of
 * these cannot be asked any more, a person decides.
 *
 * Errors:  a provider that does not answer is none: it is asked again.
 */
#ifndef ENGINE_RECONCILE_RUN_H
#define ENGINE_RECONCILE_RUN_H

#include "engine/engine.h"

#define RECONCILE_DAYS_MAX 7

/* Its own transactions; none while it waits for the network. */
bool	reconcile_run(struct engine *, instant_t now, int64_t *settled, struct err *);

#endif
