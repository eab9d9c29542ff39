/* handover_sheet.c - see handover_sheet.h. */
#include "engine/handover_sheet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const columns[] = { "creditor", "creditor_name", "debtor", "debtor_name",
    "party", "country", "lang", "email", "phone", "address", "case", "schedule", "invoice",
    "subject", "reference", "issued_on", "due_on", "currency", "principal", "credited", "paid",
    "fees", "compensation", "interest", "other", "balance", "notices", "objections",
    "handed_over_on", "dossier" };

void handover_sheet_head(struct str *out)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		str_printf(out, "%s%s", i > 0 ? "," : "", columns[i]);
	str_put(out, "\r\n");
}

/* A telephone number with its + is no formula. */
static bool is_formula(const char *text)
{
	if (text[0] == '+')
		return strspn(text + 1, "0123456789 ") != strlen(text + 1);
	return text[0] != '\0' && strchr("=-@\t\r", text[0]) != NULL;
}

static void put_text(struct str *out, const char *text)
{
	str_put(out, "\"");
	if (is_formula(text))
		str_putc(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			str_putc(out, '"');
		str_putc(out, *text);
	}
	str_put(out, "\",");
}

static void put_day(struct str *out, day_t day)
{
	char text[DAY_TEXT_BYTES];

	str_printf(out, "%s,", day == DAY_NONE ? "" : day_text(day, text));
}

static void put_amount(struct str *out, int64_t minor, const char *currency)
{
	money_put(out, minor, currency_exponent(currency));
	str_putc(out, ',');
}

static void put_amounts(struct str *out, const struct handover_invoice *i, const char *currency)
{
	put_amount(out, i->principal_minor, currency);
	put_amount(out, i->credited_minor, currency);
	put_amount(out, i->paid_minor, currency);
	put_amount(out, i->fees_minor, currency);
	put_amount(out, i->compensation_minor, currency);
	put_amount(out, i->interest_minor, currency);
	put_amount(out, i->other_minor, currency);
	put_amount(out, i->balance_minor, currency);
}

void handover_sheet_case(struct str *out, const struct handover_case *c, const char *dossier)
{
	for (size_t k = 0; k < c->invoice_count; k++) {
		const struct handover_invoice *i = &c->invoices[k];
		const char *const who[] = { c->creditor_id, c->creditor, c->debtor_id, c->debtor,
		    c->party, c->country, c->lang, c->email, c->phone, c->address };

		for (size_t n = 0; n < sizeof(who) / sizeof(who[0]); n++)
			put_text(out, who[n]);
		str_printf(out, "%" PRId64 ",", c->id);
		put_text(out, c->schedule);
		put_text(out, i->number);
		put_text(out, i->subject);
		put_text(out, i->reference);
		put_day(out, i->issued_on);
		put_day(out, i->due_on);
		str_printf(out, "%s,", c->currency);
		put_amounts(out, i, c->currency);
		put_text(out, i->notices);
		put_text(out, i->objections);
		put_day(out, i->handed_over_on);
		str_printf(out, "%s\r\n", dossier);
	}
}
