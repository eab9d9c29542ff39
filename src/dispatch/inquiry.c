/* inquiry.c - see inquiry.h. */
#include "dispatch/inquiry.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "dispatch/sms_gateway.h"
#include "dispatch/way_rules.h"

#define CONNECT_SECONDS 5
#define STALL_SECONDS 10
#define TRANSFER_SECONDS 20
#define UNDER_WAY_MAX 4
#define STEP_MS 1000

struct asking {
	void				*ctx;
	const struct sms_gateway	*gateway;
	struct sms_account		 account;
	struct net_loop			*loop;
	const char			*ca_file;
	bool				 mute;		/* one got no answer: the rest wait for
							 * another day */
};

struct question {
	struct asking		*asking;
	struct inquiry		*about;		/* NULL: can the list be read at all? */
	bool			*readable;
};

bool inquiry_can_ask(const char *driver)
{
	const struct sms_gateway *gateway = sms_gateway_find(driver);

	return gateway != NULL && gateway->inquire != NULL;
}

/* What the provider hides, for the privacy of its customers' customers, is not known again:
 * a text that is gone, a number whose digits are masked. */
static bool is_open(const struct sms_listed *l)
{
	const char *behind = strchr(l->to, ':');	/* "whatsapp:+45..." */
	const char *to = behind != NULL ? behind + 1 : l->to;

	return l->text[0] != '\0' && to[0] == '+' && strlen(to) >= 8 &&
	    strspn(to + 1, "0123456789") == strlen(to + 1);
}

/* By the newest that it has: what was set a while ago holds for that. */
static bool is_readable(const struct sms_list *list)
{
	return list->count > 0 && is_open(&list->one[0]);
}

static void find(void *ctx, const struct sms_list *list, struct inquiry *about)
{
	bool whole = list->whole, hidden = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct sms_listed *l = &list->one[i];
		const bool before = l->made_at != 0 && l->made_at < about->since;

		whole |= before;
		hidden |= !before && !is_open(l);
		if (strstr(l->text, about->mark) == NULL)
			continue;
		about->answer = l->state;
		about->provider_id = talloc_strdup(ctx, l->id);
		must(about->provider_id != NULL);
		return;
	}
	about->answer = whole && !hidden ? INQUIRY_NOT_THERE : INQUIRY_SILENT;
}

static void answered(void *arg, const struct http_reply *reply)
{
	struct question *q = arg;
	struct sms_list list = { .count = 0 };
	json_t *root;

	q->asking->mute |= reply->status == 0;
	root = reply->fate == NET_TAKEN && !reply->body_cut ?
	    q->asking->gateway->list(reply->body, &list) : NULL;

	if (root != NULL && q->about == NULL)
		*q->readable = is_readable(&list);
	else if (root != NULL)
		find(q->asking->ctx, &list, q->about);
	json_decref(root);
}

static void ask(struct asking *a, struct inquiry *about, bool *readable)
{
	struct question *q = talloc(a->ctx, struct question);
	struct http_request request = { .ca_file = a->ca_file, .user = a->account.user,
	    .password = a->account.password,
	    .seconds = { CONNECT_SECONDS, STALL_SECONDS, TRANSFER_SECONDS } };

	must(q != NULL);
	*q = (struct question){ a, about, readable };
	if (about != NULL) {
		about->answer = INQUIRY_SILENT;
		about->provider_id = "";
	}
	request.url = a->gateway->inquire(a->ctx, &a->account, about != NULL ? about->to : NULL);
	http_send(a->loop, &request, answered, q);
}

static bool wait_for(struct asking *a, size_t most, struct err *err)
{
	bool ok = true;

	while (ok && net_loop_busy(a->loop) > most)
		ok = net_loop_step(a->loop, STEP_MS, err);
	return ok;
}

/* A list in which nothing was found proves something only of an account that hides nothing. */
static bool doubt_silence(struct asking *a, struct inquiry *list, size_t count, struct err *err)
{
	bool readable = false, any = false;

	for (size_t i = 0; i < count; i++)
		any |= list[i].answer == INQUIRY_NOT_THERE;
	if (!any)
		return true;
	ask(a, NULL, &readable);
	if (!wait_for(a, 0, err))
		return false;
	for (size_t i = 0; i < count && !readable; i++)
		if (list[i].answer == INQUIRY_NOT_THERE)
			list[i].answer = INQUIRY_SILENT;
	return true;
}

bool inquiry_ask(void *ctx, const struct dispatch_way *way, const struct dispatch_settings *settings,
    struct inquiry *list, size_t count, struct err *err)
{
	const struct net_loop_limits limits = { UNDER_WAY_MAX, UNDER_WAY_MAX };
	struct asking a = { .ctx = ctx, .gateway = sms_gateway_find(way->driver),
	    .ca_file = settings->ca_file };
	bool ok;

	must(inquiry_can_ask(way->driver));
	if (!way_rules_sms(way, err) || !sms_account_read(ctx, a.gateway, way, &a.account, err))
		return false;
	a.loop = net_loop_open(ctx, &limits, err);
	ok = a.loop != NULL;
	for (size_t i = 0; ok && i < count && !a.mute; i++) {
		ask(&a, &list[i], NULL);
		ok = wait_for(&a, UNDER_WAY_MAX - 1, err);
	}
	ok = ok && wait_for(&a, 0, err) && doubt_silence(&a, list, count, err);
	TALLOC_FREE(a.loop);
	return ok;
}
