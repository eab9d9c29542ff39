/* mail_read.h - reads one e-mail that came in, as far as purr needs it.
 *
 * The result is one JSON object, since it is made in a process of its own (base/aside.h):
 *
 *   from         the address, "" for none (a bounce has none)
 *   to           [addresses or whole values]: To, Cc, Delivered-To, X-Original-To, Envelope-To
 *   subject, message_id
 *   automatic    it says of itself that no person wrote it (RFC 3834; Precedence;
 *                X-Autoreply), or its sender is empty
 *   text         the first text/plain part that is no attachment, as UTF-8, at most
 *                MAIL_TEXT_BYTES_MAX; "" for none
 *   report       it is a delivery status notification
 *   recipients   [{ address, action, status, code }] of the report
 *
 * A report is multipart/report (RFC 3462) with message/delivery-status (RFC 3464); or what
 * Exim writes (X-Failed-Recipients), and what qmail does (QSBMF), which are no such thing
 * but are common.
 *
 * Source:  RFC 5322, RFC 3464, RFC 3834; D. J. Bernstein, "The qmail-send Bounce Message
 *          Format".
 * Threads: none (GMime).
 */
#ifndef NET_MAIL_READ_H
#define NET_MAIL_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define MAIL_READ_BYTES_MAX (16UL * 1024 * 1024)	/* of a message */
#define MAIL_TEXT_BYTES_MAX (16 * 1024)
#define MAIL_JSON_BYTES_MAX (256 * 1024)
#define MAIL_RECIPIENTS_MAX 32

/* Puts the object as text.  False: it is no e-mail. */
bool	mail_read(const char *at, size_t len, struct str *out);

#endif
