/* choice.h - which schedule a claim follows, and the case that it joins.
 *
 * Asked once, when an invoice joins the ledger: what the ledger names for the
 * invoice, else for the debtor, else the first segment that fits
 * (plan/segment.h), else the creditor's own of purr.conf.  From then on the
 * invoice stays in its case as long as that is open, whatever the ledger or
 * the files say later: only `purr reschedule` moves what runs.
 *
 * Which level chose is kept with the invoice: "invoice", "debtor",
 * "segment:NAME" or "creditor"; "" for what came before there were several.
 *
 * Errors:  ERR_INPUT when the schedule named is none of the workspace.
 */
#ifndef ENGINE_CHOICE_H
#define ENGINE_CHOICE_H

#include "base/str.h"
#include "engine/engine.h"
#include "plan/schedule.h"
#include "store/ledger.h"
#include "store/register.h"

#define CHOICE_BY_BYTES (SCHEDULE_WORD_BYTES + 8)	/* "segment:NAME" */

struct choice {
	const char		*name;		/* of the file, without its ending */
	const struct schedule	*schedule;
	char			 by[CHOICE_BY_BYTES];
};

/* The open case that an invoice without one joins, opened when there is none,
 * and the level that chose it. */
bool	choice_join(struct engine *, const struct cfg_creditor *, int64_t debtor_id,
	    const char *currency, const char *invoice_schedule, instant_t now,
	    int64_t *case_id, char by[CHOICE_BY_BYTES], struct err *);

/* `invoice_schedule`: that the ledger names for the claim, "". */
bool	choice_make(struct engine *, const struct cfg_creditor *, const struct debtor_record *,
	    const char *currency, const char *invoice_schedule, struct choice *, struct err *);

/* Appends ", chosen by the segment dk-business"; nothing for `by` "". */
void	choice_put(struct str *, const char *by);

#endif
