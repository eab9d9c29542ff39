/* books_reports.h - the reports on the ledger itself, each one JSON object of tables.h.
 *
 *   recovery    money recovered by days since it was due, by month of the due day
 *   channels    reach, payment after a message, cost, by channel
 *   service     what people had to do for debtors, how fast, and what debtors did alone
 *   aging       what is open by age; days sales outstanding; collection effectiveness
 *   promises    promises of a day, and what came of them
 *
 * None of them compares what was assigned at random: they describe, and say so.
 *
 * Source:  amounts and rates: amount.h, cluster.h; shares: proportion.h; times: km.h;
 *          cost: cost_ratio.h.  Days sales outstanding by the count-back method;
 *          collection effectiveness index = (opening + sales - closing) / (opening +
 *          sales - closing that is not due yet): Credit Research Foundation.
 * Units:   as tables.h.
 * Memory:  a new reference.
 * Threads: tail_start() once before; pure after that.
 */
#ifndef MEASURE_BOOKS_REPORTS_H
#define MEASURE_BOOKS_REPORTS_H

#include <jansson.h>

#include "measure/books.h"

json_t	*report_recovery_make(const struct books *);
json_t	*report_channels_make(const struct books *);
json_t	*report_service_make(const struct books *);
json_t	*report_aging_make(const struct books *);
json_t	*report_promises_make(const struct books *);

#endif
