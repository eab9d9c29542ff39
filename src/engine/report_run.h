/* report_run.h - what the ledger says about the tone: assignments and entries
 * out of the store become the rows of measure/tone_report.h.
 *
 * Only the opening balance of each assignment is followed, invoice by invoice:
 *
 *   paid        allocations and credits that were booked after the assignment,
 *               on their value day; a credit lowers what is owed, as money
 *               does.  A write-off is no payment.  Fees came later and are not
 *               part of the opening balance, so waiving them changes nothing.
 *               More than was owed on one invoice does not pay another.
 *   paid in     the first day from which every invoice of the opening balance
 *   full        stays covered: a payment that bounced is taken back, and no
 *               longer counts.  A value day before the assignment counts as
 *               the day of the assignment.
 *   exit        the first dispute, hand-over or write-off of one of these
 *               invoices while the opening balance is not paid in full
 *   exposed     a message in the arm's tone has left
 *
 * Amounts of different currencies are never added up: a report is about the
 * currency that most of the assigned debtors owe in; how many owe in another
 * one stands in the report's "other_currency".
 *
 * Units:   days are civil days in each creditor's zone.
 * Errors:  ERR_REFUSED when nobody has been assigned (or not in that
 *          experiment), or when several experiments run and none was named.
 */
#ifndef ENGINE_REPORT_RUN_H
#define ENGINE_REPORT_RUN_H

#include <jansson.h>

#include "base/date.h"
#include "base/str.h"
#include "engine/engine.h"

/* `experiment` NULL: the only one in use.  as_of: the last day whose bookings
 * are known, later ones are not read.  *out is a new reference, the object of
 * tone_report_make().  tail_start() must have run. */
bool	report_tone(struct engine *, void *ctx, const char *experiment, day_t as_of,
	    bool no_true_effect, json_t **out, struct err *);

/* The rows that the report is made of, as a table for purr analyse. */
bool	report_tone_rows(struct engine *, void *ctx, const char *experiment, day_t as_of,
	    struct str *out, struct err *);

#endif
