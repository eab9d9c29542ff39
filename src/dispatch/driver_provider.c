/* driver_provider.c - asks a made-up provider (model/provider.h) instead of
 * sending.  A process that has died inside (base/fault.h) asks nobody.
 */
#include <stdio.h>

#include <talloc.h>

#include "base/fault.h"
#include "base/must.h"
#include "dispatch/driver.h"
#include "model/provider.h"

static void ask(struct driver *driver, struct driver_job *job)
{
	const struct provider *provider = driver->state;
	struct provider_answer answer = { .outcome = SEND_LATER, .detail = "died" };
	struct dispatch_result result = { 0 };

	fault_point("mid-wire");
	if (!fault_is_dead())
		provider->take(provider->arg, job->message, &answer);
	result.outcome = answer.outcome;
	result.code = answer.code;
	result.retry_after_seconds = answer.retry_after_seconds;
	result.at_recipient = answer.outcome == SEND_NEVER &&
	    job->message->channel == CHANNEL_SMS;
	(void)snprintf(result.detail, sizeof(result.detail), "%s", answer.detail);
	job->ended(job, &result, answer.unreached);
}

struct driver *driver_provider_open(void *ctx, const struct provider *provider)
{
	struct driver *driver = talloc_zero(ctx, struct driver);

	must(driver != NULL);
	*driver = (struct driver){ .name = "provider", .state = talloc_memdup(driver, provider,
	    sizeof(*provider)), .start = ask, .connections_max = 1 };
	must(driver->state != NULL);
	return driver;
}
