/* check_files.h - the files that `purr check` has read, for the parts that ask what they
 * say of each other.
 *
 * Memory:  everything lives on the check's context, and ends with it.
 * Errors:  none: what is wrong is told to the sink.
 */
#ifndef ENGINE_CHECK_FILES_H
#define ENGINE_CHECK_FILES_H

#include "base/date.h"
#include "engine/check_run.h"

struct cfg;
struct err;
struct library;

enum checked_kind { CHECKED_SCHEDULE, CHECKED_PACK, CHECKED_CALENDAR, CHECKED_CLOSED_DAYS,
    CHECKED_EXPERIMENT, CHECKED_SEGMENTS, CHECKED_KINDS };

struct checked {
	struct checked		*next;
	enum checked_kind	 kind;
	const char		*path, *name;	/* name: without folder and ending */
	const void		*parsed;	/* NULL: wrong, and told so */
};

struct check {
	void				*ctx;
	const char			*dir;
	const struct library		*library;
	day_t				 today;
	const struct check_sink		*sink;
	struct check_counts		*counts;
	struct checked			*files;
	const char			*countries;	/* in which somebody is: " DK SE ";
							 * NULL: nobody knows */
};

/* A problem with a file. */
void	check_tell(struct check *, const char *path, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 3, 4)));

/* line 0: of no line. */
void	check_tell_at(struct check *, const char *path, int line, const char *fmt, ...)
	    __attribute__((__format__(__printf__, 4, 5)));

/* "PATH:LINE: text" or "PATH: text", as the parsers write it. */
void	check_tell_error(struct check *, const char *path, const struct err *);

/* By its name without folder and ending; NULL: there is none. */
const struct checked	*check_find(const struct check *, enum checked_kind, const char *name);

/* The providers that it names. */
void	check_ways(struct check *, struct cfg *);

/* purr.conf, where there is one, and what the store holds beside it. */
void	check_settings(struct check *);

#endif
