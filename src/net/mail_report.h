/* mail_report.h - what a relay says of messages that it could not hand on (inside net/
 * only).
 *
 *   the standard's   message/delivery-status or message/global-delivery-status, in
 *                    whatever multipart it comes
 *   Exim's           X-Failed-Recipients, or its text without that
 *   text             qmail's, Yahoo's, and others': an address alone on a line, and under
 *                    it an answer of SMTP, in a message that comes from no person
 *
 * A status that says no more than "failed" is made more precise by the server's words.
 *
 * Source:  RFC 3464, RFC 6533; D. J. Bernstein, "The qmail-send Bounce Message Format".
 * Threads: none (GMime).
 */
#ifndef NET_MAIL_REPORT_H
#define NET_MAIL_REPORT_H

#include <stddef.h>

#include <gmime/gmime.h>
#include <jansson.h>

/* As JSON can hold it, whole letters, at most `max` bytes. */
json_t	*mail_field(const char *text, size_t max);

/* Adds each <id> that stands in a text. */
void	 mail_ids_in(const char *text, json_t *ids);

/* Adds the recipients as mail_read.h has them, none: it is no report; and the ids of
 * messages that it carries or names. */
void	 mail_report_read(void *ctx, GMimeMessage *, const char *text, json_t *recipients,
	    json_t *ids);

#endif
