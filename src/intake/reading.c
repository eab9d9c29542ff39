/* reading.c - see intake.h.
 *
 * A file is read once; once before when its dates must tell their form, and
 * once more when it turned out not to be in UTF-8 and the profile allows
 * that.  Each pass checks everything anew, so a file that changes in between
 * can fail but cannot be misread.
 */
#include "intake/reading.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "intake/row.h"

#define ROWS_FIRST 256
#define TALLOC_CHUNK_BYTES_MAX 0x10000000	/* talloc's own limit */

_Static_assert(sizeof(struct invoice_row) * TABLE_ROWS_MAX < TALLOC_CHUNK_BYTES_MAX,
    "a file of rows must fit in one chunk");

static void invoice_read(struct sheet *s, void *out) { invoice_row_read(s, out); }
static void payment_read(struct sheet *s, void *out) { payment_row_read(s, out); }
static void debtor_read(struct sheet *s, void *out)
{
	debtor_row_read(s, FIELD_EXTERNAL_ID, out);
}

static const char *invoice_id(const void *row)
{
	return ((const struct invoice_row *)row)->external_id;
}
static const char *debtor_id(const void *row)
{
	return ((const struct debtor_row *)row)->external_id;
}
static const char *payment_id(const void *row)
{
	return ((const struct payment_row *)row)->external_id;
}
static int invoice_line(const void *row) { return ((const struct invoice_row *)row)->line; }
static int debtor_line(const void *row) { return ((const struct debtor_row *)row)->line; }
static int payment_line(const void *row) { return ((const struct payment_row *)row)->line; }

static const struct row_kind kinds[INTAKE_WHATS] = {
	[INTAKE_INVOICES] = { sizeof(struct invoice_row), invoice_read, invoice_id, invoice_line },
	[INTAKE_DEBTORS] = { sizeof(struct debtor_row), debtor_read, debtor_id, debtor_line },
	[INTAKE_PAYMENTS] = { sizeof(struct payment_row), payment_read, payment_id, payment_line },
};

const struct row_kind *row_kind_of(enum intake_what what)
{
	must(what < INTAKE_WHATS);
	return &kinds[what];
}

/* --- the two kinds of pass ------------------------------------------------ */

static bool header_take(void *arg, const struct table_row *row, struct err *err)
{
	struct reading *r = arg;

	return sheet_header(&r->sheet, row, r->work, err);
}

static void *row_room(struct reading *r)
{
	if (r->count == r->room) {
		r->room = r->room == 0 ? ROWS_FIRST : r->room * 2;
		if (r->room > TABLE_ROWS_MAX)
			r->room = TABLE_ROWS_MAX;
		must(r->count < r->room);
		r->rows = talloc_realloc_size(r->keep, r->rows, r->room * r->kind->bytes);
		must(r->rows != NULL);
	}
	return r->rows + r->count * r->kind->bytes;
}

static bool row_take(void *arg, const struct table_row *row, struct err *err)
{
	struct reading *r = arg;

	if (table_row_is_blank(row)) {
		r->blank++;
		return true;
	}
	if (sheet_row(&r->sheet, row))
		r->kind->read(&r->sheet, row_room(r));
	r->count += !r->sheet.row_bad;
	r->rejected += r->sheet.row_bad;
	if (r->sheet.faults.over)
		return err_set(err, ERR_INPUT, "line %d: more than %d faults: "
		    "the profile is for another kind of file", row->line, FAULTS_MAX);
	return true;
}

static const enum intake_field day_fields[] = {
	FIELD_ISSUED_ON, FIELD_DUE_ON, FIELD_PAID_ON, FIELD_SETTLED_ON,
};
#define DAY_FIELDS (sizeof(day_fields) / sizeof(day_fields[0]))

static bool dates_take(void *arg, const struct table_row *row, struct err *err)
{
	struct reading *r = arg;
	struct view v;

	(void)err;
	if (row->count != r->sheet.header_count)
		return true;
	r->sheet.row = row;
	for (size_t i = 0; i < DAY_FIELDS; i++)
		if (sheet_value(&r->sheet, day_fields[i], &v) && v.len > 0)
			day_guess_add(&r->guess, v, row->line);
	return true;
}

static bool has_dates(const struct profile *p)
{
	for (size_t i = 0; i < DAY_FIELDS; i++)
		if (p->fields[day_fields[i]].mapped)
			return true;
	return false;
}

static void reading_start(struct reading *r, const struct profile *profile, void *keep,
    void *work)
{
	*r = (struct reading){ .kind = row_kind_of(profile->what), .keep = keep, .work = work };
	sheet_init(&r->sheet, profile, keep, work);
}

/* --- a reading ------------------------------------------------------------ */

struct attempt {
	const struct table_source	*source;
	const struct profile		*profile;
	struct table_form		 form;
	struct table_end		 end;
};

static bool dates_settle(struct attempt *a, void *ctx, enum day_form *out, struct err *err)
{
	void *work = talloc_new(ctx);
	struct reading r;
	const struct table_reader reader = { header_take, dates_take, &r };
	bool done;

	must(work != NULL);
	reading_start(&r, a->profile, work, work);
	done = table_read(a->source, &a->form, &reader, &a->end, err) &&
	    day_guess_settle(&r.guess, out, err);
	talloc_free(work);
	return done;
}

static bool rows_read(struct attempt *a, void *keep, void *work, enum day_form date,
    struct intake_result *out, struct err *err)
{
	struct reading r;
	const struct table_reader reader = { header_take, row_take, &r };
	size_t read;

	reading_start(&r, a->profile, keep, work);
	r.sheet.date = date;
	if (!table_read(a->source, &a->form, &reader, &a->end, err))
		return false;
	read = a->end.row_count - r.blank;
	if (read == 0)
		return err_set(err, ERR_INPUT, "the file holds a header and no rows");
	reading_reject_twins(&r);
	if (r.sheet.faults.over)
		return err_set(err, ERR_INPUT, "more than %d faults: "
		    "the profile is for another kind of file", FAULTS_MAX);
	*out = (struct intake_result){
		.rows = r.rows, .count = r.count,
		.faults = r.sheet.faults.at, .fault_count = r.sheet.faults.count,
		.read_count = read, .rejected_count = r.rejected,
		.phone_doubt_count = r.sheet.phone_doubt_count,
		.charset = a->form.charset, .date = date,
	};
	must(r.count + r.rejected == read);
	return true;
}

static bool attempt_run(struct attempt *a, void *ctx, struct intake_result *out,
    struct err *err)
{
	void *keep = talloc_new(ctx), *work = talloc_new(ctx);
	enum day_form date = a->profile->date;
	bool done;

	must(keep != NULL && work != NULL);
	done = date != DAY_FORM_AUTO || !has_dates(a->profile) ||
	    dates_settle(a, work, &date, err);
	done = done && rows_read(a, keep, work, date, out, err);
	talloc_free(work);
	if (!done)
		talloc_free(keep);
	return done;
}

static bool read_source(void *ctx, const char *name, const struct table_source *source,
    const struct profile *profile, struct intake_result *out, struct err *err)
{
	struct attempt a = { .source = source, .profile = profile,
		.form = { .delimiter = profile->delimiter, .charset = profile->charset } };
	struct err own = { 0 };
	bool done;

	*out = (struct intake_result){ 0 };
	done = attempt_run(&a, ctx, out, &own);
	if (!done && a.end.not_utf8 && profile->charset_auto && profile->allow_windows_1252) {
		err_clear(&own);
		a.form.charset = CHARSET_WINDOWS_1252;
		done = attempt_run(&a, ctx, out, &own);
	}
	if (!done)
		(void)err_set(err, own.kind, "%s: %s", name, own.text);
	return done;
}

static bool read_path(void *ctx, const char *path, enum intake_what what,
    const struct profile *profile, struct intake_result *out, struct err *err)
{
	const struct table_source source = { .path = path };

	*out = (struct intake_result){ 0 };
	if (profile->what != what)
		return err_set(err, ERR_INPUT, "%s: the profile \"%s\" is for %s, not for %s",
		    path, profile->name, intake_what_name(profile->what),
		    intake_what_name(what));
	return read_source(ctx, path, &source, profile, out, err);
}

bool intake_invoices(void *ctx, const char *path, const struct profile *profile,
    struct intake_result *out, struct err *err)
{
	return read_path(ctx, path, INTAKE_INVOICES, profile, out, err);
}

bool intake_debtors(void *ctx, const char *path, const struct profile *profile,
    struct intake_result *out, struct err *err)
{
	return read_path(ctx, path, INTAKE_DEBTORS, profile, out, err);
}

bool intake_payments(void *ctx, const char *path, const struct profile *profile,
    struct intake_result *out, struct err *err)
{
	return read_path(ctx, path, INTAKE_PAYMENTS, profile, out, err);
}

bool intake_text(void *ctx, const char *name, struct view text, const struct profile *profile,
    struct intake_result *out, struct err *err)
{
	const struct table_source source = { .text = text };

	return read_source(ctx, name, &source, profile, out, err);
}

/* --- faults that others find ------------------------------------------------ */

void intake_fault(struct fault_list *list, const struct profile *profile, int line,
    enum intake_field field, const char *value_class, const char *reason)
{
	const char *column = profile->fields[field].column;

	fault_note(list, line, view_of(column != NULL ? column : intake_field_name(field)),
	    value_class, reason);
}

void intake_take_faults(void *ctx, struct intake_result *r, const struct fault_list *list)
{
	if (list->count == 0)
		return;
	r->faults = fault_merge(ctx, r->faults, r->fault_count, list->at, list->count);
	r->fault_count += list->count;
}
