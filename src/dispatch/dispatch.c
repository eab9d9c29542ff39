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
#include "dispatch/ways.h"
#include "dispatch/wire_journal.h"
#include "model/provider.h"

#define STEP_MS_MAX 1000

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
	struct driver	*driver, *second;	/* NULL: there is none */
	struct job	*first, **last;		/* queue */
	struct job	*on_way;		/* handed to the driver */
	int		 under_way;		/* their number */
	double		 window;		/* how many may be */
	int		 forgiven;		/* ends whose trouble has shrunk it already */
	int		 per_second;		/* begun; 0: as many as go */
	int64_t		 next_ms;		/* when the next may begin */
	int		 down_streak;		/* the driver unreached, one after the other */
	int		 second_streak;		/* the same of the second */
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

struct dispatch *dispatch_open(void *ctx, const struct dispatch_settings *given,
    struct wire_journal *journal, struct err *err)
{
	struct dispatch_settings settings = *given;
	struct ways ways = { .ctx = NULL };
	struct net_loop_limits limits;
	struct dispatch *dispatch;

	if (!ways_settle(&settings, err))
		return NULL;
	dispatch = talloc_zero(ctx, struct dispatch);
	must(dispatch != NULL);
	dispatch->journal = journal;
	dispatch->still = settings.still;
	dispatch->transfer_seconds_max = settings.transfer_seconds_max;
	if (settings.provider != NULL)
		dispatch->provider = *settings.provider;
	limits = ways_limits(&settings);
	dispatch->loop = net_loop_open(dispatch, &limits, err);
	ways = (struct ways){ .ctx = dispatch, .loop = dispatch->loop };
	if (dispatch->loop == NULL || !ways_open(&ways, &settings, err)) {
		dispatch_close(dispatch);
		return NULL;
	}
	for (int i = 0; i < LANES; i++)
		dispatch->lanes[i] = (struct lane){ .dispatch = dispatch,
		    .driver = ways.lane[i].first, .second = ways.lane[i].second,
		    .last = &dispatch->lanes[i].first, .per_second = ways.lane[i].per_second,
		    .window = ways.lane[i].first == NULL ? 1 : ways.lane[i].first->connections_max };
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
		(void)wire_journal_end(dispatch->journal, contact_id, job->token,
		    &(struct wire_end){ result.outcome, result.code, result.provider_id,
		    result.provider, result.detail, result.at_recipient, result.at },
		    &dispatch->trouble);
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

/* The provider's trouble, and surely not taken. */
static bool is_trouble(const struct dispatch_result *result, bool unreached)
{
	return result->outcome == SEND_LATER && (unreached || result->code == 421 ||
	    result->code == 429 || result->code == 503);
}

static void window_learn(struct lane *lane, bool trouble)
{
	if (lane->forgiven > 0)
		lane->forgiven--;
	if (trouble && lane->forgiven == 0) {
		lane->window = lane->window > 2 ? lane->window / 2 : 1;
		lane->forgiven = lane->under_way;
	} else if (!trouble && lane->window < lane->driver->connections_max) {
		lane->window += 1 / lane->window;
	}
}

/* The batch before it may have been slow: the hour is asked once more, and as
 * long as one message may take must be left of it. */
static bool is_too_late(const struct job *job)
{
	const instant_t dead_at = job->driver_job.message->dead_at;

	return dead_at != 0 &&
	    now_of(job) + job->lane->dispatch->transfer_seconds_max >= dead_at;
}

static bool has_second(const struct lane *lane)
{
	return lane->second != NULL && lane->second_streak < DISPATCH_DOWN_STREAK;
}

static void job_ended(struct driver_job *driver_job, const struct dispatch_result *given,
    bool unreached)
{
	struct job *job = driver_job->owner;
	struct lane *lane = job->lane;
	int *streak = driver_job->second ? &lane->second_streak : &lane->down_streak;
	struct dispatch_result result = *given;
	const bool trouble = is_trouble(given, unreached);

	*streak = unreached ? *streak + 1 : 0;
	if (trouble && !driver_job->second && has_second(lane) && !is_too_late(job)) {
		fault_point("before-second");
		driver_job->second = true;
		driver_job->started = now_of(job);
		lane->second->start(lane->second, driver_job);
		return;
	}
	result.provider = driver_job->second ? lane->second->name : lane->driver->name;
	on_way_remove(job);
	window_learn(lane, trouble || unreached);
	job_finish(job, &result);
}

/* Ends a job without its driver. */
static void job_give_up(struct job *job, enum send_outcome outcome, const char *word)
{
	struct dispatch_result result = { .outcome = outcome, .provider = "" };

	(void)snprintf(result.detail, sizeof(result.detail), "%s", word);
	job_finish(job, &result);
}

static void job_start(struct lane *lane, struct job *job)
{
	struct dispatch *dispatch = lane->dispatch;
	struct driver *driver;

	if (lane->driver == NULL) {
		job_give_up(job, SEND_LATER, "no outbox");
		return;
	}
	if (dispatch->loop == NULL) {
		job_give_up(job, SEND_LATER, "event loop");
		return;
	}
	if (lane->down_streak >= DISPATCH_DOWN_STREAK && !has_second(lane)) {
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
	job->driver_job.second = lane->down_streak >= DISPATCH_DOWN_STREAK;
	driver = job->driver_job.second ? lane->second : lane->driver;
	on_way_add(job);
	driver->start(driver, &job->driver_job);
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
		dispatch->lanes[i].down_streak = dispatch->lanes[i].second_streak = 0;
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
