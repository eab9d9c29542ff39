/* tmpl_bound.h - the steps of a template that is bound to a record layout.
 *
 * Only for base/tmpl_bind.c, which makes them, and base/tmpl_render.c, which
 * runs them.
 *
 * Each step writes its text first and then does what its kind says with the
 * member at `offset` of the record of list depth `level` (0: the whole record).
 */
#ifndef BASE_TMPL_BOUND_H
#define BASE_TMPL_BOUND_H

#include <stdint.h>

#include "base/tmpl_node.h"

enum bound_kind {
	BOUND_TEXT,		/* nothing more */
	BOUND_VALUE,		/* the view, escaped */
	BOUND_RAW,		/* the view as it is */
	BOUND_IF_VIEW,		/* to `jump` when empty */
	BOUND_IF_NO_VIEW,	/* to `jump` when not empty */
	BOUND_IF_BOOL,		/* to `jump` when false */
	BOUND_IF_NO_BOOL,	/* to `jump` when true */
	BOUND_IF_NO_ROWS,	/* to `jump` when there are some */
	BOUND_ROWS,		/* to `jump` when there are none, else `row_level` begins */
	BOUND_NEXT,		/* of level `level`: back to `jump` while rows are left */
	BOUND_END,
};

struct bound_step {
	const char	*text;
	uint32_t	 text_len;
	uint32_t	 jump;		/* index of a step */
	uint32_t	 offset;	/* of the member; NEXT: bytes of a row */
	uint8_t		 kind;
	uint8_t		 level;
	uint8_t		 row_level;	/* ROWS: which level its rows are */
};

struct tmpl_bound {
	char			*name;
	char			*text;	/* all texts, one behind the other */
	const struct escape	*escape;
	struct bound_step	*steps;
	uint32_t		 count;
};

#endif
