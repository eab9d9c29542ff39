/* pack.c - see pack.h: questions to a pack.  pack_file.c reads one. */
#include "gate/pack.h"

#include <string.h>

#include "gate/calendar.h"

#define ROLL_DAYS_MAX 31

bool rule_applies(const struct rule *r, enum party party, enum role role,
    const char *region, day_t on)
{
	if ((r->parties >> party & 1) == 0 || (r->roles >> role & 1) == 0)
		return false;
	if (r->region[0] != '\0' && (region == NULL || strcmp(r->region, region) != 0))
		return false;
	return (r->valid_from == DAY_NONE || on >= r->valid_from) &&
	    (r->valid_to == DAY_NONE || on <= r->valid_to);
}

const char *pack_calendar(const struct pack *pack, const char *region)
{
	for (size_t i = 0; region != NULL && i < pack->region_count; i++)
		if (strcmp(pack->regions[i].name, region) == 0)
			return pack->regions[i].calendar;
	return pack->calendar;
}

const struct hours_rule *pack_hours(const struct pack *pack, enum channel channel,
    enum party party, enum role role, const char *region, day_t on)
{
	for (size_t i = 0; i < pack->hours_count; i++) {
		const struct hours_rule *h = &pack->hours[i];

		if ((h->channels >> channel & 1) && rule_applies(&h->rule, party, role, region, on))
			return h;
	}
	return NULL;
}

const struct holiday_rule *pack_holiday(const struct pack *pack, bool as_sunday,
    enum party party, enum role role, const char *region, day_t on)
{
	for (size_t i = 0; i < pack->holiday_count; i++) {
		const struct holiday_rule *h = &pack->holidays[i];

		if (h->as_sunday == as_sunday && rule_applies(&h->rule, party, role, region, on))
			return h;
	}
	return NULL;
}

const struct answer_rule *pack_answer(const struct pack *pack, enum party party,
    enum role role, const char *region, day_t on)
{
	for (size_t i = 0; i < pack->answer_count; i++)
		if (rule_applies(&pack->answers[i].rule, party, role, region, on))
			return &pack->answers[i];
	return NULL;
}

const struct fee_rule *pack_fee_of_kind(const struct pack *pack, enum fee_kind kind,
    enum party party, enum role role, const char *currency, day_t on)
{
	const struct fee_rule *best = NULL;

	for (size_t i = 0; i < pack->fee_count; i++) {
		const struct fee_rule *f = &pack->fees[i];

		if (f->kind == kind && strcmp(f->currency, currency) == 0 &&
		    rule_applies(&f->rule, party, role, NULL, on) &&
		    (best == NULL || f->max_minor < best->max_minor))
			best = f;
	}
	return best;
}

const struct fee_rule *pack_fee(const struct pack *pack, enum party party, enum role role,
    const char *currency, day_t on)
{
	return pack_fee_of_kind(pack, FEE_REMINDER, party, role, currency, on);
}

const struct interest_rule *pack_interest(const struct pack *pack, enum party party,
    enum role role, day_t on)
{
	const struct interest_rule *best = NULL;

	for (size_t i = 0; i < pack->interest_count; i++) {
		const struct interest_rule *r = &pack->interests[i];

		if (rule_applies(&r->rule, party, role, NULL, on) &&
		    (best == NULL || r->rate_bp < best->rate_bp))
			best = r;
	}
	return best;
}

const struct deadline_rule *pack_deadline(const struct pack *pack, const char *purpose,
    enum party party, enum role role, day_t on)
{
	const struct deadline_rule *best = NULL;

	for (size_t i = 0; i < pack->deadline_count; i++) {
		const struct deadline_rule *d = &pack->deadlines[i];

		if (strcmp(d->purpose, purpose) == 0 &&
		    rule_applies(&d->rule, party, role, NULL, on) &&
		    (best == NULL || d->days > best->days))
			best = d;
	}
	return best;
}

const struct step_rule *pack_step(const struct pack *pack, const char *purpose,
    enum party party, enum role role, day_t on)
{
	const struct step_rule *best = NULL;

	for (size_t i = 0; i < pack->step_count; i++) {
		const struct step_rule *s = &pack->steps[i];

		if (strcmp(s->purpose, purpose) == 0 &&
		    rule_applies(&s->rule, party, role, NULL, on) &&
		    (best == NULL || s->min_age_days > best->min_age_days))
			best = s;
	}
	return best;
}

/* The day on which `count` bank days after `from` have gone by. */
static day_t after_bank_days(const struct calendar *cal, day_t from, int count)
{
	while (count > 0)
		count -= calendar_is_bank_day(cal, ++from);
	return from;
}

static bool is_day_to_end_on(enum roll roll, const struct calendar *cal, day_t day)
{
	switch (roll) {
	case ROLL_NONE:
		break;
	case ROLL_NEXT_BANK_DAY:
		return calendar_is_bank_day(cal, day);
	case ROLL_NEXT_OPEN_DAY:
		return day_weekday(day) != 7 && !calendar_is_closed_day(cal, day);
	}
	return true;
}

day_t deadline_day(const struct deadline_rule *rule, const struct calendar *cal,
    day_t dispatched_on, int extra_days)
{
	const day_t received_on = dispatched_on + rule->receipt_days;
	day_t day = rule->count_from == COUNT_FROM_RECEIPT ? received_on : dispatched_on;

	day += rule->days + (rule->exclusive ? 1 : 0) + extra_days;
	if (rule->min_bank_days > 0) {
		const day_t bank = after_bank_days(cal, received_on, rule->min_bank_days);

		if (bank > day)
			day = bank;
	}
	for (int i = 0; i < ROLL_DAYS_MAX && !is_day_to_end_on(rule->roll, cal, day); i++)
		day++;
	return day;
}
