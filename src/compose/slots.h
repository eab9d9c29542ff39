/* slots.h - facts made into the formatted values that a text may use.
 *
 * base/facts.def is the table; this makes a C record of it, the layout that
 * base/tmpl.h binds texts to, and the list that check and documents read.
 *
 * The invoices are parted in three: asked for, not due yet, set aside.  In
 * each currency, asked for are those that are overdue, and where none is (a
 * heads-up) all that are listed.  Their balances and the new fee must make
 * exactly what is asked for: a message whose lines do not add up is not sent.
 * A currency in which nothing is asked for has no row in totals.
 *
 * Texts from outside are made plain: control characters become spaces (a name
 * cannot begin a line of its own), and so do U+00A0 and U+202F.
 *
 * Units:   see model/facts.h.
 * Memory:  values are talloc children of `ctx` or borrowed from the facts.
 * Threads: see base/locale.h.
 * Errors:  ERR_INPUT, naming the variable, never its value.
 */
#ifndef COMPOSE_SLOTS_H
#define COMPOSE_SLOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/tmpl.h"
#include "model/facts.h"

struct err;

/* Where a name may stand; bits. */
enum fact_place {
	FACT_SUBJECT = 1, FACT_SMS = 2, FACT_EMAIL = 4, FACT_LETTER = 8, FACT_PAGE = 16
};

struct slots_invoice {
#define INVOICE_TEXT(name, where, da, en, about) struct view name;
#define INVOICE_FLAG(name, where, about) bool name;
#include "base/facts.def"
};

struct slots_total {
#define TOTAL_TEXT(name, where, da, en, about) struct view name;
#include "base/facts.def"
};

struct slots {
#define TOP_TEXT(name, where, da, en, about) struct view name;
#define TOP_FLAG(name, where, about) bool name;
#define TOP_LIST(name, rows, where, about) struct tmpl_rows name;
#include "base/facts.def"
};

extern const struct tmpl_layout slots_layout;

/* One line of facts.def. */
struct slot {
	const char	*name;
	const char	*rows;		/* "" at the top, "invoice", "total" */
	enum tmpl_type	 type;
	unsigned	 where;		/* of enum fact_place */
	const char	*da, *en;	/* samples, "" for flags and lists */
	const char	*about;
};

extern const struct slot slot_table[];		/* ended by a NULL name */

/* The countries whose rules a text can tell apart; NULL past the last. */
const char		*slots_law(size_t i);

const struct slot	*slot_find(struct view name);	/* NULL: unknown */

bool	slots_fill(struct slots *, void *ctx, const struct message_facts *,
	    struct err *);

/* Whether a name of the top holds something: text or list not empty, flag set. */
bool	slots_have(const struct slots *, struct view name);

#endif
