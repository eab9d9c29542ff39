/* facts_read.c - see facts_read.h. */
#include "compose/facts_read.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/json.h"
#include "base/money.h"
#include "base/must.h"

static const char *text_of(void *ctx, struct json_at *at, const char *key)
{
	char *copy = talloc_strdup(ctx, json_may_string(at, key, ""));

	must(copy != NULL);
	return copy;
}

static day_t day_of(struct json_at *at, const char *key)
{
	const char *text = json_may_string(at, key, "");
	day_t day;

	if (text[0] == '\0')
		return DAY_NONE;
	if (day_parse_iso(&text, &day) && *text == '\0')
		return day;
	json_fail(at, "%s must be a day, YYYY-MM-DD", key);
	return DAY_NONE;
}

static int64_t minor_of(struct json_at *at, const char *key)
{
	return json_may_int(at, key, -MONEY_MINOR_MAX, MONEY_MINOR_MAX, 0);
}

static void currency_of(struct json_at *at, char out[CURRENCY_BYTES])
{
	const char *code = json_want_string(at, "currency");

	if (currency_exponent(code) < 0)
		json_fail(at, "currency must be an ISO 4217 code such as DKK");
	else
		memcpy(out, code, CURRENCY_BYTES);
}

static void read_creditor(void *ctx, struct json_at at, struct fact_creditor *c)
{
	c->name = text_of(ctx, &at, "name");
	c->phone = text_of(ctx, &at, "phone");
	c->email = text_of(ctx, &at, "email");
	c->street = text_of(ctx, &at, "street");
	c->postcode = text_of(ctx, &at, "postcode");
	c->city = text_of(ctx, &at, "city");
	c->company_id = text_of(ctx, &at, "company_id");
	c->account = text_of(ctx, &at, "account");
	c->account_name = text_of(ctx, &at, "account_name");
	json_close(&at);
}

static void read_invoices(void *ctx, struct json_at list, struct message_facts *out)
{
	const size_t count = json_length(&list);
	struct fact_invoice *rows = talloc_zero_array(ctx, struct fact_invoice,
	    (unsigned)count + 1);

	must(rows != NULL);
	for (size_t i = 0; i < count; i++) {
		struct json_at at = json_item(&list, i);

		rows[i].number = text_of(ctx, &at, "number");
		rows[i].subject = text_of(ctx, &at, "subject");
		currency_of(&at, rows[i].currency);
		rows[i].amount_minor = minor_of(&at, "amount_minor");
		rows[i].balance_minor = minor_of(&at, "balance_minor");
		rows[i].interest_minor = minor_of(&at, "interest_minor");
		rows[i].fees_minor = minor_of(&at, "fees_minor");
		rows[i].compensation_minor = minor_of(&at, "compensation_minor");
		rows[i].issued_on = day_of(&at, "issued_on");
		rows[i].due_on = day_of(&at, "due_on");
		rows[i].overdue = rows[i].due_on < out->today;
		rows[i].held = json_may_bool(&at, "held", false);
		json_close(&at);
	}
	out->invoices = rows;
	out->invoice_count = count;
}

static void read_totals(void *ctx, struct json_at list, struct message_facts *out)
{
	const size_t count = json_length(&list);
	struct fact_total *rows = talloc_zero_array(ctx, struct fact_total,
	    (unsigned)count + 1);

	must(rows != NULL);
	for (size_t i = 0; i < count; i++) {
		struct json_at at = json_item(&list, i);

		currency_of(&at, rows[i].currency);
		rows[i].due_minor = minor_of(&at, "due_minor");
		rows[i].open_minor = minor_of(&at, "open_minor");
		rows[i].fee_minor = minor_of(&at, "fee_minor");
		json_close(&at);
	}
	out->totals = rows;
	out->total_count = count;
}

bool facts_read(void *ctx, const char *name, const char *text, size_t len,
    struct message_facts *out, struct err *err)
{
	struct json_doc doc;
	struct json_at root, debtor;

	if (!json_doc_parse(&doc, name, text, len, err))
		return false;
	root = json_doc_root(&doc);
	read_creditor(ctx, json_want_object(&root, "creditor"), &out->creditor);
	debtor = json_want_object(&root, "debtor");
	out->debtor_name = text_of(ctx, &debtor, "name");
	out->debtor_id = text_of(ctx, &debtor, "id");
	out->country = talloc_strdup(ctx, json_may_string(&debtor, "country", out->country));
	json_close(&debtor);
	out->today = day_of(&root, "today");
	if (out->today == DAY_NONE)
		json_fail(&root, "today is missing: which invoices are overdue depends on it");
	out->deadline = day_of(&root, "deadline");
	read_invoices(ctx, json_want_array(&root, "invoices"), out);
	read_totals(ctx, json_want_array(&root, "totals"), out);
	out->law = talloc_strdup(ctx, json_may_string(&root, "law", out->law));
	must(out->country != NULL && out->law != NULL);
	out->reference = text_of(ctx, &root, "reference");
	out->payment_line = text_of(ctx, &root, "payment_line");
	out->payment_code = text_of(ctx, &root, "payment_code");
	out->link_url = text_of(ctx, &root, "link_url");
	out->unsubscribe_url = text_of(ctx, &root, "unsubscribe_url");
	out->legal_notice = json_may_bool(&root, "legal_notice", false);
	out->sender = text_of(ctx, &root, "sender");
	out->plan_offer = json_may_bool(&root, "plan_offer", false);
	out->minimum = json_may_bool(&root, "minimum", false);
	json_close(&root);
	json_doc_release(&doc);
	return !err_is_set(err);
}
