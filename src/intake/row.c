/* row.c - see row.h: what makes a row complete and true in itself. */
#include "intake/row.h"

#include <string.h>

#include "base/must.h"
#include "intake/cell.h"
#include "intake/sheet.h"

void debtor_row_read(struct sheet *s, enum intake_field id, struct debtor_row *out)
{
	size_t fault_count;
	char word[16];

	*out = (struct debtor_row){ .line = s->row->line, .phone = "" };
	out->external_id = cell_id(s, id, MUST_BE_THERE);
	out->name = cell_text(s, FIELD_NAME, NAME_BYTES_MAX,
	    intake_field_needed(FIELD_NAME, s->profile->what) ? MUST_BE_THERE : MAY_BE_EMPTY);
	out->lang = cell_lang(s);
	fault_count = s->faults.count;
	out->country = cell_country(s);
	if (s->faults.count == fault_count)	/* else it would be blamed as well */
		out->phone = cell_phone(s, out->country);
	out->zone = cell_zone(s);
	out->zone_given = out->zone[0] != '\0';
	out->region = cell_text(s, FIELD_REGION, REGION_BYTES_MAX, MAY_BE_EMPTY);
	if (cell_word(s, FIELD_PARTY, word)) {
		must(party_parse(word, &out->party));
		out->party_given = true;
	}
	out->email = cell_email(s);
	out->street = cell_prose(s, FIELD_STREET, STREET_BYTES_MAX);
	out->postcode = cell_text(s, FIELD_POSTCODE, POSTCODE_BYTES_MAX, MAY_BE_EMPTY);
	out->city = cell_text(s, FIELD_CITY, CITY_BYTES_MAX, MAY_BE_EMPTY);
	if (cell_word(s, FIELD_PREFERS, word)) {
		must(channel_parse(word, &out->prefers));
		out->prefers_given = true;
	}
	out->segment = cell_text(s, FIELD_SEGMENT, SEGMENT_BYTES_MAX, MAY_BE_EMPTY);
	/* In a file of invoices the column speaks of the invoice alone. */
	out->schedule = s->profile->what != INTAKE_DEBTORS ? "" :
	    cell_text(s, FIELD_SCHEDULE, SEGMENT_BYTES_MAX, MAY_BE_EMPTY);
}

static enum row_type type_read(struct sheet *s)
{
	char word[16];

	if (!cell_word(s, FIELD_TYPE, word))
		return ROW_INVOICE;
	return strcmp(word, "credit") == 0 ? ROW_CREDIT : ROW_INVOICE;
}

/* A negative amount makes a credit only where the profile says so: elsewhere
 * it is a slip, and chasing or crediting it would both be wrong. */
static void amount_read(struct sheet *s, int exponent, struct invoice_row *out)
{
	int64_t amount;

	if (!cell_amount(s, FIELD_AMOUNT, exponent, MUST_BE_THERE, &amount))
		return;
	if (amount < 0 && s->profile->negative_is_credit)
		out->type = ROW_CREDIT;
	if (amount == 0)
		sheet_fault(s, FIELD_AMOUNT, NULL, "the amount is zero: nothing was ever owed; "
		    "leave such rows out");
	else if (amount < 0 && out->type != ROW_CREDIT)
		sheet_fault(s, FIELD_AMOUNT, NULL, "negative in a row that is no credit");
	else	/* credit notes are written with either sign; they always take away */
		out->amount_minor = out->type == ROW_CREDIT && amount > 0 ? -amount : amount;
}

static void open_read(struct sheet *s, int exponent, struct invoice_row *out)
{
	const bool credit = out->type == ROW_CREDIT;
	int64_t open;

	if (!s->profile->fields[FIELD_OPEN_AMOUNT].mapped ||
	    !cell_amount(s, FIELD_OPEN_AMOUNT, exponent, MUST_BE_THERE, &open))
		return;
	if (credit && open > 0)
		open = -open;
	if (!credit && open < 0)
		sheet_fault(s, FIELD_OPEN_AMOUNT, NULL, "negative in a row that is no credit");
	else if (out->amount_minor != 0 &&
	    (credit ? open < out->amount_minor : open > out->amount_minor))
		sheet_fault(s, FIELD_OPEN_AMOUNT, NULL, "more is open than the amount");
	out->open_given = true;
	out->open_minor = open;
}

static void days_read(struct sheet *s, struct invoice_row *out)
{
	/* a credit note asks for nothing, so nothing falls due */
	out->issued_on = cell_day(s, FIELD_ISSUED_ON, MAY_BE_EMPTY);
	out->due_on = cell_day(s, FIELD_DUE_ON,
	    out->type == ROW_CREDIT ? MAY_BE_EMPTY : MUST_BE_THERE);
	out->settled_on = cell_day(s, FIELD_SETTLED_ON, MAY_BE_EMPTY);
	if (out->type == ROW_INVOICE && out->issued_on != DAY_NONE &&
	    out->due_on != DAY_NONE && out->due_on < out->issued_on)
		sheet_fault(s, FIELD_DUE_ON, NULL, "due before it was issued");
}

/* A sum under the rows, or between them: one fault, not one for each cell. */
static bool is_total(struct sheet *s)
{
	struct view debtor, due, amount;

	if (!sheet_value(s, FIELD_DEBTOR, &debtor) || debtor.len > 0 ||
	    !sheet_value(s, FIELD_DUE_ON, &due) || due.len > 0 ||
	    !sheet_value(s, FIELD_AMOUNT, &amount) || amount.len == 0)
		return false;
	sheet_fault(s, FIELDS, NULL, "names no debtor and no due date: a line of totals does "
	    "not belong in the file");
	return true;
}

void invoice_row_read(struct sheet *s, struct invoice_row *out)
{
	int exponent;

	*out = (struct invoice_row){ .line = s->row->line };
	if (is_total(s))
		return;
	out->external_id = cell_id(s, FIELD_EXTERNAL_ID, MUST_BE_THERE);
	out->type = type_read(s);
	out->credits = cell_id(s, FIELD_CREDITS, MAY_BE_EMPTY);
	debtor_row_read(s, FIELD_DEBTOR, &out->debtor);
	exponent = cell_currency(s, out->currency);
	if (exponent >= 0) {
		amount_read(s, exponent, out);
		open_read(s, exponent, out);
	}
	days_read(s, out);
	out->disputed = cell_bool(s, FIELD_DISPUTED);
	out->reference = cell_text(s, FIELD_REFERENCE, REFERENCE_BYTES_MAX, MAY_BE_EMPTY);
	out->subject = cell_prose(s, FIELD_SUBJECT, SUBJECT_BYTES_MAX);
	out->schedule = cell_text(s, FIELD_SCHEDULE, SEGMENT_BYTES_MAX, MAY_BE_EMPTY);
	if (out->type == ROW_INVOICE && out->credits[0] != '\0')
		sheet_fault(s, FIELD_CREDITS, NULL, "names an invoice that it credits, "
		    "but the row is no credit");
}

void payment_row_read(struct sheet *s, struct payment_row *out)
{
	int exponent;

	*out = (struct payment_row){ .line = s->row->line };
	out->external_id = cell_id(s, FIELD_EXTERNAL_ID, MUST_BE_THERE);
	out->invoice = cell_id(s, FIELD_INVOICE, MAY_BE_EMPTY);
	out->debtor = cell_id(s, FIELD_DEBTOR, MAY_BE_EMPTY);
	out->reference = cell_text(s, FIELD_REFERENCE, REFERENCE_BYTES_MAX, MAY_BE_EMPTY);
	exponent = cell_currency(s, out->currency);
	if (exponent >= 0 && cell_amount(s, FIELD_AMOUNT, exponent, MUST_BE_THERE,
	    &out->amount_minor) && out->amount_minor <= 0)
		sheet_fault(s, FIELD_AMOUNT, NULL, "a payment must be more than zero");
	out->paid_on = cell_day(s, FIELD_PAID_ON, MUST_BE_THERE);
	if (!s->row_bad && out->invoice[0] == '\0' && out->debtor[0] == '\0' &&
	    out->reference[0] == '\0')
		sheet_fault(s, FIELDS, NULL, "names no invoice, no debtor and no reference");
}
