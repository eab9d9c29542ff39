/* csv_cell.h - one field of a CSV file (RFC 4180).
 *
 * Memory:  none.  Threads: pure.
 */
#ifndef MEASURE_CSV_CELL_H
#define MEASURE_CSV_CELL_H

#include <jansson.h>

#include "base/str.h"

/* Quoted where it must be; a text that a spreadsheet would take for a formula gets an
 * apostrophe in front, numbers never do. */
void	csv_text(struct str *, const char *);
/* A comma and the number with full precision; nothing for what is none. */
void	csv_number(struct str *, const json_t *);

#endif
