/* intake_run.c - see intake_run.h.  Invoices are booked here, payments in
 * intake_payment.c.
 */
#include "engine/intake_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/choice.h"
#include "engine/netting.h"
#include "store/history.h"

#define LEDGER "ledger"
#define LEFT "left the ledger"

struct booking {
	struct engine		*engine;
	void			*tmp;		/* dies with the row */
	const struct cfg_creditor *creditor;
	int64_t			 creditor_id;
	const struct profile	*profile;
	instant_t		 now;
	day_t			 today;		/* in the creditor's zone */
	struct intake_summary	*sum;
	struct err		*err;
};

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

bool intake_creditor(struct engine *e, const char *creditor, int64_t *id, struct err *err)
{
	const struct cfg_creditor *c = intake_settings(e, creditor, err);

	if (c == NULL || zone_find(c->text[CREDITOR_ZONE], err) == NULL)
		return false;
	return register_put_creditor(e->store, c->id, c->text[CREDITOR_NAME],
	    c->text[CREDITOR_ZONE], id, err);
}

static bool booking_init(struct booking *b, struct engine *e, int64_t creditor_id,
    const struct profile *profile, instant_t now, struct intake_summary *sum, struct err *err)
{
	struct creditor_record record;
	const struct zone *zone;

	*b = (struct booking){ .engine = e, .tmp = talloc_new(NULL), .creditor_id = creditor_id,
	    .profile = profile, .now = now, .sum = sum, .err = err };
	if (!register_get_creditor(e->store, b->tmp, creditor_id, &record, err))
		return false;
	b->creditor = cfg_creditor(e->cfg, record.external_id);
	zone = zone_find(record.zone, err);
	if (b->creditor == NULL || zone == NULL)
		return err_set(err, ERR_INPUT, "%s has no section [creditor %s]",
		    e->cfg->path, record.external_id);
	b->today = zone_local(zone, now).day;
	return true;
}

/* --- debtors ---------------------------------------------------------------------- */

static const char *first_of(const char *a, const char *b)
{
	return a[0] != '\0' ? a : b;
}

/* Zone of a country; several-zoned countries need it in the file. */
static const char *zone_of_country(const char *country, const char *fallback)
{
	static const struct { char country[3]; const char *zone; } zones[] = {
		{ "DK", "Europe/Copenhagen" }, { "NO", "Europe/Oslo" },
		{ "SE", "Europe/Stockholm" }, { "FI", "Europe/Helsinki" },
		{ "DE", "Europe/Berlin" }, { "GB", "Europe/London" },
		{ "FO", "Atlantic/Faroe" }, { "GL", "America/Nuuk" }, { "IS", "Atlantic/Reykjavik" },
	};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strcmp(zones[i].country, country) == 0)
			return zones[i].zone;
	return fallback;
}

/* What a file leaves out stays as it was. */
static bool fill_from_store(struct booking *b, int64_t debtor_id, struct debtor_row *row)
{
	struct debtor_record old;
	struct address_record *a;
	size_t n;

	if (!register_get_debtor(b->engine->store, b->tmp, debtor_id, &old, b->err) ||
	    !register_addresses(b->engine->store, b->tmp, debtor_id, &a, &n, b->err))
		return false;
	row->name = first_of(row->name, old.name);
	row->lang = first_of(row->lang, old.lang);
	row->country = first_of(row->country, old.country);
	row->zone = first_of(row->zone, old.zone);
	row->schedule = first_of(row->schedule, old.schedule);
	row->segment = first_of(row->segment, old.segment);
	if (!row->party_given)
		row->party = old.party;
	if (!row->prefers_given && old.prefers_given) {
		row->prefers_given = true;
		row->prefers = old.prefers;
	}
	for (size_t i = 0; i < n; i++) {
		if (a[i].channel == CHANNEL_EMAIL)
			row->email = first_of(row->email, a[i].value);
		if (a[i].channel == CHANNEL_SMS)
			row->phone = first_of(row->phone, a[i].value);
	}
	return true;
}

static bool book_debtor(struct booking *b, const struct debtor_row *given, int64_t *id,
    enum row_effect *effect)
{
	struct debtor_row row = *given;

	if (!register_find_debtor(b->engine->store, b->creditor_id, row.external_id, id, b->err) ||
	    (*id != 0 && !fill_from_store(b, *id, &row)))
		return false;
	row.name = first_of(row.name, row.external_id);
	row.lang = first_of(row.lang, b->creditor->text[CREDITOR_LANG]);
	row.country = first_of(row.country, b->creditor->text[CREDITOR_COUNTRY]);
	row.zone = first_of(row.zone, zone_of_country(row.country, b->creditor->text[CREDITOR_ZONE]));
	if (zone_find(row.zone, b->err) == NULL || (row.schedule[0] != '\0' &&
	    policy_schedule(b->engine->policy, row.schedule, b->err) == NULL))
		return false;
	if (!register_put_debtor(b->engine->store, b->creditor_id, &row, id, effect, b->err))
		return false;
	return *effect != ROW_CHANGED ||
	    ledger_wake_debtor(b->engine->store, *id, b->now, b->err);
}

/* --- invoices ------------------------------------------------------------------------ */

static void invoice_fingerprint(const struct booking *b, const struct invoice_row *row,
    char out[HASH_HEX_BYTES])
{
	char *text = talloc_asprintf(b->tmp, "%d\x1f%s\x1f%s\x1f%" PRId64 "\x1f%" PRId64
	    "\x1f%d\x1f%d\x1f%d\x1f%s\x1f%s\x1f%s", (int)row->type, row->debtor.external_id,
	    row->currency, row->amount_minor,
	    b->profile->balance == BALANCE_OPEN_AMOUNT && row->open_given ? row->open_minor : -1,
	    row->issued_on, row->due_on, row->disputed, row->reference, row->subject, row->credits);

	/* As it was before there were schedules in the ledger, where there is none. */
	if (row->schedule[0] != '\0')
		text = talloc_asprintf_append(text, "\x1f%s", row->schedule);
	must(text != NULL);
	sha256_hex(text, strlen(text), out);
}

/* A case is opened for what is owed only: neither a credit nor what is settled
 * begins one. */
static bool begins_case(const struct booking *b, const struct invoice_row *row)
{
	return row->type == ROW_INVOICE && !(b->profile->balance == BALANCE_OPEN_AMOUNT &&
	    row->open_given && row->open_minor == 0);
}

static bool add_entry(struct booking *b, int64_t invoice_id, enum entry_type type,
    int64_t amount_minor, const char *source)
{
	const struct entry_new entry = { .invoice_id = invoice_id, .type = type,
	    .amount_minor = amount_minor, .value_on = b->today, .booked_at = b->now,
	    .source = source };

	return amount_minor == 0 || ledger_add_entry(b->engine->store, &entry, b->err);
}

/* Principal to the amount of the row, the balance to its open amount. */
static bool book_amounts(struct booking *b, int64_t id, const struct invoice_row *row)
{
	struct invoice_record now;
	int64_t principal, fees, moved;

	if (!ledger_principal(b->engine->store, id, &principal, b->err) ||
	    !add_entry(b, id, ENTRY_PRINCIPAL, row->amount_minor - principal, LEDGER))
		return false;
	if (b->profile->balance != BALANCE_OPEN_AMOUNT || !row->open_given)
		return true;
	if (!ledger_get_invoice(b->engine->store, b->tmp, id, &now, b->err) ||
	    !ledger_fees(b->engine->store, id, &fees, b->err) ||
	    !ledger_credited_by(b->engine->store, id, NETTING_SOURCE, &moved, b->err))
		return false;
	return add_entry(b, id, ENTRY_ALLOCATION, row->open_minor -
	    (now.balance_minor - fees - moved), LEDGER);
}

static bool book_dispute(struct booking *b, int64_t debtor_id, int64_t invoice_id, bool disputed)
{
	const struct hold_record hold = { .scope = SCOPE_INVOICE,
	    .creditor_id = b->creditor_id, .debtor_id = debtor_id, .invoice_id = invoice_id,
	    .type = HOLD_DISPUTE, .owner = LEDGER, .reason = "marked disputed in the ledger",
	    .from_at = b->now, .until_at = INSTANT_MAX };
	struct hold_record *holds;
	int64_t id, active = 0;
	bool released;
	size_t n;

	if (!ledger_holds(b->engine->store, b->tmp, b->creditor_id, debtor_id, &holds, &n, b->err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (holds[i].invoice_id == invoice_id && holds[i].type == HOLD_DISPUTE &&
		    strcmp(holds[i].reason, hold.reason) == 0 && hold_end(&holds[i]) > b->now)
			active = holds[i].id;
	if (disputed && active == 0)
		return ledger_add_hold(b->engine->store, &hold, &id, b->err);
	if (!disputed && active != 0)
		return ledger_release_hold(b->engine->store, active, b->now, &released, b->err);
	return true;
}

/* A credit goes to the invoice that it names first; netting does the rest. */
static bool book_named_credit(struct booking *b, int64_t credit_id, int64_t debtor_id,
    const struct invoice_row *row)
{
	struct invoice_record credit, target;
	int64_t amount;

	if (row->credits[0] == '\0')
		return true;
	if (!ledger_find_invoice(b->engine->store, b->tmp, b->creditor_id, row->credits,
	    &target, b->err))
		return false;
	if (target.id == 0 || target.debtor_id != debtor_id ||
	    strcmp(target.currency, row->currency) != 0)
		return true;
	if (!ledger_get_invoice(b->engine->store, b->tmp, credit_id, &credit, b->err))
		return false;
	amount = -credit.balance_minor < target.balance_minor ? -credit.balance_minor :
	    target.balance_minor;
	return amount <= 0 || (add_entry(b, target.id, ENTRY_CREDIT, -amount, NETTING_SOURCE) &&
	    add_entry(b, credit_id, ENTRY_CREDIT, amount, NETTING_SOURCE));
}

static bool book_row(struct booking *b, const struct invoice_row *row, const char *hash,
    struct invoice_record *old, int64_t debtor_id, int64_t *invoice_id)
{
	struct invoice_record record = { .id = old->id, .creditor_id = b->creditor_id,
	    .debtor_id = debtor_id, .external_id = row->external_id,
	    .issued_on = row->issued_on, .due_on = row->due_on, .reference = row->reference,
	    .subject = row->subject, .row_hash = hash, .is_credit = row->type == ROW_CREDIT,
	    .schedule = row->schedule };
	char by[CHOICE_BY_BYTES];

	memcpy(record.currency, row->currency, CURRENCY_BYTES);
	if (record.due_on == DAY_NONE)		/* credits need none */
		record.due_on = row->issued_on != DAY_NONE ? row->issued_on : b->today;
	record.schedule_by = by;
	if (!choice_join(b->engine, b->creditor, debtor_id, row, old, begins_case(b, row), b->now,
	    &record.case_id, by, b->err))
		return false;
	*invoice_id = old->id;
	if (old->id == 0 && !ledger_add_invoice(b->engine->store, &record, invoice_id, b->err))
		return false;
	if (old->id != 0 && (!ledger_update_invoice(b->engine->store, &record, b->err) ||
	    (record.case_id != 0 &&
	    !ledger_set_case(b->engine->store, old->id, record.case_id, by, b->err))))
		return false;
	if (!book_amounts(b, *invoice_id, row))
		return false;
	if (row->type == ROW_CREDIT ? !book_named_credit(b, *invoice_id, debtor_id, row) :
	    !book_dispute(b, debtor_id, *invoice_id, row->disputed))
		return false;
	return netting_run(b->engine, debtor_id, row->currency, b->today, b->now, b->err) &&
	    ledger_close_settled(b->engine->store, debtor_id, b->now, b->err);
}

/* An invoice that had left the ledger and is there again is owed again. */
static bool reopen(struct booking *b, const struct invoice_record *old)
{
	int64_t left;

	return strcmp(old->state, INVOICE_CLOSED) != 0 ||
	    (ledger_allocated_by(b->engine->store, old->id, LEFT, &left, b->err) &&
	    add_entry(b, old->id, ENTRY_ALLOCATION, -left, LEFT) &&
	    ledger_set_state(b->engine->store, old->id, INVOICE_OPEN, b->err));
}

static bool refuse_change(struct booking *b, const struct invoice_row *row,
    const struct invoice_record *old, int64_t debtor_id)
{
	const char *what = old->debtor_id != debtor_id ? "debtor" :
	    strcmp(old->currency, row->currency) != 0 ? "currency" :
	    old->is_credit != (row->type == ROW_CREDIT) ? "type" : NULL;

	if (what != NULL)
		err_set(b->err, ERR_REFUSED, "line %d: the invoice is known with another %s; "
		    "credit it and invoice anew", row->line, what);
	return what != NULL;
}

static bool book_invoice(struct booking *b, const struct invoice_row *row)
{
	char hash[HASH_HEX_BYTES];
	struct invoice_record old;
	enum row_effect effect;
	int64_t debtor_id, id;

	invoice_fingerprint(b, row, hash);
	if (!ledger_find_invoice(b->engine->store, b->tmp, b->creditor_id, row->external_id,
	    &old, b->err) || !book_debtor(b, &row->debtor, &debtor_id, &effect))
		return false;
	b->sum->rows++;
	if (old.id != 0 && strcmp(old.row_hash, hash) == 0 &&
	    strcmp(old.state, INVOICE_CLOSED) != 0) {
		b->sum->unchanged += effect == ROW_UNCHANGED;
		b->sum->changed += effect != ROW_UNCHANGED;
		return true;
	}
	if (old.id != 0 && refuse_change(b, row, &old, debtor_id))
		return false;
	if ((old.id != 0 && !reopen(b, &old)) || !book_row(b, row, hash, &old, debtor_id, &id))
		return false;
	b->sum->fresh += old.id == 0;
	b->sum->changed += old.id != 0;
	return book_event(b->engine, b->now, old.id == 0 ? "invoice.imported" : "invoice.changed",
	    "import", &(struct debtor_record){ .id = debtor_id, .creditor_id = b->creditor_id },
	    0, id, b->err, "{}") &&
	    ledger_wake_debtor(b->engine->store, debtor_id, b->now, b->err);
}

bool intake_book_invoice(struct engine *e, int64_t creditor_id, const struct profile *profile,
    const struct invoice_row *row, instant_t now, struct intake_summary *sum, struct err *err)
{
	struct booking b;
	const bool ok = booking_init(&b, e, creditor_id, profile, now, sum, err) &&
	    book_invoice(&b, row);

	talloc_free(b.tmp);
	return ok;
}

/* --- a whole file ---------------------------------------------------------------------- */

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool close_one(struct booking *b, int64_t id)
{
	struct invoice_record full;

	if (!ledger_get_invoice(b->engine->store, b->tmp, id, &full, b->err))
		return false;
	b->sum->closed++;
	return add_entry(b, id, ENTRY_ALLOCATION, -full.balance_minor, LEFT) &&
	    ledger_set_state(b->engine->store, id, INVOICE_CLOSED, b->err) &&
	    book_event(b->engine, b->now, "invoice.closed", "import",
	    &(struct debtor_record){ .id = full.debtor_id, .creditor_id = b->creditor_id },
	    0, id, b->err, "{}") &&
	    ledger_close_settled(b->engine->store, full.debtor_id, b->now, b->err) &&
	    ledger_wake_debtor(b->engine->store, full.debtor_id, b->now, b->err);
}

/* Open invoices that a full export no longer holds are settled outside.  A
 * file with rejected rows is not full: what stands in them is not known. */
static bool close_missing(struct booking *b, const struct intake_result *rows)
{
	struct invoice_record *open;
	const char **ids;
	size_t n;

	if (rows->rejected_count > 0)
		return true;
	if (!ledger_open_of_creditor(b->engine->store, b->tmp, b->creditor_id, &open, &n, b->err))
		return false;
	ids = talloc_array(b->tmp, const char *, (unsigned)rows->count);
	must(ids != NULL);
	for (size_t i = 0; i < rows->count; i++)
		ids[i] = rows->invoices[i].external_id;
	qsort(ids, rows->count, sizeof(ids[0]), compare_ids);
	for (size_t i = 0; i < n; i++)
		if (bsearch(&open[i].external_id, ids, rows->count, sizeof(ids[0]),
		    compare_ids) == NULL && !close_one(b, open[i].id))
			return false;
	return true;
}

static bool book_all(struct booking *b, const struct intake_result *rows)
{
	enum row_effect effect;
	bool ok = true;
	int64_t id;

	for (size_t i = 0; ok && i < rows->count; i++) {
		void *outer = b->tmp;

		b->tmp = talloc_new(outer);
		switch (b->profile->what) {
		case INTAKE_INVOICES:
			ok = book_invoice(b, &rows->invoices[i]);
			break;
		case INTAKE_DEBTORS:
			ok = book_debtor(b, &rows->debtors[i], &id, &effect);
			b->sum->rows++;
			b->sum->fresh += effect == ROW_NEW;
			b->sum->changed += effect == ROW_CHANGED;
			b->sum->unchanged += effect == ROW_UNCHANGED;
			break;
		case INTAKE_PAYMENTS:
			ok = intake_book_payment(b->engine, b->creditor_id, &rows->payments[i],
			    b->now, b->sum, b->err);
			break;
		case INTAKE_WHATS:
			ok = false;
			break;
		}
		talloc_free(b->tmp);
		b->tmp = outer;
	}
	if (ok && b->profile->what == INTAKE_INVOICES && b->profile->missing == MISSING_CLOSE)
		ok = close_missing(b, rows);
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

bool intake_run(struct engine *e, const char *creditor, const struct profile *profile,
    const struct intake_result *rows, const char *file_hash, const char *profile_hash,
    instant_t now, bool dry, struct intake_summary *sum, struct err *err)
{
	struct import_record record = { .kind = intake_what_name(profile->what),
	    .file_hash = file_hash, .profile_hash = profile_hash, .at = now,
	    .rows_read = (int64_t)rows->read_count,
	    .rows_rejected = (int64_t)rows->rejected_count };
	struct booking b = { 0 };
	int64_t creditor_id;
	bool ok;

	*sum = (struct intake_summary){ 0 };
	ok = store_begin(e->store, err) && policy_put(e->policy, e, now, err) &&
	    intake_creditor(e, creditor, &creditor_id, err) &&
	    check_balance_source(e, creditor_id, profile, err) &&
	    booking_init(&b, e, creditor_id, profile, now, sum, err) && book_all(&b, rows);
	record.rows_new = sum->fresh;
	record.rows_changed = sum->changed;
	if (ok && sum->fresh + sum->changed + sum->closed > 0)
		ok = history_add_import(e->store, &record, err);
	ok = ok && (dry || store_commit(e->store, err));
	if (!ok || dry)
		store_rollback(e->store);
	talloc_free(b.tmp);
	return ok;
}
