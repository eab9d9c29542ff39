/* profile.h - how one system's export maps to purr's rows.
 *
 * A profile is a small JSON file that a finance team writes once per source
 * (docs/import.md): which column feeds which field, how dates and amounts
 * are written, and what may be believed about balances.  Nothing of it is
 * guessed from the data but what it leaves to "auto".
 *
 * Memory:  a profile and its texts are one talloc tree under the `ctx` given.
 * Errors:  NAME:LINE: /pointer: what is wrong and what to write.
 */
#ifndef INTAKE_PROFILE_H
#define INTAKE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/money.h"
#include "intake/charset.h"
#include "intake/day_form.h"

struct err;

#define PROFILE_NAME_BYTES_MAX 64
#define PROFILE_TEXT_BYTES_MAX 1024	/* a constant, a template, a column's name */
#define PROFILE_VALUES_MAX 400		/* translations of one column */
#define PROFILE_PARTS_MAX 16		/* columns in one template */
#define PROFILE_MEMBERS_MAX 60		/* of an object, remarks included */

enum intake_what { INTAKE_INVOICES, INTAKE_DEBTORS, INTAKE_PAYMENTS, INTAKE_WHATS };

enum intake_field {
	FIELD_EXTERNAL_ID, FIELD_TYPE, FIELD_CREDITS, FIELD_DEBTOR, FIELD_INVOICE,
	FIELD_NAME, FIELD_LANG, FIELD_COUNTRY, FIELD_ZONE, FIELD_PARTY,
	FIELD_EMAIL, FIELD_PHONE, FIELD_STREET, FIELD_POSTCODE, FIELD_CITY, FIELD_REGION,
	FIELD_PREFERS, FIELD_CURRENCY, FIELD_AMOUNT, FIELD_OPEN_AMOUNT,
	FIELD_ISSUED_ON, FIELD_DUE_ON, FIELD_PAID_ON, FIELD_SETTLED_ON,
	FIELD_DISPUTED, FIELD_REFERENCE, FIELD_SUBJECT, FIELD_SCHEDULE, FIELD_SEGMENT, FIELDS
};

/* Which of the two tells what is still owed; never both. */
enum balance_source { BALANCE_OPEN_AMOUNT, BALANCE_PAYMENTS };

enum missing_invoices { MISSING_KEEP, MISSING_CLOSE };

struct profile_value {		/* what the file says, what it means */
	const char	*from, *to;
};

struct profile_part {		/* of a template: a text, then a column */
	struct view	 literal;
	const char	*column;	/* NULL behind the last literal */
};

struct profile_source {
	bool				 mapped;
	const char			*column;	/* or */
	const char			*constant;	/* or */
	const struct profile_part	*parts;		/* a template */
	size_t				 part_count;
	const struct profile_value	*values;	/* NULL: as it stands */
	size_t				 value_count;
	const char			*if_empty;	/* NULL: empty stays empty */
};

struct profile {
	const char		*name;
	enum intake_what	 what;
	const char		*creditor;	/* "": the only one there is */
	bool			 charset_auto;
	enum charset		 charset;
	bool			 allow_windows_1252;	/* with charset_auto */
	char			 delimiter;	/* 0: auto */
	struct number_form	 number;
	enum day_form		 date;
	enum balance_source	 balance;
	enum missing_invoices	 missing;
	bool			 negative_is_credit;
	struct profile_source	 fields[FIELDS];
};

/* `name` is what errors call the text, e.g. a file's path. */
struct profile	*profile_parse(void *ctx, const char *name, const char *text,
		    size_t len, struct err *);

const char	*intake_what_name(enum intake_what);
const char	*intake_field_name(enum intake_field);
bool		 intake_field_belongs(enum intake_field, enum intake_what);
bool		 intake_field_needed(enum intake_field, enum intake_what);

/* NULL when `text` is a word that this field may hold, what it should be
 * else.  Fields that are no closed set take any text. */
const char	*intake_field_fault(enum intake_field, const char *text);

#endif
