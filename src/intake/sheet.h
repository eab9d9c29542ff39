/* sheet.h - a table seen through a profile: the value of each field of the
 * row at hand, and the faults found so far.
 *
 * A value comes from a column, a constant or a template of columns; it is
 * trimmed, then translated. What it means is for cell.h.
 *
 * Memory:  texts and faults live in the context given to sheet_init(); a view
 *          from sheet_value() is valid until the next call.
 */
#ifndef INTAKE_SHEET_H
#define INTAKE_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "intake/arena.h"
#include "intake/fault.h"
#include "intake/profile.h"
#include "intake/table.h"

struct err;
struct phone_memo;

struct sheet {
	const struct profile	*profile;
	enum day_form		 date;		/* settled, never auto */
	struct arena		 texts;
	struct fault_list	 faults;
	struct view		*header;	/* trimmed names */
	size_t			 header_count;
	size_t			 column[FIELDS];
	size_t			 part_column[FIELDS][PROFILE_PARTS_MAX];
	const char		*last[FIELDS];	/* copies: often the next row's too */
	struct str		 scratch;
	struct phone_memo	*phones;	/* numbers read lately */
	size_t			 phone_doubt_count;
	const struct table_row	*row;		/* at hand */
	bool			 row_bad;	/* it has a fault */
};

/* `keep` is for what outlives the reading, `work` for the rest. */
void	sheet_init(struct sheet *, const struct profile *, void *keep, void *work);

/* Finds the columns that the profile names.  False and ERR_INPUT when one is
 * missing or stands twice. */
bool	sheet_header(struct sheet *, const struct table_row *, void *work, struct err *);

/* Goes to a row; a row of the wrong length is a fault, and false. */
bool	sheet_row(struct sheet *, const struct table_row *);

/* False when the value is none of the profile's (a fault).  Not mapped: "". */
bool	sheet_value(struct sheet *, enum intake_field, struct view *);

/* Records a fault of this row in the column that feeds the field; FIELDS: of
 * the row as a whole.  `value` NULL: the field's value, asked for once more. */
void	sheet_fault(struct sheet *, enum intake_field, const struct view *value,
	    const char *fmt, ...) __attribute__((__format__(__printf__, 4, 5)));

#endif
