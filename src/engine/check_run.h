/* check_run.h - does what a finance team edits hold together?
 *
 * purr.conf, schedules, rule packs, calendars, closed days and experiments are
 * read one by one, so that every wrong file is told, not just the first; then
 * what they say of each other is compared: a schedule's pack, experiment and
 * texts, a pack's calendar, a creditor's schedule, closed days, time zone and
 * language; and whether each creditor of the ledger still has its section, and
 * what really leaves the house does not carry the sample's addresses.  A pack is
 * read with what the workspace laid over it (schedules/rules/local/).  Of purr.db
 * nothing is written.
 *
 * Memory:  all of it dies with the call.
 */
#ifndef ENGINE_CHECK_RUN_H
#define ENGINE_CHECK_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/date.h"

struct library;

/* line 0: the whole file.  A notice is for a person to know; nothing is wrong.  `aside`: it
 * concerns a country in which nobody is so far. */
struct check_sink {
	void	(*problem)(void *arg, const char *path, int line, const char *text);
	void	(*notice)(void *arg, const char *path, const char *text, bool aside);
	void	*arg;
};

struct check_counts {
	size_t	schedules, packs, calendars, experiments, creditors;
	bool	settings;		/* there is a purr.conf */
};

/* Where `dir` has no schedules/, what travels in the program is checked; where
 * it has no purr.conf, the creditors are not.  Dated values are looked for on
 * `today`. */
void	check_run(const char *dir, const struct library *, day_t today,
	    const struct check_sink *, struct check_counts *);

#endif
