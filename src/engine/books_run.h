/* books_run.h - the store's ledger as the reports read it (measure/books.h).
 *
 * What was booked or done after the last instant of the as-of day (UTC) is not known
 * yet; the state of a message is the one of today, since a receipt has no day.
 *
 * Memory:  everything on the context given.
 * Errors:  ERR_SYSTEM; a zone of a creditor that is not known any more.
 */
#ifndef ENGINE_BOOKS_RUN_H
#define ENGINE_BOOKS_RUN_H

#include "engine/engine.h"
#include "measure/books.h"

bool	books_read(struct engine *, void *ctx, day_t as_of, struct books *, struct err *);

#endif
