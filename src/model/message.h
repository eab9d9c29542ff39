/* message.h - one finished message: what compose/ makes and dispatch/ sends.
 *
 * It holds words only, no wire format: MIME and HTTP are made in net/.
 *
 * Units:   texts are UTF-8 without NUL; e-mail bodies use LF line ends.
 * Memory:  borrowed pointers; the maker's talloc context owns the texts and
 *          must outlive the sending.
 */
#ifndef MODEL_MESSAGE_H
#define MODEL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <stddef.h>

#include "base/clock.h"
#include "model/word.h"

struct message {
	int64_t		 contact_id;
	enum channel	 channel;
	const char	*lang;			/* "da", "en" */
	const char	*to;			/* address, or E.164 with + */
	const char	*from;			/* address, or sender name / number */
	const char	*text;			/* SMS, or the text/plain part */
	instant_t	 date;			/* Date: of the message */
	instant_t	 dead_at;		/* no delivery after this; 0: no limit */

	/* e-mail only */
	const char	*from_name;
	const char	*to_name;		/* "" when not to be shown */
	const char	*reply_to;		/* "" for none */
	const char	*envelope_from;		/* VERP return path */
	const char	*subject;
	const char	*html;			/* "" for none */
	const char	*message_id;		/* without < >; same on every try */
	const char	*in_reply_to;		/* first message of the thread, "" */
	const char	*unsubscribe_url;	/* "" on legal notices: no header */
	const char	*feedback_id;		/* what complaints are counted by, "" */
	const char	*boundary;		/* MIME boundary, given so that bytes repeat */

	/* letter only: to_name and subject of above, and */
	const char	*return_line;		/* the sender, in one line */
	const char	*country;		/* the sender's: is the address at home? */
	const char	*link_url;		/* to be photographed */
	const char	*payment_code;		/* the same, by a bank's app; NULL, "" */
	const char	*pdf;			/* the pages; NULL: not drawn */
	size_t		 pdf_len;

	/* SMS only */
	const char	*dlr_url;		/* delivery report call-back, "" for none */
	const char	*dlr_url_second;	/* the same by the second provider; NULL, "" */
};

#endif
