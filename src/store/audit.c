/* audit.c - see audit.h. */
#include "store/audit.h"

#include <talloc.h>

#include "base/must.h"
#include "store/query.h"

static const struct {
	enum statement	 statement;
	const char	*name, *subject;
} audit_rules[AUDIT_RULES] = {
	[AUDIT_ARMED_OVER] = { STMT_AUDIT_ARMED_OVER, "armed_over", "contact" },
	[AUDIT_QUEUED_OVER] = { STMT_AUDIT_QUEUED_OVER, "queued_over", "contact" },
	[AUDIT_UNSEEN] = { STMT_AUDIT_UNSEEN, "unseen", "case" },
	[AUDIT_UNEXPLAINED] = { STMT_AUDIT_UNEXPLAINED, "unexplained", "invoice" },
	[AUDIT_CASELESS] = { STMT_AUDIT_CASELESS, "caseless", "invoice" },
	[AUDIT_BALANCE] = { STMT_AUDIT_BALANCE, "balance", "invoice" },
};

static bool read_ids(struct query *q, void *ctx, int64_t **ids, size_t *count)
{
	*ids = NULL;
	*count = 0;
	while (query_next(q)) {
		*ids = talloc_realloc(ctx, *ids, int64_t, (unsigned)*count + 1);
		must(*ids != NULL);
		(*ids)[(*count)++] = query_int(q, 0);
	}
	return query_close(q);
}

bool audit_list(struct store *s, void *ctx, enum audit_rule rule, instant_t now, int64_t **ids,
    size_t *count, struct err *err)
{
	struct query q;

	must(rule < AUDIT_RULES);
	query_open(&q, s, audit_rules[rule].statement, err, "i", now);
	return read_ids(&q, ctx, ids, count);
}

const char *audit_rule_name(enum audit_rule rule)
{
	must(rule < AUDIT_RULES);
	return audit_rules[rule].name;
}

const char *audit_rule_subject(enum audit_rule rule)
{
	must(rule < AUDIT_RULES);
	return audit_rules[rule].subject;
}

bool audit_unknown(struct store *s, void *ctx, int64_t **ids, size_t *count, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_AUDIT_UNKNOWN, err, "");
	return read_ids(&q, ctx, ids, count);
}

bool audit_loose(struct store *s, void *ctx, struct audit_payment **out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_AUDIT_LOOSE, err, "");
	while (query_next(&q)) {
		*out = talloc_realloc(ctx, *out, struct audit_payment, (unsigned)*count + 1);
		must(*out != NULL);
		(*out)[(*count)++] = (struct audit_payment){ .id = query_int(&q, 0),
		    .creditor = query_dup(&q, ctx, 1), .external_id = query_dup(&q, ctx, 2) };
	}
	return query_close(&q);
}

bool audit_contacts(struct store *s, void *ctx, struct audit_contact **out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_AUDIT_CONTACTS, err, "");
	while (query_next(&q)) {
		*out = talloc_realloc(ctx, *out, struct audit_contact, (unsigned)*count + 1);
		must(*out != NULL);
		(*out)[(*count)++] = (struct audit_contact){ .id = query_int(&q, 0),
		    .state = query_dup(&q, ctx, 1) };
	}
	return query_close(&q);
}

bool audit_decision_count(struct store *s, int64_t *count, struct err *err)
{
	return query_one_int(s, STMT_AUDIT_DECISION_COUNT, 0, count, err, "");
}
