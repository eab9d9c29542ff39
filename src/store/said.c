/* said.c - see said.h. */
#include "store/said.h"

#include <talloc.h>

#include "base/must.h"
#include "model/contact.h"
#include "store/query.h"

bool said_add_receipt(struct store *s, const struct receipt_record *r, bool *added,
    struct err *err)
{
	if (!query_run(s, STMT_RECEIPT_ADD, err, "ittttii", r->contact_id, r->provider,
	    r->provider_id, r->state, r->code, r->said_at, r->taken_at))
		return false;
	*added = query_changed(s) == 1;
	return true;
}

bool said_deciding_receipt(struct store *s, void *ctx, int64_t contact_id,
    struct receipt_record *out, bool *found, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_RECEIPT_DECIDING, err, "i", contact_id);
	*found = query_next(&q);
	if (*found)
		*out = (struct receipt_record){ .contact_id = contact_id,
		    .provider = query_dup(&q, ctx, 0), .provider_id = query_dup(&q, ctx, 1),
		    .state = query_dup(&q, ctx, 2), .code = query_dup(&q, ctx, 3),
		    .said_at = query_int(&q, 4), .taken_at = query_int(&q, 5) };
	return query_close(&q);
}

bool said_delivered(struct store *s, int64_t contact_id, instant_t at, bool *changed,
    struct err *err)
{
	must(contact_may_become(CONTACT_SENT, CONTACT_DELIVERED));
	if (!query_run(s, STMT_CONTACT_DELIVERED, err, "ii", contact_id, at))
		return false;
	*changed = query_changed(s) == 1;
	return true;
}

bool said_bounced(struct store *s, int64_t contact_id, instant_t at, const char *code,
    bool *changed, struct err *err)
{
	must(contact_may_become(CONTACT_SENT, CONTACT_BOUNCED));
	if (!query_run(s, STMT_CONTACT_BOUNCED, err, "iit", contact_id, at, code))
		return false;
	*changed = query_changed(s) == 1;
	return !*changed || query_run(s, STMT_CONTACT_VOID, err, "i", contact_id);
}

bool said_bounces(struct store *s, int64_t address_id, int64_t *count, struct err *err)
{
	return query_one_int(s, STMT_ADDRESS_BOUNCES, 0, count, err, "i", address_id);
}

bool said_add_inbound(struct store *s, const struct inbound_record *r, bool *added,
    struct err *err)
{
	if (!query_run(s, STMT_INBOUND_ADD, err, "ttttttiitoo", channel_name(r->channel),
	    r->provider, r->provider_id, r->sender, r->recipient, r->text, r->said_at,
	    r->taken_at, r->stop ? "stop" : "words", r->debtor_id, r->contact_id))
		return false;
	*added = query_changed(s) == 1;
	return true;
}

bool said_inbound_sender(struct store *s, void *ctx, const char *provider, const char *provider_id,
    char **sender, bool *found, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_INBOUND_SENDER, err, "tt", provider, provider_id);
	*found = query_next(&q);
	*sender = *found ? query_dup(&q, ctx, 0) : NULL;
	return query_close(&q);
}

bool said_by_strangers(struct store *s, void *ctx, struct stranger_record **out, size_t *count,
    struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_INBOUND_STRANGE, err, "");
	while (query_next(&q)) {
		struct stranger_record *r = GROW(ctx, out, count, struct stranger_record);

		*r = (struct stranger_record){ .id = query_int(&q, 0), .sender = query_dup(&q, ctx, 2),
		    .recipient = query_dup(&q, ctx, 3), .text = query_dup(&q, ctx, 4),
		    .taken_at = query_int(&q, 5) };
		must(channel_parse(query_text(&q, 1), &r->channel));
	}
	return query_close(&q);
}

bool said_add_rating(struct store *s, const struct rating_record *r, struct err *err)
{
	return query_run(s, STMT_RATING_ADD, err, "iiii", r->contact_id, r->debtor_id, r->at,
	    (int64_t)r->answer);
}

bool said_rating(struct store *s, int64_t contact_id, int64_t debtor_id, int64_t *answer,
    struct err *err)
{
	return query_one_int(s, STMT_RATING_LAST, 0, answer, err, "ii", debtor_id, contact_id);
}

bool said_unit_rating(struct store *s, int64_t debtor_id, instant_t since, instant_t before,
    int64_t *answer, struct err *err)
{
	return query_one_int(s, STMT_UNIT_RATING, 0, answer, err, "iii", debtor_id, since, before);
}

bool said_holders(struct store *s, void *ctx, enum channel channel, const char *value,
    struct address_holder **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_ADDRESS_HOLDERS, err, "tt", channel_name(channel), value);
	while (query_next(&q))
		*GROW(ctx, out, count, struct address_holder) = (struct address_holder){
		    .creditor_id = query_int(&q, 0), .debtor_id = query_int(&q, 1),
		    .address_id = query_int(&q, 2), .contact_id = query_int(&q, 3) };
	return query_close(&q);
}

static bool ids_close(struct query *q, void *ctx, int64_t **ids, size_t *count)
{
	*ids = NULL;
	*count = 0;
	while (query_next(q))
		*GROW(ctx, ids, count, int64_t) = query_int(q, 0);
	return query_close(q);
}

bool said_mails_to(struct store *s, void *ctx, const char *address, int64_t **ids, size_t *count,
    struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_MAILS_TO, err, "t", address);
	return ids_close(&q, ctx, ids, count);
}

bool said_mails_since(struct store *s, void *ctx, instant_t since, int64_t **ids, size_t *count,
    struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_MAILS_SINCE, err, "i", since);
	return ids_close(&q, ctx, ids, count);
}

bool said_mail_address(struct store *s, void *ctx, const char *address, char **out, bool *known,
    struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_MAIL_ADDRESS, err, "t", address);
	*known = query_next(&q);
	*out = *known ? query_dup(&q, ctx, 0) : talloc_strdup(ctx, address);
	must(*out != NULL);
	return query_close(&q);
}

bool said_habits(struct store *s, void *ctx, int64_t debtor_id, instant_t now,
    struct habit_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_HABIT_OF_DEBTOR, err, "ii", debtor_id, now);
	while (query_next(&q)) {
		struct habit_record *r = GROW(ctx, out, count, struct habit_record);

		*r = (struct habit_record){ .tried = query_int(&q, 1), .reacted = query_int(&q, 2) };
		must(channel_parse(query_text(&q, 0), &r->channel));
	}
	return query_close(&q);
}

bool said_habits_of_all(struct store *s, void *ctx, int64_t many, instant_t now,
    struct habit_record **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_open(&q, s, STMT_HABIT_OF_ALL, err, "ii", many, now);
	while (query_next(&q)) {
		struct habit_record *r = GROW(ctx, out, count, struct habit_record);

		*r = (struct habit_record){ .tried = query_int(&q, 2), .reacted = query_int(&q, 3) };
		must(party_parse(query_text(&q, 0), &r->party));
		must(channel_parse(query_text(&q, 1), &r->channel));
	}
	return query_close(&q);
}

bool said_last_reply(struct store *s, int64_t debtor_id, instant_t now, enum channel *out,
    bool *found, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_LAST_REPLY, err, "ii", debtor_id, now);
	*found = query_next(&q);
	if (*found)
		must(channel_parse(query_text(&q, 0), out));
	return query_close(&q);
}

bool said_calls_before(struct store *s, void *ctx, instant_t at, int64_t **ids, size_t *count,
    struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_CALLS_BEFORE, err, "i", at);
	return ids_close(&q, ctx, ids, count);
}

bool said_calls_overtaken(struct store *s, void *ctx, instant_t now, int64_t **ids,
    size_t *count, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_CALLS_OVERTAKEN, err, "i", now);
	return ids_close(&q, ctx, ids, count);
}

bool said_acted_at(struct store *s, void *ctx, int64_t debtor_id, instant_t now, instant_t **out,
    size_t *count, struct err *err)
{
	struct query q;

	query_open(&q, s, STMT_ACTED_AT, err, "ii", debtor_id, now);
	return ids_close(&q, ctx, out, count);
}
