/* letter_hook.h - what Pingen says of a letter that it took.
 *
 * The body is JSON:API, signed as a whole: the header Signature is the HMAC-SHA256 of it
 * under the webhook's key, in lower-case hexadecimal.  The event's own code and time
 * stand among what is included.
 *
 * Source:  Pingen's API v2, webhooks (event categories issues, sent, delivered,
 *          undeliverable).
 * Memory:  what is read lives on ctx.
 * Threads: pure.
 */
#ifndef INBOUND_LETTER_HOOK_H
#define INBOUND_LETTER_HOOK_H

#include "base/clock.h"
#include "model/hook_desk.h"

enum letter_report_state {
	LETTER_STUCK,		/* not printed until somebody mends it there, or never */
	LETTER_POSTED,
	LETTER_DELIVERED,
	LETTER_RETURNED,	/* nobody of that name lives there */
};

struct letter_report {
	enum letter_report_state state;
	const char	*letter_id;	/* theirs */
	const char	*event_id;
	const char	*code;		/* "file_too_many_pages" */
	const char	*words;		/* "Page limit exceeded"; may be "" */
	instant_t	 at;		/* 0: not said */
};

/* `key`: what the webhook was made with; "" makes every call a forged one. */
enum hook_verdict	letter_hook_pingen(void *ctx, const struct hook_call *, const char *key,
			    struct letter_report *);

#endif
