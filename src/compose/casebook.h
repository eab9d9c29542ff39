/* casebook.h - a case that was handed over, as a PDF: cover, statement of
 * account, every message as it was sent, the timeline with its decisions.
 *
 * The words are English: the reader is a collector, not the debtor.  The same
 * case gives the same bytes.
 *
 * Errors:  ERR_SYSTEM: the file cannot be written.
 */
#ifndef COMPOSE_CASEBOOK_H
#define COMPOSE_CASEBOOK_H

#include <stdbool.h>

#include "model/handover.h"

struct err;

bool	casebook_write(const char *path, const struct handover_case *, struct err *);

#endif
