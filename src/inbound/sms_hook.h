/* sms_hook.h - what a provider of SMS says by itself: what became of a message, and
 * what somebody wrote.
 *
 *   provider     a report is    a message is    it is theirs because of
 *   kannel       GET query      POST body       the secret in the address
 *   twilio       POST form      POST form       X-Twilio-Signature over address and form
 *   gatewayapi   POST JSON      POST JSON       X-Gwapi-Signature: a token that holds all
 *   46elks       POST form      POST form       the secret in the address
 *
 * Signatures are over the address as the public sees it, which is a setting and never
 * the Host header.  GatewayAPI signs the claims of its token and not the body: the
 * claims are what is read.
 *
 * Source:  the providers' documentation; dispatch/sms_gateway.h names it.  RFC 7515 and
 *          RFC 7519 (HS256) for the token.
 * Memory:  what is read lives on ctx.
 * Threads: pure.
 */
#ifndef INBOUND_SMS_HOOK_H
#define INBOUND_SMS_HOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/hook_desk.h"

enum sms_report_state {
	SMS_REPORT_ON_ITS_WAY,		/* accepted, buffered, sent on: nothing is known yet */
	SMS_REPORT_DELIVERED,
	SMS_REPORT_FAILED,		/* not delivered; another try may be */
	SMS_REPORT_DEAD,		/* not delivered, and the number is at fault for good */
	SMS_REPORT_STOPPED,		/* not delivered: a filter, a queue, our account; no
					 * fault of the number */
	SMS_REPORT_OPTED_OUT,		/* not delivered: the provider keeps a STOP of it */
};

struct sms_report {
	enum sms_report_state	 state;
	const char		*provider_id, *code;	/* "" for none */
	instant_t		 at;			/* 0: not said */
};

struct sms_reply {
	const char	*provider_id;	/* made of what was sent where there is none */
	const char	*from, *to;	/* E.164 with "+", or as it came */
	const char	*text;		/* UTF-8 */
	instant_t	 at;		/* 0: not said */
	bool		 stop;		/* the provider has taken it for an opt-out */
};

/* What a call is checked against. */
struct sms_hook_keys {
	const char	*url;		/* the public address called, with its query */
	const char	*secret;	/* Twilio's auth token, GatewayAPI's webhook secret */
};

/* By a name that dispatch/sms_gateway.h knows. */
enum hook_verdict	sms_hook_report(void *ctx, const struct hook_call *,
			    const struct sms_hook_keys *, struct sms_report *);
enum hook_verdict	sms_hook_reply(void *ctx, const struct hook_call *,
			    const struct sms_hook_keys *, struct sms_reply *);

#endif
