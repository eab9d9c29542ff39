/* facts_read.h - message facts from a JSON text, for `purr render --data`.
 *
 *	{ "creditor": { "name", "phone", "email", "street", "postcode", "city",
 *	                "company_id", "account", "account_name" },
 *	  "debtor":   { "name", "id", "country" },
 *	  "invoices": [ { "number", "subject", "currency", "amount_minor",
 *	                  "balance_minor", "interest_minor", "fees_minor",
 *	                  "compensation_minor", "issued_on", "due_on", "held" } ],
 *	  "totals":   [ { "currency", "due_minor", "open_minor", "fee_minor" } ],
 *	  "today", "deadline", "reference", "link_url", "unsubscribe_url",
 *	  "law", "legal_notice": false }
 *
 * An invoice is overdue when its due_on lies before today.  Members that are
 * not there are empty, but for country and law, which stay as they are;
 * unknown ones are refused.
 *
 * Units:   minor units; days as YYYY-MM-DD.
 * Memory:  texts are talloc children of `ctx`.
 * Errors:  ERR_INPUT, "NAME:LINE: /pointer: ..." (base/json.h).
 */
#ifndef COMPOSE_FACTS_READ_H
#define COMPOSE_FACTS_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "model/facts.h"

struct err;

/* Leaves channel, lang, tone and template of `out` as they are. */
bool	facts_read(void *ctx, const char *name, const char *text, size_t len,
	    struct message_facts *out, struct err *err);

#endif
