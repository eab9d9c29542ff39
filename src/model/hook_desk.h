/* hook_desk.h - what stands between the server and the engine for calls that providers
 * make: reports of what became of a message, and what debtors wrote.
 *
 * take() is one transaction; the same call again changes nothing.  What it answers is a
 * status and no text: a provider may hand a text on to the debtor.
 *
 * Memory:  what a call points to lives until take() returns.
 * Threads: one; called from the server's loop only.
 */
#ifndef MODEL_HOOK_DESK_H
#define MODEL_HOOK_DESK_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/str.h"

struct err;

enum hook_kind {
	HOOK_SMS_STATUS,	/* what became of a message */
	HOOK_SMS_INBOUND,	/* what somebody wrote */
	HOOK_LETTER_STATUS,	/* what became of a letter */
};

enum hook_verdict {
	HOOK_GOOD,
	HOOK_FORGED,		/* not signed by the provider */
	HOOK_ODD,		/* the provider's, but not as it is documented */
};

struct hook_call {
	enum hook_kind	 kind;
	const char	*provider;	/* "twilio", as the path names it */
	struct view	 query;		/* after "?" */
	struct view	 body;		/* empty for GET */
	const char	*content_type;
	/* The value of a header, "" for none. */
	const char	*(*header)(void *arg, const char *name);
	void		*header_arg;
};

struct hook_desk {
	void	*arg;
	/* False and *err: the world's trouble; the provider should call again. */
	bool	(*take)(void *arg, void *ctx, const struct hook_call *, instant_t now,
		    int *status, struct err *);
};

#endif
