/* casebook.c - see casebook.h. */
#include "compose/casebook.h"

#include <inttypes.h>
#include <stdio.h>

#include <talloc.h>

#include "base/money.h"
#include "base/must.h"
#include "base/str.h"
#include "draw/paper.h"

#define AMOUNT_BYTES_MAX 40

struct book {
	struct paper			*paper;
	const struct handover_case	*of;
	void				*ctx;
};

static const char *amount(const struct book *b, int64_t minor)
{
	struct str out;

	str_init(&out, b->ctx, AMOUNT_BYTES_MAX);
	money_put(&out, minor, currency_exponent(b->of->currency));
	return str_take(&out);
}

static const char *day(const struct book *b, day_t on)
{
	char text[DAY_TEXT_BYTES];
	char *made = talloc_strdup(b->ctx, on == DAY_NONE ? "" : day_text(on, text));

	must(made != NULL);
	return made;
}

static void pair(const struct book *b, const char *name, const char *value)
{
	const struct paper_cell cells[] = { { name, 2, false }, { value, 5, false } };

	if (value[0] != '\0')
		paper_row(b->paper, cells, 2, false);
}

static void sum(const struct book *b, const char *name, int64_t minor, bool strong)
{
	const struct paper_cell cells[] = { { name, 5, false }, { amount(b, minor), 2, true } };

	if (minor != 0 || strong)
		paper_row(b->paper, cells, 2, strong);
}

static int64_t total(const struct handover_case *c)
{
	int64_t all = 0;

	for (size_t i = 0; i < c->invoice_count; i++)
		all += c->invoices[i].balance_minor;
	return all;
}

static void put_cover(const struct book *b)
{
	const struct handover_case *c = b->of;
	char number[32];

	(void)snprintf(number, sizeof(number), "%" PRId64, c->id);
	paper_heading(b->paper, 1, "Claim handed over");
	pair(b, "Case", number);
	pair(b, "Handed over on", day(b, c->invoices[0].handed_over_on));
	pair(b, "Exported on", day(b, c->made_on));
	paper_heading(b->paper, 2, "Creditor");
	pair(b, "Name", c->creditor);
	pair(b, "Company number", c->creditor_company);
	pair(b, "Account", c->creditor_account);
	paper_heading(b->paper, 2, "Debtor");
	pair(b, "Name", c->debtor);
	pair(b, "Customer number", c->debtor_id);
	pair(b, "Kind, country", talloc_asprintf(b->ctx, "%s, %s", c->party, c->country));
	pair(b, "Language", c->lang);
	pair(b, "Address", c->address);
	pair(b, "E-mail", c->email);
	pair(b, "Telephone", c->phone);
	paper_heading(b->paper, 2, "Owed");
	sum(b, talloc_asprintf(b->ctx, "%zu invoice(s), all in %s", c->invoice_count,
	    c->currency), total(c), true);
	pair(b, "Schedule", talloc_asprintf(b->ctx, "%s, version %.12s", c->schedule,
	    c->schedule_hash));
}

/* --- the account ------------------------------------------------------------------ */

static void put_invoice(const struct book *b, const struct handover_invoice *i)
{
	paper_heading(b->paper, 3, talloc_asprintf(b->ctx, "Invoice %s%s%s", i->number,
	    i->subject[0] != '\0' ? ": " : "", i->subject));
	pair(b, "Issued", day(b, i->issued_on));
	pair(b, "Due", day(b, i->due_on));
	pair(b, "Reference", i->reference);
	pair(b, "Objections", i->objections);
	for (size_t k = 0; k < i->entry_count; k++) {
		const struct paper_cell cells[] = { { day(b, i->entries[k].on), 2, false },
		    { i->entries[k].what, 3, false },
		    { amount(b, i->entries[k].amount_minor), 2, true } };

		paper_row(b->paper, cells, 3, false);
	}
	sum(b, "Owed on this invoice", i->balance_minor, true);
}

static void put_account(const struct book *b)
{
	const struct handover_case *c = b->of;
	struct handover_invoice all = { 0 };

	paper_heading(b->paper, 2, talloc_asprintf(b->ctx, "Statement of account (%s)",
	    c->currency));
	for (size_t i = 0; i < c->invoice_count; i++) {
		put_invoice(b, &c->invoices[i]);
		all.principal_minor += c->invoices[i].principal_minor;
		all.credited_minor += c->invoices[i].credited_minor;
		all.paid_minor += c->invoices[i].paid_minor;
		all.fees_minor += c->invoices[i].fees_minor;
		all.compensation_minor += c->invoices[i].compensation_minor;
		all.interest_minor += c->invoices[i].interest_minor;
		all.other_minor += c->invoices[i].other_minor;
	}
	paper_heading(b->paper, 3, "All invoices");
	sum(b, "Principal", all.principal_minor, false);
	sum(b, "Credited", -all.credited_minor, false);
	sum(b, "Paid", -all.paid_minor, false);
	sum(b, "Fees", all.fees_minor, false);
	sum(b, "Compensation for late payment", all.compensation_minor, false);
	sum(b, "Interest", all.interest_minor, false);
	sum(b, "Waived or written off", all.other_minor, false);
	sum(b, "Owed", total(c), true);
}

/* --- what was written, what happened -------------------------------------------------- */

static void put_message(const struct book *b, const struct handover_message *m)
{
	paper_heading(b->paper, 3, talloc_asprintf(b->ctx, "%s, %s", m->sent, m->step));
	pair(b, "By", channel_name(m->channel));
	pair(b, "To", m->to);
	pair(b, "State", m->state);
	pair(b, "Gave until", day(b, m->deadline_on));
	pair(b, "Subject", m->subject);
	paper_gap(b->paper);
	paper_quote(b->paper, m->content[0] != '\0' ? m->content :
	    "The words of this message were not kept: it left before purr kept them.");
	paper_gap(b->paper);
}

static void put_moment(const struct book *b, const struct handover_moment *m)
{
	const struct paper_cell cells[] = { { m->at, 2, false }, { m->text, 6, false } };

	paper_row(b->paper, cells, 2, false);
	for (size_t i = 0; i < m->reason_count; i++)
		paper_quote(b->paper, m->reasons[i]);
	if (m->reason_count > 0)
		paper_gap(b->paper);
}

bool casebook_write(const char *path, const struct handover_case *c, struct err *err)
{
	struct book b = { .of = c, .ctx = talloc_new(NULL) };
	struct paper_about about = { .author = c->creditor, .subject = c->debtor_id,
	    .title = talloc_asprintf(b.ctx, "Claim handed over: case %" PRId64, c->id),
	    .footer = talloc_asprintf(b.ctx, "%s, case %" PRId64 ", customer %s", c->creditor,
	    c->id, c->debtor_id), .made_at = c->made_at };
	bool ok;

	b.paper = paper_new(b.ctx, path, &about);
	put_cover(&b);
	paper_page(b.paper);
	put_account(&b);
	paper_page(b.paper);
	paper_heading(b.paper, 2, "Messages, as they were sent");
	for (size_t i = 0; i < c->message_count; i++)
		put_message(&b, &c->messages[i]);
	paper_page(b.paper);
	paper_heading(b.paper, 2, "What happened, and why");
	for (size_t i = 0; i < c->moment_count; i++)
		put_moment(&b, &c->moments[i]);
	ok = paper_close(b.paper, err);
	talloc_free(b.ctx);
	return ok;
}
