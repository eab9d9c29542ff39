/* books.c - see books.h. */
#include "store/books.h"

void books_open_invoices(struct query *q, struct store *s, struct err *err)
{
	query_open(q, s, STMT_BOOKS_INVOICES, err, "");
}

bool books_next_invoice(struct query *q, struct books_invoice_row *out)
{
	if (!query_next(q))
		return false;
	*out = (struct books_invoice_row){ .id = query_int(q, 0), .debtor_id = query_int(q, 1),
	    .currency = query_text(q, 2), .issued_on = query_day(q, 3), .due_on = query_day(q, 4),
	    .party = query_text(q, 5) };
	return true;
}

void books_open_entries(struct query *q, struct store *s, instant_t before, day_t until,
    struct err *err)
{
	query_open(q, s, STMT_BOOKS_ENTRIES, err, "id", before, until);
}

bool books_next_entry(struct query *q, struct books_entry_row *out)
{
	if (!query_next(q))
		return false;
	*out = (struct books_entry_row){ .invoice_id = query_int(q, 0), .type = query_text(q, 1),
	    .amount_minor = query_int(q, 2), .value_on = query_day(q, 3),
	    .booked_at = query_int(q, 4) };
	return true;
}

void books_open_deeds(struct query *q, struct store *s, enum books_deed deed, instant_t before,
    struct err *err)
{
	static const enum statement statements[] = {
		[BOOKS_CONTACT] = STMT_BOOKS_CONTACTS, [BOOKS_TASK] = STMT_BOOKS_TASKS,
		[BOOKS_FORM] = STMT_BOOKS_FORMS, [BOOKS_RATING] = STMT_BOOKS_RATINGS,
		[BOOKS_PROMISE] = STMT_BOOKS_PROMISES,
	};

	query_open(q, s, statements[deed], err, "i", before);
}

bool books_next_deed(struct query *q, enum books_deed deed, struct books_deed_row *out)
{
	if (!query_next(q))
		return false;
	*out = (struct books_deed_row){ .kind = "", .state = "", .pay_on = DAY_NONE };
	switch (deed) {
	case BOOKS_CONTACT:
		out->id = query_int(q, 0);
		out->debtor_id = query_int(q, 1);
		out->kind = query_text(q, 2);
		out->state = query_text(q, 3);
		out->at = query_int(q, 4);
		out->parts = query_int(q, 6);
		break;
	case BOOKS_TASK:
		out->debtor_id = query_int(q, 0);
		out->contact_id = query_int(q, 1);
		out->kind = query_text(q, 2);
		out->at = query_int(q, 3);
		out->ended_at = query_int(q, 4);
		break;
	case BOOKS_FORM:
		out->contact_id = query_int(q, 0);
		out->debtor_id = query_int(q, 1);
		out->kind = query_text(q, 2);
		out->at = query_int(q, 3);
		break;
	case BOOKS_RATING:
		out->contact_id = query_int(q, 0);
		out->debtor_id = query_int(q, 1);
		out->answer = query_int(q, 2);
		out->at = query_int(q, 3);
		break;
	case BOOKS_PROMISE:
		out->debtor_id = query_int(q, 0);
		out->at = query_int(q, 1);
		out->pay_on = query_day(q, 2);
		out->ended_at = query_int(q, 3);
		break;
	}
	out->zone = query_text(q, deed == BOOKS_CONTACT || deed == BOOKS_TASK ? 5 : 4);
	return true;
}
