/* replay_run.h - a past ledger lived through day by day in a scratch workspace.
 *
 * Each morning what was known that day is booked: invoices issued, payments of
 * that day.  Then plan and send run as they would have, on the `file` channel
 * only: a scratch workspace cannot send.  Same engine, same gate, same store;
 * only the clock is the ledger's.
 *
 * What the past cannot tell:
 *   - a ledger older than the calendars is moved by whole weeks (weekdays stay,
 *     holidays do not); the summary says by how many
 *   - a dispute mark without a date is a hold from the due date to settlement
 *   - payments are those of the past: nobody answered purr's messages, so fees
 *     that a message would have added are waived when the invoice is settled,
 *     and the tone report says that it holds no true effect
 *
 * Units:   days in the creditor's zone.
 */
#ifndef ENGINE_REPLAY_RUN_H
#define ENGINE_REPLAY_RUN_H

#include "engine/engine.h"
#include "intake/intake.h"

#define REPLAY_YEARS_MAX 12

struct replay_summary {
	int		shifted_weeks;
	day_t		first_on, last_on;	/* after shifting */
	int64_t		days;
	int64_t		invoices, payments, contacts_sent, handed_over;
	instant_t	ended_at;
};

/* Called once a day, for progress; may be NULL. */
typedef void replay_day_fn(void *arg, day_t today, day_t last);

bool	replay_run(struct engine *, const char *creditor, const struct profile *,
	    const struct intake_result *, replay_day_fn *, void *arg,
	    struct replay_summary *, struct err *);

/* A debtor's page to look at when it is over, "http://LISTEN/p/TOKEN", with the
 * address that 'purr serve' listens on; "" where nobody has one. */
bool	replay_page(struct engine *, void *ctx, instant_t now, const char **url, struct err *);

#endif
