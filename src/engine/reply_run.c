/* reply_run.c - see reply_run.h. */
#include "engine/reply_run.h"

#include <string.h>
#include <strings.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/person_run.h"
#include "engine/settle_run.h"
#include "store/history.h"
#include "store/outbox.h"

#define TASK_TEXT_BYTES_MAX 4000

struct replying {
	struct engine		*engine;
	void			*ctx;
	const struct reply	*reply;
	struct address_holder	*holders;
	size_t			 count;
	bool			 elsewhere;	/* from an address that is not the debtor's */
	instant_t		 now;
	struct err		*err;
};

/* What a terminal would take for a command is a blank in a task; the words as they came
 * are kept beside it. */
static char *harmless(void *ctx, const char *text)
{
	char *out = talloc_strdup(ctx, text);

	must(out != NULL);
	for (unsigned char *at = (unsigned char *)out; *at != '\0'; at++)
		if ((*at < ' ' && *at != '\n' && *at != '\t') || *at == 0x7f)
			*at = ' ';
		else if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)	/* C1 controls */
			at[0] = at[1] = ' ';
	return out;
}

/* Whole characters, as many as a task's text holds. */
static size_t cut_length(const char *text)
{
	size_t len = strlen(text);

	if (len <= TASK_TEXT_BYTES_MAX)
		return len;
	len = TASK_TEXT_BYTES_MAX;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

/* What a person reads; what is not in it he is told of. */
static char *task_text(struct replying *r)
{
	const struct reply *reply = r->reply;
	const char *words = harmless(r->ctx, reply->text);
	const size_t len = cut_length(words);
	char *text = talloc_asprintf(r->ctx, "They wrote by %s%s%s: %.*s",
	    reply->channel == CHANNEL_SMS ? "SMS" : "e-mail", r->elsewhere ? ", from another address: " : "",
	    r->elsewhere ? harmless(r->ctx, reply->from) : "", (int)len, words);

	must(text != NULL);
	if (r->elsewhere && reply->stop)
		text = talloc_strdup_append(text, "\nNo address is closed by it: do it if they mean it.");
	if (reply->rest || words[len] != '\0')
		text = talloc_strdup_append(text, "\nThe rest is in the mail itself.");
	must(text != NULL);
	return text;
}

static bool take_words(struct replying *r, const struct address_holder *who)
{
	struct debtor_record debtor;
	const char *text = task_text(r);

	return register_get_debtor(r->engine->store, r->ctx, who->debtor_id, &debtor, r->err) &&
	    person_peace(r->engine, &debtor, r->reply->channel == CHANNEL_SMS ? "wrote by SMS" :
	    "wrote by e-mail", r->now, r->err) &&
	    book_event(r->engine, r->now, "debtor.wrote", "debtor", &debtor, who->contact_id, 0,
	    r->err, "{\"channel\":\"%s\"}", channel_name(r->reply->channel)) &&
	    history_add_task(r->engine->store, debtor.creditor_id, debtor.id, who->contact_id,
	    "wrote", text, r->now, r->err);
}

/* The words are the debtor's whose message was answered: if it is not known, of several
 * creditors' the one who was written to last. */
static bool keep_answered(struct replying *r)
{
	struct contact_record contact;
	size_t last = 0;

	for (size_t i = 1; i < r->count; i++)
		if (r->holders[i].contact_id > r->holders[last].contact_id)
			last = i;
	if (r->reply->answered != 0) {
		if (!outbox_get(r->engine->store, r->ctx, r->reply->answered, &contact, r->err))
			return false;
		for (last = 0; last < r->count && r->holders[last].debtor_id != contact.debtor_id;)
			last++;
		r->elsewhere = last == r->count;
		if (r->elsewhere) {
			r->holders = talloc_zero(r->ctx, struct address_holder);
			must(r->holders != NULL);
			last = 0;
			r->count = 1;
			r->holders[0].debtor_id = contact.debtor_id;
		}
		r->holders[last].contact_id = contact.id;
	}
	if (r->count > 0)
		r->holders[0] = r->holders[last];
	r->count = r->count > 0 ? 1 : 0;
	return true;
}

/* "Stop" is for those who have the address; where nobody has, it is words. */
static bool closes(const struct replying *r)
{
	return r->reply->stop && !r->elsewhere;
}

static bool follow(struct replying *r)
{
	bool ok = true;

	for (size_t i = 0; ok && i < r->count; i++)
		ok = closes(r) ? settle_opt_out(r->engine, r->holders[i].creditor_id,
		    r->holders[i].address_id, "debtor", r->now, r->err) :
		    take_words(r, &r->holders[i]);
	return ok;
}

/* A Message-ID is the sender's own: another's may have the same. */
static const char *own_id(struct replying *r, bool *ok)
{
	const struct reply *reply = r->reply;
	char *first, *own;
	bool found;

	*ok = said_inbound_sender(r->engine->store, r->ctx, reply->provider, reply->provider_id, &first,
	    &found, r->err);
	if (!*ok || !found || strcasecmp(first, reply->from) == 0)
		return reply->provider_id;
	own = talloc_asprintf(r->ctx, "%s %s", reply->provider_id, reply->from);
	must(own != NULL);
	for (char *at = own + strlen(reply->provider_id); *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at | 0x20);
	return own;
}

static bool keep(struct replying *r, bool *added)
{
	const struct reply *reply = r->reply;
	bool ok;
	const char *id = own_id(r, &ok);
	const struct inbound_record record = { .channel = reply->channel,
	    .provider = reply->provider, .provider_id = id, .sender = reply->from,
	    .recipient = reply->to, .text = reply->text,
	    .said_at = reply->at > 0 ? reply->at : r->now, .taken_at = r->now, .stop = closes(r),
	    .debtor_id = r->count > 0 ? r->holders[0].debtor_id : 0,
	    .contact_id = r->count > 0 ? r->holders[0].contact_id : 0 };

	return ok && said_add_inbound(r->engine->store, &record, added, r->err);
}

bool reply_take(struct engine *e, const struct reply *reply, instant_t now, struct err *err)
{
	struct replying r = { .engine = e, .ctx = talloc_new(NULL), .reply = reply, .now = now,
	    .err = err };
	bool added = false;
	bool ok = said_holders(e->store, r.ctx, reply->channel, reply->from, &r.holders, &r.count, err);

	if (ok && (!reply->stop || r.count == 0))
		ok = keep_answered(&r);
	ok = ok && keep(&r, &added) && (!added || follow(&r));
	talloc_free(r.ctx);
	return ok;
}

bool reply_strangers(struct engine *e, void *ctx, struct stranger_record **out, size_t *count,
    struct err *err)
{
	if (!said_by_strangers(e->store, ctx, out, count, err))
		return false;
	for (size_t i = 0; i < *count; i++) {
		struct stranger_record *r = &(*out)[i];

		r->sender = harmless(ctx, r->sender);
		r->recipient = harmless(ctx, r->recipient);
		r->text = harmless(ctx, r->text);
	}
	return true;
}
