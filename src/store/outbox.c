/* outbox.c - see outbox.h. */
#include "store/outbox.h"

#include <stdlib.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "store/query.h"
#include "store/register.h"

/* --- decisions -------------------------------------------------------------- */

bool outbox_add_decision(struct store *s, const struct decision_record *d, int64_t *id,
    struct err *err)
{
	if (!query_run(s, STMT_DECISION_ADD, err, "iittttttt", d->debtor_id, d->at, d->result,
	    d->facts, d->answer, d->pack_hash, d->calendar_hash, d->experiment_hash,
	    d->zone_data))
		return false;
	*id = query_last_id(s);
	return true;
}

bool outbox_get_decision(struct store *s, void *ctx, int64_t id, struct decision_record *out,
    struct err *err)
{
	struct query q;

	*out = (struct decision_record){ 0 };
	query_open(&q, s, STMT_DECISION_GET, err, "i", id);
	if (query_next(&q))
		*out = (struct decision_record){ .id = id, .debtor_id = query_int(&q, 0),
		    .at = query_int(&q, 1), .result = query_dup(&q, ctx, 2),
		    .facts = query_dup(&q, ctx, 3), .answer = query_dup(&q, ctx, 4),
		    .pack_hash = query_dup(&q, ctx, 5), .calendar_hash = query_dup(&q, ctx, 6),
		    .experiment_hash = query_dup(&q, ctx, 7),
		    .zone_data = query_dup(&q, ctx, 8) };
	return query_close(&q) && (out->id != 0 ||
	    err_set(err, ERR_INPUT, "there is no decision %lld", (long long)id));
}

static bool ids_of_debtor(struct store *s, void *ctx, enum statement which, int64_t debtor_id,
    int64_t **ids, size_t *count, struct err *err)
{
	struct query q;

	*ids = NULL;
	*count = 0;
	query_open(&q, s, which, err, "i", debtor_id);
	while (query_next(&q))
		*GROW(ctx, ids, count, int64_t) = query_int(&q, 0);
	return query_close(&q);
}

bool outbox_decisions(struct store *s, void *ctx, int64_t debtor_id, int64_t **ids,
    size_t *count, struct err *err)
{
	return ids_of_debtor(s, ctx, STMT_DECISIONS_OF_DEBTOR, debtor_id, ids, count, err);
}

bool outbox_all_decisions(struct store *s, void *ctx, int64_t after, int max, int64_t **ids,
    size_t *count, struct err *err)
{
	struct query q;

	*ids = talloc_array(ctx, int64_t, (unsigned)max);
	must(*ids != NULL);
	*count = 0;
	query_open(&q, s, STMT_DECISIONS_AFTER, err, "ii", after, (int64_t)max);
	while (query_next(&q))
		(*ids)[(*count)++] = query_int(&q, 0);
	return query_close(&q);
}

bool outbox_in_doubt(struct store *s, void *ctx, instant_t since, struct doubt_record **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_CONTACTS_IN_DOUBT, err, "i", since);
	while (query_next(&q))
		*GROW(ctx, out, count, struct doubt_record) = (struct doubt_record){
		    .contact_id = query_int(&q, 0), .to = query_dup(&q, ctx, 1),
		    .armed_at = query_int(&q, 2), .provider = query_dup(&q, ctx, 3),
		    .times = query_int(&q, 4), .ways = query_dup(&q, ctx, 5) };
	return query_close(&q);
}

bool outbox_asked(struct store *s, int64_t contact_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_INQUIRY_PUT, err, "ii", contact_id, at);
}

bool outbox_ever(struct store *s, void *ctx, int64_t debtor_id, int64_t **ids,
    size_t *count, struct err *err)
{
	return ids_of_debtor(s, ctx, STMT_CONTACTS_EVER, debtor_id, ids, count, err);
}

bool outbox_last_decision(struct store *s, void *ctx, int64_t debtor_id, int64_t *id,
    char **result, struct err *err)
{
	struct query q;

	*id = 0;
	*result = NULL;
	query_open(&q, s, STMT_DECISION_LAST, err, "i", debtor_id);
	if (query_next(&q)) {
		*id = query_int(&q, 0);
		*result = query_dup(&q, ctx, 1);
	}
	return query_close(&q);
}

/* --- contacts ---------------------------------------------------------------- */

bool outbox_add_contact(struct store *s, const struct contact_record *c, int64_t *id,
    struct err *err)
{
	if (!query_run(s, STMT_CONTACT_ADD, err, "iiiitttttiiiidto", c->creditor_id,
	    c->debtor_id, c->decision_id, c->address_id, channel_name(c->channel), c->step,
	    c->template, tone_name(c->tone), c->lang, (int64_t)c->legal_notice,
	    c->planned_at, c->ripe_at, c->expires_at, c->deadline_on, c->templates_hash,
	    c->assignment_id))
		return false;
	*id = query_last_id(s);
	return true;
}

bool outbox_add_case(struct store *s, int64_t contact_id, const struct contact_case_record *c,
    struct err *err)
{
	return query_run(s, STMT_CONTACT_CASE_ADD, err, "iiiti", contact_id, c->case_id,
	    c->invoice_id, c->step, c->fee_minor);
}

bool outbox_set_case_fee(struct store *s, int64_t contact_id, int64_t case_id,
    int64_t fee_minor, struct err *err)
{
	return query_run(s, STMT_CONTACT_CASE_FEE, err, "iii", contact_id, case_id, fee_minor);
}

bool outbox_clear_invoices(struct store *s, int64_t contact_id, struct err *err)
{
	return query_run(s, STMT_CONTACT_INVOICE_CLEAR, err, "i", contact_id);
}

bool outbox_put_invoice(struct store *s, int64_t contact_id,
    const struct contact_invoice_record *r, struct err *err)
{
	return query_run(s, STMT_CONTACT_INVOICE_PUT, err, "iiiiii", contact_id, r->invoice_id,
	    r->balance_minor, (int64_t)r->counts, r->interest_minor, r->compensation_minor);
}

bool outbox_get(struct store *s, void *ctx, int64_t id, struct contact_record *out,
    struct err *err)
{
	struct query q;

	*out = (struct contact_record){ 0 };
	query_open(&q, s, STMT_CONTACT_GET, err, "i", id);
	if (query_next(&q)) {
		*out = (struct contact_record){ .id = id, .creditor_id = query_int(&q, 1),
		    .debtor_id = query_int(&q, 2), .decision_id = query_int(&q, 3),
		    .address_id = query_int(&q, 4), .step = query_dup(&q, ctx, 6),
		    .template = query_dup(&q, ctx, 7), .lang = query_dup(&q, ctx, 9),
		    .legal_notice = query_int(&q, 10) != 0, .planned_at = query_int(&q, 12),
		    .ripe_at = query_int(&q, 13), .expires_at = query_int(&q, 14),
		    .armed_at = query_int(&q, 15), .sent_at = query_int(&q, 16),
		    .deadline_on = query_day(&q, 17), .attempt = (int)query_int(&q, 18),
		    .lease_token = query_dup(&q, ctx, 19), .reason = query_dup(&q, ctx, 20),
		    .worker = query_dup(&q, ctx, 21), .outcome_code = (int)query_int(&q, 22),
		    .assignment_id = query_int(&q, 23), .waits_for = query_int(&q, 24) };
		must(channel_parse(query_text(&q, 5), &out->channel));
		must(tone_parse(query_text(&q, 8), &out->tone));
		must(contact_state_parse(query_text(&q, 11), &out->state));
	}
	return query_close(&q) && (out->id != 0 ||
	    err_set(err, ERR_INPUT, "there is no contact %lld", (long long)id));
}

bool outbox_cases(struct store *s, void *ctx, int64_t contact_id,
    struct contact_case_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_CONTACT_CASES, err, "i", contact_id);
	while (query_next(&q))
		*GROW(ctx, out, count, struct contact_case_record) =
		    (struct contact_case_record){ .case_id = query_int(&q, 0),
		    .invoice_id = query_int(&q, 1), .step = query_dup(&q, ctx, 2),
		    .fee_minor = query_int(&q, 3), .void_ = query_int(&q, 4) != 0 };
	return query_close(&q);
}

bool outbox_invoices(struct store *s, void *ctx, int64_t contact_id,
    struct contact_invoice_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_CONTACT_INVOICES, err, "i", contact_id);
	while (query_next(&q))
		*GROW(ctx, out, count, struct contact_invoice_record) =
		    (struct contact_invoice_record){ .invoice_id = query_int(&q, 0),
		    .balance_minor = query_int(&q, 1), .counts = query_int(&q, 2) != 0,
		    .interest_minor = query_int(&q, 3), .compensation_minor = query_int(&q, 4) };
	return query_close(&q);
}

bool outbox_mark_now(struct store *s, struct outbox_mark *out, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_OUTBOX_MARK, err, "");
	if (query_next(&q))
		*out = (struct outbox_mark){ .entry = query_int(&q, 0), .hold = query_int(&q, 1) };
	return query_close(&q);
}

bool outbox_is_overtaken(struct store *s, int64_t contact_id, const struct outbox_mark *mark,
    bool *out, struct err *err)
{
	int64_t said = 0;
	const bool ok = query_one_int(s, STMT_CONTACT_OVERTAKEN, 0, &said, err, "iii", contact_id,
	    mark->entry, mark->hold);

	*out = said != 0;
	return ok;
}

bool outbox_ripe(struct store *s, void *ctx, instant_t now, int max, int64_t **ids,
    size_t *count, struct err *err)
{
	struct query q;

	*ids = talloc_array(ctx, int64_t, (unsigned)max);
	must(*ids != NULL);
	*count = 0;
	query_open(&q, s, STMT_CONTACTS_RIPE, err, "ii", now, (int64_t)max);
	while (query_next(&q))
		(*ids)[(*count)++] = query_int(&q, 0);
	return query_close(&q);
}

static bool add_briefs(struct store *s, void *ctx, int64_t debtor_id, bool other,
    struct contact_brief **out, size_t *count, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_CONTACTS_OF_DEBTOR, err, "i", debtor_id);
	while (query_next(&q)) {
		struct contact_brief *b = GROW(ctx, out, count, struct contact_brief);

		*b = (struct contact_brief){ .id = query_int(&q, 0),
		    .at = query_is_null(&q, 3) ? query_int(&q, 4) : query_int(&q, 3),
		    .step = query_dup(&q, ctx, 5), .planned_at = query_int(&q, 6), .other = other };
		must(contact_state_parse(query_text(&q, 1), &b->state));
		must(channel_parse(query_text(&q, 2), &b->channel));
	}
	return query_close(&q);
}

bool outbox_of_debtor(struct store *s, void *ctx, int64_t debtor_id,
    struct contact_brief **out, size_t *count, struct err *err)
{
	*out = NULL;
	*count = 0;
	return add_briefs(s, ctx, debtor_id, false, out, count, err);
}

static int newest_first(const void *left, const void *right)
{
	const struct contact_brief *a = left, *b = right;

	if (a->planned_at != b->planned_at)
		return a->planned_at < b->planned_at ? 1 : -1;
	return (a->id < b->id) - (a->id > b->id);
}

bool outbox_of_address(struct store *s, void *ctx, int64_t debtor_id,
    struct contact_brief **out, size_t *count, struct err *err)
{
	int64_t *sharers;
	size_t n;
	bool ok = register_sharers(s, ctx, debtor_id, &sharers, &n, err) &&
	    outbox_of_debtor(s, ctx, debtor_id, out, count, err);

	for (size_t i = 0; ok && i < n; i++)
		ok = add_briefs(s, ctx, sharers[i], true, out, count, err);
	if (ok && n > 0 && *count > 1)
		qsort(*out, *count, sizeof(**out), newest_first);
	if (*count > OUTBOX_BRIEFS_MAX)
		*count = OUTBOX_BRIEFS_MAX;
	return ok;
}

bool outbox_steps_taken(struct store *s, void *ctx, int64_t invoice_id, int64_t case_id,
    struct step_taken **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_STEP_TAKEN, err, "ii", invoice_id, case_id);
	while (query_next(&q))
		*GROW(ctx, out, count, struct step_taken) = (struct step_taken){
		    .step = query_dup(&q, ctx, 0),
		    .at = query_is_null(&q, 1) ? query_int(&q, 2) : query_int(&q, 1),
		    .deadline_on = query_day(&q, 3) };
	return query_close(&q);
}

/* --- the send protocol --------------------------------------------------------- */

bool outbox_arm(struct store *s, int64_t id, instant_t at, const struct contact_lease *lease,
    day_t deadline_on, int64_t decision_id, int64_t assignment_id, const char *templates_hash,
    bool *armed, struct err *err)
{
	must(contact_may_become(CONTACT_PLANNED, CONTACT_ARMED));
	if (!query_run(s, STMT_CONTACT_ARM, err, "iittitditot", id, at, lease->worker,
	    lease->token, lease->until, lease->boot_id, deadline_on, decision_id,
	    templates_hash, assignment_id, lease->ways != NULL ? lease->ways : ""))
		return false;
	*armed = query_changed(s) == 1;
	return true;
}

bool outbox_set_parts(struct store *s, int64_t id, int parts, struct err *err)
{
	return query_run(s, STMT_CONTACT_PARTS, err, "ii", id, (int64_t)parts);
}

bool outbox_postpone(struct store *s, int64_t id, instant_t ripe_at, const char *reason,
    struct err *err)
{
	return query_run(s, STMT_CONTACT_POSTPONE, err, "iit", id, ripe_at, reason);
}

bool outbox_drop(struct store *s, int64_t id, instant_t at, const char *reason, struct err *err)
{
	must(contact_may_become(CONTACT_PLANNED, CONTACT_DROPPED));
	return query_run(s, STMT_CONTACT_DROP, err, "iit", id, at, reason) &&
	    query_run(s, STMT_CONTACT_VOID, err, "i", id);
}

static bool record_end(struct store *s, int64_t id, const char *token, instant_t at,
    enum contact_state to, const struct contact_result *r, struct err *err)
{
	must(contact_may_become(CONTACT_ARMED, to));
	return query_run(s, STMT_CONTACT_RECORD, err, "ittooittt", id, token,
	    contact_state_name(to), to == CONTACT_SENT ? at : (instant_t)0,
	    contact_is_final(to) ? at : (instant_t)0, (int64_t)r->code, r->provider_id,
	    r->detail, r->provider != NULL ? r->provider : "");
}

bool outbox_record(struct store *s, int64_t id, const char *token, instant_t at,
    const struct contact_result *r, bool *recorded, struct err *err)
{
	bool ok = false;

	switch (r->outcome) {
	case SEND_TAKEN:
		ok = record_end(s, id, token, at, CONTACT_SENT, r, err);
		break;
	case SEND_UNKNOWN:
		ok = record_end(s, id, token, at, CONTACT_UNKNOWN, r, err);
		break;
	case SEND_NEVER:
		ok = record_end(s, id, token, at, CONTACT_FAILED, r, err);
		break;
	case SEND_LATER:
		must(contact_may_become(CONTACT_ARMED, CONTACT_PLANNED));
		ok = query_run(s, STMT_CONTACT_RETRY, err, "itiit", id, token, r->retry_at,
		    (int64_t)r->code, r->detail);
		break;
	case SEND_OUTCOMES:
		must(r->outcome != SEND_OUTCOMES);
		break;
	}
	*recorded = ok && query_changed(s) == 1;
	if (*recorded && r->outcome == SEND_NEVER)
		ok = query_run(s, STMT_CONTACT_VOID, err, "i", id);
	return ok;
}

bool outbox_resolve(struct store *s, int64_t id, bool was_sent, instant_t at,
    const char *reason, bool *resolved, struct err *err)
{
	const enum contact_state to = was_sent ? CONTACT_SENT : CONTACT_FAILED;

	must(contact_may_become(CONTACT_UNKNOWN, to));
	if (!query_run(s, STMT_CONTACT_RESOLVE, err, "itoot", id, contact_state_name(to),
	    was_sent ? at : (instant_t)0, was_sent ? (instant_t)0 : at, reason))
		return false;
	*resolved = query_changed(s) == 1;
	return !*resolved || was_sent || query_run(s, STMT_CONTACT_VOID, err, "i", id);
}

static bool read_armed(struct query *q, void *ctx, struct armed_contact **out, size_t *count)
{
	*out = NULL;
	*count = 0;
	while (query_next(q))
		*GROW(ctx, out, count, struct armed_contact) = (struct armed_contact){
		    .id = query_int(q, 0), .token = query_dup(q, ctx, 1),
		    .boot_id = query_dup(q, ctx, 2), .worker = query_dup(q, ctx, 3),
		    .armed_at = query_int(q, 4) };
	return query_close(q);
}

bool outbox_armed_by(struct store *s, void *ctx, const char *worker,
    struct armed_contact **out, size_t *count, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_CONTACTS_ARMED_OF, err, "t", worker);
	return read_armed(&q, ctx, out, count);
}

bool outbox_armed_expired(struct store *s, void *ctx, instant_t now,
    struct armed_contact **out, size_t *count, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_CONTACTS_ARMED_EXPIRED, err, "i", now);
	return read_armed(&q, ctx, out, count);
}

bool outbox_find_letter(struct store *s, const char *provider, const char *provider_id,
    int64_t *contact_id, struct err *err)
{
	return query_one_int(s, STMT_LETTER_FIND, 0, contact_id, err, "tt", provider_id, provider);
}

bool outbox_first_mail(struct store *s, int64_t debtor_id, int64_t but, int64_t *out,
    struct err *err)
{
	return query_one_int(s, STMT_DEBTOR_FIRST_MESSAGE, 0, out, err, "ii", debtor_id, but);
}

/* --- links and forms -------------------------------------------------------------- */

bool outbox_put_link(struct store *s, const char *token_hash, int64_t contact_id,
    int generation, const char *key_id, instant_t made_at, instant_t expires_at,
    struct err *err)
{
	return query_run(s, STMT_LINK_PUT, err, "tiitii", token_hash, contact_id,
	    (int64_t)generation, key_id, made_at, expires_at);
}

bool outbox_planned(struct store *s, int64_t *count, instant_t *first, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_CONTACTS_PLANNED, err, "");
	*count = query_next(&q) ? query_int(&q, 0) : 0;
	*first = *count > 0 ? query_int(&q, 1) : 0;
	return query_close(&q);
}

bool outbox_link_to_show(struct store *s, instant_t now, int64_t *contact_id, struct err *err)
{
	return query_one_int(s, STMT_LINK_TO_SHOW, 0, contact_id, err, "i", now);
}

bool outbox_find_link(struct store *s, const char *token_hash, int64_t *contact_id,
    instant_t *expires_at, struct err *err)
{
	struct query q;

	*contact_id = 0;
	*expires_at = 0;
	query_open(&q, s, STMT_LINK_GET, err, "t", token_hash);
	if (query_next(&q)) {
		*contact_id = query_int(&q, 0);
		*expires_at = query_int(&q, 1);
	}
	return query_close(&q);
}

bool outbox_add_submission(struct store *s, const char *key, int64_t contact_id,
    const char *action, const char *receipt, instant_t at, struct err *err)
{
	return query_run(s, STMT_SUBMISSION_ADD, err, "titti", key, contact_id, action, receipt, at);
}

bool outbox_find_submission(struct store *s, void *ctx, const char *key, char **receipt,
    struct err *err)
{
	struct query q;

	*receipt = NULL;
	query_open(&q, s, STMT_SUBMISSION_GET, err, "t", key);
	if (query_next(&q))
		*receipt = query_dup(&q, ctx, 0);
	return query_close(&q);
}
