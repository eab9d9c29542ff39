/* history.c - see history.h. */
#include "store/history.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "store/query.h"

bool history_put_policy(struct store *s, const char *hash, const char *kind, const char *name,
    const char *content, instant_t at, struct err *err)
{
	return query_run(s, STMT_POLICY_PUT, err, "tttti", hash, kind, name, content, at);
}

bool history_has_policy(struct store *s, const char *hash, bool *has, struct err *err)
{
	int64_t one;

	if (!query_one_int(s, STMT_POLICY_HAS, 0, &one, err, "t", hash))
		return false;
	*has = one != 0;
	return true;
}

bool history_get_policy(struct store *s, void *ctx, const char *hash, char **content,
    struct err *err)
{
	struct query q;

	*content = NULL;
	query_open(&q, s, STMT_POLICY_GET, err, "t", hash);
	if (query_next(&q))
		*content = query_dup(&q, ctx, 0);
	return query_close(&q);
}

bool history_add_event(struct store *s, const struct event_new *e, struct err *err)
{
	return query_run(s, STMT_EVENT_ADD, err, "ittoooot", e->at, e->kind, e->who,
	    e->creditor_id, e->debtor_id, e->contact_id, e->invoice_id, e->data);
}

bool history_events(struct store *s, void *ctx, int64_t debtor_id, int max,
    struct event_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_EVENTS_OF_DEBTOR, err, "ii", debtor_id, (int64_t)max);
	while (query_next(&q))
		*GROW(ctx, out, count, struct event_record) = (struct event_record){
		    .at = query_int(&q, 0), .kind = query_dup(&q, ctx, 1),
		    .who = query_dup(&q, ctx, 2), .contact_id = query_int(&q, 3),
		    .invoice_id = query_int(&q, 4), .data = query_dup(&q, ctx, 5) };
	return query_close(&q);
}

bool history_add_task(struct store *s, int64_t creditor_id, int64_t debtor_id,
    int64_t contact_id, const char *kind, const char *text, instant_t at, struct err *err)
{
	return query_run(s, STMT_TASK_ADD, err, "iootti", creditor_id,
	    debtor_id, contact_id, kind, text, at);
}

bool history_add_payment_task(struct store *s, int64_t creditor_id, int64_t debtor_id,
    int64_t payment_id, const char *kind, const char *text, instant_t at, struct err *err)
{
	return query_run(s, STMT_TASK_ADD_PAYMENT, err, "ioitti", creditor_id, debtor_id,
	    payment_id, kind, text, at);
}

bool history_end_payment_tasks(struct store *s, int64_t payment_id, const char *who,
    instant_t at, struct err *err)
{
	return query_run(s, STMT_TASKS_END_PAYMENT, err, "iit", payment_id, at, who);
}

bool history_task_done(struct store *s, int64_t debtor_id, int64_t contact_id, const char *kind,
    const char *who, instant_t at, struct err *err)
{
	return query_run(s, STMT_TASK_DONE, err, "itoit", debtor_id, kind, contact_id, at, who);
}

bool history_end_tasks(struct store *s, int64_t debtor_id, const char *kind, const char *who,
    instant_t at, struct err *err)
{
	return query_run(s, STMT_TASKS_END, err, "itit", debtor_id, kind, at, who);
}

bool history_debtors_with_task(struct store *s, void *ctx, const char *kind, int64_t **ids,
    size_t *count, struct err *err)
{
	struct query q;

	*ids = NULL;
	*count = 0;
	query_open(&q, s, STMT_DEBTORS_WITH_TASK, err, "t", kind);
	while (query_next(&q)) {
		*ids = talloc_realloc(ctx, *ids, int64_t, (unsigned)*count + 1);
		must(*ids != NULL);
		(*ids)[(*count)++] = query_int(&q, 0);
	}
	return query_close(&q);
}

bool history_task_is_open(struct store *s, int64_t debtor_id, const char *kind, bool *open,
    struct err *err)
{
	int64_t count;

	if (!query_one_int(s, STMT_TASK_IS_OPEN, 0, &count, err, "it", debtor_id, kind))
		return false;
	*open = count > 0;
	return true;
}

bool history_waits_for_person(struct store *s, int64_t debtor_id, bool *waits, struct err *err)
{
	int64_t count;

	if (!query_one_int(s, STMT_TASK_WAITS, 0, &count, err, "i", debtor_id))
		return false;
	*waits = count > 0;
	return true;
}

bool history_open_tasks(struct store *s, void *ctx, struct task_record **out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_TASKS_OPEN, err, "");
	while (query_next(&q))
		*GROW(ctx, out, count, struct task_record) = (struct task_record){
		    .id = query_int(&q, 0), .creditor_id = query_int(&q, 1),
		    .debtor_id = query_int(&q, 2), .contact_id = query_int(&q, 3),
		    .made_at = query_int(&q, 4), .kind = query_dup(&q, ctx, 5),
		    .text = query_dup(&q, ctx, 6), .creditor = query_dup(&q, ctx, 7),
		    .zone = query_dup(&q, ctx, 8), .debtor = query_dup(&q, ctx, 9),
		    .name = query_dup(&q, ctx, 10) };
	return query_close(&q);
}

bool history_get_task(struct store *s, int64_t id, struct task_record *out, struct err *err)
{
	struct query q;

	*out = (struct task_record){ 0 };
	query_open(&q, s, STMT_TASK_GET, err, "i", id);
	if (query_next(&q))
		*out = (struct task_record){ .id = id, .creditor_id = query_int(&q, 0),
		    .debtor_id = query_int(&q, 1), .contact_id = query_int(&q, 2) };
	return query_close(&q);
}

bool history_end_task(struct store *s, int64_t id, const char *who, instant_t at, bool *ended,
    struct err *err)
{
	if (!query_run(s, STMT_TASK_END, err, "iit", id, at, who))
		return false;
	*ended = query_changed(s) == 1;
	return true;
}

bool history_add_import(struct store *s, const struct import_record *r, struct err *err)
{
	return query_run(s, STMT_IMPORT_ADD, err, "tttiiiii", r->kind, r->file_hash,
	    r->profile_hash, r->at, r->rows_read, r->rows_new, r->rows_changed,
	    r->rows_rejected);
}

/* --- experiments -------------------------------------------------------------- */

bool history_find_assignment(struct store *s, void *ctx, const char *experiment,
    int64_t unit_id, int64_t *id, char **arm, struct err *err)
{
	struct query q;

	*id = 0;
	*arm = NULL;
	query_open(&q, s, STMT_ASSIGNMENT_OF_UNIT, err, "ti", experiment, unit_id);
	if (query_next(&q)) {
		*id = query_int(&q, 0);
		*arm = query_dup(&q, ctx, 1);
	}
	return query_close(&q);
}

bool history_add_assignment(struct store *s, const struct assignment_new *a, int64_t *id,
    struct err *err)
{
	if (!query_run(s, STMT_ASSIGNMENT_ADD, err, "ttiiitiiditt", a->experiment,
	    a->experiment_hash, a->unit_id, a->debtor_id, a->case_id, a->arm,
	    (int64_t)a->bucket, a->at, a->on, a->opening_minor, a->currency,
	    a->templates_hash))
		return false;
	*id = query_last_id(s);
	return true;
}

bool history_add_assignment_invoice(struct store *s, int64_t assignment_id,
    int64_t invoice_id, int64_t balance_minor, struct err *err)
{
	return query_run(s, STMT_ASSIGNMENT_INVOICE_ADD, err, "iii", assignment_id, invoice_id,
	    balance_minor);
}

bool history_add_exposure(struct store *s, int64_t contact_id, int64_t assignment_id,
    const char *tone, instant_t at, struct err *err)
{
	return query_run(s, STMT_EXPOSURE_ADD, err, "iiti", contact_id, assignment_id, tone, at);
}

bool history_assignments(struct store *s, void *ctx, const char *experiment,
    struct assignment_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_ASSIGNMENTS, err, "t", experiment);
	while (query_next(&q))
		*GROW(ctx, out, count, struct assignment_record) = (struct assignment_record){
		    .id = query_int(&q, 0), .arm = query_dup(&q, ctx, 1),
		    .on = query_day(&q, 2), .opening_minor = query_int(&q, 3),
		    .exposed_at = query_int(&q, 4), .debtor_id = query_int(&q, 5),
		    .experiment_hash = query_dup(&q, ctx, 6), .at = query_int(&q, 7),
		    .currency = query_dup(&q, ctx, 8), .zone = query_dup(&q, ctx, 9),
		    .delivered = query_int(&q, 10) != 0,
		    .templates_hash = query_dup(&q, ctx, 11),
		    .softened = query_int(&q, 12) != 0 };
	return query_close(&q);
}

bool history_assignment_twins(struct store *s, void *ctx, const char *experiment,
    struct assignment_twins **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_ASSIGNMENT_TWINS, err, "t", experiment);
	while (query_next(&q))
		*GROW(ctx, out, count, struct assignment_twins) = (struct assignment_twins){
		    .id = query_int(&q, 0), .other_id = query_int(&q, 1) };
	return query_close(&q);
}

bool history_assignment_invoices(struct store *s, void *ctx, int64_t assignment_id,
    struct assignment_invoice_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_ASSIGNMENT_INVOICES, err, "i", assignment_id);
	while (query_next(&q))
		*GROW(ctx, out, count, struct assignment_invoice_record) =
		    (struct assignment_invoice_record){ .invoice_id = query_int(&q, 0),
		    .balance_minor = query_int(&q, 1), .debtor_id = query_int(&q, 4),
		    .handed_over = strcmp(query_text(&q, 2), "handed_over") == 0 };
	return query_close(&q);
}

bool history_reductions(struct store *s, void *ctx, int64_t invoice_id,
    struct reduction **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_INVOICE_REDUCTIONS, err, "i", invoice_id);
	while (query_next(&q))
		*GROW(ctx, out, count, struct reduction) = (struct reduction){
		    .on = query_day(&q, 0), .booked_at = query_int(&q, 3),
		    .minor = -query_int(&q, 1),
		    .by = strcmp(query_text(&q, 2), "write_off") == 0 ? REDUCED_BY_WRITE_OFF :
		    strcmp(query_text(&q, 2), "credit") == 0 ? REDUCED_BY_CREDIT : REDUCED_BY_MONEY };
	return query_close(&q);
}

bool history_first_dispute(struct store *s, int64_t invoice_id, int64_t debtor_id,
    instant_t since, instant_t *out, struct err *err)
{
	return query_one_int(s, STMT_INVOICE_FIRST_DISPUTE, 0, out, err, "iii", invoice_id,
	    debtor_id, since);
}

bool history_first_hand_over(struct store *s, int64_t invoice_id, int64_t debtor_id,
    instant_t since, instant_t *out, struct err *err)
{
	return query_one_int(s, STMT_INVOICE_FIRST_HAND_OVER, 0, out, err, "iii", invoice_id,
	    debtor_id, since);
}

bool history_assignment_past(struct store *s, void *ctx, int64_t assignment_id,
    struct assignment_past *out, struct err *err)
{
	struct query q;

	*out = (struct assignment_past){ .public_id = "", .lang = "", .due_on = DAY_NONE };
	query_open(&q, s, STMT_ASSIGNMENT_PAST, err, "i", assignment_id);
	if (query_next(&q))
		*out = (struct assignment_past){ .public_id = query_dup(&q, ctx, 0),
		    .due_on = query_day(&q, 1), .reminders = query_int(&q, 2),
		    .earlier = query_int(&q, 3), .on_time = query_int(&q, 4),
		    .lang = query_dup(&q, ctx, 5) };
	return query_close(&q);
}

bool history_assignment_touch(struct store *s, int64_t assignment_id, int64_t seconds,
    struct assignment_touch *out, struct err *err)
{
	static const enum channel order[] = { CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_LETTER,
		CHANNEL_CALL };
	struct query q;

	*out = (struct assignment_touch){ .tasks = 0 };
	query_open(&q, s, STMT_ASSIGNMENT_TOUCH, err, "ii", assignment_id, seconds);
	if (query_next(&q)) {
		for (int i = 0; i < CHANNELS; i++)
			out->sent[order[i]] = query_int(&q, i);
		out->tasks = query_int(&q, CHANNELS);
	}
	return query_close(&q);
}

bool history_last_booking(struct store *s, instant_t before, instant_t *out, struct err *err)
{
	return query_one_int(s, STMT_LAST_BOOKING, 0, out, err, "i", before);
}

bool history_unit_first_hold(struct store *s, int64_t debtor_id, const char *type,
    instant_t since, instant_t *out, struct err *err)
{
	return query_one_int(s, STMT_UNIT_FIRST_HOLD, 0, out, err, "iti", debtor_id, type, since);
}

bool history_unit_first_complaint(struct store *s, int64_t debtor_id, instant_t since,
    instant_t *out, struct err *err)
{
	return query_one_int(s, STMT_UNIT_FIRST_COMPLAINT, 0, out, err, "ii", debtor_id, since);
}

bool history_unit_first_opt_out(struct store *s, int64_t debtor_id, instant_t since,
    instant_t *out, struct err *err)
{
	return query_one_int(s, STMT_UNIT_FIRST_OPT_OUT, 0, out, err, "ii", debtor_id, since);
}

bool history_start_experiment(struct store *s, const struct experiment_start *x, struct err *err)
{
	return query_run(s, STMT_EXPERIMENT_START, err, "ttittt", x->experiment, x->hash, x->at, x->who,
	    x->underpowered_ok, x->plan);
}

bool history_experiment_started(struct store *s, const char *experiment, instant_t *at,
    struct err *err)
{
	return query_one_int(s, STMT_EXPERIMENT_STARTED, 0, at, err, "t", experiment);
}

bool history_experiment_registered(struct store *s, void *ctx, const char *experiment,
    const char **hash, struct err *err)
{
	struct query q;

	*hash = "";
	query_open(&q, s, STMT_EXPERIMENT_REGISTERED, err, "t", experiment);
	if (query_next(&q))
		*hash = query_dup(&q, ctx, 0);
	return query_close(&q);
}

bool history_experiments(struct store *s, void *ctx, struct experiment_used **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_EXPERIMENTS_USED, err, "");
	while (query_next(&q))
		*GROW(ctx, out, count, struct experiment_used) = (struct experiment_used){
		    .id = query_dup(&q, ctx, 0), .hash = query_dup(&q, ctx, 1) };
	return query_close(&q);
}

/* --- counts --------------------------------------------------------------------- */

bool history_count_contacts(struct store *s, void *ctx, struct contact_count **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_COUNT_CONTACTS, err, "");
	while (query_next(&q))
		*GROW(ctx, out, count, struct contact_count) = (struct contact_count){
		    .step = query_dup(&q, ctx, 0), .channel = query_dup(&q, ctx, 1),
		    .tone = query_dup(&q, ctx, 2), .state = query_dup(&q, ctx, 3),
		    .count = query_int(&q, 4) };
	return query_close(&q);
}

static bool count_words(struct store *s, void *ctx, enum statement which, bool debtors,
    struct word_count **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, which, err, "");
	while (query_next(&q))
		*GROW(ctx, out, count, struct word_count) = (struct word_count){
		    .word = query_dup(&q, ctx, 0), .count = query_int(&q, 1),
		    .debtors = debtors ? query_int(&q, 2) : 0 };
	return query_close(&q);
}

bool history_count_holds(struct store *s, void *ctx, struct word_count **out, size_t *count,
    struct err *err)
{
	return count_words(s, ctx, STMT_COUNT_HOLDS, true, out, count, err);
}

bool history_count_decisions(struct store *s, void *ctx, struct word_count **out,
    size_t *count, struct err *err)
{
	return count_words(s, ctx, STMT_DECISIONS_BY_RESULT, true, out, count, err);
}

bool history_count_dropped(struct store *s, void *ctx, struct word_count **out, size_t *count,
    struct err *err)
{
	return count_words(s, ctx, STMT_COUNT_DROPPED, false, out, count, err);
}

bool history_count_tasks(struct store *s, void *ctx, struct word_count **out, size_t *count,
    struct err *err)
{
	return count_words(s, ctx, STMT_TASKS_BY_KIND, false, out, count, err);
}

bool history_count_paid(struct store *s, void *ctx, struct paid_count **out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_COUNT_PAID, err, "");
	while (query_next(&q))
		*GROW(ctx, out, count, struct paid_count) = (struct paid_count){
		    .messages = query_int(&q, 0), .invoices = query_int(&q, 1) };
	return query_close(&q);
}

bool history_count_paid_late(struct store *s, int64_t *out, struct err *err)
{
	return query_one_int(s, STMT_COUNT_OVERDUE_PAID, 0, out, err, "");
}

bool history_count_handed_over(struct store *s, int64_t *out, struct err *err)
{
	return query_one_int(s, STMT_COUNT_HANDED_OVER, 0, out, err, "");
}

bool history_count_ledger(struct store *s, int64_t *debtors, int64_t *invoices,
    int64_t *open_invoices, struct err *err)
{
	struct query q;

	*invoices = *open_invoices = 0;
	if (!query_one_int(s, STMT_COUNT_DEBTORS, 0, debtors, err, ""))
		return false;
	query_open(&q, s, STMT_COUNT_INVOICES, err, "");
	if (query_next(&q)) {
		*invoices = query_int(&q, 0);
		*open_invoices = query_int(&q, 1);
	}
	return query_close(&q);
}
