/* row.h - one row of a sheet to one struct of model/ledger.h.
 *
 * Each reader fills `out` from the sheet's row at hand; the result counts
 * only when sheet->row_bad is still false afterwards.
 */
#ifndef INTAKE_ROW_H
#define INTAKE_ROW_H

#include "intake/profile.h"
#include "model/ledger.h"

struct sheet;

void	invoice_row_read(struct sheet *, struct invoice_row *out);
void	debtor_row_read(struct sheet *, enum intake_field id, struct debtor_row *out);
void	payment_row_read(struct sheet *, struct payment_row *out);

#endif
