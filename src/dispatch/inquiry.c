/* inquiry.c - see inquiry.h. */
#include "dispatch/inquiry.h"

#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "dispatch/sms_gateway.h"

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
};

struct question {
	const struct asking	*asking;
	struct inquiry		*about;
};

bool inquiry_can_ask(const char *driver)
{
	const struct sms_gateway *gateway = sms_gateway_find(driver);

	return gateway != NULL && gateway->inquire != NULL;
}

static void answered(void *arg, const struct http_reply *reply)
{
	struct question *q = arg;

	q->about->answer = INQUIRY_SILENT;
	q->about->provider_id = "";
	if (reply->fate == NET_TAKEN && !reply->body_cut)
		q->asking->gateway->find(q->asking->ctx, reply->body, q->about);
}

static void ask(struct asking *a, struct inquiry *about)
{
	struct question *q = talloc(a->ctx, struct question);
	struct http_request request = { .ca_file = a->ca_file, .user = a->account.user,
	    .password = a->account.password,
	    .seconds = { CONNECT_SECONDS, STALL_SECONDS, TRANSFER_SECONDS } };

	must(q != NULL);
	*q = (struct question){ a, about };
	request.url = a->gateway->inquire(a->ctx, &a->account, about);
	http_send(a->loop, &request, answered, q);
}

bool inquiry_ask(void *ctx, const struct dispatch_way *way, const struct dispatch_settings *settings,
    struct inquiry *list, size_t count, struct err *err)
{
	const struct net_loop_limits limits = { UNDER_WAY_MAX, UNDER_WAY_MAX };
	struct asking a = { .ctx = ctx, .gateway = sms_gateway_find(way->driver),
	    .ca_file = settings->ca_file };
	bool ok;

	must(inquiry_can_ask(way->driver));
	if (!sms_account_read(ctx, a.gateway, way, &a.account, err))
		return false;
	a.loop = net_loop_open(ctx, &limits, err);
	ok = a.loop != NULL;
	for (size_t i = 0; ok && i < count; i++) {
		ask(&a, &list[i]);
		while (ok && net_loop_busy(a.loop) >= UNDER_WAY_MAX)
			ok = net_loop_step(a.loop, STEP_MS, err);
	}
	while (ok && net_loop_busy(a.loop) > 0)
		ok = net_loop_step(a.loop, STEP_MS, err);
	TALLOC_FREE(a.loop);
	return ok;
}
