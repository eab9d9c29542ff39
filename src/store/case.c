/* case.c - cases, holds and promises; declared in ledger.h. */
#include <stdio.h>
#include <stdlib.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "store/ledger.h"
#include "store/query.h"
#include "store/register.h"

bool ledger_open_case(struct store *s, int64_t debtor_id, const char *currency,
    const char *schedule_name, int64_t *out, struct err *err)
{
	return query_one_int(s, STMT_CASE_OPEN_OF, 0, out, err, "itt", debtor_id, currency,
	    schedule_name);
}

bool ledger_add_case(struct store *s, int64_t creditor_id, int64_t debtor_id,
    const char *currency, const char *schedule_name, const char *schedule_hash, instant_t at,
    int64_t *id, struct err *err)
{
	if (!query_run(s, STMT_CASE_ADD, err, "iittti", creditor_id, debtor_id, currency,
	    schedule_name, schedule_hash, at))
		return false;
	*id = query_last_id(s);
	return true;
}

bool ledger_without_case(struct store *s, void *ctx, int64_t debtor_id, const char *currency,
    struct invoice_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_INVOICES_WITHOUT_CASE, err, "it", debtor_id, currency);
	while (query_next(&q)) {
		*out = talloc_realloc(ctx, *out, struct invoice_record, (unsigned)*count + 1);
		must(*out != NULL);
		(*out)[(*count)++] = (struct invoice_record){ .id = query_int(&q, 0),
		    .debtor_id = debtor_id, .schedule = query_dup(&q, ctx, 1),
		    .case_id = query_int(&q, 2) };
	}
	return query_close(&q);
}

bool ledger_set_case(struct store *s, int64_t invoice_id, int64_t case_id,
    const char *schedule_by, struct err *err)
{
	return query_run(s, STMT_INVOICE_SET_CASE, err, "iit", invoice_id, case_id, schedule_by);
}

bool ledger_stood_in(struct store *s, int64_t invoice_id, int64_t case_id, struct err *err)
{
	return query_run(s, STMT_INVOICE_STOOD_IN, err, "ii", invoice_id, case_id);
}

bool ledger_set_version(struct store *s, int64_t case_id, const char *schedule_hash,
    struct err *err)
{
	return query_run(s, STMT_CASE_SET_VERSION, err, "it", case_id, schedule_hash);
}

static int by_id(const void *left, const void *right)
{
	const int64_t a = ((const struct case_record *)left)->id;
	const int64_t b = ((const struct case_record *)right)->id;

	return (a > b) - (a < b);
}

bool ledger_cases_of_debtor(struct store *s, void *ctx, int64_t debtor_id,
    struct case_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_CASES_OF_DEBTOR, err, "i", debtor_id);
	while (query_next(&q)) {
		struct case_record *c;

		*out = talloc_realloc(ctx, *out, struct case_record, (unsigned)*count + 1);
		must(*out != NULL);
		c = &(*out)[(*count)++];
		*c = (struct case_record){ .id = query_int(&q, 0), .debtor_id = debtor_id,
		    .schedule_hash = query_dup(&q, ctx, 2),
		    .schedule_name = query_dup(&q, ctx, 3), .open = true };
		(void)snprintf(c->currency, CURRENCY_BYTES, "%s", query_text(&q, 1));
	}
	if (*count > 1)
		qsort(*out, *count, sizeof(**out), by_id);
	if (*count > LEDGER_CASES_MAX)
		*count = LEDGER_CASES_MAX;
	return query_close(&q);
}

bool ledger_cases_on_schedule(struct store *s, void *ctx, const char *name, const char *hash,
    int64_t case_id, int64_t debtor_id, struct case_record **out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_CASES_ON_SCHEDULE, err, "ttoo", name, hash, case_id, debtor_id);
	while (query_next(&q)) {
		struct case_record *c;

		*out = talloc_realloc(ctx, *out, struct case_record, (unsigned)*count + 1);
		must(*out != NULL);
		c = &(*out)[(*count)++];
		*c = (struct case_record){ .id = query_int(&q, 0), .debtor_id = query_int(&q, 1),
		    .schedule_hash = query_dup(&q, ctx, 3), .schedule_name = name, .open = true };
		(void)snprintf(c->currency, CURRENCY_BYTES, "%s", query_text(&q, 2));
	}
	return query_close(&q);
}

bool ledger_get_case(struct store *s, void *ctx, int64_t id, struct case_record *out,
    struct err *err)
{
	struct query q;

	*out = (struct case_record){ 0 };
	query_open(&q, s, STMT_CASE_GET, err, "i", id);
	if (query_next(&q)) {
		*out = (struct case_record){ .id = id, .debtor_id = query_int(&q, 0),
		    .schedule_hash = query_dup(&q, ctx, 2),
		    .open = query_text(&q, 3)[0] == 'o',
		    .schedule_name = query_dup(&q, ctx, 4) };
		(void)snprintf(out->currency, CURRENCY_BYTES, "%s", query_text(&q, 1));
	}
	return query_close(&q) && (out->id != 0 ||
	    err_set(err, ERR_INPUT, "there is no case %lld", (long long)id));
}

bool ledger_close_settled(struct store *s, int64_t debtor_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_CASES_CLOSE_SETTLED, err, "ii", debtor_id, at) &&
	    query_run(s, STMT_TASKS_MOOT, err, "ii", debtor_id, at);
}

bool ledger_reopen_owing(struct store *s, int64_t debtor_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_CASES_REOPEN, err, "ii", debtor_id, at) &&
	    query_run(s, STMT_INVOICES_MOVING, err, "i", debtor_id) &&
	    query_run(s, STMT_INVOICES_TO_OPEN_CASE, err, "i", debtor_id);
}

bool ledger_cases_before(struct store *s, void *ctx, int64_t debtor_id,
    struct invoice_before **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_INVOICE_CASES, err, "i", debtor_id);
	while (query_next(&q))
		*GROW(ctx, out, count, struct invoice_before) = (struct invoice_before){
		    .invoice_id = query_int(&q, 0), .case_id = query_int(&q, 1) };
	return query_close(&q);
}

bool ledger_wake_debtor(struct store *s, int64_t debtor_id, instant_t at, struct err *err)
{
	void *tmp = talloc_new(NULL);
	int64_t *sharers;
	size_t n;
	bool ok = query_run(s, STMT_CASE_WAKE_DEBTOR, err, "ii", debtor_id, at) &&
	    register_sharers(s, tmp, debtor_id, &sharers, &n, err);

	for (size_t i = 0; ok && i < n; i++)
		ok = query_run(s, STMT_CASE_WAKE_DEBTOR, err, "ii", sharers[i], at);
	talloc_free(tmp);
	return ok;
}

bool ledger_wake_creditor(struct store *s, int64_t creditor_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_CASE_WAKE_CREDITOR, err, "ii", creditor_id, at);
}

bool ledger_sleep_until(struct store *s, int64_t debtor_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_CASE_SLEEP, err, "ii", debtor_id, at);
}

static int by_number(const void *left, const void *right)
{
	const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

bool ledger_debtors_ripe(struct store *s, void *ctx, instant_t now, struct ripe_sweep *sweep,
    int max, int64_t **ids, size_t *count, struct err *err)
{
	struct query q;
	size_t rows = 0, kept = 0;

	*ids = talloc_array(ctx, int64_t, (unsigned)max);
	must(*ids != NULL);
	query_open(&q, s, STMT_CASES_RIPE_AFTER, err, "iiii", now, sweep->at, sweep->debtor_id,
	    (int64_t)max);
	while (query_next(&q)) {
		sweep->at = query_int(&q, 0);
		sweep->debtor_id = query_int(&q, 1);
		(*ids)[rows++] = sweep->debtor_id;
	}
	sweep->over = rows < (size_t)max;
	qsort(*ids, rows, sizeof(**ids), by_number);
	for (size_t i = 0; i < rows; i++)
		if (i == 0 || (*ids)[i] != (*ids)[kept - 1])
			(*ids)[kept++] = (*ids)[i];
	*count = kept;
	return query_close(&q);
}

bool ledger_debtor_is_ripe(struct store *s, int64_t debtor_id, instant_t now, bool *ripe,
    struct err *err)
{
	int64_t found;

	if (!query_one_int(s, STMT_CASE_RIPE_OF, 0, &found, err, "ii", debtor_id, now))
		return false;
	*ripe = found != 0;
	return true;
}

bool ledger_fees_in_arrears(struct store *s, int64_t debtor_id, int *count, instant_t *last,
    struct err *err)
{
	struct query q;
	int64_t ever;

	*count = 0;
	*last = 0;
	if (!query_one_int(s, STMT_FEES_EVER, 0, &ever, err, "i", debtor_id))
		return false;
	if (ever == 0)
		return true;
	query_open(&q, s, STMT_FEES_IN_ARREARS, err, "i", debtor_id);
	if (query_next(&q)) {
		*count = (int)query_int(&q, 0);
		*last = query_int(&q, 1);
	}
	return query_close(&q);
}

bool ledger_approve(struct store *s, int64_t case_id, int64_t invoice_id, const char *step,
    const char *who, instant_t at, bool *fresh, struct err *err)
{
	if (!query_run(s, STMT_APPROVAL_ADD, err, "iitti", case_id, invoice_id, step, who, at))
		return false;
	*fresh = query_changed(s) == 1;
	return true;
}

bool ledger_approvals(struct store *s, void *ctx, int64_t case_id, int64_t invoice_id,
    const char ***steps, size_t *count, struct err *err)
{
	struct query q;

	*steps = NULL;
	*count = 0;
	query_open(&q, s, STMT_APPROVALS_OF, err, "ii", case_id, invoice_id);
	while (query_next(&q)) {
		*steps = talloc_realloc(ctx, *steps, const char *, (unsigned)*count + 1);
		must(*steps != NULL);
		(*steps)[(*count)++] = query_dup(&q, ctx, 0);
	}
	return query_close(&q);
}

/* --- holds ---------------------------------------------------------------------- */

instant_t hold_end(const struct hold_record *hold)
{
	if (hold->released_at != 0 && hold->released_at < hold->until_at)
		return hold->released_at;
	return hold->until_at;
}

bool ledger_add_hold(struct store *s, const struct hold_record *h, int64_t *id, struct err *err)
{
	must(h->until_at > h->from_at);
	if (!query_run(s, STMT_HOLD_ADD, err, "tiooottt" "ii", hold_scope_name(h->scope),
	    h->creditor_id, h->debtor_id, h->case_id, h->invoice_id, hold_type_name(h->type),
	    h->owner, h->reason, h->from_at, h->until_at))
		return false;
	*id = query_last_id(s);
	return true;
}

bool ledger_release_hold(struct store *s, int64_t id, instant_t at, bool *released,
    struct err *err)
{
	if (!query_run(s, STMT_HOLD_RELEASE, err, "ii", id, at))
		return false;
	*released = query_changed(s) == 1;
	return true;
}

static void read_hold(struct query *q, void *ctx, struct hold_record *h)
{
	*h = (struct hold_record){ .id = query_int(q, 0), .case_id = query_int(q, 2),
	    .invoice_id = query_int(q, 3), .from_at = query_int(q, 5),
	    .until_at = query_int(q, 6), .released_at = query_int(q, 7),
	    .reason = query_dup(q, ctx, 8), .owner = query_dup(q, ctx, 9) };
	must(hold_scope_parse(query_text(q, 1), &h->scope));
	must(hold_type_parse(query_text(q, 4), &h->type));
}

static struct hold_record *grow_holds(void *ctx, struct hold_record **out, size_t *count)
{
	*out = talloc_realloc(ctx, *out, struct hold_record, (unsigned)*count + 1);
	must(*out != NULL);
	return &(*out)[(*count)++];
}

static bool read_holds(struct store *s, void *ctx, enum statement which, int64_t owner_id,
    int64_t creditor_id, int64_t debtor_id, struct hold_record **out, size_t *count,
    struct err *err)
{
	struct query q;

	query_open(&q, s, which, err, "i", owner_id);
	while (query_next(&q)) {
		struct hold_record *h = grow_holds(ctx, out, count);

		read_hold(&q, ctx, h);
		h->creditor_id = creditor_id;
		h->debtor_id = debtor_id;
	}
	return query_close(&q);
}

bool ledger_get_hold(struct store *s, void *ctx, int64_t id, struct hold_record *out,
    struct err *err)
{
	struct query q;

	*out = (struct hold_record){ 0 };
	query_open(&q, s, STMT_HOLD_GET, err, "i", id);
	if (query_next(&q)) {
		read_hold(&q, ctx, out);
		out->creditor_id = query_int(&q, 10);
		out->debtor_id = query_int(&q, 11);
	}
	return query_close(&q) && (out->id != 0 ||
	    err_set(err, ERR_INPUT, "there is no hold %lld", (long long)id));
}

bool ledger_holds_over(struct store *s, void *ctx, instant_t now, int max,
    struct hold_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_HOLDS_OVER, err, "ii", now, (int64_t)max);
	while (query_next(&q)) {
		struct hold_record *h = grow_holds(ctx, out, count);

		read_hold(&q, ctx, h);
		h->creditor_id = query_int(&q, 10);
		h->debtor_id = query_int(&q, 11);
	}
	return query_close(&q);
}

bool ledger_hold_over(struct store *s, int64_t id, instant_t at, struct err *err)
{
	return query_run(s, STMT_HOLD_OVER, err, "ii", id, at);
}

bool ledger_prolong_hold(struct store *s, int64_t id, instant_t until, struct err *err)
{
	return query_run(s, STMT_HOLD_PROLONG, err, "ii", id, until);
}

bool ledger_holds(struct store *s, void *ctx, int64_t creditor_id, int64_t debtor_id,
    struct hold_record **out, size_t *count, struct err *err)
{
	*out = NULL;
	*count = 0;
	return read_holds(s, ctx, STMT_HOLDS_OF_DEBTOR, debtor_id, creditor_id, debtor_id, out,
	    count, err) &&
	    read_holds(s, ctx, STMT_HOLDS_OF_CREDITOR, creditor_id, creditor_id, 0, out, count, err);
}

bool ledger_add_promise(struct store *s, int64_t debtor_id, int64_t hold_id, day_t pay_on,
    instant_t at, struct err *err)
{
	return query_run(s, STMT_PROMISE_ADD, err, "iidi", debtor_id, hold_id, pay_on, at);
}

bool ledger_promises_since(struct store *s, int64_t debtor_id, instant_t since,
    int64_t *count, struct err *err)
{
	return query_one_int(s, STMT_PROMISES_OF_DEBTOR, 0, count, err, "ii", debtor_id, since);
}

bool ledger_promise_of(struct store *s, int64_t hold_id, day_t *pay_on, struct err *err)
{
	struct query q;

	*pay_on = DAY_NONE;
	query_open(&q, s, STMT_PROMISE_OF_HOLD, err, "i", hold_id);
	if (query_next(&q))
		*pay_on = query_day(&q, 0);
	return query_close(&q);
}
