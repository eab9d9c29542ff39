/* dispatch.h - takes finished messages and gives each exactly one outcome.
 *
 * It never retries: that is the engine's decision, with a new lease.  A batch
 * is submitted, then drained; outcomes come through the call-back, in any
 * order, each contact once.  Before the first byte of a contact its id is in
 * the wire journal, and its outcome right after the last: what has a record there and no
 * outcome was on the wire, and nothing else.
 *
 * Outcomes (model/contact.h): taken, later, never, unknown.  A provider that does not
 * answer, or asks for peace, is left alone (outlet.h): what is left gets `later` without
 * being tried, or goes to the channel's second provider.  That one also gets each message
 * whose first try ended in the provider's trouble with the outcome `later`, which is
 * certain: what is unknown goes nowhere.
 *
 * Units:   seconds; codes are those of SMTP or HTTP, 0 where there was none.
 * Memory:  talloc.  Messages (and their texts) are borrowed until their
 *          call-back has run; settings are copied by dispatch_open().
 * Threads: one dispatch per process, no threads.
 */
#ifndef DISPATCH_DISPATCH_H
#define DISPATCH_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/contact.h"
#include "model/message.h"

struct err;
struct dispatch;
struct provider;
struct wire_journal;

#define DISPATCH_DETAIL_BYTES 80
#define DISPATCH_PROVIDER_ID_BYTES 80
#define DISPATCH_DOWN_STREAK 16
#define DISPATCH_OPTED_OUT "opted out"	/* detail: the provider keeps a STOP of the number */
#define DISPATCH_OVERTAKEN "overtaken"	/* detail: something came in while it waited its turn */
#define DISPATCH_CLOSED "settings"	/* detail: see dispatch_way.closed */
#define DISPATCH_CONNECTIONS_MAX 256
#define DISPATCH_SECONDS_MAX 3600

/* One provider of a channel.  NULL texts and zeros mean the default behind each. */
struct dispatch_way {
	const char	*driver;		/* e-mail: "file" (default) or "smtp"; SMS:
						 * "file" (default), "kannel", "twilio",
						 * "gatewayapi" or "46elks"; letters:
						 * "file" (default), "sftp" or "pingen" */
	const char	*url;			/* smtp://host:port, smtps://...; Kannel's
						 * sendsms, or the base of a provider's
						 * API instead of its own;
						 * sftp://host:port/folder */
	bool		 starttls;		/* demand STARTTLS on smtp:// */
	const char	*user;			/* "": no login */
	const char	*password_file;		/* first line is the password */
	int		 connections_max;	/* 8; a second one's: the first's */
	int		 per_second;		/* messages begun; 0: as many as go */
	bool		 closed;		/* it is not asked, and nothing of it: messages
						 * of a closed first provider get `later`,
						 * DISPATCH_CLOSED */
	/* Letters alone: */
	const char	*key_file;		/* private key of sftp */
	const char	*known_hosts;		/* file of OpenSSH's form; sftp needs it */
	const char	*organisation;		/* at Pingen */
	const char	*product;		/* of Pingen's; "cheap" */
	bool		 window_right;		/* the address stands on the right */
};

/* A channel may have a second provider, of the same kinds but "file": what the first
 * has surely not taken, because it is in trouble, goes to it. */
struct dispatch_settings {
	const char	*outbox;		/* directory of the file driver;
						 * needed when a driver is "file";
						 * without it letters get `later`,
						 * "no outbox" */
	struct dispatch_way email, sms, letter;
	struct dispatch_way email_second, sms_second;	/* driver NULL or "": none */
	const char	*rate_dir;		/* shared by the workers of this machine, for
						 * what all of them may begin in a second;
						 * NULL: each counts for itself */
	const char	*email_helo;		/* name in EHLO; "localhost" */
	const char	*ca_file;		/* trusted roots; the system's */
	int		 connect_seconds_max;	/* 20: name, connect, TLS */
	int		 stall_seconds_max;	/* 120: without a byte, or for one
						 * reply.  Generous, since a relay
						 * that scans after the body and is
						 * cut short leaves an unknown. */
	int		 transfer_seconds_max;	/* 300: one message, all in all; one
						 * that has less than this until its
						 * dead_at is not begun */

	const struct provider *provider;	/* made up (model/provider.h): takes
						 * everything, and the settings
						 * above are not asked; NULL */
	bool		 still;			/* no time goes by (a replay's day) */
	/* Asked right before a message is handed to its driver: may it still go?  False ends it
	 * as `later`, DISPATCH_OVERTAKEN.  NULL: all may. */
	bool		(*may_go)(void *arg, int64_t contact_id);
	void		*may_go_arg;
};

struct dispatch_result {
	enum send_outcome	outcome;
	int			code;
	char			detail[DISPATCH_DETAIL_BYTES];	/* "450 4.7.1", "timeout": a
								 * closed set of words, no
								 * text of the provider, no
								 * address */
	char			provider_id[DISPATCH_PROVIDER_ID_BYTES];
	const char		*provider;	/* the driver's name that it ended with; "":
						 * none was asked */
	int32_t			retry_after_seconds;	/* asked by the provider; 0 */
	bool			at_recipient;	/* the refusal is about the recipient's
						 * address */
	instant_t		at;		/* when it was known: the message's date,
						 * and the seconds that went by since */
};

/* Runs inside dispatch_drain().  May submit more, which is then sent too. */
typedef void dispatch_done_fn(void *arg, int64_t contact_id,
    const struct dispatch_result *);

/* ERR_INPUT names the setting that is wrong.  The journal is borrowed; NULL
 * for none (previews of a driver, tests). */
struct dispatch	*dispatch_open(void *ctx, const struct dispatch_settings *,
		    struct wire_journal *, struct err *);

/* Queues one message under the journal's token of this moment; channel email,
 * sms or letter (a call is a person's task and never comes here). */
void	dispatch_submit(struct dispatch *, const struct message *,
	    dispatch_done_fn *, void *arg);

/* Runs until every submitted message has its outcome.  False only when the
 * journal or the loop itself failed (ERR_SYSTEM); every call-back has run
 * nevertheless. */
bool	dispatch_drain(struct dispatch *, struct err *);

/* Waits for nothing: call it after a drain. */
void	dispatch_close(struct dispatch *);	/* NULL is fine */

#endif
