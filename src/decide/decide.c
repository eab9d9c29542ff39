/* decide.c - see decide.h.
 *
 * Read decide() at the end first: it is the order of the questions.  What is
 * asked of the whole debtor comes before what is asked of each case, and the
 * gate comes last, since its answer is the one that ages fastest.
 */
#include "decide/decide.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "decide/charge.h"
#include "decide/claim.h"
#include "decide/law.h"
#include "decide/minimum.h"
#include "decide/place.h"
#include "decide/reach.h"
#include "decide/step_wait.h"
#include "decide/voice.h"

#define LADDER_CLIMBED "ladder.climbed"

struct asking {
	const struct decide_facts	*facts;
	const struct decide_rules	*rules;
	struct trace			*trace;
	struct decision			*out;
	day_t				 today;		/* in the creditor's zone */
};

static void set_reason(struct decision *out, const char *reason)
{
	(void)snprintf(out->reason, sizeof(out->reason), "%s", reason);
}

static void wait(struct asking *ask, const char *reason, instant_t until)
{
	ask->out->result = DECIDE_WAIT;
	ask->out->next_check_at = until;
	set_reason(ask->out, reason);
}

static instant_t day_start(const struct asking *ask, day_t day)
{
	return zone_instant(ask->facts->creditor_zone, day, 0);
}

static const char *hold_reason(const struct decide_hold *hold, char out[DECIDE_REASON_BYTES])
{
	(void)snprintf(out, DECIDE_REASON_BYTES, "hold.%s", hold_type_name(hold->type));
	return out;
}

/* id 0: `what` needs no number. */
static void trace_hold(struct asking *ask, const char *what, int64_t id,
    const struct decide_hold *hold)
{
	char until[INSTANT_TEXT_BYTES], number[24] = "";

	if (id != 0)
		(void)snprintf(number, sizeof(number), " %" PRId64, id);
	trace_add(ask->trace, "hold", "", "", TRACE_WAIT,
	    "%s%s is on hold (%s) until %s", what, number, hold_type_name(hold->type),
	    hold->until == DECIDE_HOLDS_FOREVER ? "somebody releases it" :
	    instant_text(hold->until, until));
	law_trace_hold(ask->facts, ask->rules, ask->trace, ask->facts->cases[0].schedule->role,
	    hold->type, ask->today);
}

/* --- what stops the whole debtor ------------------------------------------- */

static bool stops_debtor(struct asking *ask)
{
	const struct decide_facts *f = ask->facts;
	struct decide_hold law;
	char reason[DECIDE_REASON_BYTES];

	if (f->hold.held) {
		trace_hold(ask, "the debtor or the whole creditor", 0, &f->hold);
		wait(ask, hold_reason(&f->hold, reason), f->hold.until);
		return true;
	}
	law = law_stops_debtor(f, ask->rules, ask->today);
	if (law.held) {
		trace_hold(ask, "by law the whole debtor, for one claim,", 0, &law);
		wait(ask, hold_reason(&law, reason), law.until);
		return true;
	}
	if (f->unknown_contact != 0) {
		trace_add(ask->trace, "contact.unknown", "", "", TRACE_WAIT,
		    "nobody knows whether contact %" PRId64 " arrived; a person must say",
		    f->unknown_contact);
		wait(ask, "contact.unknown", INSTANT_MAX);
		return true;
	}
	if (f->pending_contact != 0) {
		trace_add(ask->trace, "contact.pending", "", "", TRACE_WAIT,
		    "contact %" PRId64 " is on its way", f->pending_contact);
		wait(ask, "contact.pending", INSTANT_MAX);
		return true;
	}
	if (f->loose_money) {
		trace_add(ask->trace, "money.unallocated", "", "", TRACE_WAIT,
		    "money has come in that belongs to no invoice yet");
		wait(ask, "money.unallocated", INSTANT_MAX);
		return true;
	}
	trace_add(ask->trace, "debtor.free", "", "", TRACE_PASS,
	    "no hold, nothing on its way, no unallocated money");
	return false;
}

/* --- the ladder of one case ------------------------------------------------- */

struct ripe {
	bool		 ripe;
	size_t		 carrying;
	int		 step;
	instant_t	 next_check_at;	/* when not ripe */
	char		 reason[DECIDE_REASON_BYTES];
};

static void not_ripe(struct ripe *ripe, const char *reason, instant_t until)
{
	(void)snprintf(ripe->reason, sizeof(ripe->reason), "%s", reason);
	ripe->next_check_at = until;
}

/* The oldest invoice that is neither held nor at the end of its ladder carries;
 * there is none: the first release. */
static bool find_carrying(struct asking *ask, const struct decide_case *c, struct ripe *ripe)
{
	instant_t first = INSTANT_MAX;
	char reason[DECIDE_REASON_BYTES] = "nothing_open";

	for (size_t i = 0; i < c->invoice_count; i++) {
		const struct decide_hold *hold = &c->invoices[i].hold;

		if (!hold->held && ladder_next(c->schedule, &c->invoices[i].place,
		    ask->today).step >= 0) {
			ripe->carrying = i;
			return true;
		}
		if (!hold->held) {
			if (first == INSTANT_MAX && strncmp(reason, "hold.", 5) != 0)
				(void)snprintf(reason, sizeof(reason), LADDER_CLIMBED);
			continue;
		}
		trace_hold(ask, "invoice", c->invoices[i].id, hold);
		if (hold->until <= first) {
			first = hold->until;
			hold_reason(hold, reason);
		}
	}
	not_ripe(ripe, reason, first);
	return false;
}

/* The first end of a held invoice's hold: the case is looked at again then,
 * whatever its carrying invoice waits for. */
static instant_t first_release(const struct decide_case *c)
{
	instant_t first = INSTANT_MAX;

	for (size_t i = 0; i < c->invoice_count; i++)
		if (c->invoices[i].hold.held && c->invoices[i].hold.until < first)
			first = c->invoices[i].hold.until;
	return first;
}

static instant_t sooner(instant_t a, instant_t b)
{
	return a < b ? a : b;
}

static void ask_ladder(struct asking *ask, const struct decide_case *c, struct ripe *ripe)
{
	const struct decide_invoice *carrying = &c->invoices[ripe->carrying];
	const struct ladder_next next = ladder_next(c->schedule, &carrying->place, ask->today);
	char text[DAY_TEXT_BYTES];
	day_t day;

	if (next.lapsed > 0)
		trace_add(ask->trace, "ladder.lapsed", "", "", TRACE_NOTE,
		    "%d step(s) of case %" PRId64 " passed over: their time is past",
		    next.lapsed, c->id);
	must(next.step >= 0);		/* else it would not carry */
	day = law_step_day(ask->facts, ask->rules, ask->trace, c, &carrying->place, next.step,
	    next.due_on, ask->today);
	day = step_wait_day(&c->schedule->steps[next.step], ask->rules->calendar, day, ask->trace);
	ripe->step = next.step;
	ripe->ripe = day <= ask->today;
	trace_add(ask->trace, "ladder.step", c->schedule->name, "",
	    ripe->ripe ? TRACE_PASS : TRACE_WAIT,
	    "step %s of case %" PRId64 ", carried by invoice %" PRId64 ", is due on %s",
	    c->schedule->steps[next.step].id, c->id, carrying->id, day_text(day, text));
	if (!ripe->ripe)
		not_ripe(ripe, "not_due", sooner(day_start(ask, day), first_release(c)));
	else if (step_wait_approval(c, carrying, ripe->step, ask->facts->edition,
	    ask->trace)) {
		ripe->ripe = false;
		not_ripe(ripe, DECIDE_APPROVAL, first_release(c));
	}
}

static void below_minimum(struct asking *ask, const struct decide_case *c, struct ripe *ripe,
    day_t next)
{
	trace_add(ask->trace, "schedule.min_amount", c->schedule->name, "", TRACE_STOP,
	    "case %" PRId64 " owes less than the schedule's minimum", c->id);
	ripe->ripe = false;
	not_ripe(ripe, "below_minimum", sooner(first_release(c),
	    next == DAY_NONE ? INSTANT_MAX : day_start(ask, next)));
}

static void ask_case(struct asking *ask, const struct decide_case *c, struct ripe *ripe)
{
	char reason[DECIDE_REASON_BYTES];

	*ripe = (struct ripe){ .next_check_at = INSTANT_MAX };
	if (c->hold.held) {
		trace_hold(ask, "case", c->id, &c->hold);
		not_ripe(ripe, hold_reason(&c->hold, reason), c->hold.until);
		return;
	}
	if (!find_carrying(ask, c, ripe))
		return;
	if (ask->facts->edition == 1 && !minimum_of_all(c)) {
		below_minimum(ask, c, ripe, DAY_NONE);
		return;
	}
	ask_ladder(ask, c, ripe);
	if (ripe->ripe && ask->facts->edition > 1 && !minimum_of_step(c, ripe->step, ask->today))
		below_minimum(ask, c, ripe,
		    minimum_next_day(c, ripe->carrying, ripe->step, ask->today));
}

bool decide_counts(const struct decide_case *c, const struct decide_invoice *invoice,
    int step, day_t today)
{
	const struct ladder_next next = ladder_next(c->schedule, &invoice->place, today);

	if (invoice->hold.held || invoice->place.last_step >= step)
		return false;
	return next.step == step && next.due_on <= today;
}

/* --- the moment ------------------------------------------------------------- */

/* The instant from which the step is past, INSTANT_MAX for never. */
static instant_t lapse_instant(struct asking *ask, const struct schedule_step *step)
{
	instant_t first = INSTANT_MAX;

	if (step->lapse_days == STEP_NEVER_LAPSES)
		return first;
	for (size_t i = 0; i < ask->out->case_count; i++) {
		const struct decide_step *part = &ask->out->cases[i];
		const struct decide_case *c = &ask->facts->cases[part->case_index];

		first = sooner(first, day_start(ask,
		    c->invoices[part->carrying].place.due_on + step->lapse_days));
	}
	return first;
}

/* Gate's answer -> a contact for now or a known hour, or a wait. */
static void set_moment(struct asking *ask, const struct schedule_step *step,
    const struct gate_verdict *verdict)
{
	const struct decide_facts *f = ask->facts;
	const instant_t lapses = lapse_instant(ask, step);
	struct decision *out = ask->out;

	out->ripe_at = verdict->answer == GATE_ALLOWED ? f->now : verdict->retry_at;
	out->closes_at = verdict->closes_at;
	out->expires_at = sooner(lapses,
	    out->ripe_at + (instant_t)DECIDE_EXPIRY_DAYS * SECONDS_PER_DAY);
	if (out->ripe_at >= lapses) {
		trace_add(ask->trace, "ladder.lapsed", "", "", TRACE_WAIT,
		    "the step would be past before it may be sent");
		wait(ask, "lapses", lapses);
	} else if (verdict->answer == GATE_WAIT && !reach_is_hours(ask->rules->pack, verdict->rule_id)) {
		wait(ask, verdict->rule_id, verdict->retry_at);
	} else {
		out->result = DECIDE_CONTACT;
		out->next_check_at = INSTANT_MAX;
		set_reason(out, verdict->rule_id);
	}
}

/* --- the whole -------------------------------------------------------------- */

/* Of the ripe cases the one furthest up its ladder leads; others join it when
 * they are ripe for the very same step, else they wait for the gap. */
static bool choose_lead(struct asking *ask, const struct ripe *ripe)
{
	const struct decide_facts *f = ask->facts;
	struct decision *out = ask->out;
	int lead = -1;

	for (size_t i = 0; i < f->case_count; i++)
		if (ripe[i].ripe && (lead < 0 || ripe[i].step > ripe[lead].step))
			lead = (int)i;
	if (lead < 0)
		return false;
	out->schedule = f->cases[lead].schedule;
	out->step = ripe[lead].step;
	for (size_t i = 0; i < f->case_count; i++)
		if (ripe[i].ripe && ripe[i].step == out->step &&
		    f->cases[i].schedule == out->schedule)
			out->cases[out->case_count++] = (struct decide_step){
			    .case_index = i, .carrying = ripe[i].carrying };
	return true;
}

/* Chooses the voice of what is ripe.  True: the arm passes this step over; its cases
 * wait until it lapses, and the others are asked. */
static bool passes_over(struct asking *ask, struct ripe *ripe)
{
	struct decision *out = ask->out;
	const struct schedule_step *step = &out->schedule->steps[out->step];

	out->assign = false;		/* what was passed over before waits anyway */
	if (step->handover || ask->rules->pack == NULL || ask->rules->calendar == NULL)
		return false;
	voice_choose(ask->facts, ask->rules, ask->trace, step, out);
	if (!voice_passes_over(ask->rules, ask->trace, step, out))
		return false;
	for (size_t i = 0; i < out->case_count; i++) {
		ripe[out->cases[i].case_index].ripe = false;
		not_ripe(&ripe[out->cases[i].case_index], DECIDE_NO_HEADS_UP,
		    lapse_instant(ask, step));
	}
	out->case_count = 0;
	return true;
}

/* Nothing is ripe: the soonest of the cases' own next looks. */
static void wait_for_soonest(struct asking *ask, const struct ripe *ripe)
{
	const char *reason = "nothing_open";
	instant_t soonest = INSTANT_MAX;

	for (size_t i = 0; i < ask->facts->case_count; i++) {
		/* Of two that only an event ends, the one that is not over. */
		if (i == 0 || ripe[i].next_check_at < soonest ||
		    (ripe[i].next_check_at == soonest && strcmp(reason, LADDER_CLIMBED) == 0)) {
			soonest = ripe[i].next_check_at;
			reason = ripe[i].reason;
		}
	}
	wait(ask, reason, soonest);
	if (strcmp(reason, LADDER_CLIMBED) == 0)
		ask->out->result = DECIDE_NOTHING;
}

static void decide_contact(struct asking *ask, const struct schedule_step *step)
{
	const struct decide_facts *f = ask->facts;
	struct gate_verdict verdict = { 0 };
	day_t dispatch_on;

	if (ask->rules->pack == NULL || ask->rules->calendar == NULL) {
		trace_add(ask->trace, "pack.missing", "", "", TRACE_STOP,
		    "there is no rule pack for the debtor's country");
		wait(ask, "pack.missing", INSTANT_MAX);
		return;
	}
	place_trace(f, ask->rules->pack, ask->trace);
	if (!reach_choose(f, ask->rules, ask->trace, step, ask->out, &verdict)) {
		const instant_t lapses = f->edition > 2 ? lapse_instant(ask, step) : INSTANT_MAX;

		wait(ask, lapses < INSTANT_MAX ? DECIDE_UNREACHED : "no_channel", lapses);
		return;
	}
	set_moment(ask, step, &verdict);
	if (ask->out->result != DECIDE_CONTACT)
		return;
	dispatch_on = zone_local(f->creditor_zone, ask->out->ripe_at).day;
	ask->out->dispatch_on = dispatch_on;
	charge_fees(f, ask->rules, ask->trace, step, dispatch_on, ask->out);
	claim_sum(f, ask->rules, ask->trace, ask->out);
	charge_deadline(f, ask->rules, ask->trace, step, dispatch_on, ask->out);
}

void decide(const struct decide_facts *facts, const struct decide_rules *rules,
    struct trace *trace, struct decision *out)
{
	struct ripe ripe[DECIDE_CASES_MAX];
	struct asking ask = { .facts = facts, .rules = rules, .trace = trace, .out = out,
	    .today = zone_local(facts->creditor_zone, facts->now).day };

	must(facts->case_count <= DECIDE_CASES_MAX);
	must(facts->edition >= 1 && facts->edition <= DECIDE_EDITION);
	*out = (struct decision){ .next_check_at = INSTANT_MAX, .arm = -1, .step = -1,
	    .deadline_on = DAY_NONE, .sender = "", .hour = SCHEDULE_NO_HOUR };
	set_reason(out, "nothing_open");
	if (facts->case_count == 0 || stops_debtor(&ask))
		return;
	for (size_t i = 0; i < facts->case_count; i++)
		ask_case(&ask, &facts->cases[i], &ripe[i]);
	do {
		if (!choose_lead(&ask, ripe)) {
			wait_for_soonest(&ask, ripe);
			return;
		}
	} while (passes_over(&ask, ripe));
	if (out->schedule->steps[out->step].handover) {
		out->result = DECIDE_HAND_OVER;
		set_reason(out, "hand_over");
		return;
	}
	decide_contact(&ask, &out->schedule->steps[out->step]);
	/* Nobody enters an experiment by a message that is not planned. */
	out->assign = out->assign && out->result == DECIDE_CONTACT;
}

const char *decide_result_name(enum decide_result result)
{
	static const char *const names[] = { "nothing", "wait", "contact", "hand_over" };

	must(result <= DECIDE_HAND_OVER);
	return names[result];
}
