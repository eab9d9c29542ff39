/* check_run.h - does what a finance team edits hold together?
 *
 * purr.conf, schedules, rule packs, calendars, closed days and experiments are
 * read one by one, so that every wrong file is told, not just the first; then
 * what they say of each other is compared: a schedule's pack, experiment and
 * texts, a pack's calendar, a creditor's schedule, closed days, time zone and
 * language.
 *
 * Memory:  all of it dies with the call.
 */
#ifndef ENGINE_CHECK_RUN_H
#define ENGINE_CHECK_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"

struct library;

/* A file of closed days, for a creditor who names it. */
struct check_closed {
	const char	*creditor, *path;
	int		 days;			/* until the end of the calendars */
	day_t		 first, last;		/* first: DAY_NONE where it closes none */
};

/* line 0: the whole file. */
struct check_sink {
	void	(*problem)(void *arg, const char *path, int line, const char *text);
	void	(*closed)(void *arg, const struct check_closed *);
	void	*arg;
};

struct check_counts {
	size_t	schedules, packs, calendars, experiments, creditors;
};

/* Where `dir` has no schedules/, what travels in the program is checked; where
 * it has no purr.conf, the creditors are not. */
void	check_run(const char *dir, const struct library *, const struct check_sink *,
	    struct check_counts *);

#endif
