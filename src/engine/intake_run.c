/* intake_run.c - see intake_run.h.  Rows are booked in intake_debtor.c,
 * intake_invoice.c and intake_payment.c.
 */
#include "engine/intake_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/booking.h"
#include "engine/call_review.h"
#include "intake/fault.h"
#include "store/history.h"

const struct cfg_creditor *intake_settings(const struct engine *e, const char *creditor,
    struct err *err)
{
	const struct cfg_creditor *c = creditor[0] == '\0' && e->cfg->creditor_count == 1 ?
	    &e->cfg->creditors[0] : cfg_creditor(e->cfg, creditor);

	if (c == NULL && creditor[0] == '\0' && e->cfg->creditor_count > 1)
		err_set(err, ERR_INPUT, "%s has several creditors; name one in the "
		    "profile: \"creditor\": \"...\"", e->cfg->path);
	else if (c == NULL)
		err_set(err, ERR_INPUT, "%s has no section [creditor %s]", e->cfg->path,
		    creditor[0] != '\0' ? creditor : "NAME");
	return c;
}

/* A section that was renamed would make a second creditor, to whom everything
 * is owed once more.  A new one is taken while all others have their section. */
static bool is_no_rename(struct engine *e, const struct cfg_creditor *c, struct err *err)
{
	void *tmp = talloc_new(NULL);
	const char **owed;
	int64_t known;
	size_t n;
	bool ok = register_find_creditor(e->store, c->id, &known, err) &&
	    register_creditors_owed(e->store, tmp, &owed, &n, err);

	for (size_t i = 0; ok && known == 0 && i < n; i++)
		if (cfg_creditor(e->cfg, owed[i]) == NULL)
			ok = err_set(err, ERR_REFUSED, "%s has no section [creditor %s], to whom "
			    "money is owed: was [creditor %s] renamed? The name stays; 'name =' "
			    "is what debtors read", e->cfg->path, owed[i], c->id);
	talloc_free(tmp);
	return ok;
}

bool intake_creditor(struct engine *e, const char *creditor, int64_t *id, struct err *err)
{
	const struct cfg_creditor *c = intake_settings(e, creditor, err);

	if (c == NULL || zone_find(c->text[CREDITOR_ZONE], err) == NULL ||
	    !is_no_rename(e, c, err))
		return false;
	return register_put_creditor(e->store, c->id, c->text[CREDITOR_NAME],
	    c->text[CREDITOR_ZONE], id, err);
}

/* --- a booking ------------------------------------------------------------------------- */

bool booking_init(struct booking *b, struct engine *e, int64_t creditor_id,
    const struct profile *profile, instant_t now, struct intake_summary *sum, struct err *err)
{
	struct creditor_record record;
	const struct zone *zone;

	*b = (struct booking){ .engine = e, .ctx = talloc_new(NULL), .creditor_id = creditor_id,
	    .profile = profile, .now = now, .sum = sum, .err = err };
	must(b->ctx != NULL);
	b->tmp = b->ctx;
	if (!register_get_creditor(e->store, b->ctx, creditor_id, &record, err))
		return false;
	b->creditor = cfg_creditor(e->cfg, record.external_id);
	zone = zone_find(record.zone, err);
	if (b->creditor == NULL || zone == NULL)
		return err_set(err, ERR_INPUT, "%s has no section [creditor %s]",
		    e->cfg->path, record.external_id);
	b->today = zone_local(zone, now).day;
	return true;
}

void booking_drop(struct booking *b)
{
	talloc_free(b->ctx);
}

void booking_misfit(struct booking *b, enum intake_field field, const char *value,
    const char *reason)
{
	b->misfit = (struct misfit){ .field = field, .reason = reason };
	if (value != NULL)
		value_class_put(view_of(value), b->misfit.value_class,
		    sizeof(b->misfit.value_class));
	else
		(void)snprintf(b->misfit.value_class, sizeof(b->misfit.value_class),
		    "an amount");
}

static bool refuse_misfit(struct booking *b, int line)
{
	return b->misfit.reason == NULL ||
	    err_set(b->err, ERR_REFUSED, "line %d: %s", line, b->misfit.reason);
}

bool intake_book_invoice(struct engine *e, int64_t creditor_id, const struct profile *profile,
    const struct invoice_row *row, instant_t now, struct intake_summary *sum, struct err *err)
{
	struct booking b;
	const bool ok = booking_init(&b, e, creditor_id, profile, now, sum, err) &&
	    booking_invoice(&b, row) && refuse_misfit(&b, row->line) && booking_even(&b);

	booking_drop(&b);
	return ok;
}

bool intake_book_payment(struct engine *e, int64_t creditor_id, const struct payment_row *row,
    instant_t now, struct intake_summary *sum, struct err *err)
{
	struct booking b;
	const bool ok = booking_init(&b, e, creditor_id, NULL, now, sum, err) &&
	    booking_payment(&b, row) && refuse_misfit(&b, row->line);

	booking_drop(&b);
	return ok;
}

/* --- invoices that left ------------------------------------------------------------------ */

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool close_one(struct booking *b, int64_t id)
{
	struct entry_new left = { .invoice_id = id, .type = ENTRY_ALLOCATION,
	    .value_on = b->today, .booked_at = b->now, .source = INTAKE_LEFT };
	struct invoice_record full;

	if (!ledger_get_invoice(b->engine->store, b->tmp, id, &full, b->err))
		return false;
	b->sum->closed++;
	left.amount_minor = -full.balance_minor;
	booking_touch(b, full.debtor_id, full.currency);
	return ledger_add_entry(b->engine->store, &left, b->err) &&
	    ledger_set_state(b->engine->store, id, INVOICE_CLOSED, b->err) &&
	    book_event(b->engine, b->now, "invoice.closed", "import",
	    &(struct debtor_record){ .id = full.debtor_id, .creditor_id = b->creditor_id },
	    0, id, b->err, "{}");
}

/* Open invoices that a full export no longer holds are settled outside.  A
 * file with rejected rows is not full: what stands in them is not known. */
static bool close_missing(struct booking *b, const struct intake_file *files, size_t count)
{
	struct invoice_record *open;
	size_t n, total = 0, k = 0;
	const char **ids;

	for (size_t i = 0; i < count; i++) {
		if (files[i].rows.rejected_count > 0)
			return true;
		total += files[i].rows.count;
	}
	if (!ledger_open_of_creditor(b->engine->store, b->ctx, b->creditor_id, &open, &n, b->err))
		return false;
	ids = talloc_array(b->ctx, const char *, (unsigned)total);
	must(ids != NULL);
	for (size_t i = 0; i < count; i++)
		for (size_t r = 0; r < files[i].rows.count; r++)
			ids[k++] = files[i].rows.invoices[r].external_id;
	qsort(ids, total, sizeof(ids[0]), compare_ids);
	for (size_t i = 0; i < n; i++)
		if (bsearch(&open[i].external_id, ids, total, sizeof(ids[0]),
		    compare_ids) == NULL && !close_one(b, open[i].id))
			return false;
	return true;
}

/* --- whole files --------------------------------------------------------------------------- */

static bool book_debtor(struct booking *b, const struct debtor_row *row)
{
	enum row_effect effect;
	int64_t id;

	if (!booking_debtor(b, row, &id, &effect))
		return false;
	if (b->misfit.reason != NULL)
		return true;
	b->sum->fresh += effect == ROW_NEW;
	b->sum->changed += effect == ROW_CHANGED;
	b->sum->unchanged += effect == ROW_UNCHANGED;
	return true;
}

static bool book_row(struct booking *b, const struct intake_result *rows, size_t i, int *line)
{
	switch (b->profile->what) {
	case INTAKE_INVOICES:
		*line = rows->invoices[i].line;
		return booking_invoice(b, &rows->invoices[i]);
	case INTAKE_DEBTORS:
		*line = rows->debtors[i].line;
		return book_debtor(b, &rows->debtors[i]);
	case INTAKE_PAYMENTS:
		*line = rows->payments[i].line;
		return booking_payment(b, &rows->payments[i]);
	case INTAKE_WHATS:
		break;
	}
	must(false);
	return false;
}

static bool book_file(struct booking *b, void *ctx, struct intake_result *rows)
{
	struct fault_list misfits;
	bool ok = true;

	fault_list_init(&misfits, b->ctx);
	for (size_t i = 0; ok && i < rows->count; i++) {
		int line = 0;

		b->tmp = talloc_new(b->ctx);
		b->misfit = (struct misfit){ 0 };
		ok = book_row(b, rows, i, &line);
		if (ok && b->misfit.reason != NULL) {
			intake_fault(&misfits, b->profile, line, b->misfit.field,
			    b->misfit.value_class, b->misfit.reason);
			rows->rejected_count++;
		}
		talloc_free(b->tmp);
	}
	b->tmp = b->ctx;
	intake_take_faults(ctx, rows, &misfits);
	return ok;
}

/* Open amounts count payments already: both together would count them twice. */
static bool check_balance_source(struct engine *e, int64_t creditor_id,
    const struct profile *profile, struct err *err)
{
	const bool open = profile->what == INTAKE_INVOICES &&
	    profile->balance == BALANCE_OPEN_AMOUNT;
	bool same;

	if (profile->what == INTAKE_DEBTORS)
		return true;
	if (!register_balance_source(e->store, creditor_id, open ? "open_amount" : "payments",
	    &same, err))
		return false;
	return same || err_set(err, ERR_REFUSED, open ?
	    "this creditor's balances come from payment files; write \"balance\": \"payments\" "
	    "in the profile" :
	    "this creditor's invoices come with what is still owed, which counts payments "
	    "already; a payment file would count them twice");
}

/* One line of the history for each file that did something. */
static bool add_history(struct booking *b, const struct intake_file *f,
    const char *profile_hash, const struct intake_summary *before)
{
	const struct import_record record = { .kind = intake_what_name(b->profile->what),
	    .file_hash = f->hash, .profile_hash = profile_hash, .at = b->now,
	    .rows_read = (int64_t)f->rows.read_count,
	    .rows_new = b->sum->fresh - before->fresh,
	    .rows_changed = b->sum->changed - before->changed,
	    .rows_rejected = (int64_t)f->rows.rejected_count };

	return record.rows_new + record.rows_changed + b->sum->closed - before->closed == 0 ||
	    history_add_import(b->engine->store, &record, b->err);
}

static bool book_files(struct booking *b, void *ctx, const struct intake_orders *o,
    struct intake_file *files, size_t count, bool *rejected)
{
	const bool full = o->profile->what == INTAKE_INVOICES && o->profile->missing == MISSING_CLOSE;

	for (size_t i = 0; i < count; i++) {
		const struct intake_summary before = *b->sum;

		if (!book_file(b, ctx, &files[i].rows))
			return false;
		*rejected = *rejected || files[i].rows.rejected_count > 0;
		if (full && i + 1 == count && !close_missing(b, files, count))
			return false;
		if (!add_history(b, &files[i], o->profile_hash, &before))
			return false;
	}
	return booking_even(b) && call_review(b->engine, b->now, b->err);
}

bool intake_run(struct engine *e, void *ctx, const struct intake_orders *o,
    struct intake_file *files, size_t count, struct intake_summary *sum, struct err *err)
{
	struct booking b = { 0 };
	bool ok, rejected = false, keep;
	int64_t creditor_id;

	*sum = (struct intake_summary){ 0 };
	ok = store_begin(e->store, err) && policy_put(e->policy, e, o->now, err) &&
	    intake_creditor(e, o->profile->creditor, &creditor_id, err) &&
	    check_balance_source(e, creditor_id, o->profile, err) &&
	    booking_init(&b, e, creditor_id, o->profile, o->now, sum, err) &&
	    book_files(&b, ctx, o, files, count, &rejected);
	keep = ok && !o->dry && (o->skip_rejected || !rejected);
	if (keep)
		ok = store_commit(e->store, err);
	if (!ok || !keep)
		store_rollback(e->store);
	if (rejected && !o->skip_rejected)
		*sum = (struct intake_summary){ 0 };
	booking_drop(&b);
	return ok;
}
