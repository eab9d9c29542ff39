/* fault.h - the list of what is wrong with the rows of a file.
 *
 * Reports of faults travel by e-mail, so a fault tells what kind of text
 * stood in the place and never the text itself.
 *
 * Memory:  the list belongs to the context given to fault_list_init().
 */
#ifndef INTAKE_FAULT_H
#define INTAKE_FAULT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "model/ledger.h"

#define FAULTS_MAX 100000	/* beyond: the profile does not fit the file */

struct fault_list {
	struct row_fault	*at;
	size_t			 count, room;
	bool			 over;		/* more than FAULTS_MAX */
	void			*ctx;
};

void	fault_list_init(struct fault_list *, void *ctx);

/* `value` is described, not kept; NULL: there is no one value to blame. */
void	fault_add(struct fault_list *, int line, struct view column,
	    const struct view *value, const char *fmt, va_list)
	    __attribute__((__format__(__printf__, 5, 0)));
/* The same with the kind of value and the reason as they are. */
void	fault_note(struct fault_list *, int line, struct view column,
	    const char *value_class, const char *reason);

/* The faults of `a`, then those of `b`, both by line, as one list by line; a
 * new array of `ctx`. */
struct row_fault	*fault_merge(void *ctx, const struct row_fault *a, size_t a_count,
			    const struct row_fault *b, size_t b_count);

/* "empty", "digits of 8", "text of 12 characters" ...; `value` is UTF-8. */
void	value_class_put(struct view value, char *out, size_t room);

#endif
