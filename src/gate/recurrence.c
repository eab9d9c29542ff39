/* recurrence.c - on which days a part of an iCalendar file starts.
 *
 * A predicate for one day, and a search that skips the months in which a yearly
 * rule has nothing: no iterator that may run away, and COUNT (which would
 * need one) is refused when the file is read.
 *
 * Source: RFC 5545 section 3.3.10, the table of BYxxx parts, for the parts
 * that ics.c lets through.
 */
#include <stdlib.h>

#include "gate/ics.h"

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Is a day the nth (or nth last) of its weekday in a span of days that it is
 * `index` (from 0) into? */
static bool is_nth(int nth, int index, int span)
{
	if (nth > 0)
		return index / 7 + 1 == nth;
	return (span - 1 - index) / 7 + 1 == -nth;
}

static bool weekday_matches(const struct ics_rule *r, day_t day, struct ymd d)
{
	const int weekday = day_weekday(day);

	if (r->weekdays == 0 && r->nth_count == 0)
		return true;
	if (r->weekdays >> weekday & 1)
		return true;
	for (size_t i = 0; i < r->nth_count; i++) {
		if (r->nth[i].weekday != weekday)
			continue;
		if (r->months != 0
		    ? is_nth(r->nth[i].nth, d.day - 1, days_of_month(d.year, d.month))
		    : is_nth(r->nth[i].nth, day - day_from_ymd(d.year, 1, 1),
			365 + is_leap(d.year)))
			return true;
	}
	return false;
}

/* `d` is the day's date, `first` that of the part's first day. */
static bool yearly_matches(const struct ics_rule *r, struct ymd first, day_t day,
    struct ymd d)
{
	const bool days_given = r->month_days != 0 || r->month_days_back != 0;
	const bool weekdays_given = r->weekdays != 0 || r->nth_count != 0;
	int back;

	if ((d.year - first.year) % r->interval != 0)
		return false;
	if (r->months != 0 ? (r->months >> d.month & 1) == 0
	    : !days_given && !weekdays_given && d.month != first.month)
		return false;
	if (!days_given && !weekdays_given)
		return d.day == first.day;
	back = days_of_month(d.year, d.month) - d.day + 1;
	if (days_given && (r->month_days >> d.day & 1) == 0 &&
	    (r->month_days_back >> back & 1) == 0)
		return false;
	return weekday_matches(r, day, d);
}

bool ics_rule_matches(const struct ics_part *p, day_t day)
{
	const struct ics_rule *r = &p->rule;

	if (day < p->first || day > r->until)
		return false;
	switch (r->frequency) {
	case ICS_ONCE:
		break;
	case ICS_DAILY:
	case ICS_WEEKLY:
		if ((r->weekdays >> day_weekday(day) & 1) == 0)
			return false;
		return r->months == 0 || (r->months >> day_ymd(day).month & 1);
	case ICS_YEARLY:
		return yearly_matches(r, day_ymd(p->first), day, day_ymd(day));
	}
	return false;
}

static int compare_days(const void *a, const void *b)
{
	const day_t x = *(const day_t *)a, y = *(const day_t *)b;

	return (x > y) - (x < y);
}

static bool is_listed(const day_t *days, size_t count, day_t day)
{
	return count > 0 && bsearch(&day, days, count, sizeof(*days), compare_days) != NULL;
}

/* Does a yearly rule have nothing in a month? */
static bool month_is_idle(const struct ics_rule *r, struct ymd first, int month)
{
	if (r->months != 0)
		return (r->months >> month & 1) == 0;
	return r->weekdays == 0 && r->nth_count == 0 && r->month_days == 0 &&
	    r->month_days_back == 0 && month != first.month;
}

/* The first day that a yearly rule matches, from one on, before `end`. */
static day_t yearly_next(const struct ics_part *p, day_t day, day_t end)
{
	const struct ics_rule *r = &p->rule;
	const struct ymd first = day_ymd(p->first);
	struct ymd d = day_ymd(day);

	while (day < end) {
		const int days = days_of_month(d.year, d.month);

		for (bool idle = month_is_idle(r, first, d.month); !idle && d.day <= days;
		    d.day++, day++)
			if (day < end && yearly_matches(r, first, day, d))
				return day;
		day += days - d.day + 1;
		d = (struct ymd){ d.year + d.month / 12, d.month % 12 + 1, 1 };
	}
	return ICS_NEVER;
}

/* The first day that the rule matches, from one on; ICS_NEVER for none. */
static day_t rule_next(const struct ics_part *p, day_t day)
{
	const day_t last = day_from_ymd(ICS_YEAR_LAST, 12, 31);
	const day_t end = p->rule.until < last ? p->rule.until + 1 : last + 1;

	if (day <= p->first)
		return p->first;	/* is one of its days: ics_rule.c */
	switch (p->rule.frequency) {
	case ICS_ONCE:
		break;
	case ICS_DAILY:
	case ICS_WEEKLY:
		for (; day < end; day++)
			if (ics_rule_matches(p, day))
				return day;
		break;
	case ICS_YEARLY:
		return yearly_next(p, day, end);
	}
	return ICS_NEVER;
}

day_t ics_part_next(const struct ics_part *p, day_t day)
{
	for (;;) {
		day_t next = rule_next(p, day);

		for (size_t i = 0; i < p->added_count; i++) {
			if (p->added[i] >= day) {
				if (p->added[i] < next)
					next = p->added[i];
				break;
			}
		}
		if (next == ICS_NEVER || !is_listed(p->removed, p->removed_count, next))
			return next;
		day = next + 1;
	}
}
