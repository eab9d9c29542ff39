/* provider.h - a made-up provider: who answers instead of SMTP and Kannel in a
 * simulation.
 *
 * An engine that has one hands every finished message to it, whatever the
 * settings say, so that nothing can leave the machine.  Dispatch, wire journal
 * and engine around it are those of the live run.
 *
 * Its time is its own: elapsed() counts the seconds that its answers have
 * taken.  During a send they stand for the machine's clock.
 *
 * Memory:  the message is borrowed; `detail` is a constant.
 * Threads: one; take() is called inside dispatch_drain().
 */
#ifndef MODEL_PROVIDER_H
#define MODEL_PROVIDER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/contact.h"
#include "model/message.h"

struct provider_answer {
	enum send_outcome	 outcome;
	int			 code;
	const char		*detail;		/* a word of a closed set */
	int32_t			 retry_after_seconds;	/* 0: not said */
	bool			 unreached;		/* the provider was the trouble */
};

struct provider {
	void	*arg;
	void	(*take)(void *arg, const struct message *, struct provider_answer *);
	int64_t	(*elapsed)(void *arg);
};

#endif
