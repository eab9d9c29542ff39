/* ics.c - see ics.h.
 *
 * Everything that is not understood is refused: a calendar says when people
 * may be disturbed, and half of one would say it wrongly.
 */
#include "gate/ics.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>
#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "gate/ics_rule.h"

struct reader {
	struct ics	*ics;
	const char	*file;
	struct err	*err;
	const char	*where;		/* the component at hand, for errors */
	bool		 zone_known;
	bool		 closed_days;	/* the VCALENDAR at hand holds nothing else */
	size_t		 part_room;
};

/* A DATE or DATE-TIME of the file, checked. */
struct when {
	bool	is_date;
	bool	is_utc;
	day_t	day;
	int	minute;
};

static bool refuse(const struct reader *r, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));

static bool refuse(const struct reader *r, const char *fmt, ...)
{
	char text[ERR_TEXT_BYTES_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(r->err, ERR_INPUT, "%s: %s: %s", r->file, r->where, text);
}

/* --- properties ------------------------------------------------------------- */

static icalproperty *only(const struct reader *r, icalcomponent *c,
    icalproperty_kind kind)
{
	icalproperty *p = icalcomponent_get_first_property(c, kind);

	if (p != NULL && icalcomponent_get_next_property(c, kind) != NULL)
		refuse(r, "%s is given twice; keep one",
		    icalproperty_kind_to_string(kind));
	return p;
}

/* All times of one file are local, or all of one zone. */
static bool zone_fits(struct reader *r, const char *zone)
{
	struct err err = { 0 };

	if (r->closed_days)
		return zone == NULL || refuse(r, "%s: closed days are whole days, or hours "
		    "of local time without Z and TZID", zone);
	if (zone != NULL && zone_find(zone, &err) == NULL)
		return refuse(r, "%s", err.text);
	if (r->zone_known) {
		if ((zone == NULL) != (r->ics->zone == NULL) ||
		    (zone != NULL && strcmp(zone, r->ics->zone) != 0))
			return refuse(r, "%s: times of one file must all be local or "
			    "all of one zone", zone == NULL ? "no TZID" : zone);
		return true;
	}
	r->zone_known = true;
	r->ics->zone = zone == NULL ? NULL : talloc_strdup(r->ics, zone);
	return true;
}

static bool edge_is_safe(int minute)
{
	return minute < ICS_SHIFT_FROM_MINUTE || minute > ICS_SHIFT_TO_MINUTE;
}

static bool when_read(struct reader *r, icalproperty *p, struct icaltimetype t,
    struct when *out)
{
	const char *name = icalproperty_kind_to_string(icalproperty_isa(p));
	icalparameter *tzid = icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER);
	const char *zone = tzid == NULL ? NULL : icalparameter_get_tzid(tzid);

	if (!ics_time_is_real(&t))
		return refuse(r, "%s is not a real date and time", name);
	*out = (struct when){ .is_date = t.is_date != 0, .is_utc = icaltime_is_utc(t) != 0,
	    .day = day_from_ymd(t.year, t.month, t.day) };
	if (out->is_date)
		return true;
	if (t.second != 0)
		return refuse(r, "%s is not a whole minute", name);
	if (out->is_utc && zone != NULL)
		return refuse(r, "%s has both a TZID and a Z", name);
	out->minute = t.hour * 60 + t.minute;
	if (!edge_is_safe(out->minute))
		return refuse(r, "%s lies from 01:00 to 04:00, where clocks are changed; "
		    "choose another edge", name);
	return zone_fits(r, out->is_utc ? "UTC" : zone);
}

static bool rule_read(struct reader *r, icalcomponent *c, bool all_day,
    struct ics_part *part)
{
	icalproperty *p = only(r, c, ICAL_RRULE_PROPERTY);
	struct icalrecurrencetype in;
	struct err err = { 0 };

	part->rule.until = INT32_MAX;
	if (p == NULL || err_is_set(r->err))
		return !err_is_set(r->err);
	in = icalproperty_get_rrule(p);
	return ics_rule_read(&in, all_day, r->ics->zone == NULL ? NULL
	    : zone_find(r->ics->zone, NULL), part, &err) || refuse(r, "%s", err.text);
}

/* --- RDATE, EXDATE ---------------------------------------------------------- */

static int compare_days(const void *a, const void *b)
{
	const day_t x = *(const day_t *)a, y = *(const day_t *)b;

	return (x > y) - (x < y);
}

static bool dates_read(struct reader *r, icalcomponent *c, icalproperty_kind kind,
    bool all_day, struct ics_part *part)
{
	const char *name = icalproperty_kind_to_string(kind);
	day_t *days = talloc_array(r->ics, day_t, 0);
	size_t count = 0;

	must(days != NULL);
	for (icalproperty *p = icalcomponent_get_first_property(c, kind); p != NULL;
	    p = icalcomponent_get_next_property(c, kind)) {
		struct icaltimetype t;
		struct when when;

		if (kind == ICAL_EXDATE_PROPERTY) {
			t = icalproperty_get_exdate(p);
		} else {
			const struct icaldatetimeperiodtype d = icalproperty_get_rdate(p);

			if (!icalperiodtype_is_null_period(d.period))
				return refuse(r, "%s: periods are not taken", name);
			t = d.time;
		}
		if (!when_read(r, p, t, &when))
			return false;
		if (when.is_date != all_day || when.minute != part->minute)
			return refuse(r, "%s must be of the form and time of DTSTART", name);
		if (count == ICS_DATES_MAX)
			return refuse(r, "%s: too many dates", name);
		days = talloc_realloc(r->ics, days, day_t, (unsigned)count + 1);
		must(days != NULL);
		days[count++] = when.day;
	}
	qsort(days, count, sizeof(*days), compare_days);
	if (kind == ICAL_EXDATE_PROPERTY) {
		part->removed = days;
		part->removed_count = count;
	} else {
		part->added = days;
		part->added_count = count;
	}
	return true;
}

/* --- components ------------------------------------------------------------- */

/* Fixes `where`, and refuses lines that libical could not read. */
static bool component_begin(struct reader *r, icalcomponent *c)
{
	const char *kind = icalcomponent_kind_to_string(icalcomponent_isa(c));
	icalproperty *p = icalcomponent_get_first_property(c, ICAL_XLICERROR_PROPERTY);
	const char *uid = icalcomponent_get_uid(c);

	r->where = talloc_asprintf(r->ics, "%s %.80s", kind == NULL ? "component" : kind,
	    uid == NULL ? "" : uid);
	must(r->where != NULL);
	if (p != NULL) {
		const char *text = icalproperty_get_xlicerror(p);

		return refuse(r, "%.200s", text == NULL ? "a line is not iCalendar" : text);
	}
	if (icalcomponent_isa(c) == ICAL_VCALENDAR_COMPONENT)
		return true;
	if (uid == NULL || icalcomponent_get_first_property(c, ICAL_DTSTAMP_PROPERTY) == NULL)
		return refuse(r, "%s must be there (RFC 5545)", "UID and DTSTAMP");
	if (icalcomponent_get_first_property(c, ICAL_EXRULE_PROPERTY) != NULL ||
	    icalcomponent_get_first_property(c, ICAL_RECURRENCEID_PROPERTY) != NULL)
		return refuse(r, "%s are not taken", "EXRULE and RECURRENCE-ID");
	return true;
}

static bool is_cancelled(icalcomponent *c)
{
	icalproperty *p = icalcomponent_get_first_property(c, ICAL_STATUS_PROPERTY);

	return p != NULL && icalproperty_get_status(p) == ICAL_STATUS_CANCELLED;
}

/* Minutes from the start to the end; 0 and an error when there is none. */
static int length_read(struct reader *r, icalcomponent *c, const struct when *start)
{
	icalproperty *end = only(r, c, ICAL_DTEND_PROPERTY);
	icalproperty *duration = only(r, c, ICAL_DURATION_PROPERTY);
	int64_t minutes = start->is_date ? 1440 : 0;
	struct when to;

	if (end != NULL && duration != NULL)
		refuse(r, "%s: give one of them", "DTEND and DURATION");
	if (err_is_set(r->err))
		return 0;
	if (end != NULL) {
		if (!when_read(r, end, icalproperty_get_dtend(end), &to))
			return 0;
		if (to.is_date != start->is_date || to.is_utc != start->is_utc)
			return refuse(r, "%s must be of the form of DTSTART", "DTEND");
		minutes = ((int64_t)to.day - start->day) * 1440 + to.minute - start->minute;
	} else if (duration != NULL) {
		const struct icaldurationtype d = icalproperty_get_duration(duration);

		if (d.is_neg || d.seconds != 0 || d.weeks > 10 || d.days > 100 ||
		    d.hours > 2000 || d.minutes > 100000 ||
		    (start->is_date && (d.hours != 0 || d.minutes != 0)))
			return refuse(r, "%s is not a length that fits DTSTART", "DURATION");
		minutes = ((int64_t)d.weeks * 7 + d.days) * 1440 +
		    (int64_t)d.hours * 60 + d.minutes;
		if (!edge_is_safe((int)((start->minute + minutes) % 1440)))
			return refuse(r, "%s ends from 01:00 to 04:00, where clocks are "
			    "changed; choose another edge", "DURATION");
	}
	if (minutes < 1 || minutes > ICS_SPAN_DAYS_MAX * 1440)
		return refuse(r, "%s: the end must come after the start, at most %d days "
		    "later", "DTEND", ICS_SPAN_DAYS_MAX);
	return (int)minutes;
}

/* HOLIDAY or AS-SUNDAY; a part of a day need not say what day it makes.  The
 * words in calendars of others mean other things. */
static bool kind_read(struct reader *r, icalcomponent *c, bool all_day,
    struct ics_part *part)
{
	icalproperty *p = r->closed_days ? NULL : only(r, c, ICAL_CATEGORIES_PROPERTY);
	const char *word = p == NULL ? "" : icalproperty_get_categories(p);

	if (err_is_set(r->err))
		return false;
	part->kind = r->closed_days && all_day ? CALENDAR_CLOSED : CALENDAR_ORDINARY;
	if (r->closed_days)
		return true;
	if (strcmp(word, "HOLIDAY") == 0)
		part->kind = CALENDAR_HOLIDAY;
	else if (strcmp(word, "AS-SUNDAY") == 0)
		part->kind = CALENDAR_AS_SUNDAY;
	else if (all_day)
		return refuse(r, "%s: a whole day must say HOLIDAY or AS-SUNDAY", "CATEGORIES");
	return true;
}

/* Room for one part more; NULL and an error where there are too many. */
static struct ics_part *part_add(struct reader *r)
{
	struct ics *ics = r->ics;

	if (ics->part_count == ICS_PARTS_MAX) {
		refuse(r, "%s: more than %d of them", "AVAILABLE, VEVENT", ICS_PARTS_MAX);
		return NULL;
	}
	if (ics->part_count == r->part_room) {
		r->part_room = r->part_room == 0 ? 32 : r->part_room * 2;
		ics->parts = talloc_realloc(ics, ics->parts, struct ics_part,
		    (unsigned)r->part_room);
		must(ics->parts != NULL);
	}
	return &ics->parts[ics->part_count];
}

static bool part_read(struct reader *r, icalcomponent *c, bool busy, int scope)
{
	struct ics_part *part;
	icalproperty *p;
	struct when start;

	if (!component_begin(r, c))
		return false;
	if (is_cancelled(c))
		return r->closed_days || refuse(r, "%s; remove it", "is cancelled");
	part = part_add(r);
	if (part == NULL)
		return false;
	*part = (struct ics_part){ .busy = busy, .scope = scope };
	p = only(r, c, ICAL_DTSTART_PROPERTY);
	if (p == NULL)
		return refuse(r, "%s is missing", "DTSTART");
	if (err_is_set(r->err) || !when_read(r, p, icalproperty_get_dtstart(p), &start))
		return false;
	if (!busy && start.is_date)
		return refuse(r, "%s must have a time", "DTSTART");
	part->first = start.day;
	part->minute = start.minute;
	part->minutes = length_read(r, c, &start);
	if (part->minutes == 0 || (busy && !kind_read(r, c, start.is_date, part)))
		return false;
	p = icalcomponent_get_first_property(c, ICAL_SUMMARY_PROPERTY);
	part->name = talloc_strdup(r->ics, p == NULL ? "" : icalproperty_get_summary(p));
	must(part->name != NULL);
	if (!rule_read(r, c, start.is_date, part) ||
	    !dates_read(r, c, ICAL_RDATE_PROPERTY, start.is_date, part) ||
	    !dates_read(r, c, ICAL_EXDATE_PROPERTY, start.is_date, part))
		return false;
	r->ics->part_count++;
	return true;
}

static bool bound_read(struct reader *r, icalcomponent *c, icalproperty_kind kind,
    day_t *day, int *minute)
{
	icalproperty *p = only(r, c, kind);
	struct when when;

	if (p == NULL || err_is_set(r->err))
		return !err_is_set(r->err);
	if (!when_read(r, p, kind == ICAL_DTSTART_PROPERTY ? icalproperty_get_dtstart(p)
	    : icalproperty_get_dtend(p), &when))
		return false;
	if (when.is_date)
		return refuse(r, "%s must have a time", icalproperty_kind_to_string(kind));
	*day = when.day;
	*minute = when.minute;
	return true;
}

static bool scope_read(struct reader *r, icalcomponent *c)
{
	const int number = (int)r->ics->scope_count;
	struct ics_scope *s;

	if (!component_begin(r, c))
		return false;
	if (is_cancelled(c))
		return refuse(r, "%s; remove it", "is cancelled");
	if (number == ICS_SCOPES_MAX)
		return refuse(r, "%s: too many", "VAVAILABILITY");
	if (icalcomponent_get_first_property(c, ICAL_DURATION_PROPERTY) != NULL)
		return refuse(r, "%s is not taken; give DTEND", "DURATION");
	s = &r->ics->scopes[r->ics->scope_count++];
	*s = (struct ics_scope){ .from_day = INT32_MIN, .to_day = INT32_MAX };
	if (!bound_read(r, c, ICAL_DTSTART_PROPERTY, &s->from_day, &s->from_minute) ||
	    !bound_read(r, c, ICAL_DTEND_PROPERTY, &s->to_day, &s->to_minute))
		return false;
	for (icalcomponent *in = icalcomponent_get_first_component(c, ICAL_ANY_COMPONENT);
	    in != NULL; in = icalcomponent_get_next_component(c, ICAL_ANY_COMPONENT)) {
		if (icalcomponent_isa(in) != ICAL_XAVAILABLE_COMPONENT)
			return refuse(r, "only %s may stand inside", "AVAILABLE");
		if (!part_read(r, in, false, number))
			return false;
	}
	return true;
}

static bool calendar_read(struct reader *r, icalcomponent *root)
{
	const size_t parts_before = r->ics->part_count;

	if (icalcomponent_isa(root) != ICAL_VCALENDAR_COMPONENT)
		return refuse(r, "%s must be the outermost component", "VCALENDAR");
	if (!component_begin(r, root))
		return false;
	for (icalcomponent *c = icalcomponent_get_first_component(root, ICAL_ANY_COMPONENT);
	    c != NULL; c = icalcomponent_get_next_component(root, ICAL_ANY_COMPONENT)) {
		const icalcomponent_kind kind = icalcomponent_isa(c);
		bool ok;

		/* zones are the system's own, whatever the file says of them */
		if (kind == ICAL_VTIMEZONE_COMPONENT)
			continue;
		if (kind == ICAL_VEVENT_COMPONENT)
			ok = part_read(r, c, true, -1);
		else if (kind == ICAL_VAVAILABILITY_COMPONENT && !r->closed_days)
			ok = scope_read(r, c);
		else
			ok = refuse(r, "only %s are taken", r->closed_days ? "VEVENT"
			    : "VAVAILABILITY and VEVENT");
		if (!ok)
			return false;
	}
	r->where = "VCALENDAR";
	if (r->closed_days)
		return r->ics->part_count > parts_before ||
		    refuse(r, "%s: no day is closed", "no VEVENT");
	return r->ics->scope_count > 0 ||
	    refuse(r, "%s: no contact hours are given", "no VAVAILABILITY");
}

/* One VCALENDAR, or several behind each other: hours first. */
static bool stream_read(struct reader *r, icalcomponent *root)
{
	if (icalcomponent_isa(root) != ICAL_XROOT_COMPONENT)
		return calendar_read(r, root);
	for (icalcomponent *c = icalcomponent_get_first_component(root, ICAL_ANY_COMPONENT);
	    c != NULL; c = icalcomponent_get_next_component(root, ICAL_ANY_COMPONENT)) {
		if (!calendar_read(r, c))
			return false;
		r->closed_days = true;
	}
	return true;
}

struct ics *ics_read(void *ctx, const char *name, const char *text, size_t len,
    enum ics_content content, struct err *err)
{
	struct err own = { 0 };
	struct reader r = { .file = name, .err = &own, .where = "file",
	    .closed_days = content == ICS_CLOSED_DAYS };
	icalcomponent *root = NULL;
	char *copy;

	r.ics = talloc_zero(ctx, struct ics);
	must(r.ics != NULL);
	r.ics->scopes = talloc_zero_array(r.ics, struct ics_scope, ICS_SCOPES_MAX);
	copy = talloc_strndup(r.ics, text, len);
	must(r.ics->scopes != NULL && copy != NULL);
	if (len > CALENDAR_FILE_BYTES_MAX)
		refuse(&r, "larger than %s", "1 MiB");
	else if (memchr(text, '\0', len) != NULL)
		refuse(&r, "holds a %s byte", "zero");
	else if ((root = icalparser_parse_string(copy)) == NULL)
		refuse(&r, "%s: is not an iCalendar, or its end is missing", "VCALENDAR");
	else
		(void)stream_read(&r, root);
	if (root != NULL)
		icalcomponent_free(root);
	if (!err_is_set(&own))
		return r.ics;
	err_set(err, own.kind, "%s", own.text);
	talloc_free(r.ics);
	return NULL;
}
