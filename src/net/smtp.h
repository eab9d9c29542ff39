/* smtp.h - hands one finished message for one recipient to a mail relay.
 *
 * One recipient per message (each has an envelope sender of its own, and a
 * refusal must concern one debtor only), over connections that are kept.  MAIL, RCPT and
 * DATA leave together where the relay allows it (RFC 2920).
 *
 * How an end is classified: by the relay's reply code and by the command that
 * it answers, never by libcurl's error number, which is the same for many.
 *
 *   250 after the body                         taken
 *   4xx to MAIL, RCPT, DATA or the body        later
 *   5xx to MAIL, RCPT, DATA or the body        never
 *   5.2.2 or a bare 552 to RCPT: a full box    later
 *   any refusal before MAIL (greeting, login)  later: it concerns the relay or
 *   and 530, 534, 535, 538 wherever            our account, not the debtor
 *   no connection, no name, TLS, time-out,
 *   lost before the body began                 later: nothing has left
 *   lost or timed out once the body began      unknown
 *
 * Source:  RFC 5321 (codes, dot stuffing, CRLF), RFC 3463 (enhanced codes),
 *          RFC 4954 (530, 535), RFC 2920 (PIPELINING), RFC 3207 (STARTTLS).
 * Units:   seconds.
 * Memory:  the relay copies its settings.  The message's bytes and addresses
 *          are borrowed until the call-back has run.
 */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "net/fate.h"
#include "net/loop.h"

struct err;
struct smtp_relay;

#define SMTP_ADDRESS_BYTES_MAX 254	/* RFC 5321 4.5.3.1.3, without < > */
#define SMTP_ENHANCED_BYTES 12		/* "5.7.100" and the closing NUL */
#define SMTP_QUEUE_ID_BYTES 48

struct smtp_settings {
	const char	*url;		/* smtp://host:port or smtps://host:port */
	const char	*helo;		/* our name in EHLO */
	bool		 starttls;	/* demand it on smtp:// */
	const char	*user;		/* "" : no login */
	const char	*password;
	const char	*ca_file;	/* NULL: the system's trusted roots */
	struct net_seconds seconds;
};

struct smtp_mail {
	const char	*from;		/* envelope; may be "" (null sender) */
	const char	*to;
	const char	*bytes;		/* RFC 5322, CRLF line ends, not dot-stuffed */
	size_t		 len;
	bool		(*leaving)(void *arg);	/* the body is about to be written; false: it
					 * may not.  NULL: nobody asks */
};

struct smtp_end {
	enum net_fate	 fate;
	int		 code;		/* of the deciding reply, 0 for none */
	char		 enhanced[SMTP_ENHANCED_BYTES];	/* "4.7.1" or "" */
	char		 queue_id[SMTP_QUEUE_ID_BYTES];	/* "queued as", or "" */
	bool		 unreached;	/* the relay, not the recipient, is at fault */
	bool		 at_recipient;	/* the refusal answered RCPT and is about the
					 * mailbox (reply_blames_mailbox()), where MAIL is
					 * about our sender and DATA and the body about the
					 * message */
	const char	*why;		/* constant word, "" when taken */
};

typedef void smtp_done_fn(void *arg, const struct smtp_end *);

/* Can this stand between < and > on the wire?  Refuses CR, LF, NUL, < > and
 * blanks, and what has no local part and domain. */
bool	smtp_address_is_safe(const char *);

/* What to write instead, and in *setting of what ("url", "helo", "starttls"); NULL: all is
 * well.  The password is not asked for. */
const char	*smtp_settings_fault(const struct smtp_settings *, const char **setting);

struct smtp_relay	*smtp_relay_open(void *ctx, struct net_loop *,
			    const struct smtp_settings *, struct err *);

/* Starts; `done` runs inside net_loop_step(), or at once when the addresses
 * are not safe. */
void	smtp_send(struct smtp_relay *, const struct smtp_mail *,
	    smtp_done_fn *, void *arg);

#endif
