/* segment.h - which schedule debtors of a kind follow: the list that a finance
 * team keeps in schedules/segments.json (docs/schedules.md).
 *
 * The list is read from the top; the first segment whose every condition holds
 * is the debtor's.  A condition that is not named holds for everybody.
 *
 * Memory:  a parsed list lives on the given talloc context and is never
 *          written again; questions are borrowed.
 * Threads: segments_parse() allocates; all else only reads.
 * Errors:  ERR_INPUT with file, line, JSON pointer and the way out.
 */
#ifndef PLAN_SEGMENT_H
#define PLAN_SEGMENT_H

#include <stddef.h>

#include "model/word.h"
#include "plan/schedule.h"

struct err;

#define SEGMENTS_MAX 100
#define SEGMENT_CHOICES_MAX 40		/* words of one condition */

struct segment_words {			/* no word: holds for everybody */
	const char	*words[SEGMENT_CHOICES_MAX];
	size_t		 count;
};

struct segment {
	char			 name[SCHEDULE_WORD_BYTES];
	char			 schedule[SCHEDULE_WORD_BYTES];
	struct segment_words	 creditor, country, currency, lang, segment;
	unsigned		 parties;	/* bit 1 << enum party; 0: all */
};

struct segments {
	struct segment	list[SEGMENTS_MAX];
	size_t		count;
};

/* What is known of a claim. */
struct segment_question {
	const char	*creditor;	/* its name in purr.conf */
	const char	*country, *currency, *lang;
	const char	*segment;	/* the debtor's own, from the ledger; "" */
	enum party	 party;
};

/* `name` is shown in errors (the file's path). */
struct segments	*segments_parse(void *ctx, const char *name, const char *text, size_t len,
		    struct err *);

/* NULL: none fits. */
const struct segment	*segments_find(const struct segments *, const struct segment_question *);

#endif
