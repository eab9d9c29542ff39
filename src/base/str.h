/* str.h - one growing string with a stated limit, and one borrowed view.
 *
 * Growing past the limit sets `over` and drops the excess: the caller asks
 * str_ok() once at the end and reports ERR_INPUT, instead of checking each
 * line.  The text is always NUL-terminated.
 *
 * Units:   bytes.
 * Memory:  str_init() borrows a talloc context; str_release() or the
 *          context's end frees.  str_take() gives the text to the caller (as a
 *          child of the same context).
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct view {
	const char	*at;
	size_t		 len;
};

struct str {
	char	*at;
	size_t	 len;
	size_t	 room;		/* bytes allocated, closing NUL included */
	size_t	 bytes_max;	/* longest text allowed */
	bool	 over;		/* something did not fit */
	void	*ctx;		/* talloc parent */
};

void	str_init(struct str *, void *ctx, size_t bytes_max);
void	str_release(struct str *);
void	str_clear(struct str *);		/* empties, keeps the room */
char	*str_take(struct str *);
bool	str_ok(const struct str *);

void	str_put(struct str *, const char *);
void	str_putn(struct str *, const char *, size_t);
void	str_putc(struct str *, char);
void	str_printf(struct str *, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 2, 3)));
void	str_vprintf(struct str *, const char *fmt, va_list)
	    __attribute__((__format__(__printf__, 2, 0)));

struct view	view_of(const char *);		/* of a whole C string */
struct view	view_trim(struct view);		/* without ASCII white space */
bool		view_is(struct view, const char *);
bool		view_is_nocase(struct view, const char *);	/* ASCII */

/* Strict UTF-8 (RFC 3629: no overlong forms, no surrogates). */
bool		utf8_is_valid(const char *, size_t);

#endif
