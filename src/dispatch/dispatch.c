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
#include "dispatch/outlet.h"
#include "dispatch/rate.h"
#include "dispatch/ways.h"
#include "dispatch/wire_journal.h"
#include "model/provider.h"

#define STEP_MS_MAX 1000

struct job {
	struct driver_job	 driver_job;
	struct lane		*lane;
	struct outlet		*outlet;	/* where it is under way */
	dispatch_done_fn	*done;
	void			*arg;
	char			 token[WIRE_TOKEN_BYTES_MAX + 1];
	tick_t			 submitted;	/* when it was message->date */
	bool			 begun;		/* the journal knows it */
	struct dispatch_result	*refusal;	/* the first one's; its turn is the second's */
	struct job		*prev, *next;	/* in the queue (next), or on its way */
};

struct lane {
	struct dispatch	*dispatch;
	struct outlet	 outlet, second;
	const char	*none_word;		/* why there is no driver */
	struct job	*first, **last;		/* queue */
	struct job	*on_way;		/* handed to a driver */
	struct rate	*rate;			/* NULL: as many as go */
};

struct dispatch {
	struct net_loop		*loop;
	struct wire_journal	*journal;
	struct provider		 provider;	/* made up; take is NULL: none */
	bool			 still;
	bool			 (*may_go)(void *arg, int64_t contact_id);
	void			*may_go_arg;
	int			 transfer_seconds_max;
	struct lane		 lanes[LANES];
	struct err		 trouble;	/* first of journal and loop */
	bool			 draining;
};

/* Made-up time has no rate. */
static bool rates_open(struct dispatch *dispatch, const struct dispatch_settings *settings,
    const struct ways *ways, struct err *err)
{
	static const char *const names[LANES] = { [LANE_EMAIL] = "email", [LANE_SMS] = "sms",
	    [LANE_LETTER] = "letter" };

	for (int i = 0; i < LANES; i++) {
		const int per_second = ways->lane[i].per_second;

		if (per_second <= 0 || dispatch->still || dispatch->provider.take != NULL)
			continue;
		dispatch->lanes[i].rate = rate_open(dispatch, settings->rate_dir, names[i],
		    per_second, err);
		if (dispatch->lanes[i].rate == NULL)
			return false;
	}
	return true;
}

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
	dispatch->may_go = settings.may_go;
	dispatch->may_go_arg = settings.may_go_arg;
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
		    .outlet = outlet_make(ways.lane[i].first),
		    .second = outlet_make(ways.lane[i].second),
		    .none_word = ways.lane[i].none_word,
		    .last = &dispatch->lanes[i].first };
	if (rates_open(dispatch, &settings, &ways, err))
		return dispatch;
	dispatch_close(dispatch);
	return NULL;
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

/* --- the journal ------------------------------------------------------------------ */

/* The first byte of the message is about to leave. */
static bool job_leaving(struct driver_job *driver_job)
{
	struct job *job = driver_job->owner;
	struct dispatch *dispatch = job->lane->dispatch;

	if (job->begun)
		return true;
	fault_point("before-journal");
	if (dispatch->journal != NULL && !wire_journal_begin(dispatch->journal,
	    job->driver_job.message->contact_id, job->token, &dispatch->trouble))
		return false;
	job->begun = true;
	fault_point("after-journal");
	return true;
}

static void job_left(struct job *job, const struct dispatch_result *result)
{
	struct dispatch *dispatch = job->lane->dispatch;

	if (!job->begun)
		return;
	job->begun = false;
	fault_point("after-wire");
	if (dispatch->journal != NULL)
		(void)wire_journal_end(dispatch->journal, job->driver_job.message->contact_id,
		    job->token, &(struct wire_end){ result->outcome, result->code,
		    result->provider_id, result->provider, result->detail, result->at_recipient,
		    result->at }, &dispatch->trouble);
	fault_point("after-outcome");
}

/* --- a message's end ---------------------------------------------------------------- */

static void job_finish(struct job *job, const struct dispatch_result *answer)
{
	struct dispatch_result result = *answer;

	result.at = now_of(job);
	job_left(job, &result);
	job->done(job->arg, job->driver_job.message->contact_id, &result);
	talloc_free(job);
}

/* Ends a job without its driver. */
static void job_give_up(struct job *job, const struct dispatch_result *result, const char *word)
{
	struct dispatch_result named = *result;

	named.provider = "";
	(void)snprintf(named.detail, sizeof(named.detail), "%s", word);
	job_finish(job, &named);
}

static void job_later(struct job *job, const char *word)
{
	job_give_up(job, &(struct dispatch_result){ .outcome = SEND_LATER }, word);
}

static void on_way_add(struct job *job)
{
	struct lane *lane = job->lane;

	job->prev = NULL;
	job->next = lane->on_way;
	if (lane->on_way != NULL)
		lane->on_way->prev = job;
	lane->on_way = job;
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
}

/* The batch before it may have been slow: the hour is asked once more, and as
 * long as one message may take must be left of it. */
static bool is_too_late(const struct job *job)
{
	const instant_t dead_at = job->driver_job.message->dead_at;

	return dead_at != 0 &&
	    now_of(job) + job->lane->dispatch->transfer_seconds_max >= dead_at;
}

static void queue_first(struct lane *lane, struct job *job)
{
	job->next = lane->first;
	lane->first = job;
	if (job->next == NULL)
		lane->last = &job->next;
}

static void job_hand_over(struct job *job, struct outlet *outlet)
{
	struct driver *driver = outlet->driver;

	job->outlet = outlet;
	job->driver_job.second = outlet == &job->lane->second;
	job->driver_job.started = now_of(job);
	if (!driver->tells_leaving && !job_leaving(&job->driver_job)) {
		on_way_remove(job);
		job_later(job, "journal");
		return;
	}
	outlet_begin(outlet);
	driver->start(driver, &job->driver_job);
}

static void job_ended(struct driver_job *driver_job, const struct dispatch_result *given,
    bool unreached)
{
	struct job *job = driver_job->owner;
	struct lane *lane = job->lane;
	struct dispatch_result result = *given;
	const instant_t now = now_of(job);

	result.provider = job->outlet->driver->name;
	result.at = now;
	outlet_end(job->outlet, &result, unreached, now);
	on_way_remove(job);
	if (outlet_is_trouble(given, unreached) && !driver_job->second &&
	    outlet_is_open(&lane->second, now)) {
		job_left(job, &result);		/* certain, and so no doubt of the second's */
		job->refusal = talloc_memdup(job, &result, sizeof(result));
		must(job->refusal != NULL);
		queue_first(lane, job);
	} else {
		job_finish(job, &result);
	}
}

/* --- a message's start ---------------------------------------------------------------- */

/* Whose turn it is; NULL: nobody may be asked now. */
static struct outlet *outlet_of(const struct job *job)
{
	struct lane *lane = job->lane;
	const instant_t now = now_of(job);

	if (job->refusal == NULL && outlet_is_open(&lane->outlet, now))
		return &lane->outlet;
	return outlet_is_open(&lane->second, now) ? &lane->second : NULL;
}

/* Neither is asked: the first one is down, or told us when to come again. */
static void job_postpone(struct job *job)
{
	const struct outlet *first = &job->lane->outlet;
	const instant_t left = first->peace_until - now_of(job);

	if (job->refusal != NULL)
		job_finish(job, job->refusal);
	else if (left > 0)
		job_give_up(job, &(struct dispatch_result){ .outcome = SEND_LATER,
		    .retry_after_seconds = (int32_t)left }, "provider busy");
	else
		job_later(job, "provider down");
}

static void job_start(struct lane *lane, struct job *job)
{
	struct dispatch *dispatch = lane->dispatch;
	struct outlet *outlet = outlet_of(job);

	if (lane->outlet.driver == NULL) {
		job_later(job, lane->none_word);
	} else if (dispatch->loop == NULL) {
		job_later(job, "event loop");
	} else if (outlet == NULL || (job->refusal != NULL && is_too_late(job))) {
		job_postpone(job);
	} else if (is_too_late(job)) {
		job_later(job, "window closed");
	} else if (dispatch->may_go != NULL &&
	    !dispatch->may_go(dispatch->may_go_arg, job->driver_job.message->contact_id)) {
		job_later(job, DISPATCH_OVERTAKEN);
	} else {
		if (job->refusal != NULL)
			fault_point("before-second");
		job->driver_job.leaving = job_leaving;
		job->driver_job.ended = job_ended;
		job->driver_job.owner = job;
		on_way_add(job);
		job_hand_over(job, outlet);
	}
}

/* May the queue's first be dealt with? */
static bool has_room(struct lane *lane)
{
	const struct outlet *outlet = lane->outlet.driver == NULL ? NULL : outlet_of(lane->first);

	return outlet == NULL || outlet_has_room(outlet);
}

/* Milliseconds until the queue's first may begin; 0: now. */
static int64_t lane_wait(const struct lane *lane)
{
	return lane->rate == NULL || lane->first == NULL ? 0 : rate_wait(lane->rate);
}

/* Starts what may start.  True when anything is left or under way. */
static bool lane_pump(struct lane *lane)
{
	while (lane->first != NULL && has_room(lane) && lane_wait(lane) == 0) {
		struct job *job = lane->first;

		lane->first = job->next;
		if (lane->first == NULL)
			lane->last = &lane->first;
		job->next = NULL;
		if (lane->rate != NULL)
			rate_take(lane->rate);
		job_start(lane, job);
	}
	return lane->first != NULL || lane->on_way != NULL;
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
			job_give_up(job, &(struct dispatch_result){ .outcome = job->begun ?
			    SEND_UNKNOWN : SEND_LATER }, "event loop");
		}
	}
}

/* For something to end, or for the hour of what the rate holds back. */
static bool wait_a_little(struct dispatch *dispatch)
{
	int64_t wait = STEP_MS_MAX;

	for (int i = 0; i < LANES; i++) {
		const int64_t own = lane_wait(&dispatch->lanes[i]);

		if (own > 0 && own < wait)
			wait = own;
	}
	if (dispatch->loop != NULL && net_loop_busy(dispatch->loop) > 0)
		return net_loop_step(dispatch->loop, (int)wait, &dispatch->trouble);
	for (int i = 0; i < LANES; i++)
		if (lane_wait(&dispatch->lanes[i]) > 0) {
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
	for (int i = 0; i < LANES; i++) {
		outlet_wake(&dispatch->lanes[i].outlet);
		outlet_wake(&dispatch->lanes[i].second);
	}
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
