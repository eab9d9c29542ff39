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

/* False when it is not a reply line. */
bool	reply_line_read(const char *at, size_t len, struct reply_line *);

#endif
