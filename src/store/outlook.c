/* outlook.c - see outlook.h. */
#include "store/outlook.h"

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "store/query.h"

bool outlook_next(struct store *s, instant_t *out, struct err *err)
{
	return query_one_int(s, STMT_NEXT_MOMENT, INSTANT_MAX, out, err, "");
}

bool outlook_mark(struct store *s, struct outlook_mark *out, struct err *err)
{
	return query_one_int(s, STMT_CONTACT_LAST, 0, &out->contact, err, "") &&
	    query_one_int(s, STMT_EVENT_LAST, 0, &out->event, err, "");
}

bool outlook_planned_since(struct store *s, void *ctx, int64_t contact, int64_t **ids,
    size_t *count, struct err *err)
{
	struct query q;

	*ids = NULL;
	*count = 0;
	query_open(&q, s, STMT_CONTACTS_PLANNED_SINCE, err, "i", contact);
	while (query_next(&q))
		*GROW(ctx, ids, count, int64_t) = query_int(&q, 0);
	return query_close(&q);
}

bool outlook_quiet(struct store *s, void *ctx, instant_t since, struct word_count **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_QUIET_DEBTORS, err, "i", since);
	while (query_next(&q))
		*GROW(ctx, out, count, struct word_count) = (struct word_count){
		    .word = query_dup(&q, ctx, 0), .debtors = query_int(&q, 1) };
	return query_close(&q);
}

bool outlook_handed_over(struct store *s, void *ctx, int64_t event, struct handed_over **out,
    size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_HANDED_OVER_SINCE, err, "i", event);
	while (query_next(&q))
		*GROW(ctx, out, count, struct handed_over) = (struct handed_over){
		    .debtor_id = query_int(&q, 0), .at = query_int(&q, 1),
		    .invoices = query_int(&q, 2) };
	return query_close(&q);
}

bool outlook_schedules(struct store *s, void *ctx, char ***hashes, size_t *count,
    struct err *err)
{
	struct query q;

	*hashes = NULL;
	*count = 0;
	query_open(&q, s, STMT_SCHEDULES_RUNNING, err, "");
	while (query_next(&q))
		*GROW(ctx, hashes, count, char *) = query_dup(&q, ctx, 0);
	return query_close(&q);
}

bool outlook_move_cases(struct store *s, const char *from_hash, const char *to_hash,
    struct err *err)
{
	return query_run(s, STMT_CASES_MOVE, err, "tt", to_hash, from_hash);
}

bool outlook_wake_all(struct store *s, instant_t at, struct err *err)
{
	return query_run(s, STMT_CASES_WAKE_ALL, err, "i", at);
}
