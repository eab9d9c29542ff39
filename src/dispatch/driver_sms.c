/* driver_sms.c - SMS through one of the providers of sms_gateway.h. */
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "dispatch/driver.h"
#include "dispatch/sms_gateway.h"

#define SECONDS_LEFT_MIN 60		/* less is not worth beginning */

struct sms_state {
	const struct sms_gateway *gateway;
	struct sms_account	 account;
	char			*ca_file;
	struct net_seconds	 seconds;
	struct net_loop		*loop;
};

const struct sms_gateway *sms_gateway_find(const char *name)
{
	static const struct sms_gateway *const all[] = { &sms_kannel, &sms_twilio,
	    &sms_gatewayapi, &sms_46elks };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

void sms_operator_matter(struct dispatch_result *result, bool *unreached, const char *word)
{
	result->outcome = SEND_LATER;
	*unreached = true;
	(void)snprintf(result->detail, sizeof(result->detail), "%s", word);
}

void sms_pair_put(struct str *form, const char *name, const char *value)
{
	str_printf(form, "%s%s=", form->len > 0 ? "&" : "", name);
	http_query_put(form, value);
}

void sms_doubt(const struct http_reply *reply, struct dispatch_result *result)
{
	if (reply->fate == NET_TAKEN) {
		result->outcome = SEND_UNKNOWN;
		(void)snprintf(result->detail, sizeof(result->detail), "odd reply");
	} else if (reply->status >= 500 && reply->status != 503) {
		result->outcome = SEND_UNKNOWN;
	}
}

/* --- one message ------------------------------------------------------------------ */

static void message_ended(void *arg, const struct http_reply *reply)
{
	struct driver_job *job = arg;
	const struct sms_state *state = job->state;
	struct dispatch_result result = { .outcome = driver_outcome(reply->fate),
	    .code = reply->status, .retry_after_seconds = reply->retry_after_seconds };
	bool unreached = reply->unreached;

	(void)snprintf(result.detail, sizeof(result.detail), "%s", reply->why);
	if (reply->status == 401 || reply->status / 100 == 3 || reply->status == 404)
		sms_operator_matter(&result, &unreached, SMS_WORD_LOGIN);
	else if (reply->status == 503)
		unreached = true;
	else if (reply->status != 0)
		state->gateway->judge(reply, &result, &unreached);
	job->ended(job, &result, unreached);
}

static bool message_leaving(void *arg)
{
	struct driver_job *job = arg;

	return job->leaving(job);
}

static void message_start(struct driver *driver, struct driver_job *job)
{
	struct sms_state *state = driver->state;
	const struct message *message = job->message;
	const int64_t left = message->dead_at - job->started;
	struct sms_order order = { .ctx = job->ctx, .account = &state->account,
	    .message = message, .dlr_url = job->second ? message->dlr_url_second : message->dlr_url,
	    .validity_seconds = message->dead_at == 0 ? 0 : left };
	struct http_request request = { .ca_file = state->ca_file, .seconds = state->seconds,
	    .leaving = message_leaving };

	must(message->text != NULL && message->to != NULL && message->from != NULL);
	if (!sms_measure(message->text, strlen(message->text), &order.size) ||
	    order.size.parts == 0 || message->to[0] == '\0') {
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	if (message->dead_at != 0 && left < SECONDS_LEFT_MIN) {
		driver_end_plain(job, SEND_NEVER, "expired");
		return;
	}
	if (!state->gateway->ask(&order, &request)) {
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	job->state = state;
	http_send(state->loop, &request, message_ended, job);
}

/* --- opening ----------------------------------------------------------------------- */

bool sms_account_read(void *ctx, const struct sms_gateway *gateway, const struct dispatch_way *way,
    struct sms_account *out, struct err *err)
{
	const char *url = way->url != NULL && way->url[0] != '\0' ? way->url : gateway->url;
	const char *user = way->user != NULL ? way->user : "";
	size_t len = strlen(url);

	while (len > 0 && url[len - 1] == '/' && gateway->url[0] != '\0')
		len--;			/* a base, behind which a path is put */
	*out = (struct sms_account){ .url = talloc_strndup(ctx, url, len),
	    .user = talloc_strdup(ctx, user),
	    .password = driver_password_read(ctx, way->password_file, err) };
	must(out->url != NULL && out->user != NULL);
	return out->password != NULL;
}

struct driver *driver_sms_open(void *ctx, const struct sms_gateway *gateway,
    const struct dispatch_way *way, const struct dispatch_settings *settings,
    struct net_loop *loop, struct err *err)
{
	struct driver *driver = talloc_zero(ctx, struct driver);
	struct sms_state *state = talloc_zero(driver, struct sms_state);

	must(driver != NULL && state != NULL);
	state->gateway = gateway;
	state->ca_file = talloc_strdup(state, settings->ca_file);
	state->loop = loop;
	state->seconds = (struct net_seconds){ settings->connect_seconds_max,
	    settings->stall_seconds_max, settings->transfer_seconds_max };
	if (!sms_account_read(state, gateway, way, &state->account, err)) {
		talloc_free(driver);
		return NULL;
	}
	*driver = (struct driver){ .name = gateway->name, .state = state, .start = message_start,
	    .connections_max = way->connections_max, .tells_leaving = true };
	return driver;
}
