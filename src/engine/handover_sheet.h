/* handover_sheet.h - claims that were handed over, as rows of a CSV (RFC 4180,
 * UTF-8, comma, CRLF).
 *
 * A cell that a spreadsheet would take for a formula gets an apostrophe in
 * front: names and reasons come from outside.
 */
#ifndef ENGINE_HANDOVER_SHEET_H
#define ENGINE_HANDOVER_SHEET_H

#include "base/str.h"
#include "model/handover.h"

void	handover_sheet_head(struct str *);
/* One row for each invoice of the case; `dossier` is its PDF's name. */
void	handover_sheet_case(struct str *, const struct handover_case *, const char *dossier);

#endif
