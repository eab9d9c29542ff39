/* dispatch.c - see dispatch.h.
 *
 * Three lanes (e-mail, SMS, letters), each with a driver and a queue.  The
 * journal and the fault points stand here, around every driver alike.
 */
#include "dispatch/dispatch.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/must.h"
#include "dispatch/driver.h"
#include "dispatch/sms_gateway.h"
#include "dispatch/wire_journal.h"
#include "model/provider.h"

#define STEP_MS_MAX 1000
#define EMAIL_CONNECTIONS 8
#define SMS_CONNECTIONS 8
#define CONNECT_SECONDS 20
#define STALL_SECONDS 120
#define TRANSFER_SECONDS 300

enum lane_name { LANE_EMAIL, LANE_SMS, LANE_LETTER, LANES };

struct job {
	struct driver_job	 driver_job;
	struct lane		*lane;
	dispatch_done_fn	*done;
	void			*arg;
	char			 token[WIRE_TOKEN_BYTES_MAX + 1];
	tick_t			 submitted;	/* when it was message->date */
	bool			 begun;		/* the journal knows it */
	struct job		*prev, *next;	/* in the queue (next), or on its way */
};

struct lane {
	struct dispatch	*dispatch;
	struct driver	*driver;
	struct job	*first, **last;		/* queue */
	struct job	*on_way;		/* handed to the driver */
	int		 under_way;		/* their number */
	double		 window;		/* how many may be */
	int		 forgiven;		/* ends whose trouble has shrunk it already */
	int		 per_second;		/* begun; 0: as many as go */
	int64_t		 next_ms;		/* when the next may begin */
	int		 down_streak;		/* unreached, one after the other */
};

struct dispatch {
	struct net_loop		*loop;
	struct wire_journal	*journal;
	struct provider		 provider;	/* made up; take is NULL: none */
	bool			 still;
	int			 transfer_seconds_max;
	struct lane		 lanes[LANES];
	struct err		 trouble;	/* first of journal and loop */
	bool			 draining;
};

static const char *text_or(const char *text, const char *fallback)
{
	return text != NULL && text[0] != '\0' ? text : fallback;
}

static bool number_settle(int *number, int fallback, int max, const char *name, struct err *err)
{
	if (*number == 0)
		*number = fallback;
	if (*number < 1 || *number > max)
		return err_set(err, ERR_INPUT, "%s: between 1 and %d", name, max);
	return true;
}

/* Puts the defaults in. */
static bool settings_settle(struct dispatch_settings *s, struct err *err)
{
	s->outbox = text_or(s->outbox, "");
	s->email_driver = text_or(s->email_driver, "file");
	s->email_url = text_or(s->email_url, "");
	s->email_user = text_or(s->email_user, "");
	s->email_password_file = text_or(s->email_password_file, "");
	s->email_helo = text_or(s->email_helo, "localhost");
	s->sms_driver = text_or(s->sms_driver, "file");
	s->sms_url = text_or(s->sms_url, "");
	s->sms_user = text_or(s->sms_user, "");
	s->sms_password_file = text_or(s->sms_password_file, "");
	s->ca_file = text_or(s->ca_file, "");
	if (s->email_per_second < 0 || s->sms_per_second < 0)
		return err_set(err, ERR_INPUT, "messages in a second: 0 or more");
	return number_settle(&s->email_connections_max, EMAIL_CONNECTIONS,
	    DISPATCH_CONNECTIONS_MAX, "email connections", err) &&
	    number_settle(&s->sms_connections_max, SMS_CONNECTIONS,
	    DISPATCH_CONNECTIONS_MAX, "sms connections", err) &&
	    number_settle(&s->connect_seconds_max, CONNECT_SECONDS,
	    DISPATCH_SECONDS_MAX, "connect seconds", err) &&
	    number_settle(&s->stall_seconds_max, STALL_SECONDS,
	    DISPATCH_SECONDS_MAX, "stall seconds", err) &&
	    number_settle(&s->transfer_seconds_max, TRANSFER_SECONDS,
	    DISPATCH_SECONDS_MAX, "transfer seconds", err);
}

static struct driver *email_driver_open(struct dispatch *dispatch,
    const struct dispatch_settings *settings, struct err *err)
{
	if (strcmp(settings->email_driver, "file") == 0)
		return driver_file_open(dispatch, settings, err);
	if (strcmp(settings->email_driver, "smtp") == 0)
		return driver_smtp_open(dispatch, settings, dispatch->loop, err);
	(void)err_set(err, ERR_INPUT, "email driver: \"file\" or \"smtp\"");
	return NULL;
}

static struct driver *sms_driver_open(struct dispatch *dispatch,
    const struct dispatch_settings *settings, struct err *err)
{
	const struct sms_gateway *gateway = sms_gateway_find(settings->sms_driver);

	if (strcmp(settings->sms_driver, "file") == 0)
		return driver_file_open(dispatch, settings, err);
	if (gateway != NULL)
		return driver_sms_open(dispatch, gateway, settings, dispatch->loop, err);
	(void)err_set(err, ERR_INPUT, "sms driver: file, kannel, twilio, gatewayapi or 46elks");
	return NULL;
}

static bool drivers_open(struct dispatch *dispatch, const struct dispatch_settings *settings,
    struct err *err)
{
	struct driver **email = &dispatch->lanes[LANE_EMAIL].driver;
	struct driver **sms = &dispatch->lanes[LANE_SMS].driver;
	struct driver **letter = &dispatch->lanes[LANE_LETTER].driver;

	if (settings->provider != NULL) {
		dispatch->provider = *settings->provider;
		for (int i = 0; i < LANES; i++)
			dispatch->lanes[i].driver = driver_provider_open(dispatch,
			    settings->provider);
		return true;
	}
	*email = email_driver_open(dispatch, settings, err);
	if (*email == NULL)
		return false;
	*sms = sms_driver_open(dispatch, settings, err);
	if (*sms == NULL)
		return false;
	/* Without an outbox letters are refused one by one; the rest works. */
	if (settings->outbox[0] == '\0')
		return true;
	*letter = driver_file_open(dispatch, settings, err);
	return *letter != NULL;
}

struct dispatch *dispatch_open(void *ctx, const struct dispatch_settings *given,
    struct wire_journal *journal, struct err *err)
{
	struct dispatch_settings settings = *given;
	struct net_loop_limits limits;
	struct dispatch *dispatch;

	if (!settings_settle(&settings, err))
		return NULL;
	dispatch = talloc_zero(ctx, struct dispatch);
	must(dispatch != NULL);
	dispatch->journal = journal;
	dispatch->still = settings.still;
	dispatch->transfer_seconds_max = settings.transfer_seconds_max;
	for (int i = 0; i < LANES; i++) {
		dispatch->lanes[i].dispatch = dispatch;
		dispatch->lanes[i].last = &dispatch->lanes[i].first;
	}
	limits.connections_max = settings.email_connections_max + settings.sms_connections_max;
	limits.host_connections_max = settings.email_connections_max > settings.sms_connections_max ?
	    settings.email_connections_max : settings.sms_connections_max;
	dispatch->loop = net_loop_open(dispatch, &limits, err);
	if (dispatch->loop == NULL || !drivers_open(dispatch, &settings, err)) {
		dispatch_close(dispatch);
		return NULL;
	}
	for (int i = 0; i < LANES; i++)
		dispatch->lanes[i].window = dispatch->lanes[i].driver == NULL ? 1 :
		    dispatch->lanes[i].driver->connections_max;
	dispatch->lanes[LANE_EMAIL].per_second = settings.email_per_second;
	dispatch->lanes[LANE_SMS].per_second = settings.sms_per_second;
	return dispatch;
}

static struct lane *lane_of(struct dispatch *dispatch, enum channel channel)
{
	must(channel == CHANNEL_EMAIL || channel == CHANNEL_SMS || channel == CHANNEL_LETTER);
	return &dispatch->lanes[channel == CHANNEL_EMAIL ? LANE_EMAIL :
	    channel == CHANNEL_SMS ? LANE_SMS : LANE_LETTER];
}

/* A made-up provider's time is its own. */
static tick_t tick_of(const struct dispatch *dispatch)
{
	if (dispatch->provider.take != NULL)
		return (tick_t){ .ms = 1000 *
		    dispatch->provider.elapsed(dispatch->provider.arg) };
	return dispatch->still ? (tick_t){ 0 } : clock_tick();
}

static instant_t now_of(const struct job *job)
{
	return job->driver_job.message->date +
	    (tick_of(job->lane->dispatch).ms - job->submitted.ms) / 1000;
}

void dispatch_submit(struct dispatch *dispatch, const struct message *message,
    dispatch_done_fn *done, void *arg)
{
	struct lane *lane = lane_of(dispatch, message->channel);
	struct job *job = talloc_zero(dispatch, struct job);

	must(job != NULL);
	job->lane = lane;
	job->done = done;
	job->arg = arg;
	job->driver_job.message = message;
	job->driver_job.ctx = job;
	job->submitted = tick_of(dispatch);
	if (dispatch->journal != NULL)
		(void)snprintf(job->token, sizeof(job->token), "%s",
		    wire_journal_token(dispatch->journal));
	*lane->last = job;
	lane->last = &job->next;
}

static void job_finish(struct job *job, const struct dispatch_result *answer)
{
	struct dispatch *dispatch = job->lane->dispatch;
	int64_t contact_id = job->driver_job.message->contact_id;
	struct dispatch_result result = *answer;

	result.at = now_of(job);
	if (job->begun) {
		fault_point("after-wire");
		(void)wire_journal_end(dispatch->journal, contact_id, job->token, result.outcome,
		    result.code, result.provider_id, result.at, &dispatch->trouble);
		fault_point("after-outcome");
	}
	job->done(job->arg, contact_id, &result);
	talloc_free(job);
}

static void on_way_add(struct job *job)
{
	struct lane *lane = job->lane;

	job->prev = NULL;
	job->next = lane->on_way;
	if (lane->on_way != NULL)
		lane->on_way->prev = job;
	lane->on_way = job;
	lane->under_way++;
}

static void on_way_remove(struct job *job)
{
	struct lane *lane = job->lane;

	if (job->prev != NULL)
		job->prev->next = job->next;
	else
		lane->on_way = job->next;
	if (job->next != NULL)
		job->next->prev = job->prev;
	lane->under_way--;
}

static void window_learn(struct lane *lane, const struct dispatch_result *result, bool unreached)
{
	const bool trouble = unreached || (result->outcome == SEND_LATER &&
	    (result->code == 421 || result->code == 429 || result->code == 503));

	if (lane->forgiven > 0)
		lane->forgiven--;
	if (trouble && lane->forgiven == 0) {
		lane->window = lane->window > 2 ? lane->window / 2 : 1;
		lane->forgiven = lane->under_way;
	} else if (!trouble && lane->window < lane->driver->connections_max) {
		lane->window += 1 / lane->window;
	}
}

static void job_ended(struct driver_job *driver_job, const struct dispatch_result *result,
    bool unreached)
{
	struct job *job = driver_job->owner;
	struct lane *lane = job->lane;

	on_way_remove(job);
	lane->down_streak = unreached ? lane->down_streak + 1 : 0;
	window_learn(lane, result, unreached);
	job_finish(job, result);
}

/* Ends a job without its driver. */
static void job_give_up(struct job *job, enum send_outcome outcome, const char *word)
{
	struct dispatch_result result = { .outcome = outcome };

	(void)snprintf(result.detail, sizeof(result.detail), "%s", word);
	job_finish(job, &result);
}

/* The batch before it may have been slow: the hour is asked once more, and as
 * long as one message may take must be left of it. */
static bool is_too_late(const struct job *job)
{
	const instant_t dead_at = job->driver_job.message->dead_at;

	return dead_at != 0 &&
	    now_of(job) + job->lane->dispatch->transfer_seconds_max >= dead_at;
}

static void job_start(struct lane *lane, struct job *job)
{
	struct dispatch *dispatch = lane->dispatch;

	if (lane->driver == NULL) {
		job_give_up(job, SEND_LATER, "no outbox");
		return;
	}
	if (dispatch->loop == NULL) {
		job_give_up(job, SEND_LATER, "event loop");
		return;
	}
	if (lane->down_streak >= DISPATCH_DOWN_STREAK) {
		job_give_up(job, SEND_LATER, "provider down");
		return;
	}
	if (is_too_late(job)) {
		job_give_up(job, SEND_LATER, "window closed");
		return;
	}
	fault_point("before-journal");
	if (dispatch->journal != NULL) {
		if (!wire_journal_begin(dispatch->journal, job->driver_job.message->contact_id,
		    job->token, &dispatch->trouble)) {
			job_give_up(job, SEND_LATER, "journal");
			return;
		}
		job->begun = true;
	}
	fault_point("after-journal");
	job->driver_job.started = now_of(job);
	job->driver_job.ended = job_ended;
	job->driver_job.owner = job;
	on_way_add(job);
	lane->driver->start(lane->driver, &job->driver_job);
}

/* Room for one more under way? */
static bool has_room(const struct lane *lane)
{
	return lane->driver == NULL || (lane->under_way < lane->driver->connections_max &&
	    lane->under_way < (int)lane->window);
}

/* Milliseconds until the next may begin, 0: now.  Made-up time has no rate. */
static int64_t rate_wait(const struct lane *lane)
{
	const struct dispatch *d = lane->dispatch;
	const int64_t now = lane->per_second == 0 || d->still || d->provider.take != NULL ? 0 :
	    clock_tick().ms;

	return lane->first == NULL || lane->next_ms <= now ? 0 : lane->next_ms - now;
}

static void rate_take(struct lane *lane)
{
	const struct dispatch *d = lane->dispatch;
	int64_t now;

	if (lane->per_second == 0 || d->still || d->provider.take != NULL)
		return;
	now = clock_tick().ms;
	lane->next_ms = (lane->next_ms > now ? lane->next_ms : now) +
	    (1000 + lane->per_second - 1) / lane->per_second;
}

/* Starts what may start.  True when anything is left or under way. */
static bool lane_pump(struct lane *lane)
{
	while (lane->first != NULL && has_room(lane) && rate_wait(lane) == 0) {
		struct job *job = lane->first;

		lane->first = job->next;
		if (lane->first == NULL)
			lane->last = &lane->first;
		job->next = NULL;
		rate_take(lane);
		job_start(lane, job);
	}
	return lane->first != NULL || lane->under_way > 0;
}

/* The event loop itself failed (no descriptors, no memory in the kernel): what
 * is on its way may or may not arrive, and nothing more can be started. */
static void loop_abandon(struct dispatch *dispatch)
{
	TALLOC_FREE(dispatch->loop);
	for (int i = 0; i < LANES; i++) {
		while (dispatch->lanes[i].on_way != NULL) {
			struct job *job = dispatch->lanes[i].on_way;

			on_way_remove(job);
			job_give_up(job, SEND_UNKNOWN, "event loop");
		}
	}
}

/* For something to end, or for the hour of what the rate holds back. */
static bool wait_a_little(struct dispatch *dispatch)
{
	int64_t wait = STEP_MS_MAX;

	for (int i = 0; i < LANES; i++) {
		const int64_t own = rate_wait(&dispatch->lanes[i]);

		if (own > 0 && own < wait)
			wait = own;
	}
	if (dispatch->loop != NULL && net_loop_busy(dispatch->loop) > 0)
		return net_loop_step(dispatch->loop, (int)wait, &dispatch->trouble);
	for (int i = 0; i < LANES; i++)
		if (rate_wait(&dispatch->lanes[i]) > 0) {
			(void)poll(NULL, 0, (int)wait);
			break;
		}
	return true;
}

bool dispatch_drain(struct dispatch *dispatch, struct err *err)
{
	bool left = true;

	must(!dispatch->draining);
	dispatch->draining = true;
	err_clear(&dispatch->trouble);
	for (int i = 0; i < LANES; i++)
		dispatch->lanes[i].down_streak = 0;
	while (left) {
		left = false;
		for (int i = 0; i < LANES; i++)
			left = lane_pump(&dispatch->lanes[i]) || left;
		if (left && !wait_a_little(dispatch))
			loop_abandon(dispatch);
	}
	dispatch->draining = false;
	if (err_is_set(&dispatch->trouble))
		return err_set(err, dispatch->trouble.kind, "%s", dispatch->trouble.text);
	return true;
}

void dispatch_close(struct dispatch *dispatch)
{
	if (dispatch == NULL)
		return;
	/* The loop first: its transfers point into the drivers. */
	TALLOC_FREE(dispatch->loop);
	talloc_free(dispatch);
}
