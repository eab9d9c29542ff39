/* reply.h - reads the lines that a mail relay answers.
 *
 * Only digits, queue ids, and whether the words blame the mailbox are kept: the words of a reply often repeat the
 * recipient's address, which belongs neither in a log nor in a result.
 *
 * Source:  RFC 5321 section 4.2 (reply lines), RFC 3463 (enhanced codes).
 * Threads: pure.
 */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include <stdbool.h>
#include <stddef.h>

struct reply_line {
	int	code;			/* 200..599 */
	bool	last;			/* of a reply of several lines */
	char	enhanced[12];		/* "5.1.1" or "": before the words, or "(#5.1.1)" behind */
	bool	mailbox;		/* the words are those for a mailbox that is not there */
	char	queue_id[48];		/* after "queued as" or "id=", or "" */
};

#define REPLY_WORDS_BYTES_MAX 1024	/* that are looked at */

/* Are these the words for a mailbox that is not there?  Line ends count as letters. */
bool	reply_words_blame_mailbox(const char *at, size_t len);

/* False when it is not a reply line. */
bool	reply_line_read(const char *at, size_t len, struct reply_line *);

/* Does a refusal of a recipient say that there is no such mailbox, now and later?  By its
 * enhanced code where that one is about this (RFC 3463: 5.1.1-5.1.4, 5.1.6, 5.2.1; RFC 7505:
 * 5.1.10; Exchange Online's 5.4.1), by its words where the code says nothing (none, 5.0.0,
 * 5.1.0, 5.5.0).  A full mailbox, a size, a policy and the sender are no fault of it. */
bool	reply_blames_mailbox(const char *enhanced, bool words);

#endif
