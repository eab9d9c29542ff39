/* field.c - the fields of rows (profile.h): their names in profiles, in which
 * files they stand, which must be there, which hold words of a closed set. */
#include <string.h>

#include "base/money.h"
#include "base/must.h"
#include "intake/country.h"
#include "intake/profile.h"
#include "model/word.h"

#define INV (1u << INTAKE_INVOICES)
#define DEB (1u << INTAKE_DEBTORS)
#define PAY (1u << INTAKE_PAYMENTS)

static const struct { const char *name; unsigned may, needed; } fields[FIELDS] = {
	[FIELD_EXTERNAL_ID] =	{ "external_id", INV | DEB | PAY, INV | DEB | PAY },
	[FIELD_TYPE] =		{ "type",	INV,		0 },
	[FIELD_CREDITS] =	{ "credits",	INV,		0 },
	[FIELD_DEBTOR] =	{ "debtor",	INV | PAY,	INV },
	[FIELD_INVOICE] =	{ "invoice",	PAY,		0 },
	[FIELD_NAME] =		{ "name",	INV | DEB,	DEB },
	[FIELD_LANG] =		{ "lang",	INV | DEB,	0 },
	[FIELD_COUNTRY] =	{ "country",	INV | DEB,	0 },
	[FIELD_ZONE] =		{ "zone",	INV | DEB,	0 },
	[FIELD_PARTY] =		{ "party",	INV | DEB,	0 },
	[FIELD_EMAIL] =		{ "email",	INV | DEB,	0 },
	[FIELD_PHONE] =		{ "phone",	INV | DEB,	0 },
	[FIELD_STREET] =	{ "street",	INV | DEB,	0 },
	[FIELD_POSTCODE] =	{ "postcode",	INV | DEB,	0 },
	[FIELD_CITY] =		{ "city",	INV | DEB,	0 },
	[FIELD_REGION] =	{ "region",	INV | DEB,	0 },
	[FIELD_PREFERS] =	{ "prefers",	INV | DEB,	0 },
	[FIELD_CURRENCY] =	{ "currency",	INV | PAY,	INV | PAY },
	[FIELD_AMOUNT] =	{ "amount",	INV | PAY,	INV | PAY },
	[FIELD_OPEN_AMOUNT] =	{ "open_amount", INV,		0 },
	[FIELD_ISSUED_ON] =	{ "issued_on",	INV,		0 },
	[FIELD_DUE_ON] =	{ "due_on",	INV,		INV },
	[FIELD_PAID_ON] =	{ "paid_on",	PAY,		PAY },
	[FIELD_SETTLED_ON] =	{ "settled_on",	INV,		0 },
	[FIELD_DISPUTED] =	{ "disputed",	INV,		0 },
	[FIELD_REFERENCE] =	{ "reference",	INV | PAY,	0 },
	[FIELD_SUBJECT] =	{ "subject",	INV,		0 },
	[FIELD_SCHEDULE] =	{ "schedule",	INV | DEB,	0 },
	[FIELD_SEGMENT] =	{ "segment",	INV | DEB,	0 },
};

const char *intake_what_name(enum intake_what what)
{
	static const char *const names[] = { "invoices", "debtors", "payments" };

	must(what < INTAKE_WHATS);
	return names[what];
}

const char *intake_field_name(enum intake_field field)
{
	must(field < FIELDS);
	return fields[field].name;
}

bool intake_field_belongs(enum intake_field field, enum intake_what what)
{
	must(field < FIELDS);
	return (fields[field].may >> what & 1) != 0;
}

bool intake_field_needed(enum intake_field field, enum intake_what what)
{
	must(field < FIELDS);
	return (fields[field].needed >> what & 1) != 0;
}

static const char *country_fault(const char *text)
{
	return strlen(text) == 2 && country_is_known(text) ? NULL :
	    "a country of ISO 3166 in two capital letters";
}

const char *intake_field_fault(enum intake_field field, const char *text)
{
	enum party party;
	enum channel channel;

	/* only the sets that are closed; the other fields are read as any cell is */
	if (field == FIELD_TYPE)
		return strcmp(text, "invoice") == 0 || strcmp(text, "credit") == 0 ?
		    NULL : "\"invoice\" or \"credit\"";
	if (field == FIELD_PARTY)
		return party_parse(text, &party) ? NULL :
		    "\"consumer\", \"business\" or \"public\"";
	if (field == FIELD_PREFERS)
		return channel_parse(text, &channel) ? NULL :
		    "\"email\", \"sms\", \"letter\" or \"call\"";
	if (field == FIELD_DISPUTED)
		return strcmp(text, "true") == 0 || strcmp(text, "false") == 0 ?
		    NULL : "true or false";
	if (field == FIELD_COUNTRY)
		return country_fault(text);
	if (field == FIELD_CURRENCY)
		return currency_exponent(text) >= 0 ? NULL :
		    "a known currency of ISO 4217 in three capital letters";
	return NULL;
}
