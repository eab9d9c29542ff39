/* mail_words.h - what of a reply its writer has written, and what is only carried along.
 *
 * Lines with '>' are somebody else's, and so is the line or two above them that says whose
 * (it ends in ':', and has a day and an address, or a day, an hour and "wrote"); and from
 * "From: ... Sent: ... Subject: ..." on, in any language, all that follows: such lines with
 * an address or this reply's own subject, below a line of dashes, or beginning with a word
 * for "From", or three of them with the subject.  What stands between quotes or below them
 * is the writer's.  Where a line may be his own, it is kept.
 *
 * To hear "stop", more is left out: signatures ("-- ", a greeting and what follows),
 * "Sent from my telephone", and any line that ends in ':' above a quote.  Nobody is
 * misread by it, since what is left must be that one word.
 *
 * Source:  RFC 3676 sections 4.3 and 4.5; and what Gmail, Apple Mail,
 *          Thunderbird, Outlook and Yahoo write.
 * Units:   UTF-8; lines end in LF or CRLF.
 * Memory:  texts are children of ctx.
 * Threads: pure.
 */
#ifndef NET_MAIL_WORDS_H
#define NET_MAIL_WORDS_H

#include <stdbool.h>

#define MAIL_GAP "[...]"	/* where a quote stood between the writer's own lines */

struct mail_words {
	char	*text;		/* to be read */
	char	*bare;		/* to hear "stop" in */
	bool	 older;		/* a message without '>' below it was left out */
};

void	mail_words_read(void *ctx, const char *text, const char *subject, struct mail_words *);

#endif
