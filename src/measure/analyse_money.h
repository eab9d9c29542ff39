/* analyse_money.h - money recovered by arm in a flat table, as one JSON
 * document.
 *
 * Matured debtors (assigned + horizon + lag <= the as-of day).  The table holds
 * what was paid up to the snapshot, not by a day: it is money as of then.
 * Three times: as the table says; `credited`, where more than was owed is not
 * counted; `capped`, where both are cut as sizes.h says.
 *
 * Source:  amount.h; ratio of means on the logarithm, delta method (A. Deng,
 *          U. Knoblich, J. Lu, KDD 2018).  The fields: docs/analyse.md.
 * Memory:  returns a new reference; 48 bytes a row on `ctx`.
 * Threads: tail_start() once before; pure after that.
 */
#ifndef MEASURE_ANALYSE_MONEY_H
#define MEASURE_ANALYSE_MONEY_H

#include "measure/flat.h"

json_t	*analyse_money_make(void *ctx, const struct flat *, int horizon, int lag, double level);

#endif
