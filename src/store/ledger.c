/* ledger.c - invoices, entries and payments; cases and holds are in case.c. */
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "store/query.h"

static void copy_currency(char out[CURRENCY_BYTES], const char *text)
{
	(void)snprintf(out, CURRENCY_BYTES, "%s", text);
}

bool ledger_find_invoice(struct store *s, void *ctx, int64_t creditor_id,
    const char *external_id, struct invoice_record *out, struct err *err)
{
	struct query q;

	*out = (struct invoice_record){ 0 };
	query_open(&q, s, STMT_INVOICE_BY_EXTERNAL, err, "it", creditor_id, external_id);
	if (query_next(&q)) {
		*out = (struct invoice_record){ .id = query_int(&q, 0),
		    .creditor_id = creditor_id, .debtor_id = query_int(&q, 1),
		    .case_id = query_int(&q, 2), .balance_minor = query_int(&q, 4),
		    .state = query_dup(&q, ctx, 5), .row_hash = query_dup(&q, ctx, 6),
		    .is_credit = strcmp(query_text(&q, 7), "credit") == 0 };
		copy_currency(out->currency, query_text(&q, 3));
	}
	return query_close(&q);
}

bool ledger_get_invoice(struct store *s, void *ctx, int64_t id, struct invoice_record *out,
    struct err *err)
{
	struct query q;

	*out = (struct invoice_record){ 0 };
	query_open(&q, s, STMT_INVOICE_GET, err, "i", id);
	if (query_next(&q)) {
		*out = (struct invoice_record){ .id = id, .creditor_id = query_int(&q, 1),
		    .debtor_id = query_int(&q, 2), .case_id = query_int(&q, 3),
		    .external_id = query_dup(&q, ctx, 4), .issued_on = query_day(&q, 6),
		    .due_on = query_day(&q, 7), .reference = query_dup(&q, ctx, 8),
		    .subject = query_dup(&q, ctx, 9), .balance_minor = query_int(&q, 10),
		    .state = query_dup(&q, ctx, 11),
		    .is_credit = strcmp(query_text(&q, 12), "credit") == 0 };
		copy_currency(out->currency, query_text(&q, 5));
	}
	return query_close(&q) && (out->id != 0 ||
	    err_set(err, ERR_INPUT, "there is no invoice %lld", (long long)id));
}

bool ledger_find_reference(struct store *s, int64_t creditor_id, const char *reference,
    int64_t *invoice_id, struct err *err)
{
	int64_t debtor = 0;
	struct query q;

	*invoice_id = 0;
	query_open(&q, s, STMT_INVOICE_BY_REFERENCE, err, "it", creditor_id, reference);
	if (query_next(&q)) {
		*invoice_id = query_int(&q, 0);
		debtor = query_int(&q, 1);
	}
	while (query_next(&q))
		if (query_int(&q, 1) != debtor)
			*invoice_id = 0;
	return query_close(&q);
}

bool ledger_add_invoice(struct store *s, const struct invoice_record *r, int64_t *id,
    struct err *err)
{
	if (!query_run(s, STMT_INVOICE_ADD, err, "iiotttddttttt", r->creditor_id, r->debtor_id,
	    r->case_id, r->external_id, r->is_credit ? "credit" : "invoice", r->currency,
	    r->issued_on, r->due_on, r->reference, r->subject, r->row_hash, r->schedule,
	    r->schedule_by))
		return false;
	*id = query_last_id(s);
	return true;
}

bool ledger_update_invoice(struct store *s, const struct invoice_record *r, struct err *err)
{
	return query_run(s, STMT_INVOICE_UPDATE, err, "iddtttt", r->id, r->issued_on, r->due_on,
	    r->reference, r->subject, r->row_hash, r->schedule);
}

bool ledger_set_state(struct store *s, int64_t invoice_id, const char *state, struct err *err)
{
	return query_run(s, STMT_INVOICE_SET_STATE, err, "it", invoice_id, state);
}

bool ledger_add_entry(struct store *s, const struct entry_new *e, struct err *err)
{
	must(e->amount_minor != 0);
	return query_run(s, STMT_ENTRY_ADD, err, "itidioot", e->invoice_id,
	    entry_type_name(e->type), e->amount_minor, e->value_on, e->booked_at,
	    e->payment_id, e->contact_id, e->source);
}

bool ledger_principal(struct store *s, int64_t invoice_id, int64_t *out, struct err *err)
{
	return query_one_int(s, STMT_INVOICE_PRINCIPAL, 0, out, err, "i", invoice_id);
}

bool ledger_fees(struct store *s, int64_t invoice_id, int64_t *out, struct err *err)
{
	return query_one_int(s, STMT_INVOICE_FEES, 0, out, err, "i", invoice_id);
}

bool ledger_credited_by(struct store *s, int64_t invoice_id, const char *source, int64_t *out,
    struct err *err)
{
	return query_one_int(s, STMT_INVOICE_CREDITED, 0, out, err, "it", invoice_id, source);
}

bool ledger_allocated_by(struct store *s, int64_t invoice_id, const char *source, int64_t *out,
    struct err *err)
{
	return query_one_int(s, STMT_INVOICE_ALLOCATED, 0, out, err, "it", invoice_id, source);
}

bool ledger_netting(struct store *s, void *ctx, int64_t debtor_id, const char *currency,
    struct netting_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_NETTING, err, "it", debtor_id, currency);
	while (query_next(&q)) {
		*out = talloc_realloc(ctx, *out, struct netting_record, (unsigned)*count + 1);
		must(*out != NULL);
		(*out)[(*count)++] = (struct netting_record){ .id = query_int(&q, 0),
		    .balance_minor = query_int(&q, 1), .moved_minor = query_int(&q, 2),
		    .names_id = query_int(&q, 4),
		    .open = strcmp(query_text(&q, 3), INVOICE_OPEN) == 0 };
	}
	return query_close(&q);
}

static struct invoice_record *grow(void *ctx, struct invoice_record **list, size_t *count)
{
	*list = talloc_realloc(ctx, *list, struct invoice_record, (unsigned)*count + 1);
	must(*list != NULL);
	return &(*list)[(*count)++];
}

static bool read_open(struct query *q, void *ctx, struct invoice_record **out, size_t *count)
{
	while (query_next(q)) {
		struct invoice_record *r = grow(ctx, out, count);

		*r = (struct invoice_record){ .id = query_int(q, 0),
		    .external_id = query_dup(q, ctx, 1), .issued_on = query_day(q, 3),
		    .due_on = query_day(q, 4), .reference = query_dup(q, ctx, 5),
		    .subject = query_dup(q, ctx, 6), .balance_minor = query_int(q, 7),
		    .schedule_by = query_dup(q, ctx, 8), .principal_minor = query_int(q, 9),
		    .charged_minor = query_int(q, 10), .state = INVOICE_OPEN };
		copy_currency(r->currency, query_text(q, 2));
	}
	return query_close(q);
}

bool ledger_invoices_of_case(struct store *s, void *ctx, int64_t case_id,
    struct invoice_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_INVOICES_OF_CASE, err, "i", case_id);
	return read_open(&q, ctx, out, count);
}

bool ledger_invoices_of_debtor(struct store *s, void *ctx, int64_t debtor_id,
    const char *currency, struct invoice_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_INVOICES_OF_DEBTOR, err, "it", debtor_id, currency);
	return read_open(&q, ctx, out, count);
}

bool ledger_open_of_creditor(struct store *s, void *ctx, int64_t creditor_id,
    struct invoice_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_INVOICES_OPEN_OF_CREDITOR, err, "i", creditor_id);
	while (query_next(&q))
		*grow(ctx, out, count) = (struct invoice_record){ .id = query_int(&q, 0),
		    .external_id = query_dup(&q, ctx, 1) };
	return query_close(&q);
}

/* --- payments ------------------------------------------------------------------ */

bool ledger_name_credited(struct store *s, int64_t credit_id, const char *number,
    struct err *err)
{
	return query_run(s, STMT_CREDIT_NAME_PUT, err, "it", credit_id, number);
}

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

bool ledger_add_payment(struct store *s, const struct payment_new *p, int64_t *id,
    struct err *err)
{
	if (!query_run(s, STMT_PAYMENT_ADD, err, "iottidittt", p->creditor_id, p->debtor_id,
	    p->external_id, p->currency, p->amount_minor, p->paid_on, p->booked_at,
	    or_empty(p->invoice), or_empty(p->reference), or_empty(p->debtor)))
		return false;
	*id = query_last_id(s);
	return true;
}

bool ledger_find_payment(struct store *s, int64_t creditor_id, const char *external_id,
    struct payment_record *out, struct err *err)
{
	struct query q;

	*out = (struct payment_record){ 0 };
	query_open(&q, s, STMT_PAYMENT_GET, err, "it", creditor_id, external_id);
	if (query_next(&q)) {
		*out = (struct payment_record){ .id = query_int(&q, 0),
		    .debtor_id = query_int(&q, 1), .unallocated_minor = query_int(&q, 3),
		    .paid_on = query_day(&q, 4), .amount_minor = query_int(&q, 5) };
		copy_currency(out->currency, query_text(&q, 2));
	}
	return query_close(&q);
}

bool ledger_compensations(struct store *s, void *ctx, int64_t debtor_id,
    struct compensation_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_COMPENSATIONS, err, "i", debtor_id);
	while (query_next(&q)) {
		struct compensation_record *c = GROW(ctx, out, count, struct compensation_record);

		*c = (struct compensation_record){ .invoice_id = query_int(&q, 0),
		    .number = query_dup(&q, ctx, 1), .balance_minor = query_int(&q, 3),
		    .booked_minor = query_int(&q, 4) };
		copy_currency(c->currency, query_text(&q, 2));
	}
	return query_close(&q);
}

bool ledger_get_payment(struct store *s, void *ctx, int64_t id, struct payment_record *out,
    struct err *err)
{
	struct query q;
	bool found;

	query_open(&q, s, STMT_PAYMENT_READ, err, "i", id);
	found = query_next(&q);
	if (found) {
		*out = (struct payment_record){ .id = id, .creditor_id = query_int(&q, 0),
		    .debtor_id = query_int(&q, 1), .amount_minor = query_int(&q, 3),
		    .unallocated_minor = query_int(&q, 4), .paid_on = query_day(&q, 5),
		    .external_id = query_dup(&q, ctx, 6), .invoice = query_dup(&q, ctx, 7),
		    .reference = query_dup(&q, ctx, 8), .debtor = query_dup(&q, ctx, 9) };
		copy_currency(out->currency, query_text(&q, 2));
	}
	return query_close(&q) && (found || err_set(err, ERR_INPUT, "there is no payment %" PRId64,
	    id));
}

bool ledger_return_payment(struct store *s, int64_t id, struct err *err)
{
	return query_run(s, STMT_PAYMENT_RETURN, err, "i", id);
}

bool ledger_some_loose(struct store *s, int64_t creditor_id, bool *out, struct err *err)
{
	int64_t some;

	if (!query_one_int(s, STMT_PAYMENT_SOME_LOOSE, 0, &some, err, "i", creditor_id))
		return false;
	*out = some != 0;
	return true;
}

bool ledger_waiting(struct store *s, void *ctx, int64_t debtor_id, struct payment_record **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_PAYMENTS_WAITING, err, "i", debtor_id);
	while (query_next(&q)) {
		struct payment_record *p;

		*out = talloc_realloc(ctx, *out, struct payment_record, (unsigned)*count + 1);
		must(*out != NULL);
		p = &(*out)[(*count)++];
		*p = (struct payment_record){ .id = query_int(&q, 0),
		    .debtor_id = query_int(&q, 1), .unallocated_minor = query_int(&q, 3),
		    .paid_on = query_day(&q, 4), .invoice = query_dup(&q, ctx, 5),
		    .reference = query_dup(&q, ctx, 6), .debtor = query_dup(&q, ctx, 7) };
		copy_currency(p->currency, query_text(&q, 2));
	}
	return query_close(&q);
}

bool ledger_own_payment(struct store *s, int64_t payment_id, int64_t debtor_id, struct err *err)
{
	return query_run(s, STMT_PAYMENT_OWN, err, "ii", payment_id, debtor_id);
}

bool ledger_allocate(struct store *s, int64_t payment_id, int64_t invoice_id,
    int64_t amount_minor, day_t value_on, instant_t at, struct err *err)
{
	const struct entry_new entry = { .invoice_id = invoice_id, .type = ENTRY_ALLOCATION,
	    .amount_minor = -amount_minor, .value_on = value_on, .booked_at = at,
	    .payment_id = payment_id, .source = "payment" };

	must(amount_minor > 0);
	if (!query_run(s, STMT_PAYMENT_ALLOCATE, err, "ii", payment_id, amount_minor))
		return false;
	must(query_changed(s) == 1);	/* never more than the payment holds */
	return ledger_add_entry(s, &entry, err);
}

bool ledger_in_favour(struct store *s, void *ctx, int64_t debtor_id, struct credit_record **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_PAYMENT_CREDIT, err, "i", debtor_id);
	while (query_next(&q)) {
		struct credit_record *c = GROW(ctx, out, count, struct credit_record);

		*c = (struct credit_record){ .minor = query_int(&q, 1) };
		copy_currency(c->currency, query_text(&q, 0));
	}
	return query_close(&q);
}

bool ledger_has_loose_money(struct store *s, int64_t debtor_id, bool *out, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_PAYMENT_LOOSE, err, "i", debtor_id);
	*out = query_next(&q);
	return query_close(&q);
}

bool ledger_charges(struct store *s, void *ctx, int64_t invoice_id, struct charge_record **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_CHARGES_OF_INVOICE, err, "i", invoice_id);
	while (query_next(&q)) {
		struct charge_record *c;

		*out = talloc_realloc(ctx, *out, struct charge_record, (unsigned)*count + 1);
		must(*out != NULL);
		c = &(*out)[(*count)++];
		must(entry_type_parse(query_text(&q, 0), &c->type));
		c->amount_minor = query_int(&q, 1);
		c->value_on = query_day(&q, 2);
		c->compensation = strcmp(query_text(&q, 3), LEDGER_COMPENSATION) == 0;
	}
	return query_close(&q);
}

bool ledger_numbers(struct store *s, void *ctx, int64_t debtor_id, const char **out,
    struct err *err)
{
	char *list = talloc_strdup(ctx, "");
	struct query q;

	query_open(&q, s, STMT_DEBTOR_NUMBERS, err, "i", debtor_id);
	while (query_next(&q)) {
		list = talloc_asprintf_append(list, "%s%s", list[0] != '\0' ? ", " : "",
		    query_text(&q, 0));
		must(list != NULL);
	}
	*out = list;
	return query_close(&q);
}

bool ledger_owes(struct store *s, int64_t debtor_id, const char *state, int64_t *count,
    struct err *err)
{
	return query_one_int(s, STMT_DEBTOR_OWES, 0, count, err, "it", debtor_id, state);
}
