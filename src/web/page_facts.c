/* page_facts.c - see page_facts.h: from what the desk says to words. */
#include "web/page_facts.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/locale.h"
#include "base/must.h"

#define WORD_BYTES_MAX 200		/* one amount or day in words */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define TOTAL_VIEW(n) { #n, TMPL_VIEW, offsetof(struct page_total, n), NULL },
#define TOTAL_BOOL(n) { #n, TMPL_BOOL, offsetof(struct page_total, n), NULL },
static const struct tmpl_field total_fields[] = {
	PAGE_TOTAL_VIEWS(TOTAL_VIEW) PAGE_TOTAL_BOOLS(TOTAL_BOOL)
};
static const struct tmpl_layout total_layout = {
	total_fields, COUNT(total_fields), sizeof(struct page_total)
};

#define INVOICE_VIEW(n) { #n, TMPL_VIEW, offsetof(struct page_invoice, n), NULL },
#define INVOICE_BOOL(n) { #n, TMPL_BOOL, offsetof(struct page_invoice, n), NULL },
static const struct tmpl_field invoice_fields[] = {
	PAGE_INVOICE_VIEWS(INVOICE_VIEW) PAGE_INVOICE_BOOLS(INVOICE_BOOL)
};
static const struct tmpl_layout invoice_layout = {
	invoice_fields, COUNT(invoice_fields), sizeof(struct page_invoice)
};

#define FEE_VIEW(n) { #n, TMPL_VIEW, offsetof(struct page_fee, n), NULL },
#define FEE_BOOL(n) { #n, TMPL_BOOL, offsetof(struct page_fee, n), NULL },
static const struct tmpl_field fee_fields[] = {
	PAGE_FEE_VIEWS(FEE_VIEW) PAGE_FEE_BOOLS(FEE_BOOL)
};
static const struct tmpl_layout fee_layout = {
	fee_fields, COUNT(fee_fields), sizeof(struct page_fee)
};

#define HOLD_VIEW(n) { #n, TMPL_VIEW, offsetof(struct page_hold, n), NULL },
#define HOLD_BOOL(n) { #n, TMPL_BOOL, offsetof(struct page_hold, n), NULL },
static const struct tmpl_field hold_fields[] = {
	PAGE_HOLD_VIEWS(HOLD_VIEW) PAGE_HOLD_BOOLS(HOLD_BOOL)
};
static const struct tmpl_layout hold_layout = {
	hold_fields, COUNT(hold_fields), sizeof(struct page_hold)
};

#define PASSED_VIEW(n) { #n, TMPL_VIEW, offsetof(struct page_passed, n), NULL },
static const struct tmpl_field passed_fields[] = {
	PAGE_PASSED_VIEWS(PASSED_VIEW)
};
static const struct tmpl_layout passed_layout = {
	passed_fields, COUNT(passed_fields), sizeof(struct page_passed)
};

#define CREDIT_VIEW(n) { #n, TMPL_VIEW, offsetof(struct page_credit, n), NULL },
static const struct tmpl_field credit_fields[] = {
	PAGE_CREDIT_VIEWS(CREDIT_VIEW)
};
static const struct tmpl_layout credit_layout = {
	credit_fields, COUNT(credit_fields), sizeof(struct page_credit)
};

#define LANGUAGE_VIEW(n) { #n, TMPL_VIEW, offsetof(struct page_language, n), NULL },
static const struct tmpl_field language_fields[] = {
	PAGE_LANGUAGE_VIEWS(LANGUAGE_VIEW)
};
static const struct tmpl_layout language_layout = {
	language_fields, COUNT(language_fields), sizeof(struct page_language)
};

#define FACTS_VIEW(n) { #n, TMPL_VIEW, offsetof(struct page_facts, n), NULL },
#define FACTS_BOOL(n) { #n, TMPL_BOOL, offsetof(struct page_facts, n), NULL },
#define FACTS_LIST(n, row) { #n, TMPL_LIST, offsetof(struct page_facts, n), &row##_layout },
static const struct tmpl_field facts_fields[] = {
	PAGE_VIEWS(FACTS_VIEW) PAGE_BOOLS(FACTS_BOOL) PAGE_LISTS(FACTS_LIST)
};
const struct tmpl_layout page_layout = {
	facts_fields, COUNT(facts_fields), sizeof(struct page_facts)
};

static struct view view_take(struct str *s)
{
	const size_t len = s->len;

	must(str_ok(s));
	return (struct view){ str_take(s), len };
}

struct view page_day(void *ctx, const struct locale *locale, day_t day)
{
	struct str s;

	if (day == DAY_NONE)
		return view_of("");
	str_init(&s, ctx, WORD_BYTES_MAX);
	locale_put_day(locale, &s, day);
	return view_take(&s);
}

static struct view iso_day(void *ctx, day_t day)
{
	char text[DAY_TEXT_BYTES];

	return view_of(talloc_strdup(ctx, day_text(day, text)));
}

static struct view money(void *ctx, const struct locale *locale, int64_t minor,
    const char *currency)
{
	struct str s;

	str_init(&s, ctx, WORD_BYTES_MAX);
	locale_put_money(locale, &s, minor, currency);
	return view_take(&s);
}

/* For a tel: link: digits and a leading plus only. */
static struct view phone_link(void *ctx, const char *phone)
{
	char *out = talloc_strdup(ctx, phone);
	size_t n = 0;

	must(out != NULL);
	for (const char *c = phone; *c != '\0'; c++) {
		if ((*c >= '0' && *c <= '9') || (*c == '+' && n == 0))
			out[n++] = *c;
	}
	out[n] = '\0';
	return view_of(out);
}

static void fill_creditor(struct page_facts *out, void *ctx, const struct pay_view *view)
{
	const struct fact_creditor *c = &view->facts.creditor;

	out->creditor = view_of(c->name != NULL ? c->name : "");
	out->company_id = view_of(c->company_id != NULL ? c->company_id : "");
	out->phone = view_of(c->phone != NULL ? c->phone : "");
	out->phone_link = phone_link(ctx, out->phone.at);
	out->email = view_of(c->email != NULL ? c->email : "");
	out->street = view_of(c->street != NULL ? c->street : "");
	out->postcode = view_of(c->postcode != NULL ? c->postcode : "");
	out->city = view_of(c->city != NULL ? c->city : "");
	out->hours = view_of(view->opening_hours != NULL ? view->opening_hours : "");
	out->has_contact = out->phone.len + out->email.len > 0;
}

/* Is anything of this currency past its day?  Before that a message asks for
 * what is coming, but nothing is due now. */
static bool is_overdue(const struct message_facts *f, const char *currency)
{
	for (size_t i = 0; i < f->invoice_count; i++)
		if (f->invoices[i].overdue && !f->invoices[i].held &&
		    strcmp(f->invoices[i].currency, currency) == 0)
			return true;
	return false;
}

/* The day by which everything that is not late is to be paid; DAY_NONE where
 * these are several days: the list names each. */
static day_t next_due_on(const struct message_facts *f)
{
	day_t day = DAY_NONE;

	for (size_t i = 0; i < f->invoice_count; i++) {
		if (f->invoices[i].overdue || f->invoices[i].held)
			continue;
		if (day != DAY_NONE && f->invoices[i].due_on != day)
			return DAY_NONE;
		day = f->invoices[i].due_on;
	}
	return day;
}

/* What is set aside in this currency: part of what is open, but not asked for. */
static int64_t held_minor(const struct message_facts *f, const char *currency)
{
	int64_t sum = 0;

	for (size_t i = 0; i < f->invoice_count; i++)
		if (f->invoices[i].held && strcmp(f->invoices[i].currency, currency) == 0)
			sum += f->invoices[i].balance_minor;
	return sum;
}

static void fill_totals(struct page_facts *out, void *ctx, const struct locale *locale,
    const struct pay_view *view)
{
	const size_t n = view->facts.total_count;
	struct page_total *rows = talloc_zero_array(ctx, struct page_total, (unsigned)n);

	must(rows != NULL);
	for (size_t i = 0; i < n; i++) {
		const struct fact_total *total = &view->facts.totals[i];
		const int64_t held = held_minor(&view->facts, total->currency);
		const int64_t open = total->open_minor - held;

		rows[i].due = money(ctx, locale, total->due_minor, total->currency);
		rows[i].everything = money(ctx, locale, open, total->currency);
		rows[i].paused = money(ctx, locale, held, total->currency);
		rows[i].is_due = total->due_minor > 0 && is_overdue(&view->facts, total->currency);
		rows[i].has_more = open > (rows[i].is_due ? total->due_minor : 0);
		rows[i].is_paused = held > 0;
		out->is_due = out->is_due || rows[i].is_due;
	}
	out->totals = (struct tmpl_rows){ rows, n };
}

static void fill_invoices(struct page_facts *out, void *ctx, const struct locale *locale,
    const struct pay_view *view)
{
	const size_t n = view->facts.invoice_count;
	struct page_invoice *rows = talloc_zero_array(ctx, struct page_invoice, (unsigned)n);

	must(rows != NULL);
	for (size_t i = 0; i < n; i++) {
		const struct fact_invoice *v = &view->facts.invoices[i];
		const int64_t settled = v->amount_minor + v->interest_minor +
		    v->fees_minor - v->balance_minor;

		rows[i].number = view_of(v->number);
		rows[i].subject = view_of(v->subject);
		rows[i].amount = money(ctx, locale, v->amount_minor, v->currency);
		rows[i].balance = money(ctx, locale, v->balance_minor, v->currency);
		rows[i].due_on = page_day(ctx, locale, v->due_on);
		rows[i].issued_on = page_day(ctx, locale, v->issued_on);
		rows[i].overdue = v->overdue;
		rows[i].held = v->held;
		rows[i].part_settled = settled > 0;
		rows[i].settled = money(ctx, locale, settled > 0 ? settled : 0, v->currency);
	}
	out->invoices = (struct tmpl_rows){ rows, n };
	out->one_invoice = n == 1;
	out->invoice_count = view_of(talloc_asprintf(ctx, "%zu", n));
	if (n > 0) {
		out->number = rows[0].number;
		out->subject = rows[0].subject;
	}
}

static void fill_fees(struct page_facts *out, void *ctx, const struct locale *locale,
    const struct pay_view *view)
{
	struct page_fee *rows = talloc_zero_array(ctx, struct page_fee, (unsigned)view->fee_count);

	must(rows != NULL);
	for (size_t i = 0; i < view->fee_count; i++) {
		const struct pay_fee *fee = &view->fees[i];

		rows[i].amount = money(ctx, locale, fee->amount_minor, fee->currency);
		rows[i].invoice = view_of(fee->invoice);
		rows[i].basis = view_of(fee->basis);
		rows[i].booked_on = page_day(ctx, locale, fee->booked_on);
		rows[i].is_interest = fee->type == ENTRY_INTEREST;
		rows[i].is_compensation = fee->compensation;
		rows[i].is_fee = !rows[i].is_interest && !rows[i].is_compensation;
	}
	out->fees = (struct tmpl_rows){ rows, view->fee_count };
	out->has_fees = view->fee_count > 0;
}

static void fill_holds(struct page_facts *out, void *ctx, const struct locale *locale,
    const struct pay_view *view)
{
	struct page_hold *rows = talloc_zero_array(ctx, struct page_hold, (unsigned)view->hold_count);

	must(rows != NULL);
	for (size_t i = 0; i < view->hold_count; i++) {
		const struct pay_hold *hold = &view->holds[i];

		rows[i].invoice = view_of(hold->invoice);
		rows[i].reference = view_of(hold->reference);
		rows[i].since = page_day(ctx, locale, hold->since);
		rows[i].until = page_day(ctx, locale, hold->until);
		rows[i].is_promise = hold->type == HOLD_PROMISE;
		rows[i].is_dispute = hold->type == HOLD_DISPUTE;
		rows[i].is_paid_claimed = hold->type == HOLD_PAID_CLAIMED;
		rows[i].is_plan = hold->type == HOLD_PLAN;
		rows[i].is_other = !rows[i].is_promise && !rows[i].is_dispute &&
		    !rows[i].is_paid_claimed && !rows[i].is_plan;
	}
	out->holds = (struct tmpl_rows){ rows, view->hold_count };
}

static void fill_passed(struct page_facts *out, void *ctx, const struct locale *locale,
    const struct pay_view *view)
{
	struct page_passed *rows = talloc_zero_array(ctx, struct page_passed,
	    (unsigned)view->passed_count);

	must(rows != NULL);
	for (size_t i = 0; i < view->passed_count; i++) {
		const struct pay_passed *p = &view->passed[i];

		rows[i].number = view_of(p->invoice);
		rows[i].subject = view_of(p->subject);
		rows[i].balance = money(ctx, locale, p->balance_minor, p->currency);
		rows[i].on = page_day(ctx, locale, p->on);
	}
	out->passed = (struct tmpl_rows){ rows, view->passed_count };
	out->has_passed = view->passed_count > 0;
	out->is_leaving = view->all_leaving;
	out->collector = view_of(view->collector != NULL ? view->collector : "");
}

static void fill_credits(struct page_facts *out, void *ctx, const struct locale *locale,
    const struct pay_view *view)
{
	struct page_credit *rows = talloc_zero_array(ctx, struct page_credit,
	    (unsigned)view->credit_count + 1);

	must(rows != NULL);
	for (size_t i = 0; i < view->credit_count; i++)
		rows[i].amount = money(ctx, locale, view->credits[i].minor, view->credits[i].currency);
	out->credits = (struct tmpl_rows){ rows, view->credit_count };
}

void page_facts_fill(struct page_facts *out, void *ctx, const struct locale *locale,
    const struct pay_view *view)
{
	const struct message_facts *f = &view->facts;

	fill_creditor(out, ctx, view);
	if (!view->found || view->expired)
		return;
	fill_totals(out, ctx, locale, view);
	fill_invoices(out, ctx, locale, view);
	fill_fees(out, ctx, locale, view);
	fill_holds(out, ctx, locale, view);
	fill_passed(out, ctx, locale, view);
	fill_credits(out, ctx, locale, view);
	out->all_paid = view->all_paid;
	out->unsubscribed = view->unsubscribed;
	out->by_sms = f->channel == CHANNEL_SMS;
	out->by_email = f->channel == CHANNEL_EMAIL;
	out->debtor_name = view_of(f->debtor_name);
	out->debtor_id = view_of(f->debtor_id);
	out->account = view_of(f->creditor.account);
	out->account_name = view_of(f->creditor.account_name);
	out->reference = view_of(f->reference);
	out->payment_line = view_of(f->payment_line != NULL ? f->payment_line : "");
	out->has_bank = out->account.len > 0;
	out->deadline = page_day(ctx, locale, out->is_due ? f->deadline : next_due_on(f));
	out->deadline_passed = out->is_due && f->deadline != DAY_NONE &&
	    f->deadline < f->today;
	out->today_iso = iso_day(ctx, f->today);
	out->can_promise = view->promise_first != DAY_NONE &&
	    view->promise_last != DAY_NONE && view->promise_first <= view->promise_last;
	if (out->can_promise) {
		out->promise_first = page_day(ctx, locale, view->promise_first);
		out->promise_last = page_day(ctx, locale, view->promise_last);
		out->promise_first_iso = iso_day(ctx, view->promise_first);
		out->promise_last_iso = iso_day(ctx, view->promise_last);
	}
}
