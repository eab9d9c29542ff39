/* tone_words.c - see tone_words.h. */
#include "measure/tone_words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define VERDICT_P_MAX 0.05

const char tone_replay_note[] =
    "This is a replayed ledger: its payments happened before purr existed, so no "
    "message of purr can have caused any of them; every difference between the "
    "arms is chance, and these data hold no true tone effect.";

static bool holds_zero(double lower, double upper)
{
	return lower <= 0 && upper >= 0;
}

bool tone_is_no_worse(const struct tone_contrast *c, const struct tone_plan *plan)
{
	return plan->margin_basis_points > 0 &&
	    c->ninety.lower > -plan->margin_basis_points / 10000.0;
}

/* An experiment with a planned size: before it the limits of every look decide,
 * at it the one analysis; NULL: neither excludes 0 and nothing is lacking. */
static const char *planned_verdict(const struct tone_contrast *c, const struct tone_tally *t,
    bool guards)
{
	const struct tone_looks *l = c->looks;

	if (l->crossed_on != DAY_NONE && l->crossed_on < t->until)
		return l->crossed.estimate < 0 ? "worse" : guards ? "better" : "better_with_cost";
	if (!t->ended)
		return "withheld:running";
	if (holds_zero(c->final.lower, c->final.upper))
		return NULL;
	return c->final.upper < 0 ? "worse" : guards ? "better" : "better_with_cost";
}

const char *tone_verdict(const struct tone_contrast *c, const struct tone_plan *plan,
    const struct tone_tally *t, bool guards)
{
	const struct figure *d = &c->difference;
	const double margin = plan->margin_basis_points / 10000.0;
	const bool open = holds_zero(d->lower, d->upper);
	const bool small_p = d->p_adjusted < VERDICT_P_MAX;
	const char *planned = NULL;

	if (!t->valid)
		return "withheld:health";
	if (plan->no_true_effect)
		return "withheld:replay";
	switch (d->reason) {
	case REASON_NOT_MATURED:	return "withheld:not_matured";
	case REASON_EMPTY_ARM:		return "withheld:empty_arm";
	case REASON_TINY_N:		return "withheld:tiny_n";
	case REASON_NO_EVENTS:		return "withheld:no_events";
	case REASON_ALL_EVENTS:		return "withheld:all_events";
	case REASON_NONE:
	case REASON_RATIO_UNDEFINED:
	case REASON_ZERO_VARIANCE:
	case REASON_ZERO_DENOMINATOR:
	case REASON_BEYOND_FOLLOW_UP:
	case REASON_WITHHELD:
	case REASON_NOT_REACHED:
	case REASON_NO_EVENTS_IN_ARM:
	case REASON_SEVERAL_EPOCHS:
	case REASON_NOT_RECORDED:
	case REASON_PROPENSITY_MISSING:
	case REASON_MONOTONE:		break;
	}
	if (!t->enough)
		return "withheld:collecting";
	if (plan->planned.debtors > 0) {
		planned = planned_verdict(c, t, guards);
		if (planned != NULL)
			return planned;
	} else if (open == small_p || (!isnan(c->agresti_caffo.lower) &&
	    open != holds_zero(c->agresti_caffo.lower, c->agresti_caffo.upper))) {
		return "borderline";
	} else if (!open) {
		return d->estimate < 0 ? "worse" : guards ? "better" : "better_with_cost";
	}
	if (margin > 0 && c->simultaneous.lower > -margin && c->simultaneous.upper < margin)
		return "equivalent";
	return tone_is_no_worse(c, plan) ? "no_worse" : "no_difference_shown";
}

/* --- the sentence ----------------------------------------------------------- */

static void adverb_put(struct str *out, const char *arm)
{
	static const struct { const char *arm, *adverb; } word[] = {
		{ "warm", "warmly" }, { "neutral", "neutrally" }, { "firm", "firmly" },
		{ "programme", "by the programme" }, { "holdout", "with the legal minimum" },
	};

	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		if (strcmp(word[i].arm, arm) == 0) {
			str_put(out, word[i].adverb);
			return;
		}
	str_printf(out, "in the way of \"%s\"", arm);
}

static long per_hundred(double share)
{
	return lround(share * 100);
}

/* "2 more (-3 to 7)"; behind "fewer" a bare sign would be read the wrong way
 * round, so there the limits are words. */
static void effect_put(struct str *out, const struct figure *d)
{
	const long by = per_hundred(d->estimate);
	const long lower = per_hundred(d->lower), upper = per_hundred(d->upper);

	if (by >= 0) {
		str_printf(out, "%ld more (%ld to %ld)", by, lower, upper);
		return;
	}
	str_printf(out, "%ld fewer (%ld fewer to %ld %s)", -by, -lower, labs(upper),
	    upper < 0 ? "fewer" : "more");
}

/* Of an experiment with a planned size the limits decide that hold at every look, or those of
 * the one analysis; the ones in the sentence are of this look alone. */
static void planned_put(struct str *out, const struct tone_contrast *c, const struct tone_tally *t)
{
	const struct tone_looks *l = c->looks;
	const bool crossed = l->crossed_on != DAY_NONE && l->crossed_on < t->until;
	const bool last = t->ended && !crossed;
	const double lower = last ? c->final.lower : l->at[l->count - 1].limits.lower;
	const double upper = last ? c->final.upper : l->at[l->count - 1].limits.upper;

	if (isnan(lower) || isnan(upper))
		return;
	str_printf(out, " These are limits of a single look; %s they are %+.1f to %+.1f in 100.", last ?
	    "by the one analysis that was planned" : "whenever one looks", 100 * lower + 0.0,
	    100 * upper + 0.0);
}

void tone_sentence(struct str *out, const struct tone_contrast *c,
    const struct tone_tally *t)
{
	const struct figure *d = &c->difference;
	char day[DAY_TEXT_BYTES];

	if (!t->valid) {
		str_printf(out, "The effect of %s is withheld: see health.", c->arm);
		return;
	}
	if (d->reason == REASON_EMPTY_ARM) {
		str_printf(out, "No debtor was assigned to %s or to %s.", c->arm, c->reference);
		return;
	}
	if (d->reason == REASON_NOT_MATURED) {
		str_printf(out, "No %d-day result for %s yet", t->horizon, c->arm);
		if (t->first_result_on != DAY_NONE)
			str_printf(out, "; first %d-day results on %s", t->horizon,
			    day_text(t->first_result_on, day));
		str_putc(out, '.');
		return;
	}
	if (d->reason == REASON_TINY_N) {
		str_printf(out, "Too few debtors to judge %s against %s.", c->arm, c->reference);
		return;
	}
	str_put(out, "Of 100 debtors written to ");
	adverb_put(out, c->arm);
	str_put(out, " instead of ");
	adverb_put(out, c->reference);
	str_put(out, ", ");
	effect_put(out, d);
	str_printf(out, " pay in full within %d days.", t->horizon);
	if (d->reason == REASON_NO_EVENTS)
		str_put(out, " Nobody has paid in either arm.");
	else if (d->reason == REASON_ALL_EVENTS)
		str_put(out, " Everybody paid.");
	else if (c->looks != NULL && c->looks->count > 0)
		planned_put(out, c, t);
	else if (holds_zero(d->lower, d->upper))
		str_printf(out, " No difference larger than %.0f in 100 either way.",
		    ceil(100 * fmax(-d->lower, d->upper)));
}

/* --- the status --------------------------------------------------------------- */

static day_t first_crossing(const struct tone_plan *plan, const struct tone_tally *t,
    const struct tone_looks *looks)
{
	day_t first = DAY_NONE;

	for (size_t i = 0; i < plan->arm_count; i++) {
		const day_t on = i == plan->reference ? DAY_NONE : looks[i].crossed_on;

		if (on != DAY_NONE && on < t->until && (first == DAY_NONE || on < first))
			first = on;
	}
	return first;
}

const char *tone_status(const struct tone_plan *plan, const struct tone_tally *t,
    const struct tone_looks *looks)
{
	if (!t->valid)
		return "invalid";
	if (!t->enough)
		return "collecting";
	if (plan->planned.debtors == 0)
		return "running";
	if (first_crossing(plan, t, looks) != DAY_NONE)
		return "stopped early";
	return t->ended ? "finished" : "running";
}

void tone_status_line(struct str *out, const struct tone_plan *plan,
    const struct tone_tally *t, const struct tone_looks *looks)
{
	const day_t crossed = first_crossing(plan, t, looks);
	char day[DAY_TEXT_BYTES];
	int64_t matured = 0;

	for (size_t i = 0; i < plan->arm_count; i++)
		matured += t->arm[i].share.n;
	if (!t->valid) {
		str_put(out, t->rejected_too_many
		    ? "results withheld: too many rows had to be rejected"
		    : "results withheld: assignment is broken");
	} else if (t->rows == 0) {
		str_put(out, "nobody has been assigned yet");
	} else if (matured == 0 && t->first_result_on != DAY_NONE) {
		str_printf(out, "first %d-day results on %s", t->horizon,
		    day_text(t->first_result_on, day));
	} else if (!t->enough) {
		str_printf(out, "no verdict before every arm has %d matured debtors, "
		    "%d who paid and %d who did not", TONE_MATURED_MIN,
		    TONE_PAYERS_MIN, TONE_NONPAYERS_MIN);
	} else if (plan->planned.debtors == 0) {
		str_printf(out, "%" PRId64 " debtors have matured", matured);
	} else if (crossed != DAY_NONE) {
		str_printf(out, "limits that hold at every look excluded no difference on %s; an "
		    "estimate at an early stop is likely somewhat too large",
		    day_text(crossed, day));
	} else if (t->ended) {
		str_printf(out, "the analysis that was planned, of %" PRId64 " of %" PRId64
		    " debtors, was on %s; what came later changes nothing here", matured,
		    plan->planned.debtors, day_text(t->until, day));
	} else {
		str_printf(out, "%" PRId64 " of the planned %" PRId64 " debtors have matured; no "
		    "verdict before that unless the limits of every look exclude no difference",
		    t->matured_all, plan->planned.debtors);
		if (t->due_on != DAY_NONE)
			str_printf(out, "; at the rate so far that is on %s", day_text(t->due_on, day));
	}
}
