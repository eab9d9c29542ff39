/* driver_sftp.c - letters into the folder of a print house, C<contact>.pdf each.  A second
 * try writes the same file again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "dispatch/driver.h"
#include "net/sftp.h"

#define CONNECTIONS_MAX 4

struct sftp_state {
	struct sftp_put	 put;		/* what is the same for all */
	struct net_loop	*loop;
};

static void message_ended(void *arg, const struct sftp_end *end)
{
	struct driver_job *job = arg;
	struct dispatch_result result = { .outcome = driver_outcome(end->fate) };

	(void)snprintf(result.detail, sizeof(result.detail), "%s", end->why);
	job->ended(job, &result, end->unreached);
}

static void message_start(struct driver *driver, struct driver_job *job)
{
	const struct sftp_state *state = driver->state;
	struct sftp_put put = state->put;

	if (job->message->pdf == NULL) {
		driver_end_plain(job, SEND_NEVER, "message");
		return;
	}
	put.name = talloc_asprintf(job->ctx, "C%" PRId64 ".pdf", job->message->contact_id);
	put.bytes = job->message->pdf;
	put.len = job->message->pdf_len;
	must(put.name != NULL);
	sftp_send(state->loop, &put, message_ended, job);
}

struct driver *driver_sftp_open(void *ctx, const struct dispatch_way *way,
    const struct dispatch_settings *settings, struct net_loop *loop, struct err *err)
{
	struct driver *driver = talloc_zero(ctx, struct driver);
	struct sftp_state *state = talloc_zero(driver, struct sftp_state);
	size_t len = strlen(way->url);

	must(driver != NULL && state != NULL);
	state->put.password = driver_password_read(state, way->password_file, err);
	if (state->put.password == NULL) {
		talloc_free(driver);
		return NULL;
	}
	while (len > 0 && way->url[len - 1] == '/')
		len--;
	state->put.url = talloc_strndup(state, way->url, len);
	state->put.user = talloc_strdup(state, way->user);
	state->put.key_file = talloc_strdup(state, way->key_file);
	state->put.known_hosts = talloc_strdup(state, way->known_hosts);
	must(state->put.url != NULL && state->put.user != NULL && state->put.key_file != NULL &&
	    state->put.known_hosts != NULL);
	state->put.seconds = (struct net_seconds){ settings->connect_seconds_max,
	    settings->stall_seconds_max, settings->transfer_seconds_max };
	state->loop = loop;
	*driver = (struct driver){ .name = "sftp", .state = state, .start = message_start,
	    .connections_max = CONNECTIONS_MAX };
	return driver;
}
