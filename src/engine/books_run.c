/* books_run.c - see books_run.h. */
#include "engine/books_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/cfg.h"
#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "model/word.h"
#include "store/books.h"

#define SECONDS_PER_HOUR 3600.0
#define BOOKS_LAG_DAYS 3

struct filling {
	struct engine		*engine;
	void			*ctx;
	instant_t		 before;
	struct books		*out;
	struct book_invoice	*invoices;
	struct err		*err;
};

/* Room doubles at each power of two. */
#define ADD_ROW(ctx, list, count, type) (							\
	((count) & ((count) - 1)) != 0 ? (void)0 : (void)((list) =			\
	    talloc_realloc((ctx), (list), type, (unsigned)((count) == 0 ? 1 : 2 * (count)))),	\
	must((list) != NULL), &(list)[(count)++])

/* --- the ledger -------------------------------------------------------------------------- */

static bool fill_invoices(struct filling *f)
{
	struct books_invoice_row row;
	enum party party;
	struct query q;
	size_t count = 0;

	books_open_invoices(&q, f->engine->store, f->err);
	while (books_next_invoice(&q, &row)) {
		struct book_invoice *i = ADD_ROW(f->ctx, f->invoices, count, struct book_invoice);

		*i = (struct book_invoice){ .id = row.id, .debtor = row.debtor_id,
		    .currency = talloc_strdup(f->ctx, row.currency), .issued_on = row.issued_on,
		    .due_on = row.due_on };
		must(i->currency != NULL && party_parse(row.party, &party));
		i->party = (int)party;
	}
	f->out->invoices = f->invoices;
	f->out->invoice_count = count;
	return query_close(&q);
}

static struct book_entry entry_of(const struct books_entry_row *row)
{
	const char *t = row->type;

	return (struct book_entry){ .on = row->value_on, .minor = row->amount_minor,
	    .booked_at = row->booked_at,
	    .sale = strcmp(t, "principal") == 0,
	    .payment = strcmp(t, "allocation") == 0, .credit = strcmp(t, "credit") == 0,
	    .charge = strcmp(t, "fee") == 0 || strcmp(t, "interest") == 0 || strcmp(t, "waiver") == 0 };
}

/* Both in order of the invoices' numbers: one walk. */
static bool fill_entries(struct filling *f)
{
	struct book_entry *entries = NULL;
	struct books_entry_row row;
	size_t count = 0, at = 0;
	struct query q;

	books_open_entries(&q, f->engine->store, f->before, f->out->as_of, f->err);
	while (books_next_entry(&q, &row)) {
		struct book_entry *e = ADD_ROW(f->ctx, entries, count, struct book_entry);

		*e = entry_of(&row);
		while (f->invoices[at].id < row.invoice_id)
			at++;
		if (f->invoices[at].entry_count++ == 0)
			f->invoices[at].entry = count - 1;
	}
	f->out->entries = entries;
	return query_close(&q);
}

/* --- what was done --------------------------------------------------------------------------- */

/* The local day of an instant; DAY_NONE for 0. */
static bool local_day(struct filling *f, const char *name, instant_t at, day_t *out)
{
	const struct zone *zone = zone_find(name, f->err);

	*out = at == 0 || zone == NULL ? DAY_NONE : zone_local(zone, at).day;
	return zone != NULL;
}

static int64_t cost_of(const struct filling *f, const char *channel)
{
	static const struct { enum channel channel; enum cfg_key key; } prices[] = {
		{ CHANNEL_EMAIL, CFG_COST_EMAIL }, { CHANNEL_SMS, CFG_COST_SMS_PART },
		{ CHANNEL_LETTER, CFG_COST_LETTER }, { CHANNEL_CALL, CFG_COST_TASK },
	};

	for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++)
		if (strcmp(channel, channel_name(prices[i].channel)) == 0)
			return cfg_price(f->engine->cfg, prices[i].key);
	return 0;
}

static bool fill_contacts(struct filling *f)
{
	struct book_contact *list = NULL;
	struct books_deed_row row;
	struct query q;
	size_t count = 0;
	bool ok = true;

	books_open_deeds(&q, f->engine->store, BOOKS_CONTACT, f->before, f->err);
	while (ok && books_next_deed(&q, BOOKS_CONTACT, &row)) {
		struct book_contact *c = ADD_ROW(f->ctx, list, count, struct book_contact);

		*c = (struct book_contact){ .id = row.id, .debtor = row.debtor_id,
		    .channel = talloc_strdup(f->ctx, row.kind), .state = talloc_strdup(f->ctx, row.state) };
		must(c->channel != NULL && c->state != NULL);
		ok = local_day(f, row.zone, row.at < f->before ? row.at : 0, &c->sent_on);
		c->cost = c->sent_on == DAY_NONE ? 0 : row.parts * cost_of(f, c->channel);
	}
	f->out->contacts = list;
	f->out->contact_count = count;
	return query_close(&q) && ok;
}

static bool fill_tasks(struct filling *f)
{
	struct book_task *list = NULL;
	struct books_deed_row row;
	struct query q;
	size_t count = 0;
	bool ok = true;

	books_open_deeds(&q, f->engine->store, BOOKS_TASK, f->before, f->err);
	while (ok && books_next_deed(&q, BOOKS_TASK, &row)) {
		struct book_task *t = ADD_ROW(f->ctx, list, count, struct book_task);
		const bool done = row.ended_at != 0 && row.ended_at < f->before;

		*t = (struct book_task){ .debtor = row.debtor_id, .contact = row.contact_id,
		    .kind = talloc_strdup(f->ctx, row.kind), .hours = done ?
		    (double)(row.ended_at - row.at) / SECONDS_PER_HOUR : (double)NAN,
		    .open_hours = (double)(f->before - row.at) / SECONDS_PER_HOUR };
		must(t->kind != NULL);
		ok = local_day(f, row.zone, row.at, &t->made_on);
	}
	f->out->tasks = list;
	f->out->task_count = count;
	return query_close(&q) && ok;
}

static bool fill_forms(struct filling *f)
{
	struct book_form *list = NULL;
	struct books_deed_row row;
	struct query q;
	size_t count = 0;
	bool ok = true;

	books_open_deeds(&q, f->engine->store, BOOKS_FORM, f->before, f->err);
	while (ok && books_next_deed(&q, BOOKS_FORM, &row)) {
		struct book_form *form = ADD_ROW(f->ctx, list, count, struct book_form);

		*form = (struct book_form){ .contact = row.contact_id, .debtor = row.debtor_id,
		    .action = talloc_strdup(f->ctx, row.kind) };
		must(form->action != NULL);
		ok = local_day(f, row.zone, row.at, &form->on);
	}
	f->out->forms = list;
	f->out->form_count = count;
	return query_close(&q) && ok;
}

static bool fill_ratings(struct filling *f)
{
	struct book_rating *list = NULL;
	struct books_deed_row row;
	struct query q;
	size_t count = 0;
	bool ok = true;

	books_open_deeds(&q, f->engine->store, BOOKS_RATING, f->before, f->err);
	while (ok && books_next_deed(&q, BOOKS_RATING, &row)) {
		struct book_rating *r = ADD_ROW(f->ctx, list, count, struct book_rating);

		*r = (struct book_rating){ .contact = row.contact_id, .debtor = row.debtor_id,
		    .answer = (int)row.answer };
		ok = local_day(f, row.zone, row.at, &r->on);
	}
	f->out->ratings = list;
	f->out->rating_count = count;
	return query_close(&q) && ok;
}

/* --- promises ------------------------------------------------------------------------------------ */

/* What one invoice owed at the end of a day, less what was credited since, and what of that
 * was paid by another day. */
static void promise_add(const struct filling *f, const struct book_invoice *i, struct book_promise *p)
{
	int64_t owed = 0, paid = 0;

	for (size_t k = i->entry; k < i->entry + i->entry_count; k++) {
		const struct book_entry *e = &f->out->entries[k];

		/* Money of the same day that came after the word keeps it. */
		if (e->on < p->made_on || e->booked_at < p->made_at ||
		    (e->on == p->made_on && !e->payment) ||
		    (e->credit && e->on <= p->pay_on + f->out->lag_days))
			owed += e->minor;
		else if (e->payment && e->on <= p->pay_on + f->out->lag_days)
			paid -= e->minor;
	}
	if (owed <= 0 || i->due_on > p->pay_on)
		return;
	p->owed_minor += owed;
	p->paid_minor += paid < 0 ? 0 : paid > owed ? owed : paid;
}

/* Of invoices sorted by debtor, those of one; the first, and how many. */
static int by_debtor(const void *a, const void *b)
{
	const struct book_invoice *x = *(const struct book_invoice *const *)a;
	const struct book_invoice *y = *(const struct book_invoice *const *)b;

	if (x->debtor != y->debtor)
		return x->debtor < y->debtor ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static const struct book_invoice **sorted(const struct filling *f)
{
	const struct book_invoice **list = talloc_array(f->ctx, const struct book_invoice *,
	    (unsigned)f->out->invoice_count + 1);

	must(list != NULL);
	for (size_t i = 0; i < f->out->invoice_count; i++)
		list[i] = &f->invoices[i];
	if (f->out->invoice_count > 0)
		qsort(list, f->out->invoice_count, sizeof(list[0]), by_debtor);
	return list;
}

static size_t first_of(const struct filling *f, const struct book_invoice **list, int64_t debtor)
{
	size_t lo = 0, hi = f->out->invoice_count;

	while (lo < hi) {
		const size_t middle = lo + (hi - lo) / 2;

		if (list[middle]->debtor < debtor)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

static bool fill_promises(struct filling *f)
{
	const struct book_invoice **invoices = sorted(f);
	struct book_promise *list = NULL;
	struct books_deed_row row;
	struct query q;
	size_t count = 0;
	bool ok = true;

	books_open_deeds(&q, f->engine->store, BOOKS_PROMISE, f->before, f->err);
	while (ok && books_next_deed(&q, BOOKS_PROMISE, &row)) {
		struct book_promise *p = ADD_ROW(f->ctx, list, count, struct book_promise);
		day_t released = DAY_NONE;

		*p = (struct book_promise){ .debtor = row.debtor_id, .pay_on = row.pay_on,
		    .made_at = row.at };
		ok = local_day(f, row.zone, row.at, &p->made_on) &&
		    local_day(f, row.zone, row.ended_at < f->before ? row.ended_at : 0, &released);
		p->released = released != DAY_NONE && released <= p->pay_on;
		for (size_t i = first_of(f, invoices, p->debtor);
		    i < f->out->invoice_count && invoices[i]->debtor == p->debtor; i++)
			promise_add(f, invoices[i], p);
	}
	f->out->promises = list;
	f->out->promise_count = count;
	return query_close(&q) && ok;
}

bool books_read(struct engine *e, void *ctx, day_t as_of, struct books *out, struct err *err)
{
	struct filling f = { .engine = e, .ctx = ctx, .out = out, .err = err,
	    .before = day_instant_utc(as_of + 1) };
	bool ok;

	*out = (struct books){ .as_of = as_of, .lag_days = BOOKS_LAG_DAYS,
	    .cost_currency = e->cfg->text[CFG_COST_CURRENCY],
	    .task_cost = cfg_price(e->cfg, CFG_COST_TASK) };
	if (!store_begin_read(e->store, err))
		return false;
	ok = fill_invoices(&f) && fill_entries(&f) && fill_contacts(&f) && fill_tasks(&f) &&
	    fill_forms(&f) && fill_ratings(&f) && fill_promises(&f);
	store_end_read(e->store);
	return ok;
}
