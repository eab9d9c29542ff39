/* send_run.h - the send: ripe contacts are read again, armed, put on the wire,
 * and their outcomes recorded.
 *
 *   arm      re-read balance, holds, consent, address and gate; what still
 *            stands is committed as `armed` with worker, lease token and boot
 *   wire     dispatch/ writes each contact's id to the wire journal before its
 *            first byte and the outcome after its last
 *   record   outcomes are committed, where the token still matches
 *   recover  what a dead worker left: see recover.h
 *
 * One worker name is held by one process at a time (the journal is locked).
 */
#ifndef ENGINE_SEND_RUN_H
#define ENGINE_SEND_RUN_H

#include "base/err.h"
#include "engine/engine.h"

#define SEND_MARGIN_MINUTES 10		/* neither a window nor the day may end
					 * sooner: the batch before it, the transfer */
#define SEND_LEASE_SECONDS 900
#define SEND_RETRY_SECONDS_MAX 14400
#define SEND_BATCH_MAX 1000		/* contacts */

struct send_summary {
	int64_t	sent, later, failed, unknown;	/* outcomes of the wire */
	int64_t	postponed, dropped;		/* found out before it */
	int64_t	recovered;			/* left by a dead worker */
	int64_t	reconciled;			/* in doubt until their provider was asked */
	char	closed[ERR_TEXT_BYTES_MAX];	/* which settings keep messages back; "": none */
};

/* dry: says what would be armed, postponed and dropped; writes nothing.
 * ERR_REFUSED: the ripe contacts are far more than usual (breaker.h). */
bool	send_run(struct engine *, const char *worker, instant_t now, bool dry,
	    struct send_summary *, struct err *);

#endif
