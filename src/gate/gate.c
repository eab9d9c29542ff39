/* gate.c - see gate.h.
 *
 * Each rule is one function: the first instant, from a given one on, to which
 * the rule has no objection.  They are asked in turn, from the latest answer
 * so far, until none moves it any further; so the instant found is allowed by
 * all of them, and none earlier is.
 */
#include "gate/gate.h"

#include "base/must.h"
#include "gate/window.h"

#define ROUNDS_MAX 64

struct asking {
	const struct pack		*pack;
	const struct calendar		*cal;
	const struct gate_question	*q;
	struct trace			*trace;	/* of the first round only */
	day_t				 today;
	const struct answer_rule	*answer;	/* NULL: an ordinary contact */
	instant_t			 closes_at;
	instant_t			 latest;	/* of the first round */
	const char			*waits_for;	/* rule of `latest` */
	const char			*forbids;	/* rule that says never */
};

/* The first instant from `at` on at which the local day is `day` or later. */
static instant_t day_reached(const struct zone *zone, instant_t at, day_t day)
{
	instant_t t = zone_instant(zone, day, 0);

	if (t < at)
		t = at;
	/* clocks set back over midnight: the day may begin twice */
	for (int i = 0; i < ROUNDS_MAX && zone_local(zone, t).day < day; i++) {
		const instant_t midnight = t + SECONDS_PER_DAY - zone_local(zone, t).second;
		instant_t until;

		(void)zone_segment(zone, t, &until);
		t = midnight < until ? midnight : until;
	}
	return t;
}

/* Civil day of a contact; one in the future (a clock set wrong) counts today. */
static day_t contact_day(const struct asking *a, const struct gate_contact *c)
{
	const day_t day = zone_local(a->q->zone, c->at).day;

	return day < a->today ? day : a->today;
}

/* Says in the trace what a rule answered, and remembers the longest wait. */
static instant_t answered(struct asking *a, const struct rule *rule, instant_t at,
    instant_t next, const char *why)
{
	char text[INSTANT_TEXT_BYTES];

	if (a->trace != NULL) {
		if (next > at)
			trace_add(a->trace, rule->id, rule->source, rule->confidence,
			    TRACE_WAIT, "%s: wait until %s", why, instant_text(next, text));
		else
			trace_add(a->trace, rule->id, rule->source, rule->confidence,
			    TRACE_PASS, "%s: nothing against it", why);
	}
	if (at == a->q->now && next > a->latest) {
		a->latest = next;
		a->waits_for = rule->id;
	}
	return next;
}

/* --- the rules -------------------------------------------------------------- */

static instant_t gap_next(struct asking *a, instant_t at)
{
	static const struct rule gap = { .id = GATE_RULE_GAP, .source = "", .confidence = "" };
	const struct gate_question *q = a->q;
	day_t last = DAY_NONE;
	instant_t next = at;

	if (q->gap_days_min == 0)
		return at;
	for (size_t i = 0; i < q->sent_count; i++) {
		const day_t day = contact_day(a, &q->sent[i]);

		if (day > last)
			last = day;
	}
	if (last != DAY_NONE)
		next = day_reached(q->zone, at, last + q->gap_days_min);
	return answered(a, &gap, at, next, "days between two contacts");
}

/* Contacts that count in the days of the cap that end with `day`. */
static int cap_used(const struct asking *a, const struct cap_rule *cap, day_t day)
{
	int used = 0;

	for (size_t i = 0; i < a->q->sent_count; i++) {
		const struct gate_contact *c = &a->q->sent[i];
		const day_t on = contact_day(a, c);

		used += (cap->counted >> c->channel & 1) && on > day - cap->days && on <= day;
	}
	return used;
}

static instant_t cap_next(struct asking *a, const struct cap_rule *cap, instant_t at)
{
	const day_t today = zone_local(a->q->zone, at).day;
	day_t day = today;
	instant_t next = at;

	if ((cap->channels >> a->q->channel & 1) == 0 ||
	    !rule_applies(&cap->rule, a->q->party, a->q->role, a->q->region, today))
		return at;
	/* contacts leave the cap's days one by one, all of them after `days` */
	while (cap_used(a, cap, day) >= cap->max) {
		day++;
		must(day <= today + cap->days + 1);
		if (cap->rule.valid_to != DAY_NONE && day > cap->rule.valid_to)
			break;
	}
	if (day > today)
		next = day_reached(a->q->zone, at, day);
	return answered(a, &cap->rule, at, next, cap->rule.says);
}

/* The rule that a closed window is told by: hours, or the day it is. */
static const struct rule *hours_reason(const struct asking *a, const struct hours_rule *hours,
    const struct window_state *w, day_t day)
{
	static const struct rule closed = { .id = GATE_RULE_CLOSED_DAYS, .source = "",
	    .confidence = "", .says = "a closed day of the creditor's own" };
	const struct holiday_rule *holiday = NULL;

	if (!w->open && w->kind == CALENDAR_CLOSED)
		return &closed;
	if (!w->open && w->kind != CALENDAR_ORDINARY)
		holiday = pack_holiday(a->pack, w->kind == CALENDAR_AS_SUNDAY, a->q->party,
		    a->q->role, a->q->region, day);
	return holiday != NULL ? &holiday->rule : &hours->rule;
}

static instant_t hours_next(struct asking *a, instant_t at)
{
	const struct gate_question *q = a->q;
	const day_t day = zone_local(q->zone, at).day;
	const struct hours_rule *hours = pack_hours(a->pack, q->channel, q->party, q->role,
	    q->region, day);
	const struct rule *reason;
	struct window_state w;

	a->closes_at = 0;
	if (hours == NULL) {
		if (q->channel != CHANNEL_LETTER)
			a->forbids = GATE_RULE_NO_HOURS;
		return at;
	}
	window_ask_lasting(a->cal, q->zone, at, q->margin_minutes * 60, &w);
	reason = hours_reason(a, hours, &w, day);
	if (!w.opens_again) {
		a->forbids = reason->id;
		return at;
	}
	a->closes_at = w.closes_at;
	return answered(a, reason, at, w.next_open, w.event[0] != '\0' ? w.event : reason->says);
}

/* --- asking ----------------------------------------------------------------- */

/* What no waiting mends.  The rule's id, or NULL. */
static const char *forbidden(const struct pack *pack, const struct gate_question *q,
    struct trace *trace)
{
	const struct never_rule *never;

	if (!q->has_address) {
		trace_add(trace, GATE_RULE_ADDRESS, "", "", TRACE_STOP,
		    "there is no address for this channel");
		return GATE_RULE_ADDRESS;
	}
	if (q->address_bad) {
		trace_add(trace, GATE_RULE_ADDRESS, "", "", TRACE_STOP,
		    "the address is known to be bad");
		return GATE_RULE_ADDRESS;
	}
	if (q->opted_out) {
		trace_add(trace, GATE_RULE_OPT_OUT, "", "", TRACE_STOP,
		    "the debtor does not want this channel");
		return GATE_RULE_OPT_OUT;
	}
	never = pack_never(pack, q->channel, q->purpose != NULL ? q->purpose : "", q->party,
	    q->role, q->region, zone_local(q->zone, q->now).day);
	if (never == NULL)
		return NULL;
	trace_add(trace, never->rule.id, never->rule.source, never->rule.confidence, TRACE_STOP,
	    "%s", never->rule.says);
	return never->rule.id;
}

/* One round: the latest of what all rules answer.  Hours come last, since the
 * end of the window is remembered from them. */
static instant_t round_next(struct asking *a, instant_t at)
{
	instant_t latest = at, next;

	if (a->answer == NULL || !a->answer->skips_caps) {
		latest = gap_next(a, at);
		for (size_t i = 0; i < a->pack->cap_count; i++) {
			next = cap_next(a, &a->pack->caps[i], at);
			if (next > latest)
				latest = next;
		}
	}
	if (a->answer == NULL || !a->answer->skips_hours) {
		next = hours_next(a, at);
		if (next > latest)
			latest = next;
	}
	return latest;
}

static void answer_find(struct asking *a)
{
	const struct gate_question *q = a->q;

	if (!q->debtor_initiated)
		return;
	a->answer = pack_answer(a->pack, q->party, q->role, q->region, a->today);
	if (a->answer != NULL)
		trace_add(a->trace, a->answer->rule.id, a->answer->rule.source,
		    a->answer->rule.confidence, TRACE_NOTE, "an answer to a debtor who "
		    "wrote first%s%s", a->answer->skips_hours ? "; hours do not bind" : "",
		    a->answer->skips_caps ? "; caps and gaps do not bind" : "");
}

void gate_ask(const struct pack *pack, const struct calendar *cal,
    const struct gate_question *q, struct trace *trace, struct gate_verdict *out)
{
	struct asking a = { .pack = pack, .cal = cal, .q = q, .trace = trace,
	    .latest = q->now };
	instant_t at = q->now, next = q->now;
	int rounds = 0;

	must(q->zone != NULL && q->channel < CHANNELS);
	must(q->gap_days_min >= 0 && q->gap_days_min <= GATE_GAP_DAYS_MAX);
	must(q->margin_minutes >= 0 && q->margin_minutes <= GATE_MARGIN_MINUTES_MAX);
	*out = (struct gate_verdict){ .answer = GATE_FORBIDDEN, .rule_id = forbidden(pack, q, trace) };
	if (out->rule_id != NULL)
		return;
	a.today = zone_local(q->zone, q->now).day;
	answer_find(&a);
	do {
		at = next;
		next = round_next(&a, at);
		a.trace = NULL;
		rounds++;
	} while (next > at && a.forbids == NULL && rounds < ROUNDS_MAX);
	if (next > at && a.forbids == NULL)
		a.forbids = a.waits_for;
	if (a.forbids != NULL) {
		out->rule_id = a.forbids;
		trace_add(trace, a.forbids, "", "", TRACE_STOP, "no time is open");
	} else if (at == q->now) {
		*out = (struct gate_verdict){ .answer = GATE_ALLOWED,
		    .closes_at = a.closes_at, .rule_id = "" };
	} else {
		*out = (struct gate_verdict){ .answer = GATE_WAIT, .retry_at = at,
		    .rule_id = a.waits_for };
	}
}
