/* handover.c - see handover.h. */
#include "store/handover.h"

#include <talloc.h>

#include "base/must.h"
#include "store/query.h"

bool handover_claims(struct store *s, void *ctx, instant_t since, bool again,
    instant_t now, struct handover_claim **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_HANDOVER_CLAIMS, err, "iii", since, (int64_t)again, now);
	while (query_next(&q))
		*GROW(ctx, out, count, struct handover_claim) = (struct handover_claim){
		    .invoice_id = query_int(&q, 0), .case_id = query_int(&q, 1),
		    .debtor_id = query_int(&q, 2), .creditor_id = query_int(&q, 3),
		    .at = query_int(&q, 4) };
	return query_close(&q);
}

bool handover_mark(struct store *s, int64_t invoice_id, instant_t at, struct err *err)
{
	return query_run(s, STMT_HANDOVER_MARK, err, "ii", invoice_id, at);
}

bool handover_unmark(struct store *s, int64_t invoice_id, struct err *err)
{
	return query_run(s, STMT_HANDOVER_UNMARK, err, "i", invoice_id);
}

bool handover_contacts(struct store *s, void *ctx, int64_t case_id, int64_t **ids,
    size_t *count, struct err *err)
{
	struct query q;

	*ids = NULL;
	*count = 0;
	query_open(&q, s, STMT_CONTACTS_OF_CASE, err, "i", case_id);
	while (query_next(&q))
		*GROW(ctx, ids, count, int64_t) = query_int(&q, 0);
	return query_close(&q);
}

bool handover_left(struct store *s, void *ctx, int64_t debtor_id, struct handover_left **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_HANDOVER_LEFT, err, "i", debtor_id);
	while (query_next(&q)) {
		struct handover_left *left = GROW(ctx, out, count, struct handover_left);

		*left = (struct handover_left){ .number = query_dup(&q, ctx, 0),
		    .subject = query_dup(&q, ctx, 1), .balance_minor = query_int(&q, 3),
		    .exported_at = query_int(&q, 4), .reference = query_dup(&q, ctx, 5) };
		(void)snprintf(left->currency, sizeof(left->currency), "%s", query_text(&q, 2));
	}
	return query_close(&q);
}

bool handover_words(struct store *s, void *ctx, int64_t debtor_id, struct said_words **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_TASKS_SAID, err, "i", debtor_id);
	while (query_next(&q))
		*GROW(ctx, out, count, struct said_words) = (struct said_words){
		    .at = query_int(&q, 0), .text = query_dup(&q, ctx, 1) };
	return query_close(&q);
}

bool handover_put_text(struct store *s, int64_t contact_id, const char *subject,
    const char *content, struct err *err)
{
	return query_run(s, STMT_CONTACT_TEXT_PUT, err, "itt", contact_id, subject, content);
}

bool handover_get_text(struct store *s, void *ctx, int64_t contact_id, const char **subject,
    const char **content, struct err *err)
{
	struct query q;

	*subject = *content = "";
	query_open(&q, s, STMT_CONTACT_TEXT_GET, err, "i", contact_id);
	if (query_next(&q)) {
		*subject = query_dup(&q, ctx, 0);
		*content = query_dup(&q, ctx, 1);
	}
	return query_close(&q);
}

bool handover_entries(struct store *s, void *ctx, int64_t invoice_id,
    struct booked_entry **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_ENTRIES_OF_INVOICE, err, "i", invoice_id);
	while (query_next(&q)) {
		struct booked_entry *e = GROW(ctx, out, count, struct booked_entry);

		must(entry_type_parse(query_text(&q, 0), &e->type));
		e->amount_minor = query_int(&q, 1);
		e->value_on = query_day(&q, 2);
		e->source = query_dup(&q, ctx, 3);
	}
	return query_close(&q);
}
