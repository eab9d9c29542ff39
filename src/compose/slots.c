/* slots.c - see slots.h. */
#include "compose/slots.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/locale.h"
#include "base/money.h"
#include "base/must.h"

#define VALUE_BYTES_MAX 4096		/* one formatted value */
#define FACT_INVOICES_MAX 1000		/* in one message */
#define FACT_TOTALS_MAX 16		/* currencies in one message */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct tmpl_field invoice_fields[] = {
#define INVOICE_TEXT(name, where, da, en, about) \
	{ #name, TMPL_VIEW, offsetof(struct slots_invoice, name), NULL },
#define INVOICE_FLAG(name, where, about) \
	{ #name, TMPL_BOOL, offsetof(struct slots_invoice, name), NULL },
#include "base/facts.def"
};

static const struct tmpl_field total_fields[] = {
#define TOTAL_TEXT(name, where, da, en, about) \
	{ #name, TMPL_VIEW, offsetof(struct slots_total, name), NULL },
#include "base/facts.def"
};

static const struct tmpl_layout invoice_layout = {
	invoice_fields, COUNT(invoice_fields), sizeof(struct slots_invoice)
};

static const struct tmpl_layout total_layout = {
	total_fields, COUNT(total_fields), sizeof(struct slots_total)
};

static const struct tmpl_field top_fields[] = {
#define TOP_TEXT(name, where, da, en, about) \
	{ #name, TMPL_VIEW, offsetof(struct slots, name), NULL },
#define TOP_FLAG(name, where, about) \
	{ #name, TMPL_BOOL, offsetof(struct slots, name), NULL },
#define TOP_LIST(name, rows, where, about) \
	{ #name, TMPL_LIST, offsetof(struct slots, name), &rows##_layout },
#include "base/facts.def"
};

const struct tmpl_layout slots_layout = {
	top_fields, COUNT(top_fields), sizeof(struct slots)
};

const struct slot slot_table[] = {
#define TOP_TEXT(name, where, da, en, about) { #name, "", TMPL_VIEW, where, da, en, about },
#define TOP_FLAG(name, where, about) { #name, "", TMPL_BOOL, where, "", "", about },
#define TOP_LIST(name, rows, where, about) { #name, "", TMPL_LIST, where, "", "", about },
#define INVOICE_TEXT(name, where, da, en, about) \
	{ #name, "invoice", TMPL_VIEW, where, da, en, about },
#define INVOICE_FLAG(name, where, about) { #name, "invoice", TMPL_BOOL, where, "", "", about },
#define TOTAL_TEXT(name, where, da, en, about) \
	{ #name, "total", TMPL_VIEW, where, da, en, about },
#include "base/facts.def"
	{ NULL, NULL, TMPL_VIEW, 0, NULL, NULL, NULL }
};

const struct slot *slot_find(struct view name)
{
	for (const struct slot *s = slot_table; s->name != NULL; s++)
		if (view_is(name, s->name))
			return s;
	return NULL;
}

#define LAW(country, name) { country, offsetof(struct slots, law_##name) }
static const struct { const char *country; size_t flag; } laws[] = {
	LAW("DK", dk), LAW("NO", no), LAW("SE", se), LAW("FI", fi), LAW("DE", de),
	LAW("GB", gb), LAW("US", us),
};

const char *slots_law(size_t i)
{
	return i < COUNT(laws) ? laws[i].country : NULL;
}

/* What filling needs at every value. */
struct filling {
	void				*ctx;
	const struct message_facts	*facts;
	const struct locale		*locale;
	struct err			*err;
};

/* Bytes of something that must not reach a text as it is, 0 when `at` is fine. */
static size_t unplain_length(const unsigned char *at)
{
	if (at[0] < 0x20 || at[0] == 0x7f)
		return 1;
	if (at[0] == 0xc2 && (at[1] == 0xa0 || (at[1] >= 0x80 && at[1] <= 0x9f)))
		return 2;
	if (at[0] == 0xe2 && at[1] == 0x80 &&
	    (at[2] == 0xaf || at[2] == 0xa8 || at[2] == 0xa9))
		return 3;
	return 0;
}

static struct view plain(struct filling *f, const char *name, const char *text)
{
	struct str s;
	size_t skip;
	const unsigned char *at = (const unsigned char *)text;

	must(text != NULL);
	if (!utf8_is_valid(text, strlen(text))) {
		err_set(f->err, ERR_INPUT, "%s is not valid UTF-8", name);
		return view_of("");
	}
	while (*at != '\0' && unplain_length(at) == 0)
		at++;
	if (*at == '\0')
		return view_of(text);
	str_init(&s, f->ctx, VALUE_BYTES_MAX);
	for (at = (const unsigned char *)text; *at != '\0'; at += skip > 0 ? skip : 1) {
		skip = unplain_length(at);
		str_putc(&s, skip > 0 ? ' ' : (char)*at);
	}
	if (!str_ok(&s))
		err_set(f->err, ERR_INPUT, "%s is longer than %d bytes", name, VALUE_BYTES_MAX);
	return view_trim((struct view){ s.at, s.len });
}

static struct view money(struct filling *f, int64_t minor, const char *currency)
{
	struct str s;

	str_init(&s, f->ctx, VALUE_BYTES_MAX);
	locale_put_money(f->locale, &s, minor, currency);
	return (struct view){ s.at, s.len };
}

static struct view money_or_none(struct filling *f, int64_t minor, const char *currency)
{
	return minor == 0 ? view_of("") : money(f, minor, currency);
}

static struct view day(struct filling *f, day_t d)
{
	struct str s;

	if (d == DAY_NONE)
		return view_of("");
	str_init(&s, f->ctx, VALUE_BYTES_MAX);
	locale_put_day(f->locale, &s, d);
	return (struct view){ s.at, s.len };
}

static void fill_creditor(struct filling *f, struct slots *s)
{
	const struct fact_creditor *c = &f->facts->creditor;
	struct view street = plain(f, "creditor_address", c->street);
	struct view postcode = plain(f, "creditor_address", c->postcode);
	struct view city = plain(f, "creditor_address", c->city);
	struct str address;

	s->creditor_name = plain(f, "creditor_name", c->name);
	s->creditor_phone = plain(f, "creditor_phone", c->phone);
	s->creditor_email = plain(f, "creditor_email", c->email);
	s->creditor_contact = s->creditor_phone.len > 0 ? s->creditor_phone : s->creditor_email;
	s->creditor_company_id = plain(f, "creditor_company_id", c->company_id);
	s->account = plain(f, "account", c->account);
	s->account_name = plain(f, "account_name", c->account_name);
	str_init(&address, f->ctx, VALUE_BYTES_MAX);
	str_putn(&address, street.at, street.len);
	if (street.len > 0 && postcode.len + city.len > 0)
		str_put(&address, ", ");
	str_putn(&address, postcode.at, postcode.len);
	if (postcode.len > 0 && city.len > 0)
		str_put(&address, " ");
	str_putn(&address, city.at, city.len);
	s->creditor_address = (struct view){ address.at, address.len };
}

static void fill_law(const struct message_facts *facts, struct slots *s)
{
	s->law_other = true;
	for (size_t i = 0; i < COUNT(laws); i++)
		if (strcmp(facts->law, laws[i].country) == 0) {
			*(bool *)((char *)s + laws[i].flag) = true;
			s->law_other = false;
		}
}

static void fill_invoice(struct filling *f, const struct fact_invoice *from,
    struct slots_invoice *to)
{
	const int64_t own = from->balance_minor - from->interest_minor - from->fees_minor -
	    from->compensation_minor;
	const int64_t paid = from->amount_minor - own;

	*to = (struct slots_invoice){
		.number = plain(f, "number", from->number),
		.subject = plain(f, "subject", from->subject),
		.issued_on = day(f, from->issued_on),
		.due_on = day(f, from->due_on),
		.amount = money(f, from->amount_minor, from->currency),
		.paid = paid > 0 ? money(f, paid, from->currency) : view_of(""),
		.principal = money(f, own, from->currency),
		.interest = money_or_none(f, from->interest_minor, from->currency),
		.fees = money_or_none(f, from->fees_minor, from->currency),
		.compensation = money_or_none(f, from->compensation_minor, from->currency),
		.balance = money(f, from->balance_minor, from->currency),
		.is_overdue = from->overdue,
	};
}

enum part { PART_ASKED, PART_LATER, PART_HELD, PARTS };

/* Each currency is a case of its own: one may be overdue, and another not. */
static enum part part_of(const struct message_facts *facts,
    const struct fact_invoice *invoice)
{
	if (invoice->held)
		return PART_HELD;
	if (invoice->overdue)
		return PART_ASKED;
	for (size_t i = 0; i < facts->invoice_count; i++) {
		const struct fact_invoice *other = &facts->invoices[i];

		if (other->overdue && !other->held &&
		    strcmp(other->currency, invoice->currency) == 0)
			return PART_LATER;
	}
	return PART_ASKED;
}

static const struct fact_total *total_of(const struct message_facts *facts,
    const char *currency)
{
	for (size_t i = 0; i < facts->total_count; i++)
		if (strcmp(facts->totals[i].currency, currency) == 0)
			return &facts->totals[i];
	return NULL;
}

/* Do the lines make what is asked for, in each currency? */
static bool adds_up(const struct message_facts *facts, struct err *err)
{
	int64_t sums[FACT_TOTALS_MAX] = { 0 };

	for (size_t i = 0; i < facts->invoice_count; i++) {
		const struct fact_invoice *invoice = &facts->invoices[i];
		const struct fact_total *total = total_of(facts, invoice->currency);

		if (part_of(facts, invoice) != PART_ASKED)
			continue;
		if (total == NULL)
			return err_set(err, ERR_INPUT,
			    "an invoice is asked for in %s, and no total is", invoice->currency);
		if (__builtin_add_overflow(sums[total - facts->totals],
		    invoice->balance_minor, &sums[total - facts->totals]))
			return err_set(err, ERR_INPUT, "the balances are too large to add");
	}
	for (size_t i = 0; i < facts->total_count; i++)
		if (sums[i] != facts->totals[i].due_minor - facts->totals[i].fee_minor)
			return err_set(err, ERR_INPUT, "the invoices and the fee do not add "
			    "up to the total asked for in %s", facts->totals[i].currency);
	return true;
}

static void fill_invoices(struct filling *f, struct slots *s)
{
	const struct message_facts *facts = f->facts;
	struct tmpl_rows *lists[PARTS] = {
		&s->invoices, &s->later_invoices, &s->held_invoices
	};
	struct slots_invoice *rows[PARTS];

	for (int p = 0; p < PARTS; p++) {
		rows[p] = talloc_zero_array(f->ctx, struct slots_invoice,
		    (unsigned)facts->invoice_count + 1);
		must(rows[p] != NULL);
		*lists[p] = (struct tmpl_rows){ rows[p], 0 };
	}
	for (size_t i = 0; i < facts->invoice_count; i++) {
		const enum part p = part_of(facts, &facts->invoices[i]);

		fill_invoice(f, &facts->invoices[i], &rows[p][lists[p]->count++]);
	}
	s->has_later = s->later_invoices.count > 0;
	s->has_held = s->held_invoices.count > 0;
	s->many_invoices = s->invoices.count > 1;
}

static void fill_totals(struct filling *f, struct slots *s)
{
	const size_t count = f->facts->total_count;
	size_t filled = 0;
	struct slots_total *rows = talloc_zero_array(f->ctx, struct slots_total,
	    (unsigned)count + 1);

	must(rows != NULL);
	for (size_t i = 0; i < count; i++) {
		const struct fact_total *t = &f->facts->totals[i];

		/* A currency in which nothing is asked for (all of it set aside). */
		if (t->due_minor == 0)
			continue;
		rows[filled++] = (struct slots_total){
			.currency = view_of(t->currency),
			.to_pay = money(f, t->due_minor, t->currency),
			.everything = money(f, t->open_minor, t->currency),
			.fee = money_or_none(f, t->fee_minor, t->currency),
		};
		s->has_fee = s->has_fee || t->fee_minor > 0;
	}
	s->totals = (struct tmpl_rows){ rows, filled };
}

/* Currencies that we know, counts that we can hold. */
static bool facts_are_sound(const struct message_facts *facts, struct err *err)
{
	if (facts->invoice_count > FACT_INVOICES_MAX || facts->total_count > FACT_TOTALS_MAX)
		return err_set(err, ERR_INPUT, "more than %d invoices or %d currencies in "
		    "one message", FACT_INVOICES_MAX, FACT_TOTALS_MAX);
	for (size_t i = 0; i < facts->invoice_count; i++)
		if (currency_exponent(facts->invoices[i].currency) < 0)
			return err_set(err, ERR_INPUT, "an invoice has an unknown currency");
	for (size_t i = 0; i < facts->total_count; i++)
		if (currency_exponent(facts->totals[i].currency) < 0)
			return err_set(err, ERR_INPUT, "a total has an unknown currency");
	return true;
}

bool slots_fill(struct slots *s, void *ctx, const struct message_facts *facts,
    struct err *err)
{
	struct err own = { 0 };
	struct filling f = { .ctx = ctx, .facts = facts, .err = err != NULL ? err : &own };

	*s = (struct slots){ 0 };
	f.locale = locale_find_in(facts->lang, facts->country, f.err);
	if (f.locale == NULL || !facts_are_sound(facts, f.err))
		return false;
	if (!adds_up(facts, f.err))
		return false;
	fill_creditor(&f, s);
	fill_law(facts, s);
	s->debtor_name = plain(&f, "debtor_name", facts->debtor_name);
	s->debtor_id = plain(&f, "debtor_id", facts->debtor_id);
	s->today = day(&f, facts->today);
	s->deadline = day(&f, facts->deadline);
	s->reference = plain(&f, "reference", facts->reference);
	s->payment_line = plain(&f, "payment_line", facts->payment_line);
	s->has_payment_code = facts->payment_code[0] != '\0';
	s->link_url = plain(&f, "link_url", facts->link_url);
	s->sender_name = plain(&f, "sender_name", facts->sender);
	s->plan_offer = facts->plan_offer;
	s->minimum = facts->minimum;
	/* 12 CFR 1006.6(e): every e-mail and text names a way out, a notice too. */
	if (!facts->legal_notice || s->law_us)
		s->unsubscribe_url = plain(&f, "unsubscribe_url", facts->unsubscribe_url);
	s->has_pay_details = s->deadline.len + s->account.len + s->reference.len > 0;
	fill_invoices(&f, s);
	fill_totals(&f, s);
	return !err_is_set(f.err);
}

bool slots_have(const struct slots *s, struct view name)
{
	for (size_t i = 0; i < slots_layout.field_count; i++) {
		const struct tmpl_field *field = &slots_layout.fields[i];
		const void *at = (const char *)s + field->offset;

		if (!view_is(name, field->name))
			continue;
		if (field->type == TMPL_VIEW)
			return ((const struct view *)at)->len > 0;
		if (field->type == TMPL_LIST)
			return ((const struct tmpl_rows *)at)->count > 0;
		return *(const bool *)at;
	}
	return false;
}
