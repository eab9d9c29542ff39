/* audit.h - what must not be: lists that are empty when all is well, and what
 * waits for a person.
 *
 * Each rule is one statement over the whole store; see `audit_rules` in audit.c.
 *
 * Units, memory, errors: as store.h.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <stddef.h>

#include "store/store.h"

enum audit_rule {
	AUDIT_ARMED_OVER,	/* contacts armed, and their lease has run out */
	AUDIT_QUEUED_OVER,	/* contacts planned, and expired */
	AUDIT_UNSEEN,		/* open cases whose next look is past */
	AUDIT_UNEXPLAINED,	/* overdue invoices of debtors without a decision */
	AUDIT_CASELESS,		/* overdue invoices in no open case */
	AUDIT_BALANCE,		/* invoices whose balance is not its entries */
	AUDIT_RULES
};

/* Ids of what breaks the rule as of `now`, ascending. */
bool	audit_list(struct store *, void *ctx, enum audit_rule, instant_t now, int64_t **ids,
	    size_t *count, struct err *);
const char	*audit_rule_name(enum audit_rule);
const char	*audit_rule_subject(enum audit_rule);	/* "contact", "case", "invoice" */

/* Contacts of unknown outcome. */
bool	audit_unknown(struct store *, void *ctx, int64_t **ids, size_t *count, struct err *);

/* Payments of known debtors of which something is left over. */
struct audit_payment {
	int64_t		 id;
	const char	*creditor, *external_id;
};
bool	audit_loose(struct store *, void *ctx, struct audit_payment **, size_t *count,
	    struct err *);

/* Contacts that reached the wire, for a count at the sink. */
struct audit_contact {
	int64_t		 id;
	const char	*state;
};
bool	audit_contacts(struct store *, void *ctx, struct audit_contact **, size_t *count,
	    struct err *);
bool	audit_decision_count(struct store *, int64_t *count, struct err *);

#endif
