/* reach.c - see reach.h. */
#include "decide/reach.h"

#include <string.h>

#include "decide/law.h"
#include "decide/place.h"
#include "decide/voice.h"

struct reaching {
	const struct decide_facts	*facts;
	const struct decide_rules	*rules;
	struct trace			*trace;
	struct decision			*out;
};

static bool has_channel(const enum channel *list, size_t count, enum channel channel)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == channel)
			return true;
	return false;
}

/* Those of `wanted` that the step has and that are not in the order yet. */
static size_t order_add(const struct schedule_step *step, const enum channel *wanted, size_t count,
    enum channel order[CHANNELS], size_t n)
{
	for (size_t i = 0; i < count; i++)
		if (has_channel(step->channels, step->channel_count, wanted[i]) &&
		    !has_channel(order, n, wanted[i]))
			order[n++] = wanted[i];
	return n;
}

/* How likely a message by it is reacted to, of 1,000. */
static int score(const struct decide_habit *h)
{
	return (1000 * h->reacted + DECIDE_HABIT_WEIGHT * h->permille) / (h->tried + DECIDE_HABIT_WEIGHT);
}

/* The step's channels, the one first that this debtor reacts on; equal ones as they stand. */
static void habit_order(const struct reaching *ask, const struct schedule_step *step,
    enum channel out[CHANNELS])
{
	const struct decide_habit *h = ask->facts->habit;

	for (size_t i = 0; i < step->channel_count; i++) {
		size_t at = i;

		for (; at > 0 && score(&h[step->channels[i]]) > score(&h[out[at - 1]]); at--)
			out[at] = out[at - 1];
		out[at] = step->channels[i];
	}
	if (out[0] != step->channels[0])
		trace_add(ask->trace, "channel.habit", "", "", TRACE_NOTE, "%s before %s: the debtor "
		    "reacted to %d of %d by %s and to %d of %d by %s", channel_name(out[0]),
		    channel_name(step->channels[0]), h[out[0]].reacted, h[out[0]].tried,
		    channel_name(out[0]), h[step->channels[0]].reacted, h[step->channels[0]].tried,
		    channel_name(step->channels[0]));
}

/* The debtor's own wish first, then the way of the last answer, then the arm's order, or
 * else what has reached this debtor before, then the step's. */
static size_t channel_order(const struct reaching *ask, const struct schedule_step *step,
    enum channel order[CHANNELS])
{
	const struct decide_facts *f = ask->facts;
	const struct experiment_arm *arm = voice_arm(ask->rules, ask->out);
	size_t n = order_add(step, &f->prefers, f->prefers_given ? 1 : 0, order, 0);
	enum channel liked[CHANNELS];

	n = order_add(step, &f->replied, f->replied_given ? 1 : 0, order, n);
	if (arm != NULL && arm->channel_count > 0) {
		n = order_add(step, arm->channels, arm->channel_count, order, n);
	} else if (f->habit_given) {
		habit_order(ask, step, liked);
		n = order_add(step, liked, step->channel_count, order, n);
	}
	return order_add(step, step->channels, step->channel_count, order, n);
}

static void ask_gate(const struct reaching *ask, enum channel channel, instant_t at, struct trace *trace,
    struct gate_verdict *verdict)
{
	const struct decide_facts *f = ask->facts;
	const struct zone *zones[DECIDE_ZONES_MAX];
	const struct gate_question question = {
		.now = at, .zones = zones, .zone_count = place_zones(f, zones),
		.channel = channel, .party = f->party, .role = ask->out->schedule->role,
		.region = f->region,
		.purpose = law_purpose(&ask->out->schedule->steps[ask->out->step],
		    ask->facts->edition),
		.has_address = f->address[channel].id != 0,
		.opted_out = f->address[channel].opted_out,
		.address_bad = f->address[channel].bad,
		.sent = f->sent, .sent_count = f->sent_count,
		.gap_days_min = ask->out->schedule->gap_days_min,
		.margin_minutes = f->margin_minutes,
	};

	gate_ask(ask->rules->pack, ask->rules->calendar, &question, trace, verdict);
}

bool reach_is_hours(const struct pack *pack, const char *id)
{
	if (strcmp(id, DECIDE_HOUR) == 0)
		return true;
	for (size_t i = 0; i < pack->hours_count; i++)
		if (strcmp(pack->hours[i].rule.id, id) == 0)
			return true;
	for (size_t i = 0; i < pack->holiday_count; i++)
		if (strcmp(pack->holidays[i].rule.id, id) == 0)
			return true;
	return false;
}


/* The instant of that hour on the day of `from`, or `from` when it is past. */
static instant_t hour_instant(const struct zone *zone, instant_t from, int hour)
{
	const struct local_time local = zone_local(zone, from);
	const int32_t second = hour * 60 * 60;

	return local.second >= second ? from : zone_instant(zone, local.day, second);
}

/* Puts the hour that is asked for behind what the gate allows, where the window is
 * open then. */
static void keep_hour(const struct reaching *ask, enum channel channel,
    struct gate_verdict *verdict)
{
	const bool now = verdict->answer == GATE_ALLOWED;
	const struct zone *zones[DECIDE_ZONES_MAX];
	const instant_t from = now ? ask->facts->now : verdict->retry_at;
	const bool asked = ask->out->hour != SCHEDULE_NO_HOUR;
	const int hour = asked || !ask->facts->acts_given ? ask->out->hour : ask->facts->acts_hour;
	struct gate_verdict then;
	instant_t at;

	if (hour == SCHEDULE_NO_HOUR || (!now && !reach_is_hours(ask->rules->pack, verdict->rule_id)))
		return;
	(void)place_zones(ask->facts, zones);
	at = hour_instant(zones[0], from, hour);
	if (at <= from)
		return;
	ask_gate(ask, channel, at, NULL, &then);
	trace_add(ask->trace, DECIDE_HOUR, "", "", then.answer == GATE_ALLOWED ? TRACE_WAIT :
	    TRACE_NOTE, then.answer != GATE_ALLOWED ?
	    "%02d:00 is outside that day's window: as soon as it is open" : asked ?
	    "not before %02d:00" : "not before %02d:00, at which the debtor is used to act", hour);
	if (then.answer == GATE_ALLOWED)
		*verdict = (struct gate_verdict){ .answer = GATE_WAIT, .retry_at = at,
		    .rule_id = DECIDE_HOUR };
}

bool reach_choose(const struct decide_facts *facts, const struct decide_rules *rules,
    struct trace *trace, const struct schedule_step *step, struct decision *out,
    struct gate_verdict *verdict)
{
	const struct reaching ask = { facts, rules, trace, out };
	enum channel order[CHANNELS];
	const size_t n = channel_order(&ask, step, order);

	for (size_t i = 0; i < n; i++) {
		trace_add(trace, "channel", "", "", TRACE_NOTE, "asking for %s%s",
		    channel_name(order[i]),
		    facts->prefers_given && order[i] == facts->prefers ?
		    ", which the debtor prefers" : facts->replied_given && order[i] == facts->replied ?
		    ", by which the debtor has answered" : "");
		ask_gate(&ask, order[i], facts->now, trace, verdict);
		if (verdict->answer == GATE_FORBIDDEN)
			continue;
		keep_hour(&ask, order[i], verdict);
		out->channel = order[i];
		out->address_id = facts->address[order[i]].id;
		return true;
	}
	return false;
}
