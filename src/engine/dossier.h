/* dossier.h - everything about one debtor that a decision or a message needs,
 * read at one moment.
 *
 * Plan, the look before the wire, explain and the link page all read the same
 * dossier, so that none of them can forget a payment or a hold.
 *
 * Memory:  a dossier and all it holds are one talloc tree.
 */
#ifndef ENGINE_DOSSIER_H
#define ENGINE_DOSSIER_H

#include "decide/decide.h"
#include "engine/engine.h"
#include "engine/policy.h"
#include "model/facts.h"
#include "store/ledger.h"
#include "store/outbox.h"
#include "store/register.h"

struct dossier_case {
	struct case_record	 record;
	struct invoice_record	*invoices;	/* open, oldest due first */
	size_t			 invoice_count;
};

struct dossier {
	struct debtor_record	 debtor;
	struct creditor_record	 creditor;
	const struct cfg_creditor *settings;
	struct address_record	*addresses;
	size_t			 address_count;
	struct dossier_case	*cases;
	size_t			 case_count;
	struct hold_record	*holds;
	size_t			 hold_count;
	struct invoice_before	*before;	/* read where a case is on hold */
	size_t			 before_count;
	struct policy_rules	 rules;
	int64_t			 assignment_id;	/* 0: the unit is not assigned */
	int64_t			 unit_id;
	struct decide_facts	 facts;		/* borrows from the rest */
	day_t			 today;		/* in the creditor's zone */
	const char		*lang;		/* of the words: the debtor's, else English */
};

/* `except_contact`: a contact that is being looked at again before the wire,
 * and does not stand in its own way; 0 for none. */
struct dossier	*dossier_read(struct engine *, void *ctx, int64_t debtor_id,
		    int64_t except_contact, int margin_minutes, instant_t now, struct err *);

/* The longest hold that a schedule of the debtor's gives to "I have paid". */
int	dossier_claim_days(const struct dossier *);

/* Index of an invoice in a case, or -1. */
int	dossier_invoice_index(const struct dossier_case *, int64_t invoice_id);

/* The words of a message or page, as of now: all open invoices that are due or
 * will be by the day `until`; totals per currency.  A decision made on the
 * dossier adds what its message charges: fee, interest, compensation; NULL adds
 * nothing. */
#define DOSSIER_AHEAD_DAYS 7		/* a message looks no further */
bool	dossier_facts(struct engine *, void *ctx, const struct dossier *, day_t until,
	    const struct decision *, struct message_facts *, struct err *);

#endif
