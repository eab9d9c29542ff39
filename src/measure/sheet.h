/* sheet.h - a table in memory, column by column: what purr analyse works on.
 *
 * The columns that an analysis asks for, no others, each in the form it asks
 * for.  A field that cannot be read in that form is "missing" and counted; an
 * analysis says what that means for its row.
 *
 * Units:   days are whole days on one axis, amounts minor units.
 * Memory:  talloc, one array per column, children of the sheet: 10,000,000
 *          rows of one arm and three days take 160 MB.
 * Threads: a sheet that is not written to any more may be read by several.
 */
#ifndef MEASURE_SHEET_H
#define MEASURE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sheet_kind {
	SHEET_WORD,		/* one of a few names: code[], words[code] */
	SHEET_KEY,		/* an identifier: 64 bits that stand for it, key[]; SHEET_NO_KEY: missing */
	SHEET_DAY,		/* a whole number, day[]; SHEET_NO_DAY: missing */
	SHEET_MINOR,		/* a whole number, minor[]; SHEET_NO_MINOR: missing */
	SHEET_REAL,		/* real[]; NAN: missing */
};

#define SHEET_NO_KEY 0			/* an empty identifier is nobody's */
#define SHEET_NO_DAY INT32_MIN
#define SHEET_NO_MINOR INT64_MIN
#define SHEET_ROWS_MAX 20000000
#define SHEET_WORDS_MAX 65536	/* different ones in a column */

struct sheet_want {
	const char	*column;	/* as its header says */
	enum sheet_kind	 kind;
	bool		 optional;	/* may not be there: the column is NULL then */
};

struct sheet_column {
	const char	*name;
	enum sheet_kind	 kind;
	size_t		 missing;	/* fields that are empty or cannot be read */
	uint32_t	*code;		/* SHEET_WORD */
	const char	**words;	/* in order of first appearance; "" is a word */
	size_t		 word_count;
	uint64_t	*key;
	int32_t		*day;
	int64_t		*minor;
	double		*real;
};

struct sheet {
	size_t			 rows;
	size_t			 count;
	struct sheet_column	**columns;	/* in the order wanted; NULL: not there */
};

/* NULL: there is none. */
const struct sheet_column	*sheet_find(const struct sheet *, const char *name);

/* The code of a word; -1: nobody has it. */
int	sheet_word(const struct sheet_column *, const char *word);

#endif
