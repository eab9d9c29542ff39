/* err.h - what the world did to us, and what the caller may do next.
 *
 * Three kinds of trouble exist: our own bug (must.h), the world (this), and a
 * rule that said no (an ordinary answer, never an error).  The kind says what
 * may be done next, not where it came from.
 *
 * The text is for a person: it names the file, row or setting and the way
 * out, and holds no personal data and no amount of money.
 *
 * Memory:  a struct err owns nothing; put it on the stack, zeroed.
 * Rule:    the first error wins; later ones are consequences.  Who tells a person what to mend
 *          may hang a list on it, and then gets those that come after it, too.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#define ERR_TEXT_BYTES_MAX 512

enum err_kind {
	ERR_NONE,
	ERR_INPUT,	/* what we were given is wrong: mend it and come again */
	ERR_REFUSED,	/* a state or policy forbids it: asking again is useless */
	ERR_RETRY,	/* the same call may succeed later */
	ERR_FINAL,	/* the same call will never succeed */
	ERR_SYSTEM,	/* disk, database, memory: an operator must look */
};

#define ERR_LATER_MAX 15

struct err_later {			/* more of them are left out */
	char	text[ERR_LATER_MAX][ERR_TEXT_BYTES_MAX];
	int	count;
};

struct err {
	enum err_kind	 kind;
	char		 text[ERR_TEXT_BYTES_MAX];
	struct err_later *later;	/* borrowed; NULL: nobody asks */
};

/* Records a trouble unless one is recorded already.  Returns false, so that
 * `return err_set(...)` reads well.  A NULL err is allowed and ignored. */
bool	err_set(struct err *, enum err_kind, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 3, 4)));

/* Puts "what: " before the recorded text: callers add their purpose. */
void	err_prefix(struct err *, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 2, 3)));

void	err_clear(struct err *);
bool	err_is_set(const struct err *);

#endif
