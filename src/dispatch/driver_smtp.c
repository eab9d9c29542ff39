/* driver_smtp.c - e-mail to the customer's own relay.  Signing (DKIM) and
 * queueing towards the world are the relay's task. */
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "dispatch/driver.h"
#include "dispatch/mail.h"
#include "net/smtp.h"

struct smtp_state {
	struct smtp_relay	*relay;
};

static void message_ended(void *arg, const struct smtp_end *end)
{
	struct driver_job *job = arg;
	struct dispatch_result result = {
		.outcome = driver_outcome(end->fate), .code = end->code,
		.at_recipient = end->at_recipient,
	};

	if (end->enhanced[0] != '\0')
		(void)snprintf(result.detail, sizeof(result.detail), "%d %s", end->code, end->enhanced);
	else if (end->fate != NET_TAKEN)
		(void)snprintf(result.detail, sizeof(result.detail), "%s", end->why);
	(void)snprintf(result.provider_id, sizeof(result.provider_id), "%s", end->queue_id);
	job->ended(job, &result, end->unreached);
}

static bool message_leaving(void *arg)
{
	struct driver_job *job = arg;

	return job->leaving(job);
}

static void message_start(struct driver *driver, struct driver_job *job)
{
	struct smtp_state *state = driver->state;
	const struct message *message = job->message;
	struct str bytes;

	if (!mail_bytes(message, job->ctx, &bytes)) {
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	smtp_send(state->relay, &(struct smtp_mail){ .from = message->envelope_from,
	    .to = message->to, .bytes = bytes.at, .len = bytes.len,
	    .leaving = message_leaving }, message_ended, job);
}

struct driver *driver_smtp_open(void *ctx, const struct dispatch_way *way,
    const struct dispatch_settings *settings, struct net_loop *loop, struct err *err)
{
	struct driver *driver = talloc_zero(ctx, struct driver);
	struct smtp_state *state = talloc_zero(driver, struct smtp_state);
	struct smtp_settings smtp = {
		.url = way->url, .helo = settings->email_helo, .starttls = way->starttls,
		.user = way->user,
		.ca_file = settings->ca_file,
		.seconds = { settings->connect_seconds_max, settings->stall_seconds_max,
		    settings->transfer_seconds_max },
	};

	must(driver != NULL && state != NULL);
	smtp.password = driver_password_read(state, way->password_file, err);
	if (smtp.password != NULL)
		state->relay = smtp_relay_open(state, loop, &smtp, err);
	if (state->relay == NULL) {
		talloc_free(driver);
		return NULL;
	}
	*driver = (struct driver){ .name = "smtp", .state = state, .start = message_start,
	    .connections_max = way->connections_max, .tells_leaving = true };
	return driver;
}
