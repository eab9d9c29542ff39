/* calendar.c - see calendar.h.  The parts of the file become one entry a day;
 * days alike share their windows.
 */
#include "gate/calendar.h"

#include <limits.h>
#include <string.h>

#include <talloc.h>

#include "base/err.h"
#include "base/must.h"
#include "base/zone.h"
#include "gate/ics.h"

#define MINUTES_PER_DAY 1440
#define MINUTE_WORDS 23			/* of 64 bits: 1440 and some idle */
#define PATTERNS_MAX 512

/* A set of minutes of one day. */
struct minutes {
	uint64_t	bit[MINUTE_WORDS];
};

struct pattern {
	struct calendar_window	windows[CALENDAR_WINDOWS_PER_DAY_MAX];
	uint32_t		count;
};

struct entry {
	uint16_t	pattern;
	uint8_t		kind;		/* enum calendar_kind */
	uint8_t		idle;
	uint16_t	name;		/* index + 1, 0 for none */
};

struct calendar {
	const struct zone *zone;	/* NULL: local times */
	day_t		 first;
	day_t		 count;
	struct entry	*entries;
	struct pattern	*patterns;
	size_t		 pattern_count;
	const char	**names;	/* by part */
};

/* --- sets of minutes -------------------------------------------------------- */

static void minutes_add(struct minutes *m, int64_t from, int64_t to)
{
	if (from < 0)
		from = 0;
	if (to > MINUTES_PER_DAY)
		to = MINUTES_PER_DAY;
	while (from < to) {
		const int64_t word = from / 64, end = (word + 1) * 64 < to ? (word + 1) * 64 : to;
		const int64_t bits = end - from;
		const uint64_t ones = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;

		m->bit[word] |= ones << (from - word * 64);
		from = end;
	}
}

static bool minutes_has(const struct minutes *m, int minute)
{
	return m->bit[minute / 64] >> (minute % 64) & 1;
}

/* False when there are more windows than a day may have. */
static bool minutes_windows(const struct minutes *m, struct pattern *out)
{
	int minute = 0;

	*out = (struct pattern){ 0 };
	while (minute < MINUTES_PER_DAY) {
		int from;

		if (m->bit[minute / 64] >> (minute % 64) == 0) {
			minute = (minute / 64 + 1) * 64;
			continue;
		}
		while (!minutes_has(m, minute))
			minute++;
		from = minute;
		while (minute < MINUTES_PER_DAY && minutes_has(m, minute))
			minute++;
		if (out->count == CALENDAR_WINDOWS_PER_DAY_MAX)
			return false;
		out->windows[out->count++] = (struct calendar_window){ (uint16_t)from,
		    (uint16_t)minute };
	}
	return true;
}

/* --- compiling -------------------------------------------------------------- */

struct compiler {
	const struct ics	*ics;
	struct calendar		*cal;
	uint64_t		*starts;	/* by part: bit k, k days ago */
};

/* Minutes of a day that the occurrences of a part cover. */
static void part_minutes(const struct ics_part *p, uint64_t starts, struct minutes *m)
{
	for (int ago = 0; starts >> ago != 0; ago++) {
		const int64_t from = p->minute - (int64_t)ago * MINUTES_PER_DAY;

		if (starts >> ago & 1)
			minutes_add(m, from, from + p->minutes);
		if (ago == 63)
			break;
	}
}

static bool minutes_any(const struct minutes *m)
{
	for (int i = 0; i < MINUTE_WORDS; i++)
		if (m->bit[i] != 0)
			return true;
	return false;
}

/* The strictest scope wins; a minute of which none speaks is closed. */
static struct minutes open_minutes(const struct compiler *c, day_t day)
{
	struct minutes spoken = { 0 }, denied = { 0 };

	for (size_t s = 0; s < c->ics->scope_count; s++) {
		const struct ics_scope *scope = &c->ics->scopes[s];
		struct minutes speaks = { 0 }, open = { 0 };

		if (day < scope->from_day || day > scope->to_day)
			continue;
		minutes_add(&speaks, day == scope->from_day ? scope->from_minute : 0,
		    day == scope->to_day ? scope->to_minute : MINUTES_PER_DAY);
		for (size_t i = 0; i < c->ics->part_count; i++)
			if (!c->ics->parts[i].busy && c->ics->parts[i].scope == (int)s)
				part_minutes(&c->ics->parts[i], c->starts[i], &open);
		for (int i = 0; i < MINUTE_WORDS; i++) {
			spoken.bit[i] |= speaks.bit[i];
			denied.bit[i] |= speaks.bit[i] & ~open.bit[i];
		}
	}
	for (int i = 0; i < MINUTE_WORDS; i++)
		spoken.bit[i] &= ~denied.bit[i];
	return spoken;
}

/* Takes the events of a day away, and notes which of them weighs most. */
static void close_minutes(const struct compiler *c, struct minutes *open, struct entry *e)
{
	static const int weights[] = { [CALENDAR_ORDINARY] = 1, [CALENDAR_AS_SUNDAY] = 2,
	    [CALENDAR_HOLIDAY] = 3 };
	int weight = 0;

	for (size_t i = 0; i < c->ics->part_count; i++) {
		const struct ics_part *p = &c->ics->parts[i];
		struct minutes closed = { 0 };

		if (!p->busy || c->starts[i] == 0)
			continue;
		part_minutes(p, c->starts[i], &closed);
		if (!minutes_any(&closed))
			continue;
		for (int k = 0; k < MINUTE_WORDS; k++)
			open->bit[k] &= ~closed.bit[k];
		if (weights[p->kind] > weight) {
			weight = weights[p->kind];
			e->kind = (uint8_t)p->kind;
			e->name = (uint16_t)(i + 1);
		}
	}
}

static bool pattern_find(struct calendar *cal, const struct pattern *wanted, uint16_t *out)
{
	for (size_t i = 0; i < cal->pattern_count; i++) {
		if (memcmp(&cal->patterns[i], wanted, sizeof(*wanted)) == 0) {
			*out = (uint16_t)i;
			return true;
		}
	}
	if (cal->pattern_count == PATTERNS_MAX)
		return false;
	cal->patterns[cal->pattern_count] = *wanted;
	*out = (uint16_t)cal->pattern_count++;
	return true;
}

static bool compile(struct compiler *c, const char *name, struct err *err)
{
	struct calendar *cal = c->cal;

	for (day_t day = cal->first - ICS_SPAN_DAYS_MAX; day < cal->first + cal->count; day++) {
		struct entry *e;
		struct minutes open;
		struct pattern pattern;

		for (size_t i = 0; i < c->ics->part_count; i++) {
			const struct ics_part *p = &c->ics->parts[i];
			const int reach = (p->minute + p->minutes - 1) / MINUTES_PER_DAY;

			c->starts[i] = (c->starts[i] << 1) & ((UINT64_C(2) << reach) - 1);
			c->starts[i] |= ics_part_starts(p, day);
		}
		if (day < cal->first)
			continue;
		e = &cal->entries[day - cal->first];
		open = open_minutes(c, day);
		close_minutes(c, &open, e);
		if (!minutes_windows(&open, &pattern) ||
		    !pattern_find(cal, &pattern, &e->pattern))
			return err_set(err, ERR_INPUT, "%s: more windows than this table "
			    "holds; use fewer and plainer ones", name);
	}
	return true;
}

struct calendar *calendar_parse(void *ctx, const char *name, const char *text,
    size_t len, struct err *err)
{
	struct calendar *cal = talloc_zero(ctx, struct calendar);
	struct compiler c = { .cal = cal };
	bool ok = false;

	must(cal != NULL);
	c.ics = ics_read(cal, name, text, len, err);
	if (c.ics != NULL) {
		cal->first = day_from_ymd(CALENDAR_YEAR_FIRST, 1, 1);
		cal->count = day_from_ymd(CALENDAR_YEAR_LAST + 1, 1, 1) - cal->first;
		cal->entries = talloc_zero_array(cal, struct entry, (unsigned)cal->count);
		cal->patterns = talloc_zero_array(cal, struct pattern, PATTERNS_MAX);
		cal->names = talloc_array(cal, const char *, (unsigned)c.ics->part_count);
		c.starts = talloc_zero_array(cal, uint64_t, (unsigned)c.ics->part_count);
		must(cal->entries != NULL && cal->patterns != NULL && cal->names != NULL &&
		    c.starts != NULL);
		for (size_t i = 0; i < c.ics->part_count; i++)
			cal->names[i] = talloc_strdup(cal, c.ics->parts[i].name);
		if (c.ics->zone != NULL)
			cal->zone = zone_find(c.ics->zone, NULL);
		ok = compile(&c, name, err);
		talloc_free(c.starts);
		talloc_free((void *)(uintptr_t)c.ics);
	}
	if (!ok) {
		talloc_free(cal);
		return NULL;
	}
	return cal;
}

/* --- questions -------------------------------------------------------------- */

static const struct entry *entry_of(const struct calendar *cal, day_t day)
{
	if (day < cal->first || day >= cal->first + cal->count)
		return NULL;
	return &cal->entries[day - cal->first];
}

size_t calendar_windows(const struct calendar *cal, day_t day,
    const struct calendar_window **out)
{
	const struct entry *e = entry_of(cal, day);

	*out = e == NULL ? NULL : cal->patterns[e->pattern].windows;
	return e == NULL ? 0 : cal->patterns[e->pattern].count;
}

enum calendar_kind calendar_kind(const struct calendar *cal, day_t day)
{
	const struct entry *e = entry_of(cal, day);

	return e == NULL ? CALENDAR_ORDINARY : (enum calendar_kind)e->kind;
}

const char *calendar_event_name(const struct calendar *cal, day_t day)
{
	const struct entry *e = entry_of(cal, day);

	return e == NULL || e->name == 0 ? "" : cal->names[e->name - 1];
}

bool calendar_is_closed_day(const struct calendar *cal, day_t day)
{
	return calendar_kind(cal, day) != CALENDAR_ORDINARY;
}

bool calendar_is_bank_day(const struct calendar *cal, day_t day)
{
	return day_weekday(day) <= 5 && !calendar_is_closed_day(cal, day);
}

const struct zone *calendar_zone(const struct calendar *cal)
{
	return cal->zone;
}
