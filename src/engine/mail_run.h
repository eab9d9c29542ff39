/* mail_run.h - e-mail that comes in: what relays say of our messages, and what people write.
 *
 *   a report     (RFC 3464, or as Exim and qmail write it) about a message whose return
 *                path it was sent to: a receipt (receipt_run.h).  For good: RFC 3463's
 *                "no such mailbox", "disabled", "no such domain" (5.1.1, 5.1.2, 5.1.3,
 *                5.1.6, 5.1.10, 5.2.1, 5.4.4); all else waits
 *   automatic    out of office, lists, robots: left alone
 *   "stop"       and nothing else, but for what is quoted; or as the subject of an empty
 *                message: no more e-mail
 *   words        a task for a person, and peace until it is answered
 *
 * The return path is a secret of the message (VERP): a report that does not know it is
 * not believed.  A relay may have changed its letters to small ones.
 *
 * Errors:  ERR_INPUT: it is no e-mail.
 */
#ifndef ENGINE_MAIL_RUN_H
#define ENGINE_MAIL_RUN_H

#include "engine/engine.h"

enum mail_what { MAIL_REPORT, MAIL_AUTOMATIC, MAIL_STOP, MAIL_WORDS, MAIL_STRANGE, MAIL_WHATS };

/* A transaction of its own; the same message again changes nothing. */
bool		 mail_take(struct engine *, const char *bytes, size_t len, instant_t now,
		    enum mail_what *, struct err *);
const char	*mail_what_name(enum mail_what);

struct mail_summary {
	int64_t	taken[MAIL_WHATS], unreadable;
};
/* Every message of a Maildir's new/, each moved to cur/ when it has been taken; what cannot
 * be read is moved, too, and counted.  Stops where the store has trouble. */
bool		 mail_take_folder(struct engine *, const char *maildir, instant_t now,
		    struct mail_summary *, struct err *);

#endif
