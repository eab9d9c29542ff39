/* smtp_session.h - one connection to a mail relay and what is said over it; private to
 * smtp*.c.
 *
 * libcurl finds the host, connects, secures and logs in.  Then the dialogue is our own,
 * since libcurl waits for the reply to a body without serving anybody else, and does not
 * send commands together (RFC 2920) where the relay allows it.
 *
 * A job that could not be given to a kept connection, because the relay had closed it,
 * is begun once more on a new one; nothing of it has left then.
 */
#ifndef NET_SMTP_SESSION_H
#define NET_SMTP_SESSION_H

#include <stdint.h>

#include "base/str.h"
#include "net/reply.h"
#include "net/smtp.h"
#include "net/transfer.h"

#define SMTP_LINE_BYTES 1024		/* longer replies are cut */
#define SMTP_EXPECT_MAX 5

/* How far a message has come; which command a reply answers. */
enum smtp_phase { SMTP_CONNECT, SMTP_HELLO, SMTP_RSET, SMTP_MAIL, SMTP_RCPT, SMTP_DATA, SMTP_BODY };

struct smtp_relay {
	struct net_loop		*loop;
	char			*url;		/* with our name as its path */
	bool			 starttls;
	char			*user, *password, *ca_file;
	struct net_seconds	 seconds;
	struct smtp_session	*idle;		/* list */
};

struct smtp_job {
	struct smtp_relay	*relay;
	struct smtp_mail	 mail;
	smtp_done_fn		*done;
	void			*arg;
	enum smtp_phase		 phase;
	struct reply_line	 refusal;	/* first line >= 400; code 0: none */
	enum smtp_phase		 refused_at;	/* the command that it answered */
	struct reply_line	 accepted;	/* 2xx after the body; code 0: none */
	int			 last_code;
	int64_t			 began_ms;
	bool			 fresh;		/* second try, on a new connection */
};

struct smtp_session {
	struct smtp_relay	*relay;
	struct transfer		*transfer;	/* NULL: not begun, or failed */
	struct watch		 watch;
	struct smtp_job		*job;		/* NULL: idle */
	struct smtp_session	*next_idle;
	bool			 open;		/* logged in */
	bool			 used;		/* has carried a message */
	bool			 dirty;		/* a transaction was refused: RSET first */
	bool			 ending;	/* 421, or something that no relay says */
	bool			 pipelining, size, utf8;
	enum smtp_phase		 expect[SMTP_EXPECT_MAX];	/* replies to come, in order */
	size_t			 expect_count;
	char			 line[SMTP_LINE_BYTES];
	size_t			 line_len;
	struct reply_line	 head;		/* first line of a longer reply; code 0: none */
	struct str		 out;		/* to be written, from out_at on */
	size_t			 out_at;
	int64_t			 heard_ms;	/* when a byte came or went last */
};

/* NULL: no memory. */
struct smtp_session	*smtp_session_open(struct smtp_relay *);
/* An idle or new one takes a job; its end may come at once. */
void	smtp_session_take(struct smtp_session *, struct smtp_job *);

/* smtp_login.c has logged in: the descriptor is ours, the dialogue begins. */
bool	smtp_session_watch(struct smtp_session *, int fd);	/* false: epoll refuses */
void	smtp_session_begin(struct smtp_session *);
/* The connection failed under its job; the session is gone afterwards. */
void	smtp_session_fail(struct smtp_session *, const char *why);

void	smtp_job_start(struct smtp_job *);
void	smtp_job_end(struct smtp_job *, const struct smtp_end *);

#endif
