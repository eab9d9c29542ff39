/* wire_journal.h - which contacts of one worker have begun to leave, and how
 * each ended: what is left to read after kill -9.
 *
 * One file per worker, append only.  Each record is one line, written by one
 * write() to a descriptor opened with O_APPEND, so it survives the death of
 * the process at any point; it is not synced, so it does not survive the death
 * of the machine, and each header therefore names the boot.
 *
 *   H purr-wire 3 BOOT_ID .
 *   T TOKEN .                                  (a batch is about to be armed)
 *   B CONTACT TOKEN TICK_MS .
 *   E CONTACT TOKEN OUTCOME CODE PROVIDER_ID AT PROVIDER DETAIL BLAME .
 *
 * PROVIDER_ID, PROVIDER and DETAIL are - for none; blanks in DETAIL are +; BLAME is
 * "recipient" or -: what follows from a refusal is the same after a crash.  AT is when the
 * outcome was known: whoever records it later, after a crash, must not say that the message
 * left when the crash was found.
 *
 * A line that does not end in " ." was torn and is ignored, and a header of
 * another number heads nothing.  How to read it
 * (the engine's recovery, once a lease has run out):
 *
 *   no file, no T of its batch (deleted and
 *   made anew), or another boot               -> every armed contact of that
 *                                                batch is unknown
 *   armed and not in the journal              -> never left: ready again
 *   begun, no outcome                         -> unknown
 *   begun, outcome                            -> that outcome
 *
 * Units:   tick in monotonic ms of that boot; AT in UTC seconds.
 * Memory:  talloc; closing or freeing the journal closes the descriptor.
 * Errors:  ERR_SYSTEM (disk); ERR_REFUSED when another living process holds
 *          the same worker's journal (flock).
 */
#ifndef DISPATCH_WIRE_JOURNAL_H
#define DISPATCH_WIRE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/contact.h"

struct err;
struct wire_journal;

#define WIRE_TOKEN_BYTES_MAX 40		/* lease token: printable, no blanks */
#define WIRE_PROVIDER_ID_BYTES_MAX 80
#define WIRE_PROVIDER_BYTES_MAX 20
#define WIRE_DETAIL_BYTES_MAX 48
#define WIRE_BLAMES "recipient"
#define WIRE_WORKER_BYTES_MAX 64	/* letters, digits, '.', '_', '-' */
#define BOOT_ID_BYTES 37		/* a UUID and the closing NUL */

/* This boot's id, from the kernel. */
bool	boot_id_read(char out[BOOT_ID_BYTES], struct err *);

/* DIR/WORKER.wire; appends, makes the file when it is not there.  What an
 * earlier process left is kept: read it before (wire_journal_read()). */
char	*wire_journal_path(void *ctx, const char *dir, const char *worker);
struct wire_journal	*wire_journal_open(void *ctx, const char *dir,
			    const char *worker, struct err *);
void	wire_journal_close(struct wire_journal *);	/* NULL is fine */

/* True: this open made the file.  A worker that had armed contacts before has
 * lost its journal then, whatever the new header says. */
bool	wire_journal_is_new(const struct wire_journal *);

/* Does a living process have this journal open?  (This one, too.) */
bool	wire_journal_is_held(const char *path);

/* The lease token of what is submitted from now on; "-" at the start.  A
 * contact keeps the token that stood when it was submitted. */
void		 wire_journal_set_token(struct wire_journal *, const char *token);
const char	*wire_journal_token(const struct wire_journal *);

/* Writes T and sets the token.  Call it before the batch's `armed` is committed:
 * only then does a journal that knows nothing of a contact prove that it never
 * left.  False: arm nothing. */
bool		 wire_journal_batch(struct wire_journal *, const char *token, struct err *);

/* dispatch.c calls these.  False: nothing may be sent / the disk has lost the
 * outcome, *err says why. */
bool	wire_journal_begin(struct wire_journal *, int64_t contact_id,
	    const char *token, struct err *);
struct wire_end {
	enum send_outcome	 outcome;
	int			 code;
	const char		*provider_id, *provider, *detail;	/* NULL, "": none */
	bool			 at_recipient;
	instant_t		 at;
};
bool	wire_journal_end(struct wire_journal *, int64_t contact_id,
	    const char *token, const struct wire_end *, struct err *);

/* Contacts begun and not ended through this handle. */
size_t	wire_journal_open_count(const struct wire_journal *);

/* Empties the file: call it when every outcome is committed to the database.
 * ERR_REFUSED when a contact is still open. */
bool	wire_journal_reset(struct wire_journal *, struct err *);

/* --- reading after a crash ------------------------------------------------ */

struct wire_record {
	int64_t			contact_id;	/* 0: a batch (T) */
	char			token[WIRE_TOKEN_BYTES_MAX + 1];
	size_t			place;		/* in the file */
	bool			this_boot;	/* false: worth nothing, see above */
	bool			ended;		/* the rest is set */
	enum send_outcome	outcome;
	int			code;
	char			provider_id[WIRE_PROVIDER_ID_BYTES_MAX + 1];
	char			provider[WIRE_PROVIDER_BYTES_MAX + 1];
	char			detail[WIRE_DETAIL_BYTES_MAX + 1];
	bool			at_recipient;
	instant_t		at;
};

struct wire_past {
	bool			 found;		/* the file is there, with a header */
	bool			 this_boot;	/* its last header is of this boot */
	struct wire_record	*records;	/* one per contact and token,
						 * sorted by contact, then token */
	size_t			 count;
};

/* Reads a journal, also of a worker that still lives.  A missing file is not
 * an error: `found` is false. */
bool	wire_journal_read(void *ctx, const char *path, struct wire_past *,
	    struct err *);

/* Whether the batch of that token was armed by the writer of this journal, in
 * this boot (*this_boot).  Without it the journal proves nothing. */
bool	wire_past_has_batch(const struct wire_past *, const char *token, bool *this_boot);

/* NULL when that contact never began under that token. */
const struct wire_record	*wire_past_find(const struct wire_past *,
				    int64_t contact_id, const char *token);

#endif
