/* mail_run.h - e-mail that comes in: what relays say of our messages, and what people write.
 *
 *   a report     (net/mail_report.h) about a message of ours: a receipt (receipt_run.h).
 *                For good: RFC 3463's "no such mailbox", "disabled", "no such domain" (5.1.1,
 *                5.1.2, 5.1.3, 5.1.6, 5.1.10, 5.2.1, 5.4.4), or words for it under a vague
 *                code; all else waits.  Of several recipients the one to whom we wrote
 *   automatic    out of office, lists, robots: left alone
 *   "stop"       and nothing else, but for what is quoted or signed; or as the subject of
 *                an empty message: no more e-mail
 *   words        a task for a person, and peace until it is answered
 *   strange      from nobody's address, and no answer to a message of ours: kept
 *
 * A report belongs to the message whose return path it was sent to, a secret of its own
 * (VERP; a relay may have changed its letters to small ones), or else to the one whose
 * Message-ID it carries, which is one, too: what knows neither is not believed.  The
 * Message-ID also tells whose reply it is that comes from another address.
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
