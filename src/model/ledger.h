/* ledger.h - rows as they come from outside: ledger, register, bank.
 *
 * intake/ makes them from a file, engine/intake_run books them.  A row is
 * complete and checked in itself (real dates, known currency, sign by type);
 * whether it fits what is stored is for the engine to say.
 *
 * Units:   amounts in minor units of `currency`; days are civil days in the
 *          creditor's zone.
 * Memory:  texts belong to the talloc context that the reader was given; a
 *          text that was not in the file is "" (never NULL).
 */
#ifndef MODEL_LEDGER_H
#define MODEL_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/money.h"
#include "model/word.h"

struct debtor_row {
	int		 line;			/* in the file, header is 1 */
	const char	*external_id;
	const char	*name;
	const char	*lang;			/* "" : creditor's default */
	const char	*country;		/* ISO 3166-1 alpha-2, upper case */
	const char	*zone;			/* IANA; "": by the place */
	bool		 zone_given;		/* the ledger names the zone */
	const char	*region;		/* state, Land, nation: "CA"; "" : not said */
	enum party	 party;
	bool		 party_given;
	const char	*email;
	const char	*phone;			/* E.164 with + */
	const char	*street, *postcode, *city;
	const char	*letter;		/* NULL, or the address as it is known
						 * already: for rows without street */
	bool		 prefers_given;
	enum channel	 prefers;
	const char	*schedule;		/* all claims on this one; "" : not said */
	const char	*segment;		/* the finance team's word, "" : not said */
};

enum row_type { ROW_INVOICE, ROW_CREDIT };

struct invoice_row {
	int			 line;		/* in the file, header is 1 */
	enum row_type		 type;
	const char		*external_id;	/* invoice number */
	const char		*credits;	/* credit rows: invoice number it credits, "" */
	struct debtor_row	 debtor;	/* external_id always; the rest if mapped */
	char			 currency[CURRENCY_BYTES];
	int64_t			 amount_minor;	/* > 0; < 0 for credit rows */
	bool			 open_given;
	int64_t			 open_minor;	/* what is still owed, if mapped */
	day_t			 issued_on;	/* DAY_NONE if not mapped */
	day_t			 due_on;
	day_t			 settled_on;	/* DAY_NONE: not settled (replay only) */
	bool			 disputed;
	const char		*reference;	/* payment reference, "" */
	const char		*subject;	/* what it is for, "" */
	const char		*schedule;	/* this claim on this one, "" */
};

struct payment_row {
	int		 line;
	const char	*external_id;
	const char	*invoice;		/* invoice number, "" if unknown */
	const char	*debtor;		/* debtor's external id, "" if unknown */
	const char	*reference;		/* payment reference, "" */
	char		 currency[CURRENCY_BYTES];
	int64_t		 amount_minor;		/* > 0 */
	day_t		 paid_on;
};

/* One rejected row or file.  `value_class` says what kind of text stood there
 * ("empty", "text of 12 characters", "digits", ...), never the text itself:
 * reports of a ledger's faults travel by e-mail. */
#define ROW_FAULT_REASON_BYTES_MAX 200
struct row_fault {
	int		 line;		/* on which the row begins */
	char		 column[64];	/* "" : the row as a whole */
	char		 value_class[40];
	char		 reason[ROW_FAULT_REASON_BYTES_MAX];
};

#endif
