/* mime.h - builds the bytes of one e-mail.
 *
 * Pure: the same input gives the same bytes, on every try and every machine.
 * Date, Message-ID and boundary are therefore given, charset and transfer
 * encoding fixed (UTF-8, quoted-printable), and no header says who built it.
 *
 * Source:  RFC 5322, RFC 2045-2047, RFC 3834 (Auto-Submitted), RFC 8058 and
 *          RFC 2369 (List-Unsubscribe), [MS-OXCMAIL] 2.2.3.2.14 for
 *          X-Auto-Response-Suppress; Feedback-ID as Gmail's sender guidelines
 *          have it.
 * Units:   `date` in UTC seconds, written as +0000; bodies come with LF, bytes
 *          leave with CRLF.
 * Memory:  borrows; writes into the caller's struct str.
 * Threads: none (GMime is started on the first call).
 * Errors:  ERR_INPUT: an address, id or URL holds what would end its header
 *          line, or something needed is empty.  Control characters in names
 *          and in the subject become blanks.
 */
#ifndef NET_MIME_H
#define NET_MIME_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/str.h"

struct err;

#define MIME_BYTES_MAX (2 * 1024 * 1024)
#define MIME_BOUNDARY_BYTES_MAX 70	/* RFC 2046 5.1.1 */

/* NULL and "" both mean "none". */
struct mime_mail {
	instant_t	 date;
	const char	*from, *from_name;
	const char	*to, *to_name;
	const char	*reply_to;
	const char	*subject;
	const char	*lang;			/* Content-Language */
	const char	*text;			/* text/plain */
	const char	*html;			/* text/html: then multipart/alternative */
	const char	*message_id;		/* without < > */
	const char	*in_reply_to;		/* without < > */
	const char	*unsubscribe_url;	/* https:, for one click */
	const char	*feedback_id;		/* a:b:c:sender, for complaint loops */
	const char	*boundary;		/* needed with html */
};

/* The address with its domain in ASCII (RFC 5890); a talloc child of ctx. */
char	*mime_idn_address(void *ctx, const char *address);

bool	mime_build(const struct mime_mail *, struct str *out, struct err *);

#endif
