/* gate.c - see gate.h.
 *
 * Each rule is one function: the first instant, from a given one on, to which
 * the rule has no objection.  They are asked in turn, from the latest answer
 * so far, until none moves it any further; so the instant found is allowed by
 * all of them, and none earlier is.  A rule that goes by the debtor's day or
 * hour is asked in each zone that the debtor may be in.
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
	const struct zone *const	*zones;
	size_t				 zone_count;
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
static day_t contact_day(const struct asking *a, const struct zone *zone,
    const struct gate_contact *c)
{
	const instant_t now = a->q->now;

	return zone_local(zone, c->at < now ? c->at : now).day;
}

/* Says in the trace what a rule answered, and remembers the longest wait.
 * `zone`: for which of several; NULL: for all. */
static instant_t answered(struct asking *a, const struct rule *rule, instant_t at,
    instant_t next, const char *why, const struct zone *zone)
{
	const char *in = zone != NULL && a->zone_count > 1 ? zone_name(zone) : "";
	const char *before = in[0] != '\0' ? ", in " : "";
	char text[INSTANT_TEXT_BYTES];

	if (a->trace != NULL) {
		if (next > at)
			trace_add(a->trace, rule->id, rule->source, rule->confidence,
			    TRACE_WAIT, "%s%s%s: wait until %s", why, before, in,
			    instant_text(next, text));
		else
			trace_add(a->trace, rule->id, rule->source, rule->confidence,
			    TRACE_PASS, "%s%s%s: nothing against it", why, before, in);
	}
	if (at == a->q->now && next > a->latest) {
		a->latest = next;
		a->waits_for = rule->id;
	}
	return next;
}

/* --- the rules -------------------------------------------------------------- */

static instant_t gap_in(const struct asking *a, const struct zone *zone, instant_t at)
{
	const struct gate_question *q = a->q;
	day_t last = DAY_NONE;

	for (size_t i = 0; i < q->sent_count; i++) {
		const day_t day = contact_day(a, zone, &q->sent[i]);

		if (day > last)
			last = day;
	}
	return last == DAY_NONE ? at : day_reached(zone, at, last + q->gap_days_min);
}

static bool newest_is_other(const struct gate_question *q)
{
	return q->sent_count > 0 && q->sent[0].other;
}

static instant_t gap_next(struct asking *a, instant_t at)
{
	static const struct rule gap = { .id = GATE_RULE_GAP, .source = "", .confidence = "" };
	instant_t latest = at;

	if (a->q->gap_days_min == 0)
		return at;
	for (size_t i = 0; i < a->zone_count; i++) {
		const instant_t next = gap_in(a, a->zones[i], at);

		latest = next > latest ? next : latest;
	}
	return answered(a, &gap, at, latest, newest_is_other(a->q) ? "days between two contacts; the "
	    "last one went to another customer who has the same address" :
	    "days between two contacts", NULL);
}

/* Contacts that count in the days of the cap that end with `day`. */
static int cap_used(const struct asking *a, const struct zone *zone,
    const struct cap_rule *cap, day_t day)
{
	int used = 0;

	for (size_t i = 0; i < a->q->sent_count; i++) {
		const struct gate_contact *c = &a->q->sent[i];
		const day_t on = contact_day(a, zone, c);

		used += (cap->counted >> c->channel & 1) && on > day - cap->days && on <= day;
	}
	return used;
}

static instant_t cap_in(const struct asking *a, const struct zone *zone,
    const struct cap_rule *cap, instant_t at)
{
	const day_t today = zone_local(zone, at).day;
	day_t day = today;

	/* contacts leave the cap's days one by one, all of them after `days` */
	while (cap_used(a, zone, cap, day) >= cap->max) {
		day++;
		must(day <= today + cap->days + 1);
		if (cap->rule.valid_to != DAY_NONE && day > cap->rule.valid_to)
			break;
	}
	return day > today ? day_reached(zone, at, day) : at;
}

static instant_t cap_next(struct asking *a, const struct cap_rule *cap, instant_t at)
{
	const struct gate_question *q = a->q;
	instant_t latest = at;
	bool binds = false;

	for (size_t i = 0; i < a->zone_count && (cap->channels >> q->channel & 1); i++) {
		instant_t next;

		if (!rule_applies(&cap->rule, q->party, q->role, q->region,
		    zone_local(a->zones[i], at).day))
			continue;
		binds = true;
		next = cap_in(a, a->zones[i], cap, at);
		latest = next > latest ? next : latest;
	}
	return binds ? answered(a, &cap->rule, at, latest, cap->rule.says, NULL) : at;
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

static instant_t hours_in(struct asking *a, const struct zone *zone, instant_t at)
{
	const struct gate_question *q = a->q;
	const day_t day = zone_local(zone, at).day;
	const struct hours_rule *hours = pack_hours(a->pack, q->channel, q->party, q->role,
	    q->region, day);
	const struct rule *reason;
	struct window_state w;

	if (hours == NULL) {
		if (q->channel != CHANNEL_LETTER)
			a->forbids = GATE_RULE_NO_HOURS;
		return at;
	}
	window_ask_lasting(a->cal, zone, at, q->margin_minutes * 60, &w);
	reason = hours_reason(a, hours, &w, day);
	if (!w.opens_again) {
		a->forbids = reason->id;
		return at;
	}
	if (a->closes_at == 0 || w.closes_at < a->closes_at)
		a->closes_at = w.closes_at;
	return answered(a, reason, at, w.next_open,
	    w.event[0] != '\0' ? w.event : reason->says, zone);
}

static instant_t hours_next(struct asking *a, instant_t at)
{
	instant_t latest = at;

	a->closes_at = 0;
	for (size_t i = 0; i < a->zone_count && a->forbids == NULL; i++) {
		const instant_t next = hours_in(a, a->zones[i], at);

		latest = next > latest ? next : latest;
	}
	return latest;
}

/* --- asking ----------------------------------------------------------------- */

/* What no waiting mends.  The rule's id, or NULL. */
static const char *forbidden(const struct asking *a, struct trace *trace)
{
	const struct gate_question *q = a->q;
	const struct never_rule *never = NULL;

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
	for (size_t i = 0; i < a->zone_count && never == NULL; i++)
		never = pack_never(a->pack, q->channel, q->purpose != NULL ? q->purpose : "",
		    q->party, q->role, q->region, zone_local(a->zones[i], q->now).day);
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

/* What it allows, it must allow in every zone. */
static void answer_find(struct asking *a)
{
	const struct gate_question *q = a->q;

	for (size_t i = 0; i < a->zone_count && q->debtor_initiated; i++) {
		const struct answer_rule *found = pack_answer(a->pack, q->party, q->role,
		    q->region, zone_local(a->zones[i], q->now).day);

		a->answer = i == 0 || found == a->answer ? found : NULL;
		if (a->answer == NULL)
			return;
	}
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
	    .zones = q->zone_count > 0 ? q->zones : &q->zone,
	    .zone_count = q->zone_count > 0 ? q->zone_count : 1, .latest = q->now };
	instant_t at = q->now, next = q->now;
	int rounds = 0;

	must((q->zone != NULL || q->zone_count > 0) && q->channel < CHANNELS);
	must(q->gap_days_min >= 0 && q->gap_days_min <= GATE_GAP_DAYS_MAX);
	must(q->margin_minutes >= 0 && q->margin_minutes <= GATE_MARGIN_MINUTES_MAX);
	*out = (struct gate_verdict){ .answer = GATE_FORBIDDEN, .rule_id = forbidden(&a, trace) };
	if (out->rule_id != NULL)
		return;
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
