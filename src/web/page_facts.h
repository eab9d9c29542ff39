/* page_facts.h - what the debtor's pages may speak of, as finished words.
 *
 * One record serves all pages, so that every template is bound to the same
 * layout: a name that stands in the lists below may be used on every page, and
 * no other.  Amounts and days are words of the page's language already.
 *
 * Memory:  borrowed; page_facts_fill() makes its texts in the given context.
 * Threads: pure.
 */
#ifndef WEB_PAGE_FACTS_H
#define WEB_PAGE_FACTS_H

#include <stdbool.h>

#include "base/tmpl.h"
#include "model/pay_desk.h"

struct err;
struct locale;

/* One amount per currency. */
#define PAGE_TOTAL_VIEWS(X) X(due) X(everything) X(paused)
#define PAGE_TOTAL_BOOLS(X) X(is_due) X(has_more) X(is_paused)

#define PAGE_INVOICE_VIEWS(X) X(number) X(subject) X(amount) X(balance) X(settled) \
	X(due_on) X(issued_on)
#define PAGE_INVOICE_BOOLS(X) X(overdue) X(held) X(part_settled)

#define PAGE_FEE_VIEWS(X) X(amount) X(invoice) X(basis) X(booked_on)
#define PAGE_FEE_BOOLS(X) X(is_fee) X(is_interest) X(is_compensation)

/* What is on hold, and so not chased. */
#define PAGE_HOLD_VIEWS(X) X(invoice) X(reference) X(since) X(until)
#define PAGE_HOLD_BOOLS(X) X(is_promise) X(is_dispute) X(is_paid_claimed) X(is_plan) X(is_other)

/* What was passed on to somebody else. */
#define PAGE_PASSED_VIEWS(X) X(number) X(subject) X(balance) X(on)

/* What was paid too much. */
#define PAGE_CREDIT_VIEWS(X) X(amount)

/* The other languages that the page is there in. */
#define PAGE_LANGUAGE_VIEWS(X) X(code) X(name)

#define PAGE_VIEWS(X) \
	X(style) X(path) X(key) X(retry_minutes) \
	X(creditor) X(company_id) X(phone) X(phone_link) X(email) X(street) X(postcode) \
	X(city) X(hours) X(collector) \
	X(debtor_name) X(debtor_id) X(deadline) X(account) X(account_name) X(reference) X(payment_line) \
	X(invoice_count) X(subject) X(number) \
	X(promise_first) X(promise_last) X(promise_first_iso) X(promise_last_iso) X(today_iso) \
	X(day) X(day_words) X(text) X(text_max) \
	X(receipt) X(quiet_until) X(answer_by) X(rate_key)
#define PAGE_BOOLS(X) \
	X(has_contact) X(has_bank) X(is_due) X(all_paid) X(has_passed) X(is_leaving) X(one_invoice) X(deadline_passed) \
	X(can_promise) X(has_fees) X(by_sms) X(by_email) X(unsubscribed) \
	X(did_promise) X(did_paid) X(did_dispute) X(did_parts) X(did_help) \
	X(reason_not_mine) X(reason_amount) X(reason_goods) X(reason_cancelled) \
	X(reason_twice) X(reason_other) \
	X(parts_2) X(parts_3) X(parts_4) X(parts_6) X(parts_12) \
	X(bad) X(bad_day) X(bad_reason) X(bad_text) X(bad_parts) X(bad_rating) \
	X(day_missing) X(day_unreal) X(day_early) X(day_late) X(day_ahead) X(day_refused) \
	X(text_missing) X(text_long) \
	X(is_expired) X(is_busy) X(is_broken) X(is_unreadable) X(is_stale)
#define PAGE_LISTS(X) X(totals, total) X(invoices, invoice) X(fees, fee) X(holds, hold) \
	X(passed, passed) X(credits, credit) X(languages, language)

#define PAGE_VIEW_MEMBER(name) struct view name;
#define PAGE_BOOL_MEMBER(name) bool name;
#define PAGE_LIST_MEMBER(name, row) struct tmpl_rows name;

struct page_total { PAGE_TOTAL_VIEWS(PAGE_VIEW_MEMBER) PAGE_TOTAL_BOOLS(PAGE_BOOL_MEMBER) };
struct page_invoice { PAGE_INVOICE_VIEWS(PAGE_VIEW_MEMBER) PAGE_INVOICE_BOOLS(PAGE_BOOL_MEMBER) };
struct page_fee { PAGE_FEE_VIEWS(PAGE_VIEW_MEMBER) PAGE_FEE_BOOLS(PAGE_BOOL_MEMBER) };
struct page_hold { PAGE_HOLD_VIEWS(PAGE_VIEW_MEMBER) PAGE_HOLD_BOOLS(PAGE_BOOL_MEMBER) };
struct page_credit { PAGE_CREDIT_VIEWS(PAGE_VIEW_MEMBER) };

struct page_passed { PAGE_PASSED_VIEWS(PAGE_VIEW_MEMBER) };

struct page_language { PAGE_LANGUAGE_VIEWS(PAGE_VIEW_MEMBER) };

struct page_facts {
	PAGE_VIEWS(PAGE_VIEW_MEMBER)
	PAGE_BOOLS(PAGE_BOOL_MEMBER)
	PAGE_LISTS(PAGE_LIST_MEMBER)
};

extern const struct tmpl_layout page_layout;

/* Fills what a look-up gave; the rest of `out` stays as it is. */
void	page_facts_fill(struct page_facts *out, void *ctx, const struct locale *,
	    const struct pay_view *);

/* A day in words, "" for DAY_NONE. */
struct view	page_day(void *ctx, const struct locale *, day_t);

#endif
