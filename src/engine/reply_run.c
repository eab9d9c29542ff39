/* reply_run.c - see reply_run.h. */
#include "engine/reply_run.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "engine/book.h"
#include "engine/person_run.h"
#include "engine/settle_run.h"
#include "store/history.h"
#include "store/said.h"

#define TASK_TEXT_BYTES_MAX 4000

struct replying {
	struct engine		*engine;
	void			*ctx;
	const struct reply	*reply;
	struct address_holder	*holders;
	size_t			 count;
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

static bool take_words(struct replying *r, const struct address_holder *who)
{
	struct debtor_record debtor;
	const char *way = r->reply->channel == CHANNEL_SMS ? "SMS" : "e-mail";
	const char *words = harmless(r->ctx, r->reply->text);
	const char *text = talloc_asprintf(r->ctx, "They wrote by %s: %.*s", way,
	    (int)cut_length(words), words);

	must(text != NULL);
	return register_get_debtor(r->engine->store, r->ctx, who->debtor_id, &debtor, r->err) &&
	    person_peace(r->engine, &debtor, r->reply->channel == CHANNEL_SMS ? "wrote by SMS" :
	    "wrote by e-mail", r->now, r->err) &&
	    book_event(r->engine, r->now, "debtor.wrote", "debtor", &debtor, who->contact_id, 0,
	    r->err, "{\"channel\":\"%s\"}", channel_name(r->reply->channel)) &&
	    history_add_task(r->engine->store, debtor.creditor_id, debtor.id, who->contact_id,
	    "wrote", text, r->now, r->err);
}

/* Of several creditors the one whose message was answered gets the words. */
static void keep_answered(struct replying *r)
{
	size_t last = 0;

	for (size_t i = 1; i < r->count; i++)
		if (r->holders[i].contact_id > r->holders[last].contact_id)
			last = i;
	if (r->count > 1)
		r->holders[0] = r->holders[last];
	r->count = r->count > 0 ? 1 : 0;
}

static bool follow(struct replying *r)
{
	bool ok = true;

	for (size_t i = 0; ok && i < r->count; i++)
		ok = r->reply->stop ? settle_opt_out(r->engine, r->holders[i].creditor_id,
		    r->holders[i].address_id, "debtor", r->now, r->err) :
		    take_words(r, &r->holders[i]);
	return ok;
}

static bool keep(struct replying *r, bool *added)
{
	const struct reply *reply = r->reply;
	const struct inbound_record record = { .channel = reply->channel,
	    .provider = reply->provider, .provider_id = reply->provider_id, .sender = reply->from,
	    .recipient = reply->to, .text = reply->text,
	    .said_at = reply->at > 0 ? reply->at : r->now, .taken_at = r->now, .stop = reply->stop,
	    .debtor_id = r->count > 0 ? r->holders[0].debtor_id : 0,
	    .contact_id = r->count > 0 ? r->holders[0].contact_id : 0 };

	return said_add_inbound(r->engine->store, &record, added, r->err);
}

bool reply_take(struct engine *e, const struct reply *reply, instant_t now, struct err *err)
{
	struct replying r = { .engine = e, .ctx = talloc_new(NULL), .reply = reply, .now = now,
	    .err = err };
	bool added = false;
	bool ok = said_holders(e->store, r.ctx, reply->channel, reply->from, &r.holders, &r.count, err);

	if (ok && !reply->stop)
		keep_answered(&r);
	ok = ok && keep(&r, &added) && (!added || follow(&r));
	talloc_free(r.ctx);
	return ok;
}
