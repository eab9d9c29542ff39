/* facts.h - what a message or page may speak of, frozen at one moment.
 *
 * engine/ fills it from the store, compose/ and web/ turn it into words.
 * Which variable of a template each member feeds stands in base/facts.def.
 *
 * Units:   minor units of the currency beside them; civil days.
 * Memory:  borrowed; texts are "" where there is nothing, never NULL.
 */
#ifndef MODEL_FACTS_H
#define MODEL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/money.h"
#include "model/word.h"

struct fact_invoice {
	const char	*number;
	const char	*subject;	/* what it is for */
	char		 currency[CURRENCY_BYTES];
	int64_t		 amount_minor;	/* as invoiced */
	int64_t		 balance_minor;	/* still owed, net of payments and credits,
					 * with fees booked so far */
	int64_t		 interest_minor;	/* of the balance: interest booked so far */
	int64_t		 fees_minor;	/* of the balance: fees and costs booked so far */
	int64_t		 compensation_minor;	/* of the balance: the fixed sum that the
					 * law gives for a late payment */
	day_t		 issued_on, due_on;
	bool		 overdue;	/* due_on < today */
	bool		 held;		/* not chased: listed apart or not at all */
};

struct fact_total {
	char		 currency[CURRENCY_BYTES];
	int64_t		 due_minor;	/* asked for now, new fee included */
	int64_t		 open_minor;	/* everything open, not yet due included */
	int64_t		 fee_minor;	/* fee added by this message */
};

struct fact_creditor {
	const char	*name;
	const char	*phone, *email, *street, *postcode, *city;
	const char	*company_id;	/* CVR, ... */
	const char	*account;	/* how to pay by bank transfer, one line */
	const char	*account_name;	/* beneficiary */
};

struct message_facts {
	enum channel		 channel;
	const char		*lang;		/* "da", "en" */
	const char		*country;	/* the debtor's, ISO 3166-1; "" unknown */
	const char		*law;		/* country of the rule pack, "" for none */
	enum tone		 tone;
	const char		*template;	/* "heads_up", "friendly_reminder", ... */
	bool			 legal_notice;
	const char		*sender;	/* a person who signs, "": the company */
	bool			 plan_offer;	/* the words offer to pay in parts */
	bool			 minimum;	/* no more than law wants said */
	struct fact_creditor	 creditor;
	const char		*debtor_name;
	const char		*debtor_id;	/* customer number at the creditor */
	const struct fact_invoice *invoices;	/* oldest due first */
	size_t			 invoice_count;
	const struct fact_total	*totals;	/* one per currency */
	size_t			 total_count;
	day_t			 today;		/* in the creditor's zone */
	day_t			 deadline;	/* last day to pay, DAY_NONE for none */
	const char		*reference;	/* payment reference of the oldest */
	const char		*payment_line;	/* of a payment slip, "" for none */
	const char		*payment_code;	/* what a bank's app reads, "" for none */
	const char		*link_url;
	const char		*unsubscribe_url;
};

#endif
