/* sftp.h - puts one file into a folder of another machine, whole or not at all.
 *
 * It is written under a name that begins with a dot and then renamed: whoever looks
 * into the folder never sees half a file.  The other side's key must be known.
 *
 *   renamed                                          taken
 *   anything that ended before the last byte left    later: at most a dotted file is there
 *   the renaming refused, or its answer lost         the folder is looked into, by another
 *                                                    connection: only the name is there:
 *                                                    taken; only the dotted one: later; both,
 *                                                    neither (fetched?), or no look: unknown
 *
 * Source:  RFC 4253 and the drafts of SFTP, as libssh2 speaks them under libcurl.
 * Memory:  what the put and its texts name is borrowed until the call-back has run.
 */
#ifndef NET_SFTP_H
#define NET_SFTP_H

#include <stdbool.h>
#include <stddef.h>

#include "net/fate.h"
#include "net/loop.h"

struct sftp_put {
	const char	*url;		/* sftp://host:port/folder, without a slash at the end */
	const char	*name;		/* of the file: letters, digits, '.', '-' and '_' */
	const char	*bytes;
	size_t		 len;
	const char	*user;
	const char	*password;	/* "": by key */
	const char	*key_file;	/* private key, "": by password */
	const char	*known_hosts;	/* file of OpenSSH's form; needed */
	struct net_seconds seconds;
};

struct sftp_end {
	enum net_fate	 fate;
	bool		 unreached;	/* nothing of the file has left */
	const char	*why;		/* constant word, "" when taken */
};

typedef void sftp_done_fn(void *arg, const struct sftp_end *);

void	sftp_send(struct net_loop *, const struct sftp_put *, sftp_done_fn *, void *arg);

#endif
