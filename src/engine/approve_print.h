/* approve_print.h - what was approved, so that nothing else is sent for it.
 *
 *   print    one contact to a reader: debtor, step, text, channel, address, tone, language,
 *            of each case the carrying invoice and the fee, and the invoices that it speaks
 *            of; beside it what they owe with what the message adds: less is no other
 *            message, but more is
 *   ground   what all messages stand on: schedules, rules, texts, and the settings that a
 *            debtor reads (a creditor's section, the address of the pages)
 *
 * A person says yes to a print on a ground.  Both are looked at again right before the
 * wire (arm.c).
 */
#ifndef ENGINE_APPROVE_PRINT_H
#define ENGINE_APPROVE_PRINT_H

#include "base/secret.h"
#include "engine/engine.h"
#include "store/outbox.h"

struct approve_print {
	char	hash[HASH_HEX_BYTES];
	int64_t	owed_minor;		/* of all invoices that it speaks of */
};

struct approve_parts {
	const struct contact_case_record	*cases;
	size_t					 case_count;
	const struct contact_invoice_record	*invoices;
	size_t					 invoice_count;
};

void	approve_print_make(const struct contact_record *, const struct approve_parts *,
	    struct approve_print *);
/* As it was planned. */
bool	approve_print_read(struct engine *, const struct contact_record *,
	    struct approve_print *, struct err *);

void	approve_ground(struct engine *, char out[HASH_HEX_BYTES]);

/* Somebody has said yes to it, on the ground of now. */
bool	approve_print_keep(struct engine *, int64_t contact_id, const struct approve_print *,
	    struct err *);
/* Is it still what somebody said yes to?  Also where nobody was asked. */
bool	approve_print_holds(struct engine *, int64_t contact_id, const struct approve_print *,
	    bool *, struct err *);

#endif
