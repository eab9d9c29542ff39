/* pay_input.h - what a debtor filled in, checked against what may be asked.
 *
 * Memory:  texts are borrowed from the form.
 * Threads: pure.
 */
#ifndef WEB_PAY_INPUT_H
#define WEB_PAY_INPUT_H

#include <stdbool.h>

#include "web/form.h"
#include "web/page_facts.h"

#define PAID_DAYS_BACK_MAX 730		/* older than that is a slip of the pen */

/* Reads the fields of `action->kind` into the action, and what was typed into
 * `facts`, so that nobody types twice.  False: facts->bad and the flags beside
 * it say what to mend. */
bool	pay_input_read(struct pay_action *, const struct form *, const struct pay_view *,
	    struct page_facts *);

/* 2026-12-05 (a date field), or 5.12.2026, 5/12-2026 and the like (a browser
 * without date fields): day, month, year, as written in Denmark and Britain. */
bool	pay_day_parse(const char *text, day_t *out);

#endif
