/* pack.c - see pack.h: questions to a pack about contacts, steps and deadlines;
 * pack_money.c asks about money, pack_file.c reads one.
 */
#include "gate/pack.h"

#include <string.h>

#include "gate/calendar.h"

#define ROLL_DAYS_MAX 31

/* Is `word` one of the words of `list`? */
static bool has_word(const char *list, const char *word)
{
	const size_t len = strlen(word);

	for (const char *s = list + strspn(list, " "); *s != '\0'; s += strspn(s, " ")) {
		const size_t here = strcspn(s, " ");

		if (here == len && memcmp(s, word, len) == 0)
			return true;
		s += here;
	}
	return false;
}

bool rule_applies(const struct rule *r, enum party party, enum role role,
    const char *region, day_t on)
{
	if ((r->parties >> party & 1) == 0 || (r->roles >> role & 1) == 0)
		return false;
	if (r->region[0] != '\0' && region != NULL && !has_word(region, r->region))
		return false;
	return (r->valid_from == DAY_NONE || on >= r->valid_from) &&
	    (r->valid_to == DAY_NONE || on <= r->valid_to);
}

const char *pack_calendar(const struct pack *pack, const char *region)
{
	if (region == NULL)
		return pack->calendar_any[0] != '\0' ? pack->calendar_any : pack->calendar;
	for (size_t i = 0; i < pack->region_count; i++)
		if (pack->regions[i].calendar[0] != '\0' &&
		    has_word(region, pack->regions[i].name))
			return pack->regions[i].calendar;
	return pack->calendar;
}

const char *pack_calendar_next(const struct pack *pack, size_t *at)
{
	while (*at < pack->region_count + 2) {
		const size_t i = (*at)++;
		const char *name = i == 0 ? pack->calendar : i == 1 ? pack->calendar_any :
		    pack->regions[i - 2].calendar;

		if (name[0] != '\0')
			return name;
	}
	return NULL;
}

bool pack_has_region(const struct pack *pack, const char *name)
{
	for (size_t i = 0; i < pack->region_count; i++)
		if (strcmp(pack->regions[i].name, name) == 0)
			return true;
	return false;
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

const struct never_rule *pack_never(const struct pack *pack, enum channel channel,
    const char *purpose, enum party party, enum role role, const char *region, day_t on)
{
	for (size_t i = 0; i < pack->never_count; i++) {
		const struct never_rule *n = &pack->nevers[i];

		if ((n->channels >> channel & 1) &&
		    (n->purpose[0] == '\0' || strcmp(n->purpose, purpose) == 0) &&
		    rule_applies(&n->rule, party, role, region, on))
			return n;
	}
	return NULL;
}

const struct stop_rule *pack_stop(const struct pack *pack, enum hold_type hold,
    enum party party, enum role role, const char *region, day_t on)
{
	const struct stop_rule *found = NULL;

	for (size_t i = 0; i < pack->stop_count; i++) {
		const struct stop_rule *s = &pack->stops[i];

		if (s->hold == hold && rule_applies(&s->rule, party, role, region, on) &&
		    (found == NULL || (s->whole_debtor && !found->whole_debtor)))
			found = s;
	}
	return found;
}

/* --- steps and deadlines ----------------------------------------------------- */

const struct step_rule *pack_step_next(const struct pack *pack, size_t *at,
    const char *purpose, enum party party, enum role role, const char *region, day_t on)
{
	while (*at < pack->step_count) {
		const struct step_rule *s = &pack->steps[(*at)++];

		if (strcmp(s->purpose, purpose) == 0 &&
		    rule_applies(&s->rule, party, role, region, on))
			return s;
	}
	return NULL;
}

const struct deadline_rule *pack_deadline(const struct pack *pack, const struct calendar *cal,
    const char *purpose, enum channel channel, enum party party, enum role role,
    const char *region, day_t dispatched_on, day_t *last)
{
	const struct deadline_rule *best = NULL;

	for (size_t i = 0; i < pack->deadline_count; i++) {
		const struct deadline_rule *d = &pack->deadlines[i];
		day_t day;

		if ((d->channels >> channel & 1) == 0 || strcmp(d->purpose, purpose) != 0 ||
		    !rule_applies(&d->rule, party, role, region, dispatched_on))
			continue;
		day = deadline_day(d, cal, channel, dispatched_on);
		if (best == NULL || day > *last) {
			best = d;
			*last = day;
		}
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

day_t deadline_roll(const struct deadline_rule *rule, const struct calendar *cal, day_t day)
{
	for (int i = 0; i < ROLL_DAYS_MAX && !is_day_to_end_on(rule->roll, cal, day); i++)
		day++;
	return day;
}

day_t pack_posted_on(const struct calendar *cal, day_t handed_on, int bank_days)
{
	if (bank_days > 0)
		return after_bank_days(cal, handed_on, bank_days);
	return after_bank_days(cal, handed_on - 1, 1);
}

day_t deadline_day(const struct deadline_rule *rule, const struct calendar *cal,
    enum channel channel, day_t dispatched_on)
{
	const day_t received_on = after_bank_days(cal,
	    dispatched_on + rule->receipt_days[channel], rule->receipt_bank_days);
	day_t day = rule->count_from == COUNT_FROM_RECEIPT ? received_on : dispatched_on;

	day += rule->days + (rule->exclusive ? 1 : 0);
	if (rule->min_bank_days > 0) {
		const day_t bank = after_bank_days(cal, received_on, rule->min_bank_days);

		if (bank > day)
			day = bank;
	}
	return deadline_roll(rule, cal, day);
}
