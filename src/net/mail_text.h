/* mail_text.h - the words of an e-mail, from whichever of its parts has them (inside net/
 * only).
 *
 * Every text/plain part that is no attachment; where they are empty, every text/html
 * (html_text.h).  A text that does not keep to the charset that it names, or names none, is
 * UTF-8 if it can be, else windows-1252: no letter is dropped.
 *
 * Memory:  children of ctx.
 * Threads: none (GMime).
 */
#ifndef NET_MAIL_TEXT_H
#define NET_MAIL_TEXT_H

#include <stdbool.h>

#include <gmime/gmime.h>

struct mail_text {
	char	*text;		/* UTF-8, without zero bytes */
	bool	 cut;		/* there was more than is read at all */
	int	 attachments;
};

void	 mail_text_read(void *ctx, GMimeMessage *, struct mail_text *);

/* The content of a part, decoded, as bytes closed by a zero; a child of ctx. */
char	*mail_part_bytes(void *ctx, GMimePart *, size_t *len);

#endif
