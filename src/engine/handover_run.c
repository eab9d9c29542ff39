/* handover_run.c - see handover_run.h. */
#include "engine/handover_run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/str.h"
#include "compose/casebook.h"
#include "engine/book.h"
#include "engine/handover_case.h"
#include "engine/handover_sheet.h"

#define SHEET_BYTES_MAX (256 * 1024 * 1024)
#define SHEET_NAME "claims.csv"

struct exporting {
	struct engine			*engine;
	const struct handover_request	*ask;
	instant_t			 now;
	struct str			 sheet;
	struct handover_summary		*sum;
	struct err			*err;
};

static bool mark(struct exporting *x, const struct handover_claim *claim)
{
	const struct debtor_record debtor = { .id = claim->debtor_id,
	    .creditor_id = claim->creditor_id };

	return handover_mark(x->engine->store, claim->invoice_id, x->now, x->err) &&
	    book_event(x->engine, x->now, "invoice.exported", x->ask->who, &debtor, 0,
	    claim->invoice_id, x->err, "{}") &&
	    ledger_close_settled(x->engine->store, claim->debtor_id, x->now, x->err);
}

/* Short: nobody who writes waits for the drawing. */
static bool mark_all(struct exporting *x, const struct handover_claim *claims, size_t count)
{
	bool ok = store_begin(x->engine->store, x->err);

	for (size_t i = 0; ok && i < count; i++)
		ok = mark(x, &claims[i]);
	ok = ok && store_commit(x->engine->store, x->err);
	if (!ok)
		store_rollback(x->engine->store);
	return ok;
}

static bool export_case(struct exporting *x, const struct handover_claim *claims, size_t count)
{
	void *tmp = talloc_new(NULL);
	char *name = talloc_asprintf(tmp, "case-%" PRId64 ".pdf", claims[0].case_id);
	char *path = talloc_asprintf(tmp, "%s/%s", x->ask->dir, name);
	struct handover_case found;
	bool ok = handover_case_read(x->engine, tmp, claims, count, x->now, &found, x->err) &&
	    casebook_write(path, &found, x->err);

	if (ok)
		handover_sheet_case(&x->sheet, &found, name);
	talloc_free(tmp);
	return ok;
}

static bool write_sheet(struct exporting *x)
{
	void *tmp = talloc_new(NULL);
	const char *path = talloc_asprintf(tmp, "%s/" SHEET_NAME, x->ask->dir);
	FILE *file;
	bool ok = str_ok(&x->sheet) ||
	    err_set(x->err, ERR_REFUSED, "too many claims for one file; use --since");

	file = ok ? fopen(path, "wxe") : NULL;
	if (ok && file == NULL)
		ok = err_set(x->err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	if (file != NULL) {
		ok = fwrite(x->sheet.at, 1, x->sheet.len, file) == x->sheet.len;
		ok = fclose(file) == 0 && ok;
		if (!ok)
			err_set(x->err, ERR_SYSTEM, "%s: cannot be written", path);
	}
	talloc_free(tmp);
	return ok;
}

/* Claims are sorted by case: each run of one case is one dossier. */
static bool export_all(struct exporting *x, const struct handover_claim *claims, size_t count)
{
	bool ok = true;

	for (size_t i = 0, n; ok && i < count; i += n) {
		for (n = 1; i + n < count && claims[i + n].case_id == claims[i].case_id; n++)
			;
		x->sum->cases++;
		x->sum->invoices += (int64_t)n;
		ok = x->ask->dry || export_case(x, &claims[i], n);
	}
	return ok;
}

static bool make_folder(const char *dir, struct err *err)
{
	char path[4096];

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return err_set(err, ERR_SYSTEM, "%s: %s", dir, strerror(errno));
	(void)snprintf(path, sizeof(path), "%s/" SHEET_NAME, dir);
	if (access(path, F_OK) == 0)
		return err_set(err, ERR_REFUSED, "%s is there already; name another folder", path);
	return true;
}

bool handover_run(struct engine *e, const struct handover_request *ask, instant_t now,
    struct handover_summary *sum, struct err *err)
{
	struct exporting x = { .engine = e, .ask = ask, .now = now, .sum = sum, .err = err };
	void *tmp = talloc_new(NULL);
	struct handover_claim *claims;
	size_t n;
	bool ok;

	*sum = (struct handover_summary){ 0 };
	str_init(&x.sheet, tmp, SHEET_BYTES_MAX);
	handover_sheet_head(&x.sheet);
	ok = store_begin_read(e->store, err);
	if (ok) {
		ok = handover_claims(e->store, tmp, ask->since, ask->again, now, &claims, &n, err) &&
		    (ask->dry || n == 0 || make_folder(ask->dir, err)) &&
		    export_all(&x, claims, n);
		store_end_read(e->store);
	}
	if (ok && !ask->dry && n > 0)
		ok = write_sheet(&x) && mark_all(&x, claims, n);
	talloc_free(tmp);
	return ok;
}
