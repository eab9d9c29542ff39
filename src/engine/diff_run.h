/* diff_run.h - who would get something different under another version of a
 * schedule, a rule pack or a calendar, and what.
 *
 * The same look ahead (forward.h) is lived through twice, in two copies: as
 * things stand, and with the other version.  Messages are compared per debtor
 * and step, the first with the first, the second with the second; a hand-over
 * counts as the last step.
 *
 *   of, new, kind   what is compared; kind: schedule, pack, calendar
 *   from, until     the look
 *   same            messages that stay as they are
 *   debtors         people for whom something changes
 *   totals          { added, dropped, earlier, later, channel, tone, fee, interest,
 *                   compensation, deadline, text }: messages; one may count in several;
 *                   text: in words alone
 *   list            [{ creditor, debtor, step, changes: [words of totals],
 *                   before: MESSAGE|null, after: MESSAGE|null }]
 *                   MESSAGE { day, at, channel, tone, fee, interest, compensation,
 *                   deadline_on|null }
 *
 * Where `of` is a schedule, the cases that run on a schedule of that name, in
 * whatever version, are put on the new one.  So a schedule against itself says
 * what moving running cases to the file's version would change.
 *
 * Memory:  *out is a new reference.
 */
#ifndef ENGINE_DIFF_RUN_H
#define ENGINE_DIFF_RUN_H

#include <jansson.h>

#include "base/str.h"
#include "engine/forward.h"

#define DIFF_TEXT_BYTES_MAX (64 * 1024 * 1024)
#define DIFF_STEP_HAND_OVER "(hand-over)"

struct diff_options {
	instant_t	now;
	int		days;
	const char	*of;		/* name of a schedule, pack or calendar */
	const char	*new;		/* the name of another, or a file */
	void		(*progress)(void *arg, instant_t);
	void		*arg;
};

bool	diff_run(const char *dir, const struct diff_options *, json_t **out, struct err *);

/* Pure: the object above. */
void	diff_text(const json_t *diff, struct str *out);
void	diff_csv(const json_t *diff, struct str *out);

/* --- the comparing itself: pure ---------------------------------------------------- */

struct diff_message {
	int64_t		 debtor_id;
	const char	*debtor, *creditor, *step;
	instant_t	 at;
	day_t		 on, deadline_on;
	const char	*channel, *tone;	/* "" for a hand-over, as all that it adds: */
	const char	*fee, *interest, *compensation;
	char		 words[HASH_HEX_BYTES];	/* of what a reader reads, "" */
};

/* Sorts both lists; fills same, debtors, totals, list. */
void	diff_compare(struct diff_message *before, size_t before_count,
	    struct diff_message *after, size_t after_count, json_t *out);

#endif
