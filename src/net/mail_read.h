/* mail_read.h - reads one e-mail that came in, as far as purr needs it.
 *
 * The result is one JSON object, since it is made in a process of its own (base/aside.h):
 *
 *   from         the address, "" for none (a bounce has none)
 *   senders      [addresses]: all of From, then Sender
 *   to           [addresses or whole values]: To, Cc, Delivered-To, X-Original-To, Envelope-To
 *   subject, message_id, date (as it came)
 *   refs         [ids]: what it answers (In-Reply-To, References) or carries
 *   automatic    it says of itself that no person wrote it, or its sender is empty
 *   text         the writer's own words (mail_words.h), at most MAIL_TEXT_BYTES_MAX; "" for
 *                none
 *   bare         the same to hear "stop" in
 *   rest         there is more in the mail: an attachment, an older message without marks,
 *                or a text too long
 *   report       it is a delivery status notification (mail_report.h)
 *   recipients   [{ address, original, action, status, nobody, code }] of the report;
 *                nobody: by the server's words, where the status says no more than "failed"
 *
 * Source:  RFC 5322; RFC 3834, and what answering machines put into headers and subjects
 *          instead.
 * Threads: none (GMime).
 */
#ifndef NET_MAIL_READ_H
#define NET_MAIL_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define MAIL_READ_BYTES_MAX (16UL * 1024 * 1024)	/* of a message */
#define MAIL_TEXT_BYTES_MAX (16 * 1024)
#define MAIL_JSON_BYTES_MAX (512 * 1024)
#define MAIL_RECIPIENTS_MAX 32

/* Puts the object as text.  False: it is no e-mail. */
bool	mail_read(const char *at, size_t len, struct str *out);

#endif
