/* handover.h - claims that leave the ladder, with everything that was said and
 * done about them: what a collector, or a court, asks for.
 *
 * engine/ fills it from the store, compose/ puts it on paper.
 *
 * Units:   minor units of the case's currency; civil days of the creditor.
 * Memory:  borrowed; texts are "" where there is nothing, never NULL.
 */
#ifndef MODEL_HANDOVER_H
#define MODEL_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/money.h"
#include "model/word.h"

struct handover_entry {		/* a line of the statement of account */
	day_t		 on;
	const char	*what;		/* "fee (reminder)" */
	int64_t		 amount_minor;
};

struct handover_invoice {
	int64_t		 id;
	const char	*number, *subject, *reference;
	day_t		 issued_on, due_on, handed_over_on;
	int64_t		 principal_minor, credited_minor, paid_minor;	/* >= 0 */
	int64_t		 fees_minor, compensation_minor, interest_minor;
	int64_t		 other_minor;	/* waivers, write-offs: signed */
	int64_t		 balance_minor;
	const struct handover_entry *entries;
	size_t		 entry_count;
	const char	*notices;	/* "2026-09-21 email friendly_reminder; ..." */
	const char	*objections;	/* "2026-10-02 dispute: wrong amount; ..." */
};

struct handover_message {
	int64_t		 contact_id;
	const char	*sent;		/* moment, in words */
	const char	*step, *to, *state, *subject;
	enum channel	 channel;
	day_t		 deadline_on;	/* DAY_NONE: it gave none */
	const char	*content;	/* as it left, the private link taken out */
};

struct handover_moment {	/* of the timeline */
	const char	*at;
	const char	*text;
	const char *const *reasons;	/* the rules that were asked, in words */
	size_t		 reason_count;
};

struct handover_case {
	int64_t		 id;
	char		 currency[CURRENCY_BYTES];
	const char	*schedule, *schedule_hash;
	const char	*creditor, *creditor_id, *creditor_company, *creditor_account;
	const char	*debtor, *debtor_id, *party, *country, *lang;
	const char	*email, *phone, *address;
	const struct handover_invoice *invoices;
	size_t		 invoice_count;
	const struct handover_message *messages;
	size_t		 message_count;
	const struct handover_moment *moments;
	size_t		 moment_count;
	instant_t	 made_at;
	day_t		 made_on;
};

#endif
