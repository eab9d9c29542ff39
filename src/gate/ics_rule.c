/* ics_rule.c - the RRULE of a part of an iCalendar file, checked.
 *
 * libical has split it into its parts and takes almost any number in them.
 * recurrence.c answers for what is let through here, and no more is.
 */
#include "gate/ics_rule.h"

#include "base/err.h"
#include "base/zone.h"

bool ics_time_is_real(const struct icaltimetype *t)
{
	if (t->year < ICS_YEAR_FIRST || t->year > ICS_YEAR_LAST ||
	    !ymd_is_real(t->year, t->month, t->day))
		return false;
	return t->is_date || (t->hour >= 0 && t->hour <= 23 && t->minute >= 0 &&
	    t->minute <= 59 && t->second >= 0 && t->second <= 59);
}

static bool months_read(const struct icalrecurrencetype *in,
    struct ics_rule *out, struct err *err)
{
	for (int i = 0; i < ICAL_BY_MONTH_SIZE &&
	    in->by_month[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
		if (in->by_month[i] < 1 || in->by_month[i] > 12)
			return err_set(err, ERR_INPUT, "RRULE: BYMONTH must be from 1 to 12");
		out->months |= 1u << in->by_month[i];
	}
	for (int i = 0; i < ICAL_BY_MONTHDAY_SIZE &&
	    in->by_month_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
		const int day = in->by_month_day[i];

		if (day == 0 || day < -31 || day > 31)
			return err_set(err, ERR_INPUT, "RRULE: BYMONTHDAY must be from 1 to 31 or "
			    "-1 to -31");
		if (day > 0)
			out->month_days |= UINT32_C(1) << day;
		else
			out->month_days_back |= UINT32_C(1) << -day;
	}
	return true;
}

static bool weekdays_read(const struct icalrecurrencetype *in,
    struct ics_rule *out, struct err *err)
{
	for (int i = 0; i < ICAL_BY_DAY_SIZE &&
	    in->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
		const int nth = icalrecurrencetype_day_position(in->by_day[i]);
		const int sunday_1 = (int)icalrecurrencetype_day_day_of_week(in->by_day[i]);
		const int weekday = sunday_1 == 1 ? 7 : sunday_1 - 1;
		const int most = out->months != 0 ? 5 : 53;

		if (weekday < 1 || weekday > 7)
			return err_set(err, ERR_INPUT, "RRULE: BYDAY is not a weekday");
		if (nth == 0) {
			out->weekdays |= 1u << weekday;
			continue;
		}
		if (out->frequency != ICS_YEARLY || nth > most || nth < -most)
			return err_set(err, ERR_INPUT, "RRULE: BYDAY counts weekdays that are not "
			    "there");
		if (out->nth_count == ICS_NTH_MAX)
			return err_set(err, ERR_INPUT, "RRULE: BYDAY is too long");
		out->nth[out->nth_count].weekday = weekday;
		out->nth[out->nth_count++].nth = nth;
	}
	return true;
}

/* UNTIL bounds starts.  A DATE with timed starts would lose the last day. */
static bool until_read(struct icaltimetype t, bool all_day, const struct zone *zone,
    struct ics_part *part, struct err *err)
{
	day_t day;
	int minute;

	if (icaltime_is_null_time(t)) {
		part->rule.until = INT32_MAX;
		return true;
	}
	if (!ics_time_is_real(&t))
		return err_set(err, ERR_INPUT, "RRULE: UNTIL is not a real date and time");
	day = day_from_ymd(t.year, t.month, t.day);
	if (all_day != (t.is_date != 0))
		return err_set(err, ERR_INPUT, "RRULE: %s", all_day
		    ? "UNTIL must be a date, as DTSTART is"
		    : "UNTIL must be a UTC date-time (20261231T230000Z); a bare "
		    "date would lose the last day");
	minute = t.hour * 60 + t.minute;
	if (!all_day && zone != NULL) {
		struct local_time local;

		if (!icaltime_is_utc(t))
			return err_set(err, ERR_INPUT, "RRULE: UNTIL must end in Z");
		local = zone_local(zone, day_instant_utc(day) + minute * 60 + t.second);
		day = local.day;
		minute = local.second / 60;
	}
	part->rule.until = all_day || minute >= part->minute ? day : day - 1;
	return true;
}

static bool has_only_known(const struct icalrecurrencetype *in, struct err *err)
{
	if (in->count != 0)
		return err_set(err, ERR_INPUT, "RRULE: COUNT is not taken; give UNTIL");
	if (in->rscale != NULL || in->skip != ICAL_SKIP_OMIT)
		return err_set(err, ERR_INPUT, "RRULE: RSCALE is not taken");
	if (in->by_second[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    in->by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    in->by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    in->by_year_day[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    in->by_week_no[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	    in->by_set_pos[0] != ICAL_RECURRENCE_ARRAY_MAX)
		return err_set(err, ERR_INPUT, "RRULE: only BYMONTH, BYMONTHDAY and BYDAY "
			    "are taken");
	return true;
}

static bool frequency_read(const struct icalrecurrencetype *in,
    struct ics_rule *out, struct err *err)
{
	if (in->freq == ICAL_DAILY_RECURRENCE)
		out->frequency = ICS_DAILY;
	else if (in->freq == ICAL_WEEKLY_RECURRENCE)
		out->frequency = ICS_WEEKLY;
	else if (in->freq == ICAL_YEARLY_RECURRENCE)
		out->frequency = ICS_YEARLY;
	else
		return err_set(err, ERR_INPUT, "RRULE: only DAILY, WEEKLY and YEARLY are "
			    "taken");
	if (in->interval < 1 || in->interval > 100 ||
	    (in->interval != 1 && out->frequency != ICS_YEARLY))
		return err_set(err, ERR_INPUT, "RRULE: INTERVAL is taken with YEARLY only, "
			    "up to 100");
	out->interval = in->interval;
	return true;
}

bool ics_rule_read(const struct icalrecurrencetype *in, bool all_day,
    const struct zone *zone, struct ics_part *part, struct err *err)
{
	struct ics_rule *out = &part->rule;

	if (!has_only_known(in, err) || !frequency_read(in, out, err) ||
	    !months_read(in, out, err) || !weekdays_read(in, out, err) ||
	    !until_read(in->until, all_day, zone, part, err))
		return false;
	/* readers of the RFC disagree on which months are meant then */
	if (out->months == 0 && (out->month_days != 0 || out->month_days_back != 0))
		return err_set(err, ERR_INPUT, "RRULE: BYMONTHDAY needs BYMONTH beside it");
	if (out->frequency != ICS_YEARLY) {
		if (out->month_days != 0 || out->month_days_back != 0)
			return err_set(err, ERR_INPUT, "RRULE: BYMONTHDAY is taken with "
			    "YEARLY only");
		if (out->weekdays == 0)
			out->weekdays = out->frequency == ICS_DAILY ? 0xfe
			    : 1u << day_weekday(part->first);
	}
	return ics_rule_matches(part, part->first) ||
	    err_set(err, ERR_INPUT, "DTSTART is not one of the days of its RRULE");
}
