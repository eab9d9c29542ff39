/* driver_kannel.c - SMS through Kannel's sendsms interface (and through the
 * services that speak it).
 *
 * Kannel's 202 means "queued": whether the message centre took it comes later
 * as a delivery report to dlr_url.  A text that takes several parts needs
 * `concatenation = true` and `max-messages` in Kannel's sendsms-user group,
 * else Kannel cuts it and still answers 202.
 *
 * Source: Kannel user's guide 1.4.5, "Using the HTTP interface to send SMS".
 */
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/str.h"
#include "dispatch/driver.h"
#include "model/sms.h"
#include "net/http.h"

#define QUERY_BYTES_MAX 16384
#define DLR_ALL 31		/* delivered, failed, buffered, accepted, refused */
#define SECONDS_PER_MINUTE 60
#define STATUS_ACCEPTED 202
#define STATUS_LOGIN 403
#define STATUS_UNAVAILABLE 503

struct kannel_state {
	char			*url, *user, *password, *ca_file;
	struct net_seconds	 seconds;
	struct net_loop		*loop;
};

/* How long Kannel and the centre may keep it, in whole minutes; 0: no limit,
 * negative: too late already. */
static int64_t validity_minutes(const struct driver_job *job)
{
	const int64_t left = job->message->dead_at - job->started;

	if (job->message->dead_at == 0)
		return 0;
	return left < SECONDS_PER_MINUTE ? -1 : left / SECONDS_PER_MINUTE;
}

static void pair_put(struct str *query, const char *name, const char *value)
{
	str_printf(query, "&%s=", name);
	http_query_put(query, value);
}

static char *url_make(const struct kannel_state *state, const struct driver_job *job,
    const struct sms_size *size)
{
	const struct message *message = job->message;
	int64_t minutes = validity_minutes(job);
	struct str query;

	str_init(&query, job->ctx, QUERY_BYTES_MAX);
	str_printf(&query, "%s?username=", state->url);
	http_query_put(&query, state->user);
	pair_put(&query, "password", state->password);
	pair_put(&query, "from", message->from);
	pair_put(&query, "to", message->to);
	pair_put(&query, "text", message->text);
	str_printf(&query, "&charset=UTF-8&coding=%d", size->alphabet == SMS_GSM7 ? 0 : 2);
	if (minutes > 0)
		str_printf(&query, "&validity=%lld", (long long)minutes);
	if (message->dlr_url != NULL && message->dlr_url[0] != '\0') {
		str_printf(&query, "&dlr-mask=%d", DLR_ALL);
		pair_put(&query, "dlr-url", message->dlr_url);
	}
	return str_ok(&query) ? str_take(&query) : NULL;
}

/* Only these two bodies of a 202 are Kannel's word that it has the message. */
static bool is_accepted(const struct http_reply *reply)
{
	return strncmp(reply->body, "0:", 2) == 0 || strncmp(reply->body, "3:", 2) == 0;
}

static void reply_judge(const struct http_reply *reply, struct dispatch_result *result,
    bool *unreached)
{
	const char *word = reply->why;

	result->outcome = driver_outcome(reply->fate);
	result->code = reply->status;
	result->retry_after_seconds = reply->retry_after_seconds;
	*unreached = reply->unreached;
	if (reply->status == STATUS_ACCEPTED && is_accepted(reply)) {
		word = reply->body[0] == '0' ? "accepted" : "queued";
	} else if (reply->fate == NET_TAKEN) {
		/* Some other 2xx: not Kannel's way of saying yes. */
		result->outcome = SEND_UNKNOWN;
		word = "odd reply";
	} else if (reply->status == STATUS_LOGIN || reply->status == 401 ||
	    reply->status == 404 || reply->status / 100 == 3) {
		/* Our login or URL is wrong: the operator's matter, not the debtor's. */
		result->outcome = SEND_LATER;
		*unreached = true;
		word = "login";
	} else if (reply->status == STATUS_UNAVAILABLE) {
		*unreached = true;
	}
	(void)snprintf(result->detail, sizeof(result->detail), "%s", word);
}

static void message_ended(void *arg, const struct http_reply *reply)
{
	struct driver_job *job = arg;
	struct dispatch_result result = { 0 };
	bool unreached;

	reply_judge(reply, &result, &unreached);
	job->ended(job, &result, unreached);
}

static void message_start(struct driver *driver, struct driver_job *job)
{
	struct kannel_state *state = driver->state;
	const struct message *message = job->message;
	struct http_request request = { .ca_file = state->ca_file, .seconds = state->seconds };
	struct sms_size size;

	must(message->text != NULL && message->to != NULL && message->from != NULL);
	if (!sms_measure(message->text, strlen(message->text), &size) || size.parts == 0 ||
	    message->to[0] == '\0') {
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	if (validity_minutes(job) < 0) {
		driver_end_plain(job, SEND_NEVER, "expired");
		return;
	}
	request.url = url_make(state, job, &size);
	if (request.url == NULL) {
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	http_send(state->loop, &request, message_ended, job);
}

static bool url_is_sound(const char *url, struct err *err)
{
	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return err_set(err, ERR_INPUT, "sms: the URL must begin with http:// or https://");
	if (strpbrk(url, "?#@ ") != NULL)
		return err_set(err, ERR_INPUT,
		    "sms: the URL ends before the '?', and the login is a setting of its own");
	return true;
}

struct driver *driver_kannel_open(void *ctx, const struct dispatch_settings *settings,
    struct net_loop *loop, struct err *err)
{
	struct driver *driver;
	struct kannel_state *state;

	if (!url_is_sound(settings->sms_url, err))
		return NULL;
	driver = talloc_zero(ctx, struct driver);
	state = talloc_zero(driver, struct kannel_state);
	must(driver != NULL && state != NULL);
	state->password = driver_password_read(state, settings->sms_password_file, err);
	if (state->password == NULL) {
		talloc_free(driver);
		return NULL;
	}
	state->url = talloc_strdup(state, settings->sms_url);
	state->user = talloc_strdup(state, settings->sms_user);
	state->ca_file = talloc_strdup(state, settings->ca_file);
	state->loop = loop;
	state->seconds = (struct net_seconds){ settings->connect_seconds_max,
	    settings->stall_seconds_max, settings->transfer_seconds_max };
	*driver = (struct driver){ .name = "kannel", .state = state, .start = message_start,
	    .connections_max = settings->sms_connections_max };
	return driver;
}
